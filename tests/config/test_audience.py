"""The desk reads as the owner, everybody else as the database's reader."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from config.api.router import RootView
from config.site.pages import AboutPage
from partnerships.models import Claim
from publishing.permissions import require_desk
from publishing.reader.audience import AudienceMiddleware, reading_as_the_public
from publishing.refusals import NotAllowed
from publishing.roles import CONVENORS, DESK, WRITERS, groups_of, reads_drafts
from tests.factories import ClaimFactory, UserFactory

pytestmark = pytest.mark.django_db


def forgetful(request: HttpRequest) -> HttpResponse:
    """A view that forgot its filter."""
    return HttpResponse("\n".join(Claim.objects.order_by("statement_en").values_list("statement_en", flat=True)))


def role(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return HttpResponse(cursor.fetchone()[0])


def answer(view: Callable[[HttpRequest], HttpResponse], path: str = "/claims/", user: User | None = None) -> str:
    request = RequestFactory().get(path)
    if user is not None:
        request.user = user
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "a session"
    response = AudienceMiddleware(view)(request)
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def test_view_that_forgets_its_filter_still_shows_the_public_no_draft(partner: User) -> None:
    ClaimFactory(statement="A draft")
    ClaimFactory(statement="Published", published=True)
    assert answer(forgetful) == "Published"
    assert answer(forgetful, user=partner) == "Published"


def test_desk_reads_drafts(editor: User, reviewer: User, administrator: User) -> None:
    ClaimFactory(statement="A draft")
    for person in (editor, reviewer, administrator):
        assert answer(forgetful, user=person) == "A draft"


def test_staff_without_a_group_reads_as_the_public() -> None:
    ClaimFactory(statement="A draft")
    assert answer(forgetful, user=UserFactory(is_staff=True)) == ""


def test_inactive_editor_reads_as_the_public(editor: User) -> None:
    editor.is_active = False
    assert answer(role, user=editor) == "majlis_reader"


def test_role_ends_with_the_request() -> None:
    owner = role(RequestFactory().get("/")).content
    assert answer(role) == "majlis_reader"
    assert role(RequestFactory().get("/")).content == owner


def test_role_ends_with_the_request_also_after_an_error_in_the_database() -> None:
    owner = role(RequestFactory().get("/")).content

    def fails(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            try:
                cursor.execute("SELECT name FROM events_participant")
            except DatabaseError:
                return HttpResponse("refused", status=500)
        return HttpResponse("not refused")

    assert answer(fails) == "refused"
    assert role(RequestFactory().get("/")).content == owner


def test_probes_and_admin_have_a_guard_of_their_own() -> None:
    for path in ("/admin/login/", "/healthz", "/readyz"):
        assert answer(role, path=path) != "majlis_reader"


def test_visitor_costs_no_look_at_a_session(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(4):  # a savepoint, the role, the role back, the savepoint released
        answer(lambda request: HttpResponse(str(request.user)))


def test_groups_are_asked_for_once_per_user(editor: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert groups_of(editor) == {"editors"}
        assert reads_drafts(editor)
    with django_assert_num_queries(0):
        assert not reads_drafts(AnonymousUser())
        assert not reads_drafts(None)


def test_public_cannot_write() -> None:
    claim = ClaimFactory(published=True)
    with (
        pytest.raises(DatabaseError, match="cannot execute UPDATE in a read-only transaction"),
        reading_as_the_public(),
    ):
        Claim.objects.filter(pk=claim.pk).update(statement_en="Rewritten")
    claim.refresh_from_db()
    assert claim.statement_en != "Rewritten"


def test_convenor_reads_drafts_and_writes_none(convenor: User) -> None:
    ClaimFactory(statement="A draft")
    assert answer(forgetful, user=convenor) == "A draft"
    with pytest.raises(NotAllowed):
        require_desk(convenor)


# What each group may do


def allowed(group: str, *models: str) -> dict[str, set[str]]:
    """By model, what the group may do with it."""
    found: dict[str, set[str]] = {model: set() for model in models}
    permissions = Permission.objects.filter(group__name=group, content_type__model__in=models)
    for codename, model in permissions.values_list("codename", "content_type__model"):
        found[model].add(codename.partition("_")[0])
    return found


EVERYTHING = {"view", "add", "change", "delete"}
RESTRICTED = ("participant", "consent", "disclosure", "viewing", "document")


@pytest.mark.parametrize(
    ("group", "may"),
    [
        ("editors", {}),
        ("reviewers", {"document": {"view", "change"}}),
        ("administrators", {"document": {"view"}, "viewing": {"view"}}),
        (
            "convenors",
            {
                "participant": EVERYTHING,
                "consent": {"view", "add"},
                "disclosure": {"view", "add", "delete"},
                "document": EVERYTHING,
            },
        ),
    ],
)
def test_what_is_restricted_is_for_those_whose_work_it_is(group: str, may: dict[str, set[str]]) -> None:
    assert allowed(group, *RESTRICTED) == {model: may.get(model, set()) for model in RESTRICTED}


def test_groups_write_what_is_published_and_convenors_look_at_events() -> None:
    for group in WRITERS:
        assert allowed(group, "claim", "point") == {"claim": EVERYTHING, "point": EVERYTHING}
    assert allowed(CONVENORS, "claim", "event", "user") == {"claim": set(), "event": {"view"}, "user": set()}
    assert allowed("administrators", "user") == {"user": EVERYTHING}
    assert allowed("editors", "user", "eventversion") == {"user": set(), "eventversion": set()}
    assert set(Group.objects.values_list("name", flat=True)) == set(DESK)


def sleeps(*args: Any, **kwargs: Any) -> Any:
    """A view whose query takes too long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(20)")


@pytest.mark.parametrize(("path", "words"), [("/about/", "This takes too long just now"), ("/ar/about/", 'dir="rtl"')])
def test_page_that_takes_too_long_is_given_up(
    path: str, words: str, settings: Any, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    settings.MAJLIS_QUERY_SECONDS = 0.1
    monkeypatch.setattr(AboutPage, "get_context_data", sleeps)
    answer = client.get(path)
    assert answer.status_code == 503
    assert words in answer.content.decode()
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_api_says_that_it_took_too_long(settings: Any, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    settings.MAJLIS_QUERY_SECONDS = 0.1
    monkeypatch.setattr(RootView, "get", sleeps)
    client.raise_request_exception = False  # it is logged as an error, and answered
    answer = client.get("/api/v1/")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "5"
    assert answer.json() == {
        "type": "urn:majlis:problem:busy",
        "title": "Busy",
        "status": 503,
        "detail": "This takes too long just now. Try again in a moment, or ask for less at once.",
        "instance": "/api/v1/",
    }


def test_desk_is_given_its_time(
    settings: Any, monkeypatch: pytest.MonkeyPatch, client_of: Callable[[User], Client], editor: User
) -> None:
    settings.MAJLIS_QUERY_SECONDS = 0.1

    def waits(self: Any, **kwargs: Any) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return {}

    monkeypatch.setattr(AboutPage, "get_context_data", waits)
    assert client_of(editor).get("/about/").status_code == 200


def test_other_errors_of_the_database_stay_errors(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr(AboutPage, "get_context_data", fails)
    client.raise_request_exception = False
    assert client.get("/about/").status_code == 500


def standing() -> tuple[str, str, str]:
    """Who asks, whether it may write, and how long a query may take."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('transaction_read_only'), current_setting('statement_timeout')"
        )
        found: tuple[str, str, str] = cursor.fetchone()
    return found


def test_everything_ends_with_the_block_within_another_transaction(settings: Any) -> None:
    settings.MAJLIS_QUERY_SECONDS = 7
    before = standing()
    with reading_as_the_public():
        assert standing() == ("majlis_reader", "on", "7s")
    assert standing() == before == (before[0], "off", "0")
    ClaimFactory()


@pytest.mark.usefixtures("committing")
def test_everything_ends_with_the_transaction(settings: Any) -> None:
    settings.MAJLIS_QUERY_SECONDS = 5
    before = standing()
    with reading_as_the_public():
        assert standing() == ("majlis_reader", "on", "5s")
    assert standing() == before
    with pytest.raises(DatabaseError), reading_as_the_public(), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM events_participant")
    assert standing() == before
    # A view that goes on after an error.
    with reading_as_the_public(), connection.cursor() as cursor, suppress(DatabaseError):
        cursor.execute("SELECT name FROM events_participant")
    assert standing() == before


def test_reader_asks_without_jit() -> None:
    """Also where the database and the server leave it on, as a copy of a database does."""

    def jit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW jit")
            return str(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = on")
    assert jit() == "on"
    with reading_as_the_public():
        assert jit() == "off"
