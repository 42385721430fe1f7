"""Checks of who may do what at the desk."""

from django.contrib.auth.models import AnonymousUser, User
from django.utils.translation import gettext_lazy as _

from publishing.refusals import NotAllowed
from publishing.roles import ADMINISTRATORS, REVIEWERS, WRITERS, groups_of


def require_desk(by: User | AnonymousUser) -> None:
    """Raises NotAllowed unless `by` is an editor, a reviewer or an administrator."""
    if not (by.is_superuser and by.is_active) and groups_of(by).isdisjoint(WRITERS):
        raise NotAllowed(_("Only editors, reviewers and administrators may do this."), code="not_allowed")


def reviews(by: User) -> bool:
    """Whether `by` is a reviewer or an administrator."""
    return bool(by.is_superuser and by.is_active) or bool(groups_of(by) & {REVIEWERS, ADMINISTRATORS})


def require_reviewer(by: User) -> None:
    """Raises NotAllowed unless `by` is a reviewer or an administrator."""
    if not reviews(by):
        raise NotAllowed(_("Only reviewers and administrators publish and withdraw."), code="not_allowed")
