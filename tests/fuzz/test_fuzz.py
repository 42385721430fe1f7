"""Whatever is requested, by whomever: the answer is never a server error."""

import gc
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests import factories
from tests.canary.scene import signed_in
from tests.fuzz.asking import Site
from tests.support.published import everything

pytestmark = pytest.mark.long

SECONDS = float(os.environ.get("MAJLIS_FUZZ_SECONDS") or 10)
SEED = int(os.environ.get("MAJLIS_FUZZ_SEED") or 11)
AT_LEAST = 150
"""Requests that are sent however slow the machine is."""

CAST: dict[str, dict[str, Any]] = {
    "editor": {"groups": ("editors",)},
    "reviewer": {"groups": ("reviewers",)},
    "administrator": {"groups": ("administrators",)},
    "convenor": {"groups": ("convenors",)},
    "superuser": {"is_staff": True, "is_superuser": True},
    "all-seeing": {"is_superuser": True, "groups": ("administrators", "convenors")},
    "staff": {"is_staff": True},
    "partner": {},
}
"""Who asks, beside visitors."""


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    logging.disable(logging.CRITICAL)  # each refusal would be told on standard error
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        transaction.atomic(),
    ):
        everything()
        for name in factories.__all__:
            if hasattr(factory := getattr(factories, name), "_meta"):
                factory()
        yield Site({name: signed_in(username=name, **account) for name, account in CAST.items()})
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    ContentType.objects.clear_cache()
    gc.collect()


def told(site: Site) -> str:
    return "\n".join([f"{len(site.failures)} requests failed; seed {SEED}", *site.failures[:40]])


def test_every_address_of_the_desk_answers_everybody(site: Site) -> None:
    for request in site.plain([*CAST, "visitor"] if SECONDS > 60 else ["all-seeing", "staff"]):
        site.ask(request)
    assert not site.failures, told(site)
    assert {200, 302, 403, 404} <= set(site.statuses)


def test_whatever_is_asked_is_answered(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    before, began = sum(site.statuses.values()), time.monotonic()
    for number, request in enumerate(site.strange(Random(SEED))):
        if number >= AT_LEAST and time.monotonic() - began > SECONDS:
            break
        site.ask(request)
    with capsys.disabled():
        number, took = sum(site.statuses.values()) - before, time.monotonic() - began
        print(  # noqa: T201 – it is what a campaign reports
            f"\nfuzz: {number:,} requests in {took:.0f} s for {len(site.seen):,} addresses of {len(site.reached)} patterns,"
            f" seed {SEED}; answers: {', '.join(f'{status}: {n:,}' for status, n in sorted(site.statuses.items()))}",
            file=sys.stderr,
        )
    if "MAJLIS_FUZZ_REPORT" in os.environ:
        Path(os.environ["MAJLIS_FUZZ_REPORT"]).write_text("\n\n".join(site.failures))
    assert not site.failures, told(site)
    assert len(site.statuses) >= 6
