"""Two people reword a public single voice: one proposes, another accepts, and readers see one step."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import actions
from events.models import NameRefusal, Point, PublicName, Rewording, Support
from events.text_diff import Piece, difference, split_words
from publishing.acting import Act
from publishing.desk.addresses import change_address, list_address
from publishing.models.change import Change
from publishing.refusals import NotAllowed, NothingSaid, ReviewerIsAuthor
from tests.factories import PUBLISHED_AT, ParticipantFactory, PointFactory, RewordingFactory, UserFactory
from tests.support.concurrency import Session
from tests.support.desk import Page
from tests.support.pages import folded
from tests.support.patience import PATIENCE
from tests.support.refusal import refused

AT = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
WORDS = {"text_en": "I fear an axis.", "text_tr": "", "text_ar": ""}


def voice(**of_point: Any) -> Any:
    """A cleared single voice of a public report, with a word misspelt."""
    yesterday = timezone.now() - dt.timedelta(days=1)
    columns = {"support": "one_participant", "cleared_by": UserFactory(), "cleared_at": PUBLISHED_AT}
    public = {
        "report__published": True,
        "report__published_at": yesterday,
        "report__event__published_at": yesterday,
    }
    return PointFactory(**{"text": "I feer an axis.", **public, **columns, **of_point})


def point_now() -> Any:
    """The one point as the database holds it."""
    return Point.objects.get()


def propose(point: Point, by: User, **changes: Any) -> Rewording:
    proposal = {**WORDS, "grade": "one_participant", "note": "A word was misspelt.", **changes}
    return actions.propose_rewording(point, **proposal, act=Act(by=by, at=AT))


# The actions


@pytest.mark.django_db
def test_rewording_takes_effect_cleared_and_as_the_next_version(editor: User, reviewer: User) -> None:
    point = voice()
    rewording = propose(point, editor)
    assert point_now().text_en == "I feer an axis."
    actions.accept_rewording(rewording, act=Act(by=reviewer, at=AT))
    row: Any = Point.objects.get()
    assert (row.text_en, row.support, row.cleared_by, row.cleared_at) == (
        "I fear an axis.",
        "one_participant",
        reviewer,
        AT,
    )
    row.report.refresh_from_db()
    assert (row.report.version, row.report.version_note) == (2, "A word was misspelt.")
    assert (rewording.outcome, rewording.decided_by, rewording.decided_at) == ("accepted", reviewer, AT)
    told = Change.objects.filter(public_id=row.report.public_id, version=2).values_list("event", "note")
    assert list(told) == [("changed", "A word was misspelt.")]
    assert list(Point.objects.visible_to(AnonymousUser()).values_list("text_en", flat=True)) == ["I fear an axis."]


@pytest.mark.django_db
def test_grade_changes_by_a_rewording_too(editor: User, reviewer: User) -> None:
    point = voice(text="I fear an axis.")
    actions.accept_rewording(propose(point, editor, grade="argued"), act=Act(by=reviewer, at=AT))
    row: Any = Point.objects.get()
    assert (row.support, row.cleared_by) == ("argued", None)


@pytest.mark.django_db
def test_point_becomes_a_single_voice_by_a_rewording(editor: User, reviewer: User) -> None:
    point = voice(support="argued", cleared_by=None, cleared_at=None)
    actions.accept_rewording(propose(point, editor), act=Act(by=reviewer, at=AT))
    row: Any = Point.objects.get()
    assert (row.support, row.cleared_by) == ("one_participant", reviewer)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["partner", "anonymous"])
def test_only_the_desk_rewords(name: str, request: pytest.FixtureRequest) -> None:
    point, person = voice(), request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        propose(point, person)
    rewording = RewordingFactory(point=point)
    with pytest.raises(NotAllowed):
        actions.accept_rewording(rewording, act=Act(by=person, at=AT))
    with pytest.raises(NotAllowed):
        actions.decline_rewording(rewording, reason="No.", act=Act(by=person, at=AT))
    assert Rewording.objects.get().outcome == "pending"


@pytest.mark.django_db
def test_neither_the_proposer_nor_the_author_accepts(editor: User, reviewer: User) -> None:
    point = voice(report__author=reviewer)
    rewording = propose(point, editor)
    with pytest.raises(actions.ProposerDecides, match="somebody else has to accept"):
        actions.accept_rewording(rewording, act=Act(by=editor, at=AT))
    with pytest.raises(ReviewerIsAuthor):
        actions.accept_rewording(rewording, act=Act(by=reviewer, at=AT))
    assert point_now().text_en == "I feer an axis."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda point: Point.objects.update(kind="caveat", position=9), None),
        (lambda point: reword(point, text_en="Else."), "English"),
        (lambda point: reword(point, text_tr="Başka.", text_en="Else."), "English, Turkish"),
        (lambda point: Support.objects.update(grade="argued"), "support"),
    ],
)
def test_point_that_changed_meanwhile_is_refused_with_what_changed(
    change: Callable[[Point], Any], named: str | None, editor: User, reviewer: User
) -> None:
    point = voice()
    rewording = propose(point, editor)
    change(point)
    if named is None:
        actions.accept_rewording(rewording, act=Act(by=reviewer, at=AT))
        assert point_now().text_en == "I fear an axis."
        return
    with pytest.raises(actions.PointHasChanged, match=f"proposed: {named}\\."):
        actions.accept_rewording(rewording, act=Act(by=reviewer, at=AT))
    rewording.refresh_from_db()
    assert (rewording.outcome, point_now().text_en != "I fear an axis.") == ("pending", True)


def reword(point: Any, **texts: str) -> None:
    """As an import does that clears anew."""
    for column, text in texts.items():
        setattr(point, column, text)
    point.cleared_by, point.cleared_at = UserFactory(), AT
    point.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("of_point", "change", "saying"),
    [
        ({"support": "argued", "cleared_by": None, "cleared_at": None}, {"grade": "broad"}, "no single voice"),
        ({}, {"text_en": "  I feer an axis. "}, "Nothing is changed"),
        ({}, {"text_en": " "}, "at least one language"),
        ({}, {"note": " "}, "This field cannot be blank"),
        ({}, {"grade": "?"}, "not a valid choice"),
    ],
)
def test_proposal_is_refused(of_point: dict[str, Any], change: dict[str, Any], saying: str, editor: User) -> None:
    point = voice(**of_point)
    with pytest.raises(ValidationError, match=saying):
        propose(point, editor, **change)
    assert not Rewording.objects.exists()


@pytest.mark.django_db
def test_point_of_a_draft_is_changed_in_place(editor: User) -> None:
    point = PointFactory(support="one_participant")
    with pytest.raises(actions.NothingToReword, match="The report is not public"):
        propose(point, editor)


@pytest.mark.django_db
def test_one_rewording_at_a_time_waits(editor: User, reviewer: User) -> None:
    point = voice()
    first = propose(point, editor)
    with pytest.raises(ValidationError, match="waits for a decision already"):
        propose(point, reviewer, text_en="Else.")
    with pytest.raises(NothingSaid):
        actions.decline_rewording(first, reason=" ", act=Act(by=reviewer, at=AT))
    actions.decline_rewording(first, reason="It was meant so.", act=Act(by=reviewer, at=AT))
    assert (first.outcome, first.reason) == ("declined", "It was meant so.")
    propose(point, editor)
    assert Rewording.objects.count() == 2
    with pytest.raises(actions.AlreadyDecided, match="Declined"):
        actions.accept_rewording(first, act=Act(by=reviewer, at=AT))


@pytest.mark.django_db
def test_decided_rewording_and_what_was_proposed_stay() -> None:
    rewording = RewordingFactory()
    with refused(None, saying="decided once"):
        Rewording.objects.update(text_en="Else.")
    actions.decline_rewording(rewording, reason="No.", act=Act(by=UserFactory(groups=("editors",)), at=AT))
    with refused(None, saying="decided once"):
        Rewording.objects.update(reason="Else.")


@pytest.mark.django_db
def test_words_and_clearance_in_one_step_need_the_clearance() -> None:
    """Judging is put off for the length of one save, not done away with."""
    point = voice()
    point.text_en = "I fear an axis."
    point.cleared_by = point.cleared_at = None
    with refused("events_support_single_voices_are_cleared"):
        point.save()
    with refused("events_support_single_voices_are_cleared"):
        Point.objects.update(text_en="Else.")


def test_two_who_decide_at_once_decide_once(session: Session) -> None:
    first, second = (UserFactory(groups=("editors",)) for _ in range(2))
    rewording = propose(voice(), UserFactory(groups=("editors",)))
    with transaction.atomic():
        actions.accept_rewording(rewording, act=Act(by=first, at=AT))
        deciding = session.run(
            lambda: actions.decline_rewording(Rewording.objects.get(), reason="No.", act=Act(by=second, at=AT))
        )
        session.wait_until_it_waits()
    with pytest.raises(actions.AlreadyDecided):
        deciding.result(PATIENCE)
    assert Rewording.objects.get().outcome == "accepted"


# The desk

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]


def tools(page: Page) -> list[str]:
    return [str(tool.label) for tool in page.response.context["tools"]]


@pytest.mark.django_db
def test_rewording_is_offered_in_place_of_an_edit_that_would_be_refused(desk: Desk, editor: User) -> None:
    public, draft = voice(), PointFactory(support="one_participant")
    page = desk(editor, public)
    assert tools(page) == ["Propose a rewording…"]
    assert not {"text_en", "text_tr", "text_ar", "support"} & page.fields.keys()
    assert {"text_en", "support"} <= desk(editor, draft).fields.keys()
    assert page.send(kind="caveat", what_changed="It was a caveat.").errors == {}
    assert Point.objects.get(pk=public.pk).kind == "caveat"


@pytest.mark.django_db
def test_rewording_is_proposed_and_accepted_at_the_desk(
    client_of: ClientOf, editor: User, reviewer: User, desk: Desk
) -> None:
    point = voice(text="I feer an axis.", text_ar="أخشى محور.")
    address = reverse("admin:events_point_reword", args=[point.pk])
    client = client_of(editor)
    form = client.get(address).context["form"]
    assert form.initial == {
        "text_en": "I feer an axis.",
        "text_tr": None,
        "text_ar": "أخشى محور.",
        "grade": "one_participant",
    }
    sent = {**WORDS, "text_ar": "أخشى محورًا.", "grade": "one_participant"}
    answer = client.post(address, {**sent, "note": ""})
    assert answer.context["form"].errors == {"note": ["This field is required."]}
    answer = client.post(address, {**sent, "note": "Two words were misspelt."}, follow=True)
    assert [str(said) for said in answer.context["messages"]] == ["It is proposed: somebody else has to accept it."]
    assert tools(desk(editor, point)) == ["Decide on the rewording…"]

    decide = reverse("admin:events_point_rewording", args=[point.pk])
    shown = client.get(decide).content.decode()
    assert 'name="accept"' not in shown
    refusal = client.post(decide, {"accept": "1"}, follow=True)
    assert [str(said) for said in refusal.context["messages"]] == [
        "You proposed this: somebody else has to accept it. You can only decline it."
    ]
    second = client_of(reviewer)
    page = folded(second.get(decide).content.decode())
    assert "feer" in page
    assert '<p class="rewording__text" lang="ar" dir="rtl">' in page
    answer = second.post(decide, {"accept": "1"}, follow=True)
    assert answer.redirect_chain == [(change_address(point), 302)]
    row: Any = Point.objects.get()
    assert (row.text_en, row.text_ar, row.cleared_by) == ("I fear an axis.", "أخشى محورًا.", reviewer)
    assert second.get(decide).status_code == 302
    kept = "".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.order_by("pk")[:1])
    assert "fear an axis" not in kept


@pytest.mark.django_db
def test_rewording_waits_on_the_front_page(client_of: ClientOf, editor: User, reviewer: User) -> None:
    PointFactory()
    point = voice()
    client = client_of(reviewer)
    address = list_address(Point, clearance="rewording")

    def waits() -> list[int]:
        return [one.number for one in client.get(reverse("admin:index")).context["waiting"] if one.address == address]

    assert waits() == []
    rewording = propose(point, editor)
    assert waits() == [1]
    assert list(client.get(address).context["cl"].result_list) == [point]
    actions.decline_rewording(rewording, reason="No.", act=Act(by=reviewer, at=AT))
    assert waits() == []


@pytest.mark.django_db
def test_rewording_is_declined_with_a_reason(client_of: ClientOf, editor: User, reviewer: User, desk: Desk) -> None:
    point = voice()
    propose(point, editor)
    decide = reverse("admin:events_point_rewording", args=[point.pk])
    client = client_of(reviewer)
    assert client.post(decide, {"decline": "1"}).context["form"].errors == {"reason": ["This field is required."]}
    client.post(decide, {"decline": "1", "reason": "It was meant so."})
    assert Rewording.objects.get().outcome == "declined"
    (panel,) = desk(reviewer, point).response.context["panels"]
    assert [str(cell) for cell in panel.rows[0].cells[3:]] == ["Declined", "reviewer", "It was meant so."]


@pytest.mark.django_db
def test_second_proposal_is_refused_above_the_form(client_of: ClientOf, editor: User) -> None:
    point = voice()
    propose(point, editor)
    sent = {**WORDS, "text_en": "Else.", "grade": "one_participant", "note": "N."}
    answer = client_of(editor).post(reverse("admin:events_point_reword", args=[point.pk]), sent)
    assert answer.context["form"].non_field_errors() == [
        "Another rewording of this point waits for a decision already."
    ]


@pytest.mark.django_db
def test_partner_reaches_neither_page(client_of: ClientOf, partner: User) -> None:
    point = voice()
    for name in ("reword", "rewording"):
        response = client_of(partner).get(reverse(f"admin:events_point_{name}", args=[point.pk]))
        assert response.status_code == 302
        assert "/login/" in response["Location"]


# Word by word


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("I feer it.", "I fear it.", [("stays", "I "), ("goes", "feer"), ("comes", "fear"), ("stays", " it.")]),
        ("", "New.", [("comes", "New.")]),
        ("Gone.", "", [("goes", "Gone.")]),
        ("Same.", "Same.", [("stays", "Same.")]),
        ("One two.", "One, two.", [("stays", "One"), ("comes", ","), ("stays", " two.")]),
        ("أخشى محور.", "أخشى محورًا.", [("stays", "أخشى "), ("goes", "محور"), ("comes", "محورًا"), ("stays", ".")]),
        ("İstanbul’da", "İstanbul'da", [("stays", "İstanbul"), ("goes", "’"), ("comes", "'"), ("stays", "da")]),
    ],
)
def test_difference_is_told_word_by_word(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert difference(before, after) == [Piece(kind, text) for kind, text in pieces]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "  a\n\tb ", "مُحَمَّد قال.", "e\u0301te\u0301", "\u064b", "a\u200cb", "1,5 %"])
def test_words_are_the_text_again(text: str) -> None:
    assert "".join(split_words(text)) == text


@pytest.mark.django_db
def test_rewording_that_names_somebody_who_was_there_is_refused_kept_and_judged(
    client_of: ClientOf, editor: User, reviewer: User
) -> None:
    point = voice()
    ParticipantFactory(event=point.report.event, name="Leyla Korkmazoğlu")
    propose(point, editor, text_en="Leyla Korkmazoglu fears an axis.")
    decide = reverse("admin:events_point_rewording", args=[point.pk])
    client = client_of(reviewer)
    page = client.post(decide, {"accept": "1"})
    assert page.status_code == 200
    assert 'name="names_override_reason"' in page.content.decode()
    assert point_now().text_en == "I feer an axis."
    assert NameRefusal.objects.get().by == reviewer
    client.post(decide, {"accept": "1", "names_override_reason": "She said it in the press conference."})
    assert point_now().text_en == "Leyla Korkmazoglu fears an axis."
    assert PublicName.objects.get().reason == "She said it in the press conference."
