"""The check for names at the desk: what is shown to whom, that every page records its answers, and how one continues."""

import contextlib
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Event, NameRefusal, Participant, PublicName
from publishing.desk.addresses import change_address, list_address
from publishing.roles import CONVENORS, EDITORS, REVIEWERS
from recommendations.models import Response, StatusEntry
from tests.factories import (
    AddresseeFactory,
    EventFactory,
    NameRefusalFactory,
    ParticipantFactory,
    PointFactory,
    PublicNameFactory,
    RecommendationFactory,
    ReportFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.support.desk import Page

pytestmark = pytest.mark.django_db

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

MENTION = "As Dr. Kızılkaya put it, trust grows slowly."
WORD = "ızılkaya"
REASON = "He gave the opening speech, which was broadcast."


@pytest.fixture
def event() -> Event:
    event: Event = EventFactory(published=True, name="Roundtable")
    ParticipantFactory(event=event, name="Nurettin Kızılkaya")
    return event


@pytest.fixture
def reviewing_convenor(db: None) -> User:
    user: User = UserFactory(username="reviewing_convenor", groups=(CONVENORS, REVIEWERS))
    return user


def shown(response: Any) -> list[tuple[str, str]]:
    """Places and words in the table of what was found."""
    refused = response.context["refused_text"]
    return [(str(public_text.place), words) for public_text, words in refused.findings]


def publish_address(report: Any) -> str:
    return reverse("admin:events_report_publish", args=[report.pk])


def test_publish_page_shows_a_reviewer_the_place_and_asks_for_the_reason(
    client_of: ClientOf, event: Event, reviewer: User
) -> None:
    report = ReportFactory(event=event, in_review=True, summary="Trust.", title="What Kızılkaya said")
    client = client_of(reviewer)
    response = client.post(publish_address(report), {"_": ""})
    assert shown(response) == [("title (English)", "")]
    page = response.content.decode()
    assert "These names are public anyway, because:" in page
    assert "a convenor can tell" in page
    assert page.count(WORD) == page.count("What Kızılkaya said")
    response = client.post(publish_address(report), {"names_override_reason": REASON})
    assert response.status_code == 302
    report.refresh_from_db()
    assert (report.state, PublicName.objects.get().reason) == ("published", REASON)
    assert NameRefusal.objects.get().by == reviewer


def test_publish_page_shows_a_convenor_all_of_it(client_of: ClientOf, event: Event, reviewing_convenor: User) -> None:
    report = ReportFactory(event=event, in_review=True, title="Talk", summary=MENTION)
    PointFactory(report=report, position=4, text_ar="قال كيزيلكايا ذلك.")
    response = client_of(reviewing_convenor).post(publish_address(report), {"_": ""})
    assert shown(response) == [("summary (English)", MENTION), ("point 4, text (Arabic)", "قال كيزيلكايا ذلك.")]
    assert MENTION in response.content.decode()


def test_form_of_something_public_shows_it_and_keeps_what_was_typed(desk: Desk, event: Event, editor: User) -> None:
    report = ReportFactory(event=event, published=True)
    page = desk(editor, report).send(summary_en=MENTION, what_changed="More.")
    assert shown(page.response) == [("summary (English)", "")]
    assert page.fields["summary_en"] == MENTION
    assert page.errors == {
        "__all__": [
            f"“{report}” names somebody who was there, or their affiliation: summary (English). "
            "A convenor can tell you more."
        ]
    }
    assert "names_override_reason" not in page.response.content.decode()
    report.refresh_from_db()
    assert (report.summary_en or "", report.version) == ("", 1)
    assert NameRefusal.objects.get().by == editor


def test_reviewer_goes_on_from_the_form_with_a_reason(desk: Desk, event: Event, reviewer: User) -> None:
    report = ReportFactory(event=event, published=True)
    page = desk(reviewer, report).send(summary_en=MENTION, what_changed="More.")
    assert page.fields["names_override_reason"] == ""
    assert page.send(names_override_reason=REASON).errors == {}
    report.refresh_from_db()
    assert (report.summary_en, report.version, PublicName.objects.count()) == (MENTION, 2, 1)


def test_editor_who_sends_a_reason_is_refused(desk: Desk, event: Event, editor: User) -> None:
    report = ReportFactory(event=event, published=True)
    page = desk(editor, report).send(summary_en=MENTION, what_changed="More.", names_override_reason=REASON)
    assert page.errors == {"__all__": ["Only reviewers and administrators publish and withdraw."]}
    assert not PublicName.objects.exists()


def test_part_of_something_public_is_refused_on_its_page(desk: Desk, event: Event, editor: User) -> None:
    point: Any = PointFactory(report=ReportFactory(event=event, published=True), position=1, text="Trust.")
    page = desk(editor, point).send(text_tr="Kızılkaya'ya göre.", what_changed="More.")
    assert shown(page.response) == [("point 1, text (Turkish)", "")]
    point.refresh_from_db()
    assert point.text_tr is None
    assert NameRefusal.objects.count() == 1


def test_record_is_refused_on_its_page_and_can_stand_with_a_reason(desk: Desk, event: Event, reviewer: User) -> None:
    addressee = AddresseeFactory(
        recommendation=RecommendationFactory(event=event, published=True), actor__published=True
    )
    page = desk(reviewer, Response, addressee=addressee.pk)
    page.send("_save", kind="awaiting", as_of="2025-06-01", channel="Letter", recipient="Prof. Kızılkaya")
    assert shown(page.response) == [("response, recipient", "")]
    assert not Response.objects.exists()
    page.send("_save", names_override_reason=REASON)
    assert Response.objects.get().recipient == "Prof. Kızılkaya"
    assert (NameRefusal.objects.count(), PublicName.objects.get().place) == (1, "response, recipient")


def test_submission_is_not_taken_over_with_a_name_in_its_note(
    client_of: ClientOf, event: Event, reviewer: User
) -> None:
    addressee = AddresseeFactory(
        recommendation=RecommendationFactory(event=event, published=True), actor__published=True
    )
    submission = SubmissionFactory(addressee=addressee, proposed_state="not_started", note=MENTION)
    address = reverse("admin:recommendations_submission_accept", args=[submission.pk])
    client = client_of(reviewer)
    response = client.post(address, {"confidence": "claimed"})
    assert shown(response) == [("status entry, public note", "")]
    assert not StatusEntry.objects.exists()
    client.post(address, {"confidence": "claimed", "names_override_reason": REASON})
    assert StatusEntry.objects.get().public_note == MENTION


def test_list_refuses_with_the_place_and_keeps_its_answer(client_of: ClientOf, event: Event, reviewer: User) -> None:
    report = ReportFactory(event=event, in_review=True, title="Talk", summary=MENTION)
    response = client_of(reviewer).post(
        list_address(type(report)),
        {"action": "publish_selected", "_selected_action": [str(report.pk)]},
        follow=True,
    )
    assert [str(message) for message in response.context["messages"]] == [
        "“Talk” names somebody who was there, or their affiliation: summary (English). A convenor can tell you more."
    ]
    assert NameRefusal.objects.count() == 1


def test_asking_too_often_is_said_in_the_form(desk: Desk, event: Event, editor: User) -> None:
    NameRefusalFactory.create_batch(8, by=editor, recorded_at=timezone.now())
    page = desk(editor, ReportFactory(event=event, published=True)).send(summary_en="Trust.", what_changed="More.")
    assert page.errors["__all__"][0].startswith("Within a day you were told 8 times")
    assert NameRefusal.objects.count() == 8


def test_log_of_the_desk_has_no_words(desk: Desk, event: Event, reviewer: User) -> None:
    report = ReportFactory(event=event, published=True)
    page = desk(reviewer, report).send(summary_en=MENTION, what_changed="More.")
    page.send(names_override_reason=REASON)
    logged = "".join(f"{entry.object_repr}{entry.change_message}" for entry in LogEntry.objects.all())
    assert LogEntry.objects.count() == 1
    assert WORD not in logged
    assert REASON not in logged


# What is kept


def test_reasons_are_listed_for_those_who_review_and_words_only_for_convenors(
    client_of: ClientOf, request: pytest.FixtureRequest, editor: User, convenor: User
) -> None:
    kept = PublicNameFactory(words="kizilkaya", reason=REASON)
    for who in ("reviewer", "administrator", "superuser"):
        client = client_of(request.getfixturevalue(who))
        for address in (list_address(PublicName), change_address(kept)):
            page = client.get(address).content.decode()
            assert REASON in page
            assert "kizilkaya" not in page
        assert "kizilkaya" not in client.get(list_address(PublicName, o="4")).content.decode()
        assert client.get(list_address(PublicName, q="kizilkaya")).context["cl"].result_count == 0
    assert "kizilkaya" in client_of(convenor).get(list_address(PublicName)).content.decode()
    assert client_of(editor).get(list_address(PublicName)).status_code == 403


def test_answers_are_listed_for_administrators_and_convenors(
    client_of: ClientOf, request: pytest.FixtureRequest, editor: User
) -> None:
    kept = NameRefusalFactory(by=editor, public_id="abcdefghjk")
    seen = {}
    for who in ("administrator", "convenor", "editor", "reviewer", "superuser"):
        client = client_of(request.getfixturevalue(who))
        seen[who] = client.get(list_address(NameRefusal)).status_code, client.get(change_address(kept)).status_code
    assert seen == {
        "administrator": (200, 200),
        "convenor": (200, 200),
        "editor": (403, 403),
        "reviewer": (403, 403),
        "superuser": (200, 200),
    }


@pytest.mark.parametrize("model", [PublicName, NameRefusal])
def test_what_is_kept_is_changed_by_nobody(client_of: ClientOf, administrator: User, model: Any) -> None:
    kept = PublicNameFactory() if model is PublicName else NameRefusalFactory()
    client = client_of(administrator)
    name = model._meta.model_name
    assert client.get(reverse(f"admin:events_{name}_add")).status_code == 403
    assert client.post(reverse(f"admin:events_{name}_delete", args=[kept.pk]), {"post": "yes"}).status_code == 403
    assert client.post(change_address(kept), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("model", [PublicName, NameRefusal])
@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_as_often_for_one_row_as_for_three(
    client_of: ClientOf, administrator: User, django_assert_num_queries: Any, model: Any, number: int
) -> None:
    (PublicNameFactory if model is PublicName else NameRefusalFactory).create_batch(number)
    client = client_of(administrator)
    client.get(list_address(model))
    with django_assert_num_queries(9):
        client.get(list_address(model))


def test_page_of_a_participant_says_where_public_texts_name_them(client_of: ClientOf, event: Event) -> None:
    report = ReportFactory(event=event, published=True, summary=MENTION)
    ReportFactory(event=event, published=True, summary="Trust.")
    convenor = UserFactory(groups=(CONVENORS,))
    participant = Participant.objects.get()
    panel = client_of(convenor).get(change_address(participant)).context["panels"][-1]
    assert [[str(cell) for cell in row.cells] for row in panel.rows] == [[str(report), "summary (English)", MENTION]]
    assert panel.rows[0].tools[0].url == change_address(report)


def test_who_edits_and_convenes_is_shown_the_words(desk: Desk, event: Event) -> None:
    both = UserFactory(groups=(CONVENORS, EDITORS))
    report = ReportFactory(event=event, published=True, embargo_until=timezone.now() + dt.timedelta(days=3))
    page = desk(both, report).send(summary_en=MENTION, what_changed="More.")
    assert shown(page.response) == [("summary (English)", MENTION)]
    assert "names_override_reason" not in page.fields


def test_withdrawing_is_done_whatever_was_refused_before(desk: Desk, event: Event, reviewer: User) -> None:
    """cases/X05: eight refusals in a day, and then something has to be taken down."""
    NameRefusalFactory.create_batch(8, by=reviewer, recorded_at=timezone.now())
    first, second = (ReportFactory(event=event, published=True) for _number in range(2))
    for report, note, said in (
        (first, "It was wrong.", "It was wrong."),
        (second, MENTION, "The reason is not given here."),
    ):
        page = desk(reviewer, reverse("admin:events_report_withdraw", args=[report.pk])).send(note=note)
        report.refresh_from_db()
        assert (report.state, report.withdrawal_note) == ("withdrawn", said)
        assert any("Your note is not shown" in message for message in page.said) is (note == MENTION)
        assert not any(WORD in message for message in page.said)


def test_no_that_was_taken_back_at_once_counts_as_an_answer(desk: Desk, event: Event, editor: User) -> None:
    """Another part of the same edit is refused behind the reading, so that nobody ever sees the text."""
    report = ReportFactory(event=event, published=True)
    PointFactory(report=report, position=1)
    draft = RecommendationFactory(event=event, published=True, text="Hold it every year.")

    def taken_back(*_given: Any, **_named: Any) -> None:
        raise IntegrityError("not like this")

    page = desk(editor, draft)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recommendations.admin.recommendation.RecommendationAdmin.log_change", taken_back)
        with contextlib.suppress(IntegrityError):
            page.send(text_en="Xylander holds it every year.", what_changed="More.")
    kept = NameRefusal.objects.get()
    assert (kept.by, kept.public_id, kept.digests, kept.events) == (editor, draft.public_id, [], [event.pk])
    desk(editor, draft).send(text_en="Hold it every other year.", what_changed="More.")
    assert NameRefusal.objects.count() == 1, "what became public everybody sees"
    convenor = UserFactory(groups=(CONVENORS,))
    seen = Client()
    seen.force_login(convenor)
    assert "it names nobody, and it was not made public" in seen.get(list_address(NameRefusal)).content.decode()
