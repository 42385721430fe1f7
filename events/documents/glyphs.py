"""The glyphs that each page of a PDF shows, and their places, in whatever order, size or colour they are drawn."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFFont, PDFSimpleFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfminer.utils import apply_matrix_pt, decode_text

from events.documents.cleaned import SYMBOLS
from events.documents.fonts import FontEvidence

UNREAD = "\ufffd"
"""Stands for a glyph whose letters the document does not give."""

NO_SIGN = "\u25a1"
"""The box in place of a letter that a font does not have."""

LARGEST_LETTER = 60.0
"""In points."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn glyph: its letters, its origin on the page, and its advance, in points."""

    text: str
    x: float
    y: float
    across: float
    up: float
    """The advance as a vector."""

    size: float
    span: int = 0
    """The number, from 1, of the span with replacement text (/ActualText) that contains it; 0 for none."""

    turned: tuple[float, float] = (1.0, 0.0)
    """The direction of its line, of length 1."""

    look: object = None
    """Font, colour and drawing mode: equal for glyphs that a person sees as one text."""

    code: int = 0


class Outline(NamedTuple):
    """A small filled shape with curves, such as a letter that was converted to a drawing; in points."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page. `contradictions` are codes that a font identifies as another letter than the document, or draws as
    another.
    """

    glyphs: list[Glyph]
    spoken: dict[int, str]
    """The replacement texts, by the number of their span."""

    contradictions: int
    outlines: list[Outline]


def pages_of(content: bytes) -> Iterator[PdfPage]:
    """The contents of the pages of a PDF, one after another."""
    resources = _Fonts(caching=True)
    device = _Device(resources)
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.get_pages(io.BytesIO(content)):
        device.begin()
        interpreter.process_page(page)
        yield PdfPage(device.glyphs, device.spoken, device.contradictions, device.outlines)


class _Fonts(PDFResourceManager):
    """The fonts, each with whether its codes are letters if it has no table of letters."""

    def get_font(self, objid: object, spec: Any) -> PDFFont:
        font = super().get_font(objid, spec)
        if not hasattr(font, "says_letters"):
            font.spec = spec  # type: ignore[attr-defined]
            embedded = any(key in font.descriptor for key in ("FontFile", "FontFile2", "FontFile3"))
            font.says_letters = "Encoding" in spec or not embedded or _is_type_1(font)  # type: ignore[attr-defined]
        return font


def _is_type_1(font: PDFFont) -> bool:
    """Whether the font's program names its glyphs in plain text, which pdfminer reads."""
    return "FontFile" in font.descriptor


class _Device(PDFTextDevice):
    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.evidence = FontEvidence()
        self.manner = 0
        self.begin()

    def begin(self) -> None:
        """Starts a new page."""
        self.glyphs: list[Glyph] = []
        self.spoken: dict[int, str] = {}
        self.spans: list[int] = []
        self.contradictions = 0
        self.outlines: list[Outline] = []

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        self.manner = textstate.render
        super().render_string(textstate, seq, ncs, graphicstate)

    def paint_path(self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        if not fill or self.ctm is None:
            return
        shape: list[tuple[float, float]] = []
        is_curved = False
        for operator, *numbers in [*path, ("m",)]:
            if operator == "m":
                if is_curved:
                    self._outline(shape)
                shape, is_curved = [], False
            is_curved = is_curved or operator in "cvy"
            shape += [apply_matrix_pt(self.ctm, point) for point in zip(numbers[::2], numbers[1::2], strict=True)]

    def _outline(self, shape: list[tuple[float, float]]) -> None:
        across, up = [point[0] for point in shape], [point[1] for point in shape]
        outline = Outline(min(across), min(up), max(across), max(up))
        if 1 < outline.top - outline.bottom < LARGEST_LETTER and outline.right - outline.left < LARGEST_LETTER:
            self.outlines.append(outline)

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        words = resolve1(props.get("ActualText")) if isinstance(props, dict) else None
        if isinstance(words, bytes):
            self.spoken[len(self.spoken) + 1] = decode_text(words)
            self.spans.append(len(self.spoken))
        else:
            self.spans.append(self.spans[-1] if self.spans else 0)

    def end_tag(self) -> None:
        if self.spans:
            self.spans.pop()

    def do_tag(self, tag: Any, props: Any = None) -> None:
        """A marked point in the content, which affects nothing."""

    def render_char(  # noqa: PLR0917 -- as pdfminer calls it
        self,
        matrix: tuple[float, float, float, float, float, float],
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        a, b, c, d, e, f = matrix
        text = letters_of(font, cid)
        self.contradictions += self.evidence.contradicts(font, font.spec, cid, text)  # type: ignore[attr-defined]
        advance = font.char_width(cid) * fontsize * scaling
        length = math.hypot(a, b) or 1.0
        sign = math.copysign(1.0, fontsize * scaling or 1.0)
        self.glyphs.append(
            Glyph(
                text=text,
                x=e + c * rise,
                y=f + d * rise,
                across=a * advance,
                up=b * advance,
                size=abs(fontsize) * (math.hypot(c, d) or length),
                span=self.spans[-1] if self.spans else 0,
                turned=(sign * a / length, sign * b / length),
                look=(font, self.manner, str(graphicstate.ncolor)),
                code=cid,
            )
        )
        return advance


def letters_of(font: PDFFont, code: int) -> str:
    """The letters that the document gives for a code, `UNREAD` if it gives none."""
    try:
        text = _said(font, code)
    except PDFUnicodeNotDefined:
        return NO_SIGN if code == 0 and font.is_multibyte() else UNREAD
    return "".join(UNREAD if _says_nothing(letter) else letter for letter in text.translate(SYMBOLS))


def _said(font: PDFFont, code: int) -> str:
    if isinstance(font, PDFSimpleFont):
        table = font.unicode_map
        if table is not None and code in table.cid2unichr:
            return str(table.get_unichr(code))
        if not font.says_letters:  # type: ignore[attr-defined]
            raise PDFUnicodeNotDefined(None, code)
        return str(font.cid2unicode[code]) if code in font.cid2unicode else UNREAD
    return str(font.to_unichr(code))


def _says_nothing(letter: str) -> bool:
    """Private-use characters, the replacement character, and control characters other than white space."""
    point = ord(letter)
    return (
        0xE000 <= point <= 0xF8FF
        or point >= 0xF0000
        or point in (0xFFFD, 0xFFFE, 0xFFFF)
        or (point < 0x20 and letter not in "\t\n\r")
        or 0x7F <= point < 0xA0
    )


def spoken(page: PdfPage, *, throughout: bool = False) -> list[Glyph]:
    """The glyphs of `page`, with replacement texts in place of the glyphs that they stand for.

    Only if a glyph of the span has no letters of its own, unless `throughout`.
    """
    stretches: dict[int, list[Glyph]] = {}
    for glyph in page.glyphs:
        if glyph.span:
            stretches.setdefault(glyph.span, []).append(glyph)
    replaced = {
        span for span, glyphs in stretches.items() if throughout or any(UNREAD in glyph.text for glyph in glyphs)
    }
    made = []
    for glyph in page.glyphs:
        if glyph.span not in replaced:
            made.append(glyph)
        elif glyph.span in stretches:
            made.append(_in_place_of(stretches.pop(glyph.span), page.spoken[glyph.span]))
    return made


def _in_place_of(glyphs: list[Glyph], words: str) -> Glyph:
    """One glyph with the text `words`, from the beginning of the first of `glyphs` to the end of the last."""
    widest = max(glyphs, key=lambda glyph: abs(glyph.across) + abs(glyph.up))
    across, up = widest.turned
    starts = [glyph.x * across + glyph.y * up for glyph in glyphs]
    ends = [glyph.across * across + glyph.up * up + start for glyph, start in zip(glyphs, starts, strict=True)]
    back = widest.x * across + widest.y * up - min(starts)
    length = max(*starts, *ends) - min(starts)
    return replace(
        widest, text=words, x=widest.x - back * across, y=widest.y - back * up, across=length * across, up=length * up
    )
