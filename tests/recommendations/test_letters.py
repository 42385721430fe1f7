"""The letters: drafted when they are due, and sent only by a person."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from publishing.acting import Act
from publishing.desk.addresses import change_address
from publishing.refusals import NotAllowed, NothingSaid
from recommendations import jobs
from recommendations.actions import AlreadyDecided, letters
from recommendations.models import Addressee, Letter, Response, StatusEntry
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    LetterFactory,
    RecommendationFactory,
    ResponseFactory,
    SeriesFactory,
    StatusEntryFactory,
    noon,
)
from tests.support.desk import Page

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

ASKED = dt.date(2025, 6, 1)
AT = noon(dt.date(2025, 12, 1))

pytestmark = pytest.mark.django_db


def day(number: int) -> dt.datetime:
    """Noon, so many days after the asking."""
    return noon(ASKED + dt.timedelta(days=number))


def awaited(**recommendation: Any) -> Addressee:
    addressee: Addressee = AddresseeFactory(
        recommendation=RecommendationFactory(published=True, **recommendation), actor__published=True
    )
    ResponseFactory(addressee=addressee, awaiting=True, as_of=ASKED, recorded_at=noon(ASKED))
    return addressee


def drafted(at: dt.datetime) -> list[str]:
    letters.draft_what_is_due(at=at)
    return [letter.step for letter in Letter.objects.order_by("pk")]


# What is drafted, and when


@pytest.mark.parametrize(("number", "steps"), [(59, []), (60, []), (61, ["firmer"]), (400, ["firmer"])])
def test_firmer_letter_is_drafted_when_the_answer_is_awaited_for_longer_than_n_days(
    number: int, steps: list[str]
) -> None:
    awaited()
    assert drafted(day(number)) == steps


def test_series_has_days_of_its_own() -> None:
    awaited(event=EventFactory(published=True, series=SeriesFactory(published=True, no_response_days=10)))
    assert drafted(day(10)) == []
    assert drafted(day(11)) == ["firmer"]


def test_silence_is_proposed_after_twice_as_long_and_only_when_the_firmer_letter_was_decided(editor: User) -> None:
    awaited()
    assert drafted(day(61)) == ["firmer"]
    assert drafted(day(121)) == ["firmer"], "nobody has decided on it"
    letters.drop(Letter.objects.get(), reason="They are busy.", act=Act(by=editor, at=day(62)))
    assert drafted(day(120)) == ["firmer"]
    assert drafted(day(121)) == ["firmer", "silence"]
    assert drafted(day(300)) == ["firmer", "silence"], "once"


def test_silence_waits_n_days_after_the_firmer_letter_has_gone_out(editor: User) -> None:
    awaited()
    drafted(day(61))
    letters.send(
        Letter.objects.get(), channel="letter", recipient="Ministry", by_mail=False, act=Act(by=editor, at=day(100))
    )
    assert drafted(day(160)) == ["firmer"]
    assert drafted(day(161)) == ["firmer", "silence"]


def test_job_that_runs_twice_drafts_once() -> None:
    awaited()
    for _ in range(2):
        jobs.draft_letters(timestamp=0)
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("what", ["answered", "ended", "draft", "never asked"])
def test_nothing_is_drafted_for_what_needs_no_letter(what: str) -> None:
    if what == "draft":
        ResponseFactory(awaiting=True, as_of=ASKED)
    elif what == "never asked":
        AddresseeFactory(recommendation__published=True)
    else:
        addressee = awaited()
        if what == "answered":
            ResponseFactory(addressee=addressee, kind="noted", words="Thank you.", as_of=ASKED, recorded_at=day(3))
        else:
            StatusEntryFactory(addressee=addressee, state="withdrawn", reason="It was.", as_of=ASKED)
    assert drafted(day(400)) == []


def test_addressee_that_is_asked_anew_after_an_answer_begins_a_new_ladder(editor: User) -> None:
    addressee = awaited()
    drafted(day(61))
    letters.drop(Letter.objects.get(), reason="They answered.", act=Act(by=editor, at=day(62)))
    ResponseFactory(addressee=addressee, kind="noted", words="Thank you.", as_of=day(63).date(), recorded_at=day(63))
    ResponseFactory(addressee=addressee, awaiting=True, as_of=day(70).date(), recorded_at=day(70))
    assert drafted(day(130)) == ["firmer"]
    assert drafted(day(131)) == ["firmer", "firmer"]


def test_letter_says_what_was_asked_of_whom_and_when(settings: Any) -> None:
    settings.SITE_URL = "https://majlis.example"
    addressee = awaited(title="Hold a dialogue", text="Hold a dialogue each year.")
    drafted(day(61))
    letter = Letter.objects.get()
    reference = addressee.recommendation.reference
    assert letter.subject == f"Reminder: recommendation {reference}: Hold a dialogue"
    assert "on 1 June 2025 we asked" in letter.text
    assert "Hold a dialogue each year." in letter.text
    assert "30 September 2025" in letter.text, "N days to answer"
    assert f"https://majlis.example/recommendations/{reference}/" in letter.text


@pytest.mark.parametrize(
    ("actor", "language"),
    [
        ({"kind": "state", "iso_code": "QA"}, "ar"),
        ({"kind": "state", "iso_code": "TR"}, "tr"),
        ({"kind": "state", "iso_code": "PK"}, "en"),
        ({"kind": "bloc"}, "en"),
    ],
)
def test_addressee_is_written_to_in_its_own_language(actor: dict[str, Any], language: str) -> None:
    state = ActorFactory(**actor)
    assert letters.language_of(state) == language
    assert letters.language_of(ActorFactory(kind="government_body", parent=ActorFactory(parent=state))) == language


def test_subject_is_one_line_whatever_the_title_is() -> None:
    addressee = awaited(title="A" * 190)
    addressee.recommendation.title = "Hold\r\nBcc: all@example.org\n" + "a" * 300
    letter = letters._draft(addressee, step=Letter.Step.FIRMER, current=addressee.current_status, at=AT)
    assert "\n" not in letter.subject
    assert len(letter.subject) == 200


# What a person decides


def test_letter_that_somebody_sent_is_a_response_that_is_awaited(editor: User) -> None:
    addressee = awaited()
    letter = LetterFactory(addressee=addressee)
    sent = letters.send(letter, channel="letter", recipient="Ministry", by_mail=False, act=Act(by=editor, at=AT))
    response = Response.objects.latest("pk")
    assert (response.kind, response.channel, response.recipient, response.by) == (
        "awaiting",
        "letter",
        "Ministry",
        editor,
    )
    assert (sent.state, sent.decided_by, sent.response) == ("sent", editor, response)
    assert not ProcrastinateJob.objects.exists()
    assert mail.outbox == []


def test_letter_by_mail_leaves_after_the_decision_and_once(editor: User) -> None:
    letter = LetterFactory(addressee=awaited(), to_address="office@ministry.example")
    letters.send(letter, channel="e-mail", recipient="Ministry", by_mail=True, act=Act(by=editor, at=AT))
    assert mail.outbox == []
    (job,) = ProcrastinateJob.objects.all()
    assert (job.task_name, job.args) == ("mail_letter", {"letter": letter.pk})
    for _ in range(2):
        jobs.mail_letter(letter=letter.pk)
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == (["office@ministry.example"], letter.subject, letter.text)
    assert message.extra_headers["Message-ID"] == f"<letter-{letter.pk}-20251201120000@localhost>"
    assert message.message()["Date"] == "Mon, 01 Dec 2025 12:00:00 +0000", "a second copy would be the same to the byte"
    letter.refresh_from_db()
    assert letter.mailed_at is not None


def test_mail_server_that_says_no_leaves_it_to_be_sent_again(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = LetterFactory(addressee=awaited(), to_address="office@ministry.example")
    letters.send(letter, channel="e-mail", recipient="Ministry", by_mail=True, act=Act(by=editor, at=AT))

    def fails(self: Any, messages: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", fails)
        with pytest.raises(ConnectionRefusedError):
            jobs.mail_letter(letter=letter.pk)
    jobs.mail_letter(letter=letter.pk)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("state", [{}, {"dropped": True}, {"sent": True}])
def test_nothing_is_mailed_that_nobody_sent_by_mail(state: dict[str, Any]) -> None:
    letter = LetterFactory(addressee=awaited(), **state)
    assert letters.mail(letter.pk, at=AT) is False
    assert mail.outbox == []


def test_letter_without_an_address_is_not_sent_by_mail(editor: User) -> None:
    letter = LetterFactory(addressee=awaited())
    with pytest.raises(letters.NotSent, match="Write the e-mail address into the letter first"):
        letters.send(letter, channel="e-mail", recipient="Ministry", by_mail=True, act=Act(by=editor, at=AT))
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "office@ministry.example, other@example.org",
        "office@ministry.example\nBcc: all@example.org",
        "Office <office@ministry.example>",
        "office",
        "office@",
        "a b@ministry.example",
    ],
)
def test_what_is_not_one_address_is_refused_at_the_field_and_by_the_database(
    desk: Desk, editor: User, address: str
) -> None:
    letter = LetterFactory(addressee=awaited())
    with pytest.raises(ValidationError) as refused:
        letters.edit(letter, subject="A", text="B", language="en", to_address=address, by=editor)
    assert "to_address" in refused.value.error_dict
    page = desk(editor, letter).send(to_address=address)
    if "\n" not in address:  # which a browser takes out of a field of one line
        assert "to_address" in page.errors


def test_language_changes_with_the_text_or_not_at_all(desk: Desk, editor: User) -> None:
    """A letter whose language was set to Arabic kept its Turkish text, and called it Arabic."""
    addressee = awaited(title="Meet each year", title_tr="Her yıl buluşulmalı")
    addressee.actor.iso_code = "TR"
    letter = letters.draft_first(addressee, act=Act(by=editor, at=noon(ASKED)))
    drafted = letter.text
    page = desk(editor, letter).send(language="tr" if letter.language != "tr" else "en")
    letter.refresh_from_db()
    assert page.errors == {}
    assert letter.text != drafted
    assert ("Her yıl buluşulmalı" in letter.subject) is (letter.language == "tr")
    desk(editor, letter).send(text=f"{letter.text} And more.")
    page = desk(editor, letter).send(language="ar")
    assert list(page.errors) == ["language"]
    page = desk(editor, letter).send(language="ar", text="رسالة", subject="موضوع")
    letter.refresh_from_db()
    assert (page.errors, letter.language, letter.text) == ({}, "ar", "رسالة")


@pytest.mark.parametrize("sign", ["\n", "\r", "\0", "\x85", "\u2028", "\t"])
def test_a_line_break_in_a_subject_breaks_no_line(editor: User, sign: str) -> None:
    letter = LetterFactory(addressee=awaited())
    edited = {"subject": f"A{sign}Bcc: all@example.org", "text": "B", "language": "en", "to_address": ""}
    if sign == "\0":
        with pytest.raises(ValidationError) as refused:
            letters.edit(letter, **edited, by=editor)
        assert "subject" in refused.value.error_dict
        return
    assert letters.edit(letter, **edited, by=editor).subject == "A Bcc: all@example.org"
    with pytest.raises(IntegrityError, match="subject_is_clean"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(subject=edited["subject"])


def test_silence_becomes_the_note_of_a_check(editor: User) -> None:
    addressee = awaited()
    StatusEntryFactory(addressee=addressee, state="not_started", as_of=ASKED, recorded_at=noon(ASKED))
    letter = LetterFactory(addressee=addressee, step=Letter.Step.SILENCE)
    letters.publish_silence(letter, note="No answer by December.", act=Act(by=editor, at=AT))
    entry = StatusEntry.objects.latest("pk")
    assert (entry.state, entry.public_note, entry.as_of) == ("not_started", "No answer by December.", AT.date())
    letter.refresh_from_db()
    assert (letter.state, letter.entry) == ("published", entry)


def test_silence_of_whom_nobody_has_looked_at_says_that_nothing_has_begun(editor: User) -> None:
    letter = LetterFactory(addressee=awaited(), step=Letter.Step.SILENCE)
    letters.publish_silence(letter, note="No answer by December.", act=Act(by=editor, at=AT))
    assert StatusEntry.objects.get().state == "not_started"


def test_note_is_not_sent_and_letter_is_not_published(editor: User) -> None:
    addressee = awaited()
    letter, note = LetterFactory(addressee=addressee), LetterFactory(addressee=addressee, step=Letter.Step.SILENCE)
    with pytest.raises(letters.NotSent):
        letters.send(note, channel="letter", recipient="Ministry", by_mail=False, act=Act(by=editor, at=AT))
    with pytest.raises(letters.NotSent):
        letters.publish_silence(letter, note="Silent.", act=Act(by=editor, at=AT))
    with pytest.raises(NothingSaid):
        letters.publish_silence(note, note=" ", act=Act(by=editor, at=AT))
    with pytest.raises(NothingSaid):
        letters.drop(letter, reason=" ", act=Act(by=editor, at=AT))


def test_second_person_who_decides_is_told_that_somebody_has(editor: User, reviewer: User) -> None:
    letter = LetterFactory(addressee=awaited())
    letters.drop(letter, reason="They are busy.", act=Act(by=editor, at=AT))
    for decide in (
        lambda: letters.drop(letter, reason="So.", act=Act(by=reviewer, at=AT)),
        lambda: letters.send(letter, channel="a", recipient="b", by_mail=False, act=Act(by=reviewer, at=AT)),
        lambda: letters.edit(letter, subject="A", text="B", language="en", to_address="", by=reviewer),
    ):
        with pytest.raises(AlreadyDecided):
            decide()
    assert Response.objects.count() == 1


def test_partner_decides_nothing(partner: User) -> None:
    letter = LetterFactory(addressee=awaited())
    for decide in (
        lambda: letters.drop(letter, reason="So.", act=Act(by=partner, at=AT)),
        lambda: letters.send(letter, channel="a", recipient="b", by_mail=False, act=Act(by=partner, at=AT)),
        lambda: letters.publish_silence(letter, note="a", act=Act(by=partner, at=AT)),
        lambda: letters.edit(letter, subject="A", text="B", language="en", to_address="", by=partner),
        lambda: letters.draft_first(letter.addressee, act=Act(by=partner, at=AT)),
    ):
        with pytest.raises(NotAllowed):
            decide()


@pytest.mark.parametrize(
    ("state", "columns"),
    [
        ({"sent": True}, "subject = 'x'"),
        ({"sent": True}, "state = 'draft', decided_by_id = NULL, decided_at = NULL, response_id = NULL"),
        ({"dropped": True}, "reason = 'x'"),
        ({}, "step = 'ask', asked_on = NULL"),
        ({}, "asked_on = '2025-07-01'"),
    ],
)
def test_decided_letter_is_not_changed_even_by_sql(state: dict[str, Any], columns: str) -> None:
    LetterFactory(**state)
    with connection.cursor() as cursor:
        for statement in (f"UPDATE recommendations_letter SET {columns}", "DELETE FROM recommendations_letter"):
            with pytest.raises(IntegrityError, match="A letter is decided once"), transaction.atomic():
                cursor.execute(statement)


def test_moment_of_mailing_is_added_once() -> None:
    letter = LetterFactory(sent=True, to_address="office@ministry.example")
    Letter.objects.filter(pk=letter.pk).update(mailed_at=AT)
    with pytest.raises(IntegrityError, match="A letter is decided once"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(mailed_at=AT + dt.timedelta(days=1))


# At the desk


def test_first_letter_is_drafted_at_the_addressee_and_edited(client_of: ClientOf, desk: Desk, editor: User) -> None:
    addressee = AddresseeFactory(recommendation__published=True, actor__published=True)
    address = reverse("admin:recommendations_letter_draft", args=[addressee.pk])
    client = client_of(editor)
    assert address in client.get(change_address(addressee)).content.decode()
    assert client.get(address).status_code == 302
    assert not Letter.objects.exists()
    for _ in range(2):
        assert client.post(address).status_code == 302
    letter = Letter.objects.get()
    page = desk(editor, letter).send(subject="A question", to_address="office@ministry.example")
    assert page.errors == {}
    letter.refresh_from_db()
    assert (letter.step, letter.asked_on, letter.subject) == ("ask", None, "A question")
    content = client.get(change_address(letter)).content.decode()
    assert reverse("admin:recommendations_letter_mail", args=[letter.pk]) in content


@pytest.mark.parametrize(
    ("name", "step", "answers", "state"),
    [
        ("mail", "firmer", {"channel": "e-mail", "recipient": "Ministry"}, "sent"),
        ("sent", "firmer", {"channel": "letter", "recipient": "Ministry"}, "sent"),
        ("publish", "silence", {"note": "No answer."}, "published"),
        ("drop", "firmer", {"reason": "They are busy."}, "dropped"),
    ],
)
def test_each_decision_is_asked_and_then_made(
    client_of: ClientOf, editor: User, name: str, step: str, answers: dict[str, str], state: str
) -> None:
    letter = LetterFactory(addressee=awaited(), step=step, to_address="office@ministry.example")
    address = reverse(f"admin:recommendations_letter_{name}", args=[letter.pk])
    client = client_of(editor)
    assert address in client.get(change_address(letter)).content.decode()
    assert client.get(address).status_code == 200
    refused = client.post(address, {})
    assert refused.context["form"].errors
    assert client.post(address, answers).status_code == 302
    letter.refresh_from_db()
    assert letter.state == state
    content = client.get(change_address(letter)).content.decode()
    assert address not in content
    assert 'name="subject"' not in content
    again = client.post(address, answers)
    assert "Somebody has decided on this letter already." in again.content.decode()


def test_partner_and_convenor_see_no_letter(client_of: ClientOf, partner: User, convenor: User) -> None:
    letter = LetterFactory()
    assert client_of(convenor).get(change_address(letter)).status_code == 403
    assert client_of(partner).get(change_address(letter)).status_code == 302
    for name in ("mail", "sent", "publish", "drop"):
        address = reverse(f"admin:recommendations_letter_{name}", args=[letter.pk])
        assert client_of(convenor).post(address, {"reason": "a"}).status_code == 403
    draft = reverse("admin:recommendations_letter_draft", args=[letter.addressee_id])
    assert client_of(convenor).post(draft).status_code == 403
