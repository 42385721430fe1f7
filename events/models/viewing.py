from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.event import Event
from publishing.database.constraints import one_of
from publishing.database.triggers import AppendOnly
from publishing.reader.public_rows import Private, private


class ViewingWhat(models.TextChoices):
    LIST = "list", _("The list of participants")
    PARTICIPANT = "participant", _("One participant")
    CONSENTS = "consents", _("Consents")
    DISCLOSURES = "disclosures", _("Disclosures")
    LOG = "log", _("The log of a participant")


class Viewing(models.Model):
    """Somebody at the desk looked at data about participants. Appended before anything is shown, never changed.

    It says who looked, when, and at which event, but not what was shown.
    """

    public_rows: ClassVar[Private] = private("It says who at the desk looked at participants.")

    What = ViewingWhat

    restricted: ClassVar[bool] = True

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=pgettext_lazy("who looked", "by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("event"),
        null=True,
        blank=True,
        help_text=_("Empty: several events."),
    )
    what = models.CharField(_("what"), max_length=12, choices=What)

    class Meta:
        verbose_name = _("viewing")
        verbose_name_plural = _("viewings")
        ordering = ["-at", "-id"]
        constraints = [one_of("what", ViewingWhat)]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"#{self.pk}"
