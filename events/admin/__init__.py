"""The staff desk of this app: one module per aggregate."""

from events.admin import document, event, group_size, participant, public_name, report, series, viewing

__all__ = ["document", "event", "group_size", "participant", "public_name", "report", "series", "viewing"]
