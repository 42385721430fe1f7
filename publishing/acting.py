"""Who acts, and when: what every action is told together."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a script may name an act before Django is set up
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Act:
    """One act at the desk: by whom, at which moment, and why names may stand in what becomes public by it, if they may."""

    by: "User"
    at: dt.datetime
    names_override_reason: str = ""
