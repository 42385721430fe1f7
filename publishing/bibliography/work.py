"""What a citation of a page contains, in whatever format."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext

from publishing.languages import Text, isolated

LINE_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
"""Every character that some program takes for a line end, and plain space; a no-break space is not among them."""


def one_line(words: str) -> str:
    """`words` without line breaks and control characters: in every format a value stands on one line."""
    return LINE_BREAKS.sub(" ", words).strip()


@dataclass(frozen=True, slots=True)
class Work:
    """A published page, or a part of one, as a reference list names it.

    `address` is absolute and leads to the page as it was known on `as_of`, if the page has that. `caveat` must be
    quoted with it: of a claim, how well it is known. It, `type_name` and the title are in the language of the page;
    dates in files are ISO 8601.
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
        """A citation key; it differs for each version and each day, so that several fit in one list."""
        day = f"-{self.as_of.isoformat()}" if self.as_of else ""
        return f"majlis-{self.kind}-{self.identifier}-v{self.version}{day}"

    @property
    def note(self) -> str:
        """What the formats have no field for, or styles do not print."""
        return "; ".join(one_line(part) for part in (self.version_in_words, self.caveat, self.day_in_words) if part)

    @property
    def version_in_words(self) -> str:
        return gettext("version %(number)s") % {"number": self.version}

    @property
    def day_in_words(self) -> str:
        """The day as of which it is cited, in ISO 8601."""
        return gettext("as known on %(day)s") % {"day": isolated(self.as_of.isoformat())} if self.as_of else ""

    @property
    def whole(self) -> str:
        """The title of the report that contains a point; empty for a whole page."""
        return one_line(self.part_of.words) if self.part_of else ""

    @property
    def name(self) -> str:
        return one_line(self.title.words)

    @property
    def full_stop(self) -> str:
        """What ends the title in a sentence: nothing if it ends with a punctuation mark already."""
        return "" if self.name.endswith((".", "?", "!", "…", "؟")) else "."
