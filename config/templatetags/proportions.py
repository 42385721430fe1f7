"""Parts of a whole, drawn by the server: no script, no style attribute, mirrored for right-to-left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import get_language_bidi

register = template.Library()

LABEL_FROM = 4.0
"""A part at least this wide (per cent of the bar) shows its count."""


@dataclass(frozen=True, slots=True)
class Part:
    """One state's share; positions are per cent of the bar's width, from the physical left edge, as SVG counts."""

    state: str
    count: int
    label: str
    url: str
    left: str
    width: str
    middle: str
    carries_count: bool


def parts_of_bar(counts: Iterable[Mapping[str, Any]], *, mirrored: bool) -> list[Part]:
    """Places `{"state", "count", "label", "url"?}` rows side by side; empty states take no room."""
    rows = [row for row in counts if row["count"] > 0]
    total = sum(row["count"] for row in rows)
    parts, start = [], 0.0
    for row in rows:
        width = 100 * row["count"] / total
        left = 100 - start - width if mirrored else start
        parts.append(
            Part(
                state=row["state"],
                count=row["count"],
                label=str(row["label"]),
                url=str(row.get("url") or ""),
                left=f"{left:.3f}%",
                width=f"{width:.3f}%",
                middle=f"{left + width / 2:.3f}%",
                carries_count=width >= LABEL_FROM,
            )
        )
        start += width
    return parts


@register.inclusion_tag("_partials/state_bar.html")
def state_bar(counts: Iterable[Mapping[str, Any]], title: str, axis: str = "implementation") -> dict[str, Any]:
    """A bar of the shares of each state with its legend; `counts` in drawing order.

    `axis` names the family of shapes: implementation, response or verification.
    """
    parts = parts_of_bar(counts, mirrored=get_language_bidi())
    return {"parts": parts, "total": sum(part.count for part in parts), "title": title, "axis": axis}
