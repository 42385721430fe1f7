from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from partnerships.constraints import PREFIX, one_of
from partnerships.triggers import AppendOnly


class ParticipantRole(models.TextChoices):
    CHAIR = "chair", _("Chair")
    SPEAKER = "speaker", _("Speaker")
    DISCUSSANT = "discussant", _("Discussant")
    PARTICIPANT = "participant", _("Participant")
    OBSERVER = "observer", _("Observer")
    RAPPORTEUR = "rapporteur", _("Rapporteur")


class Participant(models.Model):
    """Somebody who was at an event. Restricted: the people of the desk who convene, and nobody else.

    No foreign key and no other stored link leads from anything that was said to a participant: what
    is not stored cannot leak. Its text form is opaque, for the admin's log keeps it.
    """

    Role = ParticipantRole

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", verbose_name=_("event"))
    name = models.CharField(_("name"), max_length=200)
    affiliation = models.CharField(_("affiliation then"), max_length=300, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.PARTICIPANT)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["event_id", "id"]
        constraints = [
            one_of("role", ParticipantRole),
            models.CheckConstraint(
                condition=~Q(name=""),
                name=f"{PREFIX}_has_a_name",
                violation_error_message=_("Write the participant's name."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ConsentDisclosure(models.TextChoices):
    NAME = "name", _("Name")
    AFFILIATION = "affiliation", _("Affiliation")
    ATTENDANCE = "attendance", _("Having attended")
    QUOTATION = "quotation", _("Being quoted")


class Consent(models.Model):
    """A participant's word, given or taken back, on one kind of disclosure. Appended, the last one counts."""

    Disclosure = ConsentDisclosure

    participant = models.ForeignKey(
        Participant,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("participant"),
    )
    disclosure = models.CharField(_("disclosure"), max_length=12, choices=Disclosure)
    given = models.BooleanField(_("given"), help_text=_("No: refused, or taken back."))
    as_of = models.DateField(_("as of"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("by"),
    )
    evidence = models.CharField(
        _("evidence"),
        max_length=300,
        help_text=_("How it was given: form, letter, e-mail."),
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["participant_id", "recorded_at", "id"]
        constraints = [
            one_of("disclosure", ConsentDisclosure),
            models.CheckConstraint(
                condition=~Q(evidence=""),
                name=f"{PREFIX}_has_its_evidence",
                violation_error_message=_("Say how the consent was given."),
            ),
        ]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.get_disclosure_display()}: {_('given') if self.given else _('not given')}"
