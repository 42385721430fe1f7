"""Accounts and groups at the desk: nobody rises above themselves, and what the desk rests on stays."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from partnerships.audience import DESK

ABOVE_GROUPS = ("is_superuser", "user_permissions")
"""What an account may by itself. Whoever administers accounts gives rights by groups alone."""

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Superusers are changed, given a password and deleted by superusers alone."""

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


admin.site.unregister(Group)


@admin.register(Group)
class GroupOfTheDeskAdmin(GroupAdmin):
    """The four groups have names that decide what their members may do; the database keeps them too."""

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.name not in DESK)

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        return ("name",) if obj is not None and obj.name in DESK else ()
