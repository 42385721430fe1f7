"""Prefetches that load only what the reader may see."""

from typing import Any

from django.db.models import Prefetch


def visible_prefetch(lookup: str, model: Any, user: Any) -> Prefetch:
    """Prefetches the relation `lookup`, limited to what `user` may see; a hidden single object becomes None."""
    return Prefetch(lookup, queryset=model._default_manager.all().visible_to(user))
