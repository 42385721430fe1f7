"""The values of the format: how a written word becomes a text, a date, a number or a reference.

Each function raises a `PydanticCustomError` that says what was expected and what was found.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from config.knowledge.document import PlainWord
from partnerships.models.source import InformationCredibility
from publishing import typed_values
from publishing.partial_dates import field as partial_date
from recommendations.models.recommendation import REFERENCE


def unexpected(expected: str, value: object) -> PydanticCustomError:
    """The error of a value that is not what its field expects."""
    return PydanticCustomError(
        "unexpected", "{expected}, not {found}", {"expected": expected, "found": display_value(value)}
    )


def display_value(value: object) -> str:
    """A value as a message shows it."""
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = " ".join(str(value).split())
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def plain_text(value: object) -> str:
    if not isinstance(value, str):
        raise unexpected("expected a text", value)
    return str(value)


def written_text(value: object) -> str:
    text = plain_text(value)
    if not text.strip():
        raise unexpected("expected a text", value)
    return text


def slug(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[-a-zA-Z0-9_]{1,80}", value):
        raise unexpected("expected up to 80 letters a–z, digits, hyphens and underscores", value)
    return str(value)


def point_key(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[-a-zA-Z0-9_]{1,80}/[-a-zA-Z0-9_]{1,80}", value):
        raise unexpected("expected the key of a report and the key of a point in it, as report/point", value)
    return str(value)


def a_reference(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(REFERENCE, value):
        raise unexpected("expected a reference such as R-2025-001", value)
    return str(value)


def yes_or_no(value: object) -> bool:
    if isinstance(value, bool):  # a default
        return value
    if isinstance(value, PlainWord) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise unexpected("expected true or false", value)


def number_from_one(value: object) -> int:
    number = as_typed(value, typed_values.read_whole) if isinstance(value, PlainWord) else 0
    if not 1 <= number <= 32767:
        raise unexpected("expected a whole number from 1 to 32767", value)
    return number


def amount(value: object) -> Decimal:
    number = as_typed(value, typed_values.read_amount) if isinstance(value, PlainWord) else Decimal(-1)
    if not 0 <= number < 10**18:
        raise unexpected("expected a number such as 650 or 2000000000, without signs between the digits", value)
    return number


def day(value: object) -> dt.date:
    if isinstance(value, dt.date):  # a default
        return value
    return as_typed(value, typed_values.read_day)


def clock_time(value: object) -> dt.time:
    return as_typed(value, typed_values.read_clock)


EXPECTED_MOMENT = "expected a moment with its offset from UTC, as 2025-09-09T10:00+03:00"


def moment(value: object) -> dt.datetime:
    text, is_ours = as_typed(value, typed_values.without_era)
    if re.fullmatch(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*", text):
        try:
            read = dt.datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            raise unexpected(EXPECTED_MOMENT, value) from None
        if read.tzinfo is not None:
            if typed_values.is_of_another_calendar(read.year) and not is_ours:
                raise PydanticCustomError(
                    "unexpected", "{reason}", {"reason": typed_values.ask_about(text, f"{read.year:04}").messages[0]}
                )
            return read.astimezone(dt.UTC)
    raise unexpected(EXPECTED_MOMENT, value)


def possible_date(value: object) -> str:
    text = plain_text(value)
    return as_typed(text, partial_date.read_partial_date) if text else text


def as_typed(value: object, read: Callable[[str], Any]) -> Any:
    """The result of `read_partial_date` for a value that a person typed; its error is reported as a problem of the file."""
    try:
        return read(plain_text(value))
    except ValidationError as error:
        raise PydanticCustomError("unexpected", "{reason}", {"reason": " ".join(error.messages)}) from error


SLUG_SCHEMA = {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,80}$"}

OneLine = Annotated[str, BeforeValidator(plain_text)]
WrittenLine = Annotated[str, BeforeValidator(written_text)]
Slug = Annotated[str, BeforeValidator(slug), WithJsonSchema(SLUG_SCHEMA)]
YesNo = Annotated[bool, BeforeValidator(yes_or_no)]
PositiveInteger = Annotated[
    int, BeforeValidator(number_from_one), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 32767})
]
Amount = Annotated[Decimal, BeforeValidator(amount), WithJsonSchema({"type": "number", "minimum": 0})]
Day = Annotated[
    dt.date,
    BeforeValidator(day),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "examples": ["2025-09-09"]}),
]
ClockTime = Annotated[
    dt.time,
    BeforeValidator(clock_time),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$", "examples": ["09:30"]}),
]
DateTime = Annotated[
    dt.datetime,
    BeforeValidator(moment),
    WithJsonSchema({"type": "string", "examples": ["2025-09-09T10:00+03:00"]}),
]
POSSIBLE = BeforeValidator(possible_date)
PossibleDate = Annotated[
    str,
    POSSIBLE,
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "description": "A date as the source gives it (EDTF): 2025, 2025-09, 2025-09-09, 2022~ for “about 2022”, a/b for a span.",
        }
    ),
]
Credibility = Annotated[
    InformationCredibility,
    BeforeValidator(lambda value: value.translate(typed_values.IN_ASCII) if isinstance(value, str) else value),
    WithJsonSchema(
        {
            "enum": [*InformationCredibility.values, *map(int, InformationCredibility.values)],
            "description": InformationCredibility.__doc__,
        }
    ),
]


@dataclass(frozen=True)
class Refers:
    """Marks a key that refers to a section's entry, or to an instrument or a point, which are inside other entries."""

    section: str


ActorSlug = Annotated[Slug, Refers("actors")]
TopicSlug = Annotated[Slug, Refers("topics")]
SourceKey = Annotated[Slug, Refers("sources")]
PartnershipSlug = Annotated[Slug, Refers("partnerships")]
InstrumentSlug = Annotated[Slug, Refers("instruments")]
ClaimKey = Annotated[Slug, Refers("claims")]
SeriesSlug = Annotated[Slug, Refers("series")]
EventSlug = Annotated[Slug, Refers("events")]
PointKey = Annotated[
    str,
    BeforeValidator(point_key),
    WithJsonSchema({"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,80}/[-a-zA-Z0-9_]{1,80}$"}),
    Refers("points"),
]
ReferenceText = Annotated[
    str, BeforeValidator(a_reference), WithJsonSchema({"type": "string", "pattern": f"^{REFERENCE}$"})
]
RecommendationReference = Annotated[ReferenceText, Refers("recommendations")]
