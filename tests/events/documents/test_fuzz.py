"""For any bytes: a copy that is proven clean, or a refusal. No parser's exception gets through."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.documents.cleaning import clean
from events.documents.formats import Format
from events.documents.refusal import FileRefused
from tests.events.documents.evil_files import (
    canaries_in,
    evil_docx,
    evil_odt,
    evil_pdf,
    evil_png,
    evil_webp,
    jpeg,
    repacked,
)

MAKERS: dict[Format, Callable[[], bytes]] = {
    Format.PDF: evil_pdf,
    Format.DOCX: evil_docx,
    Format.ODT: evil_odt,
    Format.JPEG: jpeg,
    Format.PNG: evil_png,
    Format.WEBP: evil_webp,
}
VALID = {kind: make() for kind, make in MAKERS.items()}
BEGINNINGS = (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP")
PATIENT = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}


def is_cleaned_or_refused(data: bytes) -> bool:
    """Whether there is a copy; that it is clean is seen to here."""
    refused: list[str] = []
    cleaned = None
    try:
        cleaned = clean(data)
    except FileRefused as refusal:
        refused = refusal.messages
    if cleaned is None:
        assert len(refused) == 1
        assert "%(" not in refused[0]
        return False
    # Damage may undo what hid a word; then everybody sees it, and the check for names does.
    seen = " ".join(part.text for part in cleaned.texts)
    assert {canary for canary in canaries_in(cleaned.content) if canary not in seen} == set()
    return True


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=2_000))
@settings(max_examples=300, **PATIENT)  # type: ignore[arg-type]
def test_bytes_of_any_kind_are_refused_in_words(beginning: bytes, rest: bytes) -> None:
    assert not is_cleaned_or_refused(beginning + rest)


Edit = tuple[str, int, bytes]
EDITS = st.lists(
    st.tuples(st.sampled_from(["put", "cut", "over"]), st.integers(0, 2**31), st.binary(min_size=1, max_size=8)),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, edits: list[Edit]) -> bytes:
    for what, place, piece in edits:
        at = place % (len(data) + 1)
        behind = {"put": at, "cut": at + len(piece) * 20, "over": at + len(piece)}[what]
        data = data[:at] + (b"" if what == "cut" else piece) + data[behind:]
    return data


@pytest.mark.parametrize("kind", list(Format))
@given(EDITS)
@settings(max_examples=60, **PATIENT)  # type: ignore[arg-type]
def test_damaged_file_is_cleaned_or_refused_in_words(kind: Format, edits: list[Edit]) -> None:
    is_cleaned_or_refused(edited(VALID[kind], edits))


@pytest.mark.parametrize("kind", [Format.DOCX, Format.ODT])
@given(st.data())
@settings(max_examples=60, **PATIENT)  # type: ignore[arg-type]
def test_archive_with_a_damaged_part_is_cleaned_or_refused_in_words(kind: Format, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(VALID[kind])) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels", ".jpg"))]
    name, edits = data.draw(st.sampled_from(names)), data.draw(EDITS)

    def change(parts: dict[str, bytes]) -> None:
        parts[name] = edited(parts[name], edits)

    is_cleaned_or_refused(repacked(VALID[kind], change))


PDF_WORDS = (
    b"/Type",
    b"/Kids",
    b"/Length",
    b"/Filter",
    b"null",
    b"[",
    b"]",
    b"<<",
    b">>",
    b"0 R",
    b"99 0 R",
    b"-1",
    b"(x)",
)


@given(st.lists(st.tuples(st.integers(0, 2**31), st.sampled_from(PDF_WORDS), st.sampled_from(PDF_WORDS)), max_size=6))
@settings(max_examples=60, **PATIENT)  # type: ignore[arg-type]
def test_pdf_with_words_in_the_wrong_places_is_cleaned_or_refused(swaps: list[tuple[int, bytes, bytes]]) -> None:
    data = VALID[Format.PDF]
    for place, old, new in swaps:
        at = data.find(old, place % len(data))
        if at >= 0:
            data = data[:at] + new + data[at + len(old) :]
    is_cleaned_or_refused(data)


def test_layer_that_lost_what_it_says_of_itself_is_left_behind() -> None:
    """Found by the tests above: a page without its resources no longer says which layer a text is in."""
    whole = VALID[Format.PDF]
    assert b"/Properties <<" in whole
    damaged = clean(whole.replace(b"/Properties <<", b"/Qroperties <<"))
    assert "Qzhiddenlayerx" not in canaries_in(damaged.content)
