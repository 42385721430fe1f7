"""OpenDocument texts: an archive rebuilt from the text, its formatting and cleaned pictures."""

import base64
import binascii
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeAlias
from urllib.parse import unquote

from lxml import etree

from events.documents import pictures
from events.documents.archives import pack, unpack
from events.documents.formats import MEDIA_TYPES, Format
from events.documents.markup import Element, parsed, removed, serialised
from events.documents.odt_names import (
    ATTRIBUTES,
    HIDDEN,
    KEPT,
    NAMESPACES,
    OBJECTS,
    OF_PERSONS_AND_FILES,
    STYLE_NAMES,
    UNWRAPPED,
    WITH_TEXT,
    XML,
)
from events.documents.refusal import Damaged, Encrypted, FileRefused, Uncleanable, WrongKind
from events.documents.web_addresses import web_address

MEDIA_TYPE = MEDIA_TYPES[Format.ODT]
ODT_PARTS = {"content.xml": "document-content", "styles.xml": "document-styles"}
MANIFEST = "META-INF/manifest.xml"
ODF_VERSION = "1.3"

Made: TypeAlias = "list[Any]"
"""Elements, and the strings between them."""


def name_of(prefixed: str) -> str:
    """`text:p` in lxml's notation."""
    prefix, _, local = prefixed.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


STYLE_NAME, FAMILY = name_of("style:name"), name_of("style:family")
HREF = name_of("xlink:href")
DISPLAY = name_of("text:display")


def members_of(data: bytes) -> dict[str, bytes]:
    """The members of the archive. Raises a FileRefused unless it is an OpenDocument text without a password."""
    members = unpack(data)
    kind = members.get("mimetype", b"").decode("ascii", "replace").strip()
    if kind != MEDIA_TYPE:
        raise WrongKind("other_opendocument")
    for name in ("content.xml", MANIFEST):
        if name not in members:
            raise Damaged("damaged", format="ODT", part=name)
    for element in parsed(members[MANIFEST], MANIFEST).iter():
        if etree.QName(element).localname == "encryption-data":
            raise Encrypted("encrypted")
    return members


class Cleaner:
    """The conversion of one text to a clean one."""

    def __init__(self, data: bytes) -> None:
        self.members = members_of(data)
        self.removed: Counter[str] = Counter()
        self.pictures: dict[str, bytes] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.hidden_styles: set[tuple[str, str]] = set()
        self.part = ""

    def clean(self) -> bytes:
        roots = {name: parsed(self.members[name], name) for name in ODT_PARTS if name in self.members}
        self._count_what_stays_behind()
        for name, root in roots.items():
            if root.tag != name_of(f"office:{ODT_PARTS[name]}"):
                raise Damaged("damaged", format="ODT", part=name)
        self._find_hidden_styles(list(roots.values()))
        parts: dict[str, bytes] = {}
        for name, root in roots.items():
            self.part = name
            made = self._rebuilt(root)
            if len(made) != 1:
                raise Damaged("damaged", format="ODT", part=name)
            made[0].set(name_of("office:version"), ODF_VERSION)
            parts[name] = serialised(made[0])
        parts |= self.pictures
        manifest = self._manifest(sorted(parts))
        return pack(
            [("mimetype", MEDIA_TYPE.encode()), *sorted(parts.items()), (MANIFEST, manifest)], stored=("mimetype",)
        )

    def _count_what_stays_behind(self) -> None:
        for name in self.members:
            folder = name.partition("/")[0]
            self.removed["properties"] += name == "meta.xml"
            self.removed["settings"] += name == "settings.xml" or folder == "Configurations2"
            self.removed["thumbnail"] += folder == "Thumbnails"
            self.removed["scripts"] += folder in ("Basic", "Scripts", "Dialogs")
            self.removed["own_data"] += name.endswith(".rdf")
            self.removed["attachments"] += folder.startswith("Object ")

    def _manifest(self, names: list[str]) -> bytes:
        def manifest(name: str) -> str:
            return name_of(f"manifest:{name}")

        root = etree.Element(manifest("manifest"), nsmap={"manifest": NAMESPACES["manifest"]})
        root.set(manifest("version"), ODF_VERSION)
        kinds = {".xml": "text/xml", ".jpeg": "image/jpeg", ".png": "image/png"}
        for name, kind in [("/", MEDIA_TYPE), *((name, kinds[posixpath.splitext(name)[1]]) for name in names)]:
            row = etree.SubElement(root, manifest("file-entry"))
            row.set(manifest("full-path"), name)
            row.set(manifest("media-type"), kind)
        return serialised(root)

    # Hidden text

    def _find_hidden_styles(self, roots: list[Element]) -> None:
        own: dict[tuple[str, str], str | None] = {}
        parents: dict[tuple[str, str], tuple[str, str]] = {}
        for root in roots:
            for style in root.iter(name_of("style:style")):
                key = (style.get(FAMILY, ""), style.get(STYLE_NAME, ""))
                shown = [each.get(DISPLAY) for each in style.iterfind(name_of("style:text-properties"))]
                own[key] = next((each for each in shown if each), None)
                parents[key] = (key[0], style.get(name_of("style:parent-style-name"), ""))
                self._refuse_cropping(style)
        for key in own:
            at, seen = key, set()
            while at in own and at not in seen and own[at] is None:
                seen.add(at)
                at = parents[at]
            if own.get(at) in ("none", "condition"):
                self.hidden_styles.add(key)

    def _refuse_cropping(self, style: Element) -> None:
        for each in style.iterfind(name_of("style:graphic-properties")):
            if any(float(number) for number in re.findall(r"[\d.]*\d", each.get(name_of("fo:clip"), ""))):
                raise Uncleanable("cropped_picture", part=self.part or "content.xml")

    def _is_hidden(self, element: Element) -> bool:
        tag = element.tag
        if tag in HIDDEN:
            return True
        family = {"p": "paragraph", "h": "paragraph", "span": "text"}.get(etree.QName(tag).localname)
        if family and tag.startswith(f"{{{NAMESPACES['text']}}}"):
            return (family, element.get(name_of("text:style-name"), "")) in self.hidden_styles
        if tag == name_of("text:section"):
            return element.get(DISPLAY, "true") != "true"
        if tag == name_of("table:table-row"):
            return element.get(name_of("table:visibility"), "visible") != "visible"
        return element.get(name_of("draw:display"), "always") not in ("always", "screen")

    # Element by element

    def _rebuilt(self, element: Element) -> Made:
        tag = element.tag
        self._refuse(element)
        if self._is_hidden(element):
            self.removed["hidden_text"] += 1
            return []
        if tag in UNWRAPPED:
            self.removed["frozen_fields"] += 1
            return self._content(element, with_text=True)
        if tag == name_of("text:a"):
            return self._link(element)
        if tag in (name_of("draw:image"), name_of("style:background-image"), name_of("draw:fill-image")):
            return self._picture(element)
        if tag == name_of("draw:frame"):
            self._choose_picture(element)
        if tag not in KEPT:
            self._count_dropped(element)
            return []
        new = self._new(element)
        _fill(new, self._content(element, with_text=tag in WITH_TEXT))
        return [new]

    def _refuse(self, element: Element) -> None:
        local = etree.QName(element.tag).localname
        if element.tag in OBJECTS:
            raise Uncleanable(OBJECTS[element.tag], part=self.part, what=local)
        if local == "table-column" and element.get(name_of("table:visibility"), "visible") != "visible":
            raise Uncleanable("hidden_column", part=self.part)
        if element.tag == name_of("office:forms") and len(element):
            raise Uncleanable("embedded_object", part=self.part, what="form")
        if element.tag == name_of("text:list-level-style-image"):
            raise Uncleanable("unusual", part=self.part, what="list with pictures")

    def _count_dropped(self, element: Element) -> None:
        local = etree.QName(element.tag).localname
        if element.tag == name_of("office:annotation"):
            self.removed["comments"] += 1
        elif local == "changed-region":
            self.removed["tracked_changes"] += 1
        elif local == "tracked-changes":
            self.removed["tracked_changes"] += sum(1 for _each in element)
        elif element.tag in OF_PERSONS_AND_FILES:
            self.removed["fields"] += 1
        elif local in ("scripts", "event-listeners", "script"):
            self.removed["scripts"] += 1
        elif local in ("user-field-decls", "variable-decls"):
            self.removed["own_data"] += 1

    def _content(self, element: Element, *, with_text: bool) -> Made:
        made: Made = [element.text] if with_text and element.text else []
        for child in element:
            made += self._rebuilt(child)
            if with_text and child.tail:
                made.append(child.tail)
        return made

    def _new(self, element: Element) -> Element:
        new = etree.Element(element.tag, nsmap=NAMESPACES if element.getparent() is None else None)
        for name, value in element.attrib.items():
            if name in ATTRIBUTES and value:
                new.set(name, self._value(element, name, value))
        if element.get(f"{{{XML}}}id") and element.tag == name_of("text:list"):
            new.set(f"{{{XML}}}id", self._named("list", element.get(f"{{{XML}}}id")))
        return new

    def _value(self, element: Element, name: str, value: str) -> str:
        local = etree.QName(element.tag).localname
        if element.tag == name_of("style:font-face"):
            return value
        if name == name_of("draw:name") and local in SHAPES:
            self.removed["names"] += 1
            return self._named("Object", f"{len(self.names)}")
        if name in STYLE_NAMES:
            return self._named("Style", value)
        if name == name_of("text:name") or name == name_of("table:name"):
            return self._named("Mark" if local.startswith("bookmark") else "Part", value)
        if name == name_of("text:id"):
            return self._named("note", value)
        if name in (name_of("text:continue-list"), name_of("text:list-id")):
            return self._named("list", value)
        return value

    def _named(self, kind: str, name: str) -> str:
        """A meaningless name, the same for every use of `name`."""
        if kind == "Style" and (name in BUILT_IN_STYLES or PLAIN_STYLE.fullmatch(name)):
            return name
        number = sum(1 for each, _name in self.names if each == kind) + 1
        made = self.names.setdefault((kind, name), f"{kind}{number}")
        if kind in ("Style", "Mark", "Part") and made == f"{kind}{number}":
            self.removed["marks" if kind == "Mark" else "names"] += 1
        return made

    def _link(self, element: Element) -> Made:
        content = self._content(element, with_text=True)
        href = element.get(HREF, "")
        target = web_address(href)
        if href.startswith("#") and self._is_mark(href[1:]):
            target = f"#{self._named('Mark', href[1:])}"
        if target is None:
            self.removed["links"] += 1
            return content
        new = etree.Element(element.tag)
        new.set(name_of("xlink:type"), "simple")
        new.set(HREF, target)
        _fill(new, content)
        return [new]

    def _is_mark(self, name: str) -> bool:
        if not hasattr(self, "_marks"):
            content = parsed(self.members["content.xml"], "content.xml")
            tags = [name_of("text:bookmark"), name_of("text:bookmark-start")]
            self._marks = {each.get(name_of("text:name")) for each in content.iter(*tags)}
        return name in self._marks

    def _choose_picture(self, frame: Element) -> None:
        """A frame may contain its picture in several formats, the best first; keeps the first that can be cleaned."""
        images = frame.findall(name_of("draw:image"))
        usable = [each for each in images if self._data_of(each) and pictures.kind_of(self._data_of(each)) in RASTER]
        for each in images:
            if usable and each is not usable[0]:
                removed(each)

    def _data_of(self, element: Element) -> bytes:
        inline = element.find(name_of("office:binary-data"))
        if inline is not None:
            try:
                return base64.b64decode("".join((inline.text or "").split()), validate=True)
            except (binascii.Error, ValueError) as error:
                raise Damaged("damaged", format="ODT", part=self.part) from error
        href = unquote(element.get(HREF, ""))
        return self.members.get(posixpath.normpath(href), b"") if href else b""

    def _picture(self, element: Element) -> Made:
        href = element.get(HREF, "")
        if not href and element.find(name_of("office:binary-data")) is None:
            # A style that says that there is no picture.
            return [] if element.tag != name_of("draw:image") else self._without_picture(href)
        data = self._data_of(element)
        if not data:
            return self._without_picture(href)
        kind = pictures.kind_of(data)
        if kind not in RASTER:
            raise Uncleanable("picture_of_other_kind", part=posixpath.basename(href)[:100] or self.part)
        clean = pictures.clean(data, posixpath.basename(href)[:100] or self.part, self.removed)
        name = next((each for each, known in self.pictures.items() if known == clean), "")
        if not name:
            name = f"Pictures/picture{len(self.pictures) + 1}.{kind.value}"
            self.pictures[name] = clean
        new = self._new(element)
        new.set(HREF, name)
        for key, value in (("type", "simple"), ("show", "embed"), ("actuate", "onLoad")):
            new.set(name_of(f"xlink:{key}"), value)
        return [new]

    def _without_picture(self, href: str) -> Made:
        raise Uncleanable("picture_elsewhere", part=self.part)


RASTER = (Format.JPEG, Format.PNG)
SHAPES = (
    "frame",
    "g",
    "custom-shape",
    "rect",
    "line",
    "circle",
    "ellipse",
    "polygon",
    "polyline",
    "path",
    "regular-polygon",
    "connector",
)
PLAIN_STYLE = re.compile(r"(?:P|T|L|fr|gr|Sect|Mpm|MP|MT|Mfr|dp|ta|co|ro|ce)\d{1,5}")
"""Names that LibreOffice gives to objects without a name."""

_BUILT_IN_STYLES = """
Standard Text_20_body Heading Title Subtitle List Caption Index Footnote Endnote Header Footer Frame Graphics
Quotations Table_20_Contents Table_20_Heading Footnote_20_Symbol Footnote_20_anchor Endnote_20_Symbol
Endnote_20_anchor Internet_20_link Visited_20_Internet_20_Link Emphasis Strong_20_Emphasis Numbering_20_Symbols
Bullet_20_Symbols Outline none standard
"""

BUILT_IN_STYLES = frozenset(_BUILT_IN_STYLES.split()) | {
    f"{kind}_20_{level}" for kind in ("Heading", "Contents", "List", "Numbering") for level in range(1, 11)
}


def _fill(element: Element, content: Made) -> None:
    """Adds elements and strings to `element`, in their order."""
    last = None
    for each in content:
        if isinstance(each, str):
            if last is None:
                element.text = (element.text or "") + each
            else:
                last.tail = (last.tail or "") + each
        else:
            element.append(each)
            last = each


def clean(data: bytes) -> tuple[bytes, Counter[str]]:
    """The rebuilt document, and what was removed."""
    try:
        cleaner = Cleaner(data)
        return cleaner.clean(), cleaner.removed
    except FileRefused:
        raise
    except Exception as error:  # anything can fail in a malformed part
        raise Damaged("damaged", format="ODT", part=type(error).__name__) from error


def parts_of(data: bytes) -> Iterator[Any]:
    """Parses every XML part, so that a damaged file is refused at upload."""
    members = members_of(data)
    for name in (*ODT_PARTS, "meta.xml", "settings.xml"):
        if name in members:
            yield parsed(members[name], name)
