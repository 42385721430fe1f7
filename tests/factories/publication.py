"""What the factories of all publications, and of all appended records, share."""

import datetime as dt
import itertools
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from modeltranslation.translator import NotRegistered, translator

from publishing.publication import PublicationState
from tests.factories.accounts import somebody

__all__ = [
    "AS_OF",
    "PUBLISHED_AT",
    "WITHDRAWN_AT",
    "AppendedFactory",
    "PublicationFactory",
    "TranslatedFactory",
    "hidden",
    "noon",
]

NUMBERS = itertools.count(1)
AS_OF = dt.date(2025, 6, 1)
PUBLISHED_AT = dt.datetime(2025, 5, 1, 12, tzinfo=dt.UTC)
WITHDRAWN_AT = dt.datetime(2025, 5, 2, 12, tzinfo=dt.UTC)


def noon(day: dt.date) -> dt.datetime:
    """Twelve o'clock UTC on `day`."""
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


class TranslatedFactory(DjangoModelFactory):
    """Writes a text given by its plain name into the column of the original language.

    Modeltranslation would take the language that is active, and a test of the Arabic page would
    then make rows without an original.
    """

    class Meta:
        abstract = True

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        kwargs = super()._adjust_kwargs(**kwargs)
        try:
            texts = translator.get_options_for_model(cls._meta.model).all_fields
        except NotRegistered:
            return kwargs
        language = kwargs.get("original_language", "en")
        for text in texts:
            if text in kwargs:
                kwargs.setdefault(f"{text}_{language}", kwargs.pop(text))
        return kwargs


class PublicationFactory(TranslatedFactory):
    """A draft of whoever writes; `in_review`, `published` and `withdrawn` move it on."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    class Params:
        in_review = factory.Trait(state=PublicationState.IN_REVIEW)
        published = factory.Trait(
            state=PublicationState.PUBLISHED,
            reviewer=somebody("reviewed"),
            published_at=PUBLISHED_AT,
        )
        withdrawn = factory.Trait(
            state=PublicationState.WITHDRAWN,
            reviewer=somebody("reviewed"),
            published_at=PUBLISHED_AT,
            withdrawn_at=WITHDRAWN_AT,
            withdrawal_note="It rested on a misreading.",
        )

    author = somebody("wrote")


class AppendedFactory(DjangoModelFactory):
    """A record that became known at noon of the day for which it is true."""

    class Meta:
        abstract = True

    as_of = AS_OF
    recorded_at = factory.LazyAttribute(lambda record: noon(record.as_of))
    by = somebody("recorded")


def hidden() -> dict[str, Any]:
    """Columns of something with a name that is public tomorrow at the earliest; no two things share a name."""
    return {"name": f"HIDDEN {next(NUMBERS)}", "embargo_until": timezone.now() + dt.timedelta(days=1)}
