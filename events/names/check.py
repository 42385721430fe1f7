"""Checks texts that are about to become public for names and affiliations of participants, and refuses them.

Its answers would reveal who took part if anybody could ask freely. So only convenors, who know that anyway, are shown
the words and all their places at once. Everybody else is shown one text at a time, told that it names somebody, and
asked to talk to a convenor. They get a "no" only by making the text public for everybody: a text that becomes public
later is not checked for them at all (`NotYetPublic`), and a "no" for a text that was withdrawn in the same request
counts as an answer (`KeepsAnswers`). Each answer is recorded; after `REFUSALS_A_DAY` for one person, or
`REFUSALS_OF_AN_EVENT` for everybody about one event, there are no more for a day. Withdrawing is always possible.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from events.models import (
    AttributionRule,
    Consent,
    Event,
    NameRefusal,
    Participant,
    Point,
    PublicName,
    Report,
    Session,
    effective_rule,
)
from events.names.affiliations import phrases_in
from events.names.matching import FoundName, MatchKind, NameReader, Term
from partnerships.models import Actor, Claim, Source
from publishing.acting import Act
from publishing.languages import Language
from publishing.models.change import Change
from publishing.permissions import require_reviewer
from publishing.public_texts import PublicText
from publishing.publication import Publication, PublicationState
from publishing.refusals import NotAllowed, TextRefused
from publishing.roles import CONVENORS, groups_of

REFUSALS_A_DAY = 8
"""How many answers one person who is not a convenor gets in a day."""

REFUSALS_OF_AN_EVENT = 16
"""How many such answers all of them together get in a day about the texts of one event."""

MAX_FOUND_LENGTH = 500
"""How many characters of found words are stored and compared."""

MAX_PLACES = 6
"""How many places a message lists."""

A_DAY = dt.timedelta(days=1)

TOO_COMMON = (Actor.Kind.STATE, Actor.Kind.BLOC)
"""Kinds of actors whose names occur in every text here, and so identify nobody."""


@dataclass(frozen=True, slots=True)
class NamedInText:
    """Words in a text that name a participant."""

    public_text: PublicText
    found: FoundName
    digest: str

    @property
    def key(self) -> tuple[str, str]:
        return self.found.normalised[:MAX_FOUND_LENGTH], self.digest


class NamesSomebody(TextRefused):
    """A text that is about to be public names a participant, or their affiliation."""

    def __init__(self, named: Sequence[NamedInText], *, of: Any, by: User, events: Sequence[int]) -> None:
        self.of, self.by, self.events = of, by, events
        self.shown = list(named) if is_convenor(by) else _of_first_passage(named)
        self.may_be_overruled = _may_review(by)
        self.shows_words = is_convenor(by)
        if is_convenor(by):
            self.findings = [(one.public_text, one.found.context) for one in self.shown]
            message: Any = _("“%(thing)s” names somebody who was there, or their affiliation: %(places)s.")
        else:
            self.findings = [(self.shown[0].public_text, "")]
            message = _(
                "“%(thing)s” names somebody who was there, or their affiliation: %(places)s. "
                "A convenor can tell you more."
            )
        places = list(dict.fromkeys(str(public_text.place) for public_text, _words in self.findings))
        listed = "; ".join(places[:MAX_PLACES]) + (" …" if len(places) > MAX_PLACES else "")
        super().__init__(message, code="names_somebody", params={"thing": of, "places": listed})

    def keep(self) -> None:
        NameRefusal.objects.create(
            kind=kind_of(self.of),
            public_id=self.of.public_id,
            digests=list(dict.fromkeys(one.digest for one in self.shown)),
            events=list(self.events),
            by=self.by,
        )


class AskedTooOften(TextRefused):
    """People who are not convenors have had enough answers about names today."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Within a day you were told %(number)s times whether a text names somebody who was there, or all together "
                "were told so %(together)s times about one event. Ask a convenor to look at this one, or try again tomorrow."
            ),
            code="asked_too_often",
            params={"number": REFUSALS_A_DAY, "together": REFUSALS_OF_AN_EVENT},
        )


class NotYetPublic(TextRefused):
    """A text about an event that is not public at once is checked only for convenors: asking would cost nothing."""

    def __init__(self, of: Any) -> None:
        super().__init__(
            _(
                "“%(thing)s” comes out of an event and would not be public yet. Until it is, only somebody who also convenes "
                "publishes or changes it: ask a convenor, end the embargo, or withdraw it."
            ),
            code="not_yet_public",
            params={"thing": of},
        )


def is_convenor(by: User) -> bool:
    """Whether `by` knows the participants anyway."""
    return CONVENORS in groups_of(by)


def _may_review(by: User) -> bool:
    try:
        require_reviewer(by)
    except NotAllowed:
        return False
    return True


def _of_first_passage(named: Sequence[NamedInText]) -> list[NamedInText]:
    return [one for one in named if one.digest == named[0].digest]


def kind_of(thing: Any) -> str:
    """The kind of `thing`, as app.model."""
    return str(thing._meta.label_lower)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


# Who must not be named in a text


def rooms_of(publication: Publication) -> Iterable[tuple[Any, bool]]:
    """The events that `publication` is based on, each with whether affiliations are searched too.

    A source of an event's report, and claims that cite that source, could also reveal a name. But they are about the
    world, where ministries and institutes are a normal subject; so only names are searched in them.
    """
    yield from ((event, True) for event in publication.rooms())
    if isinstance(publication, Source):
        reports = Report.objects.filter(source=publication)
    elif isinstance(publication, Claim):
        reports = Report.objects.filter(source__in=publication.citations.values("source"))
    else:
        return
    for event in Event.objects.filter(reports__in=reports).distinct().order_by("pk"):
        yield event, False


def about(event: Event) -> Iterator[Publication]:
    """The publications for which `event` is a room, and whose texts are public or will be by themselves."""
    standing = Q(state__in=[PublicationState.PUBLISHED, PublicationState.WITHDRAWN])
    yield from Event.objects.filter(standing, pk=event.pk)
    if event.series is not None and event.series.published_at:
        yield event.series
    reports = event.reports.filter(standing).order_by("pk")
    yield from reports
    yield from event.recommendations.filter(standing).order_by("reference")
    sources = Source.objects.filter(standing, reports__event=event).distinct().order_by("pk")
    yield from sources
    yield from Claim.objects.filter(standing, citations__source__reports__event=event).distinct().order_by("pk")


def terms_of(participants: Iterable[Participant], *, affiliations: bool = True) -> list[Term]:
    """The terms that identify `participants` of one event."""
    people = list(participants)
    if not people:
        return []
    event = Event.objects.get(pk=people[0].event_id)
    may_be_named, may_be_placed = _with_consent(event, people)
    terms: list[Term] = []
    recorded: list[str] = []
    for person in people:
        if person.pk not in may_be_named:
            spellings = [person.name, *person.other_spellings.splitlines()]
            terms += [Term(name.strip(), MatchKind.NAME) for name in spellings if name.strip()]
        if affiliations and person.affiliation.strip() and person.pk not in may_be_placed:
            recorded.append(person.affiliation)
    terms += [Term(words, MatchKind.AFFILIATION) for words in dict.fromkeys(recorded)]
    return list(dict.fromkeys(terms))


def _with_consent(event: Event, people: Sequence[Participant]) -> tuple[set[int], set[int]]:
    """Whose names, and whose affiliations, may be in a text of `event` because of their consent.

    A text that names somebody reveals that they took part and may reveal what they said, so it needs all consents; if
    everything is on the record, the consent to being known as a participant is enough.
    """
    given: dict[tuple[int, str], bool] = {}
    for consent in Consent.objects.filter(participant__in=people).order_by("recorded_at", "pk"):
        given[consent.participant_id, consent.disclosure] = consent.given
    kinds = Consent.Disclosure
    rules = {event.attribution_rule, *Session.objects.filter(event=event).values_list("attribution_rule", flat=True)}
    on_record = all(effective_rule(rule) == AttributionRule.ON_RECORD for rule in rules if rule)
    for_names = [kinds.ATTENDANCE] if on_record else [kinds.ATTENDANCE, kinds.NAME, kinds.QUOTATION]
    for_affiliations = [kinds.ATTENDANCE] if on_record else [kinds.ATTENDANCE, kinds.AFFILIATION, kinds.QUOTATION]
    return (
        {person.pk for person in people if all(given.get((person.pk, kind)) for kind in for_names)},
        {person.pk for person in people if all(given.get((person.pk, kind)) for kind in for_affiliations)},
    )


def reader_for(events: Iterable[tuple[Any, bool]], *, only: Participant | None = None) -> NameReader:
    """The reader for the participants of `events`; for `only` one of them if given."""
    terms: list[Term] = []
    places = []
    for event, affiliations in events:
        there = Participant.objects.filter(event=event)
        terms += terms_of(there if only is None else there.filter(pk=only.pk), affiliations=affiliations)
        places.append(event)
    if not any(term.kind is MatchKind.AFFILIATION for term in terms):
        return NameReader(terms)
    names_of: dict[int, tuple[str, list[str]]] = {}
    columns = [f"{field}_{language}" for field in ("name", "short_name") for language in Language.values]
    for pk, kind, *names in Actor.objects.values_list("pk", "kind", *columns):
        names_of[pk] = kind, [name for name in names if name]
    hosts = set(Actor.objects.filter(organised__event__in=places).values_list("pk", flat=True))
    hosts |= set(Actor.objects.filter(convened_series__events__in=places).values_list("pk", flat=True))
    said: set[tuple[str, ...]] = set()
    actor_of: dict[tuple[str, ...], list[int]] = {}
    for pk, (kind, names) in names_of.items():
        for name in names:
            for phrase in phrases_in(name)[:1]:
                actor_of.setdefault(phrase.folds, []).append(pk)
                if pk in hosts or kind in TOO_COMMON:
                    # The organisers are on every invitation, and a state's name is in every text.
                    said.add(phrase.folds)
    for term in [term for term in terms if term.kind is MatchKind.AFFILIATION]:
        for phrase in phrases_in(term.words):
            for pk in actor_of.get(phrase.folds, ()):
                if names_of[pk][0] not in TOO_COMMON and pk not in hosts:
                    terms += [Term(name, MatchKind.AFFILIATION) for name in names_of[pk][1]]
    return NameReader(list(dict.fromkeys(terms)), public=frozenset(said))


# Checking and refusing


def named_in(reader: NameReader, public_texts: Iterable[PublicText]) -> list[NamedInText]:
    """What `reader` finds in `public_texts`, in their order."""
    return [
        NamedInText(public_text, found, digest_of(public_text.text))
        for public_text in public_texts
        for found in reader.read(public_text.text)
    ]


def refuse_names(
    event: Event,
    public_texts: Iterable[PublicText],
    *,
    of: Any,
    act: Act,
) -> None:
    """Raises NamesSomebody if `public_texts` name participants of `event`, or their affiliations.

    `of` is what the texts belong to: anything with a public id. `act` may hold a reviewer's reason for allowing what
    this reviewer was shown before; it is stored as `PublicName`. Runs in the transaction that makes the texts public.
    """
    _refuse(
        [(event, True)],
        public_texts,
        of=of,
        act=act,
        is_public_at_once=True,
    )
    if not event.is_published(at=act.at) and not is_convenor(act.by):
        Answer(of, act.by, [event.pk]).keep()  # a document waits for its event, and is published only once


def read_publication(
    sender: Any,
    *,
    publication: Publication,
    public_texts: Iterable[PublicText],
    act: Act,
    is_withdrawn: bool = False,
    **_others: Any,
) -> None:
    """The receiver of `before_publication`."""
    until = publication.embargo_until
    _refuse(
        rooms_of(publication),
        public_texts,
        of=publication,
        act=act,
        # The note on a withdrawal also stays secret until the end of an embargo.
        is_public_at_once=(until is None or until <= act.at) if is_withdrawn else publication.is_published(at=act.at),
        is_withdrawn=is_withdrawn,
    )


def _refuse(
    rooms: Iterable[tuple[Any, bool]],
    public_texts: Iterable[PublicText],
    *,
    of: Any,
    act: Act,
    is_public_at_once: bool,
    is_withdrawn: bool = False,
) -> None:
    rooms = list(rooms)
    if act.names_override_reason.strip():
        require_reviewer(act.by)
    if not rooms:
        return
    # This and recording a participant wait for each other (WaitsForReaders), so that one sees the other.
    keys = [event.pk for event, _affiliations in rooms]
    held = {
        event.pk: event
        for event in Event.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    }
    if not is_convenor(act.by):
        public_texts = list(public_texts)
        whole = held.get(getattr(of, "event_id", None))
        if not is_public_at_once or not (is_withdrawn or _shows(whole, of, public_texts, at=act.at)):
            raise NotYetPublic(of)
        # A withdrawal gets an answer too; but it costs a publication, and everybody sees that.
        if not is_withdrawn and is_told_enough(act.by, keys, at=act.at):
            raise AskedTooOften
    named = named_in(reader_for(rooms), public_texts)
    if not named:
        Answer.no(of=of, by=act.by, events=keys)
        return
    kept = PublicName.objects.filter(kind=kind_of(of), public_id=of.public_id)
    known = set(kept.values_list("words", "digest"))
    named = [one for one in named if one.key not in known]
    if named and act.names_override_reason.strip():
        named = _let_stand(named, of=of, by=act.by, at=act.at, reason=act.names_override_reason.strip())
    if named:
        raise NamesSomebody(named, of=of, by=act.by, events=keys)
    Answer.no(of=of, by=act.by, events=keys)


def _shows(event: Event | None, of: Any, public_texts: Sequence[PublicText], *, at: dt.datetime) -> bool:
    """Whether the public reads the parts of `event`: it is published, and nothing of it is off the record."""
    if event is None or not isinstance(of, Publication):
        return True
    if not event.is_published(at=at):
        return False
    if not isinstance(of, Report):
        return True
    points = [public_text.row for public_text in public_texts if isinstance(public_text.row, Point)]
    held_in = {point.session_id for point in points if point.session_id is not None}
    off_record = Session.objects.filter(pk__in=held_in, attribution_rule=AttributionRule.OFF_RECORD)
    return event.attribution_rule != AttributionRule.OFF_RECORD and not (held_in and off_record.exists())


def is_told_enough(by: User, events: Sequence[int], *, at: dt.datetime) -> bool:
    """Whether `by`, or everybody who is not a convenor, has had all answers for today; two queries."""
    if refusals_of(by, at=at).count() >= REFUSALS_A_DAY:
        return True
    about_them = NameRefusal.objects.filter(events__overlap=list(events), recorded_at__gt=at - A_DAY)
    return about_them.exclude(by__groups__name=CONVENORS).count() >= REFUSALS_OF_AN_EVENT


@dataclass(eq=False, slots=True)
class Answer:
    """The answer that a text names nobody, given to somebody who is not a convenor. It is dropped if the text becomes
    public.
    """

    of: Any
    by: User
    events: Sequence[int]
    is_public: bool = False

    @classmethod
    def no(cls, *, of: Any, by: User, events: Sequence[int]) -> None:
        given = _answers.get()
        if given is not None and not is_convenor(by):
            answer = cls(of, by, events)
            given.append(answer)
            transaction.on_commit(answer.made_public)

    def made_public(self) -> None:
        self.is_public = True

    def keep(self) -> None:
        NameRefusal.objects.create(
            kind=kind_of(self.of), public_id=self.of.public_id, digests=[], events=list(self.events), by=self.by
        )


_answers: ContextVar[list[Answer] | None] = ContextVar("answers", default=None)
"""Those given in the current request."""


class KeepsAnswers:
    """Middleware that records a "no" if its text was rolled back in the same request: nobody else ever saw that text.

    If another part of an edit is refused, the edit is rolled back; the kind of the refusal reveals that its words
    passed. Must stand outside every transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given: list[Answer] = []
        token = _answers.set(given)
        try:
            return self.get_response(request)
        finally:
            _answers.reset(token)
            # What still waits for the end of a transaction around this request may yet become public.
            waiting: list[Any] = [registered[1] for registered in connection.run_on_commit] if given else []
            taken_back = [one for one in given if not one.is_public and one.made_public not in waiting]
            for answer in {(kind_of(one.of), one.of.public_id): one for one in taken_back}.values():
                answer.keep()


def refusals_of(by: User, *, at: dt.datetime) -> Any:
    """What `by` was told within the last day."""
    return NameRefusal.objects.filter(by=by, recorded_at__gt=at - A_DAY)


def _let_stand(named: Sequence[NamedInText], *, of: Any, by: User, at: dt.datetime, reason: str) -> list[NamedInText]:
    """Stores the reason for what `by` was shown before, and returns what still has to be decided.

    The same words elsewhere in the same publication need no second answer.
    """
    shown: set[str] = set()
    for digests in (
        refusals_of(by, at=at).filter(kind=kind_of(of), public_id=of.public_id).values_list("digests", flat=True)
    ):
        shown.update(digests)
    words = {one.found.normalised for one in named if one.digest in shown}
    standing = [one for one in named if one.found.normalised in words]
    for key, one in {one.key: one for one in standing}.items():
        with translation.override(Language.EN):
            place = str(one.public_text.place)
        name = PublicName(
            kind=kind_of(of),
            public_id=of.public_id,
            place=place[:300],
            words=key[0],
            digest=key[1],
            reason=reason,
            by=by,
            recorded_at=at,
        )
        name.full_clean()
        name.save(force_insert=True)
    return [one for one in named if one.found.normalised not in words]


# For convenors


def where_named(participant: Participant) -> list[tuple[Publication, NamedInText]]:
    """Where texts that are public, or will be by themselves, name `participant`. Never stored."""
    event = Event.objects.select_related("series").get(pk=participant.event_id)
    readers = {affiliations: reader_for([(event, affiliations)], only=participant) for affiliations in (True, False)}
    found = []
    for publication in about(event):
        affiliations = not isinstance(publication, Source | Claim)
        public_texts = [*publication.public_texts(), *_earlier_notes(publication)]
        if publication.state == PublicationState.WITHDRAWN:
            public_texts = list(_earlier_notes(publication))
        found += [(publication, one) for one in named_in(readers[affiliations], public_texts)]
    return found


def _earlier_notes(publication: Publication) -> Iterator[PublicText]:
    """The public notes of its versions, which the feed of changes keeps."""
    notes = Change.objects.filter(public_id=publication.public_id).exclude(note="").order_by("pk")
    for version, note in dict(notes.values_list("version", "note")).items():
        if note != publication.version_note:
            yield PublicText(format_lazy("{} {}", _("note of version"), version), note)
