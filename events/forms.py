"""Forms of the desk for events."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Participant, Session
from partnerships.forms import DeskForm


class ParticipantChoice(forms.ModelChoiceField):
    """Names participants, whose own text form is opaque, to those who may know them."""

    def label_from_instance(self, participant: Participant) -> str:
        return f"{participant.name} ({participant.event})"


class OfOneParticipant(DeskForm):
    """Of the participant on whose page it was begun."""

    participant = ParticipantChoice(queryset=Participant.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = str(self.data.get("participant") or self.initial.get("participant") or "")
        if "participant" in self.fields and given.isdecimal():
            field = self.fields["participant"]
            assert isinstance(field, ParticipantChoice)
            field.queryset = Participant.objects.select_related("event").filter(pk=int(given))
            self.begin(int(given))

    def begin(self, participant: int) -> None:
        """Narrows what can be chosen to what is possible for the participant of that key."""


class ConsentForm(OfOneParticipant):
    """A word of a participant, given or taken back."""


class DisclosureForm(OfOneParticipant):
    """What is to be shown of a participant, and where."""

    def begin(self, participant: int) -> None:
        field = self.fields["session"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Session.objects.filter(event__in=Participant.objects.filter(pk=participant).values("event"))


class ErasureForm(forms.Form):
    """Why somebody is forgotten."""

    because = forms.ChoiceField(label=_("Why"), choices=Participant.ErasureReason, widget=forms.RadioSelect)
