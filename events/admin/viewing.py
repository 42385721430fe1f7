from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from events.models import Viewing


@admin.register(Viewing)
class ViewingAdmin(admin.ModelAdmin):
    """Who looked at participants, and when. Written by the pages themselves; read only here."""

    list_display = ("at", "by", "event", "what")
    list_filter = ("what", ("by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("by", "event")
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False
    fields = ("at", "by", "event", "what")
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
