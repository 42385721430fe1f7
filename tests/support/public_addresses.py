"""Every address that the public may request, with something published behind each."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories import PublishedContentFactory
from tests.support.published import IDENTIFIERS, everything

OUTSIDE = {"healthz", "readyz"}
"""Probes: never kept, and without content."""


def names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    """The name of every address, those of the desk apart."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from names(
                    pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                )
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


PUBLIC = sorted(
    set(names(get_resolver().url_patterns))
    - OUTSIDE
    - {"set_language", "api:unknown", "api:submission-list", "api:submission-detail"}
)


def address_of(name: str, things: dict[str, Any]) -> str:
    """An address of the name, with something published behind it."""
    if "detail" not in name and "scorecard" not in name and "lineage" not in name and "document" not in name:
        return reverse(name) + ("?q=claim" if name == "api:search-list" else "")
    if name == "events:document":
        return str(things["document"].get_absolute_url())
    app, _, rest = name.partition(":")
    kind = rest.rpartition("-")[0] if app == "api" else rest.partition("_")[0]
    collection = next(one for one in IDENTIFIERS if one in (kind, f"{kind}s", f"{kind[:-1]}ies"))
    thing = things[collection]
    return reverse(name, args=[getattr(thing, IDENTIFIERS[collection])])


def published_things() -> dict[str, Any]:
    """One whole thing of each kind, and a document."""
    found = everything()
    found["document"] = PublishedContentFactory(document__event=found["events"]).document
    return found
