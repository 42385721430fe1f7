"""How much a document may contain. Beyond these limits a file is an attack or a mistake; the refusal names the limit."""

MEGABYTE = 1_000_000

FILE = 25 * MEGABYTE
"""Bytes of an uploaded file."""

UNPACKED = 200 * MEGABYTE
"""Bytes of all members of an archive together, and of all streams of a PDF."""

RATIO = 250
"""How many times larger than compressed a member of an archive may be, if it is larger than `RATIO_FROM`."""

RATIO_FROM = 2 * MEGABYTE

ENTRIES = 2_000
"""Members of an archive."""

PAGES = 2_000

OBJECTS = 300_000
"""Objects of a PDF."""

ELEMENTS = 2_000_000
"""Elements of one XML part."""

PIXELS = 50_000_000

NAME = 200
"""Characters of a file name."""

MEMORY = 3_000_000_000
"""Bytes of address space for the process that reads one file."""

SECONDS = 25
"""CPU seconds for the whole cleaning of one file; a server worker that waited longer would be killed itself."""

FIRST_SECONDS, SECONDS_A_MEGABYTE = 8, 12
"""CPU seconds for a small file, and the additional ones for each megabyte."""


def seconds_for(size: int) -> int:
    """How many CPU seconds a file of `size` bytes may use."""
    return min(SECONDS, FIRST_SECONDS + SECONDS_A_MEGABYTE * size // MEGABYTE)
