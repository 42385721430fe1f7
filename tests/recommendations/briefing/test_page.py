"""The desk's page that makes briefing packs: who may, what it asks, what a pack contains, and what it never does."""

import io
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from psycopg.errors import QueryCanceled
from pytest_django import DjangoAssertNumQueries

from publishing.desk.addresses import change_address, list_address
from recommendations.admin.briefing import ADDRESS
from recommendations.briefing import spreadsheet, word
from recommendations.models import Recommendation
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    InternalNoteFactory,
    ParticipantFactory,
    RecommendationFactory,
    ResponseFactory,
    SeriesFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
    UserFactory,
    recommendation_with_history,
)
from tests.recommendations.briefing.reading import all_text_of

ClientOf = Callable[[Any], Client]

pytestmark = pytest.mark.django_db

WISHES = {"language": "en", "since": "2025-05-15", "format": "docx"}


def address(query: str = "") -> str:
    return reverse(ADDRESS) + (f"?{query}" if query else "")


def make(client: Client, query: str = "", **wishes: str) -> Any:
    """What the page answers to the filled-in form."""
    return client.post(address(query), {**WISHES, **wishes})


def says(response: Any) -> list[str]:
    """What stands in red on the page: above the form, and at its fields."""
    context = response.context
    at_fields = [message for messages in context["form"].errors.values() for message in messages]
    return [*context["refused"], *(problem.advice for problem in context["problems"]), *at_fields]


# Who


@pytest.mark.parametrize("who", ["editor", "reviewer", "administrator", "superuser"])
def test_desk_makes_packs(who: str, request: pytest.FixtureRequest, client_of: ClientOf) -> None:
    recommendation_with_history(published=True)
    client = client_of(request.getfixturevalue(who))
    assert client.get(address()).status_code == 200
    response = make(client)
    assert (response.status_code, response["Content-Type"]) == (200, word.CONTENT_TYPE)


@pytest.mark.parametrize(("who", "status"), [("convenor", 403), ("partner", 302), ("anonymous", 302)])
def test_nobody_else_does(who: str, status: int, request: pytest.FixtureRequest, client_of: ClientOf) -> None:
    client = client_of(request.getfixturevalue(who))
    assert client.get(address()).status_code == status
    assert make(client).status_code == status


def test_form_is_not_sent_from_elsewhere(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert make(client).status_code == 403


# What comes out


@pytest.mark.parametrize(
    ("wishes", "name", "content_type"),
    [
        ({"format": "docx"}, "majlis-briefing-{day}-en.docx", word.CONTENT_TYPE),
        ({"format": "xlsx", "language": "ar"}, "majlis-briefing-{day}-ar.xlsx", spreadsheet.CONTENT_TYPE),
        ({"format": "both", "with_drafts": "on"}, "majlis-briefing-{day}-en-drafts.zip", "application/zip"),
    ],
)
def test_answer_is_a_file_with_a_plain_name(
    wishes: dict[str, str], name: str, content_type: str, editor: User, client_of: ClientOf
) -> None:
    response = make(client_of(editor), **wishes)
    expected = name.format(day=timezone.now().date().isoformat())
    assert response["Content-Disposition"] == f'attachment; filename="{expected}"'
    assert response["Content-Type"] == content_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert zipfile.ZipFile(io.BytesIO(response.content)).testzip() is None


def test_archive_holds_both(editor: User, client_of: ClientOf) -> None:
    content = make(client_of(editor), format="both").content
    day = timezone.now().date().isoformat()
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == [
        f"majlis-briefing-{day}-en.docx",
        f"majlis-briefing-{day}-en.xlsx",
    ]


def test_what_was_wished_is_what_is_made(editor: User, client_of: ClientOf) -> None:
    addressee = AddresseeFactory(
        recommendation=RecommendationFactory(published=True, title_tr="Her yıl buluşulmalı"), actor__published=True
    )
    content = make(client_of(editor), language="tr", prepared_by="Ayşe Örnek").content
    document = Document(io.BytesIO(content))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Her yıl buluşulmalı" in words
    assert "Ayşe Örnek" in words
    assert document.core_properties.language == "tr-TR"
    assert f"http://testserver/tr/recommendations/{addressee.recommendation.reference}/" in all_text_of(content)


def test_links_of_a_pack_stand_on_the_address_of_the_site(editor: User, client_of: ClientOf, settings: Any) -> None:
    addressee = AddresseeFactory(recommendation=RecommendationFactory(published=True), actor__published=True)
    path = addressee.recommendation.get_absolute_url()
    client = client_of(editor)
    for site_url, begins in (("", "http://testserver"), ("https://majlis.example", "https://majlis.example")):
        settings.SITE_URL = site_url
        content = client.post(address(), WISHES, headers={"Host": "TestServer.:1234"}).content
        assert f"{begins}{path}" in all_text_of(content)
        assert "1234" not in all_text_of(content)


def test_list_of_the_desk_is_taken_as_it_is_filtered(editor: User, client_of: ClientOf) -> None:
    key = RecommendationFactory(published=True, strength="key")
    other = RecommendationFactory(published=True)
    client = client_of(editor)
    page = client.get(list_address(Recommendation, strength__exact="key", o="-1"))
    link = page.context["briefing_address"]
    assert f'href="{link}"' in page.content.decode()
    offered = client.get(link).context["offer"]
    assert (offered.number, offered.number_public, offered.in_words) == (1, 1, [("Strength", "Key")])
    text = all_text_of(client.post(link, WISHES).content)
    assert key.reference in text
    assert other.reference not in text
    assert "Strength: Key" in text


def test_pack_says_nothing_of_how_the_desk_works(client_of: ClientOf) -> None:
    author = UserFactory(username="secret_author", groups=("editors",), first_name="Nadia")
    event = EventFactory(name="Secret event")
    RecommendationFactory(published=True, author=author)
    client = client_of(author)
    filters = {"author__id__exact": author.pk, "state__exact": "published", "q": "Recommendation"}
    page = client.get(list_address(Recommendation, **filters))
    text = all_text_of(client.post(page.context["briefing_address"], WISHES).content)
    assert "a choice of the desk" in text
    assert [word for word in ("secret_author", "Nadia", "author__id") if word in text] == []
    RecommendationFactory(event=event)
    page = client.get(list_address(Recommendation, event__id__exact=event.pk))
    assert "Secret event" not in all_text_of(client.post(page.context["briefing_address"], WISHES).content)


# What never does


def test_nothing_restricted_is_in_any_pack(editor: User, client_of: ClientOf) -> None:
    """Everything that could leak is there, beside what is told."""
    event = EventFactory(published=True, name="Told event")
    recommendation = RecommendationFactory(published=True, event=event, title="Told title")
    addressee = AddresseeFactory(
        recommendation=recommendation, actor=ActorFactory(published=True, name="Told Institute")
    )
    recorder = UserFactory(username="canary_recorder", first_name="Canaryrecorder", email="canary@example.org")
    entry = StatusEntryFactory(addressee=addressee, by=recorder, public_note="Told note")
    ResponseFactory(addressee=addressee, noted=True, words="Told words", by=recorder)
    InternalNoteFactory(entry=entry, text="Canary internal note", by=recorder)
    SubmissionFactory(
        addressee=addressee, note="Canary submission", source_title="Canary source", submitted_by=recorder
    )
    ParticipantFactory(event=event, name="Canary Participant", affiliation="Canary Affiliation")
    drafts = [
        RecommendationFactory(title="Canary draft", event=event),
        AddresseeFactory(recommendation=recommendation, actor=ActorFactory(name="Canary Actor")),
        StatusEntryFactory(
            addressee=addressee, state="in_progress", cited=SourceFactory(title="Canary evidence", date="2025-05")
        ),
    ]
    assert len(drafts) == 3
    client = client_of(editor)
    for language in ("en", "tr", "ar"):
        text = all_text_of(make(client, format="both", language=language).content)
        assert [told for told in ("Told title", "Told Institute", "Told note", "Told words") if told not in text] == []
        assert "anary" not in text
        assert "editor" not in text  # who made it
    with_drafts = all_text_of(make(client, format="both", with_drafts="on").content)
    for told in ("Canary draft", "Canary Actor", "Canary evidence"):
        assert told in with_drafts
    for kept in (
        "Canary internal note",
        "Canary submission",
        "Canary source",
        "Canary Participant",
        "Canary Affiliation",
        "anary_recorder",
        "Canaryrecorder",
        "canary@example.org",
        recommendation.author.username,
    ):
        assert kept not in with_drafts


def test_pack_for_the_public_is_read_as_the_public(
    editor: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were a filter forgotten, the database would still refuse."""
    draft = RecommendationFactory(title="Canary draft")
    published = RecommendationFactory(published=True)
    monkeypatch.setattr("publishing.publication.PublicationQuerySet.visible_to", lambda rows, user, **_at: rows.all())
    text = all_text_of(make(client_of(editor)).content)
    assert published.reference in text
    assert draft.reference not in text


# Bad input


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"since": "2099-01-01"}, "That day is still to come. Choose today or a day before it."),
        ({"since": "2026-00-00"}, "There is no “2026-00-00” in the calendar."),
        (
            {"since": "yesterday"},
            "“yesterday” is no day we can read. Write 2026-04-03, or the day first: 3/4/2026 or 3 April 2026.",
        ),
        ({"since": "1066-10-14"}, "That day is too long ago. Choose a day from 1900 on."),
        ({"since": ""}, "This field is required."),
        ({"language": "fr"}, "Select a valid choice. fr is not one of the available choices."),
        ({"format": "exe"}, "Select a valid choice. exe is not one of the available choices."),
        ({"prepared_by": "x" * 121}, "Ensure this value has at most 120 characters (it has 121)."),
        ({"prepared_by": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_wish_that_cannot_be_met_is_told_at_its_field(
    wishes: dict[str, str], message: str, editor: User, client_of: ClientOf
) -> None:
    response = make(client_of(editor), **wishes)
    assert response.status_code == 200
    assert message in " ".join(says(response))


@pytest.mark.parametrize(
    "query",
    [
        "state=done",
        "addressee=nobody",
        "as_of=2099-01-01",
        "list=%2500",
        "list=nonsense%3D1",
    ],
)
def test_address_that_cannot_be_read_says_what_is_wrong(query: str, editor: User, client_of: ClientOf) -> None:
    client = client_of(editor)
    for response in (client.get(address(query)), make(client, query)):
        assert response.status_code == 400
        assert says(response) != []


@pytest.mark.parametrize("value", ["x", "²", "9" * 40, "-1"])
@pytest.mark.parametrize("name", ["event__id__exact", "strength__exact"])
def test_value_that_no_row_has_chooses_what_the_list_shows(
    name: str, value: str, editor: User, client_of: ClientOf
) -> None:
    RecommendationFactory(published=True)
    RecommendationFactory(published=True)
    client = client_of(editor)
    link = address(urlencode({"list": urlencode({name: value})}))
    listed = client.get(list_address(Recommendation, **{name: value}))
    if listed.status_code == 302:  # the list takes it for a mistake
        assert client.get(link).status_code == client.post(link, WISHES).status_code == 400
    else:
        assert client.get(link).context["offer"].number == listed.context["cl"].result_count == 0
        assert client.post(link, WISHES).status_code == 200


def test_lookup_through_other_tables_is_refused(editor: User, client_of: ClientOf) -> None:
    """Or the number of rows would tell, letter by letter, what nobody may read."""
    client = client_of(editor)
    assert client.get(address("list=author__password__startswith%3Dp")).status_code == 400


def test_draft_that_the_pack_is_about_has_to_be_ticked(editor: User, client_of: ClientOf) -> None:
    event = EventFactory(slug="secret-event", name="Secret event")
    RecommendationFactory(event=event)
    client = client_of(editor)
    offer = client.get(address("event=secret-event")).context["offer"]
    assert (offer.number, offer.number_public, offer.about) == (1, 0, "Secret event")
    refused = make(client, "event=secret-event")
    assert refused.status_code == 400
    assert "Secret event" in all_text_of(make(client, "event=secret-event", with_drafts="on").content)


def test_too_much_is_refused_before_it_is_made(
    editor: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommendations.briefing.selection.MAX_RECOMMENDATIONS", 1)
    RecommendationFactory(published=True)
    client = client_of(editor)
    assert make(client).status_code == 200
    RecommendationFactory(published=True)
    for query in ("", "list=o%3D1"):
        for response in (client.get(address(query)), make(client, query)):
            assert response.status_code == 400
            assert says(response)[0].startswith("These are more than 1 recommendations")


def test_query_that_takes_too_long_is_told(editor: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_arguments: Any, **_wishes: Any) -> None:
        raise OperationalError("canceling statement due to statement timeout") from QueryCanceled()

    monkeypatch.setattr("recommendations.admin.briefing.gather", slow)
    response = make(client_of(editor))
    assert says(response) == ["This took too long. Narrow the list, and try again."]


# Ways to it


def test_partner_edition_and_series_lead_to_their_packs(editor: User, convenor: User, client_of: ClientOf) -> None:
    series = SeriesFactory(published=True)
    event = EventFactory(published=True, series=series, edition=1)
    actor = ActorFactory(published=True)
    recommendation = RecommendationFactory(published=True, event=event)
    AddresseeFactory(recommendation=recommendation, actor=actor)
    client = client_of(editor)
    for thing, query in ((actor, "addressee"), (event, "event"), (series, "series")):
        link = address(f"{query}={thing.slug}")
        assert f'href="{link}"' in client.get(change_address(thing)).content.decode()
        assert client.get(link).context["offer"].number == 1
        assert recommendation.reference in all_text_of(client.post(link, WISHES).content)
    assert reverse(ADDRESS) not in client_of(convenor).get(change_address(event)).content.decode()


def test_tracker_leads_the_desk_to_a_pack_of_what_it_shows(editor: User, client_of: ClientOf) -> None:
    RecommendationFactory(published=True, strength="key")
    tracker = reverse("recommendations:recommendation_list")
    page = client_of(editor).get(tracker, {"strength": "key", "state": "not_assessed"}).content.decode()
    assert f'href="{address("strength=key&amp;state=not_assessed")}"' in page
    assert reverse(ADDRESS) not in Client().get(tracker).content.decode()


# How much


def test_pack_costs_the_same_for_one_and_for_three(
    editor: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(editor)
    recommendation_with_history(published=True)
    make(client)
    with django_assert_num_queries(17):
        make(client, format="both")
    recommendation_with_history(published=True)
    recommendation_with_history(published=True)
    with django_assert_num_queries(17):
        make(client, format="both")
