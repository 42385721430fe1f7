"""Many articles, one origin: counted, proposed by similar words, and decided by a person."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from partnerships import actions
from partnerships.actions import NotSeveralOrigins
from partnerships.models import Claim, OriginDecision
from partnerships.origins import COMPARED, MIN_SIMILARITY, PAIRS_SQL, found_independent, proposals
from publishing.acting import Act
from publishing.models.change import Change
from publishing.refusals import NeedsMore, NothingSaid, WrongState
from tests.factories import CitationFactory, ClaimFactory, OriginDecisionFactory, SourceFactory, noon

DISPATCH = "Pakistan and Qatar have agreed on a pact that lets each station troops in the other, officials said."
REPEATED = "Pakistan and Qatar have agreed on a pact that lets each station its troops in the other, officials told us."
OTHER = "A diplomat in Doha expects that the two governments will go on with talks in the coming year."
ARABIC = "تُجري باكستان وقطر مفاوضات في المجال الدفاعي منذ أسابيع"
ARABIC_REPEATED = "تجري باكستان وقطر مفاوضات في المجال الدفاعي منذ أسابيع عدة"
TURKISH = "Pakistan ile Katar arasındaki savunma görüşmeleri sürüyor, İslamabad sessiz"
TURKISH_REPEATED = "Pakistan ile Katar arasındaki savunma görüşmeleri sürüyor; Islamabad sessiz."

AT = noon(dt.date(2025, 6, 9))

pytestmark = pytest.mark.django_db


def cited(claim: Claim, *quotations: str) -> list[Any]:
    """Citations of `claim`, each of an origin of its own: g0, g1 and so on."""
    source = {"published": True} if claim.published_at else {}
    return [
        CitationFactory(claim=claim, source=SourceFactory(**source), quotation=words, independence_group=f"g{n}")
        for n, words in enumerate(quotations)
    ]


def groups(claim: Claim) -> list[str]:
    return list(claim.citations.order_by("pk").values_list("independence_group", flat=True))


def test_twelve_articles_of_one_dispatch_are_one_origin() -> None:
    claim = ClaimFactory()
    first = CitationFactory(claim=claim, independence_group="agency")
    CitationFactory.create_batch(11, claim=claim, independence_group="agency")
    CitationFactory(claim=claim, source=first.source, locator="page 2", independence_group="agency")
    CitationFactory(claim=claim, stance="mentions")
    found = Claim.objects.with_status().with_origins().get(pk=claim.pk)
    assert (found.articles, found.origins) == (12, 1)


@pytest.mark.parametrize(
    ("one", "other"), [(DISPATCH, REPEATED), (ARABIC, ARABIC_REPEATED), (TURKISH, TURKISH_REPEATED), (OTHER, OTHER)]
)
def test_nearly_the_same_words_are_proposed_as_one_origin(one: str, other: str) -> None:
    claim = ClaimFactory()
    first, _apart, third = cited(claim, one, "Nobody in either capital would comment on the record.", other)
    (proposal,) = proposals(claim)
    assert (proposal.citations, proposal.groups) == ([first, third], ["g0", "g2"])


def test_words_of_their_own_empty_ones_and_one_origin_are_not_proposed() -> None:
    claim, another = ClaimFactory(), ClaimFactory()
    cited(claim, DISPATCH, OTHER, "", "", ARABIC)
    CitationFactory(claim=claim, quotation=REPEATED, independence_group="g0")
    cited(another, REPEATED)  # of another claim
    assert proposals(claim) == []


def test_chain_of_likeness_is_one_proposal_and_two_chains_are_two() -> None:
    claim = ClaimFactory()
    a, b, c, d, e = cited(claim, DISPATCH, OTHER, REPEATED, OTHER + " Soon.", DISPATCH + " Both denied it.")
    found = [proposal.citations for proposal in proposals(claim)]
    assert found == [[a, c, e], [b, d]]


def test_proposals_are_served_by_the_index_on_the_claim() -> None:
    claim = ClaimFactory()
    cited(claim, DISPATCH, REPEATED)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + PAIRS_SQL, [claim.pk, COMPARED, MIN_SIMILARITY])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: (claim_id" in plan
    assert "Seq Scan on partnerships_citation" not in plan


# Deciding


def test_citations_of_the_groups_count_as_one_origin(editor: User) -> None:
    claim = ClaimFactory()
    cited(claim, DISPATCH, REPEATED, OTHER)
    CitationFactory(claim=claim, independence_group="g1")  # without words, of the same origin as the second
    elsewhere = CitationFactory(independence_group="g1")
    assert actions.count_as_one_origin(claim, groups=["g0", "g1"], act=Act(by=editor, at=AT)) == 2
    assert groups(claim) == ["g0", "g0", "g2", "g0"]
    elsewhere.refresh_from_db()
    assert elsewhere.independence_group == "g1"
    assert proposals(claim) == []


def test_public_claim_gets_a_version_with_its_note(editor: User) -> None:
    claim = ClaimFactory(published=True)
    cited(claim, DISPATCH, REPEATED)
    with pytest.raises(NothingSaid):
        actions.count_as_one_origin(claim, groups=["g0", "g1"], act=Act(by=editor, at=AT))
    assert groups(claim) == ["g0", "g1"]
    actions.count_as_one_origin(claim, groups=["g0", "g1"], act=Act(by=editor, at=AT), note="Both repeat one dispatch.")
    row = Claim.objects.get()
    assert (row.version, row.version_note, groups(claim)) == (2, "Both repeat one dispatch.", ["g0", "g0"])
    told = Change.objects.filter(public_id=claim.public_id, version=2).values_list("event", "note")
    assert [*told] == [("changed", "Both repeat one dispatch.")]


@pytest.mark.parametrize("chosen", [[], ["g0"], ["g0", "g0"], ["g0", "g7"], ["g7", "g8"]])
def test_groups_that_are_not_several_of_the_claim_are_refused(chosen: list[str], editor: User) -> None:
    claim = ClaimFactory()
    cited(claim, DISPATCH, REPEATED)
    with pytest.raises(NotSeveralOrigins):
        actions.count_as_one_origin(claim, groups=chosen, act=Act(by=editor, at=AT))
    assert groups(claim) == ["g0", "g1"]


def test_withdrawn_claim_stays_as_it_is(editor: User) -> None:
    claim = ClaimFactory(withdrawn=True)
    cited(claim, DISPATCH, REPEATED)
    with pytest.raises(WrongState):
        actions.count_as_one_origin(claim, groups=["g0", "g1"], act=Act(by=editor, at=AT), note="One.")
    assert groups(claim) == ["g0", "g1"]


def test_groups_that_are_independent_are_not_proposed_again(editor: User) -> None:
    claim, another = ClaimFactory(), ClaimFactory()
    cited(claim, DISPATCH, REPEATED)
    cited(another, DISPATCH, REPEATED)
    decision = actions.keep_origins_apart(
        claim, groups=["g0", "g1"], reason=" Each heard it. ", act=Act(by=editor, at=AT)
    )
    assert proposals(claim) == []
    assert groups(claim) == ["g0", "g1"]
    assert (decision.outcome, decision.groups, decision.reason, decision.by, decision.recorded_at) == (
        "independent",
        ["g0", "g1"],
        "Each heard it.",
        editor,
        AT,
    )
    (of_another,) = proposals(another)
    assert of_another.groups == ["g0", "g1"]


def test_decision_is_about_its_groups_alone() -> None:
    claim = ClaimFactory()
    a, b, c = cited(claim, DISPATCH, REPEATED, DISPATCH + " Both denied it.")
    OriginDecisionFactory(claim=claim, groups=["g0", "g1"])
    assert [proposal.citations for proposal in proposals(claim)] == [[a, c], [b, c]]
    OriginDecisionFactory(claim=claim, groups=["g2", "g1", "g0"])
    assert proposals(claim) == []
    CitationFactory(claim=claim, source=SourceFactory(), quotation=DISPATCH, independence_group="g3")
    assert [proposal.groups for proposal in proposals(claim)] == [["g0", "g3"], ["g1", "g3"], ["g2", "g3"]]


def test_counting_as_one_takes_the_place_of_independence(editor: User) -> None:
    claim = ClaimFactory()
    _first, second = cited(claim, DISPATCH, REPEATED)
    actions.keep_origins_apart(claim, groups=["g0", "g1"], reason="Each heard it.", act=Act(by=editor, at=AT))
    assert found_independent(claim) == {frozenset({"g0", "g1"})}
    actions.count_as_one_origin(claim, groups=["g0", "g1"], reason="Both copied it.", act=Act(by=editor, at=AT))
    assert found_independent(claim) == set()
    told = OriginDecision.objects.order_by("id").values_list("outcome", "reason", "by")
    assert [*told] == [("independent", "Each heard it.", editor.pk), ("one_origin", "Both copied it.", editor.pk)]
    second.independence_group = "g1"
    second.save()
    assert [proposal.groups for proposal in proposals(claim)] == [["g0", "g1"]]


@pytest.mark.parametrize("reason", ["", " "])
def test_independence_needs_its_reason(reason: str, editor: User) -> None:
    claim = ClaimFactory()
    cited(claim, DISPATCH, REPEATED)
    with pytest.raises(NeedsMore) as refusal:
        actions.keep_origins_apart(claim, groups=["g0", "g1"], reason=reason, act=Act(by=editor, at=AT))
    assert refusal.value.message_dict == {"reason": ["Say why they are independent of each other."]}
    assert not OriginDecision.objects.exists()


@pytest.mark.parametrize("chosen", [[], ["g0"], ["g0", "g0"], ["g0", "g7"]])
def test_independence_is_of_several_groups_of_the_claim(chosen: list[str], editor: User) -> None:
    claim = ClaimFactory()
    cited(claim, DISPATCH, REPEATED)
    with pytest.raises(NotSeveralOrigins):
        actions.keep_origins_apart(claim, groups=chosen, reason="Each heard it.", act=Act(by=editor, at=AT))
    assert not OriginDecision.objects.exists()


def test_independence_changes_nothing_that_is_public(editor: User) -> None:
    claim = ClaimFactory(published=True)
    cited(claim, DISPATCH, REPEATED)
    lines = Change.objects.count()
    actions.keep_origins_apart(claim, groups=["g0", "g1"], reason="Each heard it.", act=Act(by=editor, at=AT))
    assert (Claim.objects.get().version, Change.objects.count()) == (1, lines)


def test_decision_that_is_refused_is_not_kept(editor: User) -> None:
    claim = ClaimFactory(published=True)
    cited(claim, DISPATCH, REPEATED)
    with pytest.raises(NothingSaid):
        actions.count_as_one_origin(claim, groups=["g0", "g1"], act=Act(by=editor, at=AT))
    assert not OriginDecision.objects.exists()
