"""A request that no view can answer gets an error in the reader's language, and under /api/ a problem document."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import translation

from tests import factories
from tests.support.desk import Page
from tests.support.published import everything

pytestmark = pytest.mark.long

LANGUAGES = [("", "en"), ("/tr", "tr"), ("/ar", "ar")]
PROBLEM = "application/problem+json"


def answered_in(response: Any, language: str) -> bool:
    direction = "rtl" if language == "ar" else "ltr"
    page = response.content.decode()
    return response.headers["Content-Language"] == language and f'<html lang="{language}" dir="{direction}">' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_form_of_another_site_is_refused_in_the_language_of_the_page(prefix: str, language: str) -> None:
    response = Client(enforce_csrf_checks=True).post(f"{prefix}/claims/", {"a": "b"})
    assert response.status_code == 403
    assert answered_in(response, language)


@pytest.mark.django_db
def test_form_of_the_desk_without_its_token_is_refused_in_the_language_of_the_person() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", headers={"Accept-Language": "ar"})
    assert response.status_code == 403
    assert answered_in(response, "ar")


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_body_that_is_too_large_is_refused_by_a_page(prefix: str, language: str) -> None:
    response = Client().post(f"{prefix}/claims/", CONTENT_LENGTH=str(settings.MAX_BODY_BYTES + 1))
    assert response.status_code == 413
    assert answered_in(response, language)


def test_body_that_is_too_large_is_a_problem_of_the_api() -> None:
    headers = {"Accept-Language": "tr"}
    response = Client().post("/api/v1/claims/", CONTENT_LENGTH=str(settings.MAX_BODY_BYTES + 1), headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (413, PROBLEM)
    assert response.headers["Content-Language"] == "tr"
    problem = response.json()
    assert (problem["type"], problem["status"]) == ("urn:majlis:problem:too-large", 413)
    assert (problem["instance"], "25" in problem["detail"]) == ("/api/v1/claims/", True)


@pytest.mark.django_db
def test_form_with_more_text_than_is_taken_is_too_large() -> None:
    """Django itself would say that the request cannot be read."""
    data = "username=" + "x" * 1_100_000
    response = Client().post("/admin/login/", data, "application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "1 MB" in response.content.decode()


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_site_asked_for_by_another_name_answers_in_the_language_of_the_address(prefix: str, language: str) -> None:
    # Whoever was answered before in this thread leaves their language behind.
    translation.activate("tr" if language == "ar" else "ar")
    response = Client().get(f"{prefix}/nothing", SERVER_NAME="other.example.org")
    assert response.status_code == 400
    assert answered_in(response, language)


def test_name_that_no_site_can_have_is_a_problem_of_the_api() -> None:
    for host in ("other.example.org", "a b", "[::1", "x:99999999999", "-", "é"):
        response = Client().get("/api/v1/nothing", headers={"Host": host, "Accept-Language": "ar"})
        assert response.status_code in {400, 404}, host
        assert response.headers["Content-Type"] == PROBLEM
        assert response.json()["status"] == response.status_code


def test_error_on_our_side_is_a_problem_of_the_api_and_else_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("publishing.reader.audience.AudienceMiddleware.is_at_the_desk", fail)
    client = Client(raise_request_exception=False)
    problem = client.get("/api/v1/claims/", headers={"Accept-Language": "tr"})
    assert (problem.status_code, problem.headers["Content-Type"]) == (500, PROBLEM)
    page = client.get("/ar/claims/")
    assert page.status_code == 500
    assert answered_in(page, "ar")
    assert b"secret" not in problem.content + page.content


# What no text can hold

NUL = "%00"


@pytest.mark.django_db
@pytest.mark.parametrize("address", [
    f"/claims/?status={NUL}", f"/feeds/claims/?x={NUL}", f"/sitemap.xml?{NUL}=1", f"/healthz?a={NUL}",
    f"/admin/partnerships/actor/?state__exact={NUL}", f"/admin/partnerships/actor/?state={NUL}",
    f"/admin/partnerships/actor/?q={NUL}", f"/admin/partnerships/actor/?o={NUL}",
    f"/admin/autocomplete/?term={NUL}&app_label=partnerships&model_name=claimsubject&field_name=actor",
    f"/admin/partnerships/actor/add/?name={NUL}", f"/admin/jsi18n/?language={NUL}",
])  # fmt: skip
def test_nul_in_an_address_is_named_whoever_asks_for_what(
    address: str, administrator: User, client_of: Callable[[User], Client]
) -> None:
    response = client_of(administrator).get(address)
    assert response.status_code == 400
    assert "NUL byte" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", [
    "/admin/partnerships/actor/%00/change/", "/admin/files/documents/%00", "/admin/r/%00/1/", "/admin/%00", "/%00/",
    "/actors/%00/", "/admin/partnerships/actor/1%00/history/",
])  # fmt: skip
def test_nul_in_a_path_leads_nowhere(address: str, administrator: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(administrator).get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("query", [
    "name_en__range=abc", "name_en__regex=((((", "name__startswith=L", "id__range=1", "created__date=x", "author__username__iregex=(",
    "published_at__year=99999999999999999999", "published_at__year=0", "published_at__month=x", "published_at__day=-1",
])  # fmt: skip
def test_list_is_filtered_by_nothing_but_what_it_offers(
    query: str, superuser: User, client_of: Callable[[User], Client]
) -> None:
    """Every list of the desk, Django's own among them: values that no address can hold came to the database."""
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        own = query.replace("name_en", next(field.name for field in model._meta.fields if not field.is_relation))
        response = client_of(superuser).get(f"{address}?{own}")
        assert response.status_code in {302, 400, 403}, (address, own)
    packed = quote(query)
    address = f"/admin/recommendations/recommendation/briefing/?list={packed}"
    assert client_of(superuser).get(address).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["2025-XX", "", "1_0", "٣", "9" * 40, "-1"])
def test_row_that_no_list_has_is_not_chosen(key: str, superuser: User, client_of: Callable[[User], Client]) -> None:
    factories.ActorFactory()
    for address, action in (("auth/user", "delete_selected"), ("partnerships/actor", "submit_selected")):
        response = client_of(superuser).post(f"/admin/{address}/", {"action": action, "_selected_action": [key]})
        assert response.status_code == 400


@pytest.mark.django_db
def test_cookie_that_holds_what_no_text_can_is_as_none() -> None:
    cookie = 'sessionid="' + "\\000" * 32 + '"; language="\\000"; csrftoken="\\000"'
    for address in ("/", "/admin/login/", "/api/v1/claims/"):
        assert Client().get(address, headers={"Cookie": cookie}).status_code == 200


# What leads from a row to its public page


@pytest.mark.django_db
def test_way_to_the_site_gives_nobody_what_they_may_not_see(
    client_of: Callable[[User], Client], editor: User, convenor: User
) -> None:
    staff = factories.UserFactory(username="staff", is_staff=True)
    draft, public = factories.ActorFactory(slug="secret-talks"), factories.ActorFactory(slug="known", published=True)
    kind = ContentType.objects.get_for_model(public).pk

    def answer(person: User, key: object) -> tuple[int, str]:
        response = client_of(person).get(f"/admin/r/{kind}/{key}/")
        assert "secret-talks" not in response.content.decode()
        return response.status_code, response.headers.get("Location", "")

    assert answer(editor, public.pk) == (302, "/actors/known/")
    assert {answer(person, key) for person in (staff, convenor) for key in (public.pk, draft.pk, 0)} == {(404, "")}
    assert answer(editor, draft.pk) == (404, "")
    point = factories.PointFactory()
    kind = ContentType.objects.get_for_model(point).pk
    assert answer(editor, point.pk) == (302, point.get_absolute_url())
    assert answer(staff, point.pk) == (404, "")


@pytest.mark.django_db
def test_way_to_the_site_answers_for_every_kind_of_row(
    client_of: Callable[[User], Client], superuser: User, administrator: User
) -> None:
    everything()
    # Who may not see a row is asked after once the key is read, so the keys that are none are tried by one of the two.
    for person, no_keys in ((superuser, (10**30, "x", "1_0", "١", "..", "1/1")), (administrator, ("x",))):
        client = client_of(person)
        for kind in ContentType.objects.all():
            model = kind.model_class()
            row = model._default_manager.first() if model is not None else None
            for key in (getattr(row, "pk", 1), *no_keys):
                assert client.get(f"/admin/r/{kind.pk}/{key}/").status_code in {301, 302, 404}, (kind, key)
    for wrong in ("x", "1_0", "9" * 40, "-1", "١"):
        assert client_of(superuser).get(f"/admin/r/{wrong}/1/").status_code == 404


# Accounts


@pytest.mark.django_db
def test_administrator_rises_above_nobody(
    desk: Callable[..., Page], client_of: Callable[[User], Client], administrator: User, superuser: User, editor: User
) -> None:
    client = client_of(administrator)
    own = f"/admin/auth/user/{administrator.pk}"
    page = desk(administrator, f"{own}/change/")
    assert "is_superuser" not in page.fields
    page.send(is_superuser="on", user_permissions=["1"], groups=[])
    administrator.refresh_from_db()
    assert (administrator.is_superuser, administrator.user_permissions.count()) == (False, 0)
    administrator.groups.set(factories.UserFactory(groups=("administrators",)).groups.all())
    above = f"/admin/auth/user/{superuser.pk}"
    new = {"password1": "a long and new one", "password2": "a long and new one", "usable_password": "true"}
    assert client.post(f"{above}/password/", new).status_code == 403
    assert client.post(f"{above}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{above}/change/", {"username": "taken"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [superuser.pk], "post": "yes"}
    client.post("/admin/auth/user/", chosen)
    password = superuser.password
    superuser.refresh_from_db()
    assert (superuser.username, superuser.password) == ("superuser", password)
    assert client.post(f"/admin/auth/user/{editor.pk}/password/", new).status_code == 302
    assert client_of(superuser).post(f"{above}/password/", new).status_code == 302


@pytest.mark.django_db
def test_log_names_the_account_that_failed_and_nothing_else_that_was_typed(
    caplog: pytest.LogCaptureFixture, editor: User
) -> None:
    for typed in (editor.username, "the password, in the wrong field"):
        Client().post("/admin/login/", {"username": typed, "password": "a wrong guess"})
    lines: list[Any] = [record.msg for record in caplog.records if "sign_in_failed" in str(record.msg)]
    assert [line["account"] for line in lines] == ["editor", None]
    assert "wrong" not in str(lines)


# Headers


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/api/v1/claims/", "/static/css/desk.css", "/nowhere/", "/admin/login/", "/healthz"]
)
def test_every_answer_keeps_apart_from_other_sites(address: str) -> None:
    response = Client().get(address)
    response.close()
    headers = response.headers
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(headers["Permissions-Policy"].split(", "))


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["1 2", "-1", "x", "1e3", "9" * 5000])
def test_length_of_a_body_that_is_no_number_is_refused(length: str) -> None:
    for address in ("/admin/login/", "/api/v1/claims/", "/tr/claims/"):
        assert Client().post(address, {"a": "b"}, CONTENT_LENGTH=length).status_code == 400
