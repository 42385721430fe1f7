"""What the public may read of a row, walked from the row to all that it hangs on: said independently of any column."""

import datetime as dt
from typing import Any

from django.db.models import Model, Q

from publishing.reader.public_rows import declared_by, wholes_of

OFF_RECORD = {"events.Report": "event", "events.PublishedDocument": "event", "events.Point": "session"}
"""Of which a rule of attribution hides what was said there."""


def walked(model: type[Model], *, at: dt.datetime, path: str = "") -> Q:
    """The rows of `model`, at the end of `path`, that are public at `at`."""
    found = Q()
    if hasattr(model, "embargo_until"):
        embargo = Q(**{f"{path}embargo_until__isnull": True}) | Q(**{f"{path}embargo_until__lte": at})
        found &= Q(**{f"{path}state": "published", f"{path}published_at__lte": at}) & embargo
    if model._meta.label == "events.PublishedDocument":
        found &= Q(**{f"{path}withdrawn_at__isnull": True})
    for whole in wholes_of(model):
        name = f"{path}{whole.field.name}"
        if OFF_RECORD.get(model._meta.label) == whole.field.name and whole.watched == "attribution_rule":
            found &= Q(**{f"{name}__isnull": True}) | ~Q(**{f"{name}__attribution_rule": "off_record"})
            continue
        is_public = walked(whole.model, at=at, path=f"{name}__")
        found &= is_public if whole.is_needed else is_public | Q(**{f"{name}__isnull": True})
    return found


def public_keys(model: type[Model], *, at: dt.datetime) -> set[Any]:
    """The keys of the rows that are public, with what is hidden beside what they hang on (a small group)."""
    return set(
        model._default_manager.filter(walked(model, at=at))
        .filter(declared_by(model).condition(model, at=at))
        .values_list("pk", flat=True)
    )
