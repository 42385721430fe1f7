"""What only convenors may see at the desk, and the record of each time they see it."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from events import actions
from events.models import Event
from publishing.acting import Act
from publishing.desk.addresses import key_from
from publishing.desk.page import request_user
from publishing.roles import CONVENORS, groups_of


def is_convenor(request: HttpRequest) -> bool:
    """Whether this person may know the participants; a superuser must be a convenor too."""
    user = request.user
    # Most pages of the desk know the permission already; the groups cost a query.
    return user.has_perm("events.view_participant") and CONVENORS in groups_of(user)


def record_viewing(request: HttpRequest, what: str, event: Event | None) -> None:
    """Records who is about to see the data, before it is shown: if that cannot be recorded, nothing is shown."""
    actions.record_viewing(what=what, event=event, act=Act(by=request_user(request), at=timezone.now()))


class ForConvenors(admin.ModelAdmin):
    """Pages for those who may know the participants and their number. A superuser must be a convenor too."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_convenor(request) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_convenor(request) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_convenor(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_convenor(request) and super().has_delete_permission(request, obj)


class AboutParticipants(ForConvenors):
    """Pages about single participants. To others they do not even reveal which participants exist.

    `seen` is the kind of viewing that is recorded; `path_to_event` leads from a row to its event.
    """

    seen: ClassVar[str]
    path_to_event: ClassVar[str] = "event"

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Says that something was changed, but not what."""
        return [{"added": {}}] if add else "Changed"

    def event_of(self, request: HttpRequest, object_id: str | None) -> Event | None:
        """The event of the row that a page shows; None if there is no such row."""
        row = self.model._default_manager.filter(pk=key_from(unquote(object_id or ""))).first()
        for step in self.path_to_event.split("__") if row is not None else ():
            row = getattr(row, step)
        return row

    def looked_at(self, request: HttpRequest, object_id: str | None, what: str) -> None:
        """Refuses whoever may not look, whether the row exists or not; records the viewing of those who may."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        event = self.event_of(request, object_id)
        if event is not None:
            record_viewing(request, what, event)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        self.looked_at(request, object_id, self.seen)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.looked_at(request, object_id, self.seen)
        return super().delete_view(request, object_id, extra_context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.looked_at(request, object_id, "log")
        return super().history_view(request, object_id, extra_context)
