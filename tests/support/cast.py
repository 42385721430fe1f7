"""The fixed cast for tests of permissions; one person per kind of reader."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client

from publishing.roles import ADMINISTRATORS, CONVENORS, EDITORS, REVIEWERS
from tests.factories import UserFactory

Person = User | AnonymousUser


@pytest.fixture
def editor(db: None) -> User:
    """Writes drafts and records."""
    user: User = UserFactory(username="editor", groups=(EDITORS,))
    return user


@pytest.fixture
def reviewer(db: None) -> User:
    """Reviews and publishes what others wrote."""
    user: User = UserFactory(username="reviewer", groups=(REVIEWERS,))
    return user


@pytest.fixture
def administrator(db: None) -> User:
    """Administers accounts too, and is no superuser."""
    user: User = UserFactory(username="administrator", groups=(ADMINISTRATORS,))
    return user


@pytest.fixture
def convenor(db: None) -> User:
    """Knows who was there, and looks at events without writing about them."""
    user: User = UserFactory(username="convenor", groups=(CONVENORS,))
    return user


@pytest.fixture
def superuser(db: None) -> User:
    """May everything that Django knows of, and is in no group."""
    user: User = UserFactory(username="superuser", is_staff=True, is_superuser=True)
    return user


@pytest.fixture
def partner(db: None) -> User:
    """An account of a partner organisation: not staff."""
    user: User = UserFactory(username="partner")
    return user


@pytest.fixture
def other_partner(db: None) -> User:
    """An account of another partner organisation."""
    user: User = UserFactory(username="other_partner")
    return user


@pytest.fixture
def anonymous() -> AnonymousUser:
    """A visitor."""
    return AnonymousUser()


@pytest.fixture
def client_of(db: None) -> Callable[[Person], Client]:
    """`client_of(person)`: a browser in which `person` is signed in, or nobody for a visitor."""

    def sign_in(person: Person) -> Client:
        client = Client()
        if isinstance(person, User):
            client.force_login(person)
        return client

    return sign_in
