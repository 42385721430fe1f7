"""The result of cleaning a file: the new bytes, what was removed, and every readable word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.documents.formats import Format

REMOVED = {
    "properties": _("Properties of the file: author, company, dates, title"),
    "xmp": _("Descriptions embedded as XMP"),
    "comments": _("Comments and notes"),
    "tracked_changes": _("Tracked changes"),
    "hidden_text": _("Hidden text"),
    "fields": _("Fields about the author or the file"),
    "frozen_fields": _("Fields turned into their text"),
    "own_data": _("Data and variables of programs"),
    "marks": _("Bookmarks and identifiers of edits"),
    "names": _("Names of styles, pictures and other objects"),
    "links": _("Links to elsewhere than the web"),
    "template": _("The template, and other references to outside"),
    "thumbnail": _("Previews"),
    "settings": _("Settings of the program, printer and editing"),
    "scripts": _("Scripts and actions"),
    "attachments": _("Attached files"),
    "annotations": _("Annotations"),
    "layers": _("Hidden layers"),
    "earlier_versions": _("Earlier versions of the file"),
    "unused": _("Parts that nothing shows"),
    "exif": _("Data of the camera (EXIF)"),
    "gps": pgettext_lazy("removed", "The place where a picture was taken (GPS)"),
    "iptc": _("Captions and rights of a picture (IPTC)"),
    "profile": _("Colour profiles"),
    "picture_texts": _("Comments and texts in pictures"),
    "cropped": _("Cropped parts of pictures"),
    "unseen": _("Transparent parts of pictures"),
}
"""What cleaning removes, by its code, in the order of the message."""

PLACE_LABELS = {
    "text": _("the text"),
    "page": _("page %(number)s"),
    "header": _("header %(number)s"),
    "footer": _("footer %(number)s"),
    "footnote": _("footnote %(number)s"),
    "endnote": _("endnote %(number)s"),
    "description": _("description of a picture or table"),
    "link": _("target of a link"),
    "outline": _("table of contents of the file"),
    "list": _("sign of a list"),
    "name": _("name of a font or a style"),
}


SYMBOLS = {0xF000 + code: code for code in range(0x20, 0x100)}
"""Where programs encode the characters of a symbol font: each code belongs to a letter of an ordinary font."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text of a cleaned document and its place; `number` counts from 1, and is 0 if there is nothing to count."""

    kind: str
    number: int
    text: str

    @property
    def place(self) -> str:
        """For example “page 3”."""
        return str(PLACE_LABELS[self.kind]) % {"number": self.number}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned copy, proven to be clean."""

    format: Format
    content: bytes
    pages: int | None = None
    """The number of pages of a PDF; other kinds have none."""

    removed: Mapping[str, int] = field(default_factory=dict)
    """How often something was removed, by the codes of `REMOVED`."""

    texts: Sequence[TextPart] = ()


def removals(removed: Mapping[str, int]) -> list[tuple[Any, int]]:
    """What was removed, in words and in order, with the number of times."""
    return [(label, removed[code]) for code, label in REMOVED.items() if removed.get(code)]
