"""The actions on claims, instruments and sources: what each refuses, to whom, and what it records."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships import actions
from partnerships.models import Actor, Claim, InstrumentAction, OfficialPosition, Review, Source, Topic
from publishing import actions as publishing_actions
from publishing import refusals as refusals_of_all
from publishing.acting import Act
from publishing.models.change import Change
from publishing.publication import Publication
from publishing.refusals import NotAllowed, NothingSaid, RefersToUnpublished, Refused, ReviewerIsAuthor, WrongState
from tests.factories import (
    PUBLISHED_AT,
    ActorFactory,
    CitationFactory,
    ClaimFactory,
    ClaimLinkFactory,
    ClaimSubjectFactory,
    InstrumentActionFactory,
    InstrumentFactory,
    MembershipFactory,
    OfficialPositionFactory,
    PartnershipFactory,
    ReviewFactory,
    SourceFactory,
    TopicFactory,
    UserFactory,
)
from tests.support.concurrency import Session
from tests.support.patience import PATIENCE

DAY = dt.date(2025, 6, 1)
AT = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def stored(publication: Publication) -> Any:
    return type(publication)._base_manager.get(pk=publication.pk)


def make(state: str) -> Any:
    """A topic in this state."""
    return TopicFactory(**{} if state == "draft" else {state: True})


Action = Callable[[User], object]


def desk_acts() -> dict[str, Action]:
    """Everything that needs somebody at the desk, ready to be done by somebody."""
    claim, instrument = ClaimFactory(), InstrumentFactory()
    draft, in_review, public = make("draft"), make("in_review"), make("published")
    return {
        "save_draft": lambda by: publishing_actions.save_draft(TopicFactory.build(author=None), by=by),
        "submit_for_review": lambda by: publishing_actions.submit_for_review(draft, by=by),
        "return_to_draft": lambda by: publishing_actions.return_to_draft(in_review, by=by),
        "revise": lambda by: publishing_actions.revise(public, by=by, note="A word was wrong."),
        "record_review": lambda by: actions.record_review(
            claim, status="unverified", as_of=DAY, reason="One source.", act=Act(by=by, at=AT)
        ),
        "record_position": lambda by: actions.record_position(
            claim, government=ActorFactory(), position="silent", as_of=DAY, act=Act(by=by, at=AT)
        ),
        "record_instrument_action": lambda by: actions.record_instrument_action(
            instrument, type="signed", as_of=DAY, act=Act(by=by, at=AT)
        ),
        "count_as_one_origin": lambda by: actions.count_as_one_origin(
            cited(), groups=["one", "other"], act=Act(by=by, at=AT)
        ),
        "keep_origins_apart": lambda by: actions.keep_origins_apart(
            cited(), groups=["one", "other"], reason="Each asked somebody else.", act=Act(by=by, at=AT)
        ),
        "promote": lambda by: promoted(by=by),
    }


DESK_ACTS = [
    "save_draft",
    "submit_for_review",
    "return_to_draft",
    "revise",
    "record_review",
    "record_position",
    "record_instrument_action",
    "count_as_one_origin",
    "keep_origins_apart",
    "promote",
]


def cited() -> Claim:
    """A claim with citations of two groups."""
    claim: Claim = ClaimFactory()
    for group in ("one", "other"):
        CitationFactory(claim=claim, independence_group=group)
    return claim


def promoted(*, by: User) -> object:
    """Makes a corroborated claim an instrument."""
    claim = ReviewFactory(status="corroborated").claim
    partnership = PartnershipFactory()
    claim.partnerships.add(partnership)
    return actions.promote(claim, InstrumentFactory.build(partnership=partnership), act=Act(by=by, at=AT))


# Who may


@pytest.mark.django_db
@pytest.mark.parametrize("act", DESK_ACTS)
def test_only_the_desk_writes(
    act: str, editor: User, reviewer: User, administrator: User, partner: User, other_partner: User
) -> None:
    acts = desk_acts()
    assert [*acts] == DESK_ACTS
    inactive = UserFactory(groups=("editors",), is_active=False)
    staff_without_a_group = UserFactory(is_staff=True)
    outsiders: list[Any] = [partner, other_partner, AnonymousUser(), inactive, staff_without_a_group]
    for outsider in outsiders:
        with pytest.raises(NotAllowed):
            acts[act](outsider)
    reviews = Review.objects.exclude(status="corroborated")  # what `promote` builds on
    assert (reviews.count(), OfficialPosition.objects.count(), InstrumentAction.objects.count()) == (0, 0, 0)
    assert Topic.objects.count() == 3
    for person in (editor, reviewer, administrator, UserFactory(is_superuser=True)):
        desk_acts()[act](person)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["editor", "partner", "other_partner"])
def test_only_reviewers_and_administrators_publish_and_withdraw(name: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(name)
    draft, public = make("in_review"), make("published")
    with pytest.raises(NotAllowed):
        publishing_actions.publish(draft, act=Act(by=by, at=AT))
    with pytest.raises(NotAllowed):
        publishing_actions.withdraw(public, act=Act(by=by, at=AT), note="It was misread.")
    assert (stored(draft).state, stored(public).state) == ("in_review", "published")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["reviewer", "administrator"])
def test_reviewers_and_administrators_publish_and_withdraw(name: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(name)
    topic = make("in_review")
    publishing_actions.publish(topic, act=Act(by=by, at=AT))
    assert stored(topic).state == "published"
    publishing_actions.withdraw(topic, act=Act(by=by, at=AT), note="It was misread.")
    assert stored(topic).state == "withdrawn"


# Writing drafts


@pytest.mark.django_db
def test_save_draft_makes_the_writer_the_author(editor: User) -> None:
    topic = TopicFactory.build(author=None, state="published")
    publishing_actions.save_draft(topic, by=editor)
    row = stored(topic)
    assert (row.author, row.state, row.version, row.published_at) == (editor, "draft", 1, None)


@pytest.mark.django_db
def test_save_draft_may_bring_in_what_another_wrote(editor: User, reviewer: User) -> None:
    topic = TopicFactory.build(author=None)
    publishing_actions.save_draft(topic, by=editor, author=reviewer)
    assert stored(topic).author == reviewer


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "in_review"])
def test_save_draft_edits_what_is_not_yet_public(state: str, editor: User) -> None:
    topic = make(state)
    author = topic.author
    topic.name_en = "Better said"
    publishing_actions.save_draft(topic, by=editor)
    row = stored(topic)
    assert (row.name_en, row.state, row.author) == ("Better said", state, author)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_save_draft_leaves_what_was_public_alone(state: str, editor: User) -> None:
    topic = make(state)
    topic.name_en = "Better said"
    with pytest.raises(WrongState):
        publishing_actions.save_draft(topic, by=editor)
    assert stored(topic).name_en != "Better said"


@pytest.mark.django_db
def test_save_draft_does_not_believe_what_the_form_says_of_the_state(editor: User) -> None:
    stale = make("draft")
    publishing_actions.submit_for_review(stored(stale), by=editor)
    stale.state, stale.author, stale.version = "published", editor, 7
    publishing_actions.save_draft(stale, by=editor)
    row = stored(stale)
    assert (row.state, row.version) == ("in_review", 1)
    assert row.author != editor


@pytest.mark.django_db
def test_save_draft_refuses_what_is_invalid_and_names_the_field(editor: User) -> None:
    taken = TopicFactory()
    with pytest.raises(ValidationError) as refusal:
        publishing_actions.save_draft(TopicFactory.build(author=None, slug=taken.slug, kind="?"), by=editor)
    assert {"slug", "kind"} <= refusal.value.message_dict.keys()
    assert Topic.objects.count() == 1


# Review


@pytest.mark.django_db
def test_draft_goes_to_review_and_back(editor: User) -> None:
    topic = make("draft")
    publishing_actions.submit_for_review(topic, by=editor)
    assert (topic.state, stored(topic).state) == ("in_review", "in_review")
    publishing_actions.return_to_draft(topic, by=editor)
    assert (topic.state, stored(topic).state) == ("draft", "draft")


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["in_review", "published", "withdrawn"])
def test_submit_for_review_needs_a_draft(state: str, editor: User) -> None:
    topic = make(state)
    with pytest.raises(WrongState, match="this needs: Draft"):
        publishing_actions.submit_for_review(topic, by=editor)
    assert stored(topic).state == state


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "published", "withdrawn"])
def test_return_to_draft_needs_a_review(state: str, editor: User) -> None:
    topic = make(state)
    with pytest.raises(WrongState, match="this needs: In review"):
        publishing_actions.return_to_draft(topic, by=editor)
    assert stored(topic).state == state


@pytest.mark.django_db
def test_transition_does_not_save_what_else_changed(editor: User) -> None:
    topic = make("draft")
    topic.name_en = "Not yet saved"
    publishing_actions.submit_for_review(topic, by=editor)
    assert stored(topic).name_en != "Not yet saved"


# Publication


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "in_review"])
def test_publish_makes_public_from_then_on(state: str, reviewer: User) -> None:
    topic = make(state)
    publishing_actions.publish(topic, act=Act(by=reviewer, at=AT))
    row = stored(topic)
    assert (row.state, row.reviewer, row.published_at, row.version) == ("published", reviewer, AT, 1)
    assert (topic.state, topic.reviewer, topic.published_at) == ("published", reviewer, AT)
    assert Change.objects.get().event == "published"


@pytest.mark.django_db
def test_publish_brings_back_what_was_withdrawn(reviewer: User) -> None:
    topic = make("withdrawn")
    publishing_actions.publish(topic, act=Act(by=reviewer, at=AT))
    row = stored(topic)
    assert (row.state, row.withdrawn_at, row.withdrawal_note) == ("published", None, "")
    assert row.published_at == PUBLISHED_AT  # since when it is known, not since when it is back


@pytest.mark.django_db
def test_publish_needs_what_is_not_public(reviewer: User) -> None:
    topic = make("published")
    before = stored(topic).reviewer
    with pytest.raises(WrongState):
        publishing_actions.publish(topic, act=Act(by=reviewer, at=AT))
    assert stored(topic).reviewer == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["reviewer", "administrator"])
def test_nobody_publishes_what_they_wrote(name: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(name)
    topic = TopicFactory(author=by)
    with pytest.raises(ReviewerIsAuthor, match="somebody else has to review"):
        publishing_actions.publish(topic, act=Act(by=by, at=AT))
    assert stored(topic).state == "draft"


@pytest.mark.django_db
def test_publish_keeps_the_embargo(reviewer: User) -> None:
    end = timezone.now() + HOUR
    topic = TopicFactory(embargo_until=end)
    publishing_actions.publish(topic, act=Act(by=reviewer, at=AT))
    assert stored(topic).embargo_until == end
    assert not stored(topic).is_published(at=timezone.now())


@pytest.mark.django_db
def test_publish_names_every_draft_that_would_be_given_away(reviewer: User) -> None:
    claim = ClaimFactory()
    drafts = {ClaimSubjectFactory(claim=claim).actor, CitationFactory(claim=claim).source}
    ClaimSubjectFactory(claim=claim, actor=ActorFactory(published=True))
    with pytest.raises(RefersToUnpublished) as refusal:
        publishing_actions.publish(claim, act=Act(by=reviewer, at=AT))
    assert {*refusal.value.publications} == drafts
    for draft in drafts:
        assert f"“{draft}”" in refusal.value.messages[0]
    assert stored(claim).state == "draft"


@pytest.mark.django_db
def test_publish_together_publishes_all_that_is_named_however_far(reviewer: User) -> None:
    claim = ClaimFactory()
    source = CitationFactory(claim=claim, source__publisher=ActorFactory(parent=ActorFactory())).source
    named = [source, source.publisher, source.publisher.parent]
    publishing_actions.publish(claim, act=Act(by=reviewer, at=AT), together=True)
    for row in map(stored, [claim, *named]):
        assert (row.state, row.reviewer, row.published_at) == ("published", reviewer, AT)
    # Nothing is announced before what it names.
    assert [line.kind for line in Change.objects.order_by("id")] == ["actor", "actor", "source", "claim"]
    assert Change.objects.order_by("id").first().identifier == source.publisher.parent.slug  # type: ignore[union-attr]


@pytest.mark.django_db
def test_publish_together_is_all_or_nothing(reviewer: User) -> None:
    claim = ClaimFactory()
    mine = ClaimSubjectFactory(claim=claim, actor__author=reviewer).actor
    other = CitationFactory(claim=claim).source
    with pytest.raises(ReviewerIsAuthor, match=mine.name_en):
        publishing_actions.publish(claim, act=Act(by=reviewer, at=AT), together=True)
    assert {stored(row).state for row in (claim, mine, other)} == {"draft"}
    assert not Change.objects.exists()


@pytest.mark.django_db
def test_publish_together_does_not_bring_back_what_was_withdrawn(reviewer: User) -> None:
    claim = ClaimFactory()
    withdrawn = CitationFactory(claim=claim, source=SourceFactory(published=True)).source
    publishing_actions.withdraw(withdrawn, act=Act(by=reviewer, at=AT), note="It rested on a misreading.")
    CitationFactory(claim=claim)
    with pytest.raises(RefersToUnpublished) as refusal:
        publishing_actions.publish(claim, act=Act(by=reviewer, at=AT), together=True)
    assert refusal.value.publications == [withdrawn]
    assert stored(withdrawn).state == "withdrawn"


@pytest.mark.django_db
def test_claims_that_name_each_other_are_published_together(reviewer: User) -> None:
    one, other = ClaimFactory.create_batch(2)
    ClaimLinkFactory(source=one, target=other)
    ClaimLinkFactory(source=other, target=one)
    with pytest.raises(RefersToUnpublished):
        publishing_actions.publish(one, act=Act(by=reviewer, at=AT))
    publishing_actions.publish(one, act=Act(by=reviewer, at=AT), together=True)
    assert {stored(one).state, stored(other).state} == {"published"}


@pytest.mark.django_db
@pytest.mark.parametrize("together", [False, True])
def test_publish_waits_for_the_embargo_of_what_it_names(together: bool, reviewer: User) -> None:
    claim = ClaimFactory()
    CitationFactory(claim=claim, source=SourceFactory(published=True, embargo_until=AT + HOUR))
    with pytest.raises(Refused):
        publishing_actions.publish(claim, act=Act(by=reviewer, at=AT), together=together)
    assert stored(claim).state == "draft"


@pytest.mark.django_db
def test_publish_under_as_long_an_embargo_needs_not_wait(reviewer: User) -> None:
    claim = ClaimFactory(embargo_until=AT + HOUR)
    CitationFactory(claim=claim, source=SourceFactory(published=True, embargo_until=AT + HOUR))
    publishing_actions.publish(claim, act=Act(by=reviewer, at=AT))
    assert stored(claim).state == "published"


@pytest.mark.django_db
def test_publish_together_refuses_a_draft_under_a_longer_embargo(reviewer: User) -> None:
    claim = ClaimFactory()
    source = CitationFactory(claim=claim, source__embargo_until=AT + HOUR).source
    with pytest.raises(Refused):
        publishing_actions.publish(claim, act=Act(by=reviewer, at=AT), together=True)
    assert {stored(claim).state, stored(source).state} == {"draft"}


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["example.org/a-page", "https://example.org/a-page/", " http://example.org/a-page"])
def test_address_is_no_title_of_what_is_public(title: str, editor: User, reviewer: User) -> None:
    source, is_new = actions.cite_address("https://example.org/a-page/", act=Act(by=editor, at=timezone.now()))
    assert is_new
    Source.objects.filter(pk=source.pk).update(title_en=title)
    for together in (False, True):
        with pytest.raises(ValidationError) as refused, transaction.atomic():
            publishing_actions.publish(source, act=Act(by=reviewer, at=timezone.now()), together=together)
        assert refused.value.message_dict == {"title_en": ["This is its address. Write what it is called."]}
    written: Any = Source.objects.get(pk=source.pk)
    written.title_en = "A page"
    publishing_actions.save_draft(written, by=editor)
    publishing_actions.publish(written, act=Act(by=reviewer, at=timezone.now()))
    assert written.state == "published"


def test_publish_refuses_what_has_become_invalid(reviewer: User) -> None:
    topic = TopicFactory()
    Topic._base_manager.filter(pk=topic.pk).update(slug="Not a slug")
    with pytest.raises(ValidationError) as refusal:
        publishing_actions.publish(topic, act=Act(by=reviewer, at=AT))
    assert refusal.value.message_dict.keys() == {"slug"}
    assert stored(topic).state == "draft"


def test_two_reviewers_at_once_publish_once(session: Session) -> None:
    reviewers = [UserFactory(groups=("reviewers",)) for _ in range(2)]
    topic = TopicFactory()
    with transaction.atomic():
        publishing_actions.publish(topic, act=Act(by=reviewers[0], at=AT))
        publishing = session.run(
            lambda: publishing_actions.publish(Topic.objects.get(), act=Act(by=reviewers[1], at=AT))
        )
        session.wait_until_it_waits()
    with pytest.raises(WrongState):
        publishing.result(PATIENCE)
    assert stored(topic).reviewer == reviewers[0]
    assert Change.objects.count() == 1


# Withdrawal


@pytest.mark.django_db
def test_withdraw_leaves_a_tombstone(reviewer: User) -> None:
    topic = make("published")
    publishing_actions.withdraw(topic, act=Act(by=reviewer, at=AT), note=" It was misread. ")
    row = stored(topic)
    assert (row.state, row.withdrawn_at, row.withdrawal_note) == ("withdrawn", AT, "It was misread.")
    assert (topic.state, topic.withdrawn_at) == ("withdrawn", AT)
    tombstone = Change.objects.tombstone(kind="topic", identifier=topic.slug, at=timezone.now())
    assert tombstone is not None
    assert tombstone.note == "It was misread."


@pytest.mark.django_db
@pytest.mark.parametrize("note", ["", "  \n"])
def test_withdraw_needs_a_note(note: str, reviewer: User) -> None:
    topic = make("published")
    with pytest.raises(NothingSaid):
        publishing_actions.withdraw(topic, act=Act(by=reviewer, at=AT), note=note)
    assert stored(topic).state == "published"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "in_review", "withdrawn"])
def test_withdraw_needs_what_is_public(state: str, reviewer: User) -> None:
    topic = make(state)
    with pytest.raises(WrongState):
        publishing_actions.withdraw(topic, act=Act(by=reviewer, at=AT), note="It was misread.")
    assert stored(topic).state == state


# Revision


@pytest.mark.django_db
def test_revise_makes_the_next_version_with_its_note(editor: User) -> None:
    topic = make("published")
    for version in (2, 3):
        topic.name_en = f"Better said {version}"
        publishing_actions.revise(topic, by=editor, note=f" Version {version}. ")
        row = stored(topic)
        assert (row.version, row.version_note, row.name_en) == (
            version,
            f"Version {version}.",
            f"Better said {version}",
        )
    lines = Change.objects.filter(event="changed").order_by("id")
    assert [(line.version, line.note) for line in lines] == [(2, "Version 2."), (3, "Version 3.")]


@pytest.mark.django_db
def test_revise_of_a_stale_copy_still_makes_the_next_version(editor: User) -> None:
    topic, stale = make("published"), stored(Topic.objects.get())
    publishing_actions.revise(topic, by=editor, note="First.")
    stale.state = "draft"
    publishing_actions.revise(stale, by=editor, note="Second.")
    row = stored(topic)
    assert (row.version, row.state) == (3, "published")


@pytest.mark.django_db
@pytest.mark.parametrize("note", ["", " "])
def test_revise_needs_a_note(note: str, editor: User) -> None:
    topic = make("published")
    topic.name_en = "Better said"
    with pytest.raises(NothingSaid):
        publishing_actions.revise(topic, by=editor, note=note)
    assert stored(topic).name_en != "Better said"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "in_review", "withdrawn"])
def test_revise_needs_what_is_public(state: str, editor: User) -> None:
    topic = make(state)
    with pytest.raises(WrongState):
        publishing_actions.revise(topic, by=editor, note="A word was wrong.")
    assert stored(topic).version == 1


@pytest.mark.django_db
def test_revise_does_not_name_a_draft(editor: User) -> None:
    source = SourceFactory(published=True)
    source.publisher = draft = ActorFactory()
    with pytest.raises(RefersToUnpublished) as refusal:
        publishing_actions.revise(source, by=editor, note="The publisher is known.")
    assert refusal.value.publications == [draft]
    row = stored(source)
    assert (row.publisher, row.version) == (None, 1)


@pytest.mark.django_db
def test_what_is_withdrawn_does_not_keep_who_named_it_from_being_revised(editor: User, reviewer: User) -> None:
    claim = ClaimFactory(published=True)
    government, source = ActorFactory(published=True), SourceFactory(published=True)
    actions.record_position(
        claim, government=government, position="denied", source=source, as_of=DAY, act=Act(by=editor, at=AT)
    )
    CitationFactory(claim=claim, source=source)
    publishing_actions.withdraw(source, act=Act(by=reviewer, at=AT), note="It rested on a misreading.")
    claim.context_en = "A position cannot be taken away, and a citation is kept on purpose."
    publishing_actions.revise(claim, by=editor, note="What to bear in mind.")
    assert stored(claim).version == 2

    another = ActorFactory(withdrawn=True)
    claim.perspective = another
    with pytest.raises(RefersToUnpublished) as refusal, transaction.atomic():
        publishing_actions.revise(claim, by=editor, note="Whose view it is.")
    assert refusal.value.publications == [another]
    assert stored(claim).version == 2


def test_revise_may_name_what_was_published_later(editor: User) -> None:
    source = SourceFactory(published=True)
    source.publisher = ActorFactory(published=True, published_at=PUBLISHED_AT + dt.timedelta(days=30))
    publishing_actions.revise(source, by=editor, note="The publisher is known.")
    assert stored(source).publisher == source.publisher


@pytest.mark.django_db
def test_revise_saves_the_parts_as_the_same_change(editor: User) -> None:
    claim = ClaimFactory(published=True)
    citation = CitationFactory(claim=claim, source=SourceFactory(published=True))
    draft = SourceFactory()
    with pytest.raises(RefersToUnpublished):
        publishing_actions.revise(
            claim, by=editor, note="Cited better.", parts=lambda: CitationFactory(claim=claim, source=draft)
        )
    assert claim.citations.get() == citation
    publishing_actions.revise(claim, by=editor, note="Cited worse.", parts=citation.delete)
    assert not claim.citations.exists()
    assert stored(claim).version == 2


@pytest.mark.django_db
def test_revise_refuses_what_is_invalid_and_names_the_field(editor: User) -> None:
    topic = make("published")
    topic.kind = "?"
    with pytest.raises(ValidationError) as refusal:
        publishing_actions.revise(topic, by=editor, note="A word was wrong.")
    assert "kind" in refusal.value.message_dict
    assert stored(topic).version == 1


# Records


@pytest.mark.django_db
def test_record_review_appends(editor: User) -> None:
    claim = ClaimFactory()
    first = actions.record_review(
        claim, status="unverified", as_of=DAY, reason="One source.", act=Act(by=editor, at=AT)
    )
    assert (first.claim, first.by, first.recorded_at, first.decided_at, first.language) == (claim, editor, AT, AT, "en")
    second = actions.record_review(
        claim,
        status="disputed",
        as_of=DAY,
        reason="Karşı çıkıldı.",
        act=Act(by=editor, at=AT + HOUR),
        decided_at=AT,
        language="tr",
        corrects=first,
    )
    assert (second.corrects, second.decided_at, second.language) == (first, AT, "tr")
    assert Claim.objects.with_status().get().status == "disputed"
    assert Review.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"status": "rumoured"}, "not a valid choice"),
        ({"reason": ""}, "cannot be blank"),
        ({"as_of": DAY + dt.timedelta(days=2)}, "lies in the future"),
        ({"decided_at": AT + HOUR}, "recorded after it is decided"),
        ({"language": "de"}, "not a valid choice"),
    ],
)
def test_record_review_refuses(wrong: dict[str, Any], message: str, editor: User) -> None:
    given: dict[str, Any] = {"status": "unverified", "as_of": DAY, "reason": "One source.", **wrong}
    with pytest.raises(ValidationError, match=message):
        actions.record_review(ClaimFactory(), **given, act=Act(by=editor, at=AT))
    assert not Review.objects.exists()


@pytest.mark.django_db
def test_record_position_appends(editor: User) -> None:
    claim, government = ClaimFactory(), ActorFactory()
    silent = actions.record_position(
        claim, government=government, position="silent", as_of=DAY, act=Act(by=editor, at=AT)
    )
    source = SourceFactory()
    denied = actions.record_position(
        claim,
        government=government,
        position="denied",
        as_of=DAY,
        act=Act(by=editor, at=AT + HOUR),
        source=source,
        note="In a briefing.",
        corrects=silent,
    )
    assert [*OfficialPosition.objects.effective().filter(claim=claim)] == [denied]
    assert (denied.source, denied.note, denied.by) == (source, "In a briefing.", editor)


@pytest.mark.django_db
def test_record_position_needs_the_source_of_a_statement(editor: User) -> None:
    with pytest.raises(ValidationError, match="needs the source"):
        actions.record_position(
            ClaimFactory(), government=ActorFactory(), position="confirmed", as_of=DAY, act=Act(by=editor, at=AT)
        )
    assert not OfficialPosition.objects.exists()


@pytest.mark.django_db
def test_record_position_on_a_public_claim_names_no_draft(editor: User) -> None:
    claim = ClaimFactory(published=True)
    public = ActorFactory(published=True)
    given: dict[str, Any] = {"position": "denied", "as_of": DAY, "act": Act(by=editor, at=AT)}
    for draft_government in (ActorFactory(), ActorFactory(published=True, embargo_until=AT + HOUR)):
        with pytest.raises(RefersToUnpublished) as refusal:
            actions.record_position(claim, government=draft_government, source=SourceFactory(published=True), **given)
        assert refusal.value.publications == [draft_government]
    with pytest.raises(RefersToUnpublished):
        actions.record_position(claim, government=public, source=SourceFactory(), **given)
    assert not OfficialPosition.objects.exists()
    actions.record_position(claim, government=public, source=SourceFactory(published=True), **given)
    assert OfficialPosition.objects.count() == 1


@pytest.mark.django_db
def test_record_on_a_claim_under_embargo_names_no_draft_either(editor: User) -> None:
    claim = ClaimFactory(published=True, embargo_until=timezone.now() + HOUR)
    with pytest.raises(RefersToUnpublished):
        actions.record_position(
            claim, government=ActorFactory(), position="silent", as_of=DAY, act=Act(by=editor, at=timezone.now())
        )


@pytest.mark.django_db
def test_record_instrument_action_appends(editor: User) -> None:
    instrument = InstrumentFactory()
    party = ActorFactory()
    first = actions.record_instrument_action(
        instrument,
        type="signed",
        as_of=dt.date(2025, 9, 30),
        act=Act(by=editor, at=AT + 200 * 24 * HOUR),
        date="2025-09",
    )
    assert (first.date_earliest, first.date_latest) == (dt.date(2025, 9, 1), dt.date(2025, 9, 30))
    second = actions.record_instrument_action(
        instrument, type="ratified", as_of=DAY, act=Act(by=editor, at=AT), party=party, note="By its parliament."
    )
    assert (second.party, second.note) == (party, "By its parliament.")
    assert instrument.actions.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"type": "shaken_on"}, {"date": "2025-02-30"}, {"date": "2025-07"}, {"as_of": DAY + dt.timedelta(days=2)}]
)
def test_record_instrument_action_refuses(wrong: dict[str, Any], editor: User) -> None:
    given: dict[str, Any] = {"type": "signed", "as_of": DAY, **wrong}
    with pytest.raises(ValidationError):
        actions.record_instrument_action(InstrumentFactory(), **given, act=Act(by=editor, at=AT))
    assert not InstrumentAction.objects.exists()


@pytest.mark.django_db
def test_record_instrument_action_in_a_public_partnership_names_no_draft(editor: User) -> None:
    instrument = InstrumentFactory(partnership=PartnershipFactory(published=True))
    with pytest.raises(RefersToUnpublished):
        actions.record_instrument_action(
            instrument, type="signed", as_of=DAY, act=Act(by=editor, at=AT), party=ActorFactory()
        )
    assert not InstrumentAction.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "correct"),
    [
        (
            ReviewFactory,
            lambda record, by: actions.record_review(
                ClaimFactory(),
                status="disputed",
                as_of=DAY,
                reason="One source.",
                act=Act(by=by, at=AT),
                corrects=record,
            ),
        ),
        (
            OfficialPositionFactory,
            lambda record, by: actions.record_position(
                record.claim,
                government=ActorFactory(),
                position="silent",
                as_of=DAY,
                act=Act(by=by, at=AT),
                corrects=record,
            ),
        ),
        (
            InstrumentActionFactory,
            lambda record, by: actions.record_instrument_action(
                InstrumentFactory(), type="signed", as_of=DAY, act=Act(by=by, at=AT), corrects=record
            ),
        ),
    ],
    ids=["review", "position", "action"],
)
def test_correction_of_something_else_is_refused(
    factory: Any, correct: Callable[[Any, User], object], editor: User
) -> None:
    record = factory()
    with pytest.raises((ValidationError, IntegrityError), match="about the same thing"), transaction.atomic():
        correct(record, editor)
    assert factory._meta.model.objects.get() == record


@pytest.mark.django_db
def test_every_refusal_can_be_shown_in_a_form() -> None:
    modules = (actions, refusals_of_all)
    refusals = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Refused)
    }
    assert {NotAllowed, WrongState, ReviewerIsAuthor, NothingSaid, RefersToUnpublished} < refusals
    assert all(issubclass(refusal, ValidationError) for refusal in refusals)


@pytest.mark.django_db
def test_membership_counts_among_what_an_actor_names(reviewer: User) -> None:
    membership = MembershipFactory()
    with pytest.raises(RefersToUnpublished) as refusal:
        publishing_actions.publish(membership.member, act=Act(by=reviewer, at=AT))
    assert refusal.value.publications == [membership.bloc]
    assert Actor.objects.filter(state="published").count() == 0
    assert Source.objects.count() == 0
