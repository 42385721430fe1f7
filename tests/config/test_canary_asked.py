"""The canary test, continued: the same site requested in other formats, by search, page by page, and by other people.

A module of its own, so that the two halves run at the same time.
"""

import sys
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.canary import coverage
from tests.canary.crawling import Record, told
from tests.canary.scene import Scene, planted_site, sessions
from tests.canary.words import Fate

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def scene(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    with django_db_blocker.unblock(), planted_site(tmp_path_factory.mktemp("media")) as planted:
        yield planted


def test_no_canary_is_found_in_any_form_by_anybody(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    record, others = Record(), {}
    crawl = scene.crawl(record)
    for step in (crawl.forms, crawl.methods, crawl.cursors):
        step()
    for name, session in sessions().items():
        others[name] = Record()
        other = scene.crawl(others[name], name, session=session)
        other.known = [pattern for pattern in other.known if not pattern.route.startswith(("tr/", "ar/"))]
        other.glance(1 if name in {"partner", "staff without a group"} else 3)
    everybody = [record, *others.values()]
    with capsys.disabled():
        tried = coverage.tried(scene.planting, scene.search, everybody)
        print(f"\ncanary test, other forms: {tried}", file=sys.stderr)  # noqa: T201 – workers have no other way out
    for one in everybody:
        assert not one.leaks, told(one)
        assert not one.faults, "\n".join(one.faults[:20])
    assert record.methods.keys() == {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE"}
    assert {200, 204, 302, 304, 400, 401, 404, 405, 406, 412} <= record.statuses.keys()
    assert len(record.types) >= 8
    assert sum(one.answers for one in everybody) > 3_000


def test_search_knows_no_canary(scene: Scene) -> None:
    secrets = [word for word in scene.planting.vocabulary.words.values() if word.fate is Fate.SECRET]
    record = Record()
    crawl = scene.crawl(record)
    differences = crawl.search_for({(word.place, word.state): word for word in secrets}.values())
    crawl.search_for_pieces({word.place.rpartition(".")[0] + word.place[-3:]: word for word in secrets}.values())
    assert differences == []
    assert not record.leaks, told(record)
    assert len(record.asked_for) > 500
