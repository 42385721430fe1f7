"""Forms of the desk for the follow-up of recommendations."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from events.models import Event, Series
from partnerships.models import Source
from publishing.database.clean_text import CleanForm
from publishing.desk.forms import DeskForm
from publishing.form_fields import DayField, PartialDateFormField, WholeNumberField
from publishing.partial_dates.field import PartialDateField
from recommendations.actions import redrafting
from recommendations.actions.update import Cited
from recommendations.lifecycle.states import Confidence, ImplementationState
from recommendations.models import DigestChoice, Evidence, Recommendation
from recommendations.models.recommendation import REFERENCE


class StatusEntryForm(DeskForm):
    """With an internal note, which is stored in a table of its own."""

    internal_note = forms.CharField(
        label=_("Internal note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the desk only; it is never shown to anybody else."),
    )


class DigestChoiceForm(CleanForm, forms.ModelForm):
    """A person's own choice about the daily digest."""

    class Meta:
        model = DigestChoice
        fields = ("wants_digest", "language")


class AcceptForm(CleanForm, forms.Form):
    """What the desk adds when it accepts a partner's report; in `cited`, the evidence."""

    confidence = forms.ChoiceField(
        label=_("Confidence"),
        choices=Confidence.choices,
        initial=Confidence.CLAIMED,
        help_text=_("How far our own evidence goes beyond the partner's word."),
    )
    what_remains = forms.CharField(label=_("What remains"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    last_movement_date = DayField(label=_("Last movement"), required=False)
    how_intent_is_met = forms.CharField(
        label=_("How the intent is met"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    successor = forms.ModelChoiceField(label=_("Successor"), required=False, queryset=Recommendation.objects.all())
    source = forms.ModelChoiceField(
        label=_("Source"),
        required=False,
        queryset=Source.objects.all(),
        help_text=_("What shows it; most states need one."),
    )
    source_url = forms.URLField(
        label=_("Link to the source"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
        help_text=_("Instead of a source that is there. A new one waits for a second person."),
    )
    source_title = forms.CharField(label=_("Title of the source"), required=False, max_length=300)
    source_date = PartialDateFormField(
        label=_("Date of the source"),
        required=False,
        max_length=PartialDateField.MAX_LENGTH,
        help_text=_("As far as it is known: 2026-03-14, 2026-03 or 2026."),
    )
    nature = forms.ChoiceField(
        label=_("Nature of the source"),
        choices=Evidence.Nature.choices,
        initial=Evidence.Nature.OWN_ACCOUNT,
        required=False,
    )
    independence_group = forms.SlugField(
        label=_("Independence group"),
        required=False,
        help_text=_("One name for all that goes back to the same origin; otherwise the host of the address."),
    )

    def clean(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        cited = Cited(
            url=given.pop("source_url", ""),
            source=given.pop("source", None),
            title=given.pop("source_title", ""),
            date=given.pop("source_date", ""),
            nature=given.pop("nature", "") or Evidence.Nature.UNRATED,
            independence_group=given.pop("independence_group", ""),
        )
        return {**given, "cited": cited}


class DeclineForm(CleanForm, forms.Form):
    """Why the desk declines a partner's report."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The partner sees it."),
    )


class SplitForm(CleanForm, forms.Form):
    """The parts of a compound recommendation; empty ones are ignored."""

    most = 8

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, self.most + 1):
            self.fields[f"title_{number}"] = forms.CharField(
                label=_("Part %(number)d: title") % {"number": number},
                max_length=200,
                required=False,
                widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
            )
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Part %(number)d: text") % {"number": number},
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField", "dir": "auto"}),
            )

    def clean(self) -> dict[str, Any]:
        parts = []
        for number in range(1, self.most + 1):
            said = {name: str(self.cleaned_data.get(f"{name}_{number}", "")).strip() for name in ("title", "text")}
            if any(said.values()):
                for name in (name for name, words in said.items() if not words):
                    self.add_error(f"{name}_{number}", ValidationError(_("Give each part both."), code="required"))
                parts.append(redrafting.DraftText(**said))
        return {"parts": parts}


class AsOfDayForm(CleanForm, forms.Form):
    """The as-of date of the end of what is superseded."""

    as_of = DayField(
        label=_("Ended as of"),
        initial=lambda: timezone.now().date(),
        help_text=_("The day from which the later one takes its place."),
    )


class MergeForm(AsOfDayForm):
    """What several recommendations are merged into: an existing one, or the texts of a new one."""

    into = forms.CharField(
        label=_("Into one that is there"),
        required=False,
        max_length=20,
        help_text=_("Its reference, for example R-2025-001. Empty: into a new draft with the words below."),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField", "dir": "auto"}),
    )
    event = forms.ModelChoiceField(
        label=_("Made at"), required=False, queryset=Event.objects.none(), empty_label=_("The latest of their events")
    )

    field_order = ("into", "title", "text", "event", "as_of")

    def __init__(self, *args: Any, chosen: list[Recommendation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_series = Event.objects.filter(series__in={one.event.series_id for one in chosen if one.event.series_id})
        field: Any = self.fields["event"]
        field.queryset = (of_series | Event.objects.filter(pk__in={one.event_id for one in chosen})).order_by(
            "-start_date", "-pk"
        )

    def clean_into(self) -> Recommendation | None:
        given = self.cleaned_data["into"].strip().upper()
        if not given:
            return None
        found = Recommendation.objects.filter(reference=given).first() if re.fullmatch(REFERENCE, given) else None
        if found is None:
            raise ValidationError(_("There is no recommendation with this reference."), code="unknown")
        return found

    def clean(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        title, text = given.pop("title", "").strip(), given.pop("text", "").strip()
        if "into" in given and given["into"] is None:
            for name, said in (("title", title), ("text", text)):
                if not said:
                    message = _("Write it, or name one that is there.")
                    self.add_error(name, ValidationError(message, code="required"))
            given["into"] = redrafting.DraftText(title, text)
        elif title or text:
            self.add_error("into", ValidationError(_("Either one that is there, or new words: not both.")))
        return given


class CarriedField(forms.ModelMultipleChoiceField):
    """Recommendations that are still open, each with its event and state."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        state = ImplementationState(obj.state_rolled_up).label
        return f"{obj} – {obj.event} – {state}"


class PlanForm(CleanForm, forms.Form):
    """The next edition of a series: its name and days, as far as known, and what it carries forward."""

    edition = WholeNumberField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )
    start_date = DayField(label=_("First day"), required=False, help_text=_("Empty if it is not known yet."))
    end_date = DayField(label=_("Last day"), required=False)
    carry = CarriedField(
        label=_("Carry forward"),
        required=False,
        queryset=Recommendation.objects.none(),
        help_text=_("Each becomes a draft of the new event that reiterates it, addressed to the same."),
        error_messages={
            "invalid_choice": _("One of these is not open any more, or was taken up meanwhile. Choose again."),
        },
    )

    def __init__(self, *args: Any, series: Series, **kwargs: Any) -> None:
        last, number = redrafting.last_edition(series), redrafting.next_edition(series)
        day = redrafting.next_day(series, last)
        kwargs["initial"] = {"edition": number, "name": f"{series.name} ({number})"}
        super().__init__(*args, **kwargs)
        if day is not None:
            self.fields["start_date"].help_text = _("By its cadence about %(day)s. Empty if it is not known yet.") % {
                "day": date_format(day, "DATE_FORMAT")
            }
        field: Any = self.fields["carry"]
        field.queryset = redrafting.to_carry(series)
        self.initial["carry"] = [one.pk for one in field.queryset if one.event == last]
        if not field.queryset:
            field.help_text = _("Nothing that an earlier edition asked is still open.")


class CloseForm(CleanForm, forms.Form):
    """The as-of date and the text of the entry that a held event has fulfilled a recommendation."""

    as_of = DayField(label=_("As of"))
    public_note = forms.CharField(
        label=_("Public note"), required=False, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    seen = WholeNumberField(widget=forms.HiddenInput)
