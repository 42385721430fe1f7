"""The update in a real browser: by keyboard alone, with and without its script, in both directions."""

import datetime as dt
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

from partnerships.models import Actor, Source
from recommendations.models import Addressee, StatusEntry
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    RecommendationFactory,
    SeriesFactory,
    StatusEntryFactory,
    SubmissionFactory,
    UserFactory,
)

pytestmark = pytest.mark.browser

RULES = {
    "resultTypes": ["violations"],  # of the other results, thousands of elements would be described for nobody
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    # The script of Django's autocompletes makes a nameless text box of what stands inside its named one.
    "rules": {"aria-input-field-name": {"enabled": False}},
}
LINK = "https://gazette.example/2026/dialogue"


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complains about, a breach of our policy above all."""
    return []


@pytest.fixture
def editor(committing: None) -> User:
    user: User = UserFactory(username="editor", groups=("editors",))
    return user


@pytest.fixture
def sit_down(chromium: Browser, site: str, editor: User, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """`sit_down(language=, width=, scheme=, script=)` opens a window at the desk."""
    contexts = []

    def open_window(language: str = "en", width: int = 1400, scheme: Any = "light", script: bool = True) -> Page:
        client = Client()
        client.force_login(editor)
        context = chromium.new_context(
            base_url=site,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
        )
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


def begun(days: int, title: str = "Hold an annual dialogue", state: str = "in_progress") -> Addressee:
    long_ago = timezone.now() - dt.timedelta(days=500)
    recommendation = RecommendationFactory(published=True, published_at=long_ago, title=title, title_ar="عقد حوار سنوي")
    addressee: Addressee = AddresseeFactory(
        recommendation=recommendation,
        actor=Actor.objects.filter(name_en="Ministry of Defence").first()
        or ActorFactory(published=True, name="Ministry of Defence"),
    )
    StatusEntryFactory(
        addressee=addressee,
        state=state,
        as_of=timezone.now().date() - dt.timedelta(days=days),
        public_note="A first meeting was announced.",
    )
    return addressee


def update_address(addressee: Addressee) -> str:
    return reverse("admin:recommendations_addressee_update", args=[addressee.pk])


class Keyboard:
    """Somebody who has no mouse; counts where they stop, and how often a page is loaded."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops = 1  # where the page puts them
        self.loads = 0
        page.on("framenavigated", self.count)

    def count(self, _frame: Any) -> None:
        self.loads += 1

    @property
    def at(self) -> str:
        return str(self.page.evaluate("document.activeElement.name || document.activeElement.tagName"))

    def tab(self, *, to: str) -> None:
        """Goes on until what is called `to` has the focus; each stop on the way counts."""
        for _ in range(20):
            self.page.keyboard.press("Tab")
            self.stops += 1
            if self.at == to:
                return
        raise AssertionError(f"No way to {to}; it ends at {self.at}.")


def test_check_with_a_link_takes_few_stops_and_one_load(sit_down: Callable[..., Page], complaints: list[str]) -> None:
    first, second = begun(400), begun(300)
    page = sit_down()
    page.goto(reverse("admin:queue"))
    page.get_by_role("link", name=f"Record an update {first.recommendation.reference}").click()
    expect(page.locator("h1")).to_have_text("Record an update")
    keyboard = Keyboard(page)
    assert keyboard.at == "state"
    keyboard.tab(to="as_of")
    keyboard.tab(to="source_url")
    page.keyboard.type(LINK)
    keyboard.tab(to="public_note")
    page.keyboard.type("The second meeting was held.")
    keyboard.tab(to="_next")
    assert keyboard.stops <= 8
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Recorded of")
    assert keyboard.loads == 1
    assert page.url.split("?")[0].endswith(update_address(second))
    last = StatusEntry.objects.filter(addressee=first).latest("pk")
    assert (last.state, last.public_note, last.as_of) == (
        "in_progress",
        "The second meeting was held.",
        timezone.now().date(),
    )
    assert Source.objects.get(url=LINK).state == "in_review"
    assert complaints == []


def test_new_state_with_what_it_needs_by_keyboard(sit_down: Callable[..., Page], complaints: list[str]) -> None:
    addressee = begun(400)
    page = sit_down()
    page.goto(update_address(addressee))
    keyboard = Keyboard(page)
    page.keyboard.press("ArrowDown")  # stalled
    page.keyboard.press("ArrowDown")  # partly implemented
    assert page.locator("input[name=state]:checked").get_attribute("value") == "partly_implemented"
    keyboard.tab(to="as_of")
    keyboard.tab(to="source_url")
    page.keyboard.type(LINK)
    keyboard.tab(to="what_remains")
    page.keyboard.type("The second dialogue.")
    keyboard.tab(to="public_note")
    page.keyboard.type("The first was held.")
    assert keyboard.stops <= 8
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Partly implemented")
    assert StatusEntry.objects.latest("pk").what_remains == "The second dialogue."
    assert complaints == []


def test_what_the_choice_needs_appears(sit_down: Callable[..., Page]) -> None:
    page = sit_down()
    page.goto(update_address(begun(400)))
    reason, nature = page.locator("#id_reason"), page.locator("#id_nature")
    expect(reason).to_be_hidden()
    expect(nature).to_be_hidden()
    page.get_by_label("Stalled").check()
    expect(reason).to_be_visible()
    page.get_by_label("Implemented", exact=True).check()
    expect(nature).to_be_visible()
    expect(reason).to_be_hidden()
    page.get_by_text("More: the source").click()
    page.get_by_label("Looked, no change").check()
    expect(nature).to_be_hidden()
    page.get_by_label("Confidence").select_option("verified")
    expect(nature).to_be_visible()
    page.get_by_text("What it answered", exact=True).first.click()
    expect(page.locator("#id_response_channel")).to_be_hidden()
    page.get_by_label("What it answered").select_option("awaiting")
    expect(page.locator("#id_response_channel")).to_be_visible()


def test_without_the_script_all_needs_are_there(sit_down: Callable[..., Page]) -> None:
    addressee = begun(400)
    page = sit_down(script=False)
    page.goto(update_address(addressee))
    expect(page.locator("#id_reason")).to_be_visible()
    page.get_by_label("Stalled").check()
    page.locator("#id_reason").fill("No budget.")
    page.locator("#id_last_movement_date").fill("2025-01-01")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Stalled")
    assert StatusEntry.objects.latest("pk").reason == "No budget."


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (390, "dark")])
def test_pages_are_accessible_and_fit(
    sit_down: Callable[..., Page], complaints: list[str], language: str, width: int, scheme: str
) -> None:
    SeriesFactory(name="A series with a rather long name, as series have them in the end, and then some more")
    addressee = begun(400)
    submission = SubmissionFactory(addressee=begun(300), note="نواصل العمل." * 12)
    page = sit_down(language=language, width=width, scheme=scheme)
    wrong = []
    for address in (
        reverse("admin:index"),
        reverse("admin:queue"),
        update_address(addressee),
        reverse("admin:queue_put_off", args=["addressee", addressee.pk]),
        reverse("admin:recommendations_submission_accept", args=[submission.pk]),
    ):
        page.goto(address)
        if address == update_address(addressee):
            page.locator("input[name=as_of]").fill("soon")
            page.locator("input[name=_save]").click()
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            wrong.append(f"{address}: {overflow} pixels too wide")
        wrong += complaints
        wrong += [f"{address}: {one}" for one in Axe().run(page, options=RULES).response["violations"]]
        complaints.clear()  # axe itself tries styles that our policy forbids
    assert wrong == []
