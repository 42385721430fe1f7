"""Which texts of this app are translated, and which rows have versions."""

from modeltranslation.translator import TranslationOptions, register

from events.models import (
    Consent,
    Document,
    Event,
    Participant,
    Point,
    PublicName,
    PublishedDocument,
    Report,
    Rewording,
    Series,
    Session,
)
from publishing.database.clean_text import keep_texts_clean
from publishing.versions import keep_versions


@register(Series)
class SeriesTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Event)
class EventTranslation(TranslationOptions):
    fields = ("name", "place", "summary")


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("name",)


@register(Report)
class ReportTranslation(TranslationOptions):
    fields = ("title", "summary")


@register(Point)
class PointTranslation(TranslationOptions):
    fields = ("text",)


@register(Rewording)
class RewordingTranslation(TranslationOptions):
    fields = ("text",)


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title",)


@register(PublishedDocument)
class PublishedDocumentTranslation(TranslationOptions):
    fields = ("title",)


keep_versions(Series)
keep_versions(Event)
keep_versions(Report)
keep_texts_clean(
    Series, Event, Session, Participant, Consent, Report, Point, Rewording, Document, PublishedDocument, PublicName
)
