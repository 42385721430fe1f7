"""What all answers of the API have in common: conditional requests, languages, members, formats, problems."""

import logging
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import Http404
from django.test import Client
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from partnerships.models import Actor
from publishing.api.problems import exception_handler
from tests.factories import ActorFactory, ClaimFactory, InstrumentFactory, PartnershipFactory
from tests.support.published import API, COLLECTIONS, IDENTIFIERS, address_of, everything, get

pytestmark = pytest.mark.long

EVERY_LIST = [f"{API}{collection}/" for collection in COLLECTIONS]
OTHERS = [API, f"{API}schema/", f"{API}docs/", f"{API}search/?q=claim"]


def every_address() -> list[str]:
    things = everything()
    details = [address_of(collection, thing) for collection, thing in things.items()]
    return [*EVERY_LIST, *OTHERS, *details]


# Conditions


@pytest.mark.django_db
def test_every_answer_can_be_asked_for_on_condition() -> None:
    for address in every_address():
        client = Client()
        first = client.get(address)
        assert first.status_code == 200, address
        etag = first.headers["ETag"]
        assert etag.startswith('"')
        assert len(etag) > 20
        again = client.get(address, headers={"If-None-Match": f'"other", {etag}'})
        assert (again.status_code, again.content) == (304, b"")
        for header in ("ETag", "Vary", "Cache-Control"):
            assert again.headers[header] == first.headers[header]
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
        assert client.get(address, headers={"If-Match": etag}).status_code == 200
        refused = client.get(address, headers={"If-Match": '"other"'})
        assert refused.status_code == 412
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.json()["type"] == "urn:majlis:problem:precondition-failed"


@pytest.mark.django_db
def test_head_and_options_work_everywhere() -> None:
    for address in every_address():
        client = Client()
        head = client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["ETag"] == client.get(address).headers["ETag"]
        options = client.options(address)
        assert (options.status_code, options.content) == (204, b"")
        assert options.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.django_db
def test_etag_moves_with_what_is_said() -> None:
    actor = ActorFactory(published=True)
    address = address_of("actors", actor)
    etag = Client().get(address).headers["ETag"]
    actor.name_en, actor.version_note = "Another name", "Renamed."
    actor.save()
    answer = Client().get(address, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer.json()["name"] == "Another name"
    assert answer.json()["version"] == 2


@pytest.mark.django_db
def test_caches_are_told_what_an_answer_depends_on() -> None:
    for address in [*EVERY_LIST, *OTHERS, f"{API}nothing/"]:
        answer = Client().get(address, headers={"Accept-Language": "ar"})
        assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))
        assert "Cookie" not in answer.headers["Vary"]
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Language"] == "ar"
        assert not answer.cookies


# Languages


@pytest.mark.django_db
@pytest.mark.parametrize("collection", IDENTIFIERS)
def test_lang_and_accept_language_decide_the_language(collection: str) -> None:
    address = address_of(collection, everything()[collection])
    for query, header, language in (
        ({}, {}, "en"),
        ({"lang": "tr"}, {}, "tr"),
        ({}, {"Accept-Language": "ar;q=0.9, tr;q=0.5"}, "ar"),
        ({"lang": "en"}, {"Accept-Language": "ar"}, "en"),
        ({}, {"Accept-Language": "de"}, "en"),
    ):
        answer = Client().get(address, query, headers=header)
        assert answer.headers["Content-Language"] == language
        page = answer.json().get("page")
        assert page is None or page.startswith(f"http://testserver{'' if language == 'en' else f'/{language}'}/")


@pytest.mark.django_db
def test_text_is_given_in_the_language_asked_for() -> None:
    actor = ActorFactory(published=True, name="Qatar", name_tr="Katar", name_ar="قطر")
    for language, name in (("en", "Qatar"), ("tr", "Katar"), ("ar", "قطر")):
        shown = get(f"actors/{actor.slug}/", lang=language)
        assert shown["name"] == name
        assert "text_languages" not in shown


@pytest.mark.django_db
def test_text_that_is_not_translated_falls_back_and_says_so() -> None:
    partnership = PartnershipFactory(
        published=True, original_language="tr", name="Ortaklık", name_ar="شراكة", summary="Özet."
    )
    english = get(f"partnerships/{partnership.slug}/", lang="en")
    assert (english["name"], english["summary"]) == ("Ortaklık", "Özet.")
    assert english["text_languages"] == {"name": "tr", "summary": "tr"}
    arabic = get(f"partnerships/{partnership.slug}/", lang="ar")
    assert (arabic["name"], arabic["summary"]) == ("شراكة", "Özet.")
    assert arabic["text_languages"] == {"summary": "tr"}
    assert "text_languages" not in get(f"partnerships/{partnership.slug}/", lang="tr")


@pytest.mark.django_db
def test_fallback_is_told_of_parts_and_references_too() -> None:
    instrument = InstrumentFactory(partnership__published=True, partnership__name="Partnership", name="Pact")
    [listed] = get(f"partnerships/{instrument.partnership.slug}/", lang="tr")["instruments"]
    assert (listed["name"], listed["text_languages"]) == ("Pact", {"name": "en"})
    shown = get(f"instruments/{instrument.slug}/", lang="ar")
    assert shown["partnership"]["text_languages"] == {"name": "en"}


@pytest.mark.django_db
def test_translation_older_than_its_original_is_named() -> None:
    claim = ClaimFactory(published=True, statement="First.", statement_tr="Birinci.")
    assert get(f"claims/{claim.public_id}/")["outdated_translations"] == []
    type(claim).objects.filter(pk=claim.pk).update(
        texts_changed_at={"en": "2025-06-02T00:00:00+00:00", "tr": "2025-06-01T00:00:00+00:00"}
    )
    assert get(f"claims/{claim.public_id}/")["outdated_translations"] == ["tr"]


@pytest.mark.django_db
def test_problems_are_told_in_the_language_asked_for() -> None:
    for language in ("en", "tr", "ar"):
        answer = Client().get(f"{API}claims/nothing/", {"lang": language})
        assert (answer.status_code, answer.headers["Content-Language"]) == (404, language)
        answer = Client().get(f"{API}claims/", {"page_size": 0}, headers={"Accept-Language": language})
        assert (answer.status_code, answer.headers["Content-Language"]) == (400, language)
        answer = Client().get(f"{API}claims/", {"lang": "xx"}, headers={"Accept-Language": language})
        assert (answer.status_code, answer.headers["Content-Language"]) == (400, language)


# Members


@pytest.mark.django_db
@pytest.mark.parametrize("collection", IDENTIFIERS)
def test_fields_leaves_the_others_out(collection: str) -> None:
    thing = everything()[collection]
    member = IDENTIFIERS[collection]
    address = address_of(collection, thing)
    assert Client().get(address, {"fields": f"{member},url"}).json().keys() == {member, "url"}
    for shown in get(f"{collection}/", fields=member)["results"]:
        assert shown.keys() == {member}


@pytest.mark.django_db
def test_fields_keeps_the_word_on_the_language_of_what_it_gives() -> None:
    actor = ActorFactory(published=True, name="Qatar", short_name="QA")
    shown = get(f"actors/{actor.slug}/", fields="name", lang="tr")
    assert shown == {"name": "Qatar", "text_languages": {"name": "en"}}
    assert get(f"actors/{actor.slug}/", fields="slug", lang="tr") == {"slug": actor.slug}


@pytest.mark.django_db
def test_fields_work_in_the_feed_and_in_the_search() -> None:
    actor = PartnershipFactory(published=True, name="Hedging")
    assert get("changes/", fields="kind,event")["results"] == [{"kind": "partnership", "event": "published"}]
    assert get("search/", q="hedging", fields="identifier")["results"] == [{"identifier": actor.slug}]


@pytest.mark.django_db
def test_nothing_is_an_empty_text() -> None:
    def values(value: Any) -> Any:
        if isinstance(value, dict):
            for one in value.values():
                yield from values(one)
        elif isinstance(value, list):
            for one in value:
                yield from values(one)
        else:
            yield value

    for collection, thing in everything().items():
        shown = list(values(Client().get(address_of(collection, thing)).json()))
        assert shown
        assert "" not in shown


@pytest.mark.django_db
def test_every_address_that_is_given_answers() -> None:
    def addresses(value: Any) -> Any:
        if isinstance(value, dict):
            yield from (value[name] for name in ("url", "page") if value.get(name))
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                yield from addresses(one)

    given = set()
    for collection, thing in everything().items():
        given |= set(addresses(Client().get(address_of(collection, thing)).json()))
    given |= set(addresses(get("changes/", page_size=200)))
    assert len(given) > 30
    for address in sorted(given):
        assert Client().get(address).status_code == 200, address


@pytest.mark.django_db
def test_root_names_every_collection() -> None:
    root = get("")
    assert list(root) == [
        "actors", "topics", "partnerships", "instruments", "claims", "sources", "series", "events", "reports", "points",
        "recommendations", "status-entries", "responses", "submissions", "changes", "search", "schema", "documentation",
    ]  # fmt: skip
    for name, address in root.items():
        expected = {"submissions": 401, "search": 400}.get(name, 200)
        assert Client().get(address).status_code == expected, name


@pytest.mark.django_db
def test_address_without_its_last_slash_leads_on() -> None:
    actor = ActorFactory(published=True)
    for path in ("actors", f"actors/{actor.slug}", "schema", "docs"):
        answer = Client().get(f"{API}{path}?lang=tr")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{API}{path}/?lang=tr")
    assert Client().get("/api/v1").headers["Location"] == API


# Problems


def handled(error: Exception) -> Any:
    request = Request(APIRequestFactory().get(f"{API}claims/"))
    return exception_handler(error, {"request": request, "view": None, "args": (), "kwargs": {}})


def test_validation_error_of_django_points_at_the_member() -> None:
    answer = handled(ValidationError({"as_of": ["It lies in the future."], "__all__": ["It contradicts itself."]}))
    assert answer.status_code == 400
    assert answer.data["errors"] == [
        {"pointer": "#/as_of", "code": "invalid", "detail": "It lies in the future."},
        {"pointer": "#", "code": "invalid", "detail": "It contradicts itself."},
    ]


def test_nested_validation_error_is_a_json_pointer() -> None:
    error = exceptions.ValidationError({"evidence": [{}, {"a/b~c": ["No."]}]})
    assert handled(error).data["errors"][0]["pointer"] == "#/evidence/1/a~1b~0c"


@pytest.mark.django_db
def test_integrity_error_is_a_conflict_in_the_words_of_the_rule() -> None:
    with pytest.raises(IntegrityError) as caught:
        ActorFactory(kind="state", iso_code="qa")
    answer = handled(caught.value)
    assert answer.status_code == 409
    assert answer.data["detail"] == "Only a state has an ISO 3166 code, of two capital letters."
    assert "partnerships_actor" not in str(answer.data)


def test_integrity_error_without_words_tells_nothing_of_the_database() -> None:
    answer = handled(IntegrityError('duplicate key value violates "partnerships_actor_slug_key"'))
    assert (answer.status_code, answer.data["detail"]) == (409, "It contradicts what already stands here.")


def test_protected_error_names_nobody() -> None:
    answer = handled(ProtectedError("Cannot delete", {Actor(pk=1, slug="secret")}))
    assert (answer.status_code, answer.data["detail"]) == (409, "Other things still name it.")


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (Http404("secret"), 404, "not-found"),
        (exceptions.NotAuthenticated(), 401, "not-authenticated"),
        (exceptions.PermissionDenied(), 403, "not-allowed"),
        (exceptions.UnsupportedMediaType("text/csv"), 415, "unsupported-media-type"),
        (exceptions.Throttled(wait=7), 429, "too-many-requests"),
        (exceptions.ParseError(), 400, "invalid-request"),
    ],
)
def test_every_refusal_is_a_problem(error: Exception, status: int, slug: str) -> None:
    answer = handled(error)
    assert (answer.status_code, answer.data["status"]) == (status, status)
    assert answer.data["type"] == f"urn:majlis:problem:{slug}"
    assert answer.data["instance"] == f"{API}claims/"
    assert "secret" not in str(answer.data)
    assert (answer.headers.get("Retry-After") == "7") is (status == 429)


@pytest.mark.django_db
def test_what_nobody_foresaw_is_logged_and_told_to_nobody(monkeypatch: Any, caplog: Any) -> None:
    def fail(*asked: Any, **how: Any) -> Any:
        raise RuntimeError("SELECT secret FROM partnerships_actor")

    monkeypatch.setattr("publishing.api.statements.Statement.answers", fail)
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.ERROR):
        answer = client.get(f"{API}actors/")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:majlis:problem:server-error",
        "title": "Error on our side",
        "status": 500,
        "detail": "The error was recorded. Try again later.",
        "instance": f"{API}actors/",
    }
    [record] = [one for one in caplog.records if one.name == "django.request"]
    assert record.exc_info is not None
    assert "SELECT secret" in str(record.exc_info[1])
