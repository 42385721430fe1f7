from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.database.constraints import one_of, unique
from publishing.languages import Language
from publishing.reader.public_rows import Private, private


class DigestChoice(models.Model):
    """Whether somebody at the desk wants the daily digest, and in which language. Without a row: yes, in English."""

    public_rows: ClassVar[Private] = private("It holds what a person at the desk chose.")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="digest_choice",
        verbose_name=_("person"),
        editable=False,
    )
    wants_digest = models.BooleanField(
        _("a mail in the morning"),
        default=True,
        help_text=_("At most one a day, and none when nothing waits for you."),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.EN)

    class Meta:
        verbose_name = _("choice of reminders")
        verbose_name_plural = _("choices of reminders")
        default_permissions = ()  # each person has their own, and sees no other
        constraints = [one_of("language", Language)]

    def __str__(self) -> str:
        return f"{self.user}"


class Digest(models.Model):
    """A row says that somebody's digest of a day was handled: whoever writes the row sends, so that nobody gets two
    mails a day.

    `sent_at` is empty if nothing waited.
    """

    public_rows: ClassVar[Private] = private("It says which mails a person at the desk was sent.")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    day = models.DateField(_("day"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("daily digest")
        verbose_name_plural = _("daily digests")
        default_permissions = ()  # written only by background jobs
        ordering = ["-day", "user_id"]
        constraints = [
            unique("user", "day", name="once_a_day", field="day", message=_("This day was looked at already.")),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.day}"
