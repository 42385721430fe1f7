"""Characters that neither a Word document nor a spreadsheet can hold, or that would mislead its reader."""

import re

IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""No character of XML 1.0 (https://www.w3.org/TR/xml/#charsets), and DEL, which nobody sees."""

OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Turn the direction of what follows them, beyond the words in which they stand."""

REPLACEMENT = "\ufffd"


def printable(words: str) -> str:
    """`words` with "\ufffd" for what cannot be written, one kind of line end, and no overrides of direction."""
    plain = OVERRIDES.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    return IMPOSSIBLE.sub(REPLACEMENT, plain)
