"""The desk's pages for splitting, merging and planning: nothing typed is lost, and each refusal is shown."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from publishing.desk.addresses import change_address, list_address
from recommendations.models import Recommendation, StatusEntry
from tests.factories import (
    AS_OF,
    AddresseeFactory,
    EventFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    SeriesFactory,
    StatusEntryFactory,
)
from tests.support.pages import words

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def address(name: str, *arguments: object) -> str:
    return reverse(f"admin:recommendations_recommendation_{name}", args=arguments)


def test_page_splits_into_the_parts_that_are_filled_in(client_of: ClientOf, editor: User) -> None:
    whole = RecommendationFactory(text="Do <b>this</b> and that.")
    client = client_of(editor)
    assert address("split", whole.pk) in client.get(change_address(whole)).content.decode()
    page = client.get(address("split", whole.pk)).content.decode()
    assert "It says: Do &lt;b&gt;this&lt;/b&gt; and that." in page
    parts = {"title_1": "This", "text_1": "Do this.", "title_3": "That", "text_3": "Do that."}
    answer = client.post(address("split", whole.pk), parts, follow=True)
    assert answer.redirect_chain == [(change_address(whole), 302)]
    assert list(whole.parts.order_by("reference").values_list("title", "text")) == [
        ("This", "Do this."),
        ("That", "Do that."),
    ]
    first = whole.parts.order_by("reference")[0]
    assert f'The parts are drafts now: <a href="{change_address(first)}">{first}</a>,' in answer.content.decode()
    assert address("split", whole.pk) not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title_1": "This", "text_1": "Do this."}, "Write at least two parts."),
        ({"title_1": "This", "text_1": "Do this.", "title_2": "That"}, "Give each part both."),
        ({}, "Write at least two parts."),
    ],
)
def test_page_that_cannot_split_keeps_what_was_typed(
    typed: dict[str, str], said: str, client_of: ClientOf, editor: User
) -> None:
    whole = RecommendationFactory()
    answer = client_of(editor).post(address("split", whole.pk), {"text_8": " ", **typed})
    content = answer.content.decode()
    assert (answer.status_code, said in content) == (200, True)
    for text in typed.values():
        assert text in content
    assert Recommendation.objects.count() == 1


def test_list_leads_to_the_merger_of_what_is_chosen(client_of: ClientOf, editor: User) -> None:
    one, other = RecommendationFactory.create_batch(2)
    client = client_of(editor)
    asked = {"action": "merge_selected", "_selected_action": [one.pk]}
    assert "Choose at least two" in client.post(list_address(Recommendation), asked, follow=True).content.decode()
    asked["_selected_action"] = [one.pk, other.pk]
    page = client.post(list_address(Recommendation), asked)
    assert page.headers["Location"] == f"{address('merge')}?of={one.pk}&of={other.pk}"
    content = client.get(page.headers["Location"]).content.decode()
    for row in (one, other):
        assert f'<a href="{change_address(row)}">{row}</a>' in content


def test_page_merges_into_new_words_or_one_that_is_there(client_of: ClientOf, editor: User) -> None:
    one, other = RecommendationFactory.create_batch(2, event=EventFactory(start_date=None))
    for recommendation in (one, other):
        AddresseeFactory(recommendation=recommendation)
    client, merge = client_of(editor), f"{address('merge')}?of={one.pk}&of={other.pk}"
    answer = client.post(
        merge, {"title": "Both", "text": "Do both.", "into": "", "event": "", "as_of": AS_OF.isoformat()}, follow=True
    )
    into = Recommendation.objects.get(title="Both")
    assert answer.redirect_chain == [(change_address(into), 302)]
    assert "follow-up ended with 2 addressees" in words(answer.content.decode())
    assert StatusEntry.objects.filter(state="superseded", successor=into).count() == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"into": "", "title": "Both"}, "Write it, or name one that is there."),
        ({"into": "R-1999-999"}, "There is no recommendation with this reference."),
        ({"into": "Robert'); DROP"}, "There is no recommendation with this reference."),
        ({"into": "R-2024-900", "title": "Both"}, "not both"),
        ({"into": "R-2024-900", "as_of": "2999-01-01"}, "The as-of date"),
        ({"into": "R-2024-900", "as_of": "soon"}, "“soon” is no day we can read."),
        ({"into": "R-2025-901"}, "A recommendation is not merged into itself"),
    ],
)
def test_page_that_cannot_merge_keeps_what_was_typed(
    typed: dict[str, str], said: str, client_of: ClientOf, editor: User
) -> None:
    RecommendationFactory(reference="R-2024-900")
    one, other = RecommendationFactory(reference="R-2025-901"), RecommendationFactory(reference="R-2025-902")
    AddresseeFactory(recommendation=one)
    given = {"as_of": AS_OF.isoformat(), **typed}
    answer = client_of(editor).post(f"{address('merge')}?of={one.pk}&of={other.pk}", given)
    content = words(answer.content.decode())
    assert (answer.status_code, said in content) == (200, True), content
    assert (Recommendation.objects.count(), StatusEntry.objects.count()) == (3, 0)


@pytest.mark.parametrize("query", ["", "?of=", "?of=x", "?of=99999999999999999999", "?of=0", "?of=٣"])
def test_merger_of_nothing_is_not_there(query: str, client_of: ClientOf, editor: User) -> None:
    assert client_of(editor).get(address("merge") + query).status_code == 404


def test_series_leads_to_its_next_edition_with_what_is_open_chosen(client_of: ClientOf, editor: User) -> None:
    series = SeriesFactory(name="Dialogue", cadence="annual")
    first, last = (EventFactory(series=series, edition=number, start_date=AS_OF) for number in (1, 2))
    old, is_open, ended = (RecommendationFactory(event=event) for event in (first, last, last))
    StatusEntryFactory(addressee=AddresseeFactory(recommendation=ended), state="implemented")
    client, plan = client_of(editor), address("plan", series.pk)
    assert plan in client.get(change_address(series)).content.decode()
    content = client.get(plan).content.decode()
    for row, ticked in ((old, False), (is_open, True)):
        box = content[content.index(f'name="carry" value="{row.pk}"') :].partition(">")[0]
        assert ("checked" in box) is ticked
    assert f'name="carry" value="{ended.pk}"' not in content
    assert "By its cadence about 1 June 2026." in words(content)
    answer = client.post(plan, {"edition": "3", "name": "The third", "carry": [str(is_open.pk)]}, follow=True)
    event = series.events.get(edition=3)
    assert answer.redirect_chain == [(change_address(event), 302)]
    assert "1 recommendation is carried forward as a draft" in words(answer.content.decode())
    assert event.recommendations.get().links.get().target == is_open


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"edition": "2"}, "Edition 2 is there already"),
        ({"edition": "7"}, "The editions have changed meanwhile."),
        ({"name": ""}, "This field is required."),
        ({"carry": ["999999"]}, "was taken up meanwhile"),
        ({"carry": ["x"]}, "not a valid value"),
        ({"start_date": "2026-05-02", "end_date": "2026-05-01"}, "does not end before it starts"),
        ({"end_date": "2026-05-01"}, "Give the first day too."),
    ],
)
def test_page_that_cannot_plan_says_why(typed: dict[str, str], said: str, client_of: ClientOf, editor: User) -> None:
    series = SeriesFactory()
    EventFactory(series=series, edition=2)
    given = {"edition": "3", "name": "The third", **typed}
    answer = client_of(editor).post(address("plan", series.pk), given)
    assert (answer.status_code, said in words(answer.content.decode())) == (200, True), words(answer.content.decode())
    assert series.events.count() == 1


def test_pages_are_for_those_who_write(client_of: ClientOf, editor: User, convenor: User, partner: User) -> None:
    whole, series = RecommendationFactory(), SeriesFactory()
    for page in (
        address("split", whole.pk),
        address("supersede", whole.pk),
        f"{address('merge')}?of={whole.pk}",
        address("plan", series.pk),
    ):
        assert client_of(convenor).get(page).status_code == 403
        assert client_of(partner).get(page).status_code == 302
    assert client_of(editor).get(address("plan", 2**40)).status_code == 404


def test_page_of_what_others_are_merged_into_offers_to_end_them(client_of: ClientOf, editor: User) -> None:
    earlier = AddresseeFactory().recommendation
    into = RecommendationLinkFactory(target=earlier, type="merges").source
    client = client_of(editor)
    assert address("supersede", into.pk) in client.get(change_address(into)).content.decode()
    content = client.get(address("supersede", into.pk)).content.decode()
    assert f'<a href="{change_address(earlier)}">{earlier}</a>' in content
    answer = client.post(address("supersede", into.pk), {"as_of": AS_OF.isoformat()}, follow=True)
    assert answer.redirect_chain == [(change_address(into), 302)]
    assert earlier.addressees.get().entries.get().successor == into
    assert address("supersede", into.pk) not in answer.content.decode()
