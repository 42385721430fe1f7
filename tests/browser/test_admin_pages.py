"""The staff desk in a real browser: under our policy, in both directions and schemes, on a telephone too."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from events.models import Disclosure, Event, GroupSize, Participant, Point, Viewing
from partnerships.models import Actor, Claim, Party, Review
from publishing.desk.addresses import add_address, change_address, list_address
from recommendations.models import Recommendation, StatusEntry
from tests.factories import (
    PUBLISHED_AT,
    ActorFactory,
    CitationFactory,
    ClaimFactory,
    DisclosureFactory,
    GroupSizeFactory,
    InstrumentFactory,
    PartnershipFactory,
    PartyFactory,
    PointFactory,
    ReviewFactory,
    RewordingFactory,
    SessionFactory,
    UserFactory,
    recommendation_with_history,
)

pytestmark = pytest.mark.browser

RULES = {
    "resultTypes": ["violations"],  # of the other results, thousands of elements would be described for nobody
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}

Open = Callable[..., Page]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complains about, a breach of our policy above all."""
    return []


@pytest.fixture
def person(committing: None) -> User:
    """Somebody who may do everything."""
    user: User = UserFactory(username="somebody", is_superuser=True, groups=("convenors",))
    return user


@pytest.fixture
def sit_down(chromium: Browser, site: str, person: User, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """`sit_down(language=, width=, scheme=)` opens a window at the desk."""
    contexts = []

    def open_window(language: str = "en", width: int = 1400, scheme: Any = "light") -> Page:
        client = Client()
        client.force_login(person)
        context = chromium.new_context(base_url=site, color_scheme=scheme, viewport={"width": width, "height": 900})
        contexts.append(context)
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": site,
                },
                {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": f"{site}/admin/"},
            ]
        )
        page = context.new_page()
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    yield open_window
    for context in contexts:
        context.close()


def pages_of_the_desk() -> list[str]:
    """The front page, and a list, a form, a question and a history of each kind of thing that differs."""
    recommendation = recommendation_with_history()
    review = ReviewFactory()
    CitationFactory(claim=review.claim)
    party = PartyFactory(partnership=PartnershipFactory(in_review=True))
    InstrumentFactory(partnership=party.partnership)
    point = PointFactory(support=Point.Support.ONE_PARTICIPANT)
    public = ClaimFactory(published=True)
    disclosure = DisclosureFactory(participant__name="Leyla Kaya", participant__affiliation="وزارة")
    participant = disclosure.participant
    voice = PointFactory(
        report__published=True,
        support=Point.Support.ONE_PARTICIPANT,
        cleared_by=UserFactory(),
        cleared_at=PUBLISHED_AT,
        text="I feer an axis.",
        text_ar="أخشى محور.",
    )
    reworded = RewordingFactory(point=voice, text="I fear an axis.", text_ar="أخشى محورًا.", grade="argued").point
    size = GroupSizeFactory(event=voice.report.event, session=SessionFactory(event=voice.report.event), people=3)
    GroupSizeFactory(event=voice.report.event, people=4)
    return [
        reverse("admin:index"),
        list_address(Claim),
        list_address(Recommendation),
        add_address(Event),
        add_address(StatusEntry, addressee=recommendation.addressees.all()[0].pk),
        add_address(Review, claim=review.claim.pk, corrects=review.pk),
        change_address(review.claim),
        change_address(public),
        change_address(party.partnership),
        change_address(party),
        change_address(point),
        change_address(point.report),
        change_address(voice),
        change_address(voice.report),
        list_address(Point),
        reverse("admin:events_point_reword", args=[voice.pk]),
        reverse("admin:events_point_rewording", args=[reworded.pk]),
        list_address(GroupSize),
        change_address(size),
        add_address(GroupSize, event=voice.report.event.pk),
        change_address(recommendation),
        change_address(recommendation.addressees.all()[0]),
        change_address(review),
        list_address(Participant),
        list_address(Participant, event__id__exact=participant.event_id),
        list_address(Viewing),
        change_address(participant),
        change_address(participant.event),
        change_address(disclosure),
        add_address(Disclosure, participant=participant.pk),
        reverse("admin:recommendations_recommendation_briefing") + "?strength=suggested",
        reverse("admin:events_participant_erase", args=[participant.pk]),
        reverse("admin:partnerships_partnership_publish", args=[party.partnership.pk]),
        reverse("admin:partnerships_claim_withdraw", args=[public.pk]),
        reverse("admin:partnerships_claim_versions", args=[public.pk]),
    ]


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 1400, "light"), ("ar", 390, "dark"), ("en", 390, "light"), ("ar", 1400, "dark")],
)
def test_pages_of_the_desk_have_no_fault_and_fit_their_window(
    sit_down: Open, complaints: list[str], language: str, width: int, scheme: str
) -> None:
    page = sit_down(language, width, scheme)
    faults: dict[str, Any] = {}
    too_wide = {}
    complained: list[str] = []
    every = 1 if (language == "ar") is (width == 390) else 3  # what differs in the other windows is the frame
    for address in pages_of_the_desk()[::every]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
        shown = page.evaluate("document.documentElement.scrollWidth")
        if shown > width:
            too_wide[address] = shown
        complained += complaints
        for fault in Axe().run(page, options=RULES).response["violations"]:
            faults.setdefault(fault["id"], []).append((address, [node["html"][:200] for node in fault["nodes"]]))
        complaints.clear()  # axe itself tries styles that our policy forbids
    assert complained == []
    assert too_wide == {}
    assert faults == {}


def test_actor_is_found_and_made_a_party(sit_down: Open, complaints: list[str]) -> None:
    """Through Django's own scripts: a row that is added, and a search as one types."""
    actor = ActorFactory(name="Qatar")
    ActorFactory(name="Pakistan")
    partnership = PartnershipFactory()
    page = sit_down()
    page.goto(change_address(partnership))
    page.click("text=Add another Party")
    page.click("#id_parties-0-actor + .select2 .select2-selection")
    page.locator(".select2-search__field").last.fill("qat")
    page.click(".select2-results__option:has-text('Qatar (Draft)')")
    page.click("[name=_continue]")
    page.wait_for_selector(".messagelist .success")
    assert Party.objects.get().actor == actor
    assert complaints == []


def test_slug_is_written_along_with_the_name(sit_down: Open, complaints: list[str]) -> None:
    page = sit_down()
    page.goto(add_address(Actor))
    page.type("#id_name_en", "Gulf Studies Institute")
    assert page.input_value("#id_slug") == "gulf-studies-institute"
    assert complaints == []


def test_draft_is_submitted_with_one_button(sit_down: Open, complaints: list[str]) -> None:
    actor = ActorFactory(name="Qatar")
    page = sit_down()
    page.goto(change_address(actor))
    page.click(".life button:has-text('Submit for review')")
    assert page.locator(".messagelist").inner_text() == "“Qatar” waits for review."
    actor.refresh_from_db()
    assert actor.state == "in_review"
    assert complaints == []


def test_briefing_pack_is_one_button_away_from_the_list(sit_down: Open, complaints: list[str]) -> None:
    recommendation_with_history(published=True)
    page = sit_down()
    page.goto(list_address(Recommendation, strength__exact="suggested"))
    page.get_by_role("link", name="Briefing pack…").click()
    page.get_by_label("Spreadsheet").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the pack").click()
    assert download.value.suggested_filename.startswith("majlis-briefing-")
    assert download.value.path().read_bytes().startswith(b"PK")
    assert complaints == []


def test_arabic_is_typed_from_the_right_whatever_the_language_of_the_desk(sit_down: Open) -> None:
    page = sit_down()
    page.goto(add_address(Claim))
    directions = {
        language: page.eval_on_selector(f"#id_statement_{language}", "area => getComputedStyle(area).direction")
        for language in ("en", "tr", "ar")
    }
    assert directions == {"en": "ltr", "tr": "ltr", "ar": "rtl"}


def test_links_to_calendars_and_boxes_to_search_in_are_named_after_their_fields(sit_down: Open) -> None:
    """Django's scripts put them beside the fields, and give them no name."""
    page = sit_down()
    page.goto(add_address(Event))
    page.wait_for_function("document.querySelector('.datetimeshortcuts a[aria-label]')")
    links = page.locator(".datetimeshortcuts a")
    named = [links.nth(number).get_attribute("aria-label") for number in range(links.count())]
    assert links.count() >= 6
    assert all(named)
    assert len({name for name in named if name and "Start" in name}) >= 2
    boxes = page.get_by_role("searchbox").or_(page.get_by_role("combobox"))
    assert page.get_by_role("searchbox", name="Topics").count() == 1
    assert page.get_by_role("searchbox", name="Partnerships").count() == 1
    assert boxes.count() > 2


def test_focus_goes_to_the_first_error(sit_down: Open, complaints: list[str]) -> None:
    page = sit_down()
    page.goto(add_address(Event))
    page.fill("#id_name_en", "Roundtable")
    page.fill("#id_slug", "roundtable")
    page.select_option("#id_kind", "roundtable")
    page.click("text=Add another Session")
    page.fill("#id_sessions-0-position", "999999999999")
    page.click("[name=_save]")
    page.wait_for_selector(".errors-found")
    assert page.evaluate("document.activeElement.id") == "id_sessions-0-position"
    page.click(".errors-found a")
    assert page.evaluate("location.hash") == "#id_sessions-0-position"
    assert complaints == []


def test_form_sent_again_after_going_back_is_recorded_once(sit_down: Open) -> None:
    """The desk's pages stand in no cache: the browser opens the form anew, and may fill in what was typed."""
    claim = ClaimFactory(published=True)
    page = sit_down()
    page.goto(add_address(Review, claim=claim.pk))
    for _twice in range(2):
        page.select_option("#id_status", "unverified")
        page.fill("#id_reason", "One unsigned source.")
        page.click("[name=_save]")
        page.wait_for_load_state()
        if _twice == 0:
            page.go_back()
            page.wait_for_selector("#id_reason")
    assert Review.objects.count() == 1
    assert "You recorded exactly this at" in page.inner_text(".errornote")


def test_double_click_records_once(sit_down: Open) -> None:
    claim = ClaimFactory(published=True)
    page = sit_down()
    page.goto(add_address(Review, claim=claim.pk))
    page.select_option("#id_status", "unverified")
    page.fill("#id_reason", "One unsigned source.")
    page.dblclick("[name=_save]")
    page.wait_for_selector(".messagelist")
    page.wait_for_timeout(500)
    assert Review.objects.count() == 1


@pytest.mark.parametrize(("language", "said"), [("en", "3 April 2026"), ("tr", "3 Nisan 2026"), ("ar", "3 إبريل 2026")])
def test_day_is_said_in_words_while_it_is_typed(
    language: str, said: str, sit_down: Open, complaints: list[str]
) -> None:
    page = sit_down(language=language)
    page.goto(add_address(Review, claim=ClaimFactory(published=True).pk))
    for typed in ("03/04/2026", "٣ نيسان ٢٠٢٦", "3 April 2026"):
        page.locator("#id_as_of").fill(typed)
        expect(page.locator("#id_as_of_words")).to_have_text(said)
        page.locator("#id_as_of").fill("03/18/2026")  # no day
        expect(page.locator("#id_as_of_words")).to_have_text("")
    page.locator("#id_decided_at_0").fill("5.6.2025")
    expect(page.locator("#id_decided_at_0_words")).to_contain_text("2025")
    # What the calendar puts there is said too.
    page.locator("#id_as_of").fill("2020-01-31")
    page.locator(".field-as_of .datetimeshortcuts a").first.click()
    expect(page.locator("#id_as_of_words")).to_contain_text(str(timezone.now().year))
    assert complaints == []
