import datetime as dt
from collections.abc import Iterable
from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.models.actor import Actor
from partnerships.triggers import CitesWhatStands
from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import PREFIX, CheckConstraint, exactly_one, one_of, original_present, unique
from publishing.database.list_order import list_orders
from publishing.database.triggers import AnnouncePart, AnnouncePublication, KeepPublicationRules, announcement
from publishing.languages import Language
from publishing.partial_dates.field import PartialDateField, bounds_in_order, can_be, earliest_field, latest_field
from publishing.publication import Publication, PublicationState, newest_first
from publishing.reader.public_rows import PublicRows, kept_public_from, part_of

OF_ITS_RECORDS = ("archived_sha256", "archived_date", "gone_since")
"""Columns that follow the records of its copies (`ArchivedCopy`): they are state, not content."""


class AnotherAddress(pgtrigger.Trigger):
    """Resets what is known about the address when that changes."""

    name = "another_address"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    condition = pgtrigger.AnyChange("url")

    def get_func(self, model: type[models.Model]) -> str:
        return """
            NEW.gone_since := NULL;
            RETURN NEW;
        """


class AnnounceCopy(pgtrigger.Trigger):
    """Writes a line into the table of changes when a public source gets a copy, or its address goes or comes back."""

    name = "announce_copy"
    when = pgtrigger.After
    operation = pgtrigger.Update
    condition = pgtrigger.AnyChange(*OF_ITS_RECORDS)

    def get_func(self, model: type[models.Model]) -> str:
        announce = announcement("source", "NEW", "NEW.public_id", "'changed'", "NEW.embargo_until", "''")
        return f"""
            IF NEW.state = 'published' AND OLD.state = 'published' AND NEW.version = OLD.version THEN
                {announce}
            END IF;
            RETURN NULL;
        """


def bare_address(address: str) -> str:
    """An address without differences that do not matter: http or https, and a slash at the end."""
    return address.strip().partition("://")[2].removesuffix("/") or address.strip()


class Source(Publication):
    """Something that can be cited: an article, a communiqué, a report, a dataset.

    Its archived copies are in `ArchivedCopy`, for the desk; here is what the public sees of them.
    """

    kept_by_the_database = OF_ITS_RECORDS

    key = models.SlugField(
        _("key"),
        max_length=80,
        unique=True,
        null=True,
        blank=True,
        help_text=_("What knowledge files call it; empty for one that no file names."),
    )
    title = models.CharField(_("title"), max_length=300)
    publisher = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="published_sources",
        verbose_name=_("publisher"),
        null=True,
        blank=True,
        help_text=_("Where the publisher is an actor of the knowledge base."),
    )
    publisher_name = models.CharField(_("publisher's name"), max_length=200, blank=True)
    author_name = models.CharField(
        _("author's name"),
        max_length=200,
        blank=True,
        help_text=_("Empty if unsigned."),
    )
    date = PartialDateField(_("date"))
    date_earliest = earliest_field()
    date_latest = latest_field()
    source_language = models.CharField(
        _("language"),
        max_length=8,
        blank=True,
        help_text=_("ISO 639 code; empty if unknown."),
    )
    url = models.URLField(_("URL"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("What a reader should know about it."))
    accessed_date = models.DateField(
        _("accessed"), null=True, blank=True, help_text=_("The day on which somebody read it.")
    )
    archived_sha256 = models.CharField(_("SHA-256 of the copy"), max_length=64, blank=True, editable=False)
    archived_date = models.DateField(_("copy made on"), null=True, blank=True, editable=False)
    gone_since = models.DateField(
        _("no answer since"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Since when its address no longer answers."),
    )

    class Meta(Publication.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-id"]
        indexes = [
            newest_first("source_newest_first"),
            models.Index(fields=["published_at", "public_id"], name="source_by_publication"),
            *list_orders("source_date", "date_earliest", dt.date, "public_id"),
            models.Index(fields=["id"], condition=Q(state__in=["draft", "in_review"]), name="source_not_yet_public"),
            models.Index(
                fields=["gone_since", "id"],
                condition=Q(state="published", gone_since__isnull=False),
                name="source_gone",
            ),
        ]
        constraints = [
            *Publication.Meta.constraints,
            original_present("title"),
            can_be("date"),
            bounds_in_order("date"),
            CheckConstraint(
                condition=Q(publisher__isnull=True) | Q(publisher_name=""),
                name=f"{PREFIX}_publisher_is_named_once",
                field="publisher_name",
                violation_error_message=_("Name the publisher either as an actor or by name, not both."),
            ),
            CheckConstraint(
                condition=Q(archived_date__isnull=True, archived_sha256="")
                | Q(archived_date__isnull=False, archived_sha256__regex=r"^[0-9a-f]{64}$"),
                name=f"{PREFIX}_copy_has_its_sha256",
                field="archived_sha256",
                violation_error_message=_("An archived copy comes with its SHA-256 and its day."),
            ),
            CheckConstraint(
                condition=~Q(url="") | Q(gone_since__isnull=True),
                name=f"{PREFIX}_only_an_address_is_gone",
                field="url",
                violation_error_message=_("Where there is no address, none is gone."),
            ),
        ]
        triggers = [
            KeepPublicationRules(also=OF_ITS_RECORDS),
            AnnouncePublication(),
            AnotherAddress(),
            AnnounceCopy(),
        ]

    def __str__(self) -> str:
        return self.title or self.public_id

    def clean_for_the_public(self) -> None:
        """A source that was added as a link has its address as title until somebody has read it: that is not a title."""
        unwritten = {
            f"title_{language}": _("This is its address. Write what it is called.")
            for language in Language.values
            if self.url
            and bare_address(getattr(self, f"title_{language}") or "")
            in {bare_address(self.url), bare_address(self.url)[:300]}
        }
        if unwritten:
            raise ValidationError(unwritten)

    @property
    def published_by(self) -> str:
        """The publisher, as shown to a reader; empty if unknown."""
        return self.publisher.label if self.publisher is not None else self.publisher_name

    def references(self) -> Iterable[Publication]:
        if self.publisher is not None:
            yield self.publisher


def refuse_withdrawn_source(citing: models.Model) -> None:
    """Raises ValidationError if `citing` newly refers to a withdrawn source; `CitesWhatStands` refuses the same."""
    source: Source | None = getattr(citing, "source", None)  # none while a form is being filled in
    if source is None or source.state != PublicationState.WITHDRAWN:
        return
    if not type(citing)._default_manager.filter(pk=citing.pk, source=source).exists():
        raise ValidationError(
            {
                "source": _("“%(source)s” was withdrawn: cite another source, or have it published again first.")
                % {"source": source}
            }
        )


class Stance(models.TextChoices):
    SUPPORTS = "supports", pgettext_lazy("stance", "Supports")
    CONTRADICTS = "contradicts", pgettext_lazy("stance", "Contradicts")
    MENTIONS = "mentions", _("Mentions")


class SourceReliability(models.TextChoices):
    """How reliable the source is: NATO AJP-2.1 (the Admiralty code), letters."""

    A = "A", _("A – completely reliable")
    B = "B", _("B – usually reliable")
    C = "C", _("C – fairly reliable")
    D = "D", _("D – not usually reliable")
    E = "E", _("E – unreliable")
    F = "F", _("F – reliability cannot be judged")


class InformationCredibility(models.TextChoices):
    """How credible the information is, whatever its source: NATO AJP-2.1, numbers."""

    CONFIRMED = "1", _("1 – confirmed by other sources")
    PROBABLY_TRUE = "2", _("2 – probably true")
    POSSIBLY_TRUE = "3", _("3 – possibly true")
    DOUBTFUL = "4", _("4 – doubtful")
    IMPROBABLE = "5", _("5 – improbable")
    CANNOT_BE_JUDGED = "6", _("6 – truth cannot be judged")


class AbstractCitation(CleanTexts):
    """Links a source to what it supports, with the two Admiralty grades, rated independently.

    `independence_group` names the origin: twelve articles that repeat one dispatch share one group and count as one.
    """

    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="%(app_label)s_%(class)ss",
        verbose_name=_("source"),
    )
    stance = models.CharField(_("stance"), max_length=12, choices=Stance, default=Stance.SUPPORTS)
    locator = models.CharField(
        _("locator"),
        max_length=120,
        blank=True,
        help_text=_("Where in the source: page, paragraph, heading."),
    )
    quotation = models.TextField(_("quotation"), blank=True)
    source_reliability = models.CharField(
        _("source reliability"),
        max_length=1,
        choices=SourceReliability,
        default=SourceReliability.F,
    )
    information_credibility = models.CharField(
        _("information credibility"),
        max_length=1,
        choices=InformationCredibility,
        default=InformationCredibility.CANNOT_BE_JUDGED,
    )
    independence_group = models.SlugField(
        _("independence group"),
        max_length=80,
        help_text=_("One name for all that goes back to the same origin, for example a news agency's dispatch."),
    )

    class Meta:
        abstract = True
        constraints = [
            one_of("stance", Stance),
            one_of("source_reliability", SourceReliability),
            one_of("information_credibility", InformationCredibility),
            CheckConstraint(
                condition=~Q(independence_group=""),
                name=f"{PREFIX}_has_its_group",
                field="independence_group",
                violation_error_message=_("Name the origin that this citation goes back to."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        refuse_withdrawn_source(self)

    @property
    def grade(self) -> str:
        """The two Admiralty grades together, for example "B2"."""
        return f"{self.source_reliability}{self.information_credibility}"


CITED = ("claim", "instrument", "cooperation", "link", "party", "membership")


class Citation(AbstractCitation):
    """A source for a claim, an instrument's existence, or a relation between actors."""

    public_rows: ClassVar[PublicRows] = part_of(
        "source", optional=["claim", "instrument", "cooperation", "link", "party", "membership"]
    )
    public_from = kept_public_from()

    claim = models.ForeignKey(
        "partnerships.Claim",
        on_delete=models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    instrument = models.ForeignKey(
        "partnerships.Instrument",
        on_delete=models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    cooperation = models.ForeignKey(
        "partnerships.Cooperation",
        on_delete=models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    link = models.ForeignKey(
        "partnerships.PartnershipLink",
        on_delete=models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    party = models.ForeignKey(
        "partnerships.Party",
        on_delete=models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )
    membership = models.ForeignKey(
        "partnerships.Membership",
        on_delete=models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
    )

    class Meta(AbstractCitation.Meta):
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["id"]
        constraints = [
            *AbstractCitation.Meta.constraints,
            exactly_one(
                CITED,
                name="bears_on_one_thing",
                message=_("A citation bears on exactly one thing."),
            ),
            unique(
                "source",
                "locator",
                *CITED,
                name="once_per_place",
                field="locator",
                message=_("This place is already cited here."),
            ),
        ]
        triggers = [
            CitesWhatStands(operation=pgtrigger.Insert | pgtrigger.UpdateOf("source_id")),
            AnnouncePart("partnerships.Claim", "part.claim_id", name="announce_claim"),
            AnnouncePart(
                "partnerships.Actor",
                "(SELECT member_id FROM partnerships_membership WHERE id = part.membership_id)",
                name="announce_actor",
            ),
            AnnouncePart(
                "partnerships.Partnership",
                """COALESCE(
                    (SELECT partnership_id FROM partnerships_instrument WHERE id = part.instrument_id),
                    (SELECT partnership_id FROM partnerships_cooperation WHERE id = part.cooperation_id),
                    (SELECT source_id FROM partnerships_partnershiplink WHERE id = part.link_id),
                    (SELECT partnership_id FROM partnerships_party WHERE id = part.party_id))""",
                name="announce_partnership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.get_stance_display()}, {self.grade})"
