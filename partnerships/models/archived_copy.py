import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from partnerships.archive.fetching import UNREACHABLE, Reason
from partnerships.archive.kinds import CONTENT_KINDS
from partnerships.models.source import AbstractCitation, Source
from publishing.database.constraints import PREFIX, CheckConstraint, one_of
from publishing.database.triggers import AppendOnly, literal
from publishing.reader.public_rows import Private, private


class SourceFollowsItsRecords(pgtrigger.Trigger):
    """Copies to the source what its records say about its address and copy, for readers."""

    name = "source_follows"
    when = pgtrigger.After
    operation = pgtrigger.Insert

    def get_func(self, model: type[models.Model]) -> str:
        return """
            UPDATE partnerships_source AS source SET
                archived_sha256 = CASE WHEN NEW.outcome = 'kept' THEN NEW.sha256 ELSE source.archived_sha256 END,
                archived_date = CASE WHEN NEW.outcome = 'kept' THEN (NEW.recorded_at AT TIME ZONE 'UTC')::date
                    ELSE source.archived_date END,
                gone_since = CASE
                    WHEN NEW.url = '' OR NEW.url <> source.url THEN source.gone_since
                    WHEN NEW.outcome IN ('kept', 'answers') THEN NULL
                    WHEN NEW.outcome = 'gone' THEN (NEW.failing_since AT TIME ZONE 'UTC')::date
                    ELSE source.gone_since END
            WHERE source.id = NEW.source_id;
            RETURN NULL;
        """


class BytesAreTheCopys(pgtrigger.Trigger):
    """The bytes match the size and digest in their record."""

    name = "bytes_are_the_copys"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    refusal = gettext_noop("These are not the bytes of this copy.")

    def get_declare(self, model: type[models.Model]) -> list[tuple[str, str]]:
        return [("said", "RECORD")]

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        return f"""
            SELECT * INTO said FROM partnerships_archivedcopy WHERE id = NEW.copy_id;
            IF said.sha256 IS DISTINCT FROM encode(sha256(NEW.content), 'hex')
               OR said.size IS DISTINCT FROM octet_length(NEW.content)
            THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', CONSTRAINT = '{table}_bytes_are_the_copys';
            END IF;
            RETURN NEW;
        """


class FetchOutcome(models.TextChoices):
    KEPT = "kept", pgettext_lazy("archived copy", "Kept")
    ANSWERS = "answers", _("The address answers")
    REFUSED = "refused", _("Not kept")
    UNREACHABLE = "unreachable", _("Not reached")
    GONE = "gone", _("No longer there")


FAILING = [FetchOutcome.UNREACHABLE, FetchOutcome.GONE]

ASKED_AGAIN_AFTER = (dt.timedelta(days=1), dt.timedelta(days=3), dt.timedelta(days=4))
"""The pauses after the first, second and third failure in a row; together longer than `GONE_AFTER`."""

ASKED_EACH = dt.timedelta(days=30)
FAILURES_OF_THE_GONE = 3
GONE_AFTER = dt.timedelta(days=7)


class ArchivedCopyQuerySet(models.QuerySet[Any]):
    def latest_first(self) -> Self:
        return self.order_by("-recorded_at", "-id")

    def anybody_answered(self, since: dt.datetime) -> bool:
        """Whether any host has answered since then, with whatever status: then our network worked."""
        return self.filter(recorded_at__gte=since, http_status__isnull=False).exists()

    def latest_of(self, source: Any) -> Self:
        """The last record about the address of `source` (an OuterRef, or a source); uploads say nothing about it."""
        return self.filter(source=source).exclude(url="").latest_first()[:1]


class ArchivedCopy(models.Model):
    """One attempt to fetch a copy of a source, or to check whether its address still answers; only for the desk.

    An upload by hand has no `url`. `failures` counts those in a row up to this one, since `failing_since`; an address
    counts as gone after three failures within at least a week.
    """

    public_rows: ClassVar[Private] = private(
        "It tells of copies that the desk keeps as evidence: they are works of others, and not ours to publish."
    )

    Outcome = FetchOutcome
    Reason = Reason

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="copies", verbose_name=_("source"))
    outcome = models.CharField(_("outcome"), max_length=11, choices=FetchOutcome)
    url = models.CharField(_("address"), max_length=500, blank=True)
    final_url = models.CharField(_("address that answered"), max_length=2000, blank=True)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=13, choices=Reason, blank=True)
    media_type = models.CharField(
        _("media type"), max_length=21, choices=[(name, name) for name in CONTENT_KINDS], blank=True
    )
    size = models.PositiveIntegerField(_("size"), null=True, blank=True, help_text=_("In bytes."))
    sha256 = models.CharField(
        _("SHA-256"),
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"\A[0-9a-f]{64}\Z", _("This is no SHA-256."))],
    )
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by"),
        null=True,
        blank=True,
        help_text=_("Empty where nobody asked for it."),
    )

    objects = ArchivedCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("archived copy")
        verbose_name_plural = _("archived copies")
        default_permissions = ()  # shown and created on the page of the source
        ordering = ["source_id", "-recorded_at", "-id"]
        indexes = [models.Index(fields=["source", "-recorded_at", "-id"], name="archivedcopy_latest")]
        constraints = [
            one_of("outcome", FetchOutcome),
            one_of("reason", Reason, blank=True),
            CheckConstraint(
                condition=Q(
                    outcome=FetchOutcome.KEPT,
                    media_type__in=[*CONTENT_KINDS],
                    size__isnull=False,
                    size__gt=0,
                    sha256__regex=r"^[0-9a-f]{64}$",
                )
                | (~Q(outcome=FetchOutcome.KEPT) & Q(size__isnull=True, sha256="")),
                name=f"{PREFIX}_kept_has_its_bytes",
                field="sha256",
                violation_error_message=_("A kept copy has a media type, a size and a SHA-256; nothing else has them."),
            ),
            CheckConstraint(
                condition=Q(outcome__in=[FetchOutcome.KEPT, FetchOutcome.ANSWERS], reason="")
                | Q(outcome__in=FAILING, reason__in=[reason.value for reason in Reason if reason in UNREACHABLE])
                | Q(
                    outcome=FetchOutcome.REFUSED,
                    reason__in=[reason.value for reason in Reason if reason not in UNREACHABLE],
                ),
                name=f"{PREFIX}_says_what_kept_it",
                field="reason",
                violation_error_message=_("What was not kept says why, and of what was kept there is nothing to say."),
            ),
            CheckConstraint(
                condition=~Q(url="")
                | Q(outcome=FetchOutcome.KEPT, by__isnull=False, final_url="", http_status__isnull=True),
                name=f"{PREFIX}_upload_is_somebodys",
                field="by",
                violation_error_message=_("A copy without an address was uploaded by somebody."),
            ),
            CheckConstraint(
                condition=Q(
                    outcome__in=FAILING,
                    failures__gt=0,
                    failing_since__isnull=False,
                    failing_since__lte=models.F("recorded_at"),
                )
                | (~Q(outcome__in=FAILING) & Q(failures=0, failing_since__isnull=True)),
                name=f"{PREFIX}_failures_are_counted",
                field="failures",
                violation_error_message=_("Failures in a row are counted from their first."),
            ),
            CheckConstraint(
                condition=~Q(outcome=FetchOutcome.GONE)
                | Q(
                    failures__gte=FAILURES_OF_THE_GONE,
                    # In this order: PostgreSQL cannot add NULL and an interval when Django checks one row.
                    failing_since__lte=models.F("recorded_at") - GONE_AFTER,
                ),
                name=f"{PREFIX}_gone_after_a_week",
                field="failures",
                violation_error_message=_("An address is gone after three failures that span a week."),
            ),
        ]
        triggers = [AppendOnly(), SourceFollowsItsRecords()]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.recorded_at:%Y-%m-%d}"

    @property
    def next_at(self) -> dt.datetime:
        """When the address is asked again."""
        if self.outcome == FetchOutcome.UNREACHABLE and self.failures <= len(ASKED_AGAIN_AFTER):
            return self.recorded_at + ASKED_AGAIN_AFTER[self.failures - 1]
        return self.recorded_at + ASKED_EACH

    @property
    def file_name(self) -> str:
        """Made from the source's public id and the day; the name of the uploaded file is not stored."""
        return f"source-{self.source.public_id}-{self.recorded_at:%Y-%m-%d}{CONTENT_KINDS[self.media_type].extension}"


class ArchivedContent(models.Model):
    """The bytes of a copy, in a table of their own, so that no list loads them."""

    public_rows: ClassVar[Private] = private("It holds the bytes of those copies.")

    copy = models.OneToOneField(
        ArchivedCopy,
        on_delete=models.PROTECT,
        related_name="bytes",
        primary_key=True,
        verbose_name=_("archived copy"),
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("content of an archived copy")
        verbose_name_plural = _("contents of archived copies")
        default_permissions = ()
        triggers = [AppendOnly(), BytesAreTheCopys()]

    def __str__(self) -> str:
        return f"#{self.pk}"


def with_last_word(sources: Any) -> Any:
    """Adds to sources `last_outcome`, `last_url`, `last_failures` and `last_at` of their addresses."""
    last = ArchivedCopy.objects.latest_of(OuterRef("pk"))
    return sources.annotate(
        last_outcome=Subquery(last.values("outcome")),
        last_url=Subquery(last.values("url")),
        last_failures=Subquery(last.values("failures")),
        last_at=Subquery(last.values("recorded_at")),
    )


def to_be_asked(*, at: dt.datetime) -> Any:
    """Cited sources whose address is due: never asked, changed since, or due by its schedule.

    The counterpart of `ArchivedCopy.next_at`.
    """
    cited = Q()
    for relation in Source._meta.related_objects:
        if issubclass(relation.related_model, AbstractCitation):
            cited |= Q(pk__in=relation.related_model._default_manager.values("source"))
    due = Q(last_at__isnull=True) | ~Q(last_url=models.F("url")) | Q(last_at__lte=at - ASKED_EACH)
    for number, wait in enumerate(ASKED_AGAIN_AFTER, start=1):
        due |= Q(last_outcome=FetchOutcome.UNREACHABLE, last_failures=number, last_at__lte=at - wait)
    return with_last_word(Source.objects.exclude(url="").filter(cited)).filter(due).order_by("pk")
