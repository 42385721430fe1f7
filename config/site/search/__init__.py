"""One search over everything that has a page, for the page and for the API.

    search = Search("hava savunması", language="tr", user=request.user, at=timezone.now())
    search.counts()                         # {"partnership": 1, "claim": 4, "event": 0, …}
    page = search.hits(["claim"], size=20)  # the best first; each has its title and where it was found
    search.hits(["claim"], size=20, after=page[-1].place)

All three languages are searched, because an untranslated text is shown in another language; hits in the reader's
language come first. `query.py` makes queries of what was typed, the table of words is kept by triggers
(`publishing/database/search_texts.py`), and a function of the database ranks what was found (ADR 42).
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.utils.functional import cached_property

from config.site.search.query import Query, query
from config.site.search.snippets import Snippet, snippet
from publishing.api.reader import Reader
from publishing.database.clean_text import composed
from publishing.languages import Language, Text, text_of
from publishing.roles import reads_drafts

HitPlace = tuple[float, str, str]
"""The place of a hit among all hits: its score, its kind and its public id."""

MAX_RANKED = 500
"""So many texts of each kind are ranked: of a word that more texts have, the newest. Numbers of hits end here too."""

RANKED = "SELECT score, kind, public_id FROM"
OF_THE_PUBLIC = f"{RANKED} publishing_search(%s::tsquery, %s::tsquery, %s::tsquery, %s, %s, %s, %s)"
OF_ALL = f"{RANKED} publishing_search_all(%s::tsquery, %s::tsquery, %s::tsquery, %s, %s, %s, %s, %s, TRUE)"


@dataclass(frozen=True, slots=True)
class Searched:
    """One kind of thing that is searched: its model, the texts that are shown, and what its address needs."""

    model: str
    title: str
    body: str
    related: tuple[str, ...] = ()


SEARCHED_KINDS = {
    "partnership": Searched("partnerships.Partnership", "name", "summary"),
    "claim": Searched("partnerships.Claim", "statement", "context"),
    "event": Searched("events.Event", "name", "summary"),
    "recommendation": Searched("recommendations.Recommendation", "title", "text"),
    "actor": Searched("partnerships.Actor", "name", "short_name"),
    "report": Searched("events.Report", "title", "summary", ("event",)),
    "point": Searched("events.Point", "text", "text", ("report__event",)),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found."""

    kind: str
    publication: Any
    title: Text
    snippet: Snippet
    score: float

    @property
    def place(self) -> HitPlace:
        return (self.score, self.kind, self.publication.public_id)

    @property
    def identifier(self) -> str:
        return str(getattr(self.publication, "identifier", self.publication.public_id))


@dataclass(frozen=True)
class Search:
    """What `user` finds at the moment `at` when searching for `sought` in `language`."""

    sought: str
    language: str
    user: User | AnonymousUser
    at: dt.datetime

    @cached_property
    def reader(self) -> Reader:
        return Reader(user=self.user, now=self.at)

    @cached_property
    def found(self) -> tuple[list[HitPlace], Query]:
        """Every hit that was ranked, the best first, and the query that found it."""
        narrow, wide = query(composed(self.sought), self.language)
        places = self.ranked(narrow)
        return (places, narrow) if places else (self.ranked(wide), wide)

    def ranked(self, asked: Query) -> list[HitPlace]:
        if not asked.sought:
            return []
        values: list[Any] = [
            asked.sought,
            asked.forms,
            asked.exact,
            asked.whole,
            self.language,
            list(SEARCHED_KINDS),
            MAX_RANKED,
        ]
        with connection.cursor() as sql:
            if reads_drafts(self.user):
                sql.execute(OF_ALL, [*values, self.at])
            else:
                sql.execute(OF_THE_PUBLIC, values)
            return sorted(sql.fetchall(), key=_best_first)

    def counts(self) -> dict[str, int]:
        """How many of each kind were found, up to `MAX_RANKED`."""
        counted = Counter(kind for _score, kind, _public_id in self.found[0])
        return {kind: counted[kind] for kind in SEARCHED_KINDS}

    def place_of(self, kind: str, public_id: str) -> HitPlace | None:
        """The place of one thing among the hits; None if it is not a hit."""
        return next((place for place in self.found[0] if place[1:] == (kind, public_id)), None)

    def hits(
        self,
        kinds: Sequence[str] = (),
        *,
        size: int,
        after: HitPlace | None = None,
        before: HitPlace | None = None,
    ) -> list[Hit]:
        """At most `size` hits of `kinds` (by default all), the best first, after or before a place."""
        places = [place for place in self.found[0] if not kinds or place[1] in kinds]
        if before is not None:
            places = [place for place in places if _best_first(place) < _best_first(before)][-size:]
        elif after is not None:
            places = [place for place in places if _best_first(place) > _best_first(after)]
        return self.loaded(places[:size])

    def loaded(self, places: Sequence[HitPlace]) -> list[Hit]:
        """What is at `places`, with titles and snippets; one query per kind."""
        things: dict[tuple[str, str], Any] = {}
        for kind, searched in SEARCHED_KINDS.items():
            ids = [public_id for _score, found, public_id in places if found == kind]
            if not ids:
                continue
            rows: Any = self.reader.visible(apps.get_model(searched.model)).filter(public_id__in=ids)
            if searched.related:
                rows = rows.select_related(*searched.related)
            if kind == "claim":
                rows = rows.with_status()  # a claim is always shown with its status
            things |= {(kind, thing.public_id): thing for thing in rows}
        return [
            Hit(
                kind,
                thing,
                text_of(thing, SEARCHED_KINDS[kind].title),
                self.snippet(thing, SEARCHED_KINDS[kind]),
                score,
            )
            for score, kind, public_id in places
            if (thing := things.get((kind, public_id))) is not None
        ]

    def snippet(self, thing: Any, searched: Searched) -> Snippet:
        """A few words around the match: from its body, or from its title if it has none."""
        body = text_of(thing, searched.body)
        text = body if body.words else text_of(thing, searched.title)
        return snippet(text.words, text.language or Language.EN, self.found[1].marks)


def _best_first(place: HitPlace) -> tuple[float, str, str]:
    score, kind, public_id = place
    return -score, kind, public_id
