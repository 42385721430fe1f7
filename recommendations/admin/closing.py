"""Closing the loop at the desk: offers the entry that one of our own events makes possible, and never records it
silently.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from publishing.acting import Act
from publishing.desk.addresses import change_address
from publishing.desk.page import Tool, request_user, say_days
from publishing.desk.saving import said_of_names, show_refusal
from publishing.form_fields import days_said
from publishing.refusals import REFUSALS
from publishing.site_address import absolute
from recommendations.actions import fulfilment
from recommendations.actions.history import NOTHING_SEEN
from recommendations.admin.redrafting import DraftsFromEarlierOnes
from recommendations.forms import CloseForm
from recommendations.models import Recommendation


class ClosesTheLoop(DraftsFromEarlierOnes):
    """Offers, on the page of a recommendation, to record what a held event has fulfilled."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.close_view)
        name = "recommendations_recommendation_close"
        return [path("close/<int:pk>/", view, name=name), *super().get_urls()]

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        found = super().tools(request, obj)
        if not request.user.has_perm("recommendations.add_statusentry"):
            return found
        for loop in fulfilment.loops([obj.pk]):
            label = _("%(event)s was held: record what it realises (%(actor)s)")
            said = {"event": loop.event, "actor": loop.addressee.actor}
            found.append(Tool(label % said, self._address("close", loop.addressee.pk)))
        return found

    def close_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("recommendations.add_statusentry"):
            raise PermissionDenied
        of_it = Recommendation.objects.filter(addressees=pk) if pk < 2**31 else None
        offered = fulfilment.loops(of_it) if of_it is not None else []
        loop = next((loop for loop in offered if loop.addressee.pk == pk), None)
        if loop is None:
            raise Http404
        recommendation, event = loop.addressee.recommendation, loop.event
        seen = loop.addressee.current_status.entry_id or NOTHING_SEEN
        form = CloseForm(request.POST or None, initial={"as_of": loop.ended_on, "seen": seen})
        if request.method == "POST" and form.is_valid():
            try:
                with override(settings.LANGUAGE_CODE):  # one page and one source, whatever language one works in
                    address = absolute(event.get_absolute_url(), request)
                source = fulfilment.source_of_event(event, address=address, by=request_user(request))
                entries = fulfilment.close_loop(
                    loop.addressee,
                    event=event,
                    source=source,
                    act=Act(by=request_user(request), at=timezone.now(), names_override_reason=said_of_names(request)),
                    **form.cleaned_data,
                )
            except REFUSALS as error:
                show_refusal(request, form, error)
            else:
                for entry in entries:
                    self.log_change(request, entry, str(_("Recorded what an event realises")))
                messages.success(
                    request,
                    format_html(
                        str(_("It is recorded as {}. Somebody else has to confirm it.")),
                        format_html('<a href="{}">{}</a>', change_address(entries[-1]), entries[-1]),
                    ),
                )
                say_days(request, days_said(form))
                return HttpResponseRedirect(change_address(recommendation))
        return self.ask(
            request,
            recommendation,
            title=_("Close the loop"),
            explanation=_(
                "“%(event)s” was held and realises what was asked of %(actor)s. Recorded is: in progress, where nobody "
                "has seen it begin, and then implemented, with the page of the event as its source. If that page is not "
                "a source yet, it is entered as a draft for somebody else to publish. Somebody else confirms the entry."
            )
            % {"event": event, "actor": loop.addressee.actor},
            form=form,
            submit=[("", _("Record it as implemented"))],
        )
