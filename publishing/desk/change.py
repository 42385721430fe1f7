from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from publishing.models.change import Change


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """The feed of changes, as the database wrote it; read only."""

    list_display = ("effective_at", "kind", "identifier", "event", "version", "note")
    list_filter = ("kind", "event")
    search_fields = ("identifier", "note")
    date_hierarchy = "effective_at"
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
