"""Accounts and groups at the desk: nobody can raise their own rights, and what the desk depends on cannot be removed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from publishing.database.clean_text import CleanForm
from publishing.roles import DESK

ABOVE_GROUPS = ("is_superuser", "user_permissions")
"""Rights that an account has itself. Whoever administers accounts grants rights only through groups."""


class AccountForm(CleanForm, UserChangeForm):
    """Names of accounts are shown beside what people did, so they are cleaned like any other text."""


class NewAccountForm(CleanForm, AdminUserCreationForm):
    """The same for a new one."""


class GroupForm(CleanForm, forms.ModelForm):
    """The same for groups."""


admin.site.unregister([User, Group])


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Only superusers may change, delete or set the password of a superuser."""

    form, add_form = AccountForm, NewAccountForm

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._stands_as_high(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._stands_as_high(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = super().get_readonly_fields(request, obj)
        return own if self._is_superuser(request) else (*own, *ABOVE_GROUPS)

    def _stands_as_high(self, request: HttpRequest, account: User | None) -> bool:
        return account is None or not account.is_superuser or self._is_superuser(request)

    @staticmethod
    def _is_superuser(request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.is_superuser


@admin.register(Group)
class GroupOfTheDeskAdmin(GroupAdmin):
    """The names of the four groups decide what their members may do, so they cannot change; the database enforces that
    too.
    """

    form = GroupForm

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.name not in DESK)

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        return ("name",) if obj is not None and obj.name in DESK else ()
