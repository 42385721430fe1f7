"""Accounts at the desk: nobody rises above themselves, nor takes the place of somebody above."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

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
