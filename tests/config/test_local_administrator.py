"""The first run makes one administrator; nothing makes a second, and production makes none."""

import io
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from publishing.roles import ADMINISTRATORS, CONVENORS, DESK


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


def let_go() -> None:
    """As in a base that is older than the rule."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE auth_group DISABLE TRIGGER keep_groups_of_the_desk")


@pytest.mark.django_db
@pytest.mark.parametrize("name", [ADMINISTRATORS, CONVENORS])
def test_missing_group_is_explained(name: str) -> None:
    let_go()
    Group.objects.filter(name=name).delete()
    with pytest.raises(CommandError, match=rf"'{name}' is missing.*manage\.py migrate"):
        ensure()
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", DESK)
def test_group_of_the_desk_is_neither_deleted_nor_renamed(name: str) -> None:
    for change in (lambda rows: rows.delete(), lambda rows: rows.update(name="others")):
        with pytest.raises(IntegrityError, match="neither renamed nor deleted"), transaction.atomic():
            change(Group.objects.filter(name=name))
    Group.objects.create(name="interns")
    assert Group.objects.filter(name="interns").update(name="guests") == 1
    Group.objects.get(name="guests").delete()


@pytest.mark.django_db
def test_page_of_groups_offers_neither(client_of: Callable[[User], Client], administrator: User) -> None:
    client = client_of(administrator)
    group = Group.objects.get(name=ADMINISTRATORS)
    page = client.get(reverse("admin:auth_group_change", args=[group.pk])).content.decode()
    assert 'name="permissions"' in page
    assert 'name="name"' not in page
    assert client.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"}
    client.post(reverse("admin:auth_group_changelist"), chosen)
    assert Group.objects.count() == len(DESK)
    other = Group.objects.create(name="interns")
    client.post(reverse("admin:auth_group_delete", args=[other.pk]), {"post": "yes"})
    assert not Group.objects.filter(name="interns").exists()
