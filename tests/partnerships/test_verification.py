"""What a claim needs to be corroborated or officially confirmed: in words, in actions, and at the database."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from partnerships import actions, verification
from partnerships.models import Citation, Claim, Review
from partnerships.models.partnership import PartyRole
from partnerships.verification import Grounds, VerificationStatus
from publishing import actions as publishing_actions
from publishing.acting import Act
from publishing.reader.audience import reading_as_the_public
from publishing.refusals import NeedsMore
from tests.factories import (
    AS_OF,
    ActorFactory,
    CitationFactory,
    ClaimFactory,
    ClaimSubjectFactory,
    OfficialPositionFactory,
    PartnershipFactory,
    PartyFactory,
    ResolutionFactory,
    ReviewFactory,
    SourceFactory,
    noon,
)
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE
from tests.support.refusal import refused

RULE = "partnerships_review_rests_on_its_grounds"
ONE = dt.timedelta(days=1)


def review(claim: Claim, status: str, by: User, **said: Any) -> Review:
    at = said.pop("at", noon(AS_OF))
    return actions.record_review(
        claim, status=status, act=Act(by=by, at=at), **{"as_of": AS_OF, "reason": "Looked into.", **said}
    )


def by_raw_sql(claim: Claim, status: str, by: User, as_of: dt.date = AS_OF) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO partnerships_review
            (public_id, as_of, recorded_at, by_id, language, claim_id, status, decided_at, reason)
            VALUES ('raw0raw0ra', %s, %s, %s, 'en', %s, %s, %s, 'Looked into.')""",
            [as_of, noon(as_of), by.pk, claim.pk, status, noon(as_of)],
        )


def assert_refused(claim: Claim, status: str, by: User, **said: Any) -> str:
    """The action and the database refuse it alike; what the action says."""
    with pytest.raises(NeedsMore) as refusal:
        review(claim, status, by, **said)
    assert list(refusal.value.error_dict) == ["status"]
    with refused(RULE):
        by_raw_sql(claim, status, by)
    assert not claim.reviews.exists()
    return str(refusal.value.message_dict["status"][0])


def assert_recorded(claim: Claim, status: str, by: User) -> None:
    with transaction.atomic():
        by_raw_sql(claim, status, by)
        transaction.set_rollback(True)
    assert review(claim, status, by).status == status


# The table


def test_only_two_statuses_need_more_than_a_reason() -> None:
    nothing = Grounds(0, 0)
    lacking = {status.value for status in VerificationStatus if verification.is_lacking(status, nothing)}
    assert lacking == {"corroborated", "officially_confirmed"}


@pytest.mark.parametrize(
    ("status", "grounds", "is_lacking"),
    [
        ("corroborated", Grounds(1, 1), True),
        ("corroborated", Grounds(2, 0), False),
        ("corroborated", Grounds(3, 0), False),
        ("officially_confirmed", Grounds(12, 0), True),
        ("officially_confirmed", Grounds(1, 1), False),
        ("refuted", Grounds(0, 0), False),
    ],
)
def test_status_lacks_what_its_grounds_do_not_give(status: str, grounds: Grounds, is_lacking: bool) -> None:
    assert verification.is_lacking(status, grounds) is is_lacking
    assert bool(verification.lacking(status, grounds)) is is_lacking


def test_what_a_status_needs_is_said_with_what_is_there() -> None:
    assert verification.needs_in_words("corroborated", Grounds(1, 0)) == "1 of 2 independent origins"
    assert verification.needs_in_words("corroborated", None) == "needs 2 independent origins"
    assert verification.needs_in_words("officially_confirmed", Grounds(1, 0)) == "the word of 0 of 1 party"
    assert verification.needs_in_words("officially_confirmed", None) == "needs the word of 1 party"
    assert verification.needs_in_words("unverified", Grounds(1, 0)) == ""


# Corroborated


@pytest.mark.django_db
def test_two_articles_of_one_origin_corroborate_nothing(editor: User) -> None:
    claim = ClaimFactory()
    CitationFactory.create_batch(2, claim=claim, independence_group="agency")
    said = assert_refused(claim, "corroborated", editor)
    assert said.startswith("“Corroborated” needs supporting citations of two independent origins, and there is 1.")


@pytest.mark.django_db
def test_two_origins_corroborate(editor: User) -> None:
    claim = ClaimFactory()
    for origin in ("agency", "agency", "ministry"):
        CitationFactory(claim=claim, independence_group=origin)
    assert_recorded(claim, "corroborated", editor)


@pytest.mark.django_db
@pytest.mark.parametrize("stance", ["contradicts", "mentions"])
def test_only_what_supports_a_claim_corroborates_it(stance: str, editor: User) -> None:
    claim = ClaimFactory()
    CitationFactory(claim=claim)
    CitationFactory(claim=claim, stance=stance)
    CitationFactory()  # of another claim
    assert_refused(claim, "corroborated", editor)


@pytest.mark.django_db
def test_withdrawn_source_corroborates_nothing(editor: User, reviewer: User) -> None:
    claim = ClaimFactory()
    CitationFactory(claim=claim)
    source = CitationFactory(claim=claim, source=SourceFactory(published=True)).source
    assert claim.grounds().origins == 2
    publishing_actions.withdraw(source, act=Act(by=reviewer, at=noon(AS_OF)), note="It rested on a misreading.")
    assert_refused(claim, "corroborated", editor)


@pytest.mark.django_db
def test_source_dated_after_the_day_bears_nothing_on_it(editor: User) -> None:
    claim = ClaimFactory()
    CitationFactory(claim=claim, source=SourceFactory(date="2025-05"))
    CitationFactory(claim=claim, source=SourceFactory(date=(AS_OF + ONE).isoformat()))
    assert_refused(claim, "corroborated", editor)
    assert review(claim, "corroborated", editor, as_of=AS_OF + ONE, at=noon(AS_OF + ONE)).as_of == AS_OF + ONE


@pytest.mark.django_db
@pytest.mark.parametrize("date", ["", "2025", "2025-06~", "2025-06-01", "../2025-07-01", "202X"])
def test_source_that_may_be_of_the_day_counts(date: str) -> None:
    claim = ClaimFactory()
    CitationFactory(claim=claim, source=SourceFactory(date=date))
    assert claim.grounds(on=AS_OF) == Grounds(origins=1, parties=0)


@pytest.mark.django_db
def test_everything_wrong_with_a_review_is_said_at_once(editor: User) -> None:
    with pytest.raises(NeedsMore) as refusal:
        review(ClaimFactory(), "corroborated", editor, reason="", as_of=AS_OF + 2 * ONE)
    assert sorted(refusal.value.error_dict) == ["as_of", "reason", "status"]


# Officially confirmed


def voices() -> dict[str, Any]:
    """Publishers, and whether each may confirm a claim about Qatar that is about a partnership with Pakistan."""
    qatar, pakistan, envoy = ActorFactory(), ActorFactory(), ActorFactory()
    ministry = ActorFactory(parent=qatar, kind="government_body")
    partnership = PartnershipFactory()
    PartyFactory(partnership=partnership, actor=pakistan, role=PartyRole.PROSPECTIVE_PARTY)
    PartyFactory(partnership=partnership, actor=envoy, role=PartyRole.FACILITATOR)
    institute = ActorFactory(kind="research_institute")
    PartyFactory(partnership=partnership, actor=institute)
    newspaper = ActorFactory(kind="company", parent=qatar)
    claim = ClaimFactory(partnerships=[partnership])
    ClaimSubjectFactory(claim=claim, actor=ministry)
    ClaimSubjectFactory(claim=claim, actor=newspaper, role="counterpart")
    return {
        "claim": claim,
        "the government that it is about": (ministry, True),
        "the state of that government": (qatar, True),
        "another body of that state": (ActorFactory(parent=qatar, kind="armed_force"), True),
        "an office of a body": (ActorFactory(parent=ministry, kind="government_body"), True),
        "a prospective party": (pakistan, True),
        "a body of a party": (ActorFactory(parent=pakistan, kind="government_body"), True),
        "an institute that is a party": (institute, True),
        "a facilitator": (envoy, False),
        "a newspaper that is a subject": (newspaper, False),
        "another state": (ActorFactory(), False),
        "a company of a party": (ActorFactory(parent=pakistan, kind="company"), False),
        "nobody that we know": (None, False),
    }


VOICES = [
    "the government that it is about",
    "the state of that government",
    "another body of that state",
    "an office of a body",
    "a prospective party",
    "a body of a party",
    "an institute that is a party",
    "a facilitator",
    "a newspaper that is a subject",
    "another state",
    "a company of a party",
    "nobody that we know",
]


@pytest.mark.django_db
@pytest.mark.parametrize("voice", VOICES)
def test_only_a_party_confirms_officially(voice: str, editor: User) -> None:
    known = voices()
    assert [*known] == ["claim", *VOICES]
    claim, (publisher, may_confirm) = known["claim"], known[voice]
    CitationFactory.create_batch(2, claim=claim)
    CitationFactory(claim=claim, source=SourceFactory(publisher=publisher))
    if may_confirm:
        assert_recorded(claim, "officially_confirmed", editor)
    else:
        said = assert_refused(claim, "officially_confirmed", editor)
        assert "A newspaper’s report of it does not count" in said


@pytest.mark.django_db
def test_newspaper_that_is_known_by_name_only_does_not_confirm(editor: User) -> None:
    claim = ClaimFactory()
    ClaimSubjectFactory(claim=claim)
    CitationFactory(claim=claim, source=SourceFactory(publisher_name="The Daily"))
    assert_refused(claim, "officially_confirmed", editor)


@pytest.mark.django_db
@pytest.mark.parametrize("stance", ["contradicts", "mentions"])
def test_denial_of_a_party_confirms_nothing(stance: str, editor: User) -> None:
    claim = ClaimFactory()
    government = ClaimSubjectFactory(claim=claim).actor
    CitationFactory(claim=claim, stance=stance, source=SourceFactory(publisher=government))
    assert_refused(claim, "officially_confirmed", editor)


# Two clocks


@pytest.mark.django_db
def test_review_stays_when_its_grounds_fall_away(editor: User) -> None:
    claim = ClaimFactory()
    citation = CitationFactory(claim=claim)
    CitationFactory(claim=claim)
    recorded = review(claim, "corroborated", editor)
    citation.delete()
    assert Claim.objects.with_status().get().status == "corroborated"
    assert claim.grounds() == Grounds(1, 0)
    with pytest.raises(NeedsMore):
        review(claim, "corroborated", editor, corrects=recorded)
    assert review(claim, "unverified", editor, as_of=AS_OF + ONE, at=noon(AS_OF + ONE)).pk
    known = [Claim.objects.with_status(as_of=day).get().status for day in (AS_OF - ONE, AS_OF, AS_OF + ONE)]
    assert known == ["unassessed", "corroborated", "unverified"]


NOTICE = {
    "corroborated": "Corroborated, and to be looked at again",
    "officially_confirmed": "Officially confirmed, and to be looked at again",
}


def established(status: str, **attributes: Any) -> Claim:
    """A published claim with no more grounds than `status` needs; its first citation bears them."""
    claim: Claim = ClaimFactory(published=True, **attributes)
    government = ClaimSubjectFactory(claim=claim, actor=ActorFactory(published=True)).actor
    publisher = government if status == "officially_confirmed" else None
    CitationFactory(claim=claim, source=SourceFactory(published=True, publisher=publisher))
    CitationFactory(claim=claim, source=SourceFactory(published=True))
    ReviewFactory(claim=claim, status=status)
    return claim


def page_of(claim: Claim, **query: str) -> str:
    return Client().get(claim.get_absolute_url(), query).content.decode()


def lost_by_the_database(claim: Claim) -> bool:
    with reading_as_the_public(), connection.cursor() as cursor:
        cursor.execute("SELECT partnerships_has_lost_grounds(%s)", [claim.pk])
        return bool(cursor.fetchone()[0])


def test_every_status_with_needs_is_tried() -> None:
    assert [*NOTICE] == [*verification.NEEDS]


@pytest.mark.django_db
@pytest.mark.parametrize("status", NOTICE)
def test_page_says_that_a_status_has_lost_its_grounds(status: str, reviewer: User) -> None:
    claim = established(status)
    assert "to be looked at again" not in page_of(claim)
    bearing = claim.citations.order_by("pk")[0].source
    publishing_actions.withdraw(bearing, act=Act(by=reviewer, at=noon(AS_OF)), note="It rested on a misreading.")
    assert verification.is_lacking(status, claim.grounds())
    assert NOTICE[status] in page_of(claim)
    assert "to be looked at again" not in page_of(claim, as_of=AS_OF.isoformat())
    ReviewFactory(claim=claim, status="unverified", as_of=AS_OF + ONE, recorded_at=noon(AS_OF + ONE))
    assert "to be looked at again" not in page_of(claim)


@pytest.mark.django_db
def test_ledger_flags_what_has_lost_its_grounds() -> None:
    claim, talks = established("corroborated"), PartnershipFactory(published=True)
    claim.partnerships.add(talks)
    flag = '<span class="tag tag--flag">to be looked at again</span>'
    assert Client().get(talks.get_absolute_url()).content.decode().count(flag) == 0
    claim.citations.update(independence_group="agency")
    assert Client().get(talks.get_absolute_url()).content.decode().count(flag) == 1
    looking_back = Client().get(talks.get_absolute_url(), {"as_of": AS_OF.isoformat()}).content.decode()
    assert (claim.get_absolute_url() in looking_back, looking_back.count(flag)) == (True, 0)


@pytest.mark.django_db
def test_confirmation_by_who_is_no_party_any_more_has_lost_its_grounds() -> None:
    claim = established("officially_confirmed")
    claim.subjects.all().delete()
    assert NOTICE["officially_confirmed"] in page_of(claim)


@pytest.mark.django_db
def test_reader_is_told_of_lost_grounds_of_what_is_public_only(reviewer: User) -> None:
    public = established("corroborated")
    under_embargo = established("corroborated", embargo_until=timezone.now() + 9 * ONE)
    assert not lost_by_the_database(public)
    for claim in (public, under_embargo):
        claim.citations.update(independence_group="agency")
    assert [lost_by_the_database(claim) for claim in (public, under_embargo)] == [True, False]
    publishing_actions.withdraw(public, act=Act(by=reviewer, at=noon(AS_OF)), note="It rested on a misreading.")
    assert not lost_by_the_database(public)


def test_review_waits_for_who_changes_the_claim_at_the_same_time(session: Session) -> None:
    claim = ClaimFactory()
    citation = CitationFactory(claim=claim)
    CitationFactory(claim=claim)
    by = claim.author

    with transaction.atomic():
        Claim.objects.select_for_update().get(pk=claim.pk)
        recording = session.run(lambda: by_raw_sql(claim, "corroborated", by))
        session.wait_until_it_waits()
        citation.delete()
    with refused(RULE):
        recording.result(PATIENCE)


# What is cited


@pytest.mark.django_db
def test_withdrawn_source_is_not_cited(editor: User) -> None:
    gone, claim = SourceFactory(withdrawn=True), ClaimFactory()
    with refused("partnerships_citation_cites_what_stands"):
        CitationFactory(claim=claim, source=gone)
    with refused("partnerships_officialposition_cites_what_stands"):
        OfficialPositionFactory(claim=claim, position="denied", source=gone)
    with refused("partnerships_resolution_cites_what_stands"):
        ResolutionFactory(source=gone)
    citation = CitationFactory(claim=claim)
    with refused("partnerships_citation_cites_what_stands"):
        Citation.objects.filter(pk=citation.pk).update(source=gone)
    citation.source = gone
    position = OfficialPositionFactory.build(claim=claim, government=ActorFactory(), source=gone, by=editor)
    resolution = ResolutionFactory.build(claim=ClaimFactory(), source=gone, by=editor)
    for citing in (citation, position, resolution):
        with pytest.raises(ValidationError) as refusal:
            citing.full_clean()
        assert refusal.value.message_dict == {
            "source": [f"“{gone}” was withdrawn: cite another source, or have it published again first."]
        }


@pytest.mark.django_db
def test_citation_of_a_source_that_is_withdrawn_later_stays_and_can_be_graded(reviewer: User) -> None:
    source = CitationFactory(source=SourceFactory(published=True)).source
    publishing_actions.withdraw(source, act=Act(by=reviewer, at=noon(AS_OF)), note="It rested on a misreading.")
    citation = Citation.objects.get()
    citation.source_reliability = "E"
    citation.full_clean()
    citation.save()
    assert Citation.objects.get().source_reliability == "E"


def test_citation_waits_for_the_withdrawal_of_its_source(session: Session) -> None:
    source, claim = SourceFactory(published=True), ClaimFactory()

    with transaction.atomic():
        gone = {"state": "withdrawn", "withdrawn_at": noon(AS_OF), "withdrawal_note": "Misread."}
        type(source).objects.filter(pk=source.pk).update(**gone)
        citing = session.run(lambda: CitationFactory(claim=claim, source=source))
        session.wait_until_it_waits()
    with refused("partnerships_citation_cites_what_stands"):
        citing.result(PATIENCE)


@pytest.mark.django_db
def test_factory_of_reviews_gives_each_status_its_grounds() -> None:
    for status in VerificationStatus:
        assert ReviewFactory(status=status).status == status
