"""Databases with any number of partnerships, each with two hundred claims, written with COPY."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from events.models import Event
from partnerships.models import (
    Actor,
    Citation,
    Claim,
    ClaimLink,
    ClaimSubject,
    Cooperation,
    Instrument,
    InstrumentAction,
    OfficialPosition,
    Partnership,
    PartnershipLink,
    Party,
    Review,
    Source,
    Topic,
)
from partnerships.models.claim import ClaimKind
from partnerships.models.partnership import CooperationStage, PartnershipLinkType
from publishing.reader import public_from
from tests.bench.many import ACTORS, FIRST_DAY, SOURCES_IN_ALL, Many, said
from tests.factories import UserFactory

CLAIMS, CITATIONS = 200, 3
"""Claims of each partnership, and citations of each claim."""

TOPICS, LINKS, INSTRUMENTS, ACTIONS, EVENTS = 8, 2, 2, 4, 3
STATUSES = ("unverified", "disputed", "corroborated", "officially_confirmed", "refuted")
ACTS = ("negotiation_opened", "signed", "ratified", "entered_into_force")
KINDS = tuple(ClaimKind.values)


class ManyClaims(Many):
    """`partnerships` partnerships, all of the same size, so that only their number differs between two bases."""

    def __init__(self, partnerships: int, *, claims: int = CLAIMS, seed: int = 1) -> None:
        super().__init__(partnerships, seed=seed)
        self.claims_of_each = claims

    @property
    def claims(self) -> range:
        """The keys of all claims; those of one partnership follow each other."""
        return range(1, self.number * self.claims_of_each + 1)

    def write(self) -> None:
        """All of it in one transaction; the triggers rest meanwhile, and the standings are made at the end."""
        author, reviewer = UserFactory(), UserFactory()
        at = timezone.now() - dt.timedelta(days=400)
        self.published = {"state": "published", "author_id": author.pk, "reviewer_id": reviewer.pk, "published_at": at}
        self.by = author.pk
        with transaction.atomic():
            for model, rows in (
                (Actor, self.actors()),
                (Source, self.sources()),
                (Topic, self.topics()),
                (Partnership, self.partnerships()),
                (Party, self.parties()),
                (Cooperation, self.cooperations()),
                (PartnershipLink, self.links()),
                (Claim, self.every_claim()),
                (Claim.partnerships.through, self.of_partnerships()),
                (ClaimSubject, self.subjects()),
                (ClaimLink, self.contradictions()),
                (Review, self.reviews()),
                (OfficialPosition, self.positions()),
                (Instrument, self.instruments()),
                (InstrumentAction, self.acts()),
                (Citation, self.citations()),
                (Event, self.events()),
                (Event.partnerships.through, self.about()),
            ):
                self.copy(model, rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            public_from.fill(connection)
            cursor.execute("SELECT count(partnerships_keep_current_verification(id)) FROM partnerships_claim")
            cursor.execute("ANALYZE")

    def topics(self) -> Iterator[dict[str, Any]]:
        for n in range(1, TOPICS + 1):
            yield {
                **self.published,
                "id": n,
                "slug": f"topic-{n}",
                "kind": "cooperation_area",
                **said("name", f"T {n}"),
            }

    def partnerships(self) -> Iterator[dict[str, Any]]:
        for n in range(1, self.number + 1):
            yield {
                **self.published,
                "id": n,
                "slug": f"partnership-{n}",
                "form": "defence",
                "status": "active",
                **said("name", f"Partnership {n}"),
                **said("summary", "Two institutes work together, and much is said about it."),
            }

    def parties(self) -> Iterator[dict[str, Any]]:
        for n in range(1, self.number + 1):
            for place in (0, 1):
                yield {
                    "id": 2 * n - place,
                    "partnership_id": n,
                    "actor_id": (n + 7 * place) % ACTORS + 1,
                    "role": "party",
                }

    def cooperations(self) -> Iterator[dict[str, Any]]:
        stages = CooperationStage.values
        for n in range(self.number):
            for topic in range(1, TOPICS + 1):
                yield {
                    "id": n * TOPICS + topic,
                    "partnership_id": n + 1,
                    "topic_id": topic,
                    "stage": stages[(n + topic) % len(stages)],
                    "note": "As announced.",
                }

    def links(self) -> Iterator[dict[str, Any]]:
        """A ring: each to the next two."""
        for n in range(self.number):
            for step in range(1, LINKS + 1):
                yield {
                    "id": n * LINKS + step,
                    "source_id": n + 1,
                    "target_id": (n + step) % self.number + 1,
                    "type": PartnershipLinkType.COMPLEMENTS if step % 2 else PartnershipLinkType.COUNTERBALANCES,
                }

    def every_claim(self) -> Iterator[dict[str, Any]]:
        for key in self.claims:
            kind = KINDS[key % len(KINDS)]
            day = FIRST_DAY + dt.timedelta(days=self.random.randrange(4500))
            dated = {"valid": day.isoformat(), "valid_earliest": day, "valid_latest": day}
            yield {
                **self.published,
                "id": key,
                "kind": kind,
                "key": None,
                "perspective_id": key % ACTORS + 1 if key % 5 == 0 else None,
                "asserted_by_id": key % ACTORS + 1 if key % 4 == 0 else None,
                **said("statement", f"The two sides did thing number {key} together, as somebody reports."),
                **(dated if kind == ClaimKind.OCCURRENCE else {}),
                "likelihood": "likely" if kind == ClaimKind.FORECAST else "",
                "review_by": FIRST_DAY + dt.timedelta(days=4600 + key % 600) if key % 7 < 2 else None,
            }

    def of_partnerships(self) -> Iterator[dict[str, Any]]:
        for key in self.claims:
            yield {"id": key, "claim_id": key, "partnership_id": (key - 1) // self.claims_of_each + 1}

    def subjects(self) -> Iterator[dict[str, Any]]:
        for key in self.claims:
            yield {"id": key, "claim_id": key, "actor_id": key % ACTORS + 1, "role": "subject"}

    def contradictions(self) -> Iterator[dict[str, Any]]:
        for number, key in enumerate(self.claims[1::20], start=1):
            yield {"id": number, "source_id": key, "target_id": key - 1, "type": "contradicts"}

    def reviews(self) -> Iterator[dict[str, Any]]:
        """Half of the claims were reviewed, once to three times."""
        number = 0
        for key in self.claims[::2]:
            day = FIRST_DAY + dt.timedelta(days=self.random.randrange(4000))
            for turn in range(1 + key % 3):
                number += 1
                day += dt.timedelta(days=30)
                yield {
                    "id": number,
                    "claim_id": key,
                    "status": STATUSES[(key // 2 + turn) % len(STATUSES)],
                    "as_of": day,
                    "recorded_at": dt.datetime.combine(day, dt.time(12), dt.UTC),
                    "decided_at": dt.datetime.combine(day, dt.time(11), dt.UTC),
                    "by_id": self.by,
                    "reason": "Two agencies report it.",
                }

    def positions(self) -> Iterator[dict[str, Any]]:
        for number, key in enumerate(self.claims[::4], start=1):
            day = FIRST_DAY + dt.timedelta(days=self.random.randrange(4000))
            yield {
                "id": number,
                "claim_id": key,
                "government_id": key % ACTORS + 1,
                "position": "silent",
                "as_of": day,
                "recorded_at": dt.datetime.combine(day, dt.time(12), dt.UTC),
                "by_id": self.by,
            }

    def instruments(self) -> Iterator[dict[str, Any]]:
        for n in range(1, self.number * INSTRUMENTS + 1):
            yield {
                "id": n,
                "partnership_id": (n - 1) // INSTRUMENTS + 1,
                "slug": f"instrument-{n}",
                "type": "agreement",
                "binding": "yes",
                **said("name", f"Agreement {n}"),
            }

    def acts(self) -> Iterator[dict[str, Any]]:
        for n in range(self.number * INSTRUMENTS):
            day = FIRST_DAY + dt.timedelta(days=self.random.randrange(3000))
            for turn, act in enumerate(ACTS[:ACTIONS]):
                day += dt.timedelta(days=40)
                yield {
                    "id": n * ACTIONS + turn + 1,
                    "instrument_id": n + 1,
                    "type": act,
                    "date": day.isoformat(),
                    "date_earliest": day,
                    "date_latest": day,
                    "as_of": day,
                    "recorded_at": dt.datetime.combine(day, dt.time(12), dt.UTC),
                    "by_id": self.by,
                }

    def citations(self) -> Iterator[dict[str, Any]]:
        """Of claims; an instrument has one more each."""
        number = 0
        for key in self.claims:
            for turn in range(CITATIONS):
                number += 1
                yield {
                    "id": number,
                    "claim_id": key,
                    "source_id": (key + turn) % SOURCES_IN_ALL + 1,
                    "independence_group": f"origin-{turn // 2}",
                    "quotation": "It is reported that they did it together.",
                }
        for instrument in range(1, self.number * INSTRUMENTS + 1):
            number += 1
            yield {
                "id": number,
                "instrument_id": instrument,
                "source_id": instrument % SOURCES_IN_ALL + 1,
                "independence_group": "origin-0",
            }

    def events(self) -> Iterator[dict[str, Any]]:
        for n in range(1, self.number * EVENTS + 1):
            yield {
                **self.published,
                "id": n,
                "slug": f"event-{n}",
                **said("name", f"Roundtable {n}"),
                "series_id": None,
                "kind": "roundtable",
                "lifecycle": "held",
                "start_date": FIRST_DAY + dt.timedelta(days=self.random.randrange(4500)),
            }

    def about(self) -> Iterator[dict[str, Any]]:
        for n in range(1, self.number * EVENTS + 1):
            yield {"id": n, "event_id": n, "partnership_id": (n - 1) // EVENTS + 1}
