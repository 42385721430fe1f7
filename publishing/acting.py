"""Who acts, and when: handed to every action as one value."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # so that a script may import this module before Django is set up
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Act:
    """One act at the desk: who acts, when, and a reviewer's reason for letting names stand in the texts that become
    public.
    """

    by: "User"
    at: dt.datetime
    names_override_reason: str = ""
