"""The desk as a whole: every model has its place, every page answers, and a list of 3 costs the same as a list of 1."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import DateTimeField, Model
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from events.models import (
    Consent,
    DisclosedParticipant,
    Disclosure,
    Document,
    Event,
    GroupSize,
    NameRefusal,
    Organiser,
    Participant,
    PublicName,
    PublishedContent,
    PublishedDocument,
    Rewording,
    Session,
    Support,
    Viewing,
)
from partnerships.models import (
    ArchivedContent,
    ArchivedCopy,
    Citation,
    Claim,
    ClaimLink,
    ClaimSubject,
    CurrentVerification,
    InstrumentObligation,
    OriginDecision,
)
from publishing.desk.addresses import add_address, change_address, list_address
from publishing.models.change import Change
from publishing.models.sent_form import SentForm
from recommendations.models import (
    Confirmation,
    CurrentStatus,
    Digest,
    DigestChoice,
    Evidence,
    Fulfilment,
    InternalNote,
    Objective,
    RecommendationLink,
    Reference,
    Snooze,
)
from tests import factories

pytestmark = pytest.mark.long

FACTORIES: dict[type[Model], Any] = {
    factory._meta.model: factory for name in factories.__all__ if hasattr(factory := getattr(factories, name), "_meta")
}
HOUSE = ("publishing", "partnerships", "events", "recommendations")

ROWS_OF_A_WHOLE = {
    Citation,
    ClaimLink,
    ClaimSubject,
    InstrumentObligation,
    Organiser,
    Session,
    Objective,
    RecommendationLink,
    Fulfilment,
    Evidence,
}
"""Edited on the page of what they belong to."""

SHOWN_WITH_ITS_ENTRY = {Confirmation, InternalNote, PublishedContent, PublishedDocument}
SHOWN_WITH_ITS_CLAIM = {OriginDecision}
SHOWN_WITH_ITS_SOURCE = {ArchivedContent, ArchivedCopy}
SHOWN_WITH_ITS_POINT = {Support, Rewording}
OF_EACH_PERSON = {Digest, DigestChoice}
"""A person's own, behind /admin/reminders/, and what the background notes of it."""

FILLED_BY_A_TRIGGER = {CurrentVerification, DisclosedParticipant, Reference, CurrentStatus}
OF_THE_QUEUE = {Snooze}
OF_EVERY_FORM = {SentForm}
"""Written by the door of the desk, and looked at by nobody."""

OF_A_PARTICIPANT = {Consent, Disclosure}
"""Listed on the page of their participant only."""

RESTRICTED: dict[type[Model], set[str]] = {
    Participant: {"convenor"},
    Consent: {"convenor"},
    Disclosure: {"convenor"},
    Document: {"convenor", "reviewer", "administrator", "superuser"},
    GroupSize: {"convenor"},
    Viewing: {"administrator", "superuser"},
    PublicName: {"convenor", "reviewer", "administrator", "superuser"},
    NameRefusal: {"convenor", "administrator", "superuser"},
}
"""Who sees what is restricted; tests/events/test_convenors.py tries every door."""

SEEN_BY_CONVENORS = {"events.Event", "events.Series", "events.Report", "events.Point"}
"""By what they find their participants."""

DESK: list[type[Model]] = [model for model in admin.site._registry if model._meta.app_label in HOUSE]
WRITTEN_HERE = [model for model in DESK if model is not Change]
"""Change is written by triggers alone; tests/partnerships/test_admin.py looks at its page."""


def label(model: Any) -> str:
    return model._meta.label


def test_every_model_of_the_house_has_its_place_at_the_desk() -> None:
    models = {
        model
        for app in HOUSE
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.endswith("Version") and model._meta.managed
    }
    elsewhere = (
        ROWS_OF_A_WHOLE
        | SHOWN_WITH_ITS_ENTRY
        | SHOWN_WITH_ITS_CLAIM
        | SHOWN_WITH_ITS_SOURCE
        | SHOWN_WITH_ITS_POINT
        | FILLED_BY_A_TRIGGER
        | OF_EACH_PERSON
        | OF_THE_QUEUE
        | OF_EVERY_FORM
    )
    assert models - set(DESK) == elsewhere
    inlined = {inline.model for page in admin.site._registry.values() for inline in page.inlines}
    assert inlined >= ROWS_OF_A_WHOLE


LISTS = {
    "partnerships.Actor": 8,
    "partnerships.Membership": 6,
    "partnerships.Claim": 8,
    "partnerships.Resolution": 8,
    "partnerships.Review": 8,
    "partnerships.OfficialPosition": 8,
    "partnerships.Instrument": 6,
    "partnerships.InstrumentAction": 8,
    "partnerships.Partnership": 8,
    "partnerships.Party": 6,
    "partnerships.Cooperation": 6,
    "partnerships.PartnershipLink": 6,
    "partnerships.Source": 9,
    "partnerships.Topic": 8,
    "events.Event": 11,
    "events.GroupSize": 8,
    "events.Participant": 16,
    "events.Document": 9,
    "events.NameRefusal": 9,
    "events.PublicName": 9,
    "events.Report": 9,
    "events.Point": 7,
    "events.Series": 8,
    "events.Viewing": 9,
    "recommendations.Addressee": 6,
    "recommendations.Response": 8,
    "recommendations.StatusEntry": 8,
    "recommendations.Recommendation": 9,
    "recommendations.Submission": 8,
    "recommendations.Letter": 6,
}
"""Queries of each list: session, person and rights, the rows and their number, and what the filters offer."""


@pytest.fixture
def all_seeing(administrator: User, convenor: User) -> User:
    """An administrator who convenes too, as on a laptop."""
    administrator.groups.add(*convenor.groups.all())
    return administrator


@pytest.mark.django_db
@pytest.mark.parametrize("model", [model for model in WRITTEN_HERE if model not in OF_A_PARTICIPANT], ids=label)
def test_list_costs_the_same_for_one_and_for_three(
    model: type[Model],
    administrator: User,
    convenor: User,
    client_of: Callable[[User], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(convenor if model in {Participant, GroupSize} else administrator)
    event = factories.EventFactory()
    of_one_event = {"event": event} if model is Participant else {}
    address = list_address(model, **({"event__id__exact": event.pk} if of_one_event else {}))
    if model is Event:
        event.delete()
    for number in (1, 3):
        while model._default_manager.count() < number:
            FACTORIES[model](**of_one_event)
        with django_assert_num_queries(LISTS[label(model)]):
            response = client.get(address)
        assert response.status_code == 200
        assert response.context["cl"].result_count == number


@pytest.mark.django_db
@pytest.mark.parametrize("model", WRITTEN_HERE, ids=label)
def test_pages_of_a_row_answer(model: type[Model], all_seeing: User, client_of: Callable[[User], Client]) -> None:
    row = FACTORIES[model]()
    client = client_of(all_seeing)
    page = admin.site.get_model_admin(model)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert client.get(change_address(row)).status_code == 200
    assert client.get(reverse(f"{name}_history", args=[row.pk])).status_code == 200
    request: Any = client.get("/admin/").wsgi_request
    assert client.get(add_address(model)).status_code == (200 if page.has_add_permission(request) else 403)
    deletable = page.has_delete_permission(request, row)
    assert client.get(reverse(f"{name}_delete", args=[row.pk])).status_code == (200 if deletable else 403)


def moments(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, DateTimeField)]


IN_FULL = Claim
"""On whose form every value is tried: the machinery is one for all forms, and each other form is asked once."""

NO_MOMENTS = ["9999-12-31T23:59:59-23:59", "Türkiye", "", "0001-01-01", "2026-05-31T12:00:00+03:00"]
"""What somebody may write into an address where a moment should be; the first is one that no clock ever shows."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "said"),
    [
        *((IN_FULL, said) for said in NO_MOMENTS),
        *((model, NO_MOMENTS[0]) for model in WRITTEN_HERE if moments(model) and model is not IN_FULL),
    ],
    ids=lambda value: label(value) if isinstance(value, type) else value,
)
def test_form_starts_with_moments_that_are_some(
    model: type[Model], said: str, all_seeing: User, client_of: Callable[[User], Client]
) -> None:
    assert moments(model)
    address = add_address(model, **dict.fromkeys(moments(model), said))
    assert client_of(all_seeing).get(address).status_code in {200, 403}


NO_KEYS = ["x", "-1", "1.5", "1,x", "²", "9" * 40, "9" * 5000]
"""What somebody may write into an address where the key of a row should be."""

UNREADABLE = "\0"
"""What no text can hold, and nobody may write."""


def relations(model: type[Model]) -> list[str]:
    return [field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many] if field.is_relation]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [*NO_KEYS, UNREADABLE], ids=lambda wrong: ascii(wrong[:41]))
def test_form_ignores_whatever_an_address_says_wrongly(
    wrong: str, all_seeing: User, client_of: Callable[[User], Client]
) -> None:
    client, said = client_of(all_seeing), dict.fromkeys(relations(IN_FULL), wrong)
    assert client.get(add_address(IN_FULL, **said)).status_code == (400 if wrong == UNREADABLE else 200)
    assert client.post(add_address(IN_FULL), said).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("model", WRITTEN_HERE, ids=label)
def test_form_of_each_kind_ignores_what_an_address_says_wrongly(
    model: type[Model], all_seeing: User, client_of: Callable[[User], Client]
) -> None:
    """Each relation has another of the wrong keys, and the first relation of each form another than that of the last."""
    client, page = client_of(all_seeing), admin.site.get_model_admin(model)
    request: Any = client.get("/admin/").wsgi_request
    if not page.has_add_permission(request):
        return
    wrong = itertools.islice(itertools.cycle(NO_KEYS), WRITTEN_HERE.index(model), None)
    said = dict(zip(relations(model), wrong, strict=False))
    assert client.get(add_address(model, **said)).status_code == 200
    assert client.post(add_address(model), said).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("model", [m for m in WRITTEN_HERE if admin.site._registry[m].search_fields], ids=label)
def test_search_answers(model: type[Model], all_seeing: User, client_of: Callable[[User], Client]) -> None:
    FACTORIES[model]()
    response = client_of(all_seeing).get(list_address(model, q="nowhere to be found"))
    assert response.status_code == 200
    assert response.context["cl"].result_count == 0


# Who sees what

EVERYBODY = ["editor", "reviewer", "administrator", "convenor", "superuser", "staff", "partner", "anonymous"]
WRITERS = {"editor", "reviewer", "administrator", "superuser"}


@pytest.fixture
def staff(db: None) -> User:
    """Staff, and in none of the groups."""
    user: User = factories.UserFactory(username="staff", is_staff=True)
    return user


def status(client: Client, address: str) -> int:
    return client.get(address).status_code


@pytest.mark.parametrize(
    ("model", "seen_by"),
    [
        *(
            (model, WRITERS | ({"convenor"} if label(model) in SEEN_BY_CONVENORS else set()))
            for model in WRITTEN_HERE
            if model not in RESTRICTED
        ),
        *((model, people) for model, people in RESTRICTED.items() if model not in OF_A_PARTICIPANT),
        (Change, WRITERS),
        (User, {"administrator", "superuser"}),
    ],
    ids=lambda value: label(value) if isinstance(value, type) else "",
)
def test_list_is_seen_by_those_whose_work_it_is(
    request: pytest.FixtureRequest, client_of: Callable[[User], Client], model: type[Model], seen_by: set[str]
) -> None:
    if model in FACTORIES:
        FACTORIES[model]()
    answers = {name: status(client_of(request.getfixturevalue(name)), list_address(model)) for name in EVERYBODY}
    assert answers == {
        **{name: 200 if name in seen_by else 403 for name in EVERYBODY},
        "partner": 302,  # to sign in as somebody else
        "anonymous": 302,
    }


@pytest.mark.django_db
def test_staff_in_no_group_sees_an_empty_desk(staff: User, client_of: Callable[[User], Client]) -> None:
    factories.ActorFactory(name="Secret talks", in_review=True)
    response = client_of(staff).get(reverse("admin:index"))
    assert response.status_code == 200
    assert response.context["app_list"] == []
    assert response.context["waiting"] == []
    assert b"Secret talks" not in response.content


@pytest.mark.django_db
def test_front_page_tells_what_waits(editor: User, client_of: Callable[[User], Client]) -> None:
    factories.ActorFactory(in_review=True)
    factories.ClaimFactory.create_batch(2, in_review=True)
    factories.TopicFactory(author=editor)
    factories.TopicFactory()
    factories.PointFactory(support="one_participant")
    response = client_of(editor).get(reverse("admin:index"))
    assert [(one.number, str(one.label)) for one in response.context["waiting"]] == [
        (2, "claims in review"),
        (1, "actor in review"),
        (1, "single voice to clear"),
        (1, "topic: your drafts"),
    ]
    found = {str(one.label): client_of(editor).get(one.address).context["cl"] for one in response.context["waiting"]}
    assert {name: page.result_count for name, page in found.items()} == {
        str(one.label): one.number for one in response.context["waiting"]
    }


@pytest.mark.django_db
def test_front_page_counts_in_words_that_fit_the_number(editor: User, client_of: Callable[[User], Client]) -> None:
    def labels() -> list[str]:
        return [str(one.label) for one in client_of(editor).get(reverse("admin:index")).context["waiting"]]

    factories.PointFactory(support="one_participant")
    factories.LetterFactory()
    assert labels() == ["letter to decide on", "single voice to clear"]
    factories.PointFactory(support="one_participant")
    factories.LetterFactory()
    assert labels() == ["letters to decide on", "single voices to clear"]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "arrow"), [("en", "→"), ("tr", "→"), ("ar", "←")])
def test_arrow_points_from_what_is_asked_to_whom(language: str, arrow: str, editor: User) -> None:
    addressee = factories.AddresseeFactory(recommendation__reference="R-2025-001", actor__name="Qatar")
    with translation.override(language):
        assert str(addressee) == f"R-2025-001 {arrow} Qatar"


@pytest.mark.django_db
def test_front_page_is_in_the_order_of_the_work(editor: User, client_of: Callable[[User], Client]) -> None:
    apps_shown = client_of(editor).get(reverse("admin:index")).context["app_list"]
    assert [app["app_label"] for app in apps_shown] == ["partnerships", "events", "recommendations"]
    assert [model["object_name"] for model in apps_shown[1]["models"]] == ["Event", "Series", "Report", "Point"]


# Autocompletes


def autocomplete(client: Client, model: str, field: str, term: str) -> Any:
    app, _, name = model.partition(".")
    return client.get(
        reverse("admin:autocomplete"),
        {"app_label": app, "model_name": name.lower(), "field_name": field, "term": term},
    )


@pytest.mark.django_db
def test_autocomplete_marks_what_is_not_public(editor: User, client_of: Callable[[User], Client]) -> None:
    factories.ActorFactory(name="Qatar", slug="a", published=True)
    factories.ActorFactory(name="Qatar Armed Forces", slug="b")
    response = autocomplete(client_of(editor), "partnerships.Party", "actor", "qatar")
    assert [one["text"] for one in response.json()["results"]] == ["Qatar", "Qatar Armed Forces (Draft)"]


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["editor", "convenor", "superuser"])
def test_autocomplete_names_no_participant(
    request: pytest.FixtureRequest, client_of: Callable[[User], Client], person: str
) -> None:
    factories.ParticipantFactory(name="Somebody")
    client = client_of(request.getfixturevalue(person))
    for model in ("events.Consent", "events.Disclosure"):
        assert autocomplete(client, model, "participant", "some").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "field"),
    sorted(
        (label(owner.model), field)
        for page in admin.site._registry.values()
        for owner in (page, *(inline(page.model, admin.site) for inline in page.inlines))
        if owner.model._meta.app_label in HOUSE
        for field in owner.autocomplete_fields
    ),
)
def test_autocomplete_answers(
    administrator: User, client_of: Callable[[User], Client], source: str, field: str
) -> None:
    related = apps.get_model(source)._meta.get_field(field).related_model
    assert isinstance(related, type)
    FACTORIES[related]()
    response = autocomplete(client_of(administrator), source, field, "")
    assert response.status_code == 200
    assert len(response.json()["results"]) == 1


# Files


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sources/none.html", "documents/../settings.py", "passwords/all", "sources/%00"])
def test_file_that_belongs_to_nothing_is_not_found(
    administrator: User, client_of: Callable[[User], Client], name: str
) -> None:
    assert status(client_of(administrator), f"/admin/files/{name}") == 404


@pytest.mark.django_db
def test_front_page_says_how_the_work_goes(editor: User, client_of: Callable[[User], Client]) -> None:
    page = client_of(editor).get("/admin/").content.decode()
    assert "never the person who wrote it." in page.partition('id="how-heading"')[2]
