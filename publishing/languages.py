"""In which language a text is shown: that of the page if it is translated, else the original.

A missing translation is no reason to show nothing. The text is then shown in its original language, marked with `lang`
and `dir`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import get_language, get_language_bidi, get_language_info, pgettext
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """The languages of the knowledge base (ISO 639-1)."""

    EN = "en", _("English")
    TR = "tr", _("Turkish")
    AR = "ar", _("Arabic")


@dataclass(frozen=True, slots=True)
class Text:
    """Words and their language (ISO 639-1); empty words have none."""

    words: str
    language: str

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`; `auto` for a language that Django does not know."""
        return direction_of(self.language)

    @property
    def is_of_the_page(self) -> bool:
        """Whether the words are in the language of the page, so that no markup is needed."""
        return not self.language or self.language == page_language()


def page_language() -> str:
    """The language of the page."""
    return (get_language() or Language.EN).split("-")[0]


def direction_of(language: str) -> str:
    """The direction of `language`, as HTML's `dir` has it."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "auto"


def isolated(words: str) -> str:
    """`words` that are read from left to right, such as a date in digits, isolated for a text of the page.

    Among Arabic letters the parts of such a date would change places. Where there is no markup, Unicode isolates
    prevent it (UAX #9, LRI and PDI); a text that is read from left to right needs none.
    """
    return f"\u2066{words}\u2069" if get_language_bidi() else words


def languages_to_try(thing: Any) -> list[str]:
    """The page's language first, then the original language of `thing`, then the others.

    Parts (points, sessions, instruments) have no original language of their own.
    """
    first = [page_language(), getattr(thing, "original_language", "")]
    return list(dict.fromkeys(code for code in [*first, *Language.values] if code))


def text_of(thing: Any, field: str) -> Text:
    """The translated text `field` of `thing`, in the best language for this page."""
    for language in languages_to_try(thing):
        words = getattr(thing, f"{field}_{language}", None)
        if words:
            return Text(words, language)
    return Text("", "")


def label_of(thing: Any) -> Text:
    """The label of `thing` in a list or a link: a short name before a long one, this language before another."""
    fields = [field for field in ("short_name", "name", "title", "statement", "text") if hasattr(thing, f"{field}_en")]
    for language in languages_to_try(thing):
        for field in fields:
            words = getattr(thing, f"{field}_{language}", None)
            if words:
                return Text(words, language)
    return Text(str(thing), "")


def listed(texts: Iterable[object]) -> str:
    """`texts`, joined with the comma of the active language."""
    return pgettext("between parts of a citation", ", ").join(map(str, texts))
