"""Forms of the desk for what came of a recommendation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms import DeskForm
from recommendations.states import Confidence


class StatusEntryForm(DeskForm):
    """With a note that stays at the desk, in a table of its own."""

    internal_note = forms.CharField(
        label=_("Internal note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the desk only; it is never shown to anybody else."),
    )


class AcceptForm(forms.Form):
    """What the desk adds when it takes over what a partner reports."""

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


class DeclineForm(forms.Form):
    """Why the desk does not take over what a partner reports."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The partner sees it."),
    )
