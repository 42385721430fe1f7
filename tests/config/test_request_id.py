"""Each answer has the id of its request; an id from outside is accepted only if it is short and plain."""

import re

import pytest
from django.test import Client


def test_request_id_is_made(client: Client) -> None:
    first, second = client.get("/healthz"), client.get("/healthz")
    assert re.fullmatch(r"[0-9a-f]{32}", first.headers["X-Request-ID"])
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


def test_request_id_is_taken_over(client: Client) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": "partner-7f3a.2"})
    assert response.headers["X-Request-ID"] == "partner-7f3a.2"


@pytest.mark.parametrize("sent", ["short", "x" * 65, "a b c d e f", "id\x00id\x00id", 'quote"quote', "إبراهيم-١٢٣"])
def test_request_id_of_a_bad_kind_is_replaced(client: Client, sent: str) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": sent})
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_request_id_stands_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="django_structlog"):
        client.get("/healthz", headers={"X-Request-ID": "partner-7f3a.2"})
    assert "'request_id': 'partner-7f3a.2'" in caplog.text
