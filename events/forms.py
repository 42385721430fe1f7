"""Forms of the desk for events."""

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.documents import apart, limits
from events.documents.formats import EXTENSIONS, MEDIA_TYPES
from events.documents.offer import check_name, check_size
from events.models import GroupSize, Participant, Point, Rewording, Session
from events.models.rewording import TEXT_COLUMNS
from publishing.database.clean_text import CleanForm
from publishing.desk.addresses import key_from
from publishing.desk.forms import DeskForm, PublicationForm
from publishing.languages import Language


def hidden_remark() -> str:
    """A remark for the desk beside support that the public does not see."""
    people = settings.MAJLIS_SMALLEST_GROUP
    return ngettext(
        "hidden from the public: fewer than %(people)s person",
        "hidden from the public: fewer than %(people)s people",
        people,
    ) % {"people": people}


class GradedForm(DeskForm):
    """For points: the support is a row of its own, but is edited here like a column."""

    support = forms.ChoiceField(label=capfirst(_("support")), choices=Point.Support.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "support" in self.fields:
            self.initial.setdefault("support", self.instance.support)
            if self.instance.group_is_too_small:
                self.fields["support"].help_text = capfirst(hidden_remark())

    def _post_clean(self) -> None:
        if "support" in self.cleaned_data and "support" in self.changed_data:
            self.instance.support = self.cleaned_data["support"]
        super()._post_clean()


class PointForm(GradedForm, PublicationForm):
    """A point on its own page."""


class PointRowForm(GradedForm):
    """A point as a row on its report's page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["support"].help_text = ""  # the column of remarks says it
        self.fields["support"].widget.attrs["aria-label"] = str(self.fields["support"].label)


class RewordingForm(CleanForm, forms.ModelForm):
    """A proposal of other words for a point; it starts with the present ones."""

    class Meta:
        model = Rewording
        fields = (*TEXT_COLUMNS, "grade", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in Language:
            field = self.fields[f"text_{language.value}"]
            field.label, field.required = language.label, False
            field.widget = forms.Textarea(
                attrs={"rows": 4, "lang": language.value, "dir": "rtl" if language == Language.AR else "ltr"}
            )
        self.fields["note"].widget = forms.Textarea(attrs={"rows": 2, "dir": "auto"})

    def _post_clean(self) -> None:
        """The action validates the proposal; the form knows neither the proposer nor the point."""


class DeclineRewordingForm(CleanForm, forms.Form):
    """Why a rewording is not accepted."""

    reason = forms.CharField(
        label=_("Reason"), help_text=_("The desk sees it."), widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


class SessionOfEvent(forms.ModelChoiceField):
    """Labels a session with its event."""

    def label_from_instance(self, session: Session) -> str:
        return f"{session.event}: {session}"


class GroupSizeForm(DeskForm):
    """For an event, or for one of its sessions."""

    session = SessionOfEvent(queryset=Session.objects.none(), required=False, label=capfirst(_("session")))

    class Meta:
        model = GroupSize
        fields = ("event", "session", "people")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "session" in self.fields:
            field = self.fields["session"]
            assert isinstance(field, SessionOfEvent)
            field.help_text = GroupSize._meta.get_field("session").help_text
            event = key_from(str(self.data.get("event") or self.initial.get("event") or self.instance.event_id or ""))
            sessions = Session.objects.select_related("event").order_by("event_id", "position", "id")
            field.queryset = sessions.filter(event=event) if event is not None else sessions


class ParticipantChoice(forms.ModelChoiceField):
    """Names participants, whose own text form is opaque, for those who may know them."""

    def label_from_instance(self, participant: Participant) -> str:
        return f"{participant.name} ({participant.event})"


class OfOneParticipant(DeskForm):
    """For the participant on whose page the form was opened."""

    participant = ParticipantChoice(queryset=Participant.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = key_from(str(self.data.get("participant") or self.initial.get("participant") or ""))
        if "participant" in self.fields and given is not None:
            field = self.fields["participant"]
            assert isinstance(field, ParticipantChoice)
            field.queryset = Participant.objects.select_related("event").filter(pk=given)
            self.begin(given)

    def begin(self, participant: int) -> None:
        """Limits the choices to what is possible for the participant with that key."""


class ConsentForm(OfOneParticipant):
    """A consent of a participant, or its withdrawal."""


class DisclosureForm(OfOneParticipant):
    """What is shown of a participant, and where."""

    def begin(self, participant: int) -> None:
        field = self.fields["session"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Session.objects.filter(event__in=Participant.objects.filter(pk=participant).values("event"))


class ErasureForm(CleanForm, forms.Form):
    """Why a participant is erased."""

    because = forms.ChoiceField(label=_("Why"), choices=Participant.ErasureReason, widget=forms.RadioSelect)


ACCEPTED_FILES = ",".join([*MEDIA_TYPES.values(), *(each for extensions in EXTENSIONS.values() for each in extensions)])


class DocumentForm(DeskForm):
    """The file is read completely before it is stored; its name is not stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("file")
        if isinstance(field, forms.FileField):
            field.max_length = None  # the name is checked below, and not stored
            field.help_text = _("PDF, DOCX, ODT, JPEG, PNG or WebP, up to %(most)s MB. Its name is not kept.") % {
                "most": limits.FILE // limits.MEGABYTE
            }
            field.widget.attrs["accept"] = ACCEPTED_FILES

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if not isinstance(file, UploadedFile):
            return file
        name = file.name or ""
        check_name(name)
        check_size(file.size or 0)
        file.seek(0)  # a form that is shown again has been read before
        examined = apart.examine(file.read(), name=name, claimed=file.content_type or "")
        file.seek(0)
        file.name = f"{secrets.token_hex(16)}{examined.format.extension}"
        self.instance.removed = dict(examined.removed)
        self.instance.obstacle = (
            {"reason": examined.obstacle.reason, "given": examined.obstacle.given} if examined.obstacle else None
        )
        return file


class WithdrawalForm(CleanForm, forms.Form):
    """Why a document is withdrawn."""

    note = forms.CharField(
        label=_("Why it is withdrawn"),
        help_text=_("For the desk: it is kept with the document."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
