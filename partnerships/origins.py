"""Finds citations that may share an origin, because their quotations are nearly the same.

Twelve articles that repeat one dispatch are one origin. A person decides; this module only proposes. Quotations are
compared by their trigrams, without case, accents and vowel signs, in all three languages alike (`majlis_plain`). Groups
that somebody found to be independent are not proposed again, unless they were counted as one since (`OriginDecision`).

The citations of a claim are found by the index on their claim and compared with each other. An index over the trigrams
of all quotations was measured and is slower: it searches the citations of all other claims to find the same few rows
(PostgreSQL 18, 6,000 citations of 500 claims).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

from django.db import connection

from partnerships.models import Citation, Claim, OriginDecision, OriginOutcome

MIN_SIMILARITY = 0.6
"""Quotations with at least this trigram similarity, from 0 to 1, are proposed as one origin.

A dispatch that was shortened by a third or reworded here and there stays above it; two independent reports of the same
event stay far below.
"""

COMPARED = 100
"""How many quotations of one claim are compared, in the order of entry: some 5,000 pairs, a third of a second."""

PAIRS_SQL = """
WITH quoted AS MATERIALIZED (
    SELECT citation.id, citation.independence_group, majlis_plain(citation.quotation) AS words
    FROM partnerships_citation AS citation
    WHERE citation.claim_id = %s AND citation.quotation <> ''
    ORDER BY citation.id LIMIT %s
)
SELECT one.id, other.id FROM quoted AS one
JOIN quoted AS other ON other.id > one.id AND other.independence_group <> one.independence_group
    AND similarity(other.words, one.words) >= %s
ORDER BY one.id, other.id
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Citations of one claim with nearly the same quotation, in the order of entry."""

    citations: Sequence[Citation]

    @property
    def groups(self) -> list[str]:
        """The independence groups that would become one, the oldest first."""
        return list(dict.fromkeys(citation.independence_group for citation in self.citations))


def found_independent(claim: Claim) -> set[frozenset[str]]:
    """The pairs of independence groups of `claim` whose last decision says that they are independent."""
    standing: dict[frozenset[str], str] = {}
    for groups, outcome in OriginDecision.objects.filter(claim=claim).order_by("id").values_list("groups", "outcome"):
        standing.update((frozenset(pair), outcome) for pair in combinations(groups, 2))
    return {pair for pair, outcome in standing.items() if outcome == OriginOutcome.INDEPENDENT}


def proposals(claim: Claim) -> list[Proposal]:
    """The possible common origins among the citations of `claim`.

    A chain of similar citations is one proposal, unless two groups in it were found to be independent.
    """
    with connection.cursor() as cursor:
        cursor.execute(PAIRS_SQL, [claim.pk, COMPARED, MIN_SIMILARITY])
        pairs = cursor.fetchall()
    if not pairs:
        return []
    rows = Citation.objects.filter(pk__in={key for pair in pairs for key in pair}).select_related("source")
    found = {citation.pk: citation for citation in rows}
    independent = found_independent(claim)

    def are_apart(some: set[int], others: set[int]) -> bool:
        groups = ({found[key].independence_group for key in keys} for keys in (some, others))
        return any(frozenset(pair) in independent for pair in product(*groups))

    together: list[set[int]] = []
    for one, other in pairs:
        if are_apart({one}, {other}):
            continue
        chain = {one, other}
        for link in [links for links in together if links & chain]:
            if not are_apart(chain, link):
                chain |= link
                together.remove(link)
        together.append(chain)
    return [Proposal([found[key] for key in sorted(one)]) for one in sorted(together, key=min)]
