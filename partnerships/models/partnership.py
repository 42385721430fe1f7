from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.models.actor import Actor
from partnerships.models.topic import Topic
from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import not_itself, one_of, original_present, unique
from publishing.database.search_texts import KeepSearchText
from publishing.database.triggers import AnnouncePart, NamedOnce, NoCycle
from publishing.public_texts import PublicText, texts_of_cited, texts_of_parts
from publishing.publication import Publication
from publishing.reader.public_rows import PublicRows, kept_public_from, part_of
from publishing.unique_names import folded_indexes


class PartnershipForm(models.TextChoices):
    ALLIANCE = "alliance", _("Alliance")
    STRATEGIC = "strategic", _("Strategic partnership")
    DEFENCE = "defence", _("Defence partnership")
    MINILATERAL = "minilateral", _("Minilateral")
    INSTITUTIONAL = "institutional", _("Institutional partnership")


class PartnershipStatus(models.TextChoices):
    PROSPECTIVE = "prospective", _("Prospective")
    EMERGING = "emerging", _("Emerging")
    ACTIVE = "active", _("Active")
    DORMANT = "dormant", _("Dormant")
    SUSPENDED = "suspended", pgettext_lazy("partnership", "Suspended")
    ENDED = "ended", pgettext_lazy("partnership", "Ended")


class Partnership(Publication):
    """A lasting relation between two or more actors, from first talks to its end."""

    Form = PartnershipForm
    Status = PartnershipStatus

    identifier_field = "slug"
    named_once_within = ()

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    form = models.CharField(_("form"), max_length=15, choices=Form)
    status = models.CharField(_("status"), max_length=12, choices=Status)
    summary = models.TextField(_("summary"), blank=True)
    topics = models.ManyToManyField(
        Topic,
        related_name="partnerships",
        verbose_name=_("topics"),
        blank=True,
        help_text=_("Themes and theatres; areas of cooperation are entered with their stage below."),
    )

    class Meta(Publication.Meta):
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["slug"]
        constraints = [
            *Publication.Meta.constraints,
            one_of("form", PartnershipForm),
            one_of("status", PartnershipStatus),
            original_present("name"),
        ]
        indexes = [
            *folded_indexes("partnership"),
            models.Index(fields=["published_at", "slug"], name="partnership_by_publication"),
        ]
        triggers = [
            *Publication.Meta.triggers,
            NamedOnce(),
            KeepSearchText("partnership", title="name", body="summary"),
        ]

    def __str__(self) -> str:
        return self.name or self.slug

    def get_absolute_url(self) -> str:
        return reverse("partnerships:partnership_detail", args=[self.slug])

    def references(self) -> Iterable[Publication]:
        yield from self.topics.all()
        for party in self.parties.select_related("actor").prefetch_related("citations__source"):
            yield party.actor
            yield from (citation.source for citation in party.citations.all())
        for cooperation in self.cooperations.select_related("topic").prefetch_related("citations__source"):
            yield cooperation.topic
            yield from (citation.source for citation in cooperation.citations.all())
        for link in self.links.select_related("target").prefetch_related("citations__source"):
            yield link.target
            yield from (citation.source for citation in link.citations.all())
        instruments = self.instruments.select_related("promoted_from")
        for instrument in instruments.prefetch_related("citations__source", "actions__party"):
            if instrument.promoted_from is not None:
                yield instrument.promoted_from
            yield from (citation.source for citation in instrument.citations.all())
            yield from (action.party for action in instrument.actions.all() if action.party is not None)

    def public_texts(self) -> Iterable[PublicText]:
        yield from super().public_texts()
        yield from texts_of_cited(self.parties.order_by("pk"))
        yield from texts_of_cited(self.cooperations.order_by("pk"))
        yield from texts_of_cited(self.links.order_by("pk"))
        for instrument in self.instruments.order_by("pk"):
            yield from texts_of_cited([instrument])
            yield from texts_of_parts(instrument.actions.order_by("pk"))


class PartyRole(models.TextChoices):
    PARTY = "party", _("Party")
    PROSPECTIVE_PARTY = "prospective_party", _("Prospective party")
    FACILITATOR = "facilitator", _("Facilitator")
    OBSERVER = "observer", _("Observer")


class Party(models.Model):
    """An actor's part in a partnership."""

    public_rows: ClassVar[PublicRows] = part_of("partnership", "actor")
    public_from = kept_public_from()

    Role = PartyRole

    partnership = models.ForeignKey(
        Partnership,
        on_delete=models.CASCADE,
        related_name="parties",
        verbose_name=_("partnership"),
    )
    actor = models.ForeignKey(
        Actor,
        on_delete=models.PROTECT,
        related_name="party_to",
        verbose_name=_("actor"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.PARTY)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["partnership_id", "id"]
        constraints = [
            one_of("role", PartyRole),
            unique(
                "partnership",
                "actor",
                name="once_per_actor",
                field="actor",
                message=_("This actor already has a part here."),
            ),
        ]
        triggers = [AnnouncePart("partnerships.Partnership", "part.partnership_id")]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"


class PartnershipLinkType(models.TextChoices):
    PRECEDENT_FOR = "precedent_for", _("Precedent for")
    COMPLEMENTS = "complements", _("Complements")
    COUNTERBALANCES = "counterbalances", _("Counterbalances")
    SUBSTITUTES = "substitutes", _("Substitutes")
    PART_OF = "part_of", _("Part of")


class PartnershipLink(models.Model):
    """What one partnership is to another, read from `source` to `target`."""

    public_rows: ClassVar[PublicRows] = part_of("source", "target")
    public_from = kept_public_from()

    Type = PartnershipLinkType

    source = models.ForeignKey(
        Partnership,
        on_delete=models.CASCADE,
        related_name="links",
        verbose_name=_("from"),
    )
    type = models.CharField(_("type"), max_length=16, choices=Type)
    target = models.ForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        related_name="linked_from",
        verbose_name=_("to"),
    )

    class Meta:
        verbose_name = _("link to a partnership")
        verbose_name_plural = _("links to partnerships")
        ordering = ["source_id", "id"]
        constraints = [
            one_of("type", PartnershipLinkType),
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
            NoCycle(
                source="source_id",
                target="target_id",
                only="edge.type = 'part_of'",
                name="no_cycle_of_parts",
            ),
            NoCycle(
                source="source_id",
                target="target_id",
                only="edge.type = 'precedent_for'",
                name="no_cycle_of_precedents",
            ),
            AnnouncePart("partnerships.Partnership", "part.source_id", name="announce_source"),
            AnnouncePart("partnerships.Partnership", "part.target_id", name="announce_target"),
        ]

    def __str__(self) -> str:
        return f"{self.source} – {self.get_type_display()} – {self.target}"


class CooperationStage(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    UNDER_DISCUSSION = "under_discussion", _("Under discussion")
    EXPECTED = "expected", _("Expected")
    AGREED = "agreed", _("Agreed")
    OPERATING = "operating", _("Operating")
    LAPSED = "lapsed", _("Lapsed")


class Cooperation(CleanTexts):
    """How far a partnership has come in one area of cooperation."""

    public_rows: ClassVar[PublicRows] = part_of("partnership", "topic")
    public_from = kept_public_from()

    Stage = CooperationStage

    partnership = models.ForeignKey(
        Partnership,
        on_delete=models.CASCADE,
        related_name="cooperations",
        verbose_name=_("partnership"),
    )
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        related_name="cooperations",
        verbose_name=_("topic"),
    )
    stage = models.CharField(_("stage"), max_length=18, choices=Stage)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("cooperation")
        verbose_name_plural = _("cooperation by topic")
        ordering = ["partnership_id", "id"]
        constraints = [
            one_of("stage", CooperationStage),
            unique(
                "partnership",
                "topic",
                "stage",
                name="once_per_topic_and_stage",
                field="topic",
                message=_("This topic already stands here at that stage."),
            ),
        ]
        triggers = [AnnouncePart("partnerships.Partnership", "part.partnership_id")]

    def __str__(self) -> str:
        return f"{self.topic} ({self.get_stage_display()})"
