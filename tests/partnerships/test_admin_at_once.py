"""Two people at the desk save at the same moment, each in a transaction of their own."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from partnerships.models import Actor
from publishing.desk.addresses import add_address, change_address
from tests.factories import ActorFactory, UserFactory
from tests.support.concurrency import Session
from tests.support.desk import Page

pytestmark = pytest.mark.usefixtures("committing")


@pytest.fixture
def editor(committing: None) -> User:
    user: User = UserFactory(is_staff=True, is_superuser=True)
    return user


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_second_of_two_who_take_the_same_slug_is_told_at_the_slug(session: Session, editor: User) -> None:
    page = Page(signed_in(editor), add_address(Actor))
    with transaction.atomic():
        ActorFactory(slug="qatar", author=editor)
        sent = session.run(lambda: page.send(name_en="Qatar", slug="qatar", kind="state"))
        session.wait_until_it_waits()
    assert sent.result(10).errors == {"slug": ["Actor with this Slug already exists."]}
    assert page.fields["name_en"] == "Qatar"
    assert Actor.objects.count() == 1


def test_second_of_two_who_edit_the_same_actor_waits_and_is_told(session: Session, editor: User) -> None:
    actor = ActorFactory(name="Katar", author=editor)
    page = Page(signed_in(editor), change_address(actor))
    with transaction.atomic():
        rows: Any = Actor.objects.filter(pk=actor.pk)
        rows.update(name_en="Qatar")
        sent = session.run(lambda: page.send(name_en="State of Qatar"))
        session.wait_until_it_waits()
    assert list(sent.result(10).errors) == ["__all__"]
    actor.refresh_from_db()
    assert actor.name_en == "Qatar"
