"""Whether the fonts of a PDF agree with the document about its letters.

A document has a table that says which letters each code shows, and that table can be false. Many fonts also identify a
glyph by its name or number; and one drawing cannot be two different letters.
"""

import io
import unicodedata
from collections.abc import Iterator
from typing import Any

from fontTools import agl
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont
from pdfminer.pdffont import PDFFont, PDFSimpleFont, PDFType1Font
from pdfminer.pdftypes import PDFStream, resolve1

from events.documents.font_words import SFNT
from events.lookalikes import LOOKALIKES

NON_SYMBOLIC = 1 << 5

SKELETONS = str.maketrans(
    {
        letter: group[0]
        for group in [
            "بتثنيىئپٹیے",
            "جحخچ",
            "دذڈ",
            "رزژڑ",
            "سش",
            "صض",
            "طظ",
            "عغ",
            "فقڤ",
            "كکگڪ",
            "هةہھۀۃ",
            "وؤ",
            "اأإآٱ",
        ]
        for letter in group
    }
    | {"ء": None, "ـ": None}
)
"""Arabic letters without their dots, which many fonts draw as separate glyphs."""


def letters(text: str) -> frozenset[str]:
    """The letters of `text`, with one letter for those that look the same."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(SKELETONS).translate(LOOKALIKES)
    return frozenset(letter for letter in plain if letter.isalpha())


class FontEvidence:
    """What is known of the glyphs that a document shows, over all of its fonts."""

    def __init__(self) -> None:
        self.programs: dict[int, Program] = {}
        self.drawings: dict[bytes, frozenset[str]] = {}
        self.seen: set[tuple[int, int]] = set()

    def contradicts(self, font: PDFFont, spec: Any, code: int, text: str) -> bool:
        """Whether by its font or its drawing a code is another letter than the document says; reported once for each
        code.
        """
        if (id(font), code) in self.seen:
            return False
        self.seen.add((id(font), code))
        said = letters(text)
        if not said:
            return False
        program = self.programs.get(id(font))
        if program is None:
            program = self.programs[id(font)] = Program(font, spec)
        known = program.says(code)
        if known and not known & said:
            return True
        if any(unicodedata.combining(each) for each in text):
            return False  # some programs give a mark together with the letter that it stands on
        drawing = program.drawing(code)
        return drawing is not None and not self.drawings.setdefault(drawing, said) & said


class Program:
    """The program of one font, as far as it can be read."""

    def __init__(self, font: PDFFont, spec: Any) -> None:
        self.font, self.spec = font, spec
        below = resolve1(spec.get("DescendantFonts"))
        self.own = resolve1(below[0]) if below else spec
        self.truetype: Any = None
        self.names: list[str] = []
        self.from_codes: dict[int, str] = {}
        self.unicodes: dict[str, set[int]] = {}
        try:
            self._open()
        except Exception:  # a program that cannot be read is no evidence
            self.truetype, self.names = None, []

    def _open(self) -> None:
        descriptor = resolve1(self.own.get("FontDescriptor")) or {}
        stream = next((resolve1(descriptor[key]) for key in ("FontFile2", "FontFile3") if key in descriptor), None)
        if not isinstance(stream, PDFStream):
            return
        data = stream.get_data()
        if data[:4] in SFNT:
            self.truetype = TTFont(io.BytesIO(data), lazy=True)
            if "cmap" in self.truetype:
                for table in self.truetype["cmap"].tables:
                    if table.isUnicode():
                        for point, name in table.cmap.items():
                            self.unicodes.setdefault(name, set()).add(point)
                    else:
                        self.from_codes |= {point & 0xFF: name for point, name in table.cmap.items()}
            self.names = self.truetype.getGlyphOrder()
        else:
            fonts = CFFFontSet()
            fonts.decompile(io.BytesIO(data), None)
            self.names = list(fonts[0].charset)

    def says(self, code: int) -> frozenset[str]:
        """The letters by the name of the glyph and the font's own table; empty if they say nothing."""
        found = "".join(self._said(code))
        return letters(found)

    def _said(self, code: int) -> Iterator[str]:
        if isinstance(self.font, PDFSimpleFont):
            symbolic = not self.font.flags & NON_SYMBOLIC
            if "Encoding" in self.spec and (not symbolic or type(self.font) is PDFType1Font):
                yield str(self.font.cid2unicode.get(code, ""))
        name = self._name(code)
        if name is not None:
            yield agl.toUnicode(name)
            yield from map(chr, self.unicodes.get(name, ()))

    def _name(self, code: int) -> str | None:
        if isinstance(self.font, PDFSimpleFont):
            return self.from_codes.get(code)
        glyphs = resolve1(self.own.get("CIDToGIDMap"))
        if isinstance(glyphs, PDFStream):
            code = int.from_bytes(glyphs.get_data()[2 * code : 2 * code + 2], "big")
        return self.names[code] if code < len(self.names) else None

    def drawing(self, code: int) -> bytes | None:
        """The outline of the glyph in its font; None if it has none, or it cannot be read."""
        name = self._name(code)
        if self.truetype is None or name is None or "glyf" not in self.truetype:
            return None
        try:
            number = self.truetype.getGlyphID(name)
            if not number:
                return None  # the box in place of any letter that the font does not have
            start, end = self.truetype["loca"][number : number + 2]
            data: bytes = self.truetype.reader["glyf"][start:end]
        except Exception:  # a truncated table is no evidence
            return None
        return data if len(data) > 2 and data[0] < 0x80 else None  # composed of other glyphs, whose numbers differ
