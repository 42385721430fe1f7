"""The first run makes one administrator; nothing makes a second, and production makes none."""

import io
import re

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client

from partnerships.audience import ADMINISTRATORS, CONVENORS


def ensure() -> str:
    out = io.StringIO()
    call_command("ensure_local_administrator", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_administrator_is_made_once_and_may_sign_in(client: Client) -> None:
    said = ensure()
    password = re.search(r"password: (\S+)", said)
    assert password is not None
    assert client.login(username="administrator", password=password[1])
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert {group.name for group in user.groups.all()} == {ADMINISTRATORS, CONVENORS}
    assert client.get("/admin/").status_code == 200
    assert ensure() == ""
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_passwords_differ() -> None:
    first = ensure()
    User.objects.all().delete()
    assert ensure() != first


@pytest.mark.django_db
def test_nobody_is_made_where_somebody_administers(administrator: User) -> None:
    assert ensure() == ""
    assert list(User.objects.all()) == [administrator]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [ADMINISTRATORS, CONVENORS])
def test_missing_group_is_explained(name: str) -> None:
    Group.objects.filter(name=name).delete()
    with pytest.raises(CommandError, match=rf"'{name}' is missing.*manage\.py migrate"):
        ensure()
    assert not User.objects.exists()
