import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from events.documents.formats import Format
from events.models.event import AttributionRule, Event
from publishing.database.clean_text import CleanTexts
from publishing.database.constraints import PREFIX, CheckConstraint, one_of, text_present, together
from publishing.database.triggers import AnnouncePart, literal
from publishing.identifiers import PublicIdField
from publishing.reader.public_rows import (
    Private,
    PublicQuerySet,
    PublicRows,
    kept_public_from,
    part_of,
    private,
    unless,
    while_empty,
)


class PublishedDocumentRules(pgtrigger.Trigger):
    """A published document is not changed and not deleted, only withdrawn, once; nothing of an off-record event is
    published.
    """

    name = "document_rules"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    never_deleted = gettext_noop("What was published is withdrawn, never deleted.")
    off_record = gettext_noop("The event was off the record: nothing of it is published.")
    never_changed = gettext_noop("A published document is never changed: withdraw it and publish another one.")

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        return f"""
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION {literal(self.never_deleted)}
                    USING ERRCODE = 'restrict_violation', TABLE = '{table}';
            END IF;
            IF TG_OP = 'INSERT' THEN
                IF EXISTS (SELECT 1 FROM events_event AS event
                           WHERE event.id = NEW.event_id AND event.attribution_rule = 'off_record')
                THEN
                    RAISE EXCEPTION {literal(self.off_record)}
                        USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'event_id',
                              CONSTRAINT = '{table}_not_off_record';
                END IF;
                RETURN NEW;
            END IF;
            IF OLD.withdrawn_at IS NOT NULL
               OR (to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawal_note', 'public_from'])
                   IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawal_note', 'public_from'])
            THEN
                RAISE EXCEPTION {literal(self.never_changed)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', CONSTRAINT = '{table}_document_rules';
            END IF;
            RETURN NEW;
        """


class BytesGoWithTheDocument(pgtrigger.Trigger):
    """A withdrawn document keeps its row and loses its bytes in the same transaction."""

    name = "bytes_go_with_the_document"
    when = pgtrigger.After
    operation = pgtrigger.Update
    condition = pgtrigger.Q(old__withdrawn_at__isnull=True, new__withdrawn_at__isnull=False)

    def get_func(self, model: type[models.Model]) -> str:
        return """
            DELETE FROM events_publishedcontent WHERE document_id = NEW.id;
            RETURN NULL;
        """


class BytesAreTheDocuments(pgtrigger.Trigger):
    """The bytes match the size and digest in their document, and stay until it is withdrawn."""

    name = "bytes_are_the_documents"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    never_deleted = gettext_noop("What was published is withdrawn, never deleted.")
    other_bytes = gettext_noop("These are not the bytes of this document.")

    def get_declare(self, model: type[models.Model]) -> list[tuple[str, str]]:
        return [("said", "RECORD")]

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        return f"""
            IF TG_OP = 'DELETE' THEN
                IF EXISTS (SELECT 1 FROM events_publisheddocument AS document
                           WHERE document.id = OLD.document_id AND document.withdrawn_at IS NULL)
                THEN
                    RAISE EXCEPTION {literal(self.never_deleted)}
                        USING ERRCODE = 'restrict_violation', TABLE = '{table}';
                END IF;
                RETURN OLD;
            END IF;
            SELECT * INTO said FROM events_publisheddocument WHERE id = NEW.document_id;
            IF TG_OP = 'UPDATE' OR said.withdrawn_at IS NOT NULL
               OR said.sha256 IS DISTINCT FROM encode(sha256(NEW.content), 'hex')
               OR said.size IS DISTINCT FROM octet_length(NEW.content)
            THEN
                RAISE EXCEPTION {literal(self.other_bytes)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', CONSTRAINT = '{table}_bytes_are_the_documents';
            END IF;
            RETURN NEW;
        """


class DocumentFormat(models.TextChoices):
    PDF = Format.PDF.value, "PDF"
    DOCX = Format.DOCX.value, _("Word document (DOCX)")
    ODT = Format.ODT.value, _("OpenDocument text (ODT)")
    JPEG = Format.JPEG.value, _("JPEG picture")
    PNG = Format.PNG.value, _("PNG picture")
    WEBP = Format.WEBP.value, _("WebP picture")


class PublishedDocumentQuerySet(PublicQuerySet):
    def available(self) -> Self:
        """Those that are not withdrawn, of events that are not off the record; a stricter rule takes effect at once."""
        return self.filter(withdrawn_at__isnull=True).exclude(event__attribution_rule=AttributionRule.OFF_RECORD)

    def visible_to(self, user: Any, *, at: dt.datetime | None = None) -> Self:
        """Also the desk is shown no bytes of what is withdrawn."""
        return super().visible_to(user, at=at).available()


class PublishedDocument(CleanTexts):
    """A cleaned copy of a file of an event, for everybody. It names no person: who uploaded it is stored elsewhere.

    A withdrawn one stays as a row without bytes, so that no other document gets its address.
    """

    public_rows: ClassVar[PublicRows] = (
        while_empty(
            "withdrawn_at",
            words="that are not withdrawn",
            why="It is a copy that was proved to be without traces of who wrote it.",
        )
        & part_of("event")
        & unless(
            "event",
            column="attribution_rule",
            value="off_record",
            words="whose event is not off the record",
            why="Nothing that was said off the record is public.",
        )
    )
    public_from = kept_public_from()

    Format = DocumentFormat

    public_id = PublicIdField()
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="published_documents", verbose_name=_("event")
    )
    title = models.CharField(_("title"), max_length=200)
    document_language = models.CharField(
        _("language"), max_length=8, blank=True, help_text=_("ISO 639 code; empty if unknown.")
    )
    format = models.CharField(_("format"), max_length=4, choices=DocumentFormat)
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes."))
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, validators=[RegexValidator(r"\A[0-9a-f]{64}\Z", _("This is no SHA-256."))]
    )
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True, help_text=_("Of a PDF."))
    published_at = models.DateTimeField(_("published at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_note = models.TextField(_("withdrawal note"), blank=True)

    objects = PublishedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("published document")
        verbose_name_plural = _("published documents")
        ordering = ["event_id", "published_at", "id"]
        constraints = [
            one_of("format", DocumentFormat),
            text_present("title"),
            CheckConstraint(
                condition=Q(size__gt=0),
                name=f"{PREFIX}_has_bytes",
                violation_error_message=_("A document is not empty."),
            ),
            CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name=f"{PREFIX}_sha256_is_one",
                violation_error_message=_("This is no SHA-256."),
            ),
            CheckConstraint(
                condition=Q(pages__isnull=True) | Q(pages__gt=0, format=DocumentFormat.PDF),
                name=f"{PREFIX}_pages_are_of_a_pdf",
                violation_error_message=_("Only a PDF has pages of its own, at least one."),
            ),
            CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawal_note="")
                | (Q(withdrawn_at__isnull=False, withdrawn_at__gte=F("published_at")) & ~Q(withdrawal_note="")),
                name=f"{PREFIX}_withdrawal_says_why",
                violation_error_message=_("Say why it is withdrawn."),
            ),
        ]
        triggers = [
            PublishedDocumentRules(),
            BytesGoWithTheDocument(),
            AnnouncePart("events.Event", "part.event_id"),
        ]

    def __str__(self) -> str:
        return self.title or self.public_id

    def get_absolute_url(self) -> str:
        return reverse("events:document", args=[self.event.slug, self.public_id])

    @property
    def media_type(self) -> str:
        return Format(self.format).media_type

    @property
    def file_name(self) -> str:
        """Made from its address; the name of the uploaded file is not stored."""
        return f"{self.event.slug}-{self.public_id}{Format(self.format).extension}"


class PublishedContent(models.Model):
    """The bytes of a published document, in a table of their own, so that no list loads them."""

    public_rows: ClassVar[PublicRows] = part_of("document")
    public_from = kept_public_from()

    document = models.OneToOneField(
        PublishedDocument,
        on_delete=models.CASCADE,
        related_name="bytes",
        primary_key=True,
        verbose_name=_("published document"),
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("content of a document")
        verbose_name_plural = _("contents of documents")
        triggers = [
            BytesAreTheDocuments(),
            AnnouncePart(
                "events.Event",
                "(SELECT document.event_id FROM events_publisheddocument AS document WHERE document.id = part.document_id)",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Document(CleanTexts):
    """A file of an event, as it was uploaded: for the desk only.

    `removed` and `obstacle` record the findings at upload: what a cleaned copy removes, and why no copy can be made.
    `published` is that copy once it exists; it has no link back.
    """

    public_rows: ClassVar[Private] = private("It holds files as they came in: who wrote them may show in them.")

    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        related_name="documents",
        verbose_name=_("event"),
    )
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to="documents/")
    document_language = models.CharField(
        _("language"),
        max_length=8,
        blank=True,
        help_text=_("ISO 639 code; empty if unknown."),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    removed = models.JSONField(_("left behind"), default=dict, blank=True, editable=False)
    obstacle = models.JSONField(_("obstacle"), null=True, blank=True, editable=False)
    published = models.OneToOneField(
        PublishedDocument,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("published document"),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("reviewer"),
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["event_id", "id"]
        constraints = [
            CheckConstraint(
                condition=~Q(file=""),
                name=f"{PREFIX}_has_a_file",
                violation_error_message=_("Choose a file."),
            ),
            text_present("title"),
            together(
                "published",
                "reviewer",
                name="publication_has_its_reviewer",
                message=_("A published document has a reviewer."),
            ),
            CheckConstraint(
                condition=~Q(reviewer=F("uploaded_by")),
                name=f"{PREFIX}_reviewer_is_not_uploader",
                violation_error_message=_("Somebody other than who uploaded it reviews before publication."),
            ),
        ]

    @property
    def public_id(self) -> str:
        """The id under which a reviewer's reason for a name in it is stored; the public id is assigned at publication."""
        return f"#{self.pk}"

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_public(self) -> bool:
        """Whether it has a published copy that is not withdrawn."""
        return self.published is not None and self.published.withdrawn_at is None
