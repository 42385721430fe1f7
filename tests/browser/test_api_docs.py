"""The API's documentation in a real browser: it works under our policy, and asks nobody else for anything."""

import pytest
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.published import API

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def test_documentation_works_under_our_policy_and_asks_nobody_else(live_server: LiveServer) -> None:
    server = live_server.url
    said: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{server}{API}docs/")
        page.wait_for_selector(".opblock")
        page.click("#operations-topics-topics_list .opblock-summary-control")
        page.click("#operations-topics-topics_list button.execute")
        status = page.wait_for_selector("#operations-topics-topics_list .live-responses-table .response-col_status")
        assert status is not None
        page.wait_for_selector('text=/"results"/')
        browser.close()
    assert said == []
    assert f"{server}{API}schema/" in asked
    assert any(address.startswith(f"{server}{API}topics/") for address in asked)
    assert [address for address in asked if not address.startswith((server, "data:", "blob:"))] == []
