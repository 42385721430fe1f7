"""Participants at the desk: for convenors alone, every viewing recorded, and no other way to see them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from events import actions
from events.models import Consent, DisclosedParticipant, Disclosure, Participant, Viewing
from publishing.acting import Act
from publishing.desk.addresses import add_address, change_address, list_address
from publishing.refusals import NotAllowed
from tests.factories import (
    ConsentFactory,
    DisclosureFactory,
    DocumentFactory,
    EventFactory,
    ParticipantFactory,
    SessionFactory,
    UserFactory,
    ViewingFactory,
)
from tests.support.desk import Page
from tests.support.pages import words

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.long]

NAME, AFFILIATION, SPELLING, EVIDENCE = "Leyla Kaya", "Secret Ministry", "ليلى كايا", "Secret form"
OUTSIDERS = ["editor", "reviewer", "administrator", "superuser"]


def somebody(**columns: Any) -> Any:
    """A participant of whom there is everything to leak."""
    columns = {"name": NAME, "affiliation": AFFILIATION, "other_spellings": SPELLING, **columns}
    person = ParticipantFactory(**columns)
    for kind in Consent.Disclosure.values:
        ConsentFactory(participant=person, disclosure=kind, evidence=EVIDENCE)
    DisclosureFactory(participant=person)
    return person


def pages_of(person: Any) -> dict[str, str]:
    """Every page of the desk about one participant, whether there is such a one or not."""
    consent, disclosure = person.consents.first(), person.disclosures.first()
    found = {
        "list": list_address(Participant, event__id__exact=person.event_id),
        "chooser": list_address(Participant),
        "add": add_address(Participant, event=person.event_id),
        "consent add": add_address(Consent, participant=person.pk),
        "disclosure add": add_address(Disclosure, participant=person.pk),
        "consents": list_address(Consent),
        "disclosures": list_address(Disclosure),
        "erase": reverse("admin:events_participant_erase", args=[person.pk]),
    }
    for name, row in (("participant", person), ("consent", consent), ("disclosure", disclosure)):
        found[name] = change_address(row)
        for page in ("history", "delete"):
            found[f"{name} {page}"] = reverse(f"admin:events_{name}_{page}", args=[row.pk])
    return found


def leaks(content: str) -> list[str]:
    return [word for word in (NAME, "Kaya", AFFILIATION, SPELLING, EVIDENCE) if word in content]


def viewings() -> list[tuple[str, str, int | None]]:
    return [*Viewing.objects.order_by("pk").values_list("by__username", "what", "event")]


# Nobody else


@pytest.mark.parametrize("name", OUTSIDERS)
def test_pages_are_for_convenors_and_tell_others_nothing(
    client_of: ClientOf, request: pytest.FixtureRequest, name: str
) -> None:
    person = somebody()
    client = client_of(request.getfixturevalue(name))
    missing = {page: address.replace(f"/{person.pk}/", "/987654321/") for page, address in pages_of(person).items()}
    for page, address in pages_of(person).items():
        for send in (client.get, client.post):
            response = send(address)
            assert response.status_code == 403, (page, response.status_code)
            assert leaks(response.content.decode()) == []
            nobody = send(missing[page])
            assert nobody.status_code == 403, page
            assert words(nobody.content.decode()) == words(response.content.decode()), page
    assert viewings() == []
    assert Participant.objects.get().name == NAME


@pytest.mark.parametrize("name", OUTSIDERS)
def test_superuser_with_every_permission_is_no_convenor(
    client_of: ClientOf, request: pytest.FixtureRequest, name: str
) -> None:
    person = somebody()
    user = request.getfixturevalue(name)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="events"))
    assert client_of(User.objects.get(pk=user.pk)).get(change_address(person)).status_code == 403


@pytest.mark.parametrize("name", OUTSIDERS)
def test_no_other_page_of_the_desk_gives_anything_away(
    client_of: ClientOf, request: pytest.FixtureRequest, convenor: User, name: str
) -> None:
    person = somebody()
    client_of(convenor).get(change_address(person))
    for row in (person, person.consents.first(), person.disclosures.first()):
        LogEntry.objects.log_actions(convenor.pk, [row], 2, change_message="Changed")
    client = client_of(request.getfixturevalue(name))
    event = person.event
    content_types = [ContentType.objects.get_for_model(model).pk for model in (Participant, Consent, Disclosure)]
    for address in (
        reverse("admin:index"),
        reverse("admin:app_list", args=["events"]),
        reverse("admin:jsi18n"),
        change_address(event),
        reverse("admin:events_event_history", args=[event.pk]),
        reverse("admin:events_event_delete", args=[event.pk]),
        reverse("admin:events_event_versions", args=[event.pk]),
        change_address(convenor),
        reverse("admin:auth_user_delete", args=[convenor.pk]),
        reverse("admin:auth_user_delete", args=[person.consents.first().by.pk]),
        f"{reverse('admin:events_event_changelist')}?participant__name__startswith=Leyla",
        f"{reverse('admin:events_event_changelist')}?_to_field=name&_popup=1",
        f"{reverse('admin:autocomplete')}?app_label=events&model_name=consent&field_name=participant&term=L",
        f"{reverse('admin:autocomplete')}?app_label=events&model_name=disclosure&field_name=participant&term=L",
        f"{reverse('admin:autocomplete')}?app_label=events&model_name=participant&field_name=event&term=",
        f"{reverse('admin:events_participant_changelist')}?_to_field=name&_popup=1",
        f"{reverse('admin:events_participant_changelist')}?name__startswith=L&e=1",
        f"{reverse('admin:events_consent_changelist')}?participant__name__startswith=L",
        *(f"/admin/r/{kind}/{person.pk}/" for kind in content_types),
        "/admin/events/participant/nobody/change/",
        "/admin/nothing/here/",
    ):
        response = client.get(address, follow=True)
        assert response.status_code in {200, 400, 403, 404}, (address, response.status_code)
        assert leaks(response.content.decode()) == [], address
        assert "Consents missing" not in response.content.decode()


@pytest.mark.parametrize("name", OUTSIDERS)
def test_view_on_site_does_not_tell_which_participants_there_are(
    client_of: ClientOf, request: pytest.FixtureRequest, name: str
) -> None:
    person = somebody()
    client = client_of(request.getfixturevalue(name))
    kind = ContentType.objects.get_for_model(Participant).pk
    there, not_there = (client.get(f"/admin/r/{kind}/{key}/") for key in (person.pk, 987654321))
    assert there.status_code == not_there.status_code == 404
    assert words(there.content.decode()) == words(not_there.content.decode())


@pytest.mark.parametrize("name", OUTSIDERS)
def test_delete_page_of_an_event_counts_no_participants(
    client_of: ClientOf, request: pytest.FixtureRequest, name: str
) -> None:
    client = client_of(request.getfixturevalue(name))

    def page(participants: int) -> str:
        event = EventFactory(slug="e", name="E", author=UserFactory(username="someone"))
        for _ in range(participants):
            somebody(event=event)
        ViewingFactory(event=event)
        response = client.get(reverse("admin:events_event_delete", args=[event.pk]))
        assert response.status_code == 200
        said = str(sorted(response.context["perms_lacking"])) + str(response.context["protected"] and "protected")
        for row in Participant.objects.all():
            assert f"#{row.pk}" not in response.content.decode()
        event.slug = f"gone-{event.pk}"
        event.save()
        User.objects.filter(username="someone").update(username=f"someone-{event.pk}")
        return said

    assert page(1) == page(3)


WRITTEN = ["Event", "Series", "Report", "Point"]


def test_app_index_offers_participants_to_convenors(
    client_of: ClientOf, convenor: User, administrator: User, editor: User
) -> None:
    def offered(person: User) -> list[str]:
        apps = client_of(person).get(reverse("admin:index")).context["app_list"]
        return [model["object_name"] for app in apps if app["app_label"] == "events" for model in app["models"]]

    assert offered(editor) == WRITTEN
    assert offered(administrator) == [*WRITTEN, "Document", "PublicName", "NameRefusal", "Viewing"]
    assert offered(convenor) == [*WRITTEN, "Participant", "GroupSize", "Document", "PublicName", "NameRefusal"]


def test_convenor_looks_at_events_and_writes_none(client_of: ClientOf, convenor: User) -> None:
    event = EventFactory()
    client = client_of(convenor)
    assert client.get(change_address(event)).status_code == 200
    assert client.post(change_address(event), {"name_en": "Renamed"}).status_code == 403
    assert client.get(reverse("admin:partnerships_claim_changelist")).status_code == 403


# Each look is recorded


def test_every_look_is_recorded_before_anything_is_shown(client_of: ClientOf, convenor: User) -> None:
    person = somebody()
    client = client_of(convenor)
    recorded = {}
    for page, address in pages_of(person).items():
        before = Viewing.objects.count()
        response = client.get(address)
        assert response.status_code in {200, 302, 403}, page
        recorded[page] = [*Viewing.objects.order_by("pk").values_list("what", flat=True)][before:]
    assert recorded == {
        "list": ["list"],
        "chooser": [],
        "add": [],
        "consent add": ["consents"],
        "disclosure add": ["disclosures"],
        "consents": [],
        "disclosures": [],
        "erase": ["participant"],
        "participant": ["participant"],
        "participant history": ["log"],
        "participant delete": ["participant"],
        "consent": ["consents"],
        "consent history": ["log"],
        "consent delete": ["consents"],
        "disclosure": ["disclosures"],
        "disclosure history": ["log"],
        "disclosure delete": ["disclosures"],
    }
    assert {viewing[0::2] for viewing in viewings()} == {("convenor", person.event_id)}


@pytest.mark.parametrize("page", ["list", "participant", "consent", "disclosure", "participant history", "erase"])
def test_nothing_is_shown_where_the_look_cannot_be_recorded(
    client_of: ClientOf, convenor: User, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    person = somebody()
    client = client_of(convenor)
    assert NAME in client.get(pages_of(person)["list"]).content.decode()

    def full(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("no space left on device")

    monkeypatch.setattr(Viewing, "save", full)
    client.raise_request_exception = False
    response = client.get(pages_of(person)[page])
    assert response.status_code == 500
    assert leaks(response.content.decode()) == []


def test_refused_form_is_a_look_too(desk: Desk, convenor: User) -> None:
    person = somebody()
    page = desk(convenor, person)
    before = Viewing.objects.count()
    assert page.send(name="").errors == {"name": ["This field is required."]}
    assert Viewing.objects.count() == before + 1


def test_viewings_are_read_by_administrators_and_written_by_nobody(
    client_of: ClientOf, administrator: User, convenor: User, superuser: User
) -> None:
    viewing = ViewingFactory()
    client = client_of(administrator)
    assert client.get(list_address(Viewing)).status_code == 200
    assert client.get(change_address(viewing)).status_code == 200
    assert client_of(convenor).get(list_address(Viewing)).status_code == 403
    for person in (administrator, convenor, superuser):
        client = client_of(person)
        assert client.post(change_address(viewing), {"what": "log"}).status_code == 403
        assert (
            client.post(reverse("admin:events_viewing_delete", args=[viewing.pk]), {"post": "yes"}).status_code == 403
        )
        assert client.get(add_address(Viewing)).status_code == 403


# The list


def test_list_is_of_one_event(client_of: ClientOf, convenor: User) -> None:
    person, other = somebody(), somebody(name="Somebody Else")
    client = client_of(convenor)
    content = client.get(list_address(Participant, event__id__exact=person.event_id)).content.decode()
    assert NAME in content
    assert other.name not in content
    one, two = person.event_id, other.event_id
    for query in (
        "",
        "?event__id__exact=",
        "?event__id__exact=nobody",
        f"?event__id__exact={one}&event__id__exact={two}",
        f"?event__id__in={one},{two}",
        "?role=participant",
        "?name__startswith=L",
        "?event__id__exact=987654321",
    ):
        content = client.get(f"{list_address(Participant)}{query}").content.decode()
        assert "Participants of which event?" in content, query
        assert leaks(content) == []
    assert [what for _by, what, _event in viewings()] == ["list"]


def test_chooser_names_the_events_that_have_participants(client_of: ClientOf, convenor: User) -> None:
    person = somebody(event__name="Roundtable <b>1</b>")
    EventFactory(name="Empty")
    content = client_of(convenor).get(list_address(Participant)).content.decode()
    assert "Roundtable &lt;b&gt;1&lt;/b&gt;" in content
    assert "Empty" not in content
    assert f"?event__id__exact={person.event_id}" in content


@pytest.mark.parametrize("lookup", ["name__startswith=L", "consents__given=1", "consents__evidence__startswith=S"])
def test_list_takes_no_lookup_beside_its_filters(client_of: ClientOf, convenor: User, lookup: str) -> None:
    person = somebody()
    response = client_of(convenor).get(f"{list_address(Participant, event__id__exact=person.event_id)}&{lookup}")
    assert response.status_code in {200, 302, 400}


# Writing


def test_log_keeps_neither_name_nor_value(desk: Desk, client_of: ClientOf, convenor: User) -> None:
    event = EventFactory()
    page = desk(convenor, Participant, event=event.pk)
    page.send(name=NAME, affiliation=AFFILIATION, other_spellings=SPELLING, role="speaker")
    assert page.errors == {}
    person = Participant.objects.get()
    link = f'<a href="{change_address(person)}">#{person.pk}</a>'
    assert page.said == [f"The participant “{link}” was added successfully. You may edit it again below."]
    desk(convenor, person).send(affiliation=f"{AFFILIATION} of Defence")
    for kind in ("attendance", "name"):
        page = desk(convenor, add_address(Consent, participant=person.pk))
        page.send("_save", disclosure=kind, given="on", as_of="2025-06-01", evidence=EVIDENCE)
    page = desk(convenor, add_address(Disclosure, participant=person.pk))
    page.send("_save", shows_name="on")
    assert page.response.redirect_chain == [(change_address(person), 302)]
    disclosure = Disclosure.objects.get()
    client = client_of(convenor)
    client.post(reverse("admin:events_disclosure_delete", args=[disclosure.pk]), {"post": "yes"})
    client.post(reverse("admin:events_participant_erase", args=[person.pk]), {"because": "asked"})
    logged = "".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert leaks(logged) == []
    assert LogEntry.objects.count() == 7
    assert {entry.object_repr[0] for entry in LogEntry.objects.all()} == {"#"}
    assert set(LogEntry.objects.values_list("change_message", flat=True)) == {
        '[{"added": {}}]',
        "Changed",
        "",
        "Erased",
    }
    assert not Disclosure.objects.exists()
    assert leaks(client.get(reverse("admin:index")).content.decode()) == []
    history = client.get(reverse("admin:events_participant_history", args=[person.pk]))
    assert leaks(history.content.decode()) == []
    assert [entry.get_change_message() for entry in history.context["action_list"]] == ["Added.", "Changed", "Erased"]


def test_participant_without_a_name_is_refused_at_the_name(desk: Desk, convenor: User) -> None:
    page = desk(convenor, Participant).send(event=EventFactory().pk, name="", role="speaker")
    assert page.errors == {"name": ["This field is required."]}


def test_participant_does_not_move_to_another_event(desk: Desk, convenor: User) -> None:
    person = somebody()
    desk(convenor, person).send(event=EventFactory().pk, name="Renamed")
    moved = Participant.objects.get()
    assert (moved.event_id, moved.name) == (person.event_id, "Renamed")


def test_consent_is_recorded_on_the_page_of_the_participant(desk: Desk, convenor: User) -> None:
    person = ParticipantFactory(name=NAME)
    consents, _disclosures, _named = desk(convenor, person).response.context["panels"]
    (tool,) = consents.tools
    page = desk(convenor, tool.url)
    page.send("_save", disclosure="name", given="on", as_of="2025-06-01", evidence="A letter.")
    assert page.response.redirect_chain == [(change_address(person), 302)]
    consent = Consent.objects.get()
    assert (consent.participant, consent.given, consent.by) == (person, True, convenor)


def test_evidence_that_names_the_person_is_refused_at_the_evidence(desk: Desk, convenor: User) -> None:
    person = ParticipantFactory(name=NAME)
    page = desk(convenor, add_address(Consent, participant=person.pk))
    page.send(disclosure="name", given="on", as_of="2025-06-01", evidence="E-mail of L. KAYA")
    assert list(page.errors) == ["evidence"]
    assert "without the person's name" in page.errors["evidence"][0]
    assert not Consent.objects.exists()


def test_page_says_which_consents_stand_and_what_everybody_reads(desk: Desk, convenor: User) -> None:
    event = EventFactory(published=True)
    person = somebody(event=event)
    page = desk(convenor, person)
    consents, disclosures, _named = page.response.context["panels"]
    assert [str(row.cells[3]) for row in consents.rows] == ["yes"] * 4
    assert [[str(cell) for cell in row.cells[:3]] for row in disclosures.rows] == [
        ["the event as a whole", "name", NAME]
    ]
    ConsentFactory(
        participant=person, disclosure="name", given=False, recorded_at=dt.datetime(2025, 7, 1, tzinfo=dt.UTC)
    )
    consents, disclosures, _named = desk(convenor, person).response.context["panels"]
    assert [str(row.cells[3]) for row in consents.rows].count("no, a later one does") == 1
    assert [str(row.cells[2]) for row in disclosures.rows] == ["nothing now"]


def test_disclosure_without_consent_says_what_is_missing(desk: Desk, convenor: User) -> None:
    person = ParticipantFactory(name=NAME, consents=["name"])
    page = desk(convenor, add_address(Disclosure, participant=person.pk))
    page.send(shows_name="on", shows_affiliation="on")
    assert page.errors == {
        "__all__": ["Record the participant's consent first. Missing: Having attended, Affiliation."]
    }
    assert page.send(shows_name="", shows_affiliation="").errors == {
        "shows_name": ["Choose what is shown: the name, the affiliation, or both."]
    }
    assert not Disclosure.objects.exists()


def test_sessions_offered_for_a_disclosure_are_those_of_the_event(desk: Desk, convenor: User) -> None:
    person = somebody()
    own, _other = SessionFactory(event=person.event), SessionFactory()
    form = desk(convenor, add_address(Disclosure, participant=person.pk)).response.context["adminform"].form
    assert list(form.fields["session"].queryset) == [own]


def test_disclosure_is_taken_back_and_leads_to_the_participant(client_of: ClientOf, convenor: User) -> None:
    person = somebody(event=EventFactory(published=True))
    disclosure = person.disclosures.get()
    assert DisclosedParticipant.objects.count() == 1
    address = reverse("admin:events_disclosure_delete", args=[disclosure.pk])
    response = client_of(convenor).post(address, {"post": "yes"}, follow=True)
    assert response.redirect_chain == [(change_address(person), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "The disclosure is taken back: nobody reads it any more."
    ]
    assert DisclosedParticipant.objects.count() == 0


def test_consent_and_disclosure_are_changed_by_nobody(client_of: ClientOf, convenor: User) -> None:
    person = somebody()
    client = client_of(convenor)
    for row in (person.consents.first(), person.disclosures.first()):
        assert client.post(change_address(row), {"given": ""}).status_code == 403
    consent = person.consents.first()
    assert client.post(reverse("admin:events_consent_delete", args=[consent.pk]), {"post": "yes"}).status_code == 403


def test_participant_entered_by_mistake_is_deleted_before_and_erased_after_a_consent(
    desk: Desk, client_of: ClientOf, convenor: User
) -> None:
    client = client_of(convenor)
    mistake = ParticipantFactory(name=NAME)
    client.post(reverse("admin:events_participant_delete", args=[mistake.pk]), {"post": "yes"})
    assert not Participant.objects.exists()
    person = somebody()
    response = client.post(reverse("admin:events_participant_delete", args=[person.pk]), {"post": "yes"})
    assert response.context["protected"]
    assert NAME not in response.content.decode()
    address = reverse("admin:events_participant_erase", args=[person.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"because": "bored"}).status_code == 200
    assert Participant.objects.get().name == NAME
    response = client.post(address, {"because": "mistake"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [f"What was known of #{person.pk} is erased."]
    assert leaks(response.content.decode().replace(EVIDENCE, "")) == []
    assert client.get(address).status_code == 403
    content = client.get(list_address(Participant, event__id__exact=person.event_id)).content.decode()
    assert ">erased</a>" in content


@pytest.mark.parametrize("name", OUTSIDERS)
def test_document_list_and_actions_do_not_lead_to_participants(
    client_of: ClientOf, request: pytest.FixtureRequest, name: str
) -> None:
    person = somebody()
    DocumentFactory(event=person.event)
    response = client_of(request.getfixturevalue(name)).get(reverse("admin:events_document_changelist"))
    assert leaks(response.content.decode()) == []
    with pytest.raises(NotAllowed):
        actions.erase_participant(
            person,
            because="asked",
            act=Act(by=request.getfixturevalue(name), at=dt.datetime(2025, 6, 1, tzinfo=dt.UTC)),
        )
