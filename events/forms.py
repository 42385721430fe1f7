"""Forms of the desk for events."""

from typing import Any

from django import forms

from events.models import Participant
from partnerships.forms import DeskForm


class ParticipantChoice(forms.ModelChoiceField):
    """Names participants, whose own text form is opaque, to those who may know them."""

    def label_from_instance(self, participant: Participant) -> str:
        return f"{participant.name} ({participant.event})"


class ConsentForm(DeskForm):
    """Of the one participant on whose page it was begun."""

    participant = ParticipantChoice(queryset=Participant.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = str(self.data.get("participant") or self.initial.get("participant") or "")
        if "participant" in self.fields and given.isdecimal():
            field = self.fields["participant"]
            assert isinstance(field, ParticipantChoice)
            field.queryset = Participant.objects.select_related("event").filter(pk=int(given))
