"""Every word that a reader of a cleaned document can find, and where: for the check for names."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from events.documents.cleaned import SYMBOLS, TextPart
from events.documents.formats import Format
from events.documents.pdf_text import of_pdf
from events.documents.proof.vocabulary import OFFICE_VALUES, OPENDOCUMENT_VALUES

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
OVERRIDE = re.compile("[\u202d\u202e]([^\u202c\n]*)")
"""Characters that change the order in which text is displayed, and those that end that."""

SPLIT = re.compile(r"[\s,;()]+")
TELLS_NOTHING = re.compile(
    r"(?:rId|b|Picture |Style ?|[PT])\d+|https?://schemas\.\S+|[-+#.\w]{0,2}|[-+#.\d]+[a-z%]{0,3}|[0-9A-F]{4,8}"
)
"""Numbers, colours, and generated names."""

NUMBERED = re.compile(r"word/(header|footer)(\d+)\.xml")


def texts_of_document(content: bytes, kind: Format) -> list[TextPart]:
    """The texts of a cleaned document of this type; pictures have none."""
    readers = {Format.PDF: of_pdf, Format.DOCX: of_docx, Format.ODT: of_odt}
    if kind not in readers:
        return []
    read = (TextPart(part.kind, part.number, part.text.translate(SYMBOLS)) for part in readers[kind](content))
    parts = [part for part in read if any(letter.isalpha() for letter in part.text)]
    turned = [TextPart(part.kind, part.number, _overridden(part.text)) for part in parts if OVERRIDE.search(part.text)]
    return [*parts, *turned]


def _overridden(text: str) -> str:
    """The words that a direction character reverses, as they are displayed."""
    return "\n".join(stretch[1][::-1] for stretch in OVERRIDE.finditer(text))


def _words_of_markup(root: Any, known: frozenset[str], read: set[str]) -> Iterator[str]:
    """Every other value in a part that is neither a word of the standard nor a number: names of fonts."""
    for element in root.iter():
        for value in [*element.attrib.values(), element.text or ""]:
            words = [] if TELLS_NOTHING.fullmatch(value) else SPLIT.split(value)
            if value not in read and any(word not in known and not TELLS_NOTHING.fullmatch(word) for word in words):
                read.add(value)
                yield value


def markup(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(name))  # noqa: S314 -- proven: it declares no entity


def of_docx(content: bytes) -> Iterator[TextPart]:
    read: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".rels"):
                for row in markup(archive, name):
                    if row.get("TargetMode") == "External":
                        yield TextPart("link", 0, row.get("Target", ""))
            elif name.startswith("word/") and name.endswith(".xml"):
                root = markup(archive, name)
                if "/theme/" not in name:
                    yield from _of_word_part(name, root)
                for text in list(root.iter(f"{W}t")) + list(root.iter(f"{M}t")):
                    text.text = ""  # is read
                yield TextPart("name", 0, "\n".join(_words_of_markup(root, OFFICE_VALUES, read)))


def _of_word_part(name: str, root: Any) -> Iterator[TextPart]:
    numbered = NUMBERED.fullmatch(name)
    if numbered:
        yield TextPart(numbered[1], int(numbered[2]), _word_text(root))
    elif name == "word/document.xml":
        yield TextPart("text", 0, _word_text(root))
    elif name in ("word/footnotes.xml", "word/endnotes.xml"):
        kind = name.removeprefix("word/").removesuffix("s.xml")
        for number, note in enumerate(root.iter(f"{W}{kind}")):
            yield TextPart(kind, max(number - 1, 0), _word_text(note))
    for turned in root.iter(f"{W}bdo"):
        yield TextPart("text", 0, _word_text(turned)[::-1])
    for element in root.iter():
        described = [element.get(key) for key in ("descr", "title") if element.get(key)]
        if element.tag in (f"{W}tblCaption", f"{W}tblDescription"):
            described.append(element.get(f"{W}val"))
        yield TextPart("description", 0, "\n".join(filter(None, described)))
        if element.tag == f"{W}lvlText":
            yield TextPart("list", 0, re.sub(r"%\d", "", element.get(f"{W}val", "")))


BREAK_TAGS = {f"{W}{name}" for name in ("br", "cr", "tab", "ptab")}


def _word_text(root: Any) -> str:
    pieces: list[str] = []
    for element in root.iter():
        if element.tag == f"{W}p":
            pieces.append("\n")
        elif element.tag in (f"{W}t", f"{M}t"):
            pieces.append(element.text or "")
        elif element.tag == f"{W}sym":
            pieces.append(chr(int(element.get(f"{W}char", "20"), 16)))
        elif element.tag in BREAK_TAGS:
            pieces.append(" ")
        elif element.tag == f"{W}noBreakHyphen":
            pieces.append("-")
    return "".join(pieces).strip()


def of_odt(content: bytes) -> Iterator[TextPart]:
    read: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in ("content.xml", "styles.xml"):
            if name in archive.namelist():
                root = markup(archive, name)
                yield from _of_opendocument_part(root)
                for element in root.iter():
                    element.text = ""  # is read
                yield TextPart("name", 0, "\n".join(_words_of_markup(root, OPENDOCUMENT_VALUES, read)))


def _of_opendocument_part(root: Any) -> Iterator[TextPart]:
    notes = list(root.iter(f"{TEXT}note"))
    counts = {"footnote": 0, "endnote": 0}
    body = root.find(f"{OFFICE}body")
    if body is not None:
        yield TextPart("text", 0, _opendocument_text(body))
    for note in notes:
        kind = "endnote" if note.get(f"{TEXT}note-class") == "endnote" else "footnote"
        counts[kind] += 1
        found = note.find(f"{TEXT}note-body")
        yield TextPart(kind, counts[kind], _opendocument_text(found) if found is not None else "")
    for kind in ("header", "footer"):
        tags = [f"{STYLE}{kind}{variant}" for variant in ("", "-left", "-first")]
        for number, found in enumerate((each for each in root.iter() if each.tag in tags), start=1):
            yield TextPart(kind, number, _opendocument_text(found))
    for element in root.iter():
        if element.tag in (f"{SVG}title", f"{SVG}desc", f"{TABLE}title", f"{TABLE}desc"):
            yield TextPart("description", 0, element.text or "")
        if element.tag == f"{TEXT}a" and not element.get(f"{XLINK}href", "#").startswith("#"):
            yield TextPart("link", 0, element.get(f"{XLINK}href", ""))
        for key in ("num-prefix", "num-suffix"):
            yield TextPart("list", 0, element.get(f"{STYLE}{key}", ""))
        for key in ("bullet-char", "label"):
            yield TextPart("list", 0, element.get(f"{TEXT}{key}", ""))


ASIDE = {f"{TEXT}note-body", f"{SVG}title", f"{SVG}desc", f"{TABLE}title", f"{TABLE}desc"}
"""Read elsewhere."""


def _opendocument_text(root: Any) -> str:
    pieces: list[str] = []

    def walk(element: Any) -> None:
        if element.tag in (f"{TEXT}p", f"{TEXT}h"):
            pieces.append("\n")
        elif element.tag == f"{TEXT}s":
            pieces.append(" " * min(int(element.get(f"{TEXT}c", "1")), 100))
        elif element.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            pieces.append(" ")
        pieces.append(element.text or "")
        for child in element:
            if child.tag not in ASIDE:
                walk(child)
            pieces.append(child.tail or "")

    walk(root)
    return "".join(pieces).strip()
