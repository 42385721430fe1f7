"""The kinds of items in the queue, their places, and the filters."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class QueueKind(models.TextChoices):
    """Why something is in the queue; the most pressing first."""

    SUBMISSION = "submission", _("To decide")
    SOURCE = "source", _("To publish")
    CONFIRM = "confirm", _("To be confirmed")
    DUE = "due", _("Due soon")
    FORECAST = "forecast", _("Forecast to resolve")
    REVIEW = "review", _("Claim to review")
    NO_RESPONSE = "no_response", _("No response")
    GONE = "gone", _("Source that is gone")
    STALE = "stale", _("Not checked for long")
    UNVERIFIED = "unverified", _("Unverified for long")


QUEUE_KINDS = tuple(QueueKind)
SOMETIME = dt.date.min
"""Stands for an unknown date, before all others: nobody has checked yet."""


class Place(NamedTuple):
    """The place of an item in the queue, with which an address names the item to begin after."""

    kind: QueueKind
    day: dt.date
    key: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place in `text`; None if it has none."""
        found = re.fullmatch(r"([a-z_]{1,20})\.(\d{4}-\d\d-\d\d)\.(\d{1,18})", text, re.ASCII)
        if found is None or found[1] not in QueueKind.values:
            return None
        try:
            return cls(QueueKind(found[1]), dt.date.fromisoformat(found[2]), int(found[3]))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.kind.value}.{self.day.isoformat()}.{self.key}"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The filters of the queue."""

    kind: QueueKind | None = None
    mine: bool = False
    series: int | None = None
    partner: int | None = None


EVERYTHING = Narrowed()
