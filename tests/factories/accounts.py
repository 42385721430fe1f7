"""Accounts: without a password (tests sign them in with force_login) and, by default, without any right."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import factory
from django.contrib.auth.models import Group, User
from django.db import connection
from factory.django import DjangoModelFactory

__all__ = ["UserFactory", "somebody"]


class UserFactory(DjangoModelFactory):
    """An active account. `groups=("editors",)` makes it staff of these groups."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person-{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = "!"  # unusable: hashing one would take longer than most tests
    groups: Any = ()
    is_staff = factory.LazyAttribute(lambda user: bool(user.groups))

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        groups = [Group.objects.get(name=name) for name in kwargs.pop("groups")]
        user: User = super()._create(model_class, *args, **kwargs)
        if groups:
            user.groups.add(*groups)
        return user


@dataclass(frozen=True)
class Known:
    """Somebody, and the transaction and the savepoints in which the account was made."""

    person: User
    transaction: list[Any]
    savepoints: list[str]

    def is_there(self) -> bool:
        """Whether nothing has undone the account: all that it was made in still goes on."""
        return (
            self.transaction == connection.atomic_blocks[:1] != []
            and self.savepoints == connection.savepoint_ids[: len(self.savepoints)]
        )


known: dict[str, Known] = {}


def somebody(role: str) -> Any:
    """Declares whoever acts where a test names nobody: for each role one account, made when it is first needed.

    A test that is about two people names both. An account for each row would be half of all rows that tests make.
    """
    return factory.LazyFunction(partial(who_is, role))


def who_is(role: str) -> User:
    """Of a test that commits, or of another session, everybody is new: two sessions would wait for one name."""
    if not (connection.atomic_blocks and getattr(connection.atomic_blocks[0], "_from_testcase", False)):
        return UserFactory()
    if role not in known or not known[role].is_there():
        username = f"somebody-who-{role}"
        person = User.objects.filter(username=username).first() or UserFactory(username=username)
        known[role] = Known(person, connection.atomic_blocks[:1], list(connection.savepoint_ids))
    return known[role].person
