from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import PREFIX, CheckConstraint
from publishing.database.triggers import AppendOnly
from publishing.reader.public_rows import Private, private
from publishing.records import RecordedModel


class WaitsForReaders(pgtrigger.Trigger):
    """Serialises writing a participant with checking the event's texts for names.

    The lock is on the event's row; a foreign key to the event does not wait for it.
    """

    name = "a_waits_for_readers"  # fires before every other trigger, because everything locks the event first
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model: type[models.Model]) -> str:
        return """
            PERFORM 1 FROM events_event WHERE id = NEW.event_id FOR NO KEY UPDATE;
            RETURN NEW;
        """


class OfAText(RecordedModel, CleanTexts):
    """What is recorded about a text that was checked for names: which text, by whom, and when."""

    restricted: ClassVar[bool] = True

    kind = models.CharField(_("kind"), max_length=80, help_text=_("Of what the text is part, as app.model."))
    public_id = models.CharField(_("public id"), max_length=10)

    class Meta:
        abstract = True
        triggers = [AppendOnly()]


class PublicName(OfAText):
    """A reviewer's decision that names in a text are public already. Restricted; appended, never changed.

    It applies to these words in this text: `digest` is the SHA-256 of the text, and a changed text is checked again. It
    contains words, not a participant, and no foreign key leads to one.
    """

    public_rows: ClassVar[Private] = private("It says why a name may stand in a text, and so that somebody was there.")

    place = models.CharField(pgettext_lazy("in a text", "place"), max_length=300)
    words = models.CharField(
        pgettext_lazy("in a text", "words"), max_length=500, help_text=_("Without case, marks and punctuation.")
    )
    digest = models.CharField(_("digest"), max_length=64)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("name that is public anyway")
        verbose_name_plural = _("names that are public anyway")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name=f"{PREFIX}_says_why",
                field="reason",
                violation_error_message=_("Say why these names are public anyway."),
            ),
            CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name=f"{PREFIX}_digest_is_one",
                violation_error_message=_("This is not a SHA-256 digest."),
            ),
        ]
        indexes = [models.Index(fields=["kind", "public_id"], name="%(app_label)s_%(class)s_text")]
        triggers = [*OfAText.Meta.triggers]

    def __str__(self) -> str:
        return f"#{self.pk}"


class NameRefusal(OfAText):
    """Somebody was told whether a text names participants. Restricted; appended, never changed.

    It does not say whom. Many of them by one person, or about one event, in a short time are an attempt to find out.
    `digests` are those of the texts that the person was told about; empty if the answer was no and the text was not
    made public. `events` are the keys of the events of the participants.
    """

    public_rows: ClassVar[Private] = private("It says which texts were found to name somebody who was there.")

    digests = ArrayField(models.CharField(max_length=64), verbose_name=_("digests"))
    events = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("events"))

    class Meta:
        verbose_name = _("text refused for its names")
        verbose_name_plural = _("texts refused for their names")
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["by", "recorded_at"], name="%(app_label)s_%(class)s_by")]
        triggers = [*OfAText.Meta.triggers]

    def __str__(self) -> str:
        return f"#{self.pk}"
