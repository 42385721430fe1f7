"""Cursors: positions in a list, opaque to clients, and checked when a client sends them back."""

import base64
import binascii
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

Parse = Callable[[Any], Any]


class UnreadableCursor(ValueError):  # noqa: N818 – reads as what happened
    """Not a cursor that we gave out, or not one for this list."""


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value or len(value) > 200:
        raise UnreadableCursor
    # Surrogates: JSON can hold them, UTF-8 cannot.
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise UnreadableCursor
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise UnreadableCursor
    return value


def _moment(value: Any) -> dt.datetime:
    moment = dt.datetime.fromisoformat(_text(value))
    if moment.utcoffset() != dt.timedelta(0):
        raise UnreadableCursor
    return moment


def _score(value: Any) -> float:
    if type(value) is not float:
        raise UnreadableCursor
    return value


PARSE: Mapping[type, Parse] = {
    str: _text,
    int: _count,
    float: _score,
    dt.date: lambda value: dt.date.fromisoformat(_text(value)),
    dt.datetime: _moment,
}


def encode(*values: Any) -> str:
    """A cursor that holds `values`, each of a type in `PARSE`."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def decode(cursor: str, types: Sequence[type]) -> list[Any]:
    """The values in a cursor, which must be of these `types`. Raises UnreadableCursor."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(values, list):
            raise UnreadableCursor
        return [PARSE[kind](value) for kind, value in zip(types, values, strict=True)]
    except (UnicodeEncodeError, binascii.Error, ValueError) as error:
        raise UnreadableCursor from error
