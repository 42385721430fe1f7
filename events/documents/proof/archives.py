"""DOCX and ODT: every member, element and attribute, read with the standard library alone."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from events.documents.formats import Format
from events.documents.proof import pictures
from events.documents.proof.vocabulary import (
    OFFICE_ELEMENTS,
    OFFICE_VALUES,
    OPENDOCUMENT_ELEMENTS,
    OPENDOCUMENT_VALUES,
)
from events.documents.refusal import NotProven

START_OF_TIME = (1980, 1, 1, 0, 0, 0)

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:cm|mm|in|pt|pc|px|em|pi|%|\*|deg|rad)?"
COLOUR = r"#?(?:[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})"
DECLARATION = re.compile(rb"<\?xml version='1\.0' encoding='UTF-8' standalone='yes'\?>\n")
PLAIN = re.compile(rf"{NUMBER}|{COLOUR}")
FONT = re.compile(r"[\w .,;'()+&@-]{0,80}")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
WEB_ADDRESS = re.compile(r"https?://[^\s@/]+(?:/\S*|\?\S*|#\S*)?", re.IGNORECASE)
PANOSE = re.compile(r"[0-9A-Fa-f]{20}")
SPLIT = re.compile(r"[\s,;()]+")


class Rules(NamedTuple):
    """What one type of document may contain."""

    elements: Callable[[str], bool]
    values: frozenset[str]
    words: frozenset[str]
    """Elements that contain text for readers."""

    special: dict[str, re.Pattern[str]]
    """Attributes with free values: new names, fonts, and text for readers."""


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
WPG = "{http://schemas.microsoft.com/office/word/2010/wordprocessingGroup}"
XML = "{http://www.w3.org/XML/1998/namespace}"

_TELLING_IN_WORD = """
ins del moveFrom moveTo delText delInstrText instrText fldChar fldData comment comments commentRangeStart
commentRangeEnd commentReference annotationRef rPrChange pPrChange sectPrChange tblPrChange tcPrChange trPrChange
tblGridChange tblPrExChange numberingChange cellIns cellDel cellMerge moveFromRangeStart moveFromRangeEnd
moveToRangeStart moveToRangeEnd customXml customXmlPr customXmlInsRangeStart customXmlDelRangeStart smartTag
smartTagPr sdt sdtPr sdtContent dataBinding docVar docVars rsid rsids rsidRoot attachedTemplate mailMerge people
permStart permEnd vanish specVanish hidden object pict altChunk subDoc control contentPart docPart docParts alias
tag aliases proofErr writeProtection documentProtection saveThroughXslt recipients extLst hlinkClick hlinkHover nsid
tmpl ffData srcRect
"""

TELLING_IN_WORD = frozenset(_TELLING_IN_WORD.split())
"""Elements of the standard for persons, moments or hidden content."""

STYLE_IDS = re.compile(r"[A-Z][A-Za-z]{1,40}[1-9]?|Style\d{1,6}")
BUILT_IN = re.compile(
    r"Style \d{1,6}|(?:heading|toc|list bullet|list number|list continue) [1-9]|toc heading|normal|title|subtitle|caption"
    r"|header|footer|quote|intense quote|strong|emphasis|hyperlink|followedhyperlink|list paragraph|table grid"
    r"|normal table|table normal|no list|default paragraph font|page number|body text|plain text|no spacing"
    r"|(?:foot|end)note (?:text|reference)|(?:subtle|intense) (?:emphasis|reference)|book title|list bullet|list number"
    r"|date|closing",
    re.IGNORECASE,
)
TO_BE_READ = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f]{0,4000}", re.DOTALL)

DOCX_RULES = Rules(
    elements=lambda name: (
        name.startswith((W, M, A, PIC, WP, WPS, WPG))
        and name.partition("}")[2] in OFFICE_ELEMENTS
        and name.partition("}")[2] not in TELLING_IN_WORD
    ),
    values=OFFICE_VALUES,
    words=frozenset({f"{W}t", f"{M}t"}),
    special={
        **{f"{W}{tag}@{W}val": STYLE_IDS for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link")},
        **{f"{W}{tag}@{W}val": STYLE_IDS for tag in ("numStyleLink", "styleLink")},
        f"{W}style@{W}styleId": STYLE_IDS,
        f"{W}name@{W}val": BUILT_IN,
        f"{W}bookmarkStart@{W}name": re.compile(r"b\d+"),
        f"{W}hyperlink@{W}anchor": re.compile(r"b\d+"),
        f"@{XML}space": re.compile(r"preserve|default"),
        f"@{R}id": re.compile(r"rId\d+"),
        f"@{R}embed": re.compile(r"rId\d+"),
        **{f"@{W}{name}": FONT for name in ("ascii", "hAnsi", "eastAsia", "cs", "font")},
        "@typeface": FONT,
        "@panose": PANOSE,
        "@script": re.compile(r"[A-Z][a-z]{3}"),
        f"{W}lvlText@{W}val": TO_BE_READ,
        f"{W}tblCaption@{W}val": TO_BE_READ,
        f"{W}tblDescription@{W}val": TO_BE_READ,
        f"{W}decimalSymbol@{W}val": re.compile(r".{0,2}"),
        f"{W}listSeparator@{W}val": re.compile(r".{0,2}"),
        f"{W}fldSimple@{W}instr": re.compile(r"PAGE|NUMPAGES|SECTIONPAGES"),
        f"{M}chr@{M}val": re.compile(r".{0,2}"),
        f"{M}begChr@{M}val": re.compile(r".{0,2}"),
        f"{M}endChr@{M}val": re.compile(r".{0,2}"),
        f"{M}sepChr@{M}val": re.compile(r".{0,2}"),
        **{f"{space}{tag}@name": re.compile(r"Picture \d+") for space in (WP,) for tag in ("docPr",)},
        **{f"{space}cNvPr@name": re.compile(r"Picture \d+") for space in (PIC, WPS, WPG)},
        **{f"@{name}": TO_BE_READ for name in ("descr", "title")},
        f"{A}gd@name": re.compile(r"(?:g|adj|hf|vf)\d*"),
        f"{A}gd@fmla": re.compile(r"(?:[-+*/?:]{2}|[a-z]{1,7}\d{0,2}|[-+]?\d+|\s)+"),
        **{f"{A}{tag}@name": re.compile("") for tag in ("theme", "clrScheme", "fontScheme", "fmtScheme", "custClr")},
        f"{A}graphicData@uri": re.compile(
            r"http://schemas\.(?:openxmlformats\.org/drawingml/2006/picture"
            r"|microsoft\.com/office/word/2010/wordprocessing(?:Shape|Group))"
        ),
        f"{W}compatSetting@{W}uri": re.compile(r"http://schemas\.microsoft\.com/office/word"),
        f"{W}compatSetting@{W}name": re.compile(
            r"compatibilityMode|overrideTableStyleFontSizeAndJustification|enableOpenTypeFeatures"
            r"|doNotFlipMirrorIndents|differentiateMultirowTableHeaders|useWord2013TrackBottomHyphenation"
            r"|allowSpaceOfSameStyleInTable|allowHyphenationAtTrackBottom"
        ),
        f"{W}lang@{W}val": LANGUAGE_TAG,
        f"{W}lang@{W}eastAsia": LANGUAGE_TAG,
        f"{W}lang@{W}bidi": LANGUAGE_TAG,
        **{f"{W}themeFontLang@{W}{name}": LANGUAGE_TAG for name in ("val", "eastAsia", "bidi")},
        f"{W}lid@{W}val": LANGUAGE_TAG,
        "@lang": LANGUAGE_TAG,
        f"{W}sym@{W}char": re.compile(r"[0-9A-Fa-f]{4}"),
        f"{W}cnfStyle@{W}val": re.compile(r"[01]{1,12}"),
        **{f"{A}{tag}@{name}": re.compile(r"(?:[a-z]{1,3}\d{0,6}|[-+]?\d+|[a-z]+)") for tag, names in {
            "pt": "x y", "arcTo": "wR hR stAng swAng", "pos": "x y", "cxn": "ang", "rect": "l t r b",
            "ahXY": "gdRefX gdRefY minX maxX minY maxY",
            "ahPolar": "gdRefR gdRefAng minR maxR minAng maxAng",
        }.items() for name in names.split()},
    },
)  # fmt: skip

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
PREFIXES = {OFFICE: "office", STYLE: "style", TEXT: "text", TABLE: "table", DRAW: "draw", SVG: "svg"}

TELLING_IN_OPENDOCUMENT = re.compile(
    r"office:(?:annotation|annotation-end|meta|settings|scripts|script|forms|event-listeners|change-info|binary-data"
    r"|dde-source)|text:(?:author-.*|creator|initial-creator|creation-.*|modification-.*|print.*|sender-.*|file-name"
    r"|template-name|user-.*|editing-.*|hidden-.*|change.*|tracked-changes|deletion|insertion|format-change|script"
    r"|database-.*|dde-.*|execute-macro|variable-.*|meta.*|conditional-text|date|time)|table:(?:.*change.*|scenario"
    r"|.*source.*|.*database.*)|draw:(?:object.*|applet|plugin|control|floating-frame)"
)
MADE = re.compile(
    r"(?:Style|Object|Mark|Part|note|list)\d+|(?:P|T|L|fr|gr|Sect|Mpm|MP|MT|Mfr|dp|ta|co|ro|ce)\d{1,5}"
    r"|Standard|standard|none|Outline|Heading|Title|Subtitle|List|Caption|Index|Footnote|Endnote|Header|Footer|Frame"
    r"|Graphics|Quotations|Emphasis|(?:Text_20_body|Table_20_Contents|Table_20_Heading|Footnote_20_Symbol"
    r"|Footnote_20_anchor|Endnote_20_Symbol|Endnote_20_anchor|Internet_20_link|Visited_20_Internet_20_Link"
    r"|Strong_20_Emphasis|Numbering_20_Symbols|Bullet_20_Symbols)|(?:Heading|Contents|List|Numbering)_20_\d{1,2}"
)
SHORT = re.compile(r".{0,40}", re.DOTALL)
GEOMETRY = re.compile(
    r"(?:[-+*/?$.,()\s\d]|[MLCZNFSTUABWVXYQGHIJKefE]|f\d+|(?:sin|cos|tan|atan|atan2|sqrt|abs|min|max|if|pi|left|right"
    r"|top|bottom|width|height|logwidth|logheight|xstretch|ystretch|hasstroke|hasfill|rotate|translate|scale|skewX"
    r"|skewY|matrix|cm|mm|in|pt|deg))*"
)

_OPENDOCUMENT = """
solid double dotted dashed groove ridge inset outset thin thick medium url left right top bottom center middle bold
italic normal none super sub text underline continuous from-left from-top rect auto transparent paragraph-content
page-content char baseline scale embed onLoad simple ltr rl lr tb latin asian complex
"""

OPENDOCUMENT = Rules(
    elements=lambda name: (
        name in (f"{STYLE}footer-first", f"{STYLE}header-first", f"{TEXT}page-count")
        or (
            (prefixed := f"{PREFIXES.get(name.partition('}')[0] + '}', '?')}:{name.partition('}')[2]}")
            in OPENDOCUMENT_ELEMENTS
            and not TELLING_IN_OPENDOCUMENT.fullmatch(prefixed)
        )
    ),
    values=OPENDOCUMENT_VALUES
    | frozenset(
        _OPENDOCUMENT.split()
    ),
    words=frozenset(
        [f"{TEXT}{name}" for name in ("p", "h", "span", "a", "ruby-base", "ruby-text", "note-citation", "number")]
        + [f"{TEXT}page-number", f"{TEXT}page-count", f"{TEXT}linenumbering-separator"]
        + [f"{TEXT}note-continuation-notice-{way}ward" for way in ("back", "for")]
        + [f"{SVG}title", f"{SVG}desc", f"{TABLE}title", f"{TABLE}desc"]
    ),
    special={
        **{f"@{TEXT}{name}": MADE for name in (
            "style-name", "style-override", "citation-style-name", "citation-body-style-name", "default-style-name",
            "visited-style-name", "cond-style-name", "master-page-name", "id", "name", "continue-list", "list-id",
        )},
        **{f"@{TABLE}{name}": MADE for name in ("style-name", "default-cell-style-name", "name")},
        **{f"@{DRAW}{name}": MADE for name in (
            "style-name", "text-style-name", "fill-gradient-name", "fill-hatch-name", "fill-image-name", "marker-end",
            "marker-start", "opacity-name", "stroke-dash", "name",
        )},
        **{f"@{STYLE}{name}": MADE for name in (
            "leader-text-style", "list-style-name", "master-page-name", "name", "next-style-name", "page-layout-name",
            "parent-style-name", "register-truth-ref-style-name", "style-name",
        )},
        f"{STYLE}font-face@{STYLE}name": FONT,
        **{f"@{STYLE}font-{name}": FONT for name in (
            "name", "name-asian", "name-complex", "family-asian", "family-complex",
        )},
        f"@{FO}font-family": FONT,
        f"@{SVG}font-family": FONT,
        **{f"@{FO}{name}": LANGUAGE_TAG for name in ("language", "country", "script")},
        **{f"@{STYLE}{name}-{script}": LANGUAGE_TAG for name in ("language", "country", "script")
           for script in ("asian", "complex")},
        **{f"@{STYLE}font-charset{script}": LANGUAGE_TAG for script in ("", "-asian", "-complex")},
        f"@{XML}id": MADE,
        f"{TEXT}a@{XLINK}href": re.compile(rf"#Mark\d+|{WEB_ADDRESS.pattern}", re.IGNORECASE),
        f"@{XLINK}href": re.compile(r"Pictures/picture\d+\.(?:jpeg|png)"),
        **{f"@{STYLE}{name}": SHORT for name in (
            "num-prefix", "num-suffix", "char", "leader-char", "leader-text", "text-combine-start-char",
            "text-combine-end-char", "text-line-through-text",
        )},
        f"@{TEXT}bullet-char": SHORT,
        f"@{TEXT}label": SHORT,
        **{f"@{DRAW}{name}": GEOMETRY for name in (
            "enhanced-path", "formula", "modifiers", "text-areas", "glue-points", "points", "transform",
            "handle-position", "handle-polar", "path-stretchpoint-x", "path-stretchpoint-y",
        )},
        f"{DRAW}equation@{DRAW}name": re.compile(r"Style\d+"),
        f"@{SVG}d": GEOMETRY,
    },
)  # fmt: skip

DOCX_MEMBERS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/_rels/(?:document|header\d+|footer\d+|footnotes|endnotes)\.xml\.rels"
    r"|word/(?:document|styles|settings|numbering|footnotes|endnotes|header\d+|footer\d+)\.xml|word/theme/theme1\.xml"
    r"|word/media/picture\d+\.(?:jpeg|png)"
)
ODT_MEMBERS = re.compile(r"mimetype|content\.xml|styles\.xml|META-INF/manifest\.xml|Pictures/picture\d+\.(?:jpeg|png)")
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
ROWS = {"Relationship", "Default", "Override", "file-entry"}
OPENDOCUMENT_VERSION = "1.3"
MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+")
TARGET = re.compile(
    r"word/document\.xml|(?:styles|settings|numbering|footnotes|endnotes|header\d+|footer\d+)\.xml|theme/theme1\.xml"
    r"|media/picture\d+\.(?:jpeg|png)"
)


def refuse(part: str, what: object) -> NotProven:
    return NotProven("not_proven", part=part, what=str(what)[:100])


def prove_docx(data: bytes) -> None:
    for name, content in members(data, DOCX_MEMBERS):
        if name.startswith("word/media/"):
            prove_picture(name, content)
        elif name.endswith(".rels"):
            prove_relationships(name, content)
        elif name == "[Content_Types].xml":
            prove_content_types(name, content)
        else:
            prove_markup(name, content, DOCX_RULES)


def prove_odt(data: bytes) -> None:
    for name, content in members(data, ODT_MEMBERS):
        if name.startswith("Pictures/"):
            prove_picture(name, content)
        elif name == "mimetype":
            if content != b"application/vnd.oasis.opendocument.text":
                raise refuse(name, content)
        elif name.startswith("META-INF"):
            prove_manifest(name, content)
        else:
            prove_markup(name, content, OPENDOCUMENT)


def members(data: bytes, allowed: re.Pattern[str]) -> Iterator[tuple[str, bytes]]:
    """The members: each without a date, a comment or an extra field, and with nothing between them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if archive.comment:
            raise refuse("ZIP", "comment")
        at = 0
        for entry in archive.infolist():
            name = entry.filename
            if not allowed.fullmatch(name):
                raise refuse(name, "part")
            if entry.date_time != START_OF_TIME or entry.extra or entry.comment or entry.create_system:
                raise refuse(name, "ZIP")
            header = data[entry.header_offset : entry.header_offset + 30]
            if entry.header_offset != at or header[28:30] != b"\0\0" or entry.flag_bits & ~0x800:
                raise refuse(name, "ZIP")
            at += 30 + len(name.encode()) + entry.compress_size
            yield name, archive.read(entry)
        directory = int.from_bytes(data[-10:-6], "little")
        if archive.start_dir != at or data[-22:-18] != b"PK\5\6" or at + directory + 22 != len(data):
            raise refuse("ZIP", "gap")


def prove_picture(name: str, content: bytes) -> None:
    pictures.prove(content, Format.PNG if name.endswith(".png") else Format.JPEG, name)


def parsed(name: str, content: bytes) -> ElementTree.Element:
    """A part in the one encoding that the cleaner writes, without what a parser hides: comments and entities."""
    declaration = DECLARATION.match(content)
    if not declaration or re.search(rb"<[!?]", content[declaration.end() :]):
        raise refuse(name, "<!")
    return ElementTree.fromstring(content)  # noqa: S314 -- it can declare no entity


def rows(name: str, content: bytes) -> Iterator[dict[str, str]]:
    """The attributes, without namespaces, of each row of a part that is a list and nothing else."""
    root = parsed(name, content)
    if set(root.attrib.values()) - {OPENDOCUMENT_VERSION} or (root.text or "").strip():
        raise refuse(name, root.tag)
    for row in root:
        if row.tag.rpartition("}")[2] not in ROWS or len(row) or ((row.text or "") + (row.tail or "")).strip():
            raise refuse(name, row.tag)
        yield {key.rpartition("}")[2]: value for key, value in row.attrib.items()}


def prove_relationships(name: str, content: bytes) -> None:
    for values in rows(name, content):
        target, is_outside = values.get("Target", ""), values.get("TargetMode") == "External"
        kind = values.get("Type", "").removeprefix(RELATIONSHIPS)
        fits = WEB_ADDRESS.fullmatch(target) if is_outside and kind == "hyperlink" else TARGET.fullmatch(target)
        if not fits or (is_outside and kind != "hyperlink") or not re.fullmatch(r"rId\d+", values.get("Id", "")):
            raise refuse(name, target)
        if set(values) - {"Id", "Type", "Target", "TargetMode"} or not kind.isalpha():
            raise refuse(name, values)


def prove_content_types(name: str, content: bytes) -> None:
    for values in rows(name, content):
        kind, part = values.get("ContentType", ""), values.get("PartName", values.get("Extension", ""))
        if not MEDIA_TYPE.fullmatch(kind) or "macro" in kind.lower():
            raise refuse(name, kind)
        if not DOCX_MEMBERS.fullmatch(part.lstrip("/")) and part not in ("xml", "rels", "jpeg", "png"):
            raise refuse(name, part)
        if set(values) not in ({"ContentType", "PartName"}, {"ContentType", "Extension"}):
            raise refuse(name, values)


def prove_manifest(name: str, content: bytes) -> None:
    for values in rows(name, content):
        path = values.pop("full-path", "")
        if (path != "/" and not ODT_MEMBERS.fullmatch(path)) or set(values) != {"media-type"}:
            raise refuse(name, path)
        if not MEDIA_TYPE.fullmatch(values["media-type"]):
            raise refuse(name, values)


def prove_markup(name: str, content: bytes, rules: Rules) -> None:
    root = parsed(name, content)
    for element in root.iter():
        tag = str(element.tag)
        if not rules.elements(tag):
            raise refuse(name, tag.partition("}")[2])
        if tag not in rules.words:
            texts = [(text or "").strip() for text in (element.text, *(child.tail for child in element))]
            if any(text and text not in rules.values and not PLAIN.fullmatch(text) for text in texts):
                raise refuse(name, tag.partition("}")[2])
        for attribute, value in element.attrib.items():
            if not is_telling_nothing(tag, attribute, value, rules):
                raise refuse(name, f"{tag.partition('}')[2]} {attribute.partition('}')[2] or attribute}: {value}")


TELLING = re.compile(r"rsid\w*|author|initials|date|creator|user\w*|ed|edGrp|para[Ii]d|text[Ii]d|durableId")
"""Attributes about persons and edits, refused even if their value is a number."""


def is_telling_nothing(tag: str, attribute: str, value: str, rules: Rules) -> bool:
    if TELLING.fullmatch(attribute.partition("}")[2] or attribute):
        return False
    special = rules.special.get(f"{tag}@{attribute}") or rules.special.get(f"@{attribute}")
    if special is not None:
        return special.fullmatch(value) is not None or PLAIN.fullmatch(value) is not None
    return all(not word or word in rules.values or PLAIN.fullmatch(word) for word in SPLIT.split(value))
