"""The sizes of groups at events: for convenors. The log records that a size was entered, but no number."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.admin.convenors import ForConvenors
from events.forms import GroupSizeForm
from events.models import GroupSize
from publishing.desk.languages import texts_searched
from publishing.desk.page import BackToItsWhole, DeskPage
from publishing.desk.saving import FormErrorsMixin


@admin.register(GroupSize)
class GroupSizeAdmin(ForConvenors, BackToItsWhole, FormErrorsMixin, DeskPage):
    form = GroupSizeForm
    fields = ("event", "session", "people")
    autocomplete_fields = ("event",)
    kept_for_another = ("event",)
    list_display = ("of", "people")
    list_filter = (("event", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("event", "session")
    search_fields = texts_searched("event__name")
    list_per_page = 50
    show_full_result_count = False
    actions = None

    @admin.display(description=_("group"), ordering="event")
    def of(self, size: GroupSize) -> str:
        """The number of the row would mean nothing to those who may see it."""
        return f"{size.event}: {size.session}" if size.session else str(size.event)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, dict[str, Any]]]:
        return [{"added": {}}] if add else [{"changed": {}}]
