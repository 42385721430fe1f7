"""A report in sentences, each with its place in the text, the heading above it, and whether it is an item of a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_LENGTH = 2_000_000
"""Code points; a book of a thousand pages has as many."""

BULLET = re.compile(r"[ \t]*(?:[-–—•*·▪◦●]|\(?(?:\d{1,2}|[٠-٩]{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]|#\d+)[ \t]+(?=\S)")
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|e\.g|i\.e|U\.S|U\.K|U\.N|Gen|Col|Amb|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct"
    r"|Nov|Dec|Av|Doç|Yrd|Sn|vb|vd|bkz|md|Inc|Ltd|approx)|\b[A-ZÇĞİÖŞÜ]|\b\d{1,2}|\bد|\bأ)$"
)
END = re.compile(r"[.!?؟…]+[\"'”’»)\]]*(?=\s|$)")
HEADING_MARK = re.compile(r"#{1,6}\s+")
MAX_HEADING = 110
MAX_SHORT_HEADING = 60
"""A longer line that ends in a colon leads into a list, and is no heading."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it stands (code points), the heading above it, the line that leads into its list."""

    start: int
    end: int
    text: str
    heading: str = ""
    lead: str = ""
    is_item: bool = False
    is_heading: bool = False
    is_cut: bool = False
    """Whether the text ends before the sentence does."""


def sentences(text: str) -> list[Sentence]:
    return list(_sentences(text[:MAX_LENGTH]))


@dataclass(frozen=True, slots=True)
class Line:
    """A line with words: where they begin, whether it is an item of a list or marked as a heading."""

    start: int
    text: str
    is_item: bool
    is_heading: bool


def _lines(text: str) -> Iterator[Line]:
    place = 0
    for number, line in enumerate(text.split("\n")):
        said = line.strip()
        if said:
            start = place + line.index(said[0])
            heading = HEADING_MARK.match(said)
            # Not the number of a seventh forum in the title.
            item = None if heading or (number == 0 and said[:1].isdigit()) else BULLET.match(said)
            skipped = mark.end() if (mark := heading or item) else 0
            yield Line(start + skipped, said[skipped:], item is not None, heading is not None)
        place += len(line) + 1


def _sentences(text: str) -> Iterator[Sentence]:
    heading, lead, last_was_item = "", "", False
    lines = list(_lines(text))
    for line in lines:
        ends = line.text.rstrip("\"'”’»)]")[-1:] in ".!?؟…;؛"
        is_last = line is lines[-1]
        if line.is_heading or (not line.is_item and not ends and len(line.text) <= MAX_HEADING and not is_last):
            if line.text.endswith(":") and len(line.text) > MAX_SHORT_HEADING:
                lead = line.text
            else:
                heading, lead = line.text, ""
            yield Sentence(line.start, line.start + len(line.text), line.text, heading, is_heading=True)
            last_was_item = False
            continue
        if not line.is_item:
            lead = line.text if line.text.endswith(":") else ("" if last_was_item else lead)
        yield from _of_line(line, heading, lead if line.is_item else "", is_cut=is_last and not ends)
        last_was_item = line.is_item


def _of_line(line: Line, heading: str, lead: str, *, is_cut: bool) -> Iterator[Sentence]:
    begin = 0
    ends = [
        end.end()
        for end in END.finditer(line.text)
        if not (end[0].startswith(".") and ABBREVIATION.search(line.text[max(0, end.start() - 12) : end.start()]))
    ]
    for end in dict.fromkeys([*ends, len(line.text)]):
        said = line.text[begin:end].strip()
        if said:
            start = line.start + begin + line.text[begin:end].index(said[0])
            cut = is_cut and end == len(line.text) and end not in ends
            yield Sentence(start, start + len(said), said, heading, lead, line.is_item, is_cut=cut)
        begin = end
