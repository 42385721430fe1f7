"""Copies and the records of what an address answered: stored, shown, asked again, and gone after a week."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from partnerships import actions, jobs
from partnerships.archive import fetching
from partnerships.archive.fetching import Fetched, Limits, NotFetched, Reason
from partnerships.archive.kinds import CONTENT_KINDS, found_in, is_of_kind
from partnerships.models import ArchivedContent, ArchivedCopy, Source
from partnerships.models.archived_copy import to_be_asked
from publishing import actions as publishing_actions
from publishing import refusals
from publishing.acting import Act
from publishing.desk.addresses import change_address, list_address
from publishing.models.change import Change
from tests.factories import (
    ArchivedContentFactory,
    ArchivedCopyFactory,
    CitationFactory,
    ClaimFactory,
    EvidenceFactory,
    RecommendationFactory,
    SourceFactory,
    UserFactory,
)
from tests.support.strangers_host import LOOPBACK, answer, listening

ClientOf = Callable[[User], Client]

URL = "https://example.org/talks"
PAGE = b"<!doctype html><p>Talks</p>"
SHA256 = hashlib.sha256(PAGE).hexdigest()
NOON = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


def given(content: bytes | None = PAGE) -> Fetched:
    return Fetched(final_url=URL, status=200, media_type="text/html", content=content)


def failed(reason: Reason = Reason.NOT_FOUND, status: int | None = 404) -> NotFetched:
    return NotFetched(reason, final_url=URL, status=status)


def record(
    source: Source, answer: Fetched | NotFetched, at: dt.datetime = NOON, by: User | None = None
) -> ArchivedCopy:
    return actions.record_fetch(source, url=source.url, answer=answer, by=by, at=at)


def told(source: Source) -> tuple[str, dt.date | None, dt.date | None]:
    """What a reader is told of the copy and of the address."""
    source.refresh_from_db()
    return source.archived_sha256, source.archived_date, source.gone_since


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Every address answers with a page; what was asked for, and whether for its content."""
    asked: list[tuple[str, bool]] = []

    def fetch(url: str, *, with_content: bool = True) -> Fetched:
        asked.append((url, with_content))
        return given(PAGE if with_content else None)

    monkeypatch.setattr(fetching, "fetch", fetch)
    return asked


# What came back is recorded


def test_copy_is_kept_with_its_bytes_and_told_of_at_its_source() -> None:
    source = SourceFactory(url=URL)
    copy = record(source, given())
    assert (copy.outcome, copy.media_type, copy.size, copy.sha256, copy.by) == ("kept", "text/html", 27, SHA256, None)
    assert bytes(copy.bytes.content) == PAGE
    assert told(source) == (SHA256, dt.date(2025, 6, 1), None)


@pytest.mark.parametrize("answer", [given(), given(None), failed(), failed(Reason.TYPE, 200)])
def test_every_rule_of_a_record_can_be_judged_before_it_is_written(
    answer: Fetched | NotFetched, caplog: pytest.LogCaptureFixture
) -> None:
    """Where PostgreSQL does not understand the question, Django logs that and lets the row pass."""
    record(SourceFactory(url=URL), answer)
    assert [line.getMessage() for line in caplog.records if line.name == "django.db.models"] == []


def test_later_copy_takes_the_place_of_the_earlier_which_stays() -> None:
    source = SourceFactory(url=URL)
    record(source, given())
    record(source, given(b"<p>Other</p>"), NOON + DAY)
    assert told(source) == (hashlib.sha256(b"<p>Other</p>").hexdigest(), dt.date(2025, 6, 2), None)
    assert ArchivedContent.objects.count() == 2


def test_answer_without_content_keeps_nothing_and_touches_no_copy() -> None:
    source = SourceFactory(url=URL)
    record(source, given())
    assert record(source, given(None), NOON + DAY).outcome == "answers"
    assert told(source) == (SHA256, dt.date(2025, 6, 1), None)


@pytest.mark.parametrize("reason", [Reason.DENIED, Reason.TYPE, Reason.TOO_LARGE, Reason.ADDRESS, Reason.SCHEME])
def test_refusal_is_no_failure_of_the_address(reason: Reason) -> None:
    source = SourceFactory(url=URL)
    for days in (0, 4, 9):
        copy = record(source, failed(reason, None), NOON + days * DAY)
    assert (copy.outcome, copy.reason, copy.failures) == ("refused", reason, 0)
    assert told(source) == ("", None, None)


@pytest.mark.parametrize(
    ("days", "outcomes"),
    [
        ([0, 1, 2], ["unreachable"] * 3),
        ([0, 8], ["unreachable"] * 2),
        ([0, 3, 6], ["unreachable"] * 3),
        ([0, 1, 7], ["unreachable", "unreachable", "gone"]),
        ([0, 1, 4, 8], ["unreachable", "unreachable", "unreachable", "gone"]),
        ([0, 1, 7, 37], ["unreachable", "unreachable", "gone", "gone"]),
    ],
)
def test_address_is_gone_after_three_failures_that_span_a_week(days: list[int], outcomes: list[str]) -> None:
    source = SourceFactory(url=URL)
    record(source, given(), NOON - DAY)
    assert [record(source, failed(), NOON + day * DAY).outcome for day in days] == outcomes
    assert told(source) == (SHA256, dt.date(2025, 5, 31), dt.date(2025, 6, 1) if outcomes[-1] == "gone" else None)


@pytest.mark.parametrize(("answers", "outcome"), [(False, "unreachable"), (True, "gone")])
def test_nothing_is_gone_while_we_were_off_the_network_ourselves(answers: bool, outcome: str) -> None:
    source = SourceFactory(url=URL)
    if answers:
        ArchivedCopyFactory(unreachable=True, recorded_at=NOON + 5 * DAY)  # it said 404, and so it said something
    else:
        ArchivedCopyFactory(recorded_at=NOON - DAY)
    for day in (0, 1, 7):
        copy = record(source, failed(Reason.NO_CONNECTION, None), NOON + day * DAY)
    assert copy.outcome == outcome


def test_answer_in_between_begins_the_count_anew() -> None:
    source = SourceFactory(url=URL)
    for day, what in ((0, failed()), (1, failed()), (5, given(None)), (8, failed()), (9, failed())):
        copy = record(source, what, NOON + day * DAY)
    assert (copy.outcome, copy.failures, copy.failing_since) == ("unreachable", 2, NOON + 8 * DAY)


def test_address_that_answers_again_is_there_again() -> None:
    source = SourceFactory(url=URL)
    ArchivedCopyFactory(source=source, gone=True)
    assert told(source)[2] == dt.date(2025, 5, 24)
    record(source, given(None), NOON + DAY)
    assert told(source)[2] is None


def test_failures_of_another_address_do_not_count() -> None:
    source = SourceFactory(url="https://old.example.org/")
    for day in (0, 1, 7):
        record(source, failed(), NOON + day * DAY)
    assert told(source)[2] == dt.date(2025, 6, 1)
    Source.objects.filter(pk=source.pk).update(url=URL)
    assert told(source)[2] is None, "of another address nothing is known yet"
    copy = record(source, failed(), NOON + 8 * DAY)
    assert (copy.outcome, copy.failures) == ("unreachable", 1)


def test_answer_of_an_address_that_was_changed_meanwhile_says_nothing_of_the_new_one() -> None:
    source = SourceFactory(url=URL)
    ArchivedCopyFactory(source=source, gone=True, url="https://old.example.org/")
    assert told(source)[2] is None


def test_edit_that_was_opened_before_the_copy_came_does_not_undo_it() -> None:
    editor = UserFactory(groups=("editors",))
    source = SourceFactory(url=URL, published=True)
    opened: Any = Source.objects.get(pk=source.pk)
    record(source, given())
    opened.title_en = "Talks, again"
    publishing_actions.revise(opened, by=editor, note="Its title.")
    assert told(source)[:2] == (SHA256, dt.date(2025, 6, 1))


# What the database keeps


def test_bytes_are_those_that_the_record_tells_of() -> None:
    copy = ArchivedCopyFactory()
    with pytest.raises(IntegrityError, match="These are not the bytes of this copy"), transaction.atomic():
        ArchivedContentFactory(copy=copy, content=b"other bytes")
    ArchivedContentFactory(copy=copy)


def test_copy_of_a_public_source_is_announced_and_makes_no_version() -> None:
    source = SourceFactory(url=URL, published=True)
    before = Change.objects.count()
    record(source, given())
    source.refresh_from_db()
    assert source.version == 1
    assert list(
        Change.objects.order_by("-id").values_list("kind", "public_id", "event", "note")[
            : Change.objects.count() - before
        ]
    ) == [("source", source.public_id, "changed", "")]
    record(source, given(None), NOON + DAY)
    assert Change.objects.count() == before + 1, "nothing changed for a reader"


def test_copy_of_a_draft_is_announced_to_nobody() -> None:
    record(SourceFactory(url=URL), given())
    assert Change.objects.count() == 0


def test_reader_of_the_database_is_kept_from_the_records() -> None:
    # tests/config/test_reader_role.py decides on the tables; here only that there is something to be kept from.
    ArchivedContentFactory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('majlis_reader', 'partnerships_archivedcontent', 'SELECT')")
        assert cursor.fetchone() == (False,)


# When an address is asked


def test_only_what_is_cited_and_has_an_address_is_asked() -> None:
    cited, evidence, _uncited = (SourceFactory(url=URL) for _ in range(3))
    CitationFactory(source=cited)
    EvidenceFactory(source=evidence)
    CitationFactory(source=SourceFactory(url=""))
    assert list(to_be_asked(at=NOON)) == [cited, evidence]


@pytest.mark.parametrize(
    ("last", "days"),
    [
        ({}, 30),
        ({"answers": True}, 30),
        ({"refused": True}, 30),
        ({"unreachable": True}, 1),
        ({"unreachable": True, "failures": 2}, 3),
        ({"unreachable": True, "failures": 3}, 4),
        ({"unreachable": True, "failures": 4}, 30),
        ({"gone": True}, 30),
    ],
)
def test_address_is_asked_again_when_its_time_has_come(last: dict[str, Any], days: int) -> None:
    source = CitationFactory(source__url=URL).source
    copy = ArchivedCopyFactory(source=source, recorded_at=NOON, **last)
    assert copy.next_at == NOON + days * DAY
    assert not to_be_asked(at=copy.next_at - dt.timedelta(seconds=1)).exists()
    assert to_be_asked(at=copy.next_at).exists()


def test_another_address_is_asked_at_once_and_an_upload_says_nothing_of_any() -> None:
    source = CitationFactory(source__url=URL).source
    ArchivedCopyFactory(source=source, recorded_at=NOON, url="https://old.example.org/")
    ArchivedCopyFactory(source=source, recorded_at=NOON, uploaded=True)
    assert to_be_asked(at=NOON).exists()


# Jobs


def test_first_a_copy_is_kept_and_then_only_asked_whether_the_address_answers(answers: Any) -> None:
    source = CitationFactory(source__url=URL).source
    for at in (NOON, NOON, NOON + 30 * DAY):
        jobs.ask_if_due(source.pk, at=at)
    assert answers == [(URL, True), (URL, False)]
    assert [copy.outcome for copy in ArchivedCopy.objects.order_by("recorded_at")] == ["kept", "answers"]


def test_job_for_a_source_that_is_no_more_does_nothing(answers: Any) -> None:
    jobs.ask_address(source=987_654)
    jobs.keep_copy(source=987_654, by=1, asked_at=NOON.isoformat())
    assert answers == []


def test_job_that_is_done_twice_keeps_one_copy(answers: Any) -> None:
    source, editor = SourceFactory(url=URL), UserFactory(groups=("editors",))
    asked_at = timezone.now().isoformat()
    for _ in range(2):
        jobs.keep_copy(source=source.pk, by=editor.pk, asked_at=asked_at)
    assert (len(answers), ArchivedCopy.objects.get().by) == (1, editor)


def test_look_sets_each_due_source_to_work_once() -> None:
    source = CitationFactory(source__url=URL).source
    for _ in range(2):
        jobs.ask_addresses(timestamp=0)
    (job,) = ProcrastinateJob.objects.all()
    assert (job.task_name, job.args, job.queueing_lock) == ("ask_address", {"source": source.pk}, f"ask-{source.pk}")


def test_failure_of_the_network_becomes_a_record_and_no_failure_of_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    source = CitationFactory(source__url="http://localhost/").source
    with monkeypatch.context() as patch:
        patch.setattr(fetching, "resolved", lambda host, port: [LOOPBACK])
        jobs.ask_address(source=source.pk)
    copy = ArchivedCopy.objects.get()
    assert (copy.outcome, copy.reason) == ("refused", "address")


def test_page_of_a_real_host_is_kept_by_the_job(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    with listening(answer(PAGE)) as host:
        real = fetching.fetch
        settings.MAJLIS_ARCHIVE_PORTS = frozenset({host.port})
        monkeypatch.setattr(
            fetching,
            "fetch",
            lambda url, **how: real(url, resolve=lambda *_: [LOOPBACK], may_connect=lambda address: True, **how),
        )
        source = CitationFactory(source__url=host.url("/talks")).source
        jobs.ask_address(source=source.pk)
    copy = ArchivedCopy.objects.get()
    assert (copy.outcome, copy.sha256, copy.final_url) == ("kept", SHA256, host.url("/talks"))


# By hand


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PAGE, "text/html"),
        (b"\xef\xbb\xbf\n<HTML>", "text/html"),
        (b"Talks", "text/plain"),
        ("محادثات".encode(), "text/plain"),
        (b"%PDF-1.7", "application/pdf"),
        (b"junk %PDF-1.4", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"MZ\0\0", ""),
        (b"RIFF\0\0\0\0WAVE", ""),
    ],
)
def test_upload_is_what_its_content_says(content: bytes, media_type: str) -> None:
    assert found_in(content) == media_type
    assert media_type == "" or is_of_kind(content, media_type)
    assert media_type == "" or media_type in CONTENT_KINDS


def test_upload_is_kept_like_a_fetched_copy(client_of: ClientOf, editor: User) -> None:
    source = SourceFactory()
    address = reverse("admin:partnerships_source_upload", args=[source.pk])
    assert b'enctype="multipart/form-data"' in client_of(editor).get(address).content
    response = client_of(editor).post(address, {"file": SimpleUploadedFile("secret name.html", PAGE)}, follow=True)
    assert SHA256 in response.content.decode()
    copy = ArchivedCopy.objects.get()
    assert (copy.outcome, copy.url, copy.by, copy.sha256) == ("kept", "", editor, SHA256)
    assert told(source)[0] == SHA256
    assert "secret name" not in response.content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"MZ\0\0", "It is no page, PDF, text or picture."), (b"a" * 101, "It is larger than 20 MB.")],
)
def test_upload_that_cannot_be_kept_is_refused_at_the_field(
    client_of: ClientOf, editor: User, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str
) -> None:
    monkeypatch.setattr("partnerships.actions.sources.Limits", lambda: Limits(bytes=100))
    address = reverse("admin:partnerships_source_upload", args=[SourceFactory().pk])
    response = client_of(editor).post(address, {"file": SimpleUploadedFile("a", content)})
    assert response.status_code == 200
    assert said in " ".join(response.context["form"].errors["file"])
    assert not ArchivedCopy.objects.exists()


def test_partner_keeps_and_asks_for_nothing(partner: User) -> None:
    source = SourceFactory(url=URL)
    with pytest.raises(refusals.NotAllowed):
        actions.keep_upload(source, content=PAGE, act=Act(by=partner, at=NOON))
    with pytest.raises(refusals.NotAllowed):
        actions.ask_for_copy(source, act=Act(by=partner, at=NOON))
    assert not ArchivedCopy.objects.exists()
    assert not ProcrastinateJob.objects.exists()


# At the desk


def test_copy_is_asked_for_once_and_with_ids_alone(client_of: ClientOf, editor: User) -> None:
    source = SourceFactory(url=URL)
    address = reverse("admin:partnerships_source_fetch", args=[source.pk])
    assert client_of(editor).get(address).status_code == 302, "and nothing else"
    assert not ProcrastinateJob.objects.exists()
    said = [
        [str(message) for message in client_of(editor).post(address, follow=True).context["messages"]] for _ in range(2)
    ]
    assert said == [
        ["A copy is being fetched. What came of it will stand below in a minute."],
        ["A copy is being fetched already."],
    ]
    (job,) = ProcrastinateJob.objects.all()
    assert (job.task_name, job.args.keys()) == ("keep_copy", {"source", "by", "asked_at"})
    assert URL not in str(job.args)


def test_source_without_an_address_has_nothing_to_fetch(editor: User) -> None:
    source = SourceFactory()
    with pytest.raises(refusals.WrongState, match="This source has no address to fetch from"):
        actions.ask_for_copy(source, act=Act(by=editor, at=NOON))


def test_copy_is_handed_over_to_be_saved_and_runs_nowhere(client_of: ClientOf, editor: User) -> None:
    copy = ArchivedContentFactory().copy
    address = reverse("admin:partnerships_source_copy", args=[copy.source_id, copy.pk])
    assert address in client_of(editor).get(change_address(copy.source)).content.decode()
    response = client_of(editor).get(address)
    assert response.content == b"<!doctype html><title>Talks</title>"
    assert response["Content-Type"] == "application/octet-stream"
    assert (
        response["Content-Disposition"] == f'attachment; filename="source-{copy.source.public_id}-2025-06-01.html.txt"'
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_copy_is_handed_to_nobody_else(client_of: ClientOf, partner: User) -> None:
    copy = ArchivedContentFactory(copy__source__published=True).copy
    address = reverse("admin:partnerships_source_copy", args=[copy.source_id, copy.pk])
    assert client_of(UserFactory(is_staff=True)).get(address).status_code == 403
    assert client_of(partner).get(address).status_code == 302
    assert Client().get(address).status_code == 302


def test_copy_of_another_source_and_of_what_was_not_kept_is_not_there(client_of: ClientOf, editor: User) -> None:
    copy, other = ArchivedContentFactory().copy, SourceFactory()
    answered = ArchivedCopyFactory(source=copy.source, answers=True)
    for source, one in ((other, copy), (copy.source, answered)):
        address = reverse("admin:partnerships_source_copy", args=[source.pk, one.pk])
        assert client_of(editor).get(address).status_code == 404


def test_list_of_sources_is_filtered_by_what_became_of_the_address(client_of: ClientOf, editor: User) -> None:
    sources = {name: SourceFactory(url=URL, title_en=name) for name in ("gone", "failing", "copy", "new")}
    ArchivedCopyFactory(source=sources["gone"], gone=True)
    ArchivedCopyFactory(source=sources["failing"], unreachable=True)
    ArchivedCopyFactory(source=sources["copy"])
    SourceFactory(title_en="no address")
    found = {
        value: sorted(
            source.title_en
            for source in client_of(editor).get(list_address(Source, address=value)).context["cl"].result_list
        )
        for value in ("gone", "failing", "lost", "copy", "no_copy")
    }
    assert found == {
        "gone": ["gone"],
        "failing": ["failing", "gone"],
        "lost": ["gone"],
        "copy": ["copy"],
        "no_copy": ["failing", "gone", "new"],
    }


# Before everybody


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "The address no longer answers since 24 May 2025."), ("tr", "24 Mayıs 2025"), ("ar", "24 مايو 2025")],
)
def test_dead_address_is_shown_beside_the_link_with_its_copy(language: str, said: str) -> None:
    claim = ClaimFactory(published=True)
    source = SourceFactory(published=True, url=URL)
    CitationFactory(claim=claim, source=source)
    ArchivedCopyFactory(source=source, recorded_at=NOON - 20 * DAY)
    with translation.override(language):
        address = claim.get_absolute_url()
    page = Client().get(address).content.decode()
    assert "source-gone" not in page
    ArchivedCopyFactory(source=source, gone=True)
    page = Client().get(address).content.decode()
    assert "source-gone" in page
    assert source.archived_sha256 == ""
    source.refresh_from_db()
    assert source.archived_sha256 in page
    assert said in page


def test_dead_address_is_shown_at_the_evidence_of_a_recommendation() -> None:
    recommendation = RecommendationFactory(published=True)
    source = SourceFactory(published=True, url=URL)
    EvidenceFactory(
        entry__addressee__recommendation=recommendation, entry__addressee__actor__published=True, source=source
    )
    ArchivedCopyFactory(source=source, gone=True)
    with translation.override("en"):
        page = Client().get(recommendation.get_absolute_url()).content.decode()
    assert "The address no longer answers since 24 May 2025." in page
    assert "There is no copy of it." in page


def test_api_tells_of_the_copy_and_the_address_and_not_of_the_records() -> None:
    source = SourceFactory(published=True, url=URL)
    ArchivedCopyFactory(source=source, recorded_at=NOON - 20 * DAY)
    ArchivedCopyFactory(source=source, gone=True)
    shown = Client().get(f"/api/v1/sources/{source.public_id}/").json()
    source.refresh_from_db()
    assert {name: shown[name] for name in ("archived_sha256", "archived_date", "gone_since")} == {
        "archived_sha256": source.archived_sha256,
        "archived_date": "2025-05-12",
        "gone_since": "2025-05-24",
    }
    assert "copies" not in shown
