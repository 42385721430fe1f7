"""The update: state, source and answer in one action, and postponed items."""

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from partnerships.actions import cite_address
from partnerships.models import Source
from publishing.acting import Act
from publishing.refusals import NeedsMore, NotAllowed, NothingSaid, RefersToUnpublished, Refused, WrongState, part_of
from recommendations.actions import snooze
from recommendations.actions.history import ForbiddenTransition, StaleRecord
from recommendations.actions.update import Cited, Updated, origin_of, record_update
from recommendations.models import Addressee, Evidence, Response, Snooze, StatusEntry
from tests.factories import (
    AddresseeFactory,
    RecommendationFactory,
    ResponseFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 14)
AT = dt.datetime(2026, 3, 15, 9, tzinfo=dt.UTC)
LINK = "https://www.gazette.example/2026/dialogue"


def begun(**attributes: Any) -> Addressee:
    """An addressee of something public that is partly there, verified."""
    addressee: Addressee = AddresseeFactory(recommendation=RecommendationFactory(published=True, **attributes))
    StatusEntryFactory(addressee=addressee, state="partly_implemented", confidence="verified")
    return addressee


def update(addressee: Addressee, by: User, **given: Any) -> Updated:
    return record_update(addressee, act=Act(by=by, at=AT), **{"as_of": DAY, **given})


def test_link_becomes_a_source_in_review_and_evidence_at_once(editor: User) -> None:
    addressee = begun()
    updated = update(
        addressee,
        editor,
        state="implemented",
        cited=Cited(url=LINK, title="The dialogue was held", nature="primary", date="2026-03"),
        public_note="It was held.",
    )
    source = Source.objects.get(url=LINK)
    assert updated.source == source
    assert (source.state, source.author, source.title, source.publisher_name, source.date) == (
        "in_review",
        editor,
        "The dialogue was held",
        "gazette.example",
        "2026-03",
    )
    assert updated.entry is not None
    assert (updated.entry.state, updated.entry.confidence, updated.entry.public_note) == (
        "implemented",
        "claimed",
        "It was held.",
    )
    evidence = Evidence.objects.get(entry=updated.entry)
    assert (evidence.source, evidence.nature, evidence.independence_group) == (source, "primary", "gazette-example")


def test_source_without_a_title_is_called_by_its_address(editor: User) -> None:
    updated = update(begun(), editor, state="partly_implemented", cited=Cited(url=f"{LINK}/"))
    assert updated.source is not None
    assert updated.source.title == "www.gazette.example/2026/dialogue"


@pytest.mark.parametrize(
    "address",
    [LINK, f"{LINK}/", "http://www.gazette.example/2026/dialogue"],
)
def test_link_that_is_known_is_not_made_again(address: str, editor: User) -> None:
    known = SourceFactory(url=LINK, published=True)
    updated = update(begun(), editor, state="partly_implemented", cited=Cited(url=address))
    assert updated.source is None
    assert Evidence.objects.latest("pk").source == known
    assert Source.objects.filter(url__contains="gazette").count() == 1


def test_published_source_comes_before_a_draft_of_the_same_address(editor: User) -> None:
    SourceFactory(url=LINK)
    public = SourceFactory(url=LINK, published=True)
    assert cite_address(LINK, act=Act(by=editor, at=AT)) == (public, False)


def test_withdrawn_source_is_not_brought_back_by_the_way(editor: User) -> None:
    SourceFactory(url=LINK, withdrawn=True)
    with pytest.raises(WrongState, match="was withdrawn"):
        cite_address(LINK, act=Act(by=editor, at=AT))
    with pytest.raises(WrongState) as refusal:
        update(begun(), editor, state="partly_implemented", cited=Cited(url=LINK))
    assert (part_of(refusal.value), list(refusal.value.message_dict)) == ("source", ["url"])
    assert Source.objects.filter(url=LINK).count() == 1


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://", "gazette", "ftp:/x", "https://a b.example/"])
def test_what_is_no_address_is_refused_at_the_link(address: str, editor: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        update(begun(), editor, state="partly_implemented", cited=Cited(url=address))
    assert (part_of(refusal.value), list(refusal.value.message_dict)) == ("source", ["url"])
    assert not Source.objects.filter(url=address).exists()


def test_origin_of_a_host_that_is_no_slug_is_still_one() -> None:
    assert origin_of(SourceFactory.build(url="https://صحيفة.example/1")) == "example"
    source = SourceFactory.build(url="")
    assert origin_of(source) == f"source-{source.public_id}"


def test_check_takes_over_words_and_confidence(editor: User) -> None:
    addressee = begun()
    entry = update(addressee, editor, state="partly_implemented").entry
    assert entry is not None
    assert (entry.what_remains, entry.confidence, entry.as_of) == ("The second part.", "verified", DAY)
    entry = update(addressee, editor, state="partly_implemented", words={"what_remains": "Only the map."}).entry
    assert entry is not None
    assert (entry.what_remains, entry.confidence) == ("Only the map.", "verified")


def test_all_of_it_happens_or_nothing(editor: User) -> None:
    addressee = begun()
    with pytest.raises(NeedsMore) as refusal:
        update(
            addressee,
            editor,
            state="implemented",
            cited=Cited(url=LINK, nature="primary"),
            answer={"kind": "awaiting", "channel": "", "recipient": "Secretariat"},
        )
    assert part_of(refusal.value) == "response"
    assert refusal.value.message_dict == {"channel": ["Say how it was sent."]}
    assert not Source.objects.filter(url=LINK).exists()
    assert StatusEntry.objects.filter(addressee=addressee).count() == 1


def test_answer_alone_is_recorded(editor: User) -> None:
    addressee = begun()
    updated = update(addressee, editor, answer={"kind": "awaiting", "channel": "letter", "recipient": "Secretariat"})
    assert (updated.entry, updated.source) == (None, None)
    assert Response.objects.get(addressee=addressee) == updated.response


def test_nothing_is_no_update(editor: User) -> None:
    with pytest.raises(NothingSaid):
        update(begun(), editor)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"state": "", "cited": Cited(url=LINK)}, "state"),
        ({"state": "stalled"}, "reason"),
        ({"state": "not_started"}, "state"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(given: dict[str, Any], place: str, editor: User) -> None:
    answer = {"kind": "awaiting", "channel": "letter", "recipient": "Secretariat"}
    with pytest.raises(Refused) as refusal:
        update(begun(), editor, **given, answer=answer)
    assert place in refusal.value.message_dict
    assert not Response.objects.exists()
    assert not Source.objects.filter(url=LINK).exists()


def test_link_and_source_are_not_both_given(editor: User) -> None:
    both = Cited(url=LINK, source=SourceFactory(published=True))
    with pytest.raises(Refused) as refusal:
        update(begun(), editor, state="partly_implemented", cited=both)
    assert list(refusal.value.message_dict) == ["source"]


def test_acceptance_of_something_public_still_needs_a_published_source(editor: User) -> None:
    addressee = begun()
    ResponseFactory(addressee=addressee, awaiting=True)
    answer = {"kind": "accepted", "office": "Secretariat", "source": SourceFactory(in_review=True)}
    with pytest.raises(RefersToUnpublished):
        update(addressee, editor, answer=answer)
    answer["source"] = SourceFactory(published=True)
    assert update(addressee, editor, answer=answer).response is not None


def test_somebody_else_was_faster(editor: User) -> None:
    addressee = begun()
    seen = StatusEntry.objects.get().pk
    update(addressee, editor, state="partly_implemented")
    with pytest.raises(StaleRecord):
        update(addressee, editor, state="implemented", cited=Cited(url=LINK, nature="primary"), seen=seen)
    assert not Source.objects.filter(url=LINK).exists()


def test_forbidden_transition_is_told(editor: User) -> None:
    with pytest.raises(ForbiddenTransition):
        update(begun(), editor, state="not_started")


def test_only_the_desk_updates_and_puts_off(partner: User, convenor: User) -> None:
    addressee = begun()
    for person in (partner, convenor):
        with pytest.raises(NotAllowed):
            update(addressee, person, state="partly_implemented")
        with pytest.raises(NotAllowed):
            snooze(addressee, until=DAY + dt.timedelta(days=9), reason="Later.", act=Act(by=person, at=AT))
        with pytest.raises(NotAllowed):
            cite_address(LINK, act=Act(by=person, at=AT))
    assert not Snooze.objects.exists()


@pytest.mark.parametrize(
    ("until", "reason", "place"),
    [
        (AT.date(), "Later.", "until"),
        (AT.date() - dt.timedelta(days=1), "Later.", "until"),
        (AT.date() + dt.timedelta(days=367), "Later.", "until"),
        (AT.date() + dt.timedelta(days=1), "  ", "reason"),
        (AT.date() + dt.timedelta(days=1), "x" * 301, "reason"),
    ],
)
def test_snooze_is_refused_at_its_field(until: dt.date, reason: str, place: str, editor: User) -> None:
    with pytest.raises(Refused) as refusal:
        snooze(begun(), until=until, reason=reason, act=Act(by=editor, at=AT))
    assert list(refusal.value.message_dict) == [place]
    assert not Snooze.objects.exists()


def test_snooze_is_of_an_addressee_or_a_submission(editor: User) -> None:
    submission = SubmissionFactory()
    until = AT.date() + dt.timedelta(days=7)
    one = snooze(submission, until=until, reason=" We asked back. ", act=Act(by=editor, at=AT))
    assert (one.submission, one.addressee, one.reason, one.by) == (submission, None, "We asked back.", editor)


# A file

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_file_becomes_a_source_in_review_with_its_copy(editor: User) -> None:
    addressee = begun()
    cited = Cited(file=PDF, title="Minutes of the dialogue", publisher_name="The ministry", nature="primary")
    updated = update(addressee, editor, state="implemented", cited=cited)
    source = Source.objects.get(title_en="Minutes of the dialogue")
    assert (updated.source, source.state, source.url, source.publisher_name) == (
        source, "in_review", "", "The ministry"
    )  # fmt: skip
    assert source.archived_sha256 == hashlib.sha256(PDF).hexdigest()
    copy = source.copies.get()
    assert (copy.by, copy.media_type, bytes(copy.bytes.content)) == (editor, "application/pdf", PDF)
    assert Evidence.objects.get(entry=updated.entry).source == source


def test_file_beside_a_link_is_its_copy(editor: User) -> None:
    updated = update(begun(), editor, state="partly_implemented", cited=Cited(url=LINK, file=PDF))
    assert updated.source is not None
    assert updated.source.copies.get().sha256 == hashlib.sha256(PDF).hexdigest()


def test_file_beside_a_source_that_is_there_is_its_copy(editor: User) -> None:
    source = SourceFactory(published=True)
    updated = update(begun(), editor, state="partly_implemented", cited=Cited(source=source, file=PDF))
    assert updated.source is None
    assert source.copies.get().by == editor


@pytest.mark.parametrize(
    ("cited", "told"),
    [
        (Cited(file=PDF), {"title": ["Say what the file is: the public sees its title."]}),
        (Cited(file=b"MZ\x90\x00", title="Minutes"), {"file": ["It is no page, PDF, text or picture."]}),
        (Cited(file=b"", title="Minutes"), {"file": ["It is no page, PDF, text or picture."]}),
        (Cited(file=b"a" * (20 * 1024 * 1024 + 1), title="Minutes"), {"file": ["It is larger than 20 MB."]}),
    ],
)
def test_file_that_is_not_kept_leaves_nothing(editor: User, cited: Cited, told: dict[str, list[str]]) -> None:
    addressee = begun()
    before = StatusEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        update(addressee, editor, state="partly_implemented", cited=cited)
    assert (part_of(refusal.value), refusal.value.message_dict) == ("source", told)
    assert (Source.objects.count(), StatusEntry.objects.count()) == (1, before), "the source of the entry before"
