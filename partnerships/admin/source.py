from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.admin.languages import texts_searched
from partnerships.admin.publication import PublicationAdmin
from partnerships.forms import SourceForm
from partnerships.models import Source


@admin.register(Source)
class SourceAdmin(PublicationAdmin):
    form = SourceForm
    texts = ("title", "note")
    about = (
        (
            _("Source"),
            {
                "fields": [
                    "publisher",
                    "publisher_name",
                    "author_name",
                    ("date", "source_language"),
                    "url",
                ]
            },
        ),
        (_("Archived copy"), {"fields": ["archived_copy", "archived_sha256", "accessed_date"]}),
    )
    list_display = ("title", "published_by", "date", "source_language", "cited")
    list_filter = ("source_language",)
    list_select_related = ("publisher",)
    search_fields = (*texts_searched("title", "publisher__name"), "publisher_name", "author_name", "url", "key")
    autocomplete_fields = ("publisher",)
    readonly_fields = ("archived_sha256",)
    permanent = ("key",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(times_cited=models.Count("partnerships_citations"))

    @admin.display(description=_("publisher"), ordering="publisher_name")
    def published_by(self, source: Source) -> str:
        return source.published_by or "–"

    @admin.display(description=_("citations"), ordering="times_cited")
    def cited(self, source: Any) -> int:
        return int(source.times_cited)
