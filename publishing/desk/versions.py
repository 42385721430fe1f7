"""The stored versions of a publication, each with what it changed."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.fields import TranslationField

from publishing.desk.languages import translations_of
from publishing.languages import Language
from publishing.publication import Publication

NOT_SAID = frozenset({"id", "public_id", "texts_changed_at", "created_at", "version", "version_note", "public_from"})
"""Columns whose change means nothing to a reader, or is reported separately."""

MAX_VERSIONS_SHOWN = 200
"""The number of versions on the page; older ones are in the database."""


def versions_of(model_admin: admin.ModelAdmin, request: HttpRequest, publication: Publication) -> HttpResponse:
    """A page with the latest versions, the newest first."""
    kept = publication.versions.order_by("-pgh_id").values()[: MAX_VERSIONS_SHOWN + 1]  # type: ignore[attr-defined]
    rows = list(reversed(kept))
    fields = [
        field
        for field in publication._meta.concrete_fields
        if field.name not in NOT_SAID and field.name not in _originals(publication)
    ]
    said = ColumnValues(fields, rows)
    versions = []
    for n, row in enumerate(rows):
        before = rows[n - 1] if n else None
        if before is None and len(rows) > MAX_VERSIONS_SHOWN:
            continue  # only needed for the comparison with the next one
        changes = [
            {
                "label": _label(field),
                "before": said(field, before[field.attname]) if before is not None else "",
                "after": said(field, row[field.attname]),
            }
            for field in fields
            if (before is None and row[field.attname] not in (None, "", False))
            or (before is not None and row[field.attname] != before[field.attname])
        ]
        note_is_new = bool(row["version_note"]) and (before is None or row["version"] != before["version"])
        if changes or note_is_new:
            versions.append(
                {
                    "version": row["version"],
                    "at": row["pgh_created_at"],
                    "note": row["version_note"] if note_is_new else "",
                    "is_first": before is None,
                    "changes": changes,
                }
            )
    return TemplateResponse(
        request,
        "admin/publishing/versions.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Versions"),
            "subtitle": str(publication),
            "opts": model_admin.opts,
            "original": publication,
            "versions": versions[::-1],
            "has_view_permission": True,
        },
    )


class ColumnValues:
    """The values of columns in words: the label of a choice, the name of the object behind a key."""

    def __init__(self, fields: Iterable[Any], rows: Iterable[dict[str, Any]]) -> None:
        self.names: dict[str, dict[Any, str]] = {}
        rows = list(rows)
        for field in fields:
            if isinstance(field, ForeignKey):
                keys = {row[field.attname] for row in rows} - {None}
                named = field.related_model._base_manager.in_bulk(keys) if keys else {}
                self.names[field.attname] = {key: str(thing) for key, thing in named.items()}

    def __call__(self, field: Any, value: Any) -> str:
        if value is None or value == "":
            return "–"
        if field.attname in self.names:
            return self.names[field.attname].get(value, f"#{value}")
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if isinstance(value, dt.datetime):
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        if isinstance(value, dt.date):
            return date_format(value, "DATE_FORMAT")
        return str(value)


def _originals(publication: Publication) -> set[str]:
    """The columns that repeat a text in its original language."""
    return {field.translated_field.name for field in translations_of(publication)}


def _label(field: Any) -> str:
    if isinstance(field, TranslationField):
        name = capfirst(field.translated_field.verbose_name)
        return f"{name} ({Language(field.language).label})"
    return str(capfirst(field.verbose_name))
