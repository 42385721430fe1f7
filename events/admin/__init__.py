"""The pages of this app at the desk: one module for each aggregate."""

from events.admin import document, event, group_size, participant, public_name, report, series, viewing

__all__ = ["document", "event", "group_size", "participant", "public_name", "report", "series", "viewing"]
