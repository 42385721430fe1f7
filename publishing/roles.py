from django.contrib.auth.models import AnonymousUser, User

EDITORS = "editors"

REVIEWERS = "reviewers"

ADMINISTRATORS = "administrators"

CONVENORS = "convenors"
"""Who may know the participants of events. No other group may, and no superuser outside this one."""

WRITERS = (EDITORS, REVIEWERS, ADMINISTRATORS)
"""The groups whose members write what is published."""

DESK = (*WRITERS, CONVENORS)
"""The groups whose members read drafts; made by a migration."""


def groups_of(user: User | AnonymousUser | None) -> frozenset[str]:
    """Names of the desk groups of `user`; asks the database once per user object."""
    if user is None or not user.is_authenticated or not user.is_active or not user.is_staff:
        return frozenset()
    known = user.__dict__.get("_desk_groups")
    if known is None:
        known = frozenset(user.groups.filter(name__in=DESK).values_list("name", flat=True))
        user.__dict__["_desk_groups"] = known
    return known


def reads_drafts(user: User | AnonymousUser | None) -> bool:
    """Whether `user` may use the desk: active staff in one of the groups, or a superuser."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    return bool(user.is_superuser) or bool(groups_of(user))
