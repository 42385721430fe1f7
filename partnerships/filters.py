"""The filters of this app's lists."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    Actor,
    ClaimSubject,
    Cooperation,
    Membership,
    OfficialPosition,
    Partnership,
    Party,
    Topic,
    VerificationStatus,
)
from partnerships.models.actor import ActorKind
from partnerships.models.claim import ClaimKind
from partnerships.models.partnership import PartnershipForm, PartnershipStatus
from publishing.pages.lists import AsOf, Choice, ListFilters, PublicationChoice, visible


def topic_and_below(topic: Topic) -> QuerySet[Topic]:
    """`topic` and the topics below it, three levels deep: the tree has no more."""
    return Topic.objects.filter(Q(pk=topic.pk) | Q(parent=topic) | Q(parent__parent=topic))


class PartnershipFilters(ListFilters):
    party = PublicationChoice(label=_("Party"))
    form = Choice(PartnershipForm.choices, label=_("Form"))
    status = Choice(PartnershipStatus.choices, label=_("Status"))
    topic = PublicationChoice(label=_("Topic"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices_of("party", visible(Actor, self.user).filter(Exists(Party.objects.filter(actor=OuterRef("pk")))))
        self.choices_of("topic", visible(Topic, self.user))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.cleaned_data
        if chosen["party"]:
            rows = rows.filter(Exists(Party.objects.filter(partnership=OuterRef("pk"), actor=chosen["party"])))
        if chosen["form"]:
            rows = rows.filter(form=chosen["form"])
        if chosen["status"]:
            rows = rows.filter(status=chosen["status"])
        if chosen["topic"]:
            topics = topic_and_below(chosen["topic"])
            rows = rows.filter(
                Exists(topics.filter(partnerships=OuterRef("pk")))
                | Exists(Cooperation.objects.filter(partnership=OuterRef("pk"), topic__in=topics))
            )
        return rows


class ActorFilters(ListFilters):
    kind = Choice(ActorKind.choices, label=_("Kind"))
    bloc = PublicationChoice(label=_("Member of"))
    parent = PublicationChoice(label=_("Part of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices_of("bloc", visible(Actor, self.user).filter(kind=ActorKind.BLOC))
        has_parts = Exists(Actor.objects.visible_to(self.user).filter(parent=OuterRef("pk")))
        self.choices_of("parent", visible(Actor, self.user).filter(has_parts))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.cleaned_data
        if chosen["kind"]:
            rows = rows.filter(kind=chosen["kind"])
        if chosen["bloc"]:
            rows = rows.filter(Exists(Membership.objects.filter(member=OuterRef("pk"), bloc=chosen["bloc"])))
        if chosen["parent"]:
            rows = rows.filter(parent=chosen["parent"])
        return rows


class ClaimPart(models.TextChoices):
    """How an actor may be involved in a claim."""

    SUBJECT = "subject", _("It is about the actor")
    PERSPECTIVE = "perspective", _("It states the actor’s point of view")
    ASSERTED_BY = "asserted_by", _("The actor asserts it")
    POSITION = "position", _("The actor has an official position on it")


class ClaimFilters(ListFilters):
    status = Choice(VerificationStatus.choices, label=_("Verification status"))
    kind = Choice(ClaimKind.choices, label=_("Kind"))
    partnership = PublicationChoice(label=_("Partnership"))
    actor = PublicationChoice(label=_("Actor"))
    part = Choice(ClaimPart.choices, label=_("What the actor has to do with it"))
    topic = PublicationChoice(label=_("Topic"))
    as_of = AsOf()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices_of("partnership", visible(Partnership, self.user))
        self.choices_of("actor", visible(Actor, self.user))
        self.choices_of("topic", visible(Topic, self.user))

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or self.cleaned_data
        if chosen.get("part") and not chosen.get("actor") and "actor" not in self.errors:
            self.add_error("part", _("Choose the actor as well."))
        return chosen

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The filtered claims; `rows` must have their `status`."""
        chosen = self.cleaned_data
        if chosen["status"]:
            rows = rows.filter(status=chosen["status"])
        if chosen["kind"]:
            rows = rows.filter(kind=chosen["kind"])
        if chosen["partnership"]:
            rows = rows.filter(partnerships=chosen["partnership"])
        if chosen["actor"]:
            part = chosen["part"]
            rows = rows.filter(
                has_part(chosen["actor"], ClaimPart(part), as_of=self.known_on) if part else concerning(chosen["actor"])
            )
        if chosen["topic"]:
            rows = rows.filter(Exists(topic_and_below(chosen["topic"]).filter(claims=OuterRef("pk"))))
        return rows


def concerning(actor: Actor) -> Q:
    """Claims about `actor`, from its perspective, or asserted by it."""
    return (
        Q(perspective=actor)
        | Q(asserted_by=actor)
        | Q(Exists(ClaimSubject.objects.filter(claim=OuterRef("pk"), actor=actor)))
    )


def has_part(actor: Actor, part: ClaimPart, *, as_of: dt.date | None = None) -> Q:
    """Claims in which `actor` has the role `part`; with `as_of`, a position that was known on that day."""
    match part:
        case ClaimPart.PERSPECTIVE:
            return Q(perspective=actor)
        case ClaimPart.ASSERTED_BY:
            return Q(asserted_by=actor)
        case ClaimPart.POSITION:
            positions = OfficialPosition.objects.effective(as_of)
            return Q(Exists(positions.filter(claim=OuterRef("pk"), government=actor)))
        case ClaimPart.SUBJECT:
            return Q(Exists(ClaimSubject.objects.filter(claim=OuterRef("pk"), actor=actor)))
