"""Word documents: a package rebuilt from the text, its formatting and cleaned pictures."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from events.documents import pictures
from events.documents.archives import pack
from events.documents.docx_names import (
    ATTRIBUTES,
    BUILT_IN_STYLES,
    COMPATIBILITY,
    COUNTING_FIELDS,
    KEPT,
    NAMESPACES,
    OBJECTS,
    PACKAGE,
    TEXT_FIELDS,
    UNDERSTOOD,
    UNWRAPPED,
    WITH_TEXT,
)
from events.documents.docx_package import (
    CONTENT_TYPES,
    MAIN,
    RELATIONSHIPS,
    THEME,
    WORDML,
    Links,
    Package,
    Relationship,
)
from events.documents.formats import Format
from events.documents.markup import Element, elements_in, removed, serialised, unwrapped
from events.documents.refusal import Damaged, FileRefused, Uncleanable
from events.documents.web_addresses import web_address

PICTURE_URI, SHAPE_URI, GROUP_URI = (NAMESPACES[prefix] for prefix in ("pic", "wps", "wpg"))
PROPERTIES_KEPT = {"title", "subject", "Abstract", "category", "contentStatus", "PublishDate"}
"""Properties of the file that may be shown in its text, because they name no person."""

FILE_NAME = re.compile(
    r"[A-Za-z]:\\|\\\\|://|\.(?:jpe?g|png|gif|bmp|tiff?|webp|emf|wmf|svg|heic|pdf)\s*$", re.IGNORECASE
)
"""Older programs write the name and path of a picture where its description belongs."""

REVISIONS = ("ins", "del", "moveFrom", "moveTo")
FALSE = {"0", "false", "off"}


def w(name: str) -> str:
    return f"{{{NAMESPACES['w']}}}{name}"


def r(name: str) -> str:
    return f"{{{NAMESPACES['r']}}}{name}"


def a(name: str) -> str:
    return f"{{{NAMESPACES['a']}}}{name}"


def is_on(element: Element | None) -> bool:
    """Whether an on/off property such as w:vanish is present and not switched off."""
    return element is not None and element.get(w("val"), "1") not in FALSE


class Cleaner:
    """The conversion of one document from a package to a clean one."""

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        self.removed: Counter[str] = Counter()
        self.parts: dict[str, bytes] = {}
        self.overrides: dict[str, str] = {}
        self.pictures: dict[tuple[str, pictures.Crop], str] = {}
        self.stories: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self.styles: dict[str, str] = {}
        self.hidden_styles: set[str] = set()
        self.anchors: set[str] = set()

    def clean(self) -> bytes:
        main = self.package.relationships(self.package.main)
        by_kind: dict[str, str] = {}
        for each in main.values():
            if not each.is_outside and each.target in self.package.parts:
                by_kind.setdefault(each.kind, each.target)
        self._count_what_stays_behind(main)
        for name in self.package.parts:
            if name.endswith(".xml") and name != CONTENT_TYPES:
                self.anchors |= {each.get(w("anchor"), "") for each in self.package.root(name).iter(w("hyperlink"))}
        links = Links()
        styles = self._styles(by_kind.get("styles"))
        self._story(self.package.main, "word/document.xml", "document.main", links=links)
        for kind in ("footnotes", "endnotes"):
            if kind in by_kind:
                self._story(by_kind[kind], f"word/{kind}.xml", kind)
                links.add(kind, f"{kind}.xml")
        if styles is not None:
            self._put("word/styles.xml", styles, WORDML.format("styles"))
            links.add("styles", "styles.xml")
        if "numbering" in by_kind:
            numbering = self._rebuilt_root(self.package.root(by_kind["numbering"]), Story(by_kind["numbering"]))
            self._put("word/numbering.xml", numbering, WORDML.format("numbering"))
            links.add("numbering", "numbering.xml")
        if "theme" in by_kind:
            self._put("word/theme/theme1.xml", self._theme(by_kind["theme"]), THEME)
            links.add("theme", "theme/theme1.xml")
        self._put("word/settings.xml", self._settings(by_kind.get("settings")), WORDML.format("settings"))
        links.add("settings", "settings.xml")
        self.parts["word/_rels/document.xml.rels"] = links.written()
        start = Links()
        start.add("officeDocument", "word/document.xml")
        first = {CONTENT_TYPES: self._content_types(), "_rels/.rels": start.written()}
        return pack([*first.items(), *sorted(self.parts.items())])

    # The package

    def _put(self, name: str, root: Element, content_type: str) -> None:
        self.parts[name] = serialised(root)
        self.overrides[name] = content_type

    def _content_types(self) -> bytes:
        root = etree.Element(f"{{{PACKAGE}content-types}}Types", nsmap={None: f"{PACKAGE}content-types"})
        for extension, kind in {
            "rels": RELATIONSHIPS,
            "xml": "application/xml",
            "jpeg": "image/jpeg",
            "png": "image/png",
        }.items():
            etree.SubElement(root, f"{{{PACKAGE}content-types}}Default", {"Extension": extension, "ContentType": kind})
        for name, kind in sorted(self.overrides.items()):
            etree.SubElement(root, f"{{{PACKAGE}content-types}}Override", {"PartName": f"/{name}", "ContentType": kind})
        return serialised(root)

    def _count_what_stays_behind(self, main: dict[str, Relationship]) -> None:
        kinds = Counter(each.kind for each in [*main.values(), *self.package.relationships("").values()])
        self.removed["properties"] += sum(
            kinds[kind] for kind in ("core-properties", "extended-properties", "custom-properties")
        )
        self.removed["thumbnail"] += kinds["thumbnail"]
        self.removed["own_data"] += kinds["customXml"] + kinds["glossaryDocument"]
        self.removed["settings"] += kinds["webSettings"] + kinds["printerSettings"]
        for each in main.values():
            if each.kind == "comments" and each.target in self.package.parts:
                self.removed["comments"] += sum(1 for _each in self.package.root(each.target).iter(w("comment")))
            if each.kind == "settings":
                settings = self.package.relationships(each.target)
                self.removed["template"] += sum(1 for each in settings.values() if each.is_outside)

    # Styles, theme, settings

    def _styles(self, part: str | None) -> Element | None:
        if part is None:
            return None
        root = self.package.root(part)
        parents: dict[str, str] = {}
        hidden = set()
        for style in root.iter(w("style")):
            identifier = style.get(w("styleId"), "")
            name_element = style.find(w("name"))
            name = name_element.get(w("val"), "") if name_element is not None else ""
            if name.lower() in BUILT_IN_STYLES:
                new = "".join(word[:1].upper() + word[1:] for word in name.split())
            else:
                self.counts["style"] += 1
                self.removed["names"] += 1
                new = f"Style{self.counts['style']}"
                if name_element is not None:
                    name_element.set(w("val"), f"Style {self.counts['style']}")
            self.styles[identifier] = new
            based_on = style.find(w("basedOn"))
            parents[identifier] = based_on.get(w("val"), "") if based_on is not None else ""
            if any(is_on(each) for each in style.iterfind(f"{w('rPr')}/{w('vanish')}")):
                hidden.add(identifier)
        for identifier in parents:
            at, seen = identifier, set()
            while at and at not in seen:
                if at in hidden:
                    self.hidden_styles.add(identifier)
                seen.add(at)
                at = parents.get(at, "")
        return self._rebuilt_root(root, Story(part))

    def _theme(self, part: str) -> Element:
        root = self.package.root(part)
        for fill in elements_in(root, a("blipFill")):
            # A theme may contain background pictures, which a text document does not show.
            fill.getparent().replace(fill, etree.Element(a("noFill")))
        return self._rebuilt_root(root, Story(part))

    def _settings(self, part: str | None) -> Element:
        kept = {
            *("evenAndOddHeaders", "mirrorMargins", "gutterAtTop", "defaultTabStop", "autoHyphenation", "compat"),
            *("characterSpacingControl", "footnotePr", "endnotePr", "decimalSymbol", "listSeparator", "themeFontLang"),
            "displayBackgroundShape",
        }
        root = self.package.root(part) if part else etree.Element(w("settings"))
        self.removed["own_data"] += sum(1 for _each in root.iter(w("docVar")))
        self.removed["marks"] += sum(1 for _each in root.iter(w("rsid")))
        for child in list(root):
            if child.tag not in {w(name) for name in kept}:
                root.remove(child)
        for each in elements_in(root, w("compatSetting")):
            if each.get(w("uri")) != "http://schemas.microsoft.com/office/word":
                removed(each)
        return self._rebuilt_root(root, Story(part or ""))

    # Stories: the text, headers, footers and notes

    def _story(self, part: str, name: str, kind: str, *, links: "Links | None" = None) -> None:
        root = self.package.root(part)
        story = Story(part, self.package.relationships(part), links if links is not None else Links())
        self._choose_alternatives(root)
        self._accept_changes(root)
        self._settle_fields(root, story)
        self._drop_hidden(root)
        self._settle_controls(root)
        self._rename_marks(root)
        self._put(name, self._rebuilt_root(root, story), MAIN if kind == "document.main" else WORDML.format(kind))
        if links is None and story.links.rows:
            self.parts[f"word/_rels/{posixpath.basename(name)}.rels"] = story.links.written()

    def _choose_alternatives(self, root: Element) -> None:
        """Of several alternatives of a drawing, keeps the first that is understood here."""
        choice, fallback = f"{{{COMPATIBILITY}}}Choice", f"{{{COMPATIBILITY}}}Fallback"
        for alternatives in elements_in(root, f"{{{COMPATIBILITY}}}AlternateContent"):
            chosen = None
            for each in alternatives:
                needs = {each.nsmap.get(prefix) for prefix in each.get("Requires", "").split()}
                if (each.tag == choice and needs <= UNDERSTOOD) or each.tag == fallback:
                    chosen = each
                    break
            for each in list(alternatives):
                if each is not chosen:
                    alternatives.remove(each)
            if chosen is not None:
                unwrapped(chosen)
            unwrapped(alternatives)

    def _accept_changes(self, root: Element) -> None:
        """Keeps insertions, drops deletions, and removes all revision marks."""
        for name in REVISIONS:
            self.removed["tracked_changes"] += sum(1 for _each in root.iter(w(name)))
        for row in elements_in(root, w("tr")):
            if row.find(f"{w('trPr')}/{w('del')}") is not None:
                removed(row)
        for cell in elements_in(root, w("tc")):
            if cell.find(f"{w('tcPr')}/{w('cellDel')}") is not None:
                removed(cell)
        for table in elements_in(root, w("tbl")):
            if table.find(w("tr")) is None:
                removed(table)
        deleted_marks = [
            paragraph
            for paragraph in elements_in(root, w("p"))
            for name in ("del", "moveFrom")
            if paragraph.find(f"{w('pPr')}/{w('rPr')}/{w(name)}") is not None
        ]
        for name in ("del", "moveFrom"):
            for change in elements_in(root, w(name)):
                removed(change)
        for change in elements_in(root, w("ins"), w("moveTo")):
            if change.getparent().tag in (w("rPr"), w("trPr"), w("numPr"), f"{{{NAMESPACES['m']}}}ctrlPr"):
                removed(change)
            else:
                unwrapped(change)
        for paragraph in deleted_marks:
            self._join_with_next(paragraph)

    def _join_with_next(self, paragraph: Element) -> None:
        """Merges `paragraph` with the next one, because its paragraph mark was deleted."""
        if paragraph.getparent() is None:
            return
        following = paragraph.getnext()
        while following is not None and following.tag in (w("bookmarkStart"), w("bookmarkEnd")):
            following = following.getnext()
        content = [child for child in paragraph if child.tag != w("pPr")]
        if following is not None and following.tag == w("p"):
            at = 1 if following.find(w("pPr")) is not None else 0
            for offset, child in enumerate(content):
                following.insert(at + offset, child)
            removed(paragraph)
        elif not any(child.tag == w("r") for child in content) and paragraph.getparent().tag == w("body"):
            removed(paragraph)

    def _settle_fields(self, root: Element, story: "Story") -> None:
        for field in elements_in(root, w("fldSimple")):
            kind = _field_kind(field.get(w("instr"), ""))
            if kind in COUNTING_FIELDS:
                field.set(w("instr"), kind)
                continue
            self._count_field(kind)
            if kind in TEXT_FIELDS:
                unwrapped(field)
            else:
                removed(field)
        self._settle_field_runs(root, story)

    def _count_field(self, kind: str) -> None:
        self.removed["frozen_fields" if kind in TEXT_FIELDS else "fields"] += 1

    def _settle_field_runs(self, root: Element, story: "Story") -> None:
        """Replaces fields that are spread over runs: begin, instruction, separator, result, end."""
        open_fields: list[Field] = []
        for run in list(root.iter(w("r"))):
            for child in list(run):
                if child.tag == w("fldChar"):
                    kind = child.get(w("fldCharType"))
                    if kind == "begin":
                        open_fields.append(Field(run))
                    elif kind == "separate" and open_fields:
                        open_fields[-1].is_in_result = True
                    elif kind == "end" and open_fields:
                        self._finish(open_fields.pop(), run, story)
                    run.remove(child)
                elif child.tag in (w("instrText"), w("delInstrText")):
                    if open_fields and not open_fields[-1].is_in_result:
                        open_fields[-1].instruction += child.text or ""
                    run.remove(child)
                elif child.tag != w("rPr") and open_fields:
                    if not all(field.is_in_result for field in open_fields):
                        run.remove(child)  # a word of an instruction
                    else:
                        for field in open_fields:
                            field.result.append(child)
        if open_fields:
            raise Damaged("damaged", format="DOCX", part=f"{story.part}: field without an end")

    def _finish(self, field: "Field", last: Element, story: "Story") -> None:
        kind = _field_kind(field.instruction)
        if kind in COUNTING_FIELDS:
            self._drop(field.result)
            counting = etree.Element(w("fldSimple"), {w("instr"): kind})
            run = etree.SubElement(counting, w("r"))
            properties = field.begin.find(w("rPr"))
            if properties is not None:
                run.append(etree.fromstring(etree.tostring(properties)))
            etree.SubElement(run, w("t")).text = "1"
            field.begin.addnext(counting)
            return
        self._count_field(kind)
        if kind not in TEXT_FIELDS:
            self._drop(field.result)
            return
        address = re.match(r'\s*HYPERLINK\s+"?([^"\s]+)', field.instruction)
        target = web_address(address[1]) if address else None
        if kind == "HYPERLINK" and target and field.begin.getparent() is last.getparent():
            self._link_between(field.begin, last, story.links.add("hyperlink", target, is_outside=True))
            self.removed["frozen_fields"] -= 1

    def _link_between(self, first: Element, last: Element, identifier: str) -> None:
        """Puts the content between two runs into a link."""
        link = etree.Element(w("hyperlink"))
        link.set(f"{{{LINK_MADE}}}id", identifier)
        parent = first.getparent()
        start, end = parent.index(first), parent.index(last)
        between = list(parent)[start + 1 : end]
        for each in between:
            link.append(each)
        first.addnext(link)

    def _drop(self, content: list[Element]) -> None:
        for child in content:
            if child.getparent() is not None:
                child.getparent().remove(child)

    def _drop_hidden(self, root: Element) -> None:
        for row in elements_in(root, w("tr")):
            if is_on(row.find(f"{w('trPr')}/{w('hidden')}")):
                removed(row)
                self.removed["hidden_text"] += 1
        for run in elements_in(root, w("r")):
            if self._is_hidden(run):
                # A comment's reference mark is hidden too, and is not text.
                self.removed["hidden_text"] += any(child.tag in (w("t"), w("drawing")) for child in run)
                removed(run)
        for drawing in elements_in(root, w("drawing")):
            if any(each.get("hidden") in ("1", "true") for each in drawing.iter(f"{{{NAMESPACES['wp']}}}docPr")):
                self.removed["hidden_text"] += 1
                removed(drawing)

    def _is_hidden(self, run: Element) -> bool:
        properties = run.find(w("rPr"))
        if properties is not None:
            own = properties.find(w("vanish"))
            if own is None:
                own = properties.find(w("specVanish"))
            if own is not None:
                return is_on(own)
            style = properties.find(w("rStyle"))
            if style is not None and style.get(w("val")) in self.hidden_styles:
                return True
        paragraph = next(run.iterancestors(w("p")), None)
        style = paragraph.find(f"{w('pPr')}/{w('pStyle')}") if paragraph is not None else None
        return style is not None and style.get(w("val")) in self.hidden_styles

    def _settle_controls(self, root: Element) -> None:
        """Removes a control that shows a property of the file, such as its author, together with its content."""
        for control in elements_in(root, w("sdt")):
            binding = control.find(f"{w('sdtPr')}/{w('dataBinding')}")
            if binding is None:
                continue
            path = binding.get(w("xpath"), "")
            mappings = binding.get(w("prefixMappings"), "") + path
            is_of_the_file = "properties" in mappings.lower() or "coverpage" in mappings.lower()
            if is_of_the_file and re.sub(r"\[\d+\]$", "", path).rpartition(":")[2] not in PROPERTIES_KEPT:
                self.removed["fields"] += 1
                for content in control.iterfind(w("sdtContent")):
                    for text in list(content.iter(w("t"))):
                        text.text = ""

    def _rename_marks(self, root: Element) -> None:
        """Keeps only bookmarks that a link leads to, with new meaningless names."""
        for link in root.iter(w("hyperlink")):
            if link.get(w("anchor")):
                link.set(w("anchor"), self._mark(link.get(w("anchor"))))
        dropped = set()
        for start in elements_in(root, w("bookmarkStart")):
            name = start.get(w("name"), "")
            if name in self.anchors:
                start.set(w("name"), self._mark(name))
            else:
                self.removed["marks"] += 1
                dropped.add(start.get(w("id")))
                removed(start)
        for end in elements_in(root, w("bookmarkEnd")):
            if end.get(w("id")) in dropped:
                removed(end)

    def _mark(self, name: str) -> str:
        """The same name throughout the document: a link in a footnote may lead into the text."""
        key = f"mark {name}"
        if key not in self.stories:
            self.counts["mark"] += 1
            self.removed["marks"] += 1
            self.stories[key] = f"b{self.counts['mark']}"
        return self.stories[key]

    # Element by element

    def _rebuilt_root(self, root: Element, story: "Story") -> Element:
        made = self._rebuilt(root, story)
        if len(made) != 1:
            raise Damaged("damaged", format="DOCX", part=story.part)
        return made[0]

    def _rebuilt(self, element: Element, story: "Story") -> list[Element]:
        tag = element.tag
        if tag in OBJECTS:
            raise Uncleanable(OBJECTS[tag], part=story.part, what=etree.QName(tag).localname)
        if tag in UNWRAPPED:
            return [made for child in element for made in self._rebuilt(child, story)]
        if tag == w("hyperlink"):
            return self._hyperlink(element, story)
        is_name_of_list = tag == w("name") and element.getparent().tag != w("style")
        if tag not in KEPT or is_name_of_list:
            self._count_dropped(element)
            return []
        if tag == a("graphicData") and element.get("uri") not in (PICTURE_URI, SHAPE_URI, GROUP_URI):
            raise Uncleanable("embedded_object", part=story.part, what=(element.get("uri") or "").rpartition("/")[2])
        if tag in (w("headerReference"), w("footerReference")):
            return self._reference(element, story)
        new = etree.Element(tag, nsmap=NAMESPACES if element.getparent() is None else None)
        for name, value in element.attrib.items():
            if name in ATTRIBUTES:
                new.set(name, value)
        self._settle_attributes(element, new, story)
        if tag in WITH_TEXT:
            new.text = element.text
        if tag == a("custGeom"):
            _rename_guides(element)
        for child in element:
            if child.tag == a("srcRect") and tag in (
                f"{{{NAMESPACES['pic']}}}blipFill",
                a("blipFill"),
            ):
                continue  # the picture is cropped itself
            new.extend(self._rebuilt(child, story))
        return [new]

    def _count_dropped(self, element: Element) -> None:
        name = etree.QName(element).localname
        if name.endswith("Change") or name in ("cellIns", "cellMerge", "cellDel"):
            self.removed["tracked_changes"] += 1
        elif name in ("permStart", "permEnd", "docPartObj"):
            self.removed["own_data"] += 1

    def _settle_attributes(self, element: Element, new: Element, story: "Story") -> None:
        tag = element.tag
        local = etree.QName(tag).localname
        if local in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link", "numStyleLink", "styleLink"):
            value = element.get(w("val"), "")
            new.set(w("val"), self.styles.get(value, "Normal"))
        elif tag == w("style"):
            new.set(w("styleId"), self.styles[element.get(w("styleId"), "")])
        elif tag in (w("bookmarkStart"), w("bookmarkEnd")):
            number = story.marks.setdefault(element.get(w("id"), ""), len(story.marks))
            new.set(w("id"), str(number))
        elif local in ("docPr", "cNvPr"):
            self.counts["object"] += 1
            self.removed["names"] += bool(element.get("name"))
            new.set("id", str(self.counts["object"]))
            new.set("name", f"Picture {self.counts['object']}")
            for name in ("descr", "title"):
                described = element.get(name)
                if described and not FILE_NAME.search(described):
                    new.set(name, described)
        elif local in ("theme", "clrScheme", "fontScheme", "fmtScheme", "custClr") and "name" in new.attrib:
            new.set("name", "")
        elif tag == a("blip"):
            new.set(r("embed"), self._picture(element, story))
        elif tag == w("fldSimple"):
            new.set(w("instr"), element.get(w("instr")))
        elif r("id") in new.attrib:
            del new.attrib[r("id")]

    def _hyperlink(self, element: Element, story: "Story") -> list[Element]:
        content = [made for child in element for made in self._rebuilt(child, story)]
        new = etree.Element(w("hyperlink"))
        made_here = element.get(f"{{{LINK_MADE}}}id")
        relationship = story.relationships.get(element.get(r("id"), ""))
        target = web_address(relationship.target) if relationship is not None and relationship.is_outside else None
        if made_here:
            new.set(r("id"), made_here)
        elif target:
            new.set(r("id"), story.links.add("hyperlink", target, is_outside=True))
        elif relationship is None and element.get(w("anchor")):
            new.set(w("anchor"), element.get(w("anchor")))
        else:
            self.removed["links"] += 1
            return content
        new.extend(content)
        return [new]

    def _reference(self, element: Element, story: "Story") -> list[Element]:
        """The reference to a header or footer, which is cleaned when it is first found."""
        relationship = story.relationships.get(element.get(r("id"), ""))
        if relationship is None or relationship.is_outside or relationship.target not in self.package.parts:
            return []
        kind = "header" if element.tag == w("headerReference") else "footer"
        key = f"{kind} {relationship.target}"
        if key not in self.stories:
            self.counts[kind] += 1
            name = f"{kind}{self.counts[kind]}.xml"
            self.stories[key] = story.links.add(kind, name)
            self._story(relationship.target, f"word/{name}", kind)
        new = etree.Element(element.tag)
        new.set(w("type"), element.get(w("type"), "default"))
        new.set(r("id"), self.stories[key])
        return [new]

    def _picture(self, blip: Element, story: "Story") -> str:
        relationship = story.relationships.get(blip.get(r("embed"), ""))
        if relationship is None or relationship.is_outside:
            raise Uncleanable("picture_elsewhere", part=story.part)
        data = self.package.parts.get(relationship.target)
        if data is None:
            raise Damaged("damaged", format="DOCX", part=relationship.target)
        kind = pictures.kind_of(data)
        if kind not in (Format.JPEG, Format.PNG):
            raise Uncleanable("picture_of_other_kind", part=relationship.target)
        frame = blip.getparent().find(a("srcRect"))
        crop = _crop_of(frame)
        key = (relationship.target, crop)
        if key not in self.pictures:
            name = f"picture{len(self.pictures) + 1}.{kind.value}"
            self.parts[f"word/media/{name}"] = pictures.clean(data, relationship.target, self.removed, crop)
            self.pictures[key] = name
        return story.links.add("image", f"media/{self.pictures[key]}")


LINK_MADE = "urn:majlis:link"
"""Marks links that were made from fields, until they are written."""


class Story:
    """A part that is read, its relationships, and those of the part that is written."""

    def __init__(
        self, part: str, relationships: dict[str, Relationship] | None = None, links: "Links | None" = None
    ) -> None:
        self.part = part
        self.relationships = relationships or {}
        self.links = links if links is not None else Links()
        self.marks: dict[str, int] = {}


class Field:
    """A field whose end was not found yet."""

    def __init__(self, begin: Element) -> None:
        self.begin = begin
        self.instruction = ""
        self.is_in_result = False
        self.result: list[Element] = []


def _field_kind(instruction: str) -> str:
    words = instruction.split()
    return "=" if words and words[0].startswith("=") else (words[0].upper() if words else "")


def _crop_of(rectangle: Element | None) -> pictures.Crop:
    if rectangle is None:
        return pictures.UNCROPPED

    def part(name: str) -> float:
        value = rectangle.get(name, "0")
        try:
            return max(0.0, float(value[:-1]) / 100 if value.endswith("%") else int(value) / 100_000)
        except ValueError:
            return 0.0

    return part("l"), part("t"), part("r"), part("b")


def _rename_guides(geometry: Element) -> None:
    """Renames the formulas from which a drawn shape is computed."""
    names: dict[str, str] = {}
    for guide in geometry.iter(a("gd")):
        names.setdefault(guide.get("name", ""), f"g{len(names) + 1}")
    for element in geometry.iter():
        for key, value in element.attrib.items():
            if key == "name" or any(word in names for word in value.split()):
                element.set(key, " ".join(names.get(word, word) for word in value.split()))


def clean(data: bytes) -> tuple[bytes, Counter[str]]:
    """The rebuilt document, and what was removed."""
    try:
        cleaner = Cleaner(data)
        return cleaner.clean(), cleaner.removed
    except FileRefused:
        raise
    except Exception as error:  # anything can fail in a malformed part
        raise Damaged("damaged", format="DOCX", part=type(error).__name__) from error


def parts_of(data: bytes) -> Iterator[Any]:
    """Parses every XML part, so that a damaged file is refused at upload."""
    package = Package(data)
    for name in package.parts:
        if name.endswith((".xml", ".rels")):
            yield package.root(name)
