"""Every word that a reader of a cleaned document can come upon, and where: for the check for names."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

from events.documents.cleaned import TextPart
from events.documents.formats import Format

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
NUMBERED = re.compile(r"word/(header|footer)(\d+)\.xml")
ALTERNATIVES = ("/Alt", "/ActualText", "/E")


def text_of(content: bytes, kind: Format) -> list[TextPart]:
    """The texts of a cleaned document of this kind, those of pictures being none."""
    readers = {Format.PDF: of_pdf, Format.DOCX: of_docx, Format.ODT: of_odt}
    if kind not in readers:
        return []
    return [part for part in readers[kind](content) if any(letter.isalpha() for letter in part.text)]


def of_pdf(content: bytes) -> Iterator[TextPart]:
    reader = PdfReader(io.BytesIO(content))
    for number, page in enumerate(reader.pages, start=1):
        yield TextPart("page", number, page.extract_text())
        yield TextPart("description", number, "\n".join(_marked_words(page, reader)))
        for annotation in page.get("/Annots") or ():
            action = annotation.get_object().get("/A")
            if action is not None:
                yield TextPart("link", number, str(action.get_object().get("/URI", "")))
    yield TextPart("outline", 0, "\n".join(_titles(reader.outline)))
    for value in reader.xref.get(0, {}):
        found = reader.get_object(value)
        if isinstance(found, DictionaryObject) and found.get("/Type") == "/StructElem":
            yield TextPart("description", 0, "\n".join(str(found[key]) for key in ALTERNATIVES if key in found))


def _marked_words(page: Any, reader: Any) -> Iterator[str]:
    """Words that stand in for what is drawn, in the page and in the forms that it draws."""
    streams: list[Any] = [page.get_contents()]
    waiting, seen = [page.get("/Resources")], set()
    while waiting:
        resources = waiting.pop()
        resources = resources.get_object() if resources is not None else {}
        for each in (resources.get("/XObject") or {}).values():
            form = each.get_object()
            if form.get("/Subtype") == "/Form" and id(form) not in seen:
                seen.add(id(form))
                streams.append(ContentStream(form, reader))
                waiting.append(form.get("/Resources"))
    for stream in streams:
        for operands, operator in stream.operations if stream is not None else ():
            if operator == b"BDC" and len(operands) > 1 and isinstance(operands[1], DictionaryObject):
                yield from (str(operands[1][key]) for key in ALTERNATIVES if key in operands[1])


def _titles(outline: Any) -> Iterator[str]:
    for each in outline:
        if isinstance(each, list | ArrayObject):
            yield from _titles(each)
        else:
            yield str(each.title)


def of_docx(content: bytes) -> Iterator[TextPart]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".rels"):
                for row in ElementTree.fromstring(archive.read(name)):
                    if row.get("TargetMode") == "External":
                        yield TextPart("link", 0, row.get("Target", ""))
            elif name.startswith("word/") and name.endswith(".xml") and "/theme/" not in name:
                yield from _of_word_part(name, ElementTree.fromstring(archive.read(name)))


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
    for element in root.iter():
        described = [element.get(key) for key in ("descr", "title") if element.get(key)]
        if element.tag in (f"{W}tblCaption", f"{W}tblDescription"):
            described.append(element.get(f"{W}val"))
        yield TextPart("description", 0, "\n".join(filter(None, described)))
        if element.tag == f"{W}lvlText":
            yield TextPart("list", 0, re.sub(r"%\d", "", element.get(f"{W}val", "")))


BREAKS = {f"{W}{name}" for name in ("br", "cr", "tab", "ptab")}


def _word_text(root: Any) -> str:
    pieces: list[str] = []
    for element in root.iter():
        if element.tag == f"{W}p":
            pieces.append("\n")
        elif element.tag in (f"{W}t", f"{M}t"):
            pieces.append(element.text or "")
        elif element.tag in BREAKS:
            pieces.append(" ")
        elif element.tag == f"{W}noBreakHyphen":
            pieces.append("-")
    return "".join(pieces).strip()


def of_odt(content: bytes) -> Iterator[TextPart]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in ("content.xml", "styles.xml"):
            if name in archive.namelist():
                yield from _of_opendocument_part(ElementTree.fromstring(archive.read(name)))


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
"""What is read in a place of its own."""


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
