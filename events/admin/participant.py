"""The participants, their consents and their disclosures: for convenors alone.

The admin's log records that somebody changed something, but no name or value. No address contains a name, so there is
no search and no autocomplete: the query in an address stays in the logs of servers.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from events import actions
from events.admin.convenors import AboutParticipants, record_viewing
from events.forms import ConsentForm, DisclosureForm, ErasureForm
from events.models import Consent, DisclosedParticipant, Disclosure, Event, Participant, Viewing
from events.names.check import where_named
from publishing.acting import Act
from publishing.desk.addresses import add_address, change_address, key_from, list_address
from publishing.desk.page import BackToItsWhole, DeskPage, Panel, PanelRow, Tool, request_user
from publishing.desk.record import RecordAdmin
from publishing.desk.saving import FormErrorsMixin


@admin.register(Participant)
class ParticipantAdmin(AboutParticipants, BackToItsWhole, FormErrorsMixin, DeskPage):
    seen = Viewing.What.PARTICIPANT
    fields = ("event", "name", "other_spellings", "affiliation", "role")
    autocomplete_fields = ("event",)
    kept_for_another = ("event",)
    list_display = ("shown_name", "affiliation", "role")
    list_filter = ("role",)
    list_per_page = 50
    show_full_result_count = False
    actions = None

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, participant: Participant) -> str:
        return participant.name or str(_("erased"))

    # The list of one event

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.getlist("event__id__exact")
        event = Event.objects.filter(pk=key_from(asked[0])).first() if len(asked) == 1 else None
        if event is None:
            return self._choose_event(request)
        record_viewing(request, Viewing.What.LIST, event)
        title = _("Participants of “%(event)s”") % {"event": event}
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def _choose_event(self, request: HttpRequest) -> HttpResponse:
        """The events that have participants, but no participants."""
        events = Event.objects.filter(pk__in=Participant.objects.values("event"))
        return TemplateResponse(
            request,
            "admin/events/choose_event.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Participants of which event?"),
                "opts": self.opts,
                "events": [(event, list_address(Participant, event__id__exact=event.pk)) for event in events],
                "all_events": list_address(Event),
            },
        )

    # One participant

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A participant cannot move to another event."""
        own = super().get_readonly_fields(request, obj)
        return own if obj is None else (*own, "event")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is not None and obj.erased_at is not None:
            return [(None, {"fields": ["event", "erased_at", "erased_by", "erased_because"]})]
        return list(super().get_fieldsets(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.erased_at is None)

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        of_the_event = Tool(
            _("All participants of the event"), list_address(Participant, event__id__exact=obj.event_id)
        )
        if not self.has_change_permission(request, obj):
            return [of_the_event]
        return [of_the_event, Tool(_("Erase"), reverse("admin:events_participant_erase", args=[obj.pk]))]

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        may = request.user.has_perm if obj.erased_at is None else lambda permission: False
        consents = obj.consents.select_related("by").order_by("-recorded_at", "-id")
        standing = {consent.pk for consent in obj.consents.effective()}
        disclosures = obj.disclosures.select_related("by", "session").order_by("pk")
        public = {one.public_id: one for one in DisclosedParticipant.objects.filter(event=obj.event_id)}
        return [
            Panel(
                title=_("Consents"),
                columns=[_("as of"), _("disclosure"), _("given"), _("it stands"), _("evidence"), _("by")],
                rows=[
                    PanelRow(
                        cells=[
                            date_format(consent.as_of, "DATE_FORMAT"),
                            consent.get_disclosure_display(),
                            _("yes") if consent.given else _("no"),
                            _("yes") if consent.pk in standing else _("no, a later one does"),
                            consent.evidence,
                            consent.by.get_username(),
                        ]
                    )
                    for consent in consents
                ],
                tools=[Tool(_("Record a consent"), add_address(Consent, participant=obj.pk))]
                if may("events.add_consent")
                else [],
                empty=_("No consent is recorded, and so nothing about this person is disclosed."),
            ),
            Panel(
                title=_("Disclosures"),
                columns=[_("where"), _("to be shown"), _("everybody can read"), _("by")],
                rows=[
                    PanelRow(
                        cells=[
                            disclosure.session or _("the event as a whole"),
                            _shown(
                                disclosure.shows_name and _("name"), disclosure.shows_affiliation and _("affiliation")
                            ),
                            _read(public.get(disclosure.public_id)),
                            disclosure.by.get_username(),
                        ],
                        tools=[Tool(_("Take back"), reverse("admin:events_disclosure_delete", args=[disclosure.pk]))]
                        if may("events.delete_disclosure")
                        else [],
                    )
                    for disclosure in disclosures
                ],
                tools=[Tool(_("Disclose"), add_address(Disclosure, participant=obj.pk))]
                if may("events.add_disclosure")
                else [],
                empty=_("Nothing of this person is published."),
            ),
            self._named(obj),
        ]

    def _named(self, participant: Participant) -> Panel:
        """The places where public texts name this person: searched each time, and never stored."""
        return Panel(
            title=_("Public texts that name this person or the affiliation"),
            columns=[_("publication"), pgettext("in a text", "place"), pgettext("in a text", "words")],
            rows=[
                PanelRow(
                    cells=[publication, named.public_text.place, named.found.context],
                    tools=[Tool(_("Open"), change_address(publication))],
                )
                for publication, named in where_named(participant)
            ],
            empty=_("None that comes out of this event."),
        )

    # Erasure

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.erase_view)
        return [path("<path:object_id>/erase/", view, name="events_participant_erase"), *super().get_urls()]

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        self.looked_at(request, object_id, self.seen)
        participant = self.found(request, object_id)
        if not self.has_change_permission(request, participant):
            raise PermissionDenied
        form = ErasureForm(request.POST or None)
        if form.is_valid():
            actions.erase_participant(
                participant, because=form.cleaned_data["because"], act=Act(by=request_user(request), at=timezone.now())
            )
            self.log_change(request, participant, "Erased")
            self.message_user(request, _("What was known of %(participant)s is erased.") % {"participant": participant})
            return HttpResponseRedirect(change_address(participant))
        return self.ask(
            request,
            participant,
            title=_("Erase"),
            explanation=_(
                "Name, other spellings, affiliation and role go for good, and whatever is disclosed is taken back. "
                "The consents stay under a number, without a name."
            ),
            form=form,
            submit=[("", _("Erase for good"))],
            context={"is_dangerous": True},
        )


def _shown(*words: Any) -> str:
    return ", ".join(str(word) for word in words if word)


def _read(shown: DisclosedParticipant | None) -> Any:
    return _("nothing now") if shown is None else _shown(shown.name, shown.affiliation)


class OfAParticipant(AboutParticipants, RecordAdmin):
    """Records about one participant, which are added and listed on the participant's page."""

    subject = "participant"
    path_to_event = "participant__event"
    corrected = ""
    is_public = False

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Reached only from the participant."""
        return {}

    def event_of(self, request: HttpRequest, object_id: str | None) -> Event | None:
        """The form of a new one names the participant in its address."""
        given = request.POST.get("participant") or request.GET.get("participant") or ""
        if object_id is None and (key := key_from(given)) is not None:
            participant = Participant.objects.select_related("event").filter(pk=key).first()
            return participant.event if participant is not None else None
        return super().event_of(request, object_id)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is no list across participants."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(list_address(Participant))


@admin.register(Consent)
class ConsentAdmin(OfAParticipant):
    seen = Viewing.What.CONSENTS
    form = ConsentForm
    append = actions.record_consent
    fields = ("participant", "disclosure", "given", "as_of", "evidence")


@admin.register(Disclosure)
class DisclosureAdmin(OfAParticipant):
    seen = Viewing.What.DISCLOSURES
    form = DisclosureForm
    append = actions.disclose
    fields = ("participant", "session", "shows_name", "shows_affiliation")
    date_hierarchy = "recorded_at"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A decision may be deleted, unlike the other records."""
        return self.has_view_permission(request, obj) and request_user(request).has_perm("events.delete_disclosure")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        request._was_of = obj.participant  # type: ignore[attr-defined] # to go back there
        actions.take_back_disclosure(obj, act=Act(by=request_user(request), at=timezone.now()))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        self.message_user(request, _("The disclosure is taken back: nobody reads it any more."))
        return HttpResponseRedirect(change_address(request._was_of))  # type: ignore[attr-defined]
