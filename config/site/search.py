"""One search over partnerships, claims, events and recommendations, for the page and for the API.

    search = Search("hava savunması", language="tr", user=request.user, at=timezone.now())
    search.counts()                         # {"partnership": 1, "claim": 4, "event": 0, "recommendation": 0}
    page = search.hits(["claim"], size=20)  # the best first; each has its title and where it was found
    search.hits(["claim"], size=20, after=page[-1].place)

All three languages are searched, because an untranslated text is shown in another language; hits in the reader's
language come first. Words are found by their stems, and also by the similarity of their letters, which finds names and
endings that stemming does not know.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.postgres.search import SearchQuery
from django.db import InternalError, connection
from django.db.models import Case, Count, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from django.utils.translation import gettext

from publishing.api.reader import Reader
from publishing.database.full_text import (
    CONFIGURATIONS,
    Alike,
    MatchesQuery,
    Rank,
    Similarity,
    Sought,
    WithoutAccents,
    as_query,
    is_fuzzy,
    letters_of,
    typed,
    words_of,
)
from publishing.languages import Language, Text, text_of
from publishing.pages.keyset import rows_after
from publishing.publication import Publication

HitPlace = tuple[float, str, str]
"""The place of a hit among all hits: its score, its kind and its public id."""

OPENS, CLOSES = "\ue000", "\ue001"
"""Private-use characters with which the database marks what it found: no text may contain them."""

SNIPPET = f"StartSel={OPENS}, StopSel={CLOSES}, MaxWords=40, MinWords=20, MaxFragments=2, FragmentDelimiter=' … '"


class NotAQuery(ValueError):  # noqa: N818 – reads as what happened
    """The database cannot parse the query that was typed; the message says what to do."""


@contextlib.contextmanager
def refusing_what_is_no_query() -> Iterator[None]:
    """Raises NotAQuery if the parser of queries fails; the transaction ends with that."""
    try:
        yield
    except InternalError as error:
        raise NotAQuery(gettext("This cannot be searched for. Write fewer words, without signs.")) from error


@dataclass(frozen=True, slots=True)
class Searched:
    """One kind of publication that is searched: its model, and the searched texts."""

    model: str
    title: str
    body: str


SEARCHED_KINDS = {
    "partnership": Searched("partnerships.Partnership", "name", "summary"),
    "claim": Searched("partnerships.Claim", "statement", "context"),
    "event": Searched("events.Event", "name", "summary"),
    "recommendation": Searched("recommendations.Recommendation", "title", "text"),
}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few words around a match, and their language."""

    marked: str
    language: str

    @property
    def text(self) -> str:
        """The words as plain text."""
        return self.marked.replace(OPENS, "").replace(CLOSES, "")

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The words in pieces, each with whether it matched."""
        pieces: list[tuple[str, bool]] = []
        for opened in self.marked.split(OPENS):
            found, closed, rest = opened.rpartition(CLOSES)
            pieces += [(found, True), (rest, False)] if closed else [(rest, False)]
        return [piece for piece in pieces if piece[0]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A publication that was found."""

    kind: str
    publication: Any
    title: Text
    snippet: Snippet
    score: float

    @property
    def place(self) -> HitPlace:
        return (self.score, self.kind, self.publication.public_id)


@dataclass(frozen=True)
class Search:
    """What `user` finds at the moment `at` when searching for `sought` in `language`."""

    sought: str
    language: str
    user: User | AnonymousUser
    at: dt.datetime

    @cached_property
    def query(self) -> str:
        """The query, as all parsers receive it."""
        return as_query(self.sought)

    @cached_property
    def reader(self) -> Reader:
        return Reader(user=self.user, now=self.at)

    def matches(self, kind: str) -> QuerySet[Any]:
        """The publications of `kind` that match, each with its `kind` and its `score`."""
        searched = SEARCHED_KINDS[kind]
        words = words_of(searched.title, searched.body)
        sought = Sought(typed(self.query))
        found: Any = MatchesQuery(words, sought)
        own = SearchQuery(self.query, config=CONFIGURATIONS[Language(self.language)], search_type="websearch")
        score: Any = Value(1.0) + Cast(Rank(words, sought), FloatField()) + Cast(Rank(words, own), FloatField())
        condition = Q(found)
        if is_fuzzy(self.query):
            letters, plain = letters_of(searched.title, searched.body), WithoutAccents(typed(self.query))
            condition |= Q(Alike(letters, plain))
            score = Case(When(found, then=score), default=Cast(Similarity(plain, letters), FloatField()))
        visible = self.reader.visible(apps.get_model(searched.model))
        return visible.filter(condition).order_by().annotate(of_kind=Value(kind), score=score)

    @refusing_what_is_no_query()
    def counts(self) -> dict[str, int]:
        """How many publications of each kind match; one query."""
        each = [
            self.matches(kind).values("of_kind").annotate(n=Count("pk")).values_list("of_kind", "n")
            for kind in SEARCHED_KINDS
        ]
        counted = dict(each[0].union(*each[1:], all=True).order_by())
        return {kind: counted.get(kind, 0) for kind in SEARCHED_KINDS}

    @refusing_what_is_no_query()
    def place_of(self, kind: str, public_id: str) -> HitPlace | None:
        """The place of one publication among the hits; None if it is not a hit."""
        score = self.matches(kind).filter(public_id=public_id).values_list("score", flat=True).first()
        return None if score is None else (score, kind, public_id)

    @refusing_what_is_no_query()
    def hits(
        self,
        kinds: Sequence[str] = (),
        *,
        size: int,
        after: HitPlace | None = None,
        before: HitPlace | None = None,
    ) -> list[Hit]:
        """At most `size` hits of `kinds` (by default all), the best first, after or before a place."""
        names, falling = ("score", "of_kind", "public_id"), (True, False, False)
        backwards = before is not None
        place = before if backwards else after
        direction = [fall is not backwards for fall in falling]
        each = []
        for kind in kinds or SEARCHED_KINDS:
            rows = self.matches(kind)
            if place is not None:
                rows = rows.filter(rows_after(names, place, descending=direction))
            each.append(rows.values_list(*names))
        order = [f"{'-' if fall else ''}{name}" for name, fall in zip(names, direction, strict=True)]
        found: list[HitPlace] = list(each[0].union(*each[1:], all=True).order_by(*order)[:size])
        return self.loaded(found[::-1] if backwards else found)

    def loaded(self, places: Sequence[HitPlace]) -> list[Hit]:
        """The publications at `places`, with their titles and snippets; one query per kind and one for the snippets."""
        publications: dict[tuple[str, str], Any] = {}
        for kind, searched in SEARCHED_KINDS.items():
            ids = [public_id for _score, found, public_id in places if found == kind]
            rows: Any = self.reader.visible(apps.get_model(searched.model))
            if kind == "claim":
                rows = rows.with_status()  # a claim is always shown with its status
            for publication in rows.filter(public_id__in=ids) if ids else ():
                publications[kind, publication.public_id] = publication
        still = [place for place in places if place[1:] in publications]
        snippets = self.snippets([(publications[place[1:]], SEARCHED_KINDS[place[1]]) for place in still])
        return [
            Hit(kind, publication, text_of(publication, SEARCHED_KINDS[kind].title), snippet, score)
            for (score, kind, public_id), snippet in zip(still, snippets, strict=True)
            if (publication := publications[kind, public_id]) is not None
        ]

    def snippets(self, things: Sequence[tuple[Publication, Searched]]) -> list[Snippet]:
        """For each publication, a few words around the match: from its body, or from its title if it has none."""
        texts = []
        for publication, searched in things:
            body = text_of(publication, searched.body)
            text = body if body.words else text_of(publication, searched.title)
            texts.append(Text(text.words.replace(OPENS, "").replace(CLOSES, ""), text.language or Language.EN))
        if not texts:
            return []
        with connection.cursor() as sql:
            sql.execute(
                """
                SELECT ts_headline(configuration::regconfig, words, websearch_to_tsquery(configuration::regconfig, %s), %s)
                FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS texts (configuration, words, place)
                ORDER BY place
                """,
                [
                    self.query,
                    SNIPPET,
                    [CONFIGURATIONS[Language(text.language)] for text in texts],
                    [text.words for text in texts],
                ],
            )
            marked = [row[0] for row in sql.fetchall()]
        return [Snippet(words, text.language) for words, text in zip(marked, texts, strict=True)]
