"""Accounts: without a password (tests sign them in with force_login) and, by default, without any right."""

from typing import Any

import factory
from django.contrib.auth.models import Group, User
from factory.django import DjangoModelFactory

__all__ = ["UserFactory"]


class UserFactory(DjangoModelFactory):
    """An active account. `groups=("editors",)` makes it staff of these groups."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person-{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = "!"  # unusable: hashing one would take longer than most tests

    @factory.post_generation
    def groups(self: Any, create: bool, names: tuple[str, ...] | None) -> None:
        if create and names:
            self.groups.set([Group.objects.get_or_create(name=name)[0] for name in names])
            if not self.is_staff:
                self.is_staff = True
                self.save(update_fields=["is_staff"])
