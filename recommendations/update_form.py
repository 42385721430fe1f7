"""The form of the update: short; fields that only some choices need appear when such a choice is made."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.models import Source
from publishing.database.clean_text import CleanForm
from publishing.form_fields import DayField, PartialDateFormField, WholeNumberField
from publishing.languages import Language, listed
from publishing.partial_dates.field import PartialDateField
from publishing.permissions import reviews
from recommendations.actions.history import NOTHING_SEEN, RESPONSE_HISTORY, STATE_HISTORY
from recommendations.actions.update import Cited
from recommendations.lifecycle import rules as lifecycle
from recommendations.lifecycle.rules import Need
from recommendations.lifecycle.states import Confidence, ImplementationState, ResponseKind
from recommendations.models import Addressee, Evidence, Recommendation, Response, StatusEntry

DATED, WELL_SHOWN = Need.DATED_SOURCE, Need.PRIMARY_OR_INDEPENDENT_SOURCE
NEEDED_FIELDS: dict[str, Need] = {
    "source_date": DATED,
    "nature": WELL_SHOWN,
    "reason": Need.REASON,
    "last_movement_date": Need.LAST_MOVEMENT,
    "what_remains": Need.WHAT_REMAINS,
    "how_intent_is_met": Need.HOW_INTENT_IS_MET,
    "successor": Need.SUCCESSOR,
}
"""Fields that only some states need, each with its need."""

STATE_TEXT_FIELDS = ("reason", "last_movement_date", "what_remains", "how_intent_is_met", "successor")

NEEDED_BY_ANSWER = {
    "channel": (ResponseKind.AWAITING,),
    "recipient": (ResponseKind.AWAITING,),
    "office": (ResponseKind.ACCEPTED, ResponseKind.PARTLY_ACCEPTED),
    "source": (ResponseKind.ACCEPTED, ResponseKind.PARTLY_ACCEPTED),
    "accepted_part": (ResponseKind.PARTLY_ACCEPTED,),
    "words": (ResponseKind.NOTED,),
    "reason": (ResponseKind.REJECTED,),
    "no_reason_given": (ResponseKind.REJECTED,),
}
"""The same for the fields of a response."""


class OfferedChoice(forms.ChoiceField):
    """Offers the possible choices, but accepts all: the action explains better why another is impossible."""

    def __init__(self, *, known: Iterable[str], **kwargs: Any) -> None:
        self.known = frozenset(known)
        super().__init__(**kwargs)

    def valid_value(self, value: Any) -> bool:
        return value in self.known


def lines(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}), **kwargs
    )


def line(label: Any, length: int | None = None, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=length, widget=forms.TextInput(attrs={"dir": "auto"}), **kwargs
    )


@dataclass(frozen=True, slots=True)
class Needed:
    """A group of fields that some choices need; `values` are those choices, for the script that shows the group."""

    title: Any
    fields: list[forms.BoundField]
    values: str


class UpdateForm(CleanForm, forms.Form):
    """What was found about `addressee`, and what it answered."""

    state = OfferedChoice(
        label=_("How far it has come"),
        known=["", *ImplementationState.values],
        required=False,
        widget=forms.RadioSelect,
    )
    as_of = DayField(label=_("As of"), help_text=_("The day for which this is true."))
    source_url = forms.URLField(
        label=_("Link to the source"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    source_date = PartialDateFormField(
        label=_("Date of the source"),
        required=False,
        max_length=PartialDateField.MAX_LENGTH,
        help_text=_("As far as it is known: 2026-03-14, 2026-03 or 2026."),
    )
    nature = forms.ChoiceField(
        label=_("Nature of the source"), required=False, choices=Evidence.Nature.choices, initial="unrated"
    )
    public_note = line(_("What you found, in one line"), help_text=_("Public."))
    reason = lines(_("Reason"))
    last_movement_date = DayField(label=_("Last movement"), required=False)
    what_remains = lines(_("What remains"))
    how_intent_is_met = lines(_("How the intent is met"))
    successor = forms.ModelChoiceField(label=_("Successor"), required=False, queryset=Recommendation.objects.all())

    source = forms.ModelChoiceField(
        label=_("A source that is there already"), required=False, queryset=Source.objects.all()
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("In place of a link, or beside it as its copy: a page, PDF, plain text or picture; for the desk."),
    )
    source_title = line(_("Title of the source"), 300, help_text=_("Otherwise it is called by its address."))
    publisher_name = line(_("Publisher of the source"), 200, help_text=_("Otherwise the host of the address."))
    independence_group = forms.SlugField(
        label=_("Independence group"),
        required=False,
        max_length=80,
        help_text=_("One name for all that goes back to the same origin; otherwise the host of the address."),
    )
    confidence = forms.ChoiceField(label=_("Confidence"), required=False)
    internal_note = lines(_("Internal note"), help_text=_("For the desk only; it is never shown to anybody else."))
    language = forms.ChoiceField(label=_("Language of what you write"), choices=Language.choices, required=False)

    response_kind = OfferedChoice(label=_("What it answered"), known=["", *ResponseKind.values], required=False)
    response_channel = line(_("Channel"), 120, help_text=_("How it was sent: letter, e-mail."))
    response_recipient = line(_("Recipient"), 200, help_text=_("The office it was sent to; no person's name."))
    response_office = line(_("Office"), 200, help_text=_("The office that answered; no person's name."))
    response_source = forms.ModelChoiceField(
        label=_("Source of the answer"), required=False, queryset=Source.objects.all(), help_text=_("A published one.")
    )
    response_accepted_part = lines(_("Accepted part"))
    response_words = lines(_("Words"), help_text=_("What it said, in its words."))
    response_reason = lines(_("Reason it gave"))
    response_no_reason_given = forms.BooleanField(label=_("No reason given"), required=False)

    seen = WholeNumberField(widget=forms.HiddenInput)
    seen_response = WholeNumberField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, addressee: Addressee, by: User, today: dt.date) -> None:
        self.entry: StatusEntry | None = STATE_HISTORY.last(addressee)
        self.response: Response | None = RESPONSE_HISTORY.last(addressee)
        self.before: str = self.entry.state if self.entry else ImplementationState.NOT_ASSESSED
        self.by = by
        language = (get_language() or "en")[:2]
        super().__init__(
            data,
            files,
            initial={
                "state": self.before if self.checks else "",
                "as_of": today,
                "language": language if language in Language.values else Language.EN,
                "seen": self.current_entry,
                "seen_response": self.current_response,
            },
        )
        fields: Any = self.fields
        fields["state"].choices = self.states()
        fields["state"].widget.attrs["autofocus"] = True
        fields["confidence"].choices = [
            ("", _("As before") if self.checks else Confidence.CLAIMED.label),
            *((value, label) for value, label in Confidence.choices if self.checks or value != Confidence.CLAIMED),
        ]
        kinds = lifecycle.next_responses(self.response.kind if self.response else ResponseKind.NOT_SENT)
        fields["response_kind"].choices = [("", _("Nothing new")), *((kind.value, kind.label) for kind in kinds)]

    @property
    def current_entry(self) -> int:
        return self.entry.pk if self.entry else NOTHING_SEEN

    @property
    def current_response(self) -> int:
        return self.response.pk if self.response else NOTHING_SEEN

    @property
    def checks(self) -> bool:
        """Whether a check can be recorded."""
        return lifecycle.is_check(self.before, self.before)

    @cached_property
    def next_states(self) -> list[ImplementationState]:
        """The states that may follow; reopening is offered only to those who may do it."""
        found = [state for state in lifecycle.next_states(self.before) if state != self.before]
        return [state for state in found if reviews(self.by) or not lifecycle.is_reopening(self.before, state)]

    def states(self) -> list[tuple[str, Any]]:
        unchanged = _("Looked, no change: %(state)s") % {"state": ImplementationState(self.before).label}
        return [
            *([(self.before, unchanged)] if self.checks else []),
            *((state.value, state.label) for state in self.next_states),
            ("", _("Nothing new: record the answer only")),
        ]

    def needed(self) -> Iterator[Needed]:
        """The groups of fields that some of the offered states need."""
        for name, need in NEEDED_FIELDS.items():
            states = [state for state in self.next_states if need in lifecycle.needs(self.before, state)]
            values = [state.value for state in states]
            said = [str(state.label) for state in states]
            if need in lifecycle.CONFIDENT.values():
                confidences = [one for one, wanted in lifecycle.CONFIDENT.items() if wanted == need]
                values += [one.value for one in confidences]
                said += [str(one.label) for one in confidences]
            if states or self[name].errors:
                shown = [self[name]]
                yield Needed(_("Needed for: %(choices)s") % {"choices": listed(said)}, shown, " ".join(values))

    @property
    def of_the_source(self) -> list[Needed]:
        return [group for group in self.needed() if group.fields[0].name in ("source_date", "nature")]

    @property
    def of_the_state(self) -> list[Needed]:
        return [group for group in self.needed() if group.fields[0].name in STATE_TEXT_FIELDS]

    @property
    def more(self) -> list[forms.BoundField]:
        """Fields that are seldom used."""
        names = (
            "file",
            "source",
            "source_title",
            "publisher_name",
            "independence_group",
            "confidence",
            "internal_note",
            "language",
        )
        return [self[name] for name in names]

    @property
    def of_the_answer(self) -> list[Needed]:
        """The fields of the answer in groups, each with the answers that need it."""
        groups: dict[tuple[ResponseKind, ...], list[forms.BoundField]] = {}
        for name, kinds in NEEDED_BY_ANSWER.items():
            groups.setdefault(kinds, []).append(self[f"response_{name}"])
        return [
            Needed(
                _("Needed for: %(choices)s") % {"choices": listed(kind.label for kind in kinds)},
                shown,
                " ".join(kind.value for kind in kinds),
            )
            for kinds, shown in groups.items()
        ]

    @property
    def says_more(self) -> bool:
        return any(
            self[field.name].errors or (self.is_bound and field.data and field.name in CHOSEN) for field in self.more
        )

    @property
    def says_answer(self) -> bool:
        names = ("response_kind", *(f"response_{name}" for name in NEEDED_BY_ANSWER))
        return any(self[name].errors for name in names) or bool(self.is_bound and self["response_kind"].data)

    def given(self) -> dict[str, Any]:
        """The arguments of `record_update`."""
        data = self.cleaned_data
        answer = {name: data[f"response_{name}"] for name in NEEDED_BY_ANSWER}
        return {
            "state": data["state"],
            "as_of": data["as_of"],
            "cited": Cited(
                url=data["source_url"],
                source=data["source"],
                title=data["source_title"],
                publisher_name=data["publisher_name"],
                date=data["source_date"],
                nature=data["nature"],
                independence_group=data["independence_group"],
                file=data["file"].read() if data["file"] else None,
            ),
            "confidence": data["confidence"],
            "public_note": data["public_note"],
            "words": {name: data[name] for name in STATE_TEXT_FIELDS},
            "internal_note": data["internal_note"],
            "language": data["language"] or Language.EN,
            "answer": {"kind": data["response_kind"], **answer} if data["response_kind"] else None,
            "seen": data["seen"],
            "seen_response": data["seen_response"],
        }

    def see_what_stands(self) -> None:
        """Marks the present records as seen, and keeps everything that was typed."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["seen"], data["seen_response"] = self.current_entry, self.current_response
        self.data = data


CHOSEN = ("source", "source_title", "publisher_name", "independence_group", "confidence", "internal_note")


class SnoozeForm(CleanForm, forms.Form):
    """Until when something can wait, and why."""

    until = DayField(label=_("Until"), help_text=_("The day on which it is in the queue again."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("For the desk only. It also comes back as soon as something new is recorded on it."),
    )
