"""The tracker and the page of a recommendation, as a visitor and the desk get them."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from publishing.acting import Act
from publishing.actions import withdraw
from tests.factories import (
    AS_OF,
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    EvidenceFactory,
    FulfilmentFactory,
    InstrumentFactory,
    ObjectiveFactory,
    PartnershipFactory,
    PointFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    ReportFactory,
    ResponseFactory,
    SeriesFactory,
    SourceFactory,
    StatusEntryFactory,
    TopicFactory,
    hidden,
    noon,
    recommendation_with_history,
)
from tests.support.cast import Person
from tests.support.pages import page, words

pytestmark = pytest.mark.django_db

TOMORROW = timezone.now() + dt.timedelta(days=1)


def references(content: str) -> list[str]:
    """The references of the recommendations that a page lists, in their order."""
    return re.findall(r'<p class="record__lead"><span class="reference">([^<]+)</span>', content)


def asked_of(name: str = "Qatar", **attributes: Any) -> Any:
    """A published recommendation, and the addressee that it has."""
    recommendation = RecommendationFactory(published=True, **attributes)
    return AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True, name=name))


# The tracker


def test_tracker_shows_what_is_published_and_nothing_else() -> None:
    assert "Nothing is published here yet" in words(page("/recommendations/"))
    RecommendationFactory(published=True, reference="R-2025-001")
    RecommendationFactory(title="HIDDEN draft")
    RecommendationFactory(published=True, title="HIDDEN embargoed", embargo_until=TOMORROW)
    content = page("/recommendations/")
    assert references(content) == ["R-2025-001"]
    assert "HIDDEN" not in content


def test_tracker_begins_with_the_latest_year_and_keeps_the_order_within_it() -> None:
    for reference in ("R-2025-001", "R-2026-002", "R-2026-001"):
        RecommendationFactory(published=True, reference=reference)
    assert references(page("/recommendations/")) == ["R-2026-001", "R-2026-002", "R-2025-001"]


def test_tracker_shows_each_addressee_with_its_answer_and_its_state() -> None:
    addressee = asked_of("Qatar", title="Meet", strength="key", target_date=AS_OF)
    ResponseFactory(addressee=addressee, noted=True)
    StatusEntryFactory(addressee=addressee, state="in_progress", as_of=AS_OF)
    said = words(page("/recommendations/"))
    assert "Meet Key Overdue since 2 June 2025 Not checked for long" in said
    assert "Qatar Response: Noted Implementation: In progress as of 1 June 2025" in said


def test_tracker_is_filtered() -> None:
    series, topic = SeriesFactory(published=True, slug="dialogue"), TopicFactory(published=True, slug="gaza")
    event = EventFactory(published=True, slug="meeting", series=series)
    tie = PartnershipFactory(published=True, slug="tie")
    first = RecommendationFactory(
        published=True,
        reference="R-2025-001",
        event=event,
        topics=[topic],
        partnerships=[tie],
        strength="key",
        target_date=AS_OF,
    )
    lead = AddresseeFactory(recommendation=first, actor=ActorFactory(published=True, slug="qatar"))
    ResponseFactory(addressee=lead, awaiting=True, as_of=AS_OF)
    StatusEntryFactory(addressee=lead, state="in_progress", as_of=AS_OF)
    second = RecommendationFactory(published=True, reference="R-2025-002")
    second_lead = AddresseeFactory(recommendation=second, actor=ActorFactory(published=True, slug="oman"))
    StatusEntryFactory(addressee=second_lead, as_of=timezone.now().date(), recorded_at=timezone.now())
    for query in (
        "state=in_progress",
        "response=no_response",
        "addressee=qatar",
        "event=meeting",
        "series=dialogue",
        "topic=gaza",
        "partnership=tie",
        "strength=key",
        "overdue=true",
        "stale=true",
        "state=in_progress&addressee=qatar&overdue=true",
    ):
        assert references(page(f"/recommendations/?{query}")) == ["R-2025-001"], query
    for query in ("state=not_started", "response=not_sent", "addressee=oman", "strength=suggested"):
        assert references(page(f"/recommendations/?{query}")) == ["R-2025-002"], query
    assert len(references(page("/recommendations/?state=&overdue=false"))) == 2
    assert "Nothing matches these filters" in words(page("/recommendations/?state=reversed"))


def test_bar_counts_what_the_filters_leave_also_beyond_the_page() -> None:
    qatar = ActorFactory(published=True, slug="qatar")
    for number in range(30):
        recommendation = RecommendationFactory(published=True, reference=f"R-2025-{number + 1:03}")
        if number < 28:
            addressee = AddresseeFactory(recommendation=recommendation, actor=qatar)
            if number < 3:
                StatusEntryFactory(addressee=addressee, state="in_progress")
    said = words(page("/recommendations/"))
    assert "Not assessed 27 In progress 3" in said
    assert "Not assessed 25 In progress 3" in words(page("/recommendations/?addressee=qatar"))
    content = page("/recommendations/?addressee=qatar&state=in_progress")
    assert len(references(content)) == 3
    assert 'href="/recommendations/?state=in_progress&amp;addressee=qatar"' in content


def test_tracker_as_of_a_day() -> None:
    addressee = asked_of()
    StatusEntryFactory(addressee=addressee, state="in_progress", as_of=AS_OF)
    assert "Implementation: Not assessed" in words(page("/recommendations/?as_of=2025-05-31"))
    content = page("/recommendations/?as_of=2025-06-01&state=in_progress")
    assert "Implementation: In progress" in words(content)
    assert "What we knew on 1 June 2025" in words(content)
    assert 'href="/recommendations/?state=in_progress">See what we know today' in content


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ("state=done", "Choose one of: not_assessed"),
        ("response=yes", "Choose one of: not_sent"),
        ("strength=strong", "Choose one of: key, urged, suggested"),
        ("overdue=banana", "This is either true or left out."),
        ("stale=1", "This is either true or left out."),
        ("addressee=nobody", "Choose from the list."),
        ("event=nothing", "Choose from the list."),
        ("as_of=02/30/2025", "“02/30/2025” would have the month 30."),
        ("after=R-1999-001", "Begin at its first page."),
        ("addressee=%00", "NUL byte"),
    ],
)
def test_tracker_that_cannot_be_read_says_why(query: str, advice: str) -> None:
    assert advice in words(page(f"/recommendations/?{query}", expect=400))


def test_unreadable_address_is_explained_in_the_language_of_the_page() -> None:
    assert '<html lang="ar" dir="rtl">' in page("/ar/recommendations/?state=done", expect=400)


def test_page_does_not_begin_after_a_draft() -> None:
    RecommendationFactory(reference="R-2025-777")
    page("/recommendations/?after=R-2025-777", expect=400)


# One recommendation


def test_recommendation_shows_what_was_asked_and_where_it_comes_from() -> None:
    report = ReportFactory(published=True, event__name="The roundtable")
    point = PointFactory(report=report, text="They should meet.", support="broad")
    recommendation = RecommendationFactory(
        published=True,
        reference="R-2025-001",
        title="Meet every year",
        text="Hold a dialogue.",
        event=report.event,
        point=point,
        strength="key",
        test_of_done="Two meetings in two years.",
        target_date=dt.date(2030, 1, 1),
    )
    ObjectiveFactory(recommendation=recommendation, text="Build trust")
    part = RecommendationFactory(
        published=True, reference="R-2025-002", title="Meet once", parent=recommendation, event=report.event
    )
    content = page("/recommendations/R-2025-001/")
    said = words(content)
    assert "R-2025-001 Meet every year Key" in said
    assert "What was asked Hold a dialogue. Its aims Build trust" in said
    assert "When it would count as done Two meetings in two years." in said
    assert "Its parts" in said
    assert "Meet once" in said
    assert "They should meet. Broad support The roundtable" in said
    assert "Target date 1 January 2030 Last checked not yet checked" in said
    assert f'href="{report.event.get_absolute_url()}#point-{point.public_id}"' in content
    assert "Part of R-2025-001 Meet every year" in words(page(part.get_absolute_url()))


def test_recommendation_shows_response_and_implementation_through_time() -> None:
    recommendation = recommendation_with_history(published=True)
    content = page(recommendation.get_absolute_url())
    said = words(content)
    assert "Sent to <bdi>Ministry of Defence</bdi>: <bdi>letter</bdi>" in content
    assert "Answered by Ministry of Defence" in said
    assert "Response: Accepted" in said
    assert (
        "11 July 2025 Implementation: Implemented Claimed confirmed by a second person The first dialogue was held."
        in said
    )
    assert said.index("Implementation: Implemented Claimed") < said.index("Implementation: In progress Claimed")
    assert "1 source for Implemented" in said
    assert "Heard on the telephone." not in content  # the internal note
    assert "Independent: reported by somebody other than the addressee" in said
    assert "B2 usually reliable source; probably true" in said


def test_recommendation_as_of_a_day() -> None:
    recommendation = recommendation_with_history(published=True)
    said = words(page(recommendation.get_absolute_url(), as_of="2025-06-25"))
    assert "What we knew on 25 June 2025" in said
    assert "Implementation: In progress" in said
    assert "Implementation: Implemented" not in said
    assert "Response: Accepted" in said


def test_corrected_entries_are_shown_as_such() -> None:
    addressee = asked_of()
    mistaken = StatusEntryFactory(addressee=addressee, state="in_progress", public_note="It began.")
    StatusEntryFactory(addressee=addressee, state="not_started", corrects=mistaken, public_note="It did not.")
    said = words(page(addressee.recommendation.get_absolute_url()))
    assert "corrected since Implementation: In progress Claimed It began." in said
    assert "corrects an earlier entry Implementation: Not started Claimed It did not." in said


def test_recommendation_shows_what_realised_it_and_its_lineage() -> None:
    recommendation = RecommendationFactory(published=True)
    series = SeriesFactory(published=True, name="The dialogue")
    instrument = InstrumentFactory(partnership=PartnershipFactory(published=True), name="The pact")
    source = SourceFactory(published=True, title="A communiqué", url="https://example.org/communique")
    FulfilmentFactory(recommendation=recommendation, series=series, note="As it was asked.")
    FulfilmentFactory(recommendation=recommendation, instrument=instrument)
    FulfilmentFactory(recommendation=recommendation, source=source)
    earlier = RecommendationFactory(published=True, reference="R-2020-001")
    later = RecommendationFactory(published=True, reference="R-2030-001")
    RecommendationLinkFactory(source=recommendation, target=earlier, type="strengthens")
    RecommendationLinkFactory(source=later, target=recommendation, type="supersedes")
    content = page(recommendation.get_absolute_url())
    said = words(content)
    assert "Series The dialogue As it was asked. Instrument The pact Source A communiqué" in said
    assert "Strengthens R-2020-001" in said
    assert "Superseded by R-2030-001" in said
    assert f'href="{instrument.get_absolute_url()}"' in content
    assert 'href="https://example.org/communique"' in content


def test_recommendation_shows_nothing_of_what_is_not_public() -> None:
    recommendation = RecommendationFactory(
        published=True,
        title="Shown",
        parent=RecommendationFactory(title="HIDDEN"),
        topics=[TopicFactory(published=True, **hidden())],
        partnerships=[PartnershipFactory(published=True, **hidden())],
    )
    RecommendationFactory(title="HIDDEN", parent=recommendation)
    RecommendationLinkFactory(source=recommendation, target=RecommendationFactory(title="HIDDEN"))
    RecommendationLinkFactory(target=recommendation, source=RecommendationFactory(title="HIDDEN"))
    FulfilmentFactory(recommendation=recommendation, series=SeriesFactory(name="HIDDEN"))
    FulfilmentFactory(recommendation=recommendation, event=EventFactory(name="HIDDEN"))
    FulfilmentFactory(recommendation=recommendation, source=SourceFactory(title="HIDDEN"))
    FulfilmentFactory(
        recommendation=recommendation, instrument=InstrumentFactory(partnership=PartnershipFactory(), name="HIDDEN")
    )
    AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True, **hidden()))
    shown = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True, name="Qatar"))
    entry = StatusEntryFactory(
        addressee=shown, state="superseded", successor=RecommendationFactory(title="HIDDEN"), public_note="Noted."
    )
    StatusEntryFactory(addressee=shown, on_behalf_of=ActorFactory(published=True, **hidden()))
    EvidenceFactory(entry=entry, source=SourceFactory(title="HIDDEN"))
    ResponseFactory(addressee=shown, accepted=True, source=SourceFactory(title="HIDDEN"), office="An office")
    content = page(recommendation.get_absolute_url())
    assert "Shown" in content
    assert "Qatar" in content
    assert "An office" in content
    assert "HIDDEN" not in content
    assert "What realised it" not in content


def test_recommendation_of_an_event_that_is_not_public_is_not_public_either() -> None:
    event = EventFactory(published=True, name="HIDDEN", embargo_until=TOMORROW)
    recommendation = RecommendationFactory(published=True, title="HIDDEN too", event=event)
    assert "HIDDEN" not in page("/recommendations/")
    page(recommendation.get_absolute_url(), expect=404)


def test_draft_of_a_recommendation_is_for_the_desk(editor: Person, client_of: Callable[[Person], Client]) -> None:
    draft = RecommendationFactory(reference="R-2025-001")
    page("/recommendations/R-2025-001/", expect=404)
    content = page("/recommendations/R-2025-001/", client_of(editor))
    assert "Only the desk sees this page." in words(content)
    assert f'href="/admin/recommendations/recommendation/{draft.pk}/change/"' in content


def test_withdrawn_recommendation_is_gone(reviewer: User) -> None:
    recommendation = RecommendationFactory(published=True, reference="R-2025-001", title="HIDDEN")
    withdraw(recommendation, act=Act(by=reviewer, at=timezone.now()), note="Nobody had asked it.")
    content = page("/recommendations/R-2025-001/", expect=410)
    assert "Nobody had asked it." in words(content)
    assert "HIDDEN" not in content


def test_entries_that_were_recorded_later_are_left_out_of_an_earlier_day() -> None:
    addressee = asked_of()
    StatusEntryFactory(addressee=addressee, state="in_progress", as_of=AS_OF, recorded_at=noon(dt.date(2025, 8, 1)))
    address = addressee.recommendation.get_absolute_url()
    assert "Implementation: In progress" not in words(page(address, as_of="2025-07-31"))
    assert "recorded 1 August 2025 Implementation: In progress" in words(page(address, as_of="2025-08-01"))


def test_filter_offers_the_first_and_the_chosen_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publishing.pages.lists.OFFERED", 2)
    for day in range(1, 5):
        event = EventFactory(published=True, slug=f"event-{day}", name=f"Event {day}")
        RecommendationFactory(published=True, event=event)

    def offered(address: str) -> list[tuple[str, str]]:
        select = re.search(r'<select\s+name="event".*?</select>', client.get(address).content.decode(), re.DOTALL)
        assert select is not None
        return re.findall(r'<option\s+value="([^"]*)"(?:\s+(selected))?', select[0])

    assert [value for value, _chosen in offered("/recommendations/")] == ["", "event-1", "event-2", ""]
    chosen = offered("/recommendations/?event=event-4")
    assert chosen == [("", ""), ("event-1", ""), ("event-2", ""), ("event-4", "selected"), ("", "")]
