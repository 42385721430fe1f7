"""The planted site, and the strangers who request its pages."""

import contextlib
import datetime as dt
import gc
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from publishing.roles import EDITORS
from tests.canary.addresses import Identifiers
from tests.canary.crawling import Crawl, Record, Stranger
from tests.canary.planting import Planting, plant
from tests.canary.searching import Search
from tests.factories import UserFactory


@dataclass
class Scene:
    """The planted knowledge base; what was searched in it once is not searched again."""

    planting: Planting
    identifiers: Identifiers
    search: Search

    def crawl(
        self, record: Record, name: str = "visitor", *, within: tuple[str, ...] = ("/",), session: str | None = None
    ) -> Crawl:
        """A walk by somebody new, with nobody's session or with `session`."""
        cookies = {settings.SESSION_COOKIE_NAME: session} if session is not None else {}
        return Crawl(Stranger(name, self.search, record, cookies), self.identifiers, within)


@contextlib.contextmanager
def planted_site(folder: Path) -> Iterator[Scene]:
    """Inside the block every table is planted; afterwards nothing was."""
    logging.disable(logging.CRITICAL)  # each refusal would be told on standard error
    try:
        with override_settings(MEDIA_ROOT=folder), transaction.atomic():
            planting = plant(folder)
            gc.collect()
            gc.freeze()  # thousands of planted rows that no collection need look at again
            yield Scene(planting, Identifiers.planted(planting), Search(planting.vocabulary))
            transaction.set_rollback(True)
    finally:
        gc.unfreeze()
        gc.collect()
        gc.freeze()  # what was frozen before, see conftest.py
        logging.disable(logging.NOTSET)
        ContentType.objects.clear_cache()


@contextlib.contextmanager
def for_a_while() -> Iterator[None]:
    """What is done to the database inside the block is undone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def signed_in(**account: object) -> str:
    """The session of a new account."""
    client = Client()
    client.force_login(UserFactory(**account))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def sessions() -> dict[str, str]:
    """The sessions of people who may read no more than a visitor, by what they are."""
    expired = signed_in(username="went-home", groups=(EDITORS,))
    Session.objects.filter(session_key=expired).update(expire_date=timezone.now() - dt.timedelta(days=1))
    return {
        "partner": signed_in(username="a-partner"),
        "staff without a group": signed_in(username="a-clerk", is_staff=True),
        "editor who left": signed_in(username="left", groups=(EDITORS,), is_active=False),
        "editor whose session ended": expired,
        "forged session": "0123456789abcdefghijklmnopqrstuv",
        "no session at all": "../../etc/passwd",
    }
