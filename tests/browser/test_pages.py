"""The pages in a browser: two directions, two colour schemes and two widths.

Chromium is Debian's. Without it these tests fail, because a page that nobody can use is broken.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from partnerships.models import VerificationStatus
from tests.factories import (
    ClaimFactory,
    EventFactory,
    GroupSizeFactory,
    OfficialPositionFactory,
    PointFactory,
    RecommendationFactory,
    ReportFactory,
    ReviewFactory,
    SessionFactory,
    SourceFactory,
    recommendation_with_history,
)
from tests.support import pages
from tests.support.concurrency import cleared_away
from tests.support.published import everything

pytestmark = pytest.mark.browser

WIDE, NARROW = 1400, 390
RULES = {
    "resultTypes": ["violations"],  # of the other results, thousands of elements would be described for nobody
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@dataclass
class Visit:
    """A visitor's window, and what went on behind the pages he looked at."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def things(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """What all of these visitors look at, and nobody changes."""
    with django_db_blocker.unblock(), cleared_away(), translation.override("en"):
        yield whole_site()


@pytest.fixture
def site(server: LiveServer, things: dict[str, Any]) -> str:
    """The address of the site, in which the things are there to be visited."""
    return str(server.url)


def whole_site() -> dict[str, Any]:
    """Something of every kind, with two of each part, rumours and histories among them."""
    made = everything()
    for kind, add in (
        ("partnerships", pages.add_to_partnership),
        ("actors", pages.add_to_actor),
        ("claims", pages.add_to_claim),
        ("events", pages.add_to_event),
        ("series", pages.add_to_series),
        ("recommendations", pages.add_to_recommendation),
    ):
        add(made[kind])
    rumour = ClaimFactory(
        published=True, partnerships=[made["partnerships"]], sensitive=True, kind="forecast", likelihood="likely"
    )
    ReviewFactory(claim=rumour, status=VerificationStatus.UNVERIFIED)
    OfficialPositionFactory(claim=rumour, government=made["actors"])
    OfficialPositionFactory(
        claim=rumour, government=made["actors"], position="mixed", source=SourceFactory(published=True)
    )
    recommendation_with_history(published=True)
    small_room()
    return made


def small_room() -> None:
    """An event whose points do not say how widely they were supported, but for those of one larger session."""
    event = EventFactory(published=True, slug="small-room", name="A small room", name_ar="غرفة صغيرة")
    report = ReportFactory(published=True, event=event)
    plenary = SessionFactory(event=event, name="Plenary")
    GroupSizeFactory(event=event, people=3)
    GroupSizeFactory(event=event, session=plenary, people=30)
    point = PointFactory(report=report, support="consensus", text="Nobody can tell how many agreed.")
    PointFactory(report=report, support="broad", session=plenary, qualifies=point, text="Here many did.")
    RecommendationFactory(published=True, event=event, point=point, reference="R-2031-001")


ADDRESSES = (
    "/",
    "/about/",
    "/corrections/",
    "/search/?q=claim",
    "/partnerships/",
    "/actors/",
    "/claims/",
    "/claims/?status=unverified",
    "/claims/?kind=finance",
    "/claims/calibration/",
    "/events/",
    "/events/small-room/",
    "/recommendations/R-2031-001/",
    "/series/",
    "/recommendations/?as_of=2025-06-25",
    "/recommendations/?state=nonsense",
    "/nowhere/",
)
DETAILS = ("partnerships", "actors", "claims", "events", "series", "recommendations")


def addresses(things: dict[str, Any], prefix: str) -> list[str]:
    """One page of every kind, in the language of `prefix`."""
    details = [things[kind].get_absolute_url() for kind in DETAILS]
    others = (
        f"{things['series'].get_absolute_url()}scorecard/",
        f"{things['partnerships'].get_absolute_url()}?since=2025-01-01",
    )
    return [prefix + address for address in (*ADDRESSES, *details, *others)]


@pytest.fixture
def visit(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    scheme, width = getattr(request, "param", ("light", WIDE))
    context = chromium.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 900}
    )
    visit = Visit(context, context.new_page())
    visit.page.on("console", lambda message: visit.complaints.append(message.text) if message.type == "error" else None)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("request", lambda sent: visit.asked.append(sent.url))
    yield visit
    context.close()


PICTURE_FAULTS = """() => {
  const shown = (root, selector) => [...root.querySelectorAll(selector)]
    .map(element => ({ words: element.textContent, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0);
  const faults = [];
  for (const drawing of document.querySelectorAll(".time-drawing__svg")) {
    const frame = drawing.getBoundingClientRect();
    const things = shown(drawing, ".mark__label, .mark__shape, .time-drawing__title, .time-drawing__tick text, .time-drawing__day");
    things.forEach(({ words, box }, number) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1) faults.push(`outside: ${words}`);
      for (const other of things.slice(0, number)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 1 && down > 3) faults.push(`on each other: ${words} ${other.words}`);
      }
    });
  }
  for (const picture of document.querySelectorAll(".network__svg")) {
    if (!picture.getBoundingClientRect().width) continue;
    for (const box of picture.querySelectorAll(".network__box")) {
      const frame = box.querySelector("rect").getBoundingClientRect();
      for (const { words, box: words_box } of shown(box, "text"))
        if (words_box.left < frame.left || words_box.right > frame.right) faults.push(`outside its box: ${words}`);
    }
    if (picture.getScreenCTM().a < 11 / 14) faults.push(`words of ${14 * picture.getScreenCTM().a} pixels`);
  }
  return faults;
}"""
"""What is wrong with the pictures of a page: words outside or on each other, or too small to read."""


@pytest.mark.parametrize(
    ("prefix", "visit"),
    [
        ("", ("light", WIDE)),
        ("", ("dark", NARROW)),
        ("/ar", ("light", NARROW)),
        ("/ar", ("dark", WIDE)),
    ],
    ids=["en-light-wide", "en-dark-narrow", "ar-light-narrow", "ar-dark-wide"],
    indirect=["visit"],
)
def test_pages_have_no_fault_fit_their_window_and_keep_to_themselves(
    prefix: str, visit: Visit, site: str, things: dict[str, Any]
) -> None:
    faults: dict[str, Any] = {}
    too_wide = {}
    pictures = {}
    latin_commas = {}
    for address in addresses(things, prefix):
        visit.page.goto(f"{site}{address}")
        excess = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if excess > 0:
            too_wide[address] = excess
        if found := pictures_at(visit.page):
            pictures[address] = found
        if found := visit.page.evaluate(r"document.body.innerText.match(/.{0,20}[\u0621-\u064a]\)?,\s.{0,20}/g)"):
            latin_commas[address] = found
        for details in visit.page.query_selector_all("details.cited"):
            details.evaluate("element => { element.open = true }")
        for violation in Axe().run(visit.page, options=RULES).response["violations"]:
            targets = [node["html"][:200] for node in violation["nodes"]]
            faults.setdefault(violation["id"], []).append((address, targets))
    assert faults == {}
    assert too_wide == {}
    assert pictures == {}
    assert latin_commas == {}, "Arabic has a comma of its own"
    assert [url for url in visit.asked if not url.startswith((site, "data:"))] == []
    # Chromium reports the status of a page that cannot be read or is not there, and of these two alone.
    assert [text for text in visit.complaints if "(Bad Request)" not in text and "(Not Found)" not in text] == []
    assert visit.context.cookies() == []


def pictures_at(page: Page) -> list[tuple[int, str]]:
    """What is wrong with the pictures of a page in windows of several widths; nothing where it has none."""
    window = page.viewport_size
    if window is None or not page.locator(".time-drawing, .network").count():
        return []
    faults = []
    for width in (320, 740, 1000, 1180, window["width"]):
        page.set_viewport_size({"width": width, "height": window["height"]})
        faults += [(width, fault) for fault in page.evaluate(PICTURE_FAULTS)]
    return faults


def test_pages_work_without_javascript(chromium: Browser, site: str, things: dict[str, Any]) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/claims/")
    page.get_by_label("Verification status").select_option("unverified")
    page.get_by_role("button", name="Apply").click()
    assert "status=unverified" in page.url
    assert page.locator(".record").count() == page.locator(".record .badge--verification-unverified").count() == 1
    page.get_by_role("link", name="Remove filter: Verification status: Unverified").click()
    assert page.url == f"{site}/claims/"
    context.close()


def test_keyboard_reaches_the_content_first(visit: Visit, site: str, things: dict[str, Any]) -> None:
    visit.page.goto(f"{site}/recommendations/")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "content"
    rings = []
    for _stop in range(60):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("document.activeElement === document.body"):
            break
        rings.append(visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
    assert len(rings) > 20
    assert set(rings) == {"solid"}, "whatever has the focus shows it"


@pytest.mark.parametrize("visit", [("light", NARROW)], indirect=True)
def test_turkish_pages_fit_a_telephone_and_no_heading_skips_a_level(
    visit: Visit, site: str, things: dict[str, Any]
) -> None:
    for address in addresses(things, "/tr"):
        visit.page.goto(f"{site}{address}")
        assert visit.page.evaluate("document.documentElement.scrollWidth") == NARROW, address
        if visit.page.locator(".network").count():
            visit.page.emulate_media(media="print")
            inks = visit.page.eval_on_selector_all(
                ".network__box--centre :is(rect, text)", "parts => parts.map(part => getComputedStyle(part).fill)"
            )
            assert len(set(inks[:2])) == 2, "words on paper differ from what they stand on"
            visit.page.emulate_media(media="screen")
        levels = visit.page.eval_on_selector_all(
            "h1, h2, h3, h4, h5, h6", "headings => headings.map(heading => Number(heading.tagName[1]))"
        )
        assert levels.count(1) == 1, address
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), (address, levels)
