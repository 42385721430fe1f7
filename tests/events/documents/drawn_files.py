"""Small PDFs, drawn glyph by glyph."""

import io
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

NAME = "Zeynep Karahanli"
WIDTHS = {"i": 222, "l": 222, " ": 278, "r": 333, "y": 500, "Z": 611, "K": 667}
"""Of Helvetica, in thousandths of its size; of all other letters in `NAME` 556."""


def pdf(content: str, more: Any = None) -> bytes:
    """One page with this content, where /F1 is Helvetica; `more(document, page)` may add to it."""
    document = Pdf.new()
    page = document.add_blank_page(page_size=(400, 300)).obj
    page.Contents = Stream(document, content.encode("latin-1"))
    page.Resources = Dictionary(Font=Dictionary(F1=helvetica(document)))
    if more is not None:
        more(document, page)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def helvetica(document: Pdf) -> Any:
    return document.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
        )
    )  # fmt: skip


def placed(text: str = NAME, x: float = 40, y: float = 200, size: float = 12) -> list[tuple[str, float, float]]:
    """Each letter of `text` with where it stands in a line that begins at `x`, `y`."""
    made = []
    for letter in text:
        made.append((letter, x, y))
        x += WIDTHS.get(letter, 556) * size / 1000
    return made


def letter(sign: str, x: float, y: float, size: float = 12, matrix: str = "1 0 0 1") -> str:
    return f"BT /F1 {size} Tf {matrix} {x:.4f} {y:.4f} Tm ({sign}) Tj ET\n"


def form(document: Pdf, content: str, **more: Any) -> Any:
    made = Stream(document, content.encode("latin-1"))
    made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, Array([-1000, -1000, 1000, 1000])
    made.Resources = Dictionary(Font=Dictionary(F1=helvetica(document)))
    for key, value in more.items():
        made[f"/{key}"] = value
    return made


def picture(document: Pdf, data: bytes, size: tuple[int, int], **more: Any) -> Any:
    """A picture of samples, grey of eight bits unless `more` says so."""
    made = Stream(document, data)
    made.Type, made.Subtype, made.Width, made.Height = Name.XObject, Name.Image, *size
    made.BitsPerComponent, made.ColorSpace = 8, Name.DeviceGray
    for key, value in more.items():
        made[f"/{key}"] = value
    return document.make_indirect(made)


def table_of_letters(document: Pdf, letters: dict[int, str], digits: int = 2) -> Any:
    """A /ToUnicode that says what each code shows."""
    rows = "\n".join(f"<{code:0{digits}X}> <{text.encode('utf-16-be').hex()}>" for code, text in letters.items())
    return Stream(
        document,
        (
            f"begincmap 1 begincodespacerange <{'00' * (digits // 2)}> <{'FF' * (digits // 2)}> endcodespacerange\n"
            f"{len(letters)} beginbfchar\n{rows}\nendbfchar\nendcmap"
        ).encode(),
    )


def spoken(words: str) -> str:
    """The beginning of a stretch that is read aloud as `words`."""
    return f"/Span <</ActualText <FEFF{words.encode('utf-16-be').hex()}>>> BDC"
