"""Databases of any size, written with COPY, to measure how costs grow."""

import contextlib
import datetime as dt
import random
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models, transaction
from django.db.models import NOT_PROVIDED
from django.utils import timezone

from events.models import Event, Series
from partnerships.models import Actor, Source
from publishing.identifiers import PUBLIC_ID_ALPHABET, PUBLIC_ID_LENGTH
from publishing.reader import public_from
from recommendations.lifecycle.rules import SOURCES, next_states
from recommendations.lifecycle.states import ImplementationState
from recommendations.models import Addressee, Evidence, Recommendation, Response, StatusEntry
from tests.factories import UserFactory

FIRST_DAY = dt.date(2012, 1, 1)
ACTORS, SOURCES_IN_ALL = 40, 200
PER_EDITION, EDITIONS = 25, 4
ENTRIES, RESPONSES = 7, 2
"""Entries and responses of each addressee; about one addressee and a half per recommendation."""


class Many:
    """Rows of `recommendations` recommendations with all that hangs on them, in series of four editions."""

    def __init__(self, recommendations: int, *, seed: int = 1) -> None:
        self.number = recommendations
        self.random = random.Random(seed)
        self.ids = self.public_ids()

    def public_ids(self) -> Iterator[str]:
        """Ids that differ: a number in base 32 behind random letters would sort by age, so it stands in front."""
        number = 0
        while True:
            digits, rest = "", number
            for _ in range(PUBLIC_ID_LENGTH):
                rest, digit = divmod(rest, 32)
                digits = PUBLIC_ID_ALPHABET[digit] + digits
            yield digits
            number += 1

    def write(self) -> None:
        """All of it in one transaction; the triggers rest meanwhile, and the standings are made at the end."""
        author, reviewer = UserFactory(), UserFactory()
        at = timezone.now() - dt.timedelta(days=1)
        self.published = {"state": "published", "author_id": author.pk, "reviewer_id": reviewer.pk, "published_at": at}
        self.by = author.pk
        with transaction.atomic():
            self.copy(Actor, self.actors())
            self.copy(Source, self.sources())
            self.copy(Series, self.series())
            self.copy(Event, self.events())
            self.copy(Recommendation, self.recommendations())
            self.addressees: list[tuple[int, int]] = []
            self.copy(Addressee, self.addressed())
            self.evidence: list[dict[str, Any]] = []
            self.copy(StatusEntry, self.entries())
            self.copy(Evidence, self.evidence)
            self.copy(Response, self.responses())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # before the standings, which look up a million rows
            public_from.fill(connection)
            cursor.execute("SELECT count(recommendations_keep_current_status(id)) FROM recommendations_addressee")
            cursor.execute("ANALYZE")

    def copy(self, model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
        """`rows` name what differs; every other column has its default."""
        fields = list(model._meta.concrete_fields)
        usual: dict[str, Any] = {str(field.column): usual_value(field) for field in fields}
        columns = ", ".join(connection.ops.quote_name(name) for name in usual)
        table = connection.ops.quote_name(model._meta.db_table)
        has_id = any(field.name == "public_id" for field in fields)
        with (
            triggers_resting(table),
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                whole: dict[str, Any] = usual | row
                if has_id:
                    whole["public_id"] = next(self.ids)
                copy.write_row([whole[name] for name in usual])

    def actors(self) -> Iterator[dict[str, Any]]:
        for n in range(1, ACTORS + 1):
            name = f"Institute {n:03}"
            yield {
                **self.published,
                "id": n,
                "kind": "research_institute",
                "slug": f"institute-{n}",
                **said("name", name),
            }

    def sources(self) -> Iterator[dict[str, Any]]:
        for n in range(1, SOURCES_IN_ALL + 1):
            yield {
                **self.published,
                "id": n,
                **said("title", f"Gazette {n:03}"),
                "date": "2024-05",
                "publisher_name": "Gazette",
            }

    def series(self) -> Iterator[dict[str, Any]]:
        for n in range(1, self.in_all(EDITIONS * PER_EDITION) + 1):
            yield {
                **self.published,
                "id": n,
                "slug": f"series-{n}",
                **said("name", f"Series {n:04}"),
                "cadence": "annual",
            }

    def events(self) -> Iterator[dict[str, Any]]:
        for n in range(1, self.in_all(PER_EDITION) + 1):
            series, edition = divmod(n - 1, EDITIONS)
            yield {
                **self.published,
                "id": n,
                "slug": f"event-{n}",
                **said("name", f"Dialogue {n:05}"),
                "series_id": series + 1,
                "edition": edition + 1,
                "kind": "strategic_dialogue",
                "lifecycle": "held",
                "start_date": FIRST_DAY + dt.timedelta(days=365 * edition),
            }

    def in_all(self, each: int) -> int:
        return -(-self.number // each)

    def recommendations(self) -> Iterator[dict[str, Any]]:
        for n in range(1, self.number + 1):
            yield {
                **self.published,
                "id": n,
                "reference": f"R-{2012 + n % 14}-{n:03}",
                **said("title", f"Recommendation {n}"),
                **said("text", f"The parties should do thing number {n} together, and report on it within a year."),
                "event_id": (n - 1) // PER_EDITION + 1,
                "strength": ("key", "urged", "suggested")[n % 3],
                "target_date": FIRST_DAY + dt.timedelta(days=self.random.randrange(7000)) if n % 2 else None,
            }

    def addressed(self) -> Iterator[dict[str, Any]]:
        for recommendation in range(1, self.number + 1):
            for place in range(1 + recommendation % 2):
                key = len(self.addressees) + 1
                self.addressees.append((key, recommendation))
                actor = (recommendation * 7 + place * 3) % ACTORS + 1
                yield {
                    "id": key,
                    "recommendation_id": recommendation,
                    "actor_id": actor,
                    "role": "support" if place else "lead",
                    "basis": "stated",
                }

    def entries(self) -> Iterator[dict[str, Any]]:
        """A walk through the lifecycle for each addressee, so that each row of entries is one that could be."""
        key = 0
        for addressee, _recommendation in self.addressees:
            state, day = "not_assessed", FIRST_DAY + dt.timedelta(days=self.random.randrange(1000, 3000))
            for _ in range(ENTRIES):
                key += 1
                day += dt.timedelta(days=self.random.randrange(20, 250))
                state = self.random.choice(next_states(state)).value
                if state in SOURCES:
                    self.evidence.append(
                        {
                            "id": len(self.evidence) + 1,
                            "entry_id": key,
                            "source_id": key % SOURCES_IN_ALL + 1,
                            "independence_group": "gazette",
                            "nature": "independent",
                        }
                    )
                yield {
                    "id": key,
                    "addressee_id": addressee,
                    "state": state,
                    "as_of": day,
                    "recorded_at": dt.datetime.combine(day, dt.time(12), dt.UTC),
                    "by_id": self.by,
                    "public_note": "Looked, and saw what it says." if key % 3 == 0 else "",
                    "reason": "Told so." if state in NEED_REASONS else "",
                    "what_remains": "The second part." if state == ImplementationState.PARTLY_IMPLEMENTED else "",
                    "how_intent_is_met": "Otherwise." if state == ImplementationState.IMPLEMENTED_OTHERWISE else "",
                    "last_movement_date": day if state == ImplementationState.STALLED else None,
                    "successor_id": 1 if state == ImplementationState.SUPERSEDED else None,
                }

    def responses(self) -> Iterator[dict[str, Any]]:
        key = 0
        for addressee, _recommendation in self.addressees:
            day = FIRST_DAY + dt.timedelta(days=self.random.randrange(1000, 3000))
            for kind in ("awaiting", self.random.choice(("accepted", "noted", "rejected", "awaiting")))[:RESPONSES]:
                key += 1
                day += dt.timedelta(days=self.random.randrange(20, 400))
                yield {
                    "id": key,
                    "addressee_id": addressee,
                    "kind": kind,
                    "as_of": day,
                    "recorded_at": dt.datetime.combine(day, dt.time(12), dt.UTC),
                    "by_id": self.by,
                    "channel": "letter",
                    "recipient": "Secretariat",
                    "office": "Secretariat",
                    "source_id": key % SOURCES_IN_ALL + 1,
                    "words": "We take note.",
                    "reason": "No budget." if kind == "rejected" else "",
                }


NEED_REASONS = {
    ImplementationState.STALLED,
    ImplementationState.NOT_IMPLEMENTED,
    ImplementationState.NO_LONGER_APPLICABLE,
    ImplementationState.WITHDRAWN,
    ImplementationState.NOT_STARTED,
    ImplementationState.IN_PROGRESS,
}
"""Those whose entries say why, those that reopen among them."""


def said(name: str, text: str) -> dict[str, str]:
    """A translated text, in English alone."""
    return {name: text, f"{name}_en": text}


def usual_value(field: Any) -> Any:
    """What a column holds where a row does not say."""
    if field.default is not NOT_PROVIDED:
        value = field.get_default()
        return "{}" if isinstance(value, dict) else value
    return None if field.null else ""


@contextlib.contextmanager
def triggers_resting(table: str) -> Iterator[None]:
    """COPY of rows that are known to be right need not be checked one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
