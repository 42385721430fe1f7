"""Working through claims, forecasts and sources in the queue, as a person does it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Resolution, Review, Source
from publishing.desk.addresses import add_address, change_address, with_next
from recommendations.models import Snooze
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    ClaimFactory,
    OfficialPositionFactory,
    PartnershipFactory,
    SourceFactory,
    SubmissionFactory,
    TopicFactory,
)
from tests.support.desk import Page

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

QUEUE = "/admin/queue/"


def today() -> dt.date:
    return timezone.now().date()


def claimed(**attributes: Any) -> Any:
    """A claim that is due."""
    long_ago = timezone.now() - dt.timedelta(days=400)
    return ClaimFactory(published=True, published_at=long_ago, review_by=today(), **attributes)


def addresses(client: Client) -> list[str]:
    return [address for _item, address, _put_off in client.get(QUEUE).context["items"]]


def test_claims_are_reviewed_one_after_another(desk: Desk, editor: User) -> None:
    first, second = claimed(statement="Talks are held."), claimed(statement="Troops are sent.")
    client = desk(editor, QUEUE).client
    address = addresses(client)[0]
    page = desk(editor, address)
    assert b"Save and next" in page.response.content
    page.send("_next", status="unverified", reason="Still nobody else says so.", as_of=today())
    review = Review.objects.get()
    assert (review.claim, review.status) == (first, "unverified")
    assert page.address.startswith(add_address(Review, claim=second.pk))
    page.send("_next", status="unverified", reason="Nothing new.", as_of=today())
    assert page.address == QUEUE
    assert page.said[-1] == "That was the last item of this list."
    assert addresses(client) == []


def test_saving_alone_leads_to_the_claim(desk: Desk, editor: User) -> None:
    claim = claimed()
    page = desk(editor, addresses(desk(editor, QUEUE).client)[0])
    page.send("_save", status="unverified", reason="Still nobody else says so.", as_of=today())
    assert page.address == change_address(claim)


def test_new_review_stands_beside_what_is_recorded(editor: User, client_of: ClientOf) -> None:
    claim = claimed(statement="Troops are sent, and nobody says by whom.")
    OfficialPositionFactory(claim=claim, government=ActorFactory(name="Ruritania"), note="No word of it.")
    client = client_of(editor)
    content = client.get(add_address(Review, claim=claim.pk)).content.decode()
    assert content.index("Save and view") < content.index("What governments say"), "what one does comes first"
    assert "No word of it." in content
    assert "<h2>Troops are sent, and nobody says by whom.</h2>" in content
    assert "What governments say" not in client.get(add_address(Review)).content.decode()
    for wrong in ("999999", "x", "1" * 30, "٣"):
        assert client.get(add_address(Review, corrects=wrong)).status_code == 200


def test_forecast_leads_to_how_it_ended(editor: User, client_of: ClientOf) -> None:
    forecast = claimed(kind="forecast", likelihood="likely", partnerships=[PartnershipFactory(name="A pact")])
    client = client_of(editor)
    assert addresses(client)[0].startswith(add_address(Resolution, claim=forecast.pk))
    content = client.get(QUEUE).content.decode()
    assert "Record how it ended" in content
    assert "A pact" in content


def test_gone_source_is_mended_and_leads_on(desk: Desk, editor: User) -> None:
    source = SourceFactory(published=True, url="https://news.example/talks", title="A report on the talks")
    Source.objects.filter(pk=source.pk).update(gone_since=today())
    claim = ClaimFactory(published=True, published_at=source.published_at)
    client = desk(editor, QUEUE).client
    address = addresses(client)[0]
    assert address.startswith(change_address(source))
    page = desk(editor, address)
    page.send("_next", url="https://news.example/archive/talks", what_changed="Its address moved.")
    source.refresh_from_db()
    assert (source.url, source.gone_since) == ("https://news.example/archive/talks", None)
    assert page.address.startswith(add_address(Review, claim=claim.pk))


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/admin/",
        "//evil.example/admin/",
        "/\\evil.example/admin/",
        "/partnerships/",
        "javascript:alert(1)",
        "/admin\n/evil",
        "",
    ],
)
def test_page_leads_on_within_the_desk_only(desk: Desk, editor: User, onward: str) -> None:
    claim = claimed()
    page = desk(editor, with_next(add_address(Review, claim=claim.pk), onward))
    assert b"Save and next" not in page.response.content
    page.send("_next", status="unverified", reason="Still nobody else says so.", as_of=today())
    assert page.address == change_address(claim)


@pytest.mark.parametrize("kind", ["claim", "source", "addressee", "submission"])
def test_anything_of_the_queue_is_put_off(editor: User, client_of: ClientOf, kind: str) -> None:
    made = {"claim": claimed, "source": SourceFactory, "addressee": AddresseeFactory, "submission": SubmissionFactory}
    thing = made[kind]()
    client = client_of(editor)
    address = reverse("admin:queue_put_off", args=[kind, thing.pk])
    assert client.get(address).status_code == 200
    until = today() + dt.timedelta(days=7)
    answer = client.post(address, {"until": until.isoformat(), "reason": "They meet next week."})
    assert answer.headers["Location"] == change_address(thing)
    kept = Snooze.objects.get()
    assert (getattr(kept, kind), kept.until, kept.by) == (thing, until, editor)


def test_claim_put_off_in_the_queue_leads_to_the_next(editor: User, client_of: ClientOf) -> None:
    claimed()
    second = claimed()
    client = client_of(editor)
    address = client.get(QUEUE).context["items"][0][2]
    until = (today() + dt.timedelta(days=7)).isoformat()
    answer = client.post(address, {"until": until, "reason": "They meet next week.", "_next": "1"})
    assert answer.headers["Location"].startswith(add_address(Review, claim=second.pk))


@pytest.mark.parametrize("tail", ["topic/1/", "claim/999999/", "claim/x/", "session/1/"])
def test_nothing_else_is_put_off(editor: User, client_of: ClientOf, tail: str) -> None:
    TopicFactory(pk=1)
    assert client_of(editor).get(f"/admin/queue/put-off/{tail}").status_code in (302, 404)
    assert not Snooze.objects.exists()


@pytest.mark.parametrize("name", ["convenor", "partner"])
def test_queue_is_for_those_who_record(request: pytest.FixtureRequest, client_of: ClientOf, name: str) -> None:
    claim = claimed()
    client = client_of(request.getfixturevalue(name))
    allowed = {"convenor": 403, "partner": 302}[name]
    for address in (reverse("admin:queue_next"), reverse("admin:queue_put_off", args=["claim", claim.pk])):
        assert client.get(address).status_code == client.post(address, {"reason": "x"}).status_code == allowed


def test_queue_has_the_commas_of_its_language(editor: User, client_of: ClientOf) -> None:
    claimed(kind="presence")
    client = client_of(editor)
    assert "Presence, Unassessed" in client.get(QUEUE).content.decode()
    assert "وجود عسكري، غير مقيَّمة" in client.get(QUEUE, headers={"Accept-Language": "ar"}).content.decode()
