"""Accounts and groups, whose names stand beside what people did: they come in as clean as any other text."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangosGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangosUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, User

from partnerships.clean_text import CleanForm


class AccountForm(CleanForm, UserChangeForm):
    pass


class NewAccountForm(CleanForm, AdminUserCreationForm):
    pass


class GroupForm(CleanForm, forms.ModelForm):
    pass


admin.site.unregister([User, Group])


@admin.register(User)
class UserAdmin(DjangosUserAdmin):
    form, add_form = AccountForm, NewAccountForm


@admin.register(Group)
class GroupAdmin(DjangosGroupAdmin):
    form = GroupForm
