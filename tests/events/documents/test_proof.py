"""The proof finds what a cleaner forgot: copies are made unclean in one place each, and are refused."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from events.documents import cleaning, docx, docx_names
from events.documents.formats import Format
from events.documents.proof import prove
from events.documents.refusal import NotProven
from tests.events.documents.evil_files import (
    chunk,
    evil_docx,
    evil_odt,
    evil_pdf,
    evil_png,
    evil_webp,
    jpeg,
    png,
    segment,
    xmp_of,
)

MAKERS: dict[Format, Callable[[], bytes]] = {
    Format.PDF: evil_pdf,
    Format.DOCX: evil_docx,
    Format.ODT: evil_odt,
    Format.JPEG: jpeg,
    Format.PNG: evil_png,
    Format.WEBP: evil_webp,
}
COPIES = {kind: cleaning.clean(make()).content for kind, make in MAKERS.items()}


def refused(content: bytes, kind: Format, what: str = "") -> None:
    with pytest.raises(NotProven, match="could not be proven") as caught:
        prove(content, kind)
    assert what in str(caught.value.given["what"]) + str(caught.value.given["part"])


@pytest.mark.parametrize("kind", list(Format))
def test_clean_copy_is_proven(kind: Format) -> None:
    prove(COPIES[kind], kind)


@pytest.mark.parametrize("kind", list(Format))
def test_original_is_not(kind: Format) -> None:
    refused(MAKERS[kind](), kind)


@pytest.mark.parametrize("kind", list(Format))
@pytest.mark.parametrize("more", [b"\0", b"Jane Doe", b"\n%%EOF\n"])
def test_nothing_stands_behind_the_end(kind: Format, more: bytes) -> None:
    refused(COPIES[kind] + more, kind)


@pytest.mark.parametrize("kind", list(Format))
def test_what_is_no_file_at_all_is_not_proven(kind: Format) -> None:
    for content in (b"", b"Jane", COPIES[kind][: len(COPIES[kind]) // 2]):
        refused(content, kind)


# Pictures


@pytest.mark.parametrize(
    ("marker", "body"),
    [
        (0xE1, b"Exif\0\0Jane"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp_of("x")),
        (0xED, b"Photoshop 3.0\0"),
        (0xE2, b"ICC_PROFILE\0"),
        (0xFE, b"Jane"),
        (0xE0, b"JFXX\0\x10"),
        (0xEF, b"Jane"),
    ],
)
def test_segment_beside_the_pixels_of_a_jpeg_is_found(marker: int, body: bytes) -> None:
    data = COPIES[Format.JPEG]
    refused(data[:2] + segment(marker, body) + data[2:], Format.JPEG)


@pytest.mark.parametrize("name", [b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"iCCP", b"tIME", b"qzPr"])
def test_chunk_beside_the_pixels_of_a_png_is_found(name: bytes) -> None:
    data = COPIES[Format.PNG]
    refused(data[:33] + chunk(name, b"Jane") + data[33:], Format.PNG, "chunk")


def test_bytes_behind_the_pixels_within_a_png_are_found() -> None:
    import struct
    import zlib

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = b"\0\1\2\3"
    for packed in (zlib.compress(pixels + b"Jane"), zlib.compress(pixels) + b"Jane"):
        data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
        refused(data, Format.PNG, "pixels")


# Archives


def with_member(content: bytes, change: Callable[[dict[str, bytes]], None], **how: Any) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, how.get("date_time", (1980, 1, 1, 0, 0, 0)))
            entry.create_system = how.get("create_system", 0)
            entry.external_attr = 0
            entry.extra = how.get("extra", b"")
            entry.comment = how.get("comment", b"")
            archive.writestr(entry, data)
        archive.comment = how.get("whole", b"")
    return target.getvalue()


@pytest.mark.parametrize(
    "how",
    [
        {"date_time": (2025, 6, 1, 10, 0, 0)},
        {"create_system": 3},
        {"extra": b"\x75\x70\x04\0Jane"},
        {"comment": b"Jane"},
        {"whole": b"Jane"},
    ],
)
@pytest.mark.parametrize("kind", [Format.DOCX, Format.ODT])
def test_traces_in_the_archive_are_found(kind: Format, how: dict[str, Any]) -> None:
    prove(with_member(COPIES[kind], lambda parts: None), kind)
    refused(with_member(COPIES[kind], lambda parts: None, **how), kind)


@pytest.mark.parametrize(
    "name",
    ["docProps/core.xml", "docProps/thumbnail.jpeg", "word/comments.xml", "customXml/item1.xml", "word/media/x.emf"],
)
def test_part_that_is_not_known_is_found(name: str) -> None:
    def add(parts: dict[str, bytes]) -> None:
        parts[name] = b"<x/>"

    refused(with_member(COPIES[Format.DOCX], add), Format.DOCX, name)


def replaced(part: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[part], old
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)

    return change


DOCUMENT = "word/document.xml"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (DOCUMENT, "<w:p>", '<w:p w:author="Jane Doe">'),
        (DOCUMENT, "<w:p>", '<w:p w:rsidR="Jane">'),
        (DOCUMENT, "<w:p>", "<w:ins/><w:p>"),
        (DOCUMENT, "<w:p>", "<w:p>Jane Doe"),
        (DOCUMENT, "<w:p>", "<!-- Jane --><w:p>"),
        (DOCUMENT, "<w:p>", "<?jane doe?><w:p>"),
        (DOCUMENT, "<w:p>", "<jane/><w:p>"),
        (DOCUMENT, "<w:p>", '<w:p><w:bookmarkStart w:id="1" w:name="JaneDoe"/>'),
        (DOCUMENT, "<w:p>", "<w:p><w:r><w:instrText>AUTHOR</w:instrText></w:r>"),
        (DOCUMENT, 'name="Picture 1"', 'name="jane.jpg"'),
        (DOCUMENT, 'w:val="Heading1"', 'w:val="Jane Doe"'),
        ("word/styles.xml", 'w:val="Style 1"', 'w:val="Jane Doe"'),
        ("word/settings.xml", "</w:settings>", "<w:attachedTemplate/></w:settings>"),
        ("word/theme/theme1.xml", 'name=""', 'name="Jane Doe"'),
        ("word/_rels/document.xml.rels", "https://example.org/corridor", "mailto:jane@example.org"),
        ("word/_rels/document.xml.rels", "https://example.org/corridor", "file:///home/jane"),
        ("word/_rels/document.xml.rels", "https://example.org/corridor", "https://jane@example.org/"),
        ("word/_rels/document.xml.rels", "settings.xml", "../../jane.xml"),
        ("word/_rels/document.xml.rels", "<Relationship ", "<!-- Jane --><Relationship "),
        ("word/_rels/document.xml.rels", "<Relationship ", "<?jane doe?><Relationship "),
        ("word/_rels/document.xml.rels", "<Relationship ", "Jane<Relationship "),
        ("word/_rels/document.xml.rels", "<Relationship ", "<Jane "),
        ("word/_rels/document.xml.rels", "<Relationships ", '<Relationships by="Jane" '),
        ("word/_rels/document.xml.rels", "2006/relationships/image", "2006/jane/image"),
        ("[Content_Types].xml", "application/xml", "application/vnd.ms-word.macroEnabled"),
        ("[Content_Types].xml", "<Default ", "<!-- Jane --><Default "),
        ("[Content_Types].xml", "<Default ", '<Default by="Jane" '),
        (DOCUMENT, "<?xml ", "<?jane "),
        (DOCUMENT, "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>", "<!DOCTYPE jane>"),
    ],
)
def test_trace_in_a_word_document_is_found(part: str, old: str, new: str) -> None:
    refused(with_member(COPIES[Format.DOCX], replaced(part, old, new)), Format.DOCX)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("content.xml", "<text:p", '<text:p text:jane="Jane Doe"'),
        ("content.xml", "<text:p", "<text:tracked-changes/><text:p"),
        ("content.xml", "<text:p", "<text:author-name>Jane</text:author-name><text:p"),
        ("content.xml", "<text:p", "<office:annotation/><text:p"),
        ("content.xml", "Pictures/picture1.jpeg", "Pictures/jane.jpeg"),
        ("content.xml", "https://example.org/corridor", "mailto:jane@example.org"),
        ("content.xml", 'draw:name="', 'draw:name="Jane'),
        ("META-INF/manifest.xml", "content.xml", "jane.xml"),
        ("META-INF/manifest.xml", "<manifest:file-entry ", "<!-- Jane --><manifest:file-entry "),
        ("META-INF/manifest.xml", "image/jpeg", "Jane Doe"),
    ],
)
def test_trace_in_an_opendocument_text_is_found(part: str, old: str, new: str) -> None:
    refused(with_member(COPIES[Format.ODT], replaced(part, old, new)), Format.ODT)


def test_trace_in_another_encoding_is_found() -> None:
    """Where every second byte is zero, a search for `<!` finds nothing."""

    def change(parts: dict[str, bytes]) -> None:
        _declaration, _break, markup = parts[DOCUMENT].decode().partition("\n")
        parts[DOCUMENT] = f"<!-- Jane -->{markup}".encode("utf-16")

    refused(with_member(COPIES[Format.DOCX], change), Format.DOCX, DOCUMENT)


def test_picture_in_a_document_is_looked_through() -> None:
    def swap(parts: dict[str, bytes]) -> None:
        parts["word/media/picture1.jpeg"] = jpeg()

    refused(with_member(COPIES[Format.DOCX], swap), Format.DOCX, "word/media/picture1.jpeg")


# PDF


def resaved(change: Callable[[Pdf], None]) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(COPIES[Format.PDF])) as document:
        change(document)
        document.save(
            target, deterministic_id=True, min_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.disable
        )
    return target.getvalue()


def test_copy_that_is_only_written_again_is_proven() -> None:
    prove(resaved(lambda document: None), Format.PDF)


def set_in_root(key: str, value: Any) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        document.Root[key] = document.make_indirect(value) if isinstance(value, Dictionary) else value

    return change


def jpeg_in_pdf(document: Pdf) -> None:
    for picture in document.pages[0].Resources.XObject.values():
        if picture.get("/Filter") == Name.DCTDecode:
            picture.write(jpeg(), filter=Name.DCTDecode)


def samples_in_pdf(document: Pdf) -> None:
    for picture in document.pages[0].Resources.XObject.values():
        if picture.get("/Subtype") == Name.Image and picture.get("/Filter") != Name.DCTDecode:
            picture.write(picture.read_bytes() + b"Jane")


def stream_in_root(document: Pdf) -> None:
    stream = Stream(document, b"Jane")
    stream.Type = Name.Metadata
    document.Root.Metadata = stream


def annotation(document: Pdf) -> None:
    document.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 1, 1]))])


def author_of_link(document: Pdf) -> None:
    document.pages[0].Annots[0]["/T"] = String("Jane")


def letter(document: Pdf) -> None:
    document.pages[0].Annots[0].A.URI = String("mailto:jane@example.org")


def info(document: Pdf) -> None:
    document.docinfo["/Author"] = "Jane"


def attachment(document: Pdf) -> None:
    document.attachments["jane.txt"] = b"Jane"


@pytest.mark.parametrize(
    "change",
    [
        info,
        stream_in_root,
        annotation,
        author_of_link,
        letter,
        attachment,
        jpeg_in_pdf,
        samples_in_pdf,
        set_in_root("/PieceInfo", Dictionary(Jane=String("Jane"))),
        set_in_root("/OpenAction", Dictionary(S=Name.JavaScript)),
        set_in_root("/Lang", String("Jane Doe")),
        set_in_root("/AcroForm", Dictionary(Fields=Array([]))),
        set_in_root("/Title", Array([String("Jane")])),
    ],
)
def test_trace_in_a_pdf_is_found(change: Callable[[Pdf], None]) -> None:
    refused(resaved(change), Format.PDF)


def test_bytes_between_the_objects_of_a_pdf_are_found() -> None:
    refused(COPIES[Format.PDF].replace(b"\nendobj\n", b"\nendobj\n% Jane\n", 1), Format.PDF)


def test_copy_is_not_given_out_where_the_cleaner_forgets_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two know nothing of each other: a hole in the one is a refusal of the other."""
    monkeypatch.setattr(docx, "ATTRIBUTES", docx_names.ATTRIBUTES | {f"{{{docx_names.NAMESPACES['w']}}}rsidR"})
    with pytest.raises(NotProven, match=r"word/document\.xml"):
        cleaning.clean(evil_docx())


def test_smallest_png_is_proven() -> None:
    prove(cleaning.clean(png(size=(1, 1))).content, Format.PNG)
