"""The canary test with keeping on: what the desk was shown is given to no stranger, and what strangers were shown not to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from pytest_django import DjangoDbBlocker

from config.middleware import kept_answers
from publishing.roles import EDITORS
from tests.canary.crawling import Record, told
from tests.canary.scene import Scene, planted_site, sessions, signed_in

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def scene(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    with django_db_blocker.unblock(), planted_site(tmp_path_factory.mktemp("media")) as planted:
        yield planted


@pytest.fixture(scope="module")
def editor(scene: Scene) -> str:
    return signed_in(username="an-editor", groups=(EDITORS,))


@pytest.fixture
def handler(settings: Any, monkeypatch: pytest.MonkeyPatch) -> BaseHandler:
    """One process that keeps. The planted site is in a transaction that was never committed, and changes no more."""
    settings.MAJLIS_KEPT_MEGABYTES = 32
    monkeypatch.setattr(kept_answers, "revision", lambda: "as planted")
    found = BaseHandler()
    found.load_middleware()
    return found


def looks(scene: Scene, handler: BaseHandler, name: str, session: str | None = None, *, step: int = 1) -> Record:
    """What somebody finds who looks at each public pattern, or each `step`th, with what is published and is hidden."""
    record = Record()
    crawl = scene.crawl(record, name, session=session)
    crawl.known = [pattern for pattern in crawl.known if not pattern.route.startswith("admin/")]
    crawl.stranger.handler = handler
    crawl.glance(step)
    return record


def places(record: Record) -> set[str]:
    return {f"{leak.word.place} {leak.word.state}" for leak in record.leaks.values()}


def test_desk_and_strangers_are_answered_apart(
    scene: Scene, editor: str, handler: BaseHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    may_be_kept = kept_answers.may_be_kept

    def noted(request: Any, response: Any) -> bool:
        made.append(request.get_full_path())
        return may_be_kept(request, response)

    monkeypatch.setattr(kept_answers, "may_be_kept", noted)
    before = looks(scene, handler, "editor before", editor)
    assert len(places(before)) > 20  # what is hidden from others; the desk may
    assert made == []
    for name, session in {"visitor": None, "visitor again": None, **sessions()}.items():
        # The keeper asks whether there is a session, not whose.
        step = 1 if session is None else 5
        record = looks(scene, handler, name, session, step=step)
        assert not record.leaks, told(record)
        assert not record.faults
        assert record.answers > 100 // step
    assert len(made) > 100
    assert places(looks(scene, handler, "editor after", editor)) == places(before)
    visitor = looks(scene, handler, "visitor after", None)
    assert not visitor.leaks, told(visitor)
    assert len(made) < 3 * len(set(made))


def test_keeper_that_minds_no_session_is_found(
    scene: Scene, editor: str, handler: BaseHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Down: who asks, and that what the desk gets is marked, has a cookie, and varies.
    monkeypatch.setattr(kept_answers, "COOKIES", ())
    monkeypatch.setattr(kept_answers, "may_be_kept", lambda request, response: response.status_code == 200)
    looks(scene, handler, "editor", editor)
    assert len(places(looks(scene, handler, "visitor"))) > 20
