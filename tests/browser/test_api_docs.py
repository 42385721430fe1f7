"""The API's documentation in a real browser: it works under our policy, and loads nothing from other sites."""

import pytest
from playwright.sync_api import Browser

from tests.support.published import API

pytestmark = pytest.mark.browser


def test_documentation_works_under_our_policy_and_asks_nobody_else(chromium: Browser, site: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    page = chromium.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}{API}docs/")
    page.wait_for_selector(".opblock")
    page.click("#operations-topics-topics_list .opblock-summary-control")
    page.click("#operations-topics-topics_list button.execute")
    status = page.wait_for_selector("#operations-topics-topics_list .live-responses-table .response-col_status")
    assert status is not None
    page.wait_for_selector('text=/"results"/')
    page.close()
    assert said == []
    assert f"{site}{API}schema/" in asked
    assert any(address.startswith(f"{site}{API}topics/") for address in asked)
    assert [address for address in asked if not address.startswith((site, "data:", "blob:"))] == []
