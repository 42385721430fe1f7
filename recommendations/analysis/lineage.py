"""The earlier recommendations that a recommendation takes up, and the later ones that take it up."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.analysis.text_diff import Wording, wording
from recommendations.models.recommendation import RecommendationLinkType

TAKES_UP = {
    RecommendationLinkType.REITERATES: _("Reiterates"),
    RecommendationLinkType.STRENGTHENS: _("Strengthens"),
    RecommendationLinkType.NARROWS: _("Narrows"),
    RecommendationLinkType.SPLITS: _("Splits"),
    RecommendationLinkType.MERGES: _("Merges"),
    RecommendationLinkType.SUPERSEDES: _("Supersedes"),
}
TAKEN_UP_BY = {
    RecommendationLinkType.REITERATES: _("Reiterated by"),
    RecommendationLinkType.STRENGTHENS: _("Strengthened by"),
    RecommendationLinkType.NARROWS: _("Narrowed by"),
    RecommendationLinkType.SPLITS: _("Split by"),
    RecommendationLinkType.MERGES: _("Merged into"),
    RecommendationLinkType.SUPERSEDES: _("Superseded by"),
}

MAX_RELATIVES = 60
"""How many recommendations a family shows, the nearest first."""


def lineage(recommendation: Any) -> list[tuple[Promise, Any]]:
    """Pairs of the relation and the other recommendation; for one that was read `with_lineage`."""
    return [
        *((TAKES_UP[link.type], link.target) for link in recommendation.links.all()),
        *((TAKEN_UP_BY[link.type], link.source) for link in recommendation.linked_from.all()),
    ]


def lineage_with_wording(recommendation: Any) -> list[tuple[Promise, Any, Wording | None]]:
    """The same, each with what the later text changes in the earlier one."""
    return [
        *(
            (TAKES_UP[link.type], link.target, wording(link.target, recommendation))
            for link in recommendation.links.all()
        ),
        *(
            (TAKEN_UP_BY[link.type], link.source, wording(recommendation, link.source))
            for link in recommendation.linked_from.all()
        ),
    ]


@dataclass(frozen=True, slots=True)
class Tie:
    """A link between two recommendations of a family, from the later one to the earlier one."""

    later: Any
    type: str
    earlier: Any

    @property
    def label(self) -> Promise:
        return TAKEN_UP_BY[RecommendationLinkType(self.type)]


@dataclass(slots=True)
class Branch:
    """One recommendation in the tree, its relation to the one above it, and those below it.

    One that has several parents stands below the first; below the others it is marked `stands_elsewhere` and shown
    without its successors.
    """

    recommendation: Any
    relation: Promise | None
    is_this: bool
    stands_elsewhere: bool = False
    branches: list["Branch"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Family:
    """Everything connected with one recommendation by links: ancestors, successors, and their other relatives."""

    members: Sequence[Any]
    ties: Sequence[Tie]
    trees: Sequence[Branch]
    is_cut: bool

    @property
    def is_shown(self) -> bool:
        """A tree shows more than the list of links only if there are indirect relatives."""
        return len(self.members) > 2


NEAREST_SQL = """
    WITH RECURSIVE near (id, steps) AS (
        SELECT %(of)s::BIGINT, 0
        UNION
        SELECT relative.id, near.steps + 1
        FROM near CROSS JOIN LATERAL (
            SELECT target_id AS id FROM recommendations_recommendationlink WHERE source_id = near.id
            UNION ALL SELECT source_id FROM recommendations_recommendationlink WHERE target_id = near.id
        ) AS relative
        WHERE near.steps < %(far)s
    ), nearest AS (
        SELECT id, min(steps) AS steps FROM near GROUP BY id ORDER BY min(steps), id LIMIT %(most)s
    )
    SELECT link.id, link.source_id, link.type, link.target_id
    FROM recommendations_recommendationlink AS link
    WHERE link.source_id IN (SELECT id FROM nearest) AND link.target_id IN (SELECT id FROM nearest)
    ORDER BY link.id
"""
FAR = 12
"""The most links between the recommendation and a relative."""


def family_of(recommendation: Any, visible: Any, *, as_of: dt.date | None = None) -> Family:
    """The family of `recommendation` within `visible`, in two queries; for a past day, of what was public then.

    A link through something that may not be seen does not count.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEAREST_SQL, {"of": recommendation.pk, "far": FAR, "most": 4 * MAX_RELATIVES})
        links = cursor.fetchall()
    keys = {key for _id, source, _type, target in links for key in (source, target)} | {recommendation.pk}
    rows = visible.filter(pk__in=keys).public_by(as_of)
    found = {row.pk: row for row in rows}
    found.setdefault(recommendation.pk, recommendation)
    seen = [(source, type, target) for _id, source, type, target in links if source in found and target in found]
    members, is_cut = _reached(recommendation.pk, seen)
    ties = [Tie(found[s], type, found[t]) for s, type, t in seen if s in members and t in members]
    ordered = sorted((found[key] for key in members), key=lambda one: one.reference)
    return Family(ordered, ties, _trees(ordered, ties, recommendation), is_cut)


def _reached(start: int, links: Iterable[tuple[int, str, int]]) -> tuple[set[int], bool]:
    """The recommendations reached from `start`, the nearest first, and whether there were more than are shown."""
    neighbours: dict[int, list[int]] = {}
    for source, _type, target in links:
        neighbours.setdefault(source, []).append(target)
        neighbours.setdefault(target, []).append(source)
    reached, edge = {start}, [start]
    while edge:
        further = sorted({key for one in edge for key in neighbours.get(one, ())} - reached)
        room = MAX_RELATIVES - len(reached)
        reached.update(further[:room])
        if len(further) > room:
            return reached, True
        edge = further
    return reached, False


def _trees(members: Sequence[Any], ties: Sequence[Tie], this: Any) -> list[Branch]:
    """The trees, from those without predecessors to those without successors."""
    followers: dict[int, list[Tie]] = {}
    for tie in sorted(ties, key=lambda tie: tie.later.reference):
        followers.setdefault(tie.earlier.pk, []).append(tie)
    has_ancestor = {tie.later.pk for tie in ties}
    placed: set[int] = set()

    def branch(one: Any, relation: Promise | None) -> Branch:
        grown = Branch(one, relation, is_this=one.pk == this.pk, stands_elsewhere=one.pk in placed)
        if one.pk not in placed:
            placed.add(one.pk)
            grown.branches = [branch(tie.later, tie.label) for tie in followers.get(one.pk, ())]
        return grown

    return [branch(one, None) for one in members if one.pk not in has_ancestor]
