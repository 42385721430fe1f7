"""WordprocessingML for a briefing pack: paragraphs, runs, tables, fields, in both directions of writing.

Element names and their order are those of ECMA-376, part 1, chapter 17. python-docx manages the package, but does not
support direction. The document's body is built as text: as a tree of elements, the largest pack would take a gigabyte.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE

from publishing.database.clean_text import printable
from publishing.languages import direction_of

WORD_LOCALES = {"en": "en-GB", "tr": "tr-TR", "ar": "ar-SA"}
"""The languages of the knowledge base by Word's names: for spelling, hyphenation and capital letters."""

LEFT_TO_RIGHT = re.compile(
    r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff](?:[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]*[^\W_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff])?[/#]?"
)
"""A left-to-right stretch within right-to-left words: it begins with a letter of another script and ends with a letter
or digit.
"""

DIRECTION_MARKS = {"ltr": "\u200e", "rtl": "\u200f"}
"""Invisible characters with a direction, which keep neighbouring characters in that direction."""

BREAK_MARKUP = {"\n": "<w:br/>", "\t": "<w:tab/>"}

WEB_SCHEMES = ("http://", "https://")
MAX_ADDRESS_LENGTH = 2_000
"""The longest address of a link that Word opens."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words with one format. An empty language is the document's; `target` is a web address or `#` and a bookmark."""

    words: str
    language: str = ""
    is_strong: bool = False
    is_emphasised: bool = False
    style: str = ""
    target: str = ""


def stretches(words: str, *, is_rtl: bool) -> Iterator[tuple[str, bool]]:
    """`words` split where their direction changes, each part with whether it runs from right to left."""
    if not is_rtl:
        yield words, False
        return
    end = 0
    for found in LEFT_TO_RIGHT.finditer(words):
        if found.start() > end:
            yield words[end : found.start()], True
        yield found[0], False
        end = found.end()
    if end < len(words):
        yield words[end:], True


NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


@functools.cache
def goes_left(language: str) -> bool:
    """Whether `language` is written from right to left; cached, because it is called for every run."""
    return direction_of(language) == "rtl"


def attribute(value: str) -> str:
    """`value` in quotation marks, as the value of an attribute."""
    return quoteattr(printable(value))


class Paper:
    """Writes the markup of one part of a document, in the document's language and direction."""

    def __init__(self, part: Any, language: str) -> None:
        self.part, self.language = part, language
        self.is_rtl = goes_left(language)
        self.links: dict[str, str] = {}
        self.bookmarks = 0

    def paragraph(
        self,
        style: str,
        runs: Iterable[Run],
        *,
        keeps_next: bool = False,
        direction: str = "",
        bookmark: str = "",
        fields: str = "",
    ) -> str:
        """A paragraph in the direction of the document, or in a `direction` of its own.

        `bookmark` makes it the target of `#bookmark`; `fields` are at its end.
        """
        is_rtl = direction == "rtl" if direction else self.is_rtl
        words = "".join(self.run(run, is_rtl=is_rtl) for run in runs if run.words)
        if bookmark:
            words = (
                f'<w:bookmarkStart w:id="{self.bookmarks}" w:name={attribute(bookmark)}/>'
                f'{words}<w:bookmarkEnd w:id="{self.bookmarks}"/>'
            )
            self.bookmarks += 1
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{"<w:keepNext/>" if keeps_next else ""}'
            f'<w:bidi w:val="{int(is_rtl)}"/></w:pPr>{words}{fields}</w:p>'
        )

    def run(self, run: Run, *, is_rtl: bool) -> str:
        """Words in a paragraph that runs from right to left, or does not."""
        words = printable(run.words)
        language = run.language or self.language
        is_own_rtl = goes_left(language)
        if is_own_rtl != is_rtl and words.strip():
            # Otherwise a full stop at its end would be displayed at its beginning.
            mark = DIRECTION_MARKS["rtl" if is_own_rtl else "ltr"]
            words = f"{mark}{words}{mark}"
        found = "".join(
            self.stretch(run, stretch, language, is_rtl=is_left)
            for stretch, is_left in stretches(words, is_rtl=is_own_rtl)
        )
        return self.linked(found, run.target) if run.target else found

    def stretch(self, run: Run, words: str, language: str, *, is_rtl: bool) -> str:
        style = run.style or ("Hyperlink" if run.target else "")
        locale = WORD_LOCALES.get(language, language)
        if is_rtl:
            says_language = f"<w:lang w:bidi={attribute(locale)}/>"
        elif goes_left(language):
            says_language = f'<w:lang w:val="{WORD_LOCALES["en"]}"/>'  # words in Latin letters within Arabic ones
        else:
            says_language = f"<w:lang w:val={attribute(locale)}/>"
        pieces = (piece for piece in re.split(r"([\n\t])", words) if piece)
        return (
            "<w:r><w:rPr>"
            + (f'<w:rStyle w:val="{style}"/>' if style else "")
            + ("<w:b/><w:bCs/>" if run.is_strong else "")
            + ("<w:i/>" if run.is_emphasised and not is_rtl else "")  # Arabic fonts have no italics
            + ("<w:rtl/>" if is_rtl else "")
            + says_language
            + "</w:rPr>"
            + "".join(BREAK_MARKUP.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in pieces)
            + "</w:r>"
        )

    def linked(self, words: str, target: str) -> str:
        """A link with the text `words`; only the words if `target` is not a web address."""
        if target.startswith("#"):
            return f"<w:hyperlink w:anchor={attribute(target[1:])}>{words}</w:hyperlink>"
        if not target.startswith(WEB_SCHEMES) or len(target) > MAX_ADDRESS_LENGTH:
            return words
        target = printable(target)
        if target not in self.links:
            self.links[target] = self.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return f'<w:hyperlink r:id="{self.links[target]}">{words}</w:hyperlink>'

    def table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[Sequence[Run]]],
        *,
        widths: Sequence[int],
        title: str,
        description: str,
    ) -> Iterator[str]:
        """A table whose first row is repeated on every page; `widths` in twentieths of a point.

        `title` and `description` are for screen readers.
        """
        yield (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="PackTable"/>{"<w:bidiVisual/>" if self.is_rtl else ""}'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1"'
            f' w:noVBand="1"/><w:tblCaption w:val={attribute(title)}/>'
            f"<w:tblDescription w:val={attribute(description)}/></w:tblPr><w:tblGrid>"
            + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
            + "</w:tblGrid>"
        )
        yield self.row([[Run(heading)] for heading in headings], widths, is_heading=True)
        for row in rows:
            yield self.row(row, widths)
        yield "</w:tbl>"

    def row(self, cells: Sequence[Sequence[Run]], widths: Sequence[int], *, is_heading: bool = False) -> str:
        style = "TableHeading" if is_heading else "TableText"
        return (
            f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_heading else ''}</w:trPr>"
            + "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{self.paragraph(style, runs)}</w:tc>'
                for runs, width in zip(cells, widths, strict=True)
            )
            + "</w:tr>"
        )


def computed(instruction: str) -> str:
    """A field that Word computes: `PAGE`, `NUMPAGES`."""
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def between(words: str) -> str:
    """Words between fields."""
    return f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
