"""What the check of texts for names has recorded: read only; what says who took part is only for convenors."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.models import NameRefusal, PublicName
from events.names.check import is_convenor
from publishing.desk.page import DeskPage, request_user


class KeptOfReading(DeskPage):
    """Rows that the check wrote; nobody edits them by hand."""

    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "recorded_at"
    actions = None
    list_select_related = ("by",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PublicName)
class PublicNameAdmin(KeptOfReading):
    """What reviewers allowed, and why. Words that were found reveal who took part, so only convenors see them."""

    def get_list_display(self, request: HttpRequest) -> Any:
        words = ("words",) if is_convenor(request_user(request)) else ()
        return ("kind", "public_id", "place", *words, "reason", "by", "recorded_at")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_list_display(request)

    def get_search_fields(self, request: HttpRequest) -> Any:
        return ("public_id", "reason")


@admin.register(NameRefusal)
class NameRefusalAdmin(KeptOfReading):
    """Who was told whether a text names somebody, and when: many in a row are an attempt to find out who took part."""

    fields = ("kind", "public_id", "by", "recorded_at", "told")
    list_display = ("by", "recorded_at", "kind", "public_id", "told")
    list_filter = (("by", admin.RelatedOnlyFieldListFilter),)

    @admin.display(description=_("what was told"))
    def told(self, refusal: NameRefusal) -> Any:
        return _("it names somebody") if refusal.digests else _("it names nobody, and it was not made public")
