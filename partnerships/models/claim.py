import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, Self

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connection, models
from django.db.models import Count, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.forecasts import ForecastStands, why_likelihood_stays, why_time_stays
from partnerships.models.actor import Actor
from partnerships.models.partnership import Partnership
from partnerships.models.source import Source, Stance, refuse_withdrawn_source
from partnerships.models.topic import Topic
from partnerships.triggers import CitesWhatStands, KeepCurrentVerification, RestsOnItsGrounds
from partnerships.verification import Grounds, VerificationStatus
from publishing.database.constraints import (
    PREFIX,
    CheckConstraint,
    corrected_once,
    not_itself,
    one_of,
    original_present,
    unique,
)
from publishing.database.list_order import list_orders
from publishing.database.search_texts import KeepSearchText
from publishing.database.triggers import AnnouncePart, CorrectsWithin
from publishing.partial_dates.field import PartialDateField, bounds_in_order, can_be, earliest_field, latest_field
from publishing.public_texts import PublicText, texts_of_parts
from publishing.publication import Publication, PublicationQuerySet, newest_first
from publishing.reader.public_rows import PublicRows, kept_public_from, part_of
from publishing.records import LATEST_FIRST, Record


class Likelihood(models.TextChoices):
    """The seven bands of ICD 203 (Office of the Director of National Intelligence, Analytic Standards, 2015)."""

    ALMOST_NO_CHANCE = "almost_no_chance", _("Almost no chance (1–5 %)")
    VERY_UNLIKELY = "very_unlikely", _("Very unlikely (5–20 %)")
    UNLIKELY = "unlikely", _("Unlikely (20–45 %)")
    ROUGHLY_EVEN = "roughly_even", _("Roughly even chance (45–55 %)")
    LIKELY = "likely", _("Likely (55–80 %)")
    VERY_LIKELY = "very_likely", _("Very likely (80–95 %)")
    ALMOST_CERTAIN = "almost_certain", _("Almost certain (95–99 %)")


class ClaimQuerySet(PublicationQuerySet):
    def with_status(self, *, as_of: dt.date | None = None) -> Self:
        """Adds `status`: the verification status known on `as_of` (by default now); without a review it is unassessed."""
        if as_of is None:
            return self.annotate(status=F("current_verification__status"))
        latest = (
            Review.objects.effective(as_of).filter(claim=OuterRef("pk")).order_by(*LATEST_FIRST).values("status")[:1]
        )
        return self.annotate(status=Coalesce(Subquery(latest), Value(VerificationStatus.UNASSESSED.value)))

    def with_origins(self, *, sources: PublicationQuerySet | None = None) -> Self:
        """Adds `origins`, the number of independent groups of citations that support the claim, and `articles`, of
        their sources.

        With `sources`, only citations of these count: a number must not reveal what a reader may not see.
        """
        counted = Q(citations__stance=Stance.SUPPORTS)
        if sources is not None:
            counted &= Q(citations__source__in=sources)
        return self.annotate(
            origins=Count("citations__independence_group", filter=counted, distinct=True),
            articles=Count("citations__source", filter=counted, distinct=True),
        )

    def with_lost_grounds(self) -> Self:
        """Adds `has_lost_grounds`: whether a public claim no longer meets the needs of its status."""
        asked = Func(F("pk"), function="partnerships_has_lost_grounds", output_field=models.BooleanField())
        return self.annotate(has_lost_grounds=asked)

    def status_counts(self, *, as_of: dt.date | None = None) -> list[dict[str, Any]]:
        """How many of these have each status, as `{"state", "label", "count"}`, in the order of the statuses."""
        counted = dict(self.with_status(as_of=as_of).order_by().values_list("status").annotate(count=Count("pk")))
        return [
            {"state": status.value, "label": status.label, "count": counted[status]}
            for status in VerificationStatus
            if status in counted
        ]


class ClaimKind(models.TextChoices):
    OCCURRENCE = "occurrence", _("Occurrence")
    PRESENCE = "presence", _("Presence")
    FINANCE = "finance", _("Finance")
    AGREEMENT = "agreement", pgettext_lazy("claim", "Agreement")
    CAPABILITY = "capability", _("Capability")
    POSITION = "position", _("Position")
    RATIONALE = "rationale", _("Rationale")
    ASSESSMENT = "assessment", _("Assessment")
    FORECAST = "forecast", _("Forecast")
    DENIAL = "denial", _("Denial")


class Claim(Publication):
    """One proposition about the world, with sources and reviews. Repetition does not make it truer."""

    Kind = ClaimKind

    key = models.SlugField(
        _("key"),
        max_length=80,
        unique=True,
        null=True,
        blank=True,
        help_text=_("What knowledge files call it; empty for one that no file names."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    statement = models.TextField(_("statement"), help_text=_("One proposition, in one sentence."))
    context = models.TextField(_("context"), blank=True, help_text=_("What a reader needs to weigh it."))
    partnerships = models.ManyToManyField(
        Partnership, related_name="claims", verbose_name=_("partnerships"), blank=True
    )
    topics = models.ManyToManyField(Topic, related_name="claims", verbose_name=_("topics"), blank=True)
    perspective = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="perspectives",
        verbose_name=_("perspective"),
        null=True,
        blank=True,
        help_text=_("The actor from whose point of view it is said."),
    )
    asserted_by = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="assertions",
        verbose_name=_("asserted by"),
        null=True,
        blank=True,
        help_text=_("Empty where nobody signs for it."),
    )
    quantity_min = models.DecimalField(_("quantity from"), max_digits=20, decimal_places=2, null=True, blank=True)
    quantity_max = models.DecimalField(_("quantity to"), max_digits=20, decimal_places=2, null=True, blank=True)
    quantity_approximate = models.BooleanField(_("approximate"), default=False)
    unit = models.CharField(
        _("unit"),
        max_length=40,
        blank=True,
        help_text=_("For example: military personnel."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        help_text=_("ISO 4217, for amounts of money."),
        validators=[RegexValidator(r"\A[A-Z]{3}\Z", _("Three capital letters, for example USD."))],
    )
    valid = PartialDateField(_("valid"))
    valid_earliest = earliest_field()
    valid_latest = latest_field()
    likelihood = models.CharField(
        _("likelihood"),
        max_length=16,
        choices=Likelihood,
        blank=True,
        help_text=_("For forecasts only (ICD 203)."),
    )
    review_by = models.DateField(_("review by"), null=True, blank=True)
    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("An accusation or the like: always shown with its status and its context."),
    )

    objects: ClassVar[Any] = ClaimQuerySet.as_manager()

    class Meta(Publication.Meta):
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-id"]
        indexes = [
            newest_first("claim_newest_first"),
            models.Index(fields=["published_at", "public_id"], name="claim_by_publication"),
            *list_orders("claim_valid", "valid_earliest", dt.date, "public_id"),
            *list_orders("claim_review", "review_by", dt.date, "public_id"),
        ]
        constraints = [
            *Publication.Meta.constraints,
            one_of("kind", ClaimKind),
            one_of("likelihood", Likelihood, blank=True),
            original_present("statement"),
            can_be("valid"),
            bounds_in_order("valid"),
            CheckConstraint(
                condition=Q(likelihood="") | Q(kind="forecast"),
                name=f"{PREFIX}_likelihood_is_for_forecasts",
                field="likelihood",
                violation_error_message=_("Only a forecast has a likelihood."),
            ),
            CheckConstraint(
                condition=Q(quantity_min__isnull=True)
                | Q(quantity_max__isnull=True)
                | Q(quantity_min__lte=F("quantity_max")),
                name=f"{PREFIX}_quantity_in_order",
                field="quantity_max",
                violation_error_message=_("The quantity ends below where it starts."),
            ),
            CheckConstraint(
                condition=Q(quantity_min__isnull=True) | Q(quantity_min__gte=Decimal(0)),
                name=f"{PREFIX}_quantity_not_negative",
                field="quantity_min",
                violation_error_message=_("A quantity is not negative."),
            ),
            CheckConstraint(
                condition=Q(quantity_max__isnull=True) | Q(quantity_max__gte=Decimal(0)),
                name=f"{PREFIX}_quantity_max_not_negative",
                field="quantity_max",
                violation_error_message=_("A quantity is not negative."),
            ),
            CheckConstraint(
                condition=Q(
                    quantity_min__isnull=True,
                    quantity_max__isnull=True,
                    unit="",
                    currency="",
                    quantity_approximate=False,
                )
                | (
                    (Q(quantity_min__isnull=False) | Q(quantity_max__isnull=False))
                    & ((Q(currency="") & ~Q(unit="")) | (Q(unit="", currency__regex=r"^[A-Z]{3}$")))
                ),
                name=f"{PREFIX}_quantity_has_its_unit",
                field="quantity_min",
                violation_error_message=_(
                    "A quantity has either a unit or a currency, and those only with a quantity."
                ),
            ),
        ]
        triggers = [
            *Publication.Meta.triggers,
            ForecastStands(),
            KeepSearchText("claim", title="statement", body="context"),
            KeepCurrentVerification("NEW.id", operation=pgtrigger.Insert | pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return self.statement or self.public_id

    def get_absolute_url(self) -> str:
        return reverse("partnerships:claim_detail", args=[self.public_id])

    def clean(self) -> None:
        super().clean()
        if self.published_at is None:
            return
        for published in Claim.objects.filter(pk=self.pk, published_at__isnull=False):
            refusal = why_likelihood_stays(published.likelihood, self.likelihood)
            if refusal:
                raise ValidationError({"likelihood": ValidationError(refusal, code="likelihood_stays")})
            moved = (self.review_by, self.valid) != (published.review_by, published.valid)
            refusal = why_time_stays(published, on=timezone.now().date()) if moved else ""
            if refusal and not published.resolutions.exists():
                raise ValidationError({"review_by": ValidationError(refusal, code="time_is_over")})

    def grounds(self, *, on: dt.date | None = None) -> Grounds:
        """What it rests on: its citations now, of sources that could be read on the day `on`."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT origins, parties FROM partnerships_grounds(%s, %s)", [self.pk, on])
            return Grounds(*cursor.fetchone())

    def references(self) -> Iterable[Publication]:
        if self.perspective is not None:
            yield self.perspective
        if self.asserted_by is not None:
            yield self.asserted_by
        for subject in self.subjects.select_related("actor"):
            yield subject.actor
        for citation in self.citations.select_related("source"):
            yield citation.source
        for position in self.positions.select_related("government", "source"):
            yield position.government
            if position.source is not None:
                yield position.source
        for resolution in self.resolutions.select_related("source"):
            if resolution.source is not None:
                yield resolution.source
        for link in self.links.select_related("target"):
            yield link.target
        yield from self.partnerships.all()
        yield from self.topics.all()

    def public_texts(self) -> Iterable[PublicText]:
        yield from super().public_texts()
        yield from texts_of_parts(self.citations.order_by("pk"))
        yield from texts_of_parts(self.reviews.order_by("pk"))
        yield from texts_of_parts(self.positions.order_by("pk"))
        yield from texts_of_parts(self.resolutions.order_by("pk"))


class ClaimSubjectRole(models.TextChoices):
    SUBJECT = "subject", _("Subject")
    SENDER = "sender", _("Sender")
    HOST = "host", _("Host")
    PROVIDER = "provider", _("Provider")
    RECIPIENT = "recipient", _("Recipient")
    TARGET = "target", _("Target")
    COUNTERPART = "counterpart", _("Counterpart")


class ClaimSubject(models.Model):
    """An actor that a claim is about, and in which role."""

    public_rows: ClassVar[PublicRows] = part_of("claim", "actor")
    public_from = kept_public_from()

    Role = ClaimSubjectRole

    claim = models.ForeignKey(
        Claim,
        on_delete=models.CASCADE,
        related_name="subjects",
        verbose_name=_("claim"),
    )
    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="claim_subjects",
        verbose_name=_("actor"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.SUBJECT)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        ordering = ["claim_id", "id"]
        constraints = [
            one_of("role", ClaimSubjectRole),
            unique(
                "claim",
                "actor",
                "role",
                name="once_per_role",
                field="actor",
                message=_("This actor already has that role here."),
            ),
        ]
        triggers = [AnnouncePart("partnerships.Claim", "part.claim_id")]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"


class ClaimLinkType(models.TextChoices):
    CONTRADICTS = "contradicts", _("Contradicts")
    QUALIFIES = "qualifies", _("Qualifies")
    SUPPORTS = "supports", _("Supports")
    FOLLOWS_FROM = "follows_from", _("Follows from")


class ClaimLink(models.Model):
    """What one claim is to another: contradictions are kept side by side, not resolved by deletion."""

    public_rows: ClassVar[PublicRows] = part_of("source", "target")
    public_from = kept_public_from()

    Type = ClaimLinkType

    source = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="links", verbose_name=_("from"))
    type = models.CharField(_("type"), max_length=12, choices=Type)
    target = models.ForeignKey(
        Claim,
        on_delete=models.PROTECT,
        related_name="linked_from",
        verbose_name=_("to"),
    )

    class Meta:
        verbose_name = _("link to a claim")
        verbose_name_plural = _("links to claims")
        ordering = ["source_id", "id"]
        constraints = [
            one_of("type", ClaimLinkType),
            not_itself("source", "target"),
            unique(
                "source",
                "type",
                "target",
                name="once",
                field="target",
                message=_("This link is already there."),
            ),
        ]
        triggers = [
            AnnouncePart("partnerships.Claim", "part.source_id", name="announce_source"),
            AnnouncePart("partnerships.Claim", "part.target_id", name="announce_target"),
        ]

    def __str__(self) -> str:
        return f"{self.source} – {self.get_type_display()} – {self.target}"


class Review(Record):
    """A decision on the verification status of a claim. The first status, unassessed, needs none."""

    public_rows: ClassVar[PublicRows] = part_of("claim")
    public_from = kept_public_from()

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("claim"))
    status = models.CharField(_("verification status"), max_length=20, choices=VerificationStatus)
    decided_at = models.DateTimeField(_("decided at"))
    reason = models.TextField(_("reason"), help_text=_("Public: why this status."))

    class Meta(Record.Meta):
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["claim_id", "as_of", "recorded_at", "id"]
        indexes = [
            models.Index(fields=["claim", "-as_of", "-recorded_at", "-id"], name="review_latest"),
        ]
        constraints = [
            *Record.Meta.constraints,
            corrected_once(),
            one_of("status", VerificationStatus),
            CheckConstraint(
                condition=~Q(reason=""),
                name=f"{PREFIX}_says_why",
                field="reason",
                violation_error_message=_("Say why the claim has this status."),
            ),
            CheckConstraint(
                condition=Q(decided_at__lte=F("recorded_at")),
                name=f"{PREFIX}_decided_before_recorded",
                field="decided_at",
                violation_error_message=_("A review is recorded after it is decided."),
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            CorrectsWithin("claim_id"),
            RestsOnItsGrounds(),
            KeepCurrentVerification(),
            AnnouncePart("partnerships.Claim", "part.claim_id"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} ({self.as_of})"


class OfficialPositionPosition(models.TextChoices):
    CONFIRMED = "confirmed", pgettext_lazy("official position", "Confirmed")
    DENIED = "denied", _("Denied")
    SILENT = "silent", _("Silent")
    MIXED = "mixed", _("Mixed")


class OfficialPosition(Record):
    """What a government says about a claim. Silence is recorded, and is not denial."""

    public_rows: ClassVar[PublicRows] = part_of("claim", "government")
    public_from = kept_public_from()

    Position = OfficialPositionPosition

    claim = models.ForeignKey(
        Claim,
        on_delete=models.PROTECT,
        related_name="positions",
        verbose_name=_("claim"),
    )
    government = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="official_positions",
        verbose_name=_("government"),
    )
    position = models.CharField(_("position"), max_length=10, choices=Position)
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="positions",
        verbose_name=_("source"),
        null=True,
        blank=True,
    )
    note = models.TextField(_("note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("official position")
        verbose_name_plural = _("official positions")
        ordering = ["claim_id", "as_of", "recorded_at", "id"]
        indexes = [
            models.Index(
                fields=["claim", "government", "-as_of", "-recorded_at", "-id"],
                name="position_latest",
            ),
        ]
        constraints = [
            *Record.Meta.constraints,
            corrected_once(),
            one_of("position", OfficialPositionPosition),
            CheckConstraint(
                condition=Q(position="silent") | Q(source__isnull=False),
                name=f"{PREFIX}_statement_has_its_source",
                field="source",
                violation_error_message=_("A confirmation or a denial needs the source in which it was made."),
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            CorrectsWithin("claim_id", "government_id"),
            CitesWhatStands(),
            AnnouncePart("partnerships.Claim", "part.claim_id"),
        ]

    def __str__(self) -> str:
        return f"{self.government}: {self.get_position_display()} ({self.as_of})"

    def clean(self) -> None:
        super().clean()
        refuse_withdrawn_source(self)
