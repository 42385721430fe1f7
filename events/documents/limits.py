"""How much a document may hold. Past these a file is an attack or a mistake, and is refused with the limit."""

MEGABYTE = 1_000_000

FILE = 25 * MEGABYTE
"""Bytes of a file as it is uploaded."""

UNPACKED = 200 * MEGABYTE
"""Bytes of everything in an archive together, and of every stream of a PDF."""

RATIO = 250
"""How many times larger than packed a member of an archive may be, once it is larger than `RATIO_FROM`."""

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
"""For the whole cleaning of one file; a worker of the server that waits longer would be ended itself."""

FIRST_SECONDS, SECONDS_A_MEGABYTE = 8, 12
"""What a small file may take of them, and how many more for each megabyte."""


def seconds_for(size: int) -> int:
    """How long the processor may work on a file of `size` bytes."""
    return min(SECONDS, FIRST_SECONDS + SECONDS_A_MEGABYTE * size // MEGABYTE)
