"""The similarity of two recommendations: by the trigrams of their beginnings.

The title and the beginning of the text are compared, without accents or capitals and with Arabic letters as the
database compares them (`publishing/database/full_text.py`), each language separately. An index on exactly this
expression finds the most similar rows in a large table; rows below pg_trgm's own threshold of 0.3 are not found at all.
"""

from typing import Any, NamedTuple

from django.contrib.postgres.search import TrigramDistance, TrigramSimilarity
from django.db.models import BooleanField, F, Func, Q, TextField
from django.db.models.expressions import Combinable

from publishing.database.full_text import WithoutAccents, typed
from publishing.languages import Language
from publishing.publication import PublicationState

COMPARED_LENGTH = 160
"""How many letters are compared: a title and the first line of a text."""

MAX_SIMILAR = 5
"""How many are shown at most."""

__all__ = [
    "MAX_SIMILAR",
    "Like",
    "Near",
    "TrigramDistance",
    "TrigramSimilarity",
    "nearest",
    "opening_as_typed",
    "opening_of",
]


class Opening(Func):
    """The beginning of a row's title and text. Must be equal to the index, letter by letter."""

    template = f"""majlis_plain("left"((COALESCE(%(expressions)s, ''), {COMPARED_LENGTH}))"""
    arg_joiner = ", '') || ' ') || COALESCE("
    output_field = TextField()


class Near(Func):
    """Whether two texts are similar enough."""

    template = "(%(expressions)s)"
    arg_joiner = " %% "
    output_field = BooleanField()


def opening_of(language: str) -> Combinable:
    return Opening(F(f"title_{language}"), F(f"text_{language}"))


def opening_as_typed(title: str, text: str) -> Any:
    """The same for words that are not in a row."""
    return WithoutAccents(typed(f"{title} {text}"[:COMPARED_LENGTH]))


class Like(NamedTuple):
    """An existing recommendation and its similarity, from 0 to 1."""

    recommendation: Any
    likeness: float


def nearest(recommendation: Any) -> list[Like]:
    """At most `MAX_SIMILAR` of all recommendations with a similar text in some language, the most similar first.

    Without itself, withdrawn ones, and those it is linked with already.
    """
    others = (
        type(recommendation)
        .objects.exclude(Q(pk=recommendation.pk) | Q(state=PublicationState.WITHDRAWN))
        .exclude(Q(links__target=recommendation) | Q(linked_from__source=recommendation))
        .exclude(Q(pk=recommendation.parent_id) | Q(parent=recommendation))
    )
    found: dict[Any, float] = {}
    for language in Language.values:
        title, text = (getattr(recommendation, f"{name}_{language}") or "" for name in ("title", "text"))
        if not title.strip():
            continue
        for other in others.near(title, text, language=language)[:MAX_SIMILAR]:
            found[other] = max(found.get(other, 0), other.likeness)
    likes = [Like(other, likeness) for other, likeness in found.items()]
    return sorted(likes, key=lambda like: (-like.likeness, like.recommendation.reference))[:MAX_SIMILAR]
