"""Forms of the desk for what came of a recommendation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms import DeskForm
from partnerships.models import Source
from partnerships.partial_date import validate
from recommendations.models import DigestChoice, Evidence, Recommendation
from recommendations.states import Confidence
from recommendations.update import Cited


class StatusEntryForm(DeskForm):
    """With a note that stays at the desk, in a table of its own."""

    internal_note = forms.CharField(
        label=_("Internal note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the desk only; it is never shown to anybody else."),
    )


class DigestChoiceForm(forms.ModelForm):
    """What somebody wants to be reminded of, for themselves."""

    class Meta:
        model = DigestChoice
        fields = ("wants_digest", "language")


class AcceptForm(forms.Form):
    """What the desk adds when it takes over what a partner reports; in `cited`, what shows it."""

    confidence = forms.ChoiceField(
        label=_("Confidence"),
        choices=Confidence.choices,
        initial=Confidence.CLAIMED,
        help_text=_("How far our own evidence goes beyond the partner's word."),
    )
    what_remains = forms.CharField(label=_("What remains"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    last_movement_date = forms.DateField(
        label=_("Last movement"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
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
    address = forms.URLField(
        label=_("Link to the source"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
        help_text=_("Instead of a source that is there. A new one waits for a second person."),
    )
    source_title = forms.CharField(label=_("Title of the source"), required=False, max_length=300)
    source_date = forms.CharField(
        label=_("Date of the source"),
        required=False,
        max_length=40,
        validators=[validate],
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
            address=given.pop("address", ""),
            source=given.pop("source", None),
            title=given.pop("source_title", ""),
            date=given.pop("source_date", ""),
            nature=given.pop("nature", "") or Evidence.Nature.UNRATED,
            independence_group=given.pop("independence_group", ""),
        )
        return {**given, "cited": cited}


class DeclineForm(forms.Form):
    """Why the desk does not take over what a partner reports."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The partner sees it."),
    )
