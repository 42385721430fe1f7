"""The pages of the queue and of the update, as a person uses them."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from partnerships.models import Source
from publishing.desk.addresses import list_address
from recommendations.models import Addressee, Recommendation, Response, Snooze, StatusEntry
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    ClaimFactory,
    EvidenceFactory,
    PartnershipFactory,
    RecommendationFactory,
    ResponseFactory,
    SeriesFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.support.desk import Page

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

QUEUE = "/admin/queue/"
LINK = "https://gazette.example/dialogue"


def published(factory: Any, **attributes: Any) -> Any:
    return factory(published=True, published_at=timezone.now() - dt.timedelta(days=400), **attributes)


def begun(state: str = "in_progress", days: int = 300, **attributes: Any) -> Addressee:
    """Stale: somebody looked long ago."""
    recommendation = published(RecommendationFactory, **attributes)
    addressee: Addressee = AddresseeFactory(recommendation=recommendation, actor=published(ActorFactory))
    day = timezone.now().date() - dt.timedelta(days=days)
    StatusEntryFactory(addressee=addressee, state=state, as_of=day)
    return addressee


def update_address(addressee: Addressee) -> str:
    return reverse("admin:recommendations_addressee_update", args=[addressee.pk])


def errors(page: Page) -> dict[str, list[str]]:
    return {name: list(said) for name, said in page.response.context["form"].errors.items()}


# The update


def test_check_is_one_click(desk: Desk, editor: User) -> None:
    addressee = begun()
    page = desk(editor, update_address(addressee))
    assert (page.fields["state"], page.fields["as_of"]) == ("in_progress", timezone.now().date().isoformat())
    page.send("_save")
    today = date_format(timezone.now().date(), "DATE_FORMAT")
    assert page.said == [f"Recorded of {addressee}: “In progress”.", f"Days as they were read: As of: {today}."]
    last = StatusEntry.objects.latest("pk")
    assert (last.state, last.as_of, last.by) == ("in_progress", timezone.now().date(), editor)


def test_only_what_can_follow_is_offered(desk: Desk, editor: User, reviewer: User) -> None:
    def offered(person: User, addressee: Addressee) -> list[str]:
        form = desk(person, update_address(addressee)).response.context["form"]
        return [value for value, _label in form.fields["state"].choices]

    assert offered(editor, begun("implemented")) == ["implemented", "reversed", ""]
    assert offered(editor, begun("not_implemented")) == ["not_implemented", ""]
    assert offered(reviewer, begun("not_implemented")) == ["not_implemented", "not_started", "in_progress", ""]
    fresh = AddresseeFactory(recommendation=published(RecommendationFactory))
    assert offered(editor, fresh)[:2] == ["not_started", "in_progress"]


def test_what_a_state_needs_is_said_beside_it(desk: Desk, editor: User) -> None:
    form = desk(editor, update_address(begun())).response.context["form"]
    groups = {group.fields[0].name: (str(group.title), group.values) for group in form.needed()}
    assert groups["what_remains"] == ("Needed for: Partly implemented", "partly_implemented")
    assert groups["last_movement_date"] == ("Needed for: Stalled", "stalled")
    assert groups["nature"] == (
        "Needed for: Implemented, Implemented otherwise, Verified",
        "implemented implemented_otherwise verified",
    )
    assert "source_date" not in groups, "a check needs no source"


def test_missing_needs_are_told_at_their_fields_and_nothing_typed_is_lost(desk: Desk, editor: User) -> None:
    page = desk(editor, update_address(begun()))
    page.send("_save", state="stalled", public_note="Nothing moves.", source_url=LINK)
    assert errors(page) == {"reason": ["Say why."], "last_movement_date": ["Say when something last moved."]}
    assert (page.fields["public_note"], page.fields["source_url"]) == ("Nothing moves.", LINK)
    assert StatusEntry.objects.count() == 1
    page.send("_save", reason="No budget.", last_movement_date="2025-01-01")
    assert StatusEntry.objects.latest("pk").reason == "No budget."


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"as_of": "2999-01-01"}, "as_of"),
        ({"as_of": "2001-01-01"}, "as_of"),
        ({"as_of": "soon"}, "as_of"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"state": "invented"}, "state"),
        ({"state": "implemented"}, "__all__"),
        ({"source_date": "last week"}, "source_date"),
        ({"response_kind": "rejected"}, "response_kind"),
        ({"response_kind": "awaiting", "response_recipient": "Secretariat"}, "response_channel"),
        ({"state": "partly_implemented", "source_url": "https://gazette.example/withdrawn"}, "source_url"),
        ({"source": "999999"}, "source"),
        ({"seen": "x"}, "seen"),
    ],
)
def test_bad_input_is_refused_at_its_field(desk: Desk, editor: User, given: dict[str, str], place: str) -> None:
    SourceFactory(url="https://gazette.example/withdrawn", withdrawn=True)
    page = desk(editor, update_address(begun()))
    page.send("_save", **given)
    assert place in errors(page)
    assert StatusEntry.objects.count() == 1


def test_link_makes_a_source_that_a_reviewer_finds_in_the_queue(
    desk: Desk, editor: User, reviewer: User, client_of: ClientOf
) -> None:
    addressee = begun()
    page = desk(editor, update_address(addressee))
    page.send("_save", state="implemented", source_url=LINK, nature="primary", public_note="It was held.")
    source = Source.objects.get(url=LINK)
    assert page.said[:-1] == [
        f"Recorded of {addressee}: “Implemented”. Its source is public once a second person has published it."
    ]
    assert source.state == "in_review"
    content = client_of(reviewer).get(QUEUE).content.decode()
    assert reverse("admin:partnerships_source_change", args=[source.pk]) in content
    assert "To publish" in content


def test_second_of_two_is_told_and_loses_nothing(desk: Desk, editor: User, reviewer: User) -> None:
    addressee = begun()
    first, second = desk(editor, update_address(addressee)), desk(reviewer, update_address(addressee))
    first.send("_save", state="stalled", reason="No budget.", last_movement_date="2025-01-01")
    second.send("_save", state="in_progress", public_note="They met again.")
    assert "Meanwhile editor recorded" in errors(second)["__all__"][0]
    assert second.fields["public_note"] == "They met again."
    assert StatusEntry.objects.filter(addressee=addressee).count() == 2
    second.send("_save", source_url=LINK, source_date="2026-01")
    assert StatusEntry.objects.latest("pk").public_note == "They met again."


def test_second_of_two_answers_is_told(desk: Desk, editor: User, reviewer: User) -> None:
    addressee = begun()
    asked = {"response_kind": "awaiting", "response_channel": "letter", "response_recipient": "Secretariat"}
    first, second = desk(editor, update_address(addressee)), desk(reviewer, update_address(addressee))
    first.send("_save", **asked)
    ResponseFactory(addressee=addressee, noted=True, as_of=timezone.now().date(), recorded_at=timezone.now())
    second.send("_save", state="", **asked)
    assert "Meanwhile" in errors(second)["__all__"][0]
    assert Response.objects.count() == 2
    second.send("_save")
    assert Response.objects.count() == 3


def test_save_and_next_works_through_the_queue(desk: Desk, editor: User) -> None:
    oldest, newer = begun(days=400), begun(days=300)
    page = desk(editor, QUEUE)
    (first, second) = [address for _item, address, _put_off in page.response.context["items"]]
    assert first.startswith(update_address(oldest))
    page = desk(editor, first)
    page.send("_next")
    assert page.address == second
    assert page.address.startswith(update_address(newer))
    page.send("_next")
    assert page.address == QUEUE
    assert page.said[-1] == "That was the last item of this list."


def test_next_keeps_to_the_filters(desk: Desk, editor: User) -> None:
    begun(days=500)
    mine, also_mine = begun(days=400, author=editor), begun(days=300, author=editor)
    begun(days=350)
    page = desk(editor, f"{QUEUE}?mine=1&kind=stale")
    assert [item.addressee for item, _address, _put_off in page.response.context["items"]] == [mine, also_mine]
    page = desk(editor, page.response.context["items"][0][1]).send("_next")
    assert page.address.startswith(update_address(also_mine))
    assert "mine=1" in page.address
    assert "kind=stale" in page.address


def test_names_are_read_before_they_are_public(desk: Desk, editor: User) -> None:
    page = desk(editor, update_address(begun()))
    page.send("_save", public_note="They met, and all went well.")
    assert page.response.status_code == 200
    assert StatusEntry.objects.count() == 2


@pytest.mark.parametrize("tail", ["999999999", "x", "1" * 30, "%00", "٣"])
def test_update_of_nothing_is_not_found(editor: User, client_of: ClientOf, tail: str) -> None:
    assert client_of(editor).get(f"/admin/recommendations/addressee/{tail}/update/").status_code == 404


@pytest.mark.parametrize("name", ["convenor", "partner"])
def test_only_those_who_record_come_here(request: pytest.FixtureRequest, client_of: ClientOf, name: str) -> None:
    addressee = begun()
    client = client_of(request.getfixturevalue(name))
    allowed = {"convenor": 403, "partner": 302}[name]
    snooze = reverse("admin:queue_put_off", args=["addressee", addressee.pk])
    for address in (QUEUE, update_address(addressee), snooze):
        assert client.get(address).status_code == client.post(address, {"state": "x"}).status_code == allowed
    if name == "convenor":
        assert "queue_items" not in client.get("/admin/").context


def test_update_is_reached_from_the_lists(desk: Desk, editor: User, client_of: ClientOf) -> None:
    addressee = begun()
    content = client_of(editor).get(list_address(Recommendation)).content.decode()
    address = reverse("admin:recommendations_recommendation_update", args=[addressee.recommendation_id])
    assert address in content
    assert client_of(editor).get(address).headers["Location"] == update_address(addressee)
    assert desk(editor, addressee).response.context["tools"][0].url == update_address(addressee)
    nobody = RecommendationFactory()
    address = reverse("admin:recommendations_recommendation_update", args=[nobody.pk])
    assert "addressed to nobody" in client_of(editor).get(address, follow=True).content.decode()


# Putting off, and submissions


def test_item_is_put_off_and_the_next_one_comes(desk: Desk, editor: User) -> None:
    oldest, newer = begun(days=400), begun(days=300)
    address = desk(editor, QUEUE).response.context["items"][0][2]
    until = timezone.now().date() + dt.timedelta(days=7)
    client = desk(editor, QUEUE).client
    refused = client.post(address, {"until": "2001-01-01", "reason": "Later.", "_next": "1"})
    assert refused.context["form"].errors == {"until": ["Give a day that is still to come."]}
    answer = client.post(address, {"until": until.isoformat(), "reason": "They meet then.", "_next": "1"})
    assert answer.headers["Location"].startswith(update_address(newer))
    assert Snooze.objects.get().addressee == oldest
    assert [item.addressee for item, *_ in client.get(QUEUE).context["items"]] == [newer]
    assert "They meet then." in client.get(update_address(oldest)).content.decode()


def test_submission_opens_with_our_last_assessment_beside_it(desk: Desk, editor: User) -> None:
    addressee = begun()
    submission = SubmissionFactory(addressee=addressee, proposed_state="stalled", note="We could not go on.")
    (_item, address, _put_off) = desk(editor, QUEUE).response.context["items"][0]
    assert address.startswith(reverse("admin:recommendations_submission_accept", args=[submission.pk]))
    response = desk(editor, QUEUE).client.get(address)
    content = response.content.decode()
    assert response.context["beside"]["last"] == StatusEntry.objects.get()
    assert "We could not go on." in content
    assert "Our last assessment" in content
    other = begun(days=350)
    client = desk(editor, QUEUE).client
    declined = (
        reverse("admin:recommendations_submission_decline", args=[submission.pk])
        + address.partition("?")[1]
        + address.partition("?")[2]
    )
    answer = client.post(declined, {"reason": "Its source says otherwise.", "_next": "1"})
    assert answer.headers["Location"].partition("?")[0] in {update_address(addressee), update_address(other)}


# The list


def test_queue_page_costs_the_same_for_one_and_for_three(
    reviewer: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(reviewer)
    for of_the_front_page in (34, 30):  # it asks kind by kind until it has as many as it shows
        begun()
        SubmissionFactory(addressee=begun(days=10))
        entry = StatusEntryFactory(addressee=begun(days=10), state="partly_implemented", cited=False)
        EvidenceFactory(entry=entry, source=SourceFactory(in_review=True))
        ClaimFactory(published=True, review_by=timezone.now().date(), partnerships=[PartnershipFactory(published=True)])
        with django_assert_num_queries(23):
            content = client.get(QUEUE).content.decode()
        assert "Not checked for long" in content
        with django_assert_num_queries(of_the_front_page):
            client.get("/admin/")
        with django_assert_num_queries(12):
            client.get(update_address(Addressee.objects.order_by("pk")[0]))


def test_queue_is_paged(monkeypatch: pytest.MonkeyPatch, editor: User, client_of: ClientOf) -> None:
    monkeypatch.setattr("recommendations.admin.queue.PER_PAGE", 2)
    for number in range(3):
        begun(days=300 + number)
    client = client_of(editor)
    first = client.get(QUEUE)
    assert len(first.context["items"]) == 2
    assert first.context["first_address"] == ""
    second = client.get(first.context["next_address"])
    assert len(second.context["items"]) == 1
    assert (second.context["next_address"], second.context["first_address"]) == ("", QUEUE)


@pytest.mark.parametrize(
    "asked", ["kind=none", "series=x", "partner=-1", "series=" + "9" * 40, "after=x", "mine=2", "series=٣"]
)
def test_filter_that_means_nothing_filters_nothing(editor: User, client_of: ClientOf, asked: str) -> None:
    begun()
    assert len(client_of(editor).get(f"{QUEUE}?{asked}").context["items"]) == 1


def test_front_page_begins_with_the_queue(editor: User, client_of: ClientOf) -> None:
    for number in range(7):
        begun(days=300 + number)
    response = client_of(editor).get("/admin/")
    assert len(response.context["queue_items"]) == 5
    assert [(one["kind"].value, one["number"]) for one in response.context["queue_kinds"]] == [("stale", "7")]
    content = response.content.decode()
    assert content.index("My queue") < content.index('id="content-related"')
    assert len(re.findall("Record an update", content)) == 5


def test_filters_offer_series_and_partners(editor: User, client_of: ClientOf) -> None:
    series, addressee = SeriesFactory(name="Dialogue"), begun()
    UserFactory()
    context = client_of(editor).get(QUEUE).context
    assert context["all_series"] == {"rows": [series], "is_more": False}
    assert context["partners"] == {"rows": [addressee.actor], "is_more": False}


def test_filters_offer_the_first_hundred_and_the_chosen_one(editor: User, client_of: ClientOf) -> None:
    series = [SeriesFactory(name=f"Dialogue {number:03}") for number in range(102)]
    begun()
    answer = client_of(editor).get(f"{QUEUE}?series={series[-1].pk}")
    assert answer.context["all_series"] == {"rows": [*series[:100], series[-1]], "is_more": True}
    assert f'<option value="{series[-1].pk}" selected>' in answer.content.decode()


def test_second_person_confirms_from_the_queue_and_goes_on(editor: User, reviewer: User, client_of: ClientOf) -> None:
    addressee, later = begun(), begun(days=300)
    entry = StatusEntryFactory(addressee=addressee, state="implemented", as_of=timezone.now().date(), by=editor)
    own = client_of(editor).get(update_address(addressee)).content.decode()
    assert "Confirm that it is implemented" not in own
    client = client_of(reviewer)
    queue = client.get(f"{QUEUE}?kind=confirm").content.decode()
    assert "Look and confirm" in queue
    place = f"?place=confirm.{entry.as_of.isoformat()}.{addressee.pk}"
    page = client.get(update_address(addressee) + place).content.decode()
    assert entry.evidence.get().source.title in page
    confirming = reverse("admin:recommendations_statusentry_confirm", args=[entry.pk])
    assert f'action="{confirming}{place}"' in page
    answer = client.post(confirming + place, {"_next": ""})
    assert answer.headers["Location"].startswith(update_address(later))
    assert entry.confirmation.by == reviewer
    assert "Confirm that it is implemented" not in client.get(update_address(addressee)).content.decode()
