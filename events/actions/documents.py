"""Publishing and withdrawing the documents of an event."""

import hashlib

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.actions.participants import OffTheRecord
from events.documents import apart
from events.documents.cleaned import Cleaned
from events.documents.refusal import FileRefused
from events.models import AttributionRule, Document, PublishedContent, PublishedDocument
from events.names.check import refuse_names
from publishing.acting import Act
from publishing.languages import Language
from publishing.permissions import require_reviewer
from publishing.public_texts import PublicText, texts_of
from publishing.refusals import NothingSaid, Refused, ReviewerIsAuthor


class DocumentRefused(Refused):
    """The document cannot be published as it is; the reason is that of the `FileRefused` behind it."""


class AlreadyPublished(Refused):
    """This document has, or had, a published copy."""


class NotPublic(Refused):
    """Only what is public can be withdrawn."""


def publish_document(document: Document, *, act: Act) -> PublishedDocument:
    """Publishes a cleaned copy of `document`, proven clean; it is public with its event.

    Its title and all its text are checked for names, like every text: `names.check.refuse_names`. Reading and cleaning
    the file take seconds and hold no lock; of two people who publish at once, one is refused.
    """
    require_reviewer(act.by)
    _refuse_unpublishable(document, by=act.by)
    cleaned = cleaned_copy(document)
    with transaction.atomic():
        row = Document.objects.select_for_update(of=("self",)).select_related("event").filter(pk=document.pk).first()
        if row is None:
            raise DocumentRefused(_("The document was deleted in the meantime."), code="deleted")
        _refuse_unpublishable(row, by=act.by)
        refuse_names(
            row.event, [*texts_of(row), *(PublicText(part.place, part.text) for part in cleaned.texts)], of=row, act=act
        )
        published = PublishedDocument(
            event=row.event,
            **{f"title_{language}": getattr(row, f"title_{language}") for language in Language.values},
            document_language=row.document_language,
            format=cleaned.format.value,
            size=len(cleaned.content),
            sha256=hashlib.sha256(cleaned.content).hexdigest(),
            pages=cleaned.pages,
            published_at=act.at,
        )
        published.full_clean()
        published.save(force_insert=True)
        PublishedContent(document=published, content=cleaned.content).save(force_insert=True)
        row.published, row.reviewer = published, act.by
        row.full_clean(exclude=["file"])
        row.save(update_fields=["published", "reviewer"])
    document.published, document.reviewer = published, act.by
    return published


@transaction.atomic
def withdraw_document(published: PublishedDocument, *, act: Act, note: str) -> None:
    """Withdraws a published document: its bytes are deleted, its address answers "not found", its row says why."""
    require_reviewer(act.by)
    if not note.strip():
        raise NothingSaid(_("Say why it is withdrawn."), code="nothing_said")
    row = PublishedDocument.objects.select_for_update(of=("self",)).get(pk=published.pk)
    if row.withdrawn_at is not None:
        raise NotPublic(_("This document is withdrawn already."), code="not_public")
    row.withdrawn_at, row.withdrawal_note = act.at, note.strip()
    changed = ["withdrawn_at", "withdrawal_note"]
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name not in changed])
    row.save(update_fields=changed)
    published.withdrawn_at, published.withdrawal_note = row.withdrawn_at, row.withdrawal_note


def cleaned_copy(document: Document) -> Cleaned:
    """The cleaned copy of the file of `document`. Raises DocumentRefused."""
    try:
        with document.file.open("rb") as file:
            data = file.read()
    except OSError as error:
        raise DocumentRefused(
            _("The file of this document is not where it was kept. Upload it anew."), code="file_is_gone"
        ) from error
    try:
        return apart.clean(data)
    except FileRefused as refusal:
        raise DocumentRefused(refusal.messages, code=refusal.reason) from refusal


def _refuse_unpublishable(document: Document, *, by: User) -> None:
    if document.published_id is not None:
        raise AlreadyPublished(
            _("This document has a published copy already, or had one. Upload it anew to publish another."),
            code="already_published",
        )
    if document.uploaded_by_id == by.pk:
        raise ReviewerIsAuthor(
            _("You uploaded this document: somebody else has to review and publish it."), code="reviewer_is_author"
        )
    if document.event.attribution_rule == AttributionRule.OFF_RECORD:
        raise OffTheRecord(_("The event was off the record: nothing of it is published."), code="off_the_record")
