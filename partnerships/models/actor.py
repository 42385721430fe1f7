from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from publishing.database.constraints import (
    PREFIX,
    CheckConstraint,
    ExclusionConstraint,
    UniqueConstraint,
    in_order,
    not_itself,
    not_own_parent,
    one_of,
    original_present,
)
from publishing.database.search_texts import KeepSearchText
from publishing.database.triggers import AnnouncePart, NamedOnce, NoCycle
from publishing.public_texts import PublicText, texts_of_cited
from publishing.publication import Publication
from publishing.reader.public_rows import PublicRows, kept_public_from, part_of
from publishing.unique_names import folded_indexes


class ActorKind(models.TextChoices):
    STATE = "state", _("State")
    BLOC = "bloc", _("Bloc")
    GOVERNMENT_BODY = "government_body", _("Government body")
    ARMED_FORCE = "armed_force", _("Armed force")
    RESEARCH_INSTITUTE = "research_institute", _("Research institute")
    COMPANY = "company", _("Company")
    CIVIL_SOCIETY = "civil_society", _("Civil society")


class Actor(Publication):
    """A state, bloc, authority, force, institute, company or association that stands in relations."""

    Kind = ActorKind

    identifier_field = "slug"
    named_once_within = ("parent_id",)

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    iso_code = models.CharField(
        _("ISO 3166 code"),
        max_length=2,
        blank=True,
        help_text=_("ISO 3166-1 alpha-2, states only."),
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", _("Two capital letters, for example QA."))],
    )
    wikidata_id = models.CharField(
        _("Wikidata id"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"\AQ[1-9][0-9]*\Z", _("A letter Q and a number, for example Q846."))],
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("part of"),
        null=True,
        blank=True,
    )

    class Meta(Publication.Meta):
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        ordering = ["slug"]
        constraints = [
            *Publication.Meta.constraints,
            one_of("kind", ActorKind),
            original_present("name"),
            not_own_parent(),
            CheckConstraint(
                condition=Q(iso_code="") | Q(kind="state", iso_code__regex=r"^[A-Z]{2}$"),
                name=f"{PREFIX}_iso_code_is_a_states",
                field="iso_code",
                violation_error_message=_("Only a state has an ISO 3166 code, of two capital letters."),
            ),
            CheckConstraint(
                condition=Q(wikidata_id="") | Q(wikidata_id__regex=r"^Q[1-9][0-9]*$"),
                name=f"{PREFIX}_wikidata_id_is_one",
                violation_error_message=_("A Wikidata id is a letter Q and a number."),
            ),
            UniqueConstraint(
                fields=["iso_code"],
                condition=~Q(iso_code=""),
                name=f"{PREFIX}_one_per_iso_code",
                violation_error_message=_("Another actor has this ISO 3166 code."),
            ),
            UniqueConstraint(
                fields=["wikidata_id"],
                condition=~Q(wikidata_id=""),
                name=f"{PREFIX}_one_per_wikidata_id",
                violation_error_message=_("Another actor has this Wikidata id."),
            ),
        ]
        indexes = [
            *folded_indexes("actor"),
            models.Index(fields=["published_at", "slug"], name="actor_by_publication"),
        ]
        triggers = [
            *Publication.Meta.triggers,
            NoCycle(target="parent_id"),
            NamedOnce(within=("parent_id",)),
            KeepSearchText("actor", title="name", body="short_name"),
        ]

    def __str__(self) -> str:
        return self.name or self.slug

    def get_absolute_url(self) -> str:
        return reverse("partnerships:actor_detail", args=[self.slug])

    @property
    def label(self) -> str:
        """The short name if there is one."""
        return self.short_name or self.name

    def references(self) -> Iterable[Publication]:
        if self.parent is not None:
            yield self.parent
        for membership in self.memberships.select_related("bloc").prefetch_related("citations__source"):
            yield membership.bloc
            for citation in membership.citations.all():
                yield citation.source

    def public_texts(self) -> Iterable[PublicText]:
        yield from super().public_texts()
        yield from texts_of_cited(self.memberships.order_by("pk"))


class Membership(models.Model):
    """A stretch of time in which an actor belongs to a bloc; two of the same pair never overlap."""

    public_rows: ClassVar[PublicRows] = part_of("bloc", "member")
    public_from = kept_public_from()

    bloc = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="members", verbose_name=_("bloc"))
    member = models.ForeignKey(
        Actor,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("member"),
    )
    since = models.DateField(
        _("since"),
        null=True,
        blank=True,
        help_text=_("Empty if unknown or from the start."),
    )
    until = models.DateField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("The last day; empty while it lasts."),
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["bloc_id", "member_id", F("since").asc(nulls_first=True), "id"]
        constraints = [
            in_order(
                "since",
                "until",
                name="ends_after_start",
                field="until",
                message=_("A membership does not end before it starts."),
            ),
            not_itself("bloc", "member", field="bloc"),
            ExclusionConstraint(
                name=f"{PREFIX}_no_overlap",
                field="since",
                expressions=[
                    ("bloc", RangeOperators.EQUAL),
                    ("member", RangeOperators.EQUAL),
                    (
                        Func(
                            "since",
                            "until",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("This actor is already a member of that bloc in these years."),
            ),
        ]
        triggers = [AnnouncePart("partnerships.Actor", "part.member_id")]

    def __str__(self) -> str:
        return f"{self.member} – {self.bloc}"

    def clean(self) -> None:
        super().clean()
        bloc: Any = getattr(self, "bloc", None)
        if bloc is not None and bloc.kind != Actor.Kind.BLOC:
            raise ValidationError({"bloc": _("Only a bloc has members.")})
        if self.since is not None and self.until is not None and self.until < self.since:
            # Checked here too: PostgreSQL cannot compare such a range with others, as the check for overlaps does.
            raise ValidationError({"until": _("A membership does not end before it starts.")})
