"""The staff desk of this app: one module per aggregate."""

from events.admin import event, participant, report, series, viewing

__all__ = ["event", "participant", "report", "series", "viewing"]
