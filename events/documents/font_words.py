"""Words inside font programs: removed from the copy if that changes no drawing, otherwise read."""

import io
import re
from collections.abc import Iterator
from typing import Any

from fontTools import agl
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter

SFNT = (b"\0\1\0\0", b"true", b"OTTO")
"""The first bytes of TrueType and OpenType fonts."""

TABLES = frozenset(
    [
        "head",
        "hhea",
        "hmtx",
        "maxp",
        "cvt ",
        "fpgm",
        "prep",
        "glyf",
        "loca",
        "CFF ",
        "cmap",
        "post",
        "OS/2",
        "vhea",
        "vmtx",
        "VORG",
        "gasp",
    ],
)
"""The tables that a PDF viewer draws glyphs with; without the names of the font, its maker and its licence."""

MADE_UP = re.compile(r"\.notdef|(?:glyph|cid|uni|u|g|gid|index|afii|a|c)[0-9A-F]+(?:\.\w+)?")
"""Names of glyphs that consist only of their number."""

TYPE_1_WORDS = re.compile(rb"\(([^()]{3,})\)|/(?:FontName|FamilyName|FullName)\s*/(\S+)")
ANY_WORDS = re.compile(rb"[ -~]{4,}")


def without_words(program: bytes) -> bytes:
    """The same font without the tables that contain names; one that cannot be parsed stays unchanged."""
    if program[:4] not in SFNT:
        return program
    try:
        reader = SFNTReader(io.BytesIO(program), checkChecksums=0)
        kept = [table for table in reader.tables if table in TABLES]
        target = io.BytesIO()
        writer = SFNTWriter(target, len(kept), reader.sfntVersion)
        for table in kept:
            writer[table] = reader[table]
        writer.close()
    except Exception:  # fontTools raises anything on malformed tables; the words of such a font are read below
        return program
    return target.getvalue()


def words_in_font(program: bytes) -> Iterator[str]:
    """The maker, the name and the made-up glyph names of a font, as far as it has them."""
    try:
        yield from list(_words_of(program))
    except Exception:  # a program that cannot be parsed is read like any other bytes
        yield from (each.decode("ascii") for each in ANY_WORDS.findall(program))


def _words_of(program: bytes) -> Iterator[str]:
    if program[:4] in SFNT:
        font = TTFont(io.BytesIO(program), lazy=True)
        if "name" in font:
            yield from (str(each.toUnicode(errors="replace")) for each in font["name"].names)
        yield from (name for name in font.getGlyphOrder() if not agl.toUnicode(name) and not MADE_UP.fullmatch(name))
        if "CFF " in font:
            yield from _words_of_cff(font["CFF "].cff)
    elif program[:2] == b"%!":
        clear = program[: program.find(b"eexec")]
        yield from (b"".join(each).decode("latin-1") for each in TYPE_1_WORDS.findall(clear))
    else:
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(program), None)
        yield from _words_of_cff(fonts)


def _words_of_cff(fonts: Any) -> Iterator[str]:
    yield from fonts.fontNames
    yield from (value for value in fonts[0].rawDict.values() if isinstance(value, str))
    yield from (each for each in fonts.strings.strings if not agl.toUnicode(each))
