from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from publishing.acting import Act
from publishing.database.clean_text import CleanForm
from publishing.desk.addresses import change_address
from publishing.desk.forms import DeskForm
from publishing.desk.languages import texts_searched
from publishing.desk.page import DeskPage, Panel, PanelRow, Tool, request_user
from publishing.desk.saving import FormErrorsMixin, said_of_names, show_refusal
from publishing.refusals import REFUSALS
from recommendations.actions import letters
from recommendations.models import Addressee, Letter

DECIDED = ("state", "decided_by", "decided_at", "reason", "response", "entry", "mailed_at")


class SendForm(CleanForm, forms.Form):
    """What becomes public when a letter is sent: that it was sent, how, and to which office."""

    channel = forms.CharField(
        label=_("Channel"), max_length=120, help_text=_("Public: how it is sent, for example letter or e-mail.")
    )
    recipient = forms.CharField(
        label=_("Recipient"), max_length=200, help_text=_("Public: the office it is sent to; no person's name.")
    )


class SilenceNoteForm(CleanForm, forms.Form):
    """The public note that nobody answered."""

    note = forms.CharField(
        label=_("Public note"), widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}), help_text=_("Public.")
    )


class DropForm(CleanForm, forms.Form):
    """Why a letter is not sent."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}), help_text=_("Stays at the desk.")
    )


@admin.register(Letter)
class LetterAdmin(FormErrorsMixin, DeskPage):
    """Drafts to addressees: edited, copied or sent, published as a note, or dropped. A person decides each."""

    form = DeskForm
    fieldsets = (
        (None, {"fields": ["addressee", "step", "asked_on", "drafted_at"]}),
        (_("Letter"), {"fields": ["language", "to_address", "subject", "text"]}),
        (_("What the desk decided"), {"fields": [*DECIDED]}),
    )
    readonly_fields = ("addressee", "step", "asked_on", "drafted_at", *DECIDED)
    rows_of_texts = 18
    list_display = ("addressee", "step", "state_column", "language", "drafted_at", "decided_by")
    list_filter = ("state", "step", "language")
    list_select_related = ("addressee__recommendation", "addressee__actor", "decided_by")
    search_fields = ("addressee__recommendation__reference", *texts_searched("addressee__actor__name"), "subject")
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "subject":
            field.widget.attrs.update(size=90, dir="auto")
        return field

    @admin.display(description=_("state"), ordering="state")
    def state_column(self, letter: Letter) -> str:
        return format_html('<span class="standing">{}</span>', letter.get_state_display())

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == Letter.State.DRAFT)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # added from the addressee

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in ("subject", "text", "language", "to_address")}
        letters.edit(obj, by=request_user(request), **given)

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        if not self.has_change_permission(request, obj):
            return []
        if obj.step == Letter.Step.SILENCE:
            first = [Tool(_("Publish this note…"), reverse("admin:recommendations_letter_publish", args=[obj.pk]))]
        else:
            first = [Tool(_("I send it myself…"), reverse("admin:recommendations_letter_sent", args=[obj.pk]))]
            if obj.to_address:
                first.insert(
                    0, Tool(_("Send it by e-mail…"), reverse("admin:recommendations_letter_mail", args=[obj.pk]))
                )
        return [*first, Tool(_("Drop it…"), reverse("admin:recommendations_letter_drop", args=[obj.pk]))]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            *(
                path(
                    f"<int:object_id>/{name}/",
                    view(self.decide_view),
                    {"name": name},
                    name=f"recommendations_letter_{name}",
                )
                for name in ("mail", "sent", "publish", "drop")
            ),
            path("draft/<int:object_id>/", view(self.draft_view), name="recommendations_letter_draft"),
            *super().get_urls(),
        ]

    def draft_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Drafts the first letter to an addressee, and opens it."""
        addressee = get_object_or_404(Addressee, pk=object_id)
        if not super().has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(change_address(addressee))
        return HttpResponseRedirect(
            change_address(letters.draft_first(addressee, act=Act(by=request_user(request), at=timezone.now())))
        )

    def decide_view(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        letter: Letter = self.found(request, str(object_id))
        if not super().has_change_permission(request, letter):
            raise PermissionDenied
        given = request.POST if request.method == "POST" else None
        form: forms.Form
        if name == "drop":
            form = DropForm(given)
        elif name == "publish":
            form = SilenceNoteForm(given, initial={"note": letter.text})
        else:
            form = SendForm(given, initial={"channel": _("e-mail")} if name == "mail" else None)
        if form.is_bound and form.is_valid():
            try:
                self._decide(request, letter, name, form.cleaned_data)
            except REFUSALS as refusal:
                show_refusal(request, form, refusal)
            else:
                self.log_change(request, letter, str(DONE_MESSAGES[name]))
                messages.success(request, DONE_MESSAGES[name])
                return HttpResponseRedirect(change_address(letter))
        title, explanation, submit = QUESTIONS[name]
        return self.ask(
            request,
            letter,
            title=title,
            explanation=explanation
            if name != "mail"
            else format_html("{} <bdi>{}</bdi>", explanation, letter.to_address),
            form=form,
            submit=[("", submit)],
        )

    def _decide(self, request: HttpRequest, letter: Letter, name: str, given: dict[str, str]) -> None:
        by, at = request_user(request), timezone.now()
        if name == "drop":
            letters.drop(letter, act=Act(by=by, at=at), **given)
            return
        said = said_of_names(request)
        if name == "publish":
            letters.publish_silence(letter, act=Act(by=by, at=at, names_override_reason=said), **given)
        else:
            letters.send(letter, by_mail=name == "mail", act=Act(by=by, at=at, names_override_reason=said), **given)


def letters_panel(addressee: Any) -> Panel:
    """The letters to an addressee, drafts and decided ones, for the addressee's page."""
    return Panel(
        title=_("Letters"),
        columns=[_("drafted"), _("step"), _("state"), _("decided by")],
        rows=[
            PanelRow(
                cells=[
                    date_format(timezone.localtime(letter.drafted_at), "DATE_FORMAT"),
                    letter.get_step_display(),
                    letter.get_state_display(),
                    letter.decided_by.get_username() if letter.decided_by else "–",
                ],
                tools=[Tool(_("View"), change_address(letter))],
            )
            for letter in addressee.letters.select_related("decided_by")
        ],
        empty=_("None. Where an answer is awaited for long, the background drafts one."),
    )


def draft_tool(request: HttpRequest, addressee: Any) -> list[Tool]:
    """The button that drafts a first letter, for those who may."""
    if not request.user.has_perm("recommendations.change_letter"):
        return []
    address = reverse("admin:recommendations_letter_draft", args=[addressee.pk])
    return [Tool(_("Draft a letter"), address, post=True)]


QUESTIONS = {
    "mail": (
        _("Send it by e-mail"),
        _("It leaves as it stands in the draft, and it becomes public that it was sent. It goes to:"),
        _("Send it"),
    ),
    "sent": (
        _("I send it myself"),
        _("You copy the text and send it. It becomes public that it was sent, how, and to which office."),
        _("It is sent"),
    ),
    "publish": (
        _("Publish that there was no answer"),
        _(
            "It becomes the public note of a check of today. Where nobody has looked yet, the state becomes “Not started”."
        ),
        _("Publish it"),
    ),
    "drop": (
        _("Drop it"),
        _("Nothing is sent. It is not drafted again unless the addressee is asked anew."),
        _("Drop it"),
    ),
}
DONE_MESSAGES = {
    "mail": _("It is recorded as sent, and on its way."),
    "sent": _("It is recorded as sent."),
    "publish": _("The note is published."),
    "drop": _("It is dropped."),
}
