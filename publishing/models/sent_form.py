import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from publishing.database.constraints import PREFIX, UniqueConstraint
from publishing.reader.public_rows import Private, private

KEPT_DAYS = 7
"""How long a form that was sent is recognised."""


class SentForm(models.Model):
    """A form of the desk that was recorded, under the key with which it was shown, so that it is recorded only once.

    Written in the transaction of what it recorded, so that both exist or neither. Only the desk reads it; a worker
    deletes it after KEPT_DAYS.
    """

    public_rows: ClassVar[Private] = private("It says which forms somebody at the desk has sent.")

    key = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.TextField()
    digest = models.CharField(max_length=64)
    """The digest of the names and values that were sent, without those that only say where to go next."""

    led_to = models.TextField(blank=True)
    """Where the person was redirected."""

    made = models.TextField(blank=True)
    """The address of what was made, if it is another one."""

    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [UniqueConstraint(fields=["key"], name=f"{PREFIX}_is_recorded_once")]
        indexes = [
            models.Index(fields=["by", "digest"], name="sent_form_alike"),
            models.Index(fields=["recorded_at"], name="sent_form_recorded_at"),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"

    @property
    def stands_at(self) -> str:
        return self.made or self.led_to


def clear_away(*, at: dt.datetime) -> int:
    """Deletes forms that were kept long enough at `at`; returns how many."""
    rows: Any = SentForm.objects.filter(recorded_at__lt=at - dt.timedelta(days=KEPT_DAYS))
    number: int = rows.delete()[0]
    return number
