"""What there is to be said of a page that is cited, before it is written in any format."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext

from publishing.languages import Text, isolated

BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
"""Whatever some program takes for the end of a line, and plain space; a no-break space is none of them."""


def one_line(words: str) -> str:
    """`words` without line breaks and control characters: in each format one value stands on one line."""
    return BREAKS.sub(" ", words).strip()


@dataclass(frozen=True, slots=True)
class Work:
    """A published page, or a part of one, as a reference list names it.

    `address` is absolute and leads to the page as it was known on `as_of`, where the page can tell.
    `caveat` is what must not be left out when it is quoted: of a claim, how well it is known. It,
    `type_name` and the title stand in the language of the page, dates in files as ISO 8601 has them.
    """

    kind: str
    type_name: str
    identifier: str
    title: Text
    publisher: str
    published: dt.date
    version: int
    accessed: dt.date
    address: str
    as_of: dt.date | None = None
    caveat: str = ""
    part_of: Text | None = None

    @property
    def key(self) -> str:
        """A citation key; another version and another day have another, so that both fit in one list."""
        day = f"-{self.as_of.isoformat()}" if self.as_of else ""
        return f"majlis-{self.kind}-{self.identifier}-v{self.version}{day}"

    @property
    def note(self) -> str:
        """What no field of the formats has room for, or styles do not print."""
        return "; ".join(one_line(part) for part in (self.version_in_words, self.caveat, self.day_in_words) if part)

    @property
    def version_in_words(self) -> str:
        return gettext("version %(number)s") % {"number": self.version}

    @property
    def day_in_words(self) -> str:
        """The day as of which it is cited, for files: in ISO 8601."""
        return gettext("as known on %(day)s") % {"day": isolated(self.as_of.isoformat())} if self.as_of else ""

    @property
    def whole(self) -> str:
        """The title of the report in which a point stands; empty for what stands by itself."""
        return one_line(self.part_of.words) if self.part_of else ""

    @property
    def name(self) -> str:
        return one_line(self.title.words)

    @property
    def full_stop(self) -> str:
        """What ends the title in a sentence: nothing where it is a sentence of its own."""
        return "" if self.name.endswith((".", "?", "!", "…", "؟")) else "."
