"""Records the illustration through the actions, each record on the day on which the desk would have made it."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from config.illustration.asked import ACTORS, ASKED, EDITIONS, END, SERIES, InventedRecommendation, TrilingualText
from config.illustration.lives import CONFIRMED, LIVES, InventedRecord, moments
from events.models import Event, Organiser, Series
from partnerships.models import Actor, Source
from publishing import actions as publishing_actions
from publishing.acting import Act
from publishing.publication import Publication
from publishing.refusals import Refused
from publishing.roles import REVIEWERS
from recommendations import actions
from recommendations.lifecycle.states import OPEN, Confidence, ImplementationState, ResponseKind
from recommendations.models import (
    Addressee,
    Evidence,
    Fulfilment,
    Objective,
    Recommendation,
    RecommendationLink,
    StatusEntry,
)

MARK = TrilingualText("Illustration: ", "Örnek: ", "مثال توضيحي: ")
"""The mark with which every title and every text of the story begins, in its language."""

EXPLAINED = TrilingualText(
    "This is an illustration. The states, the offices and everything that is told of them are made up.",
    "Bu bir örnektir. Devletler, makamlar ve onlar hakkında anlatılan her şey uydurmadır.",
    "هذا مثال توضيحي. الدول والجهات وكل ما يروى عنها من نسج الخيال.",
)
SLUG = "illustration"
SEED = 2022
FIRST_DAY = dt.date(2022, 1, 10)
CHECKED_EVERY = (120, 330)
"""The least and most days after which the desk checks again; some entries become stale in between."""

S, R = ImplementationState, ResponseKind


class AlreadyTold(Refused):
    """The story is in this database."""


class AmongRealContent(Refused):
    """There are publications that do not belong to the story."""


def marked(words: TrilingualText) -> dict[str, str]:
    """`words` by language, each with the mark of its language before it."""
    return {language: getattr(MARK, language) + getattr(words, language) for language in ("en", "tr", "ar")}


def said(text: str) -> str:
    """An English text of the story."""
    return MARK.en + text


def translated(name: str, by_language: dict[str, str]) -> dict[str, str]:
    return {f"{name}_{language}": text for language, text in by_language.items()}


def real_publications() -> int:
    """The number of publications in this database that do not belong to the story."""
    kinds = [model for model in Publication.__subclasses__() if not model._meta.abstract]
    return sum(model._default_manager.count() for model in kinds)


@dataclass
class Told:
    """How many of each were recorded."""

    series: Series
    recommendations: int
    entries: int
    responses: int
    corrections: int


@transaction.atomic
def tell(*, among_real_content: bool = False) -> Told:
    """Records the whole story, or nothing. Raises AlreadyTold, and AmongRealContent unless that is allowed."""
    # Another process that does the same waits here, and then raises AlreadyTold.
    Group.objects.select_for_update().get(name=REVIEWERS)
    if Series.objects.filter(slug=SLUG).exists():
        raise AlreadyTold(_("The illustration is already in this database."), code="already_told")
    found = real_publications()
    if found and not among_real_content:
        raise AmongRealContent(
            _(
                "There are publications in this database (%(count)s), and made-up ones would stand among them. "
                "Tell the illustration in a database of its own."
            ),
            code="among_real_content",
            params={"count": found},
        )
    return Teller().tell()


@dataclass
class Teller:
    """What has been recorded so far, by the keys of `asked`."""

    actors: dict[str, Actor] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    recommendations: dict[str, Recommendation] = field(default_factory=dict)
    addressees: dict[tuple[str, str], Addressee] = field(default_factory=dict)
    records: dict[tuple[tuple[str, str], bool], dict[dt.date, Any]] = field(default_factory=lambda: defaultdict(dict))
    sources: dict[str, Source] = field(default_factory=dict)
    told: Told = field(init=False)

    def tell(self) -> Told:
        self.editor, self.reviewer = (self.person(name) for name in ("illustration-editor", "illustration-reviewer"))
        self.set_the_scene()
        self.told = Told(self.series, 0, 0, 0, 0)
        by_day: dict[dt.date, list[tuple[tuple[str, str], InventedRecord]]] = defaultdict(list)
        for whom, moment in self.all_moments():
            by_day[moment.known].append((whom, moment))
        for edition, held_on in enumerate(EDITIONS, start=1):
            self.hold(edition)
            until = EDITIONS[edition] if edition < len(EDITIONS) else dt.date.max
            for day in sorted(day for day in by_day if held_on <= day < until):
                for whom, moment in by_day[day]:
                    self.record(whom, moment)
        for person in (self.editor, self.reviewer):  # they were only needed as authors, and nobody signs in as them
            person.is_active = False
            person.save(update_fields=["is_active"])
        return self.told

    def person(self, name: str) -> User:
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name=REVIEWERS))
        return user

    # What the story is about

    def put_out(self, publication: Publication, on: dt.date) -> None:
        publishing_actions.publish(publication, act=Act(by=self.reviewer, at=noon(on)))

    def set_the_scene(self) -> None:
        for key, actor in ACTORS.items():
            self.actors[key] = Actor(kind=actor.kind, slug=f"{SLUG}-{key}", **translated("name", marked(actor.name)))
            publishing_actions.save_draft(self.actors[key], by=self.editor)
            self.put_out(self.actors[key], FIRST_DAY)
        self.series = Series(
            slug=SLUG,
            cadence=Series.Cadence.ANNUAL,
            **translated("name", marked(SERIES)),
            **translated("description", marked(EXPLAINED)),
        )
        publishing_actions.save_draft(self.series, by=self.editor)
        self.series.convenors.add(self.actors["institute"])
        self.put_out(self.series, FIRST_DAY)

    def hold(self, edition: int) -> None:
        """One edition of the dialogue, and its recommendations."""
        day = EDITIONS[edition - 1]
        names = {
            "en": f"{SERIES.en}, edition {edition}",
            "tr": f"{SERIES.tr}, {edition}. oturum",
            "ar": f"{SERIES.ar}، الدورة {edition}",
        }
        event = Event(
            series=self.series,
            edition=edition,
            slug=f"{SLUG}-{edition}",
            kind=Event.Kind.STRATEGIC_DIALOGUE,
            lifecycle=Event.Lifecycle.HELD,
            start_date=day,
            end_date=day + dt.timedelta(days=1),
            attribution_rule="chatham_house",
            **translated("name", marked(TrilingualText(**names))),
            **translated("summary", marked(EXPLAINED)),
        )
        publishing_actions.save_draft(event, by=self.editor)
        Organiser.objects.create(event=event, actor=self.actors["institute"], role=Organiser.Role.HOST)
        self.put_out(event, day)
        self.events.append(event)
        for key, asked in ASKED.items():
            if asked.edition == edition:
                self.ask(key, asked, event)
        if edition == 2:
            self.close_the_loop(event)

    def ask(self, key: str, asked: InventedRecommendation, event: Event) -> None:
        recommendation = Recommendation(
            reference=actions.next_reference(year=EDITIONS[asked.edition - 1].year),
            event=event,
            strength=asked.strength,
            target_date=asked.due,
            parent=self.recommendations[asked.parent] if asked.parent else None,
            text_en=said(f"{asked.title.en}. The edition asked this, and nobody outside of this story did."),
            test_of_done_en=said(f"{asked.test}."),
            **translated("title", marked(asked.title)),
        )
        publishing_actions.save_draft(recommendation, by=self.editor)
        Objective.objects.create(recommendation=recommendation, position=1, text_en=said("to make the coast safer."))
        for role, names in ((Addressee.Role.LEAD, asked.lead), (Addressee.Role.SUPPORT, asked.support)):
            for name in names:
                self.addressees[key, name] = Addressee.objects.create(
                    recommendation=recommendation, actor=self.actors[name], role=role
                )
        for type_of_link, earlier in asked.links:
            target = self.recommendations[earlier]
            RecommendationLink.objects.create(source=recommendation, type=type_of_link, target=target)
        self.put_out(recommendation, EDITIONS[asked.edition - 1] + dt.timedelta(days=2))
        self.recommendations[key] = recommendation
        self.told.recommendations += 1

    def close_the_loop(self, event: Event) -> None:
        """The second edition is what the first one asked for."""
        for by, what in (("series", self.series), ("event", event)):
            Fulfilment.objects.create(
                recommendation=self.recommendations["dialogue"], note=said("the dialogue came about."), **{by: what}
            )

    # What became of it

    def all_moments(self) -> Iterator[tuple[tuple[str, str], InventedRecord]]:
        """Every moment of every history, including the desk's checks, in the order of the histories."""
        chance = random.Random(SEED)  # noqa: S311 -- the same story every time
        for whom, life in LIVES.items():
            written = moments(life)
            checks = [(whom, check) for check in checks_between(written, chance)]
            yield from ((whom, moment) for moment in written)
            yield from checks

    def record(self, whom: tuple[str, str], moment: InventedRecord) -> None:
        addressee = self.addressees[whom]
        if moment.what == CONFIRMED:
            entry = actions.current_entry(addressee)
            assert entry is not None
            actions.confirm(entry, act=Act(by=self.reviewer, at=noon(moment.known)))
            return
        mine = self.records[whom, moment.is_response]
        given: dict[str, Any] = {
            "as_of": moment.day,
            "act": Act(by=self.editor, at=noon(moment.known)),
            "corrects": mine[moment.instead] if moment.instead else None,
        }
        if moment.is_response:
            row: models.Model = self.answer(addressee, moment, given)
            self.told.responses += 1
        else:
            row = self.assess(addressee, moment, given)
            self.told.entries += 1
        self.told.corrections += moment.instead is not None
        mine[moment.day] = row

    def answer(self, addressee: Addressee, moment: InventedRecord, given: dict[str, Any]) -> models.Model:
        office = said(f"the secretariat of the {unmarked_name(addressee)}")
        words = said(moment.words) if moment.words else ""
        match moment.what:
            case R.AWAITING:
                given |= {"channel": said("letter"), "recipient": office, "words": words}
            case R.ACCEPTED:
                given |= {"office": office, "source": self.source(moment, "own_account", addressee)}
            case R.PARTLY_ACCEPTED:
                given |= {"office": office, "accepted_part": words}
                given |= {"source": self.source(moment, "own_account", addressee)}
            case R.NOTED:
                given |= {"words": words}
            case R.REJECTED:
                given |= {"reason": words, "no_reason_given": not words}
        return actions.record_response(addressee, kind=moment.what, **given)

    def assess(self, addressee: Addressee, moment: InventedRecord, given: dict[str, Any]) -> StatusEntry:
        last = actions.current_entry(addressee)
        words = said(moment.words) if moment.words else ""
        if last is not None and last.state == moment.what and moment.instead is None:
            note = words or said("somebody looked, and it stood as it had stood.")
            given.pop("corrects")
            return actions.record_check(addressee, public_note=note, **given)
        natures = {S.IN_PROGRESS: "independent", S.IMPLEMENTED_OTHERWISE: "primary", S.IMPLEMENTED: "primary"}
        natures |= {S.PARTLY_IMPLEMENTED: "independent", S.REVERSED: "independent"}
        nature = moment.nature or natures.get(S(moment.what), "")
        if nature:
            source = self.source(moment, nature, addressee)
            given["evidence"] = [Evidence(source=source, nature=nature, independence_group=f"{SLUG}-{nature}")]
            given["confidence"] = CONFIDENCE[nature]
        match moment.what:
            case S.STALLED:
                given |= {"reason": words, "last_movement_date": last.as_of if last else moment.day}
            case S.PARTLY_IMPLEMENTED:
                given |= {"what_remains": words}
            case S.IMPLEMENTED_OTHERWISE:
                given |= {"how_intent_is_met": words}
            case S.SUPERSEDED:
                given |= {"successor": self.recommendations[moment.words]}
            case S.NOT_IMPLEMENTED | S.NO_LONGER_APPLICABLE | S.WITHDRAWN | S.IN_PROGRESS | S.NOT_STARTED:
                given |= {"reason": words}
        note = said(NOTES[S(moment.what)])
        return actions.record_status(addressee, state=moment.what, public_note=note, **given)

    def source(self, moment: InventedRecord, nature: str, addressee: Addressee) -> Source:
        """A source: one issue of an invented publication, from the month in which it was true."""
        month = moment.day.isoformat()[:7]
        title = {
            "primary": f"Gazette of the Lantern Coast, {month}",
            "independent": f"Lantern Coast Courier, {month}",
            "own_account": f"Account of the {unmarked_name(addressee)}, {month}",
        }[nature]
        if title not in self.sources:
            source = Source(title_en=said(title), publisher_name=said("made up"), date=month, note=said(EXPLAINED.en))
            publishing_actions.save_draft(source, by=self.editor)
            self.put_out(source, moment.day)
            self.sources[title] = source
        return self.sources[title]


CONFIDENCE = {
    "primary": Confidence.VERIFIED,
    "independent": Confidence.DOCUMENTED,
    "own_account": Confidence.CLAIMED,
}

NOTES = {
    S.NOT_ASSESSED: "what was recorded is taken back.",
    S.NOT_STARTED: "nothing has been done that the desk could find.",
    S.IN_PROGRESS: "work has begun.",
    S.STALLED: "nothing moves any more.",
    S.PARTLY_IMPLEMENTED: "a part is done.",
    S.IMPLEMENTED: "the test of done is met.",
    S.IMPLEMENTED_OTHERWISE: "the intent is met by other means.",
    S.NOT_IMPLEMENTED: "it was not done, and follow-up has ceased.",
    S.SUPERSEDED: "a later recommendation has taken its place.",
    S.NO_LONGER_APPLICABLE: "the question does not arise any more.",
    S.WITHDRAWN: "who had asked took it back.",
    S.REVERSED: "what had been reached was lost again.",
}


def unmarked_name(addressee: Any) -> str:
    """The addressee's English name without its mark, for the middle of a text that has the mark already."""
    name: str = addressee.actor.name_en
    return name.removeprefix(MARK.en)


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def checks_between(written: list[InventedRecord], chance: random.Random) -> Iterator[InventedRecord]:
    """The days on which the desk checked an open state and found it unchanged.

    Never between the as-of date of a record and the day on which the desk learned it: the state before it was wrong
    then.
    """
    records = [moment for moment in written if moment.is_state]
    for number, moment in enumerate(records):
        later = records[number + 1 :]
        if moment.what not in OPEN or moment.what == S.NOT_ASSESSED or any(one.instead == moment.day for one in later):
            continue
        until = min((one.day for one in later), default=END)
        day = moment.known + dt.timedelta(days=chance.randrange(*CHECKED_EVERY))
        while day < until:
            yield InventedRecord(moment.what, day, day)
            day += dt.timedelta(days=chance.randrange(*CHECKED_EVERY))
