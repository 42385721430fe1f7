"""Drafts made from earlier recommendations: parts of one, one from several, those of the next edition.

The earlier recommendation keeps its text, its addressees and every record. What is made from it is a draft of its own,
linked to it, and goes through review like any other.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Event, Organiser, Series
from publishing.acting import Act
from publishing.actions import save_draft
from publishing.languages import Language, listed
from publishing.permissions import require_desk
from publishing.publication import PublicationState
from publishing.refusals import Refused
from recommendations.actions.followup import next_reference, record_status
from recommendations.lifecycle.states import OPEN, ImplementationState
from recommendations.models import Addressee, Objective, Recommendation, RecommendationLink, StatusEntry
from recommendations.models.recommendation import AddresseeRole, RecommendationLinkType, RecommendationStrength

DRAFT_TEXTS = ("title", "text", "test_of_done")


class TooFew(Refused):
    """A split needs two parts, a merger two recommendations."""


class AlreadyDone(Refused):
    """Somebody has split, merged or planned it already."""


class NotToBeTakenUp(Refused):
    """What is withdrawn, or superseded, cannot be split, merged or carried forward."""


@dataclass(frozen=True, slots=True)
class DraftText:
    """The texts of a draft, in one language."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of a merger: the records that end the earlier ones, and the addressees that stay open.

    These wait until the new one is public: nothing public may name a draft as its successor.
    """

    into: Recommendation
    ended: Sequence[StatusEntry] = field(default_factory=list)
    waiting: Sequence[Addressee] = field(default_factory=list)


def _locked(recommendations: Iterable[Recommendation]) -> list[Recommendation]:
    """Reads the rows again in the given order and locks them; a concurrent split or merger waits."""
    keys = list(dict.fromkeys(recommendation.pk for recommendation in recommendations))
    rows = Recommendation.objects.select_for_update(of=("self",), no_key=True).select_related("event").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def _refuse_withdrawn(recommendations: Iterable[Recommendation]) -> None:
    withdrawn = [row.reference for row in recommendations if row.state == PublicationState.WITHDRAWN]
    if withdrawn:
        message = _("It is withdrawn, and so not taken up again: %(references)s.")
        raise NotToBeTakenUp(message, code="withdrawn", params={"references": listed(withdrawn)})


def _draft(*, act: Act, words: DraftText | None, like: Recommendation, event: Event, **columns: Any) -> Recommendation:
    """A saved draft with the texts `words`, in the language of `like`, or else with all texts of `like`."""
    new = Recommendation(
        reference=next_reference(year=act.at.year),
        event=event,
        original_language=like.original_language,
        **{"strength": like.strength, "priority": like.priority, **columns},
    )
    if words is not None:
        setattr(new, f"title_{like.original_language}", words.title.strip())
        setattr(new, f"text_{like.original_language}", words.text.strip())
    else:
        for text in DRAFT_TEXTS:
            for language in Language.values:
                setattr(new, f"{text}_{language}", getattr(like, f"{text}_{language}"))
    save_draft(new, by=act.by)
    return new


def _carry(new: Recommendation, earlier: Sequence[Recommendation]) -> None:
    """Copies the topics, partnerships and addressees of the earlier ones to `new`; a lead addressee stays lead."""
    new.topics.set({topic for one in earlier for topic in one.topics.all()})
    new.partnerships.set({partnership for one in earlier for partnership in one.partnerships.all()})
    addressees: dict[int, Addressee] = {}
    for one in earlier:
        for addressee in one.addressees.order_by("pk"):
            copy = addressees.setdefault(
                addressee.actor_id,
                Addressee(recommendation=new, actor_id=addressee.actor_id, role=addressee.role, basis=addressee.basis),
            )
            if addressee.role == AddresseeRole.LEAD:
                copy.role = AddresseeRole.LEAD
    for addressee in addressees.values():
        addressee.full_clean()
        addressee.save()


def _link(new: Recommendation, type: RecommendationLinkType, earlier: Recommendation) -> None:
    link = RecommendationLink(source=new, type=type, target=earlier)
    link.full_clean()
    link.save()


def _numbered(error: ValidationError, number: int) -> ValidationError:
    """The same error, for the part with this number."""
    message = _("Part %(number)d: %(said)s")
    return Refused(message, code="part", params={"number": number, "said": " ".join(error.messages)})


@transaction.atomic
def split(recommendation: Recommendation, *, parts: Sequence[DraftText], act: Act) -> list[Recommendation]:
    """Makes drafts of the parts of a compound recommendation, with the same addressees.

    The compound keeps all its records, and shows its state from its parts. Raises TooFew, AlreadyDone or
    NotToBeTakenUp.
    """
    require_desk(act.by)
    (whole,) = _locked([recommendation])
    _refuse_withdrawn([whole])
    if len(parts) < 2:
        raise TooFew(_("Write at least two parts."), code="too_few")
    titles = [part.title.strip().casefold() for part in parts]
    if len(set(titles)) < len(titles):
        raise Refused(_("Two parts have the same title: say what tells them apart."), code="same_title")
    there = list(whole.parts.order_by("reference").values_list("reference", flat=True))
    if there:
        message = _("It is split already, into %(parts)s. Add what is missing there as another part.")
        raise AlreadyDone(message, code="already_split", params={"parts": listed(there)})
    made = []
    for number, part in enumerate(parts, start=1):
        try:
            new = _draft(
                act=act,
                words=part,
                like=whole,
                event=whole.event,
                parent=whole,
                point_id=whole.point_id,
                target_date=whole.target_date,
            )
        except ValidationError as error:
            raise _numbered(error, number) from error
        _carry(new, [whole])
        _link(new, RecommendationLinkType.SPLITS, whole)
        made.append(new)
    return made


@transaction.atomic
def merge(
    recommendations: Iterable[Recommendation],
    *,
    into: Recommendation | DraftText,
    act: Act,
    as_of: dt.date,
    event: Event | None = None,
) -> Merged:
    """Merges several recommendations into one: an existing one, or a new draft with the texts `into`.

    A new one belongs to `event`, or else to the event of the latest one, and has all their addressees. The earlier ones
    end as superseded by it, as of `as_of`, unless they are closed or this would reveal a draft. Raises TooFew,
    AlreadyDone or NotToBeTakenUp; if one record is refused, everything is.
    """
    require_desk(act.by)
    earlier = _locked(recommendations)
    if len(earlier) < 2:
        raise TooFew(_("Choose at least two recommendations."), code="too_few")
    _refuse_withdrawn(earlier)
    merged = RecommendationLink.objects.filter(target__in=earlier, type=RecommendationLinkType.MERGES)
    others = merged.exclude(source=into) if isinstance(into, Recommendation) else merged
    for link in others.select_related("source", "target").order_by("pk"):
        message = _("%(earlier)s is merged already, into %(later)s.")
        said = {"earlier": link.target.reference, "later": link.source.reference}
        raise AlreadyDone(message, code="already_merged", params=said)
    if isinstance(into, DraftText):
        like = max(earlier, key=lambda one: (one.event.start_date or dt.date.min, one.pk))
        strongest = min((one.strength for one in earlier), key=RecommendationStrength.values.index)
        priority = any(one.priority for one in earlier)
        new = _draft(
            act=act,
            words=into,
            like=like,
            event=event or like.event,
            strength=strongest,
            priority=priority,
        )
        _carry(new, earlier)
    else:
        if into.pk in {one.pk for one in earlier}:
            raise NotToBeTakenUp(
                {"into": _("A recommendation is not merged into itself: leave it out of those to merge.")}
            )
        (new,) = _locked([into])
        _refuse_withdrawn([new])
    linked = set(RecommendationLink.objects.filter(source=new, type="merges").values_list("target_id", flat=True))
    for one in earlier:
        if one.pk not in linked:
            _link(new, RecommendationLinkType.MERGES, one)
    return supersede_merged(new, act=act, as_of=as_of)


def to_supersede(recommendation: Recommendation) -> list[Addressee]:
    """The addressees, still open, of what was merged into `recommendation`."""
    merged = recommendation.links.filter(type=RecommendationLinkType.MERGES)
    of_merged = Addressee.objects.filter(recommendation__in=merged.values("target"), current_status__state__in=OPEN)
    return list(of_merged.select_related("recommendation", "actor").order_by("recommendation__reference", "pk"))


@transaction.atomic
def supersede_merged(recommendation: Recommendation, *, act: Act, as_of: dt.date) -> Merged:
    """Ends what was merged into `recommendation` as superseded by it; public ones wait until it is public too."""
    require_desk(act.by)
    (into,) = _locked([recommendation])
    ended, waiting = [], []
    for addressee in to_supersede(into):
        earlier = addressee.recommendation
        if earlier.state == PublicationState.PUBLISHED and not into.is_published(
            at=max(act.at, earlier.embargo_until or act.at)
        ):
            waiting.append(addressee)
            continue
        entry = record_status(addressee, state=ImplementationState.SUPERSEDED, as_of=as_of, act=act, successor=into)
        ended.append(entry)
    return Merged(into, ended, waiting)


def next_edition(series: Series) -> int:
    """The number after that of the last edition."""
    last = series.events.aggregate(last=Max("edition"))["last"]
    return int(last or 0) + 1


CADENCE_MONTHS = {
    Series.Cadence.ANNUAL: 12,
    Series.Cadence.BIANNUAL: 6,
    Series.Cadence.BIENNIAL: 24,
    Series.Cadence.QUARTERLY: 3,
}


def next_day(series: Series, last: Event | None) -> dt.date | None:
    """The day of the next edition by the cadence of the series; None if either is unknown."""
    months = CADENCE_MONTHS.get(Series.Cadence(series.cadence))
    if months is None or last is None or last.start_date is None:
        return None
    try:
        return last.start_date + relativedelta(months=months)
    except ValueError:  # after the year 9999
        return None


def last_edition(series: Series) -> Event | None:
    """The edition with the highest number; else the latest event."""
    numbered = series.events.exclude(edition=None).order_by("-edition").first()
    return numbered or series.events.order_by("-start_date", "-pk").first()


def to_carry(series: Series) -> Any:
    """What earlier editions asked that is still open, and that no later recommendation takes up; with the roll-up, the
    latest event first.
    """
    rows = Recommendation.objects.exclude(state=PublicationState.WITHDRAWN).filter(event__series=series)
    taken_up = RecommendationLink.objects.values("target")
    return (
        rows.exclude(pk__in=taken_up)
        .with_rollup()
        .filter(state_rolled_up__in=[state.value for state in OPEN])
        .select_related("event")
        .order_by("-event__edition", "-event__start_date", "reference")
    )


@transaction.atomic
def plan_next_edition(
    series: Series,
    *,
    act: Act,
    carry: Sequence[Recommendation] = (),
    name: str = "",
    start_date: dt.date | None = None,
    end_date: dt.date | None = None,
    edition: int | None = None,
) -> Event:
    """Plans the edition after the last one, and carries forward what is still open, as drafts that reiterate it.

    `edition` is the number that the person saw: raises AlreadyDone if somebody has planned it meanwhile. The drafts
    have the same texts and addressees; the desk sets their target dates.
    """
    require_desk(act.by)
    row: Series = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    if row.state == PublicationState.WITHDRAWN:
        raise NotToBeTakenUp(_("This series is withdrawn: publish it again first."), code="withdrawn")
    number = next_edition(row)
    if edition is not None and edition != number:
        planned = row.events.filter(edition=edition).first()
        if planned is not None:
            message = _("Edition %(number)d is there already: “%(event)s”.")
            raise AlreadyDone(message, code="already_planned", params={"number": edition, "event": planned})
        raise AlreadyDone(_("The editions have changed meanwhile. Look at them again."), code="already_planned")
    last = last_edition(row)
    chosen = _locked(carry)
    _refuse_withdrawn(chosen)
    possible = set(to_carry(row).filter(pk__in=[one.pk for one in chosen]).values_list("pk", flat=True))
    impossible = [one.reference for one in chosen if one.pk not in possible]
    if impossible:
        several = ngettext(
            "%(references)s is not open in this series any more, or was taken up already.",
            "%(references)s are not open in this series any more, or were taken up already.",
            len(impossible),
        )
        raise NotToBeTakenUp({"carry": several % {"references": listed(impossible)}})
    event = Event(
        series=row,
        edition=number,
        slug=_free_slug(row, number),
        kind=last.kind if last else Event.Kind.ROUNDTABLE,
        lifecycle=Event.Lifecycle.PLANNED,
        start_date=start_date,
        end_date=end_date,
        original_language=row.original_language,
    )
    own_name = getattr(row, f"name_{row.original_language}")
    setattr(event, f"name_{row.original_language}", name.strip() or f"{own_name} ({number})")
    save_draft(event, by=act.by)
    if last is not None:
        event.topics.set(last.topics.all())
        event.partnerships.set(last.partnerships.all())
        for organiser in last.organisers.order_by("pk"):
            Organiser(event=event, actor=organiser.actor, role=organiser.role).save()
    for one in chosen:
        new = _draft(act=act, words=None, like=one, event=event)
        _carry(new, [one])
        for objective in one.objectives.order_by("position"):
            said = {f"text_{language}": getattr(objective, f"text_{language}") for language in Language.values}
            Objective(recommendation=new, position=objective.position, **said).save()
        _link(new, RecommendationLinkType.REITERATES, one)
    return event


def _free_slug(series: Series, number: int) -> str:
    """The slug of the series and the number; with a letter added if that is taken."""
    wanted = f"{series.slug[:70]}-{number}"
    taken = set(Event.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if slug not in taken)
