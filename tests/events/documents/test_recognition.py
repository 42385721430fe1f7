"""What is refused before a file is stored, each with its reason."""

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from events.documents import limits
from events.documents.formats import Format
from events.documents.offer import check_name
from events.documents.recognition import examined, recognised
from events.documents.refusal import BadName, FileRefused
from tests.events.documents.evil_files import (
    chunk,
    evil_docx,
    evil_odt,
    evil_pdf,
    evil_png,
    evil_webp,
    jpeg,
    picture_of,
    png,
    repacked,
)


def refusal_of(data: bytes, name: str = "x.pdf", claimed: str = "") -> tuple[str, str]:
    with pytest.raises(FileRefused) as caught:
        examined(data, name, claimed)
    (message,) = caught.value.messages
    return caught.value.reason, message


@pytest.mark.parametrize(
    ("data", "name", "claimed", "kind"),
    [
        (evil_pdf(), "agenda.PDF", "application/pdf", Format.PDF),
        (evil_docx(), "Bildiri – ılık.docx", Format.DOCX.media_type, Format.DOCX),
        (evil_odt(), "تقرير.odt", "application/octet-stream", Format.ODT),
        (jpeg(), "x.jpeg", "image/pjpeg", Format.JPEG),
        (jpeg(), "x.jpg", "image/jpeg; charset=binary", Format.JPEG),
        (evil_png(), "x.png", "", Format.PNG),
        (evil_webp(), "x.webp", "image/webp", Format.WEBP),
    ],
)
def test_file_is_known_by_its_content(data: bytes, name: str, claimed: str, kind: Format) -> None:
    assert examined(data, name, claimed) == kind


@pytest.mark.parametrize(
    ("name", "claimed", "reason"),
    [
        ("x.docx", "application/pdf", "other_extension"),
        ("x", "application/pdf", "other_extension"),
        ("x.pdf.exe", "application/pdf", "other_extension"),
        ("x.pdf", "image/png", "other_type"),
        ("x.pdf", "text/html", "other_type"),
    ],
)
def test_file_that_lies_about_itself_is_refused(name: str, claimed: str, reason: str) -> None:
    assert refusal_of(evil_pdf(), name, claimed)[0] == reason


def gif() -> bytes:
    target = io.BytesIO()
    picture_of().save(target, "GIF")
    return target.getvalue()


def tiff() -> bytes:
    target = io.BytesIO()
    picture_of().save(target, "TIFF")
    return target.getvalue()


def moving(kind: str) -> bytes:
    target = io.BytesIO()
    picture_of().save(target, kind, save_all=True, append_images=[picture_of((0, 0, 0))])
    return target.getvalue()


def archive(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def encrypted_pdf(user: str) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(evil_pdf())) as document:
        document.save(target, encryption=pikepdf.Encryption(owner="owner", user=user))
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "reason", "says"),
    [
        (b"", "empty", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "unknown_kind", "no PDF, DOCX, ODT"),
        (b"<!doctype html><title>x</title>", "unknown_kind", "no PDF, DOCX, ODT"),
        (b"Agenda", "unknown_kind", "Save it as one of these"),
        (b"\0" * 1000, "unknown_kind", "no PDF"),
        (gif(), "unknown_kind", "image/gif"),
        (tiff(), "unknown_kind", "no PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word", "Save it as DOCX"),
        (moving("PNG"), "animated", "single frame"),
        (moving("WEBP"), "animated", "single frame"),
        (jpeg() + b"PK\x03\x04 and more", "more_behind_the_end", "JPEG there are 13 more bytes"),
        (png() + evil_pdf(), "several_kinds", "PDF, PNG"),
        (png() + b"\0", "more_behind_the_end", "PNG there are 1 more bytes"),
        (evil_webp() + b"more", "more_behind_the_end", "WEBP there are 4 more bytes"),
        (evil_pdf() + archive(x=b"y"), "more_behind_the_end", "PDF there are"),
        (b"#!/bin/sh\n" + evil_pdf(), "unknown_kind", "no PDF"),
        (b"GIF89a" + evil_pdf(), "unknown_kind", "no PDF"),
        (encrypted_pdf("secret"), "encrypted", "password"),
        (encrypted_pdf(""), "encrypted", "password"),
        (archive(x=b"y"), "not_a_document", "neither a DOCX nor an ODT"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "other_opendocument", "no text"),
        (evil_docx()[:-40], "damaged", "cannot be read whole"),
        (evil_pdf()[:200], "damaged", "cannot be read whole"),
        (jpeg()[:-200], "damaged", "cannot be read whole"),
        (png()[:-20], "damaged", "cannot be read whole"),
    ],
)
def test_file_of_no_accepted_kind_is_refused_with_the_reason(data: bytes, reason: str, says: str) -> None:
    found, message = refusal_of(data)
    assert found == reason
    assert says in message


def test_document_with_macros_is_refused() -> None:
    def as_docm(parts: dict[str, bytes]) -> None:
        types = parts["[Content_Types].xml"].decode()
        parts["[Content_Types].xml"] = types.replace(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "application/vnd.ms-word.document.macroEnabled.main+xml",
        ).encode()

    assert refusal_of(evil_docx(as_docm), "x.docx")[0] == "macros"

    def with_project(parts: dict[str, bytes]) -> None:
        parts["word/vbaProject.bin"] = b"x"

    reason, message = refusal_of(evil_docx(with_project), "x.docx")
    assert (reason, "word/vbaProject.bin" in message) == ("macros", True)


def test_template_is_no_document() -> None:
    def as_template(parts: dict[str, bytes]) -> None:
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"wordprocessingml.document.main", b"wordprocessingml.template.main"
        )

    assert refusal_of(evil_docx(as_template), "x.docx")[0] == "template"


def test_opendocument_text_with_a_password_is_refused() -> None:
    def encrypt(parts: dict[str, bytes]) -> None:
        manifest = parts["META-INF/manifest.xml"].decode()
        parts["META-INF/manifest.xml"] = manifest.replace(
            "</manifest:manifest>",
            '<manifest:file-entry manifest:full-path="x" manifest:media-type=""><manifest:encryption-data/>'
            "</manifest:file-entry></manifest:manifest>",
        ).encode()

    assert refusal_of(evil_odt(encrypt), "x.odt")[0] == "encrypted"


# Archives that attack


def test_zip_bomb_in_a_document_is_refused_before_it_is_unpacked() -> None:
    def bomb(parts: dict[str, bytes]) -> None:
        parts["word/media/image9.png"] = b"\0" * 30_000_000

    reason, message = refusal_of(evil_docx(bomb), "x.docx")
    assert reason == "packed_too_tightly"
    assert "word/media/image9.png unpacks to more than 250 times its size" in message


def test_archive_of_many_bombs_is_refused_by_their_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED", 3 * limits.MEGABYTE)

    def bombs(parts: dict[str, bytes]) -> None:
        parts.update({f"word/media/image{number}.png": b"\0" * 1_000_000 for number in range(4)})

    assert refusal_of(evil_docx(bombs), "x.docx")[0] == "unpacks_too_large"


def test_size_that_an_archive_states_is_not_believed() -> None:
    def bomb(parts: dict[str, bytes]) -> None:
        parts["word/media/image9.png"] = b"\0" * 30_000_000

    data = evil_docx(bomb).replace(struct.pack("<I", 30_000_000), struct.pack("<I", 1_000))
    assert refusal_of(data, "x.docx")[0] in ("damaged", "packed_too_tightly")


def test_archive_of_too_many_parts_is_refused() -> None:
    members = {"[Content_Types].xml": b"<x/>", **{f"m{number}": b"" for number in range(limits.ENTRIES)}}
    assert refusal_of(archive(**members), "x.docx")[0] == "too_many_entries"


def test_archive_within_the_archive_is_refused() -> None:
    def nest(parts: dict[str, bytes]) -> None:
        parts["word/embeddings/x.bin"] = archive(x=b"y")

    reason, message = refusal_of(evil_docx(nest), "x.docx")
    assert (reason, "word/embeddings/x.bin" in message) == ("archive_in_archive", True)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "word\\x.xml", "word/../../x", "C:x"])
def test_part_with_an_unsafe_name_is_refused(name: str) -> None:
    assert refusal_of(archive(**{"[Content_Types].xml": b"<x/>", name: b""}), "x.docx")[0] == "unsafe_part_name"


def test_comment_behind_an_archive_is_no_place_for_another_file() -> None:
    data = repacked(evil_docx(), lambda parts: None, comment=b"x")
    assert recognised(data) == Format.DOCX
    assert refusal_of(data + b"more", "x.docx")[0] == "more_behind_the_end"


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x">%a;]>',
    ],
)
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels"])
def test_declared_entities_are_refused(declaration: bytes, part: str) -> None:
    def declare(parts: dict[str, bytes]) -> None:
        _head, mark, rest = parts[part].partition(b"?>")
        parts[part] = declaration + (rest if mark else parts[part])

    reason, message = refusal_of(evil_docx(declare), "x.docx")
    assert (reason, part in message) == ("declares_entities", True)


# Sizes


def test_file_that_is_too_large_is_refused() -> None:
    assert refusal_of(b"\0" * (limits.FILE + 1)) == (
        "file_too_large",
        "The file has 26 MB; at most 25 MB are taken. Make it smaller or divide it.",
    )


def large_png(width: int, height: int) -> bytes:
    """As small as a picture of this size can be: 200 MB of one colour in some hundred kilobytes."""
    row = b"\0" + b"\xff" * (width * 3)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _each in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def test_picture_of_200_megabytes_is_refused_without_being_decoded() -> None:
    data = large_png(8200, 8200)
    assert len(data) < limits.MEGABYTE
    assert refusal_of(data, "x.png") == (
        "too_many_pixels",
        "The picture PNG has 67 million pixels; at most 50 are taken. Make it smaller.",
    )


def test_picture_that_states_an_absurd_size_is_refused() -> None:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    assert refusal_of(data, "x.png")[0] == "too_many_pixels"


def test_text_chunk_that_unpacks_without_end_is_refused() -> None:
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000, 9))
    data = png()
    assert refusal_of(data[:33] + bomb + data[33:], "x.png")[0] in ("damaged", "too_many_pixels")


def test_pdf_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGES", 0)
    assert refusal_of(evil_pdf())[0] == "too_many_pages"


def test_pdf_of_too_many_objects_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OBJECTS", 3)
    assert refusal_of(evil_pdf())[0] == "too_many_objects"


# Names


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("تقرير" * 60 + ".pdf", "long_name"),
        ("a" * 197 + ".pdf", "long_name"),
        ("a\nb.pdf", "name_with_controls"),
        ("a\0.pdf", "name_with_controls"),
        ("a\u202efdp.exe", "name_with_controls"),
        (" ", "no_name"),
    ],
)
def test_name_is_refused(name: str, reason: str) -> None:
    with pytest.raises(BadName) as caught:
        check_name(name)
    assert caught.value.reason == reason


def test_long_name_is_told_its_length() -> None:
    with pytest.raises(BadName, match="has 304 characters; at most 200 are taken"):
        check_name("ت" * 300 + ".pdf")


@pytest.mark.parametrize("name", ["a" * 196 + ".pdf", "تقرير المائدة المستديرة.pdf", "Bildiri ılık İÇ.docx"])
def test_name_of_any_language_is_taken(name: str) -> None:
    check_name(name)


def test_picture_with_text_chunks_is_taken() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "x")
    target = io.BytesIO()
    Image.new("L", (3, 3)).save(target, "PNG", pnginfo=info)
    assert recognised(target.getvalue()) == Format.PNG
