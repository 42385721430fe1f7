"""healthz says that the process runs, readyz that it can do its work."""

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from publishing.reader import rights


def test_healthz_asks_no_database(client: Client) -> None:
    # Without the django_db mark, any query would fail this test.
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_ok_with_every_migration(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_counts_missing_migrations(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="sessions", name="0001_initial").delete()
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"1 migration is not applied\n")


@pytest.mark.django_db
def test_readyz_hides_why_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise OperationalError("password of majlis@10.0.0.7 rejected")

    monkeypatch.setattr(rights, "applied_to", refuse)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"the database does not answer\n")


def test_health_takes_no_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
