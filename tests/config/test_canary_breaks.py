"""The canary test finds leaks: each test removes a guard, and the same crawl finds what leaks.

There are two guards, the code and the reader's role in the database; each test says which of them are removed.
`unguarded` lets the role read a confidential table, `no_row_security` lets it see every row.
"""

import base64
import contextlib
import gzip
import hashlib
import html
import io
import json
import sys
import types
import urllib.parse
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import override_settings
from django.urls import path
from django.utils.text import slugify
from pytest_django import DjangoDbBlocker

from config import urls
from config.site import sitemaps
from config.site.search import Search as SiteSearch
from config.site.search.snippets import Snippet
from events.api.views import EventViewSet
from events.feeds import EventFeed
from events.models import Event, Participant
from events.views import EventDetail
from publishing.api import cursor
from publishing.api.views import ApiView
from publishing.models.change import ChangeQuerySet
from publishing.pages.lists import PublicationChoice
from publishing.publication import Publication, PublicationQuerySet
from recommendations.models import InternalNote
from tests import factories
from tests.canary import coverage
from tests.canary.crawling import API, Leak, Record
from tests.canary.planting import CannotPlant, our_models
from tests.canary.scene import Scene, execute, for_a_while, planted_site
from tests.canary.words import Fate

pytestmark = pytest.mark.long

READER = "majlis_reader"


@pytest.fixture(scope="module")
def scene(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    with django_db_blocker.unblock(), planted_site(tmp_path_factory.mktemp("media")) as planted:
        yield planted


@pytest.fixture(autouse=True)
def undone(scene: Scene) -> Iterator[None]:
    """Whatever a test does to the database is undone."""
    with for_a_while():
        yield


def unguarded(*tables: str) -> None:
    """The reader may read these confidential tables."""
    execute(*(f"GRANT SELECT ON {table} TO {READER}" for table in tables))


def no_row_security() -> None:
    """The reader sees every row of the tables that he may read."""
    execute(
        """
        DO $$ DECLARE protected regclass; BEGIN
            FOR protected IN SELECT oid FROM pg_class WHERE relrowsecurity AND relkind = 'r'
            LOOP EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', protected); END LOOP;
        END $$
        """
    )


def found(scene: Scene, *within: str, secret: bool = False) -> list[Leak]:
    """What a visitor finds of the part of the site under `within`; with `secret`, also by hidden identifiers."""
    record = Record()
    crawl = scene.crawl(record, within=within)
    crawl.follow(within)
    crawl.pages()
    if secret:
        crawl.hidden()
    return list(record.leaks.values())


def places(leaks: list[Leak]) -> set[str]:
    return {leak.word.place for leak in leaks}


def show_of_events(monkeypatch: pytest.MonkeyPatch, member: Callable[[EventViewSet, Event], dict[str, Any]]) -> None:
    """The API shows more of each event than its statement says."""
    shown = EventViewSet.written

    def written(self: EventViewSet, keys: Any) -> list[Any]:
        each = [orjson.loads(orjson.dumps(one)) for one in shown(self, keys)]
        return [{**one, **member(self, Event.objects.get(public_id=one["public_id"]))} for one in each]

    monkeypatch.setattr(EventViewSet, "written", written)


def names_of(event: Event) -> list[str]:
    return list(Participant.objects.filter(event=event).order_by("pk").values_list("name", flat=True)[:3])


def everybody() -> str:
    return ", ".join(Participant.objects.order_by("pk").values_list("name", flat=True)[:3])


@contextlib.contextmanager
def also_at(address: str, view: Callable[..., Any]) -> Iterator[None]:
    """The site with one more address."""
    module = types.ModuleType("more_urls")
    module.urlpatterns = [path(address, view, name="another"), *urls.urlpatterns]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=module):
        yield


def test_nothing_is_found_while_every_guard_stands(scene: Scene) -> None:
    assert found(scene, "/events/", f"{API}events/", "/feeds/", secret=True) == []


def test_view_that_forgets_its_filter_is_caught_by_the_row_policies(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Down: visible_to. CurrentStatus: the reader's row policies.
    monkeypatch.setattr(PublicationQuerySet, "visible_to", lambda rows, user, *, at=None: rows.all())
    assert found(scene, "/events/", f"{API}events/", secret=True) == []


def test_view_that_forgets_its_filter_without_row_policies(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: visible_to, and the row policies.
    monkeypatch.setattr(PublicationQuerySet, "visible_to", lambda rows, user, *, at=None: rows.all())
    no_row_security()
    leaks = found(scene, "/events/", secret=True)
    assert {"events_event.name_en", "events_event.summary_en", "events_report.title_en"} <= places(leaks)
    assert {"draft", "in_review", "embargoed"} <= {leak.word.state for leak in leaks}


def test_serializer_with_the_participants(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: the list of members of the serializer, and the reader's lack of privilege on participants.
    unguarded("events_participant")
    show_of_events(monkeypatch, lambda _view, event: {"participants": names_of(event)})
    assert places(found(scene, f"{API}events/")) == {"events_participant.name"}


def test_serializer_with_the_participants_is_caught_by_the_reader_role(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Down: the list of members of the serializer. CurrentStatus: the reader's lack of privilege.
    show_of_events(monkeypatch, lambda _view, event: {"participants": names_of(event)})
    record = Record()
    scene.crawl(record, within=(f"{API}events/",)).pages()
    assert record.leaks == {}
    assert record.faults, "the database refused, and the answer was an error"


def test_feed_with_an_authors_name(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: the feed's author, and the reader's lack of privilege on accounts.
    unguarded("auth_user")
    monkeypatch.setattr(
        EventFeed, "item_author_name", lambda self, line: User.objects.earliest("pk").last_name, raising=False
    )
    assert "auth_user.last_name" in places(found(scene, "/feeds/events/"))


def test_search_over_notes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: what is searched, and the reader's lack of privilege on internal notes.
    unguarded("recommendations_internalnote")

    def snippet(self: SiteSearch, thing: Any, searched: Any) -> Snippet:
        return Snippet([(InternalNote.objects.earliest("pk").text, False)], "en")

    monkeypatch.setattr(SiteSearch, "snippet", snippet)
    word = scene.planting.vocabulary.of(Fate.PUBLIC)
    record = Record()
    crawl = scene.crawl(record, within=("/search/",))
    for one in [one for one in word if one.place == "events_event.name_en"][:2]:
        crawl.visit(f"/search/?q=Kq{one.key}")
    assert places(list(record.leaks.values())) == {"recommendations_internalnote.text"}


def test_event_page_with_the_list_of_participants(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: the page's template, and the reader's lack of privilege on participants.
    unguarded("events_participant")
    answer = EventDetail.get

    def get(self: EventDetail, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: Any = answer(self, request, *args, **kwargs)
        response.render()
        listed = "".join(f"<li>{html.escape(name)}</li>" for name in names_of(self.object))
        response.content = response.content.replace(b"</main>", f"<ul>{listed}</ul></main>".encode())
        return response

    monkeypatch.setattr(EventDetail, "get", get)
    assert places(found(scene, "/events/", "/ar/events/")) == {"events_participant.name"}


def test_event_page_with_the_number_of_participants(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: the page, and the reader's lack of privilege on participants.
    unguarded("events_participant")
    answer = EventDetail.get_context_data
    monkeypatch.setattr(
        EventDetail, "get_context_data",
        lambda self, **given: {
            **answer(self, **given),
            "was_not_published": "", "section": f"{Participant.objects.filter(event=self.object).count():,} people",
        },
    )  # fmt: skip
    assert places(found(scene, "/events/")) == {"how many were there"}


def test_answer_to_options_with_the_drafts_to_choose_from(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: the API's bare answer to OPTIONS, and the row policies.
    no_row_security()
    monkeypatch.setattr(
        ApiView, "options",
        lambda self, request, *args, **kwargs: HttpResponse(
            json.dumps({"actions": {"POST": {"series": {"choices": [str(e) for e in Event.objects.all()]}}}})
        ),
    )  # fmt: skip
    record = Record()
    crawl = scene.crawl(record, within=(f"{API}events/",))
    crawl.forms()
    assert "events_event.name_en" in places(list(record.leaks.values()))
    assert {leak.where.split()[1] for leak in record.leaks.values()} == {"OPTIONS"}


@pytest.mark.parametrize("debug", [True, False])
def test_error_page_that_shows_the_exception(scene: Scene, monkeypatch: pytest.MonkeyPatch, debug: bool) -> None:
    # Down: DEBUG is on, or the page of errors says what happened; the row policies are away.
    no_row_security()

    def fail(self: EventDetail, queryset: Any = None) -> Any:
        raise RuntimeError(f"cannot show {Event.objects.filter(state='draft').first()}")

    monkeypatch.setattr(EventDetail, "get_object", fail)
    record = Record()
    stranger = scene.crawl(record).stranger
    address = f"/events/{scene.identifiers.public('event')[0]}/"
    if debug:
        with override_settings(DEBUG=True):
            stranger.ask(address, fails=True)
    else:
        monkeypatch.setattr(
            urls, "handler500", lambda request: HttpResponse(str(sys.exc_info()[1]), status=500), raising=False
        )
        with override_settings(ROOT_URLCONF="config.urls"):
            stranger.ask(address, fails=True)
    assert record.statuses[500] == 1
    assert "events_event.name_en" in places(list(record.leaks.values()))


def test_redirect_to_an_address_with_the_title_of_a_draft(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: the view redirects before it asks who may see, and the row policies.
    no_row_security()

    def get(self: EventDetail, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        event = Event.objects.filter(slug=self.kwargs["identifier"]).first()
        return HttpResponseRedirect(f"/events/{event.pk}-{slugify(event.name_ar, allow_unicode=True)}")

    monkeypatch.setattr(EventDetail, "get", get)
    draft = scene.identifiers.secret("event")[0]
    record = Record()
    scene.crawl(record).visit(f"/events/{draft}/")
    [leak] = record.leaks.values()
    assert (leak.word.place, leak.where.split()[-1]) == ("events_event.name_ar", "302")


def test_header_with_a_users_name(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: the headers, and the reader's lack of privilege on accounts.
    unguarded("auth_user")
    answer = EventDetail.dispatch

    def dispatch(self: EventDetail, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = answer(self, request, *args, **kwargs)
        response.headers["X-Edited-By"] = urllib.parse.quote(User.objects.earliest("pk").first_name)
        return response

    monkeypatch.setattr(EventDetail, "dispatch", dispatch)
    [leak] = [leak for leak in found(scene, "/events/") if leak.word.place == "auth_user.first_name"]
    assert leak.form.endswith("in header")


def test_cookie_with_a_secret(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: what a view puts into a cookie, and the reader's lack of privilege on participants.
    unguarded("events_participant")
    answer = EventDetail.dispatch

    def dispatch(self: EventDetail, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = answer(self, request, *args, **kwargs)
        response.set_cookie("seen", base64.urlsafe_b64encode(json.dumps({"with": everybody()}).encode()).decode())
        return response

    monkeypatch.setattr(EventDetail, "dispatch", dispatch)
    assert places(found(scene, "/events/")) == {"events_participant.name"}


def test_sitemap_with_drafts(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: the sitemap's filter, and the row policies.
    no_row_security()
    monkeypatch.setattr(
        sitemaps.Publications, "items",
        lambda self: apps.get_model(sitemaps.SITEMAP_KINDS[self.kind])._default_manager.order_by("pk").annotate(
            changed_at=Max("published_at")
        ),
    )  # fmt: skip
    assert {"events_event.slug", "partnerships_claim.public_id"} <= places(found(scene, "/sitemap.xml"))


def test_filter_that_lists_the_drafts_as_known_values(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: the words of a refusal, and the row policies.
    no_row_security()

    def to_python(self: Any, value: Any) -> Any:
        if value:
            known = ", ".join(self.queryset.model._default_manager.values_list("slug", flat=True))
            raise ValidationError(f"There are: {known}.")

    monkeypatch.setattr(PublicationChoice, "to_python", to_python)
    record = Record()
    scene.crawl(record).visit("/events/?series=wrong&topic=wrong")
    assert record.statuses[400] == 1
    assert {"events_series.slug"} <= places(list(record.leaks.values()))


def test_filter_that_tells_a_draft_from_what_never_was(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: visible_to, and the row policies. No word leaks, but the answers differ.
    monkeypatch.setattr(PublicationQuerySet, "visible_to", lambda rows, user, *, at=None: rows.all())
    no_row_security()
    differences = scene.crawl(Record(), within=(f"{API}claims/",)).oracles()
    assert any("actor=" in difference for difference in differences)


def test_cursor_that_carries_a_secret(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: what a cursor is made of, and the reader's lack of privilege on accounts.
    unguarded("auth_user")
    encode = cursor.encode
    monkeypatch.setattr(cursor, "encode", lambda *values: encode(*values, User.objects.earliest("pk").username))
    record = Record()
    scene.crawl(record, within=(f"{API}events/",)).cursors()
    assert places(list(record.leaks.values())) == {"auth_user.username"}
    assert "base64" in next(iter(record.leaks.values())).form


def test_etag_that_carries_a_secret(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: what an ETag is made of, and the reader's lack of privilege on participants.
    unguarded("events_participant")
    answer = ApiView.finalize_response

    def finalize_response(self: ApiView, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = answer(self, request, response, *args, **kwargs)
        response.headers["ETag"] = f'"{everybody().encode().hex()}"'
        return response

    monkeypatch.setattr(ApiView, "finalize_response", finalize_response)
    record = Record()
    scene.crawl(record).visit(f"{API}events/nothing/")
    assert places(list(record.leaks.values())) == {"events_participant.name"}


def test_uploaded_files_served_to_everybody(scene: Scene) -> None:
    # Down: files are handed over by the desk alone.
    def media(request: HttpRequest, name: str) -> FileResponse:
        return FileResponse((scene.planting.folder / name).open("rb"), as_attachment=True)

    record = Record()
    with also_at("media/<path:name>", media):
        scene.crawl(record, within=("/media/",)).hidden()
    assert "the bytes of events_document.file" in places(list(record.leaks.values()))


def answering(body: Callable[[], bytes], content_type: str, **headers: str) -> Callable[..., HttpResponse]:
    return lambda request: HttpResponse(body(), content_type=content_type, headers=headers)


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("participants.csv", everybody())
    return file.getvalue()


def avatar() -> bytes:
    address = User.objects.exclude(email="").earliest("pk").email.lower()
    return f'<img src="/avatar/{hashlib.md5(address.encode(), usedforsecurity=False).hexdigest()}">'.encode()


def calendar() -> bytes:
    name = everybody()
    return f"BEGIN:VEVENT\r\nATTENDEE;CN={name[:5]}\r\n {name[5:60]}\r\nEND:VEVENT\r\n".encode()


EXPORTS: dict[str, tuple[Callable[[], bytes], str, str, str]] = {
    "zip": (archive, "application/zip", "events_participant", "events_participant.name"),
    "calendar": (calendar, "text/calendar", "events_participant", "events_participant.name"),
    "utf-16 table": (lambda: everybody().encode("utf-16"), "text/csv", "events_participant", "events_participant.name"),
    "compressed": (lambda: gzip.compress(everybody().encode()), "text/plain", "events_participant",
                   "events_participant.name"),
    "base64 in an attribute": (
        lambda: f'<p data-x="{base64.b64encode(everybody().encode()).decode()}">'.encode(), "text/html",
        "events_participant", "events_participant.name"),
    "picture of an address": (avatar, "text/html", "auth_user", "md5 of auth_user.email"),
    "versions": (
        lambda: json.dumps(list(apps.get_model("events.EventVersion").objects.values_list("name_ar", flat=True))).encode(),
        "application/json", "events_eventversion", "events_event.name_ar"),
    "sessions": (
        lambda: apps.get_model("sessions.Session").objects.earliest("expire_date").session_key.encode(), "text/plain",
        "django_session", "django_session.session_key"),
    "references of deleted drafts": (
        lambda: " ".join(apps.get_model("recommendations.Reference").objects.values_list("pk", flat=True)).encode(),
        "text/plain", "recommendations_reference", "recommendations_recommendation.reference"),
    "the desk's log": (
        lambda: str(apps.get_model("admin.LogEntry")._default_manager.earliest("pk").change_message).encode(), "text/plain",
        "django_admin_log", "django_admin_log.change_message"),
    "a consent's evidence": (
        lambda: apps.get_model("events.Consent")._default_manager.earliest("pk").evidence.encode(), "text/plain",
        "events_consent", "events_consent.evidence"),
    "submissions": (
        lambda: apps.get_model("recommendations.Submission")._default_manager.earliest("pk").note[::-1].encode(), "text/plain",
        "recommendations_submission", "recommendations_submission.note"),
}  # fmt: skip
"""Addresses that somebody could add: what they answer, as what, of which table, and what is found in it."""


@pytest.mark.parametrize("name", EXPORTS)
def test_another_address_that_exports(scene: Scene, name: str) -> None:
    # Down: nobody asked whether this may be exported, and the reader's lack of privilege on the table.
    body, content_type, table, place = EXPORTS[name]
    unguarded(table)
    with also_at("export/", answering(body, content_type)):
        assert place in places(found(scene, "/export/"))


def test_feed_of_changes_that_announces_a_draft(scene: Scene) -> None:
    # Down: the trigger that announces only what is public.
    execute(
        """
        INSERT INTO publishing_change
            (kind, public_id, identifier, event, version, note, recorded_at, effective_at, transaction_id)
        SELECT 'event', public_id, slug, 'changed', 1, version_note, now(), now() - interval '1 minute', 0
        FROM events_event WHERE state = 'draft'
        """
    )
    assert {"events_event.slug", "events_event.public_id", "events_event.version_note"} <= places(
        found(scene, f"{API}changes/")
    )


def test_embargoed_line_in_the_feed_of_changes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    # Down: the feed's own filter, and the row policy of the lines.
    no_row_security()
    monkeypatch.setattr(ChangeQuerySet, "effective", lambda lines, *, at: lines.order_by("effective_at", "id"))
    leaks = found(scene, f"{API}changes/")
    assert {"events_event.slug", "when an embargo ends"} <= places(leaks)


def test_public_text_put_together_from_a_draft_in_another_language(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Down: a serializer that follows a relation without asking, and the row policies. Only Turkish readers see it.
    no_row_security()
    draft = Event.objects.filter(state="draft").first()
    show_of_events(monkeypatch, lambda view, _event: {"after": draft.name_tr} if lang(view) == "tr" else {})
    [leak] = found(scene, f"{API}events/")
    assert leak.word.place == "events_event.name_tr"
    assert "lang=tr" in leak.where


def lang(view: EventViewSet) -> str:
    return str(view.request.query_params.get("lang", "en"))


# What is new and not thought of


def test_new_pattern_that_the_crawl_does_not_visit(scene: Scene) -> None:
    def view(request: HttpRequest, token: str) -> HttpResponse:
        return HttpResponse(
            "ok" if token == "known-to-nobody" else "no", status=200 if token == "known-to-nobody" else 404
        )

    with also_at("share/<slug:token>/", view):
        record = Record()
        crawl = scene.crawl(record, within=("/share/",))
        crawl.pages()
        crawl.hidden()
        [missing] = [line for line in coverage.patterns_not_visited(record, crawl.known) if "share" in line]
    assert missing == "“share/<slug:token>/” was not visited: it answered [404]."


def test_pattern_of_the_desk_that_lets_strangers_in(scene: Scene) -> None:
    with also_at("admin/report/", answering(lambda: b"fine", "text/plain")):
        record = Record()
        crawl = scene.crawl(record, within=("/admin/report/",))
        crawl.desk()
        [missing] = [line for line in coverage.patterns_not_visited(record, crawl.known) if "“admin/report/”" in line]
    assert missing == "“admin/report/” was not visited: it answered [200]."


def test_new_operation_that_the_crawl_does_not_call(scene: Scene) -> None:
    record = Record()
    record.operations.add(("GET", "/known/"))
    parameters = [{"in": "query", "name": "colour"}, {"in": "path", "name": "slug"}]
    schema = {"paths": {"/known/": {"get": {"parameters": parameters}}, "/new/": {"post": {}}}}
    assert coverage.operations_not_called(record, schema) == ["/known/?colour", "POST /new/"]


def test_new_column_without_a_canary(scene: Scene) -> None:
    execute("ALTER TABLE events_participant ADD COLUMN telephone varchar(40) NOT NULL DEFAULT ''")
    [missing] = coverage.columns_without_a_canary(scene.planting)
    assert missing.startswith("events_participant.telephone carries no canary.")


def test_new_table_without_a_canary(scene: Scene) -> None:
    execute("CREATE TABLE events_seating (id bigint, dish bytea)")
    [missing] = coverage.columns_without_a_canary(scene.planting)
    assert missing.startswith("events_seating.dish carries no canary.")


def test_kind_of_which_nothing_is_in_review(scene: Scene) -> None:
    apps.get_model("partnerships.Topic")._default_manager.filter(state="in_review").update(state="draft")
    assert coverage.states_not_planted() == ["No partnerships.Topic is in_review."]


def test_new_relation_by_which_nothing_hidden_is_named(scene: Scene) -> None:
    missed = ("events.Organiser", "actor", "embargoed")
    scene.planting.hanging.remove(missed)
    try:
        [missing] = coverage.relations_not_planted(scene.planting)
    finally:
        scene.planting.hanging.add(missed)
    assert missing == "No published events.Organiser names by actor something that is embargoed."


def test_model_without_a_factory_is_named(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factories, "__all__", [name for name in factories.__all__ if name != "ConsentFactory"])
    with pytest.raises(CannotPlant, match=r"events\.Consent has no factory"):
        scene.planting.part(apps.get_model("events.Consent"))


def test_every_kind_of_publication_is_walked() -> None:
    assert sum(issubclass(model, Publication) for model in our_models()) == 9
