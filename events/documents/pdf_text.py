"""The words of a cleaned PDF, read by two independent programs.

Raises Unreadable if it is uncertain what letters a page shows.
"""

import io
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from fontTools import agl
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from events.documents.cleaned import SYMBOLS, TextPart
from events.documents.font_words import words_in_font
from events.documents.glyphs import UNREAD, Glyph, Outline, PdfPage, pages_of, spoken
from events.documents.lines import readings, text_lines
from events.documents.refusal import Unreadable

for library in ("pdfminer", "pypdf", "fontTools"):
    logging.getLogger(library).setLevel(logging.CRITICAL)  # they warn of every oddity, and nobody reads the warnings

PROGRAMS = ("/Type1C", "/CIDFontType0C", "/OpenType")
NAMED_BY_NOBODY = re.compile(
    r"/(?:AAAAAA\+F\d+|(?:Helvetica|Times|Courier)(?:-(?:Roman|Bold|Italic|Oblique|BoldItalic|BoldOblique))?|Symbol"
    r"|ZapfDingbats)"
)
"""The names that the copy gives to fonts, and those of the standard."""

ALTERNATIVES = ("/Alt", "/ActualText", "/E")

DIFFERENT = 2
"""How many letters of a page the two programs may read differently: fewer than any name has."""

CONTRADICTIONS = 2
"""How many glyphs may be other letters by their font; a single one may be a mistake of the program that made the file.
"""

BULLETS = 3
"""How many different isolated glyphs of a page may have no letters, such as the bullets of lists."""

EDGE = 4
"""How many lines at the edge of a page may be a running head, a page number, or a footnote."""

OUTLINES, JUST_BEFORE = 40, 3
"""How many drawn shapes of a page may stand in a row like letters: more than a picture or a logo has."""


def of_pdf(content: bytes) -> Iterator[TextPart]:
    reader = PdfReader(io.BytesIO(content))
    _refuse_letters_in_patterns(reader)
    contradictions = 0
    before: list[str] = []
    for number, (page, other) in enumerate(zip(pages_of(content), reader.pages, strict=True), start=1):
        drawn = other.extract_text()
        contradictions += page.contradictions
        _refuse_unreadable(page, drawn, contradictions, number)
        texts = list(_texts_of(page, drawn))
        yield TextPart("page", number, "\n\n".join(texts))
        yield TextPart(
            "page", number, "\n\n".join(f"{last}\n{first}" for last in before for first in _edge(texts, first=True))
        )
        before = _edge(texts, first=False)
        yield TextPart("description", number, "\n".join(page.spoken.values()))
        for annotation in other.get("/Annots") or ():
            action = annotation.get_object().get("/A")
            if action is not None:
                yield TextPart("link", number, str(action.get_object().get("/URI", "")))
    yield TextPart("outline", 0, "\n".join(_titles(reader.outline)))
    for found in _objects(reader):
        if found.get("/Type") == "/StructElem":
            yield TextPart("description", 0, "\n".join(str(found[key]) for key in ALTERNATIVES if key in found))
    yield TextPart("name", 0, "\n".join(dict.fromkeys(_names(reader))))


def _edge(texts: Sequence[str], *, first: bool) -> list[str]:
    """The first or last lines of a page: a word may continue on the next page, with heads and page numbers between."""
    found: list[str] = []
    for text in texts:
        lines = [line for line in text.splitlines() if line.strip()]
        found += lines[:EDGE] if first else lines[-EDGE:]
    return list(dict.fromkeys(found))


def _names(reader: PdfReader) -> Iterator[str]:
    """Names of fonts that are not embedded, of their glyphs, and all other words in font programs."""
    for found in _objects(reader):
        name = str(found.get("/FontName", found.get("/BaseFont", "")))
        if name and not NAMED_BY_NOBODY.fullmatch(name):
            yield name[1:]
        for each in found.get("/Differences", ()):
            if isinstance(each, NameObject) and not agl.toUnicode(str(each)[1:]):
                yield str(each)[1:]
        is_program = any(key in found for key in ("/Length1", "/Length2")) or found.get("/Subtype") in PROGRAMS
        if isinstance(found, StreamObject) and is_program:
            yield from words_in_font(found.get_data())


def _texts_of(page: PdfPage, drawn: str) -> Iterator[str]:
    """The words of a page in every order in which somebody may read them, each order once."""
    seen: set[str] = set()
    for text in (*readings(spoken(page)), *readings(spoken(page, throughout=True)), drawn):
        words = " ".join(text.split())
        if words not in seen:
            seen.add(words)
            yield text.strip()


# Why words cannot be read


def _refuse_unreadable(page: PdfPage, drawn: str, contradictions: int, number: int) -> None:
    if contradictions >= CONTRADICTIONS:
        raise Unreadable("false_letters", page=number)
    unread = _unread(spoken(page))
    if unread:
        raise Unreadable("unread_letters", page=number, number=unread)
    ours, theirs = _letters("".join(glyph.text for glyph in page.glyphs)), _letters(drawn)
    more = sum(UNREAD in glyph.text for glyph in page.glyphs)
    if (ours - theirs).total() > DIFFERENT or (theirs - ours).total() > DIFFERENT + more:
        raise Unreadable("different_letters", page=number)
    if _in_rows(page.outlines) > OUTLINES:
        raise Unreadable("outlined_letters", page=number)


def _letters(text: str) -> Counter[str]:
    plain = unicodedata.normalize("NFKD", text.translate(SYMBOLS)).casefold()
    return Counter(letter for letter in plain if letter.isalpha())


def _unread(glyphs: Sequence[Glyph]) -> int:
    """How many glyphs have no letters but may be some: without marks on letters, and without isolated glyphs like
    bullets.
    """
    unread = {(glyph.look, glyph.code): glyph for glyph in glyphs if UNREAD in glyph.text}
    if not unread:
        return 0
    of_no_width = [glyph for glyph in glyphs if UNREAD in glyph.text and _has_no_width(glyph)]
    if len(of_no_width) > sum(map(str.isalpha, "".join(glyph.text for glyph in glyphs))):
        return len(of_no_width)
    kinds = {key for key, glyph in unread.items() if not _has_no_width(glyph)}
    shown = [glyph for glyph in glyphs if not (UNREAD in glyph.text and _has_no_width(glyph))]
    words = [word for line in text_lines(shown) for word in line.split() if UNREAD in word]
    if len(kinds) <= BULLETS:
        words = [word for word in words if word != UNREAD]
    return sum(word.count(UNREAD) for word in words)


def _has_no_width(glyph: Glyph) -> bool:
    return abs(glyph.across) + abs(glyph.up) < glyph.size / 50


def _in_rows(outlines: Sequence[Outline]) -> int:
    """How many outlines stand beside the previous one with about the same height, like letters."""
    return sum(
        any(_is_beside(each, other) for other in outlines[max(0, number - JUST_BEFORE) : number])
        for number, each in enumerate(outlines)
    )


def _is_beside(one: Outline, other: Outline) -> bool:
    height = max(one.top - one.bottom, other.top - other.bottom)
    gap = max(one.left - other.right, other.left - one.right)
    return -height / 4 < gap < height and abs(one.bottom - other.bottom) < height


def _refuse_letters_in_patterns(reader: PdfReader) -> None:
    """Refuses words in patterns and masks: they are drawn on no page, so they are in no page's text."""
    for found in _objects(reader):
        mask = found.get("/SMask")
        group = mask.get("/G") if isinstance(mask, DictionaryObject) else None
        for each in (found if "/PatternType" in found else None, group):
            if each is not None and _has_fonts(each.get_object(), set()):
                raise Unreadable("letters_in_patterns")


def _has_fonts(content: Any, seen: set[int]) -> bool:
    resources = content.get("/Resources")
    if resources is None or id(content) in seen:
        return False
    seen.add(id(content))
    resources = resources.get_object()
    return "/Font" in resources or any(
        _has_fonts(each.get_object(), seen) for each in (resources.get("/XObject") or {}).values()
    )


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    for number in reader.xref.get(0, {}):
        yield from _dictionaries(reader.get_object(number))


def _dictionaries(value: Any) -> Iterator[DictionaryObject]:
    """`value` and its direct contents; indirect objects are handled separately."""
    if isinstance(value, DictionaryObject):
        yield value
        for each in value.values():
            yield from _dictionaries(each)
    elif isinstance(value, ArrayObject):
        for each in value:
            yield from _dictionaries(each)


def _titles(outline: Any) -> Iterator[str]:
    for each in outline:
        if isinstance(each, list | ArrayObject):
            yield from _titles(each)
        else:
            yield str(each.title)
