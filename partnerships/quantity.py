"""The quantity of a claim in words: "about 650 military personnel", "US$2 billion"."""

from dataclasses import dataclass
from decimal import Decimal

from babel import UnknownLocaleError
from babel.numbers import format_compact_decimal, format_decimal, get_currency_name, get_currency_symbol
from django.utils.translation import gettext, gettext_noop

from partnerships.models import Claim
from publishing.languages import Text, page_language

BABEL_LOCALES = {"en": "en_GB", "tr": "tr", "ar": "ar"}
"""Babel's names for the languages of the site; British English writes US$ for the US dollar."""

COMPACT_FROM = Decimal(1_000_000)
"""From this amount on, millions are written as a word, if the number stays exact."""

UNITS = (
    gettext_noop("military personnel"),
    gettext_noop("troops"),
    gettext_noop("soldiers"),
    gettext_noop("advisers"),
    gettext_noop("aircraft"),
    gettext_noop("drones"),
    gettext_noop("per cent"),
    gettext_noop("years"),
)
"""Units with translations in the catalogues; any other is shown in the language in which it was written."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """`words` in the page's language; `unit` is separate if it is in another language."""

    words: str
    unit: Text


def quantity_of(claim: Claim) -> Quantity | None:
    """The quantity of `claim`, or None if it has none."""
    low, high = claim.quantity_min, claim.quantity_max
    if low is None and high is None:
        return None
    words = range_in_words(low, high, currency=claim.currency)
    if claim.quantity_approximate:
        words = gettext("about %(quantity)s") % {"quantity": words}
    if not claim.unit:
        return Quantity(words, Text("", ""))
    unit = gettext(claim.unit) if claim.unit in UNITS else claim.unit
    language = page_language() if claim.unit in UNITS else claim.original_language
    return Quantity(words, Text(unit, language))


def range_in_words(low: Decimal | None, high: Decimal | None, *, currency: str) -> str:
    """One amount, two ends, or a limit on one side."""
    if low is None and high is not None:
        return gettext("at most %(quantity)s") % {"quantity": amount(high, currency)}
    if high is None and low is not None:
        return gettext("at least %(quantity)s") % {"quantity": amount(low, currency)}
    assert low is not None
    assert high is not None
    if low == high:
        return amount(low, currency)
    return gettext("%(low)s to %(high)s") % {"low": amount(low, currency), "high": amount(high, currency)}


def amount(number: Decimal, currency: str) -> str:
    """A number, or an amount of money with its currency, in the language of the page."""
    locale = BABEL_LOCALES.get(page_language(), "en_GB")
    written = number_in_words(number, locale)
    if not currency:
        return written
    if locale == "en_GB":
        symbol = get_currency_symbol(currency, locale)
        return f"{symbol}{written}" if symbol != currency else f"{currency} {written}"
    try:
        return f"{written} {get_currency_name(currency, number, locale)}"
    except (UnknownLocaleError, LookupError):
        return f"{written} {currency}"


def number_in_words(number: Decimal, locale: str) -> str:
    """With a word for millions or billions if the number is exact with one decimal."""
    if abs(number) >= COMPACT_FROM:
        magnitude = Decimal(1000) ** ((len(str(int(abs(number)))) - 1) // 3)
        if (number / magnitude * 10) % 1 == 0:
            return format_compact_decimal(number, format_type="long", locale=locale, fraction_digits=1)
    return format_decimal(number, locale=locale)
