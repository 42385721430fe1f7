"""What is read together with a row: only what its reader may see."""

from typing import Any

from django.db.models import Prefetch


def visible_prefetch(lookup: str, model: Any, user: Any) -> Prefetch:
    """The relation `lookup`, as far as it leads to what `user` may see; a single one becomes None otherwise."""
    return Prefetch(lookup, queryset=model._default_manager.all().visible_to(user))
