"""With MAJLIS_FETCH=raise, and Django 6.1 or newer, no page fetches a row or a column that it did not ask for
beforehand.

A list that runs a query for each of its rows costs little while there are three of them; here it fails at the first.
Django sets fetch modes for one QuerySet at a time; the default of all others is a name in its module, which is set
here. The desk is left out: Django's admin fetches the objects of a form one by one.
"""

from contextvars import ContextVar
from typing import Any

from django.core import signals
from django.db import models
from django.db.models import query
from django.db.models.fetch_modes import FetchMode

answering = ContextVar("answering", default=False)


class RaiseWhileAnswering(FetchMode):
    """Tests themselves may follow whatever they made."""

    __slots__ = ()

    def fetch(self, fetcher: Any, instance: models.Model) -> None:
        (models.FETCH_RAISE if answering.get() else models.FETCH_ONE).fetch(fetcher, instance)


def begin(environ: dict[str, Any], **kwargs: Any) -> None:
    answering.set(environ["REQUEST_METHOD"] == "GET" and not environ["PATH_INFO"].startswith("/admin/"))


def end(**kwargs: Any) -> None:
    answering.set(False)


def refuse() -> None:
    query.DEFAULT_FETCH_MODE = RaiseWhileAnswering()
    signals.request_started.connect(begin)
    signals.request_finished.connect(end)
