"""Tables of codes in a PDF: the letters of a code (/ToUnicode), and its glyph in the font (an own /Encoding)."""

import re
from collections.abc import Iterator
from typing import Any

COMMENT = re.compile(rb"%[^\r\n]*")
CID_BLOCKS = re.compile(rb"begin(codespacerange|bfchar|bfrange|cidchar|cidrange|notdefrange)\b(.*?)\bend\1", re.DOTALL)
CODES = re.compile(rb"<[0-9A-Fa-f\s]*>|[\[\]]|\d+")
PAIRS = (b"codespacerange", b"bfchar", b"cidchar")
TWO_BYTES = 0x10000


def written_anew(data: bytes) -> bytes:
    """The same table, rewritten from its codes alone."""
    blocks = []
    for kind, rows in _blocks(data):
        for first in range(0, len(rows), 100):  # the most that a block may have; readers rely on it
            some = rows[first : first + 100]
            lines = b"\n".join(b" ".join(row) for row in some)
            blocks.append(b"%d begin%s\n%s\nend%s" % (len(some), kind, lines, kind))
    return b"\n".join(
        [
            b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
            *blocks,
            b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend",
        ]
    )


def signs_of(data: bytes) -> dict[int, int] | None:
    """The number of the glyph for each code of two bytes; None for a table of other codes."""
    signs: dict[int, int] = {}
    for kind, rows in _blocks(data):
        if kind == b"codespacerange" and any(len(code) != len(b"<0000>") for row in rows for code in row):
            return None
        for row in rows:
            if kind == b"cidchar":
                signs[_number(row[0])] = int(row[1])
            elif kind == b"cidrange":
                first, last = _number(row[0]), min(_number(row[1]), TWO_BYTES - 1)
                signs |= {code: int(row[2]) + code - first for code in range(first, last + 1)}
    return {code: sign for code, sign in signs.items() if code < TWO_BYTES}


def widths_of(table: Any) -> dict[int, Any]:
    """The widths of glyphs by their numbers, from both notations of /W."""
    widths: dict[int, Any] = {}
    entries = list(table)
    while len(entries) >= 2:
        first = int(entries.pop(0))
        second = entries.pop(0)
        try:
            widths |= {first + number: width for number, width in enumerate(second)}
        except TypeError:
            width = entries.pop(0)
            widths |= dict.fromkeys(range(first, min(int(second), TWO_BYTES) + 1), width)
    return widths


def _number(code: bytes) -> int:
    return int(code.strip(b"<> \r\n\t") or b"0", 16)


def _blocks(data: bytes) -> Iterator[tuple[bytes, list[list[bytes]]]]:
    for kind, body in CID_BLOCKS.findall(data):
        yield kind, list(_rows(CODES.findall(COMMENT.sub(b"", body)), 2 if kind in PAIRS else 3))


def _rows(codes: list[bytes], width: int) -> Iterator[list[bytes]]:
    """The rows of a table, where a list in brackets is one entry."""
    row: list[bytes] = []
    inner: list[bytes] | None = None
    for code in codes:
        if code == b"[":
            inner = []
        elif code == b"]" and inner is not None:
            row.append(b"[" + b" ".join(inner) + b"]")
            inner = None
        elif inner is not None:
            inner.append(code)
        else:
            row.append(code)
        if inner is None and len(row) == width:
            yield row
            row = []
