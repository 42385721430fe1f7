"""Which recommendations a briefing pack is about: those of a filtered list, up to a maximum.

The list is the tracker's, with its filters (a partner is its `addressee`, an edition its `event`), or the desk's own,
with those of Django's admin. It is filtered as the reader of the pack would see it: what that reader may not see cannot
select anything and is not named on the cover.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.models import Actor
from publishing.languages import Text, label_of
from publishing.publication import Publication
from publishing.query_parameters import ParameterProblem
from publishing.refusals import Refused
from recommendations.briefing.content import NOTHING
from recommendations.filters import RecommendationFilters
from recommendations.models import Recommendation

MAX_RECOMMENDATIONS = 2_000
MAX_LINES = 20_000
"""The most changes, and the most evidence: more would not be read, and would take a worker too long."""

ABOUT = ("addressee", "event", "series")
"""Filters that make one thing the subject of a pack."""


class TooMuch(Refused):
    """More than fits into one pack; the message says how to reduce it."""


class UnreadableList(Exception):  # noqa: N818 – reads as what happened
    """The address names a list that does not exist for the reader of the pack."""

    def __init__(self, problems: list[ParameterProblem]) -> None:
        self.problems = problems
        super().__init__(", ".join(problem.parameter for problem in problems))


@dataclass(frozen=True, slots=True)
class Selection:
    """Recommendations, and how they were selected."""

    keys: tuple[int, ...]
    as_of: Any = None
    addressee: Actor | None = None
    thing: Publication | None = None
    """The partner, event or series that the pack is about."""

    in_words: Callable[[], list[tuple[str, str]]] = field(default=list)
    """The filters as (name, value), in the active language."""

    @property
    def about(self) -> Text:
        """The name of `thing` in the active language."""
        return label_of(self.thing) if self.thing is not None else NOTHING


def bounded(rows: QuerySet[Any]) -> tuple[int, ...]:
    """The keys of `rows`. Raises TooMuch."""
    keys = tuple(rows.order_by().values_list("pk", flat=True)[: MAX_RECOMMENDATIONS + 1])
    if len(keys) > MAX_RECOMMENDATIONS:
        raise TooMuch(
            _(
                "These are more than %(most)s recommendations, which is too much for one pack. Narrow the list, for"
                " example to one edition, one addressee or one state, and make one pack of each."
            ),
            code="too_much",
            params={"most": MAX_RECOMMENDATIONS},
        )
    return keys


def of_the_tracker(query: QueryDict, *, user: Any) -> Selection:
    """The recommendations that the tracker shows to `user` with the filters in `query`.

    Raises UnreadableList for a filter that `user` cannot use, and TooMuch.
    """
    filters = RecommendationFilters(query, user=user)
    if not filters.is_valid():
        advice = gettext(
            "The pack has nothing to tell of it: there is no recommendation, or none that its reader may see."
        )
        raise UnreadableList(
            [
                replace(problem, advice=advice) if problem.parameter in ABOUT else problem
                for problem in filters.problems()
            ]
        )
    as_of, chosen = filters.known_on, filters.cleaned_data
    rows = filters.narrow(Recommendation.objects.visible_to(user).with_rollup(as_of=as_of))
    things = [chosen[name] for name in ABOUT if chosen.get(name)]
    return Selection(
        keys=bounded(rows),
        as_of=as_of,
        addressee=chosen["addressee"],
        thing=things[0] if things else None,
        in_words=lambda: [
            (applied.label, applied.value) for applied in filters.applied("") if applied.label != filters["as_of"].label
        ],
    )


def of_the_desk(keys: tuple[int, ...], *, user: Any, in_words: Callable[[], list[tuple[str, str]]]) -> Selection:
    """The rows of the desk's own list, given by their keys, that `user` may read."""
    return Selection(keys=bounded(Recommendation.objects.visible_to(user).filter(pk__in=keys)), in_words=in_words)
