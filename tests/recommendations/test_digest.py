"""The daily digest: at most one mail a day, none if nothing waits, in the language that each person has chosen."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from recommendations import jobs
from recommendations.actions import digest
from recommendations.models import Digest, DigestChoice
from tests.factories import (
    AddresseeFactory,
    DigestChoiceFactory,
    EventFactory,
    LetterFactory,
    RecommendationFactory,
    ResponseFactory,
    SeriesFactory,
    StatusEntryFactory,
    SubmissionFactory,
    UserFactory,
    noon,
)
from tests.support.concurrency import Session, committing

ClientOf = Callable[[User], Client]

DAY = dt.date(2026, 3, 2)
AT = noon(DAY)
QUERIES_OF_A_DIGEST = {1: 16, 3: 9}
"""By how many of each kind wait: the queue asks kind by kind, until there are as many as a mail names."""

__all__ = ["committing"]


def of_public(**attributes: Any) -> Any:
    recommendation = RecommendationFactory(published=True, published_at=noon(DAY - dt.timedelta(days=30)), **attributes)
    return AddresseeFactory(recommendation=recommendation, actor__published=True)


def silent(days: int, **attributes: Any) -> Any:
    """Somebody who was asked so many days ago."""
    addressee = of_public(**attributes)
    asked = DAY - dt.timedelta(days=days)
    return ResponseFactory(addressee=addressee, awaiting=True, as_of=asked, recorded_at=noon(asked)).addressee


@pytest.mark.django_db
def test_one_mail_has_everything_with_numbers_and_links(editor: User, settings: Any) -> None:
    settings.SITE_URL, settings.DESK_URL = "https://site.example", "https://desk.example"
    submission = SubmissionFactory(addressee=of_public(title="First"))
    StatusEntryFactory(addressee=of_public(), state="implemented")
    LetterFactory(addressee=of_public())
    silent(61)
    StatusEntryFactory(addressee=of_public(), state="in_progress", as_of=dt.date(2025, 9, 1))
    assert digest.send_digest(editor.pk, at=AT) is True
    (message,) = mail.outbox
    assert message.to == [editor.email]
    assert message.subject == "Majlis: 5 things wait for you"
    html = message.alternatives[0][0]  # type: ignore[attr-defined]
    for body in (str(message.body), str(html)):
        assert body.count("https://desk.example/admin/queue/?kind=") == 4
        assert f"https://desk.example/admin/recommendations/submission/{submission.pk}/accept/" in body
        assert "First" in body
        assert "Last checked on 1 September 2025." in body
        assert "Asked on 31 December 2025, and no answer since." in body
        assert "https://desk.example/admin/reminders/" in body
        for label in (
            "To decide", "To be confirmed", "Letters to decide on", "No response", "Not checked for long"
        ):  # fmt: skip
            assert label in body


@pytest.mark.django_db
def test_most_pressing_are_few_and_the_numbers_are_whole(editor: User) -> None:
    for _ in range(7):
        SubmissionFactory(addressee=of_public())
    waiting = digest.waiting_for(editor, on=DAY)
    assert ([(str(kind.label), kind.number) for kind in waiting.kinds], len(waiting.items)) == (
        [("To decide", 7)],
        5,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "number"), [(60, 0), (61, 1)])
def test_silence_waits_after_n_days(editor: User, days: int, number: int) -> None:
    silent(days)
    assert digest.waiting_for(editor, on=DAY).number == number


@pytest.mark.django_db
def test_series_overrides_the_settings(editor: User) -> None:
    series = SeriesFactory(published=True, no_response_days=10, stale_months=1)
    silent(11, event=EventFactory(published=True, series=series))
    checked = of_public(event=EventFactory(published=True, series=series))
    StatusEntryFactory(addressee=checked, state="in_progress", as_of=dt.date(2026, 2, 1))
    assert [kind.number for kind in digest.waiting_for(editor, on=DAY).kinds] == [1, 1]


@pytest.mark.django_db
@pytest.mark.parametrize(("as_of", "number"), [(dt.date(2025, 9, 1), 1), (dt.date(2025, 9, 2), 0)])
def test_stale_is_after_six_months_to_the_day(editor: User, as_of: dt.date, number: int) -> None:
    StatusEntryFactory(addressee=of_public(), state="in_progress", as_of=as_of)
    assert digest.waiting_for(editor, on=DAY).number == number


@pytest.mark.django_db
def test_what_one_may_not_decide_oneself_does_not_wait_for_one(editor: User, reviewer: User) -> None:
    StatusEntryFactory(addressee=of_public(), state="implemented", by=editor)
    assert digest.waiting_for(editor, on=DAY).number == 0
    assert digest.waiting_for(reviewer, on=DAY).number == 1


@pytest.mark.django_db
def test_nothing_that_waits_makes_no_mail_and_the_day_is_done(editor: User) -> None:
    assert digest.send_digest(editor.pk, at=AT) is False
    assert Digest.objects.get().sent_at is None
    SubmissionFactory(addressee=of_public())
    assert digest.send_digest(editor.pk, at=AT) is False
    assert mail.outbox == []


@pytest.mark.django_db
def test_job_that_runs_twice_writes_once_and_again_the_next_day(editor: User) -> None:
    SubmissionFactory(addressee=of_public())
    sent = [digest.send_digest(editor.pk, at=at) for at in (AT, AT + dt.timedelta(hours=6), AT + dt.timedelta(days=1))]
    assert sent == [True, False, True]
    assert len(mail.outbox) == 2


def test_two_workers_at_once_write_once(committing: None) -> None:
    editor = UserFactory(groups=("editors",))
    SubmissionFactory(addressee=of_public())
    sessions = [Session(), Session()]
    try:
        sent = [session.run(lambda: digest.send_digest(editor.pk, at=AT)) for session in sessions]
        assert sorted(one.result(30) for one in sent) == [False, True]
    finally:
        for session in sessions:
            session.close()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_mail_server_that_says_no_gives_the_day_back(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    SubmissionFactory(addressee=of_public())

    def fails(self: Any, messages: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", fails)
        with pytest.raises(ConnectionRefusedError):
            jobs.send_digest(user=editor.pk)
    assert not Digest.objects.exists()
    jobs.send_digest(user=editor.pk)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_sender_that_is_killed_after_the_yes_sends_again_under_the_same_id(
    editor: User, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    SubmissionFactory(addressee=of_public())

    class Killed(BaseException):
        pass

    def killed(self: Digest, **how: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(
            Digest, "save", lambda self, **how: killed(self) if "update_fields" in how else Model.save(self, **how)
        )
        with pytest.raises(Killed):
            digest.send_digest(editor.pk, at=AT)
    assert len(mail.outbox) == 1
    assert not Digest.objects.exists(), "else nobody would send it again, had the mail not left"
    assert digest.send_digest(editor.pk, at=AT + dt.timedelta(hours=3)) is True
    assert digest.send_digest(reviewer.pk, at=AT) is True
    assert digest.send_digest(editor.pk, at=AT + dt.timedelta(days=1)) is True
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [
        f"<digest-{editor.pk}-20260302@localhost>",
        f"<digest-{editor.pk}-20260302@localhost>",
        f"<digest-{reviewer.pk}-20260302@localhost>",
        f"<digest-{editor.pk}-20260303@localhost>",
    ]


@pytest.mark.django_db
def test_digest_goes_to_those_who_work_at_the_desk_and_want_it(
    editor: User, reviewer: User, administrator: User, convenor: User, partner: User
) -> None:
    UserFactory(groups=("editors",), is_active=False)
    UserFactory(groups=("editors",), email="")
    UserFactory(is_staff=True)
    DigestChoiceFactory(user=UserFactory(groups=("editors",)), wants_digest=False)
    wanted = DigestChoiceFactory(user=UserFactory(groups=("editors", "reviewers"))).user
    assert set(digest.readers()) == {editor, reviewer, administrator, wanted}
    assert digest.readers().count() == 4
    assert digest.send_digest(partner.pk, at=AT) is False
    assert not Digest.objects.exists()


@pytest.mark.django_db
def test_morning_sets_a_job_for_each_whose_day_was_not_looked_at(editor: User, reviewer: User) -> None:
    for _ in range(2):
        jobs.send_digests(timestamp=0)
    assert sorted(job.args["user"] for job in ProcrastinateJob.objects.all()) == sorted([editor.pk, reviewer.pk])
    assert {job.task_name for job in ProcrastinateJob.objects.all()} == {"send_digest"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "direction", "day"),
    [("en", "ltr", "2 March 2026"), ("tr", "ltr", "2 Mart 2026"), ("ar", "rtl", "مارس")],
)
def test_mail_is_in_the_language_that_was_chosen(editor: User, language: str, direction: str, day: str) -> None:
    DigestChoiceFactory(user=editor, language=language)
    SubmissionFactory(addressee=of_public())
    message = digest.digest_for(editor, on=DAY)
    assert message is not None
    html = str(message.alternatives[0][0])
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert day in html
    assert day in message.body


@pytest.mark.django_db
def test_title_that_looks_like_markup_or_a_header_is_only_a_title(editor: User) -> None:
    SubmissionFactory(addressee=of_public(title="<script>alert(1)</script> Bcc: all@example.org"))
    message = digest.digest_for(editor, on=DAY)
    assert message is not None
    html = str(message.alternatives[0][0])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<script>alert(1)</script>" in message.body, "plain text is plain"
    assert "Bcc" not in message.message()
    assert re.fullmatch(r"[^\r\n]+", str(message.subject))


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_digest_costs_the_same_for_one_and_for_three(
    editor: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        SubmissionFactory(addressee=of_public())
        StatusEntryFactory(addressee=of_public(), state="implemented")
        LetterFactory(addressee=of_public())
        silent(61)
        StatusEntryFactory(addressee=of_public(), state="in_progress", as_of=dt.date(2025, 9, 1))
    with django_assert_num_queries(QUERIES_OF_A_DIGEST[number]):
        digest.waiting_for(editor, on=DAY)


# What each chooses


@pytest.mark.django_db
def test_each_chooses_for_themselves(client_of: ClientOf, editor: User, reviewer: User) -> None:
    address = reverse("admin:reminders")
    client = client_of(editor)
    assert b"checked" in client.get(address).content
    response = client.post(address, {"language": "ar"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Your choice is kept."]
    choice = DigestChoice.objects.get()
    assert (choice.user, choice.wants_digest, choice.language) == (editor, False, "ar")
    assert set(digest.readers()) == {reviewer}
    client.post(address, {"wants_digest": "on", "language": "tr"})
    assert DigestChoice.objects.values_list("wants_digest", "language").get() == (True, "tr")
    assert client.post(address, {"language": "xx"}).context["form"].errors["language"]
    assert address in client.get("/admin/").content.decode()


@pytest.mark.django_db
def test_choice_is_for_the_desk_alone(client_of: ClientOf, partner: User) -> None:
    address = reverse("admin:reminders")
    assert Client().get(address).status_code == 302
    assert client_of(partner).post(address, {"language": "en"}).status_code == 302
    assert not DigestChoice.objects.exists()
