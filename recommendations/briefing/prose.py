"""Splits Markdown texts into paragraphs and formatted words: a document has its own styles for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from publishing.templatetags.texts import MARKDOWN


@dataclass(frozen=True, slots=True)
class FormattedWords:
    """Words with one format within a paragraph."""

    text: str
    is_strong: bool = False
    is_emphasised: bool = False
    address: str = ""


@dataclass(slots=True)
class Paragraph:
    """A paragraph, or a list item; `mark` is then its number or a bullet."""

    words: list[FormattedWords] = field(default_factory=list)
    mark: str = ""

    @property
    def plain(self) -> str:
        """Its words without formats; links are followed by their address."""
        text = "".join(
            f"{words.text} ({words.address})" if words.address and words.address != words.text else words.text
            for words in self.words
        )
        return f"{self.mark} {text}" if self.mark else text


def paragraphs(markdown: str) -> list[Paragraph]:
    """The paragraphs of `markdown`; a list item is one with its mark."""
    found: list[Paragraph] = []
    marks: list[int | None] = []  # for each open list, the number of its next item
    waiting = ""
    for token in MARKDOWN.parse(markdown):
        match token.type:
            case "ordered_list_open":
                marks.append(int(token.attrGet("start") or 1))
            case "bullet_list_open":
                marks.append(None)
            case "ordered_list_close" | "bullet_list_close":
                marks.pop()
            case "list_item_open":
                number = marks[-1]
                waiting = "•" if number is None else f"{number}."
                marks[-1] = None if number is None else number + 1
            case "inline":
                found.append(Paragraph(list(inline(token.children or ())), waiting))
                waiting = ""
            case "html_block":
                found.append(Paragraph([FormattedWords(token.content)]))
    return found


def inline(tokens: Iterable[Token]) -> Iterator[FormattedWords]:
    """The words of one paragraph."""
    strong = emphasised = 0
    address = ""
    for token in tokens:
        match token.type:
            case "strong_open":
                strong += 1
            case "strong_close":
                strong -= 1
            case "em_open":
                emphasised += 1
            case "em_close":
                emphasised -= 1
            case "link_open":
                address = str(token.attrGet("href") or "")
            case "link_close":
                address = ""
            case "softbreak":
                yield FormattedWords(" ")
            case "hardbreak":
                yield FormattedWords("\n")
            case _:
                if token.content:
                    yield FormattedWords(token.content, strong > 0, emphasised > 0, address)


def markdown_as_text(markdown: str) -> str:
    """The same as one text, a line for each paragraph."""
    return "\n".join(paragraph.plain for paragraph in paragraphs(markdown))
