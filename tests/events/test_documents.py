"""Documents of an event: stored for the desk as uploaded, published as cleaned copies, and withdrawn."""

import datetime as dt
import errno
import hashlib
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.files import locks
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from events import actions
from events.documents import apart, limits
from events.models import Document, Event, PublicName, PublishedContent, PublishedDocument
from events.names.check import NamesSomebody
from publishing.acting import Act
from publishing.api.statements import MADE
from publishing.desk.addresses import change_address
from publishing.models.change import Change
from publishing.reader.audience import reading_as_the_public
from publishing.refusals import NotAllowed, NothingSaid, Refused, ReviewerIsAuthor
from publishing.roles import ADMINISTRATORS, REVIEWERS
from tests.events.documents.evil_files import canaries_in, evil_docx, evil_pdf, jpeg, png
from tests.events.documents.test_cleaning import word
from tests.events.documents.test_recognition import large_png
from tests.factories import (
    DocumentFactory,
    EventFactory,
    ParticipantFactory,
    PublishedContentFactory,
    PublishedDocumentFactory,
    UserFactory,
)
from tests.factories.events import CONTENT
from tests.support.concurrency import Session
from tests.support.desk import Page
from tests.support.pages import page, words
from tests.support.patience import PATIENCE
from tests.support.refusal import refused

pytestmark = pytest.mark.long

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

AT = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)

NAMED_IN_THE_TEXT = "Spring Corridor"
"""Two words of what the made files say."""


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def with_documents(username: str, *groups: str) -> User:
    """Somebody at the desk who may do with documents what their pages offer."""
    person: User = UserFactory(username=username, groups=groups)
    person.user_permissions.set(Permission.objects.filter(content_type__model__in=["document", "event"]))
    return person


@pytest.fixture
def keeper(db: None) -> User:
    """Uploads documents."""
    return with_documents("keeper", ADMINISTRATORS)


@pytest.fixture
def checker(db: None) -> User:
    """Reviews and publishes what others uploaded."""
    return with_documents("checker", REVIEWERS)


def kept(data: bytes, uploaded_by: User | None = None, name: str = "x.pdf", **more: Any) -> Document:
    """A document with this file, as the desk would have kept it."""
    document: Document = DocumentFactory(
        file=ContentFile(data, name=name), **more, **({"uploaded_by": uploaded_by} if uploaded_by else {})
    )
    return document


def on_disk(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


# Publication


@pytest.mark.django_db
def test_cleaned_copy_is_published_with_its_event(media: Path, checker: User) -> None:
    event = EventFactory(published=True, slug="roundtable", published_at=timezone.now() - dt.timedelta(hours=1))
    document = kept(evil_pdf(), event=event, title="Agenda", title_tr="Gündem", document_language="en")
    published = actions.publish_document(document, act=Act(by=checker, at=AT))
    content = bytes(published.bytes.content)
    assert canaries_in(content) == set()
    titles = PublishedDocument.objects.values_list("title_en", "title_tr", "title_ar").get()
    assert titles == ("Agenda", "Gündem", None)
    assert (published.format, published.media_type, published.pages) == ("pdf", "application/pdf", 1)
    assert (published.size, published.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert published.published_at == AT
    document.refresh_from_db()
    assert (document.published, document.reviewer) == (published, checker)
    with reading_as_the_public():
        assert bytes(PublishedContent.objects.get().content) == content


@pytest.mark.django_db
def test_nothing_leads_from_a_published_document_to_who_uploaded_it() -> None:
    public = {field.name for model in (PublishedDocument, PublishedContent) for field in model._meta.get_fields()}
    assert public == {
        "id", "public_id", "event", "title", "title_en", "title_tr", "title_ar", "document_language", "format", "size",
        "sha256", "pages", "published_at", "withdrawn_at", "withdrawal_note", "bytes", "document", "content", "public_from",
    }  # fmt: skip


@pytest.mark.django_db
def test_document_of_a_draft_is_public_when_its_event_is(media: Path, checker: User, anonymous: AnonymousUser) -> None:
    event = EventFactory()
    published = actions.publish_document(kept(png(), event=event), act=Act(by=checker, at=AT))
    with reading_as_the_public():
        assert (PublishedDocument.objects.count(), PublishedContent.objects.count()) == (0, 0)
    assert not PublishedDocument.objects.visible_to(anonymous).exists()
    assert PublishedDocument.objects.visible_to(checker).get() == published
    Event.objects.filter(pk=event.pk).update(
        state="published", reviewer=checker, published_at=timezone.now() - dt.timedelta(minutes=1)
    )
    with reading_as_the_public():
        assert (PublishedDocument.objects.count(), PublishedContent.objects.count()) == (1, 1)
    assert PublishedDocument.objects.visible_to(anonymous).get() == published


@pytest.mark.django_db
def test_row_policy_and_queryset_agree(anonymous: AnonymousUser) -> None:
    for published in (False, True):
        for withdrawn in (False, True):
            for rule in ("on_record", "chatham_house", "not_stated", "off_record"):
                event = EventFactory(published=published, attribution_rule="on_record")
                document = PublishedDocumentFactory(event=event, withdrawn=withdrawn)
                if not withdrawn:
                    PublishedContentFactory(document=document)
                Event.objects.filter(pk=event.pk).update(
                    attribution_rule=rule, version=2, version_note="The rule was made stricter."
                )
    visible = set(PublishedDocument.objects.visible_to(anonymous).values_list("pk", flat=True))
    assert len(visible) == 3
    with reading_as_the_public():
        assert set(PublishedDocument.objects.values_list("pk", flat=True)) == visible
        assert set(PublishedContent.objects.values_list("pk", flat=True)) == visible


@pytest.mark.django_db
def test_uploader_does_not_publish(media: Path, checker: User) -> None:
    document = kept(png(), uploaded_by=checker)
    with pytest.raises(ReviewerIsAuthor, match="somebody else has to review"):
        actions.publish_document(document, act=Act(by=checker, at=AT))
    assert not PublishedDocument.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["editor", "partner"])
def test_only_reviewers_publish_and_withdraw(media: Path, request: pytest.FixtureRequest, person: str) -> None:
    by = request.getfixturevalue(person)
    with pytest.raises(NotAllowed):
        actions.publish_document(kept(png()), act=Act(by=by, at=AT))
    with pytest.raises(NotAllowed):
        actions.withdraw_document(PublishedDocumentFactory(), act=Act(by=by, at=AT), note="x")
    assert PublishedDocument.objects.get().withdrawn_at is None


@pytest.mark.django_db
def test_document_of_an_event_off_the_record_is_not_published(media: Path, checker: User) -> None:
    document = kept(png(), event=EventFactory(attribution_rule="off_record"))
    with pytest.raises(actions.OffTheRecord, match="nothing of it is published"):
        actions.publish_document(document, act=Act(by=checker, at=AT))
    with refused("events_publisheddocument_not_off_record", saying="off the record"):
        PublishedDocumentFactory(event=document.event)


@pytest.mark.django_db
def test_document_is_published_once(media: Path, checker: User) -> None:
    document = kept(png())
    actions.publish_document(document, act=Act(by=checker, at=AT))
    with pytest.raises(actions.AlreadyPublished, match="Upload it anew"):
        actions.publish_document(document, act=Act(by=checker, at=AT))
    assert PublishedDocument.objects.count() == 1


@pytest.mark.django_db
def test_document_that_cannot_be_cleaned_is_not_published_and_says_why(media: Path, checker: User) -> None:
    document = kept(word("<w:p><w:r><w:object/></w:r></w:p>"), name="x.docx")
    with pytest.raises(actions.DocumentRefused, match=r"word/document\.xml holds an embedded object"):
        actions.publish_document(document, act=Act(by=checker, at=AT))
    assert not PublishedDocument.objects.exists()


@pytest.mark.django_db
def test_document_whose_file_is_gone_is_not_published(media: Path, checker: User) -> None:
    with pytest.raises(actions.DocumentRefused, match="not where it was kept"):
        actions.publish_document(DocumentFactory(), act=Act(by=checker, at=AT))


@pytest.mark.django_db
def test_document_that_names_somebody_who_was_there_is_not_published(
    media: Path, checker: User, convenor: User
) -> None:
    document = kept(evil_docx(), name="x.docx")
    ParticipantFactory(event=document.event, name=NAMED_IN_THE_TEXT)
    with pytest.raises(NamesSomebody, match="names somebody who was there"):
        actions.publish_document(document, act=Act(by=checker, at=AT))
    assert not PublishedDocument.objects.exists()
    document.refresh_from_db()
    assert document.published is None


@pytest.mark.django_db
def test_title_of_a_document_is_read_for_names_too(media: Path, checker: User) -> None:
    document: Any = kept(png())
    ParticipantFactory(event=document.event, name="Leyla Korkmazoğlu")
    document.title_tr = "Leyla Korkmazoglu'nun sunumu"
    document.save()
    with pytest.raises(NamesSomebody, match="title \\(Turkish\\)"):
        actions.publish_document(document, act=Act(by=checker, at=AT))
    assert not PublishedDocument.objects.exists()


@pytest.mark.django_db
def test_reviewer_says_why_a_name_in_a_document_is_public(media: Path, checker: User) -> None:
    document: Any = kept(png())
    ParticipantFactory(event=document.event, name="Leyla Korkmazoğlu")
    document.title_en = "Speech of Leyla Korkmazoğlu"
    document.save()
    with pytest.raises(NamesSomebody) as refusal:
        actions.publish_document(document, act=Act(by=checker, at=AT))
    refusal.value.keep()
    actions.publish_document(
        document,
        act=Act(by=checker, at=AT, names_override_reason="She published the speech herself."),
    )
    assert PublishedDocument.objects.count() == 1
    assert PublicName.objects.get().reason == "She published the speech herself."


@pytest.mark.django_db
def test_publication_and_withdrawal_announce_the_event(media: Path, checker: User) -> None:
    event = EventFactory(published=True, slug="roundtable")
    before = Change.objects.count()
    with transaction.atomic():
        published = actions.publish_document(kept(png(), event=event), act=Act(by=checker, at=AT))
    line = Change.objects.latest("id")
    assert Change.objects.count() == before + 1
    assert (line.kind, line.identifier, line.event) == ("event", "roundtable", "changed")
    assert published.title not in (line.note, line.identifier)


@pytest.mark.usefixtures("committing")
def test_of_two_who_publish_at_once_one_is_refused(session: Session, media: Path) -> None:
    first, second = (with_documents(name, REVIEWERS) for name in ("first", "second"))
    document = kept(png())
    with transaction.atomic():
        actions.publish_document(document, act=Act(by=first, at=AT))
        also = session.run(
            lambda: actions.publish_document(Document.objects.get(pk=document.pk), act=Act(by=second, at=AT))
        )
        session.wait_until_it_waits()
    with pytest.raises(actions.AlreadyPublished):
        also.result(PATIENCE)
    assert PublishedDocument.objects.count() == PublishedContent.objects.count() == 1
    assert Document.objects.get().reviewer == first


@pytest.mark.usefixtures("committing")
def test_document_that_is_deleted_meanwhile_is_not_published(monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    document = kept(png())
    clean = apart.clean

    def and_delete(data: bytes) -> Any:
        Document.objects.all().delete()
        return clean(data)

    monkeypatch.setattr(apart, "clean", and_delete)
    with pytest.raises(actions.DocumentRefused, match="deleted in the meantime"):
        actions.publish_document(document, act=Act(by=with_documents("checker", REVIEWERS), at=AT))
    assert not PublishedDocument.objects.exists()


@pytest.mark.usefixtures("committing")
def test_worker_that_dies_while_it_publishes_leaves_nothing(monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    document = kept(png())

    def die(*_arguments: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PublishedContent, "save", die)
    with pytest.raises(KeyboardInterrupt):
        actions.publish_document(document, act=Act(by=with_documents("checker", REVIEWERS), at=AT))
    document.refresh_from_db()
    assert document.published is None
    assert not PublishedDocument.objects.exists()


# Withdrawal


@pytest.mark.django_db
def test_withdrawn_document_is_a_row_without_bytes(checker: User) -> None:
    published = PublishedContentFactory(document__event__published=True).document
    actions.withdraw_document(published, act=Act(by=checker, at=AT), note=" It named somebody. ")
    row = PublishedDocument.objects.get()
    assert (row.withdrawn_at, row.withdrawal_note) == (AT, "It named somebody.")
    assert not PublishedContent.objects.exists()
    with reading_as_the_public():
        assert not PublishedDocument.objects.exists()


@pytest.mark.django_db
def test_withdrawal_says_why_and_happens_once(checker: User) -> None:
    published = PublishedDocumentFactory()
    with pytest.raises(NothingSaid):
        actions.withdraw_document(published, act=Act(by=checker, at=AT), note=" ")
    actions.withdraw_document(published, act=Act(by=checker, at=AT), note="It named somebody.")
    with pytest.raises(actions.NotPublic, match="withdrawn already"):
        actions.withdraw_document(published, act=Act(by=checker, at=AT), note="Again.")


# What the database keeps


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"title_en": "x"}, {"size": 1}, {"sha256": "0" * 64}, {"public_id": "0000000000"}, {"published_at": AT}]
)
def test_published_document_is_not_changed(change: dict[str, Any]) -> None:
    document = PublishedDocumentFactory()
    with refused("events_publisheddocument_document_rules", saying="never changed"):
        PublishedDocument.objects.filter(pk=document.pk).update(**change)


@pytest.mark.django_db
def test_withdrawn_document_does_not_come_back() -> None:
    document = PublishedDocumentFactory(withdrawn=True)
    with refused("events_publisheddocument_document_rules"):
        PublishedDocument.objects.filter(pk=document.pk).update(withdrawn_at=None, withdrawal_note="")


@pytest.mark.django_db
def test_published_document_and_its_bytes_are_not_deleted() -> None:
    PublishedContentFactory()
    with refused(None, saying="withdrawn, never deleted"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_publisheddocument")
    with refused(None, saying="withdrawn, never deleted"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_publishedcontent")


@pytest.mark.django_db
def test_bytes_are_those_that_the_document_says() -> None:
    constraint = "events_publishedcontent_bytes_are_the_documents"
    with refused(constraint):
        PublishedContentFactory(content=CONTENT + b"!")
    with refused(constraint):
        PublishedContentFactory(document=PublishedDocumentFactory(size=len(CONTENT) + 1))
    with refused(constraint):
        PublishedContentFactory(document=PublishedDocumentFactory(withdrawn=True))
    content = PublishedContentFactory()
    with refused(constraint):
        PublishedContent.objects.filter(pk=content.pk).update(content=CONTENT)


# The address


def public_document(**more: Any) -> PublishedDocument:
    document: PublishedDocument = PublishedContentFactory(
        document__event__published=True, document__event__slug="roundtable", **more
    ).document
    return document


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/tr", "/ar"])
def test_document_is_handed_over_and_never_shown(client: Client, prefix: str) -> None:
    document = public_document()
    response = client.get(f"{prefix}/events/roundtable/documents/{document.public_id}/")
    assert response.status_code == 200
    assert response.content == CONTENT
    assert {name: response.headers[name] for name in (
        "Content-Type", "Content-Length", "Content-Disposition", "ETag", "Cache-Control", "X-Content-Type-Options",
        "Content-Security-Policy", "Cross-Origin-Resource-Policy",
    )} == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(CONTENT)),
        "Content-Disposition": f'attachment; filename="roundtable-{document.public_id}.pdf"',
        "ETag": f'"{document.sha256}"',
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
    }  # fmt: skip
    assert not response.cookies


@pytest.mark.django_db
def test_head_says_what_get_would(client: Client) -> None:
    address = public_document().get_absolute_url()
    got, head = client.get(address), client.head(address)
    assert head.status_code == 200
    assert head.content == b""
    assert {**head.headers, "X-Request-ID": ""} == {**got.headers, "X-Request-ID": ""}


@pytest.mark.django_db
def test_document_that_is_known_is_not_sent_again(client: Client) -> None:
    document = public_document()
    address = document.get_absolute_url()
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    known = client.get(address, headers={"If-None-Match": f'"{document.sha256}"'})
    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", f'"{document.sha256}"')
    assert known.headers["Cache-Control"] == "no-cache"
    assert client.get(address, headers={"If-Match": '"other"'}).status_code == 412


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_document_is_only_read(client: Client, method: str) -> None:
    assert getattr(client, method)(public_document().get_absolute_url()).status_code == 405


@pytest.mark.django_db
def test_address_of_what_is_not_public_answers_not_found(client: Client, checker: User) -> None:
    other = EventFactory(published=True, slug="other")
    public, draft = public_document(), PublishedContentFactory(document__event__slug="draft").document
    withdrawn = PublishedDocumentFactory(event=other, withdrawn=True)
    for address in (
        draft.get_absolute_url(),
        withdrawn.get_absolute_url(),
        f"/events/other/documents/{public.public_id}/",
        "/events/roundtable/documents/0000000000/",
        "/events/none/documents/0000000000/",
    ):
        for verb in (client.get, client.head):
            response = verb(address)
            assert response.status_code == 404
            assert "Content-Disposition" not in response.headers
    assert "There is no page at this address" in words(page(draft.get_absolute_url(), expect=404))
    assert client.get(public.get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_document_of_an_event_that_goes_off_the_record_is_gone_at_once(client: Client) -> None:
    document = public_document()
    known = {"If-None-Match": f'"{document.sha256}"'}
    assert client.get(document.get_absolute_url(), headers=known).status_code == 304
    Event.objects.update(attribution_rule="off_record", version=2, version_note="Stricter.")
    assert client.get(document.get_absolute_url(), headers=known).status_code == 404
    assert "Published document" not in page("/events/roundtable/")


@pytest.mark.django_db
def test_list_of_documents_never_loads_their_bytes(client: Client) -> None:
    from django.test.utils import CaptureQueriesContext

    public_document()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/events/roundtable/")
        client.get("/api/v1/events/roundtable/")
        client.head(PublishedDocument.objects.get().get_absolute_url())
    # Of a prepared statement Django does not log the words.
    asked = [*(query["sql"] or "" for query in queries), *(statement.sql for statement in MADE.values())]
    assert "events_publisheddocument" in str(asked)
    assert not [sql for sql in asked if "events_publishedcontent" in sql]


# The page of the event and the API


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prefix", "said"), [("", "PDF, 1.2 MB"), ("/tr", "PDF, 1,2 MB"), ("/ar", "PDF، 1,2 م.ب")], ids=["en", "tr", "ar"]
)
def test_event_lists_its_documents_with_format_and_size(prefix: str, said: str) -> None:
    event = EventFactory(published=True, slug="roundtable", name="Roundtable", name_tr="Toplantı", name_ar="مائدة")
    document = PublishedDocumentFactory(event=event, title="Agenda", title_tr="Gündem", title_ar="جدول", size=1_258_291)
    content = page(f"{prefix}/events/roundtable/")
    assert f'href="{prefix}/events/roundtable/documents/{document.public_id}/" type="application/pdf"' in content
    shown = words(content).replace("\xa0", " ")
    assert {"": "Agenda", "/tr": "Gündem", "/ar": "جدول"}[prefix] in shown
    assert said in shown


@pytest.mark.django_db
def test_event_without_documents_has_no_section_for_them() -> None:
    event = EventFactory(published=True, slug="roundtable")
    PublishedDocumentFactory(event=event, withdrawn=True, title="HIDDEN")
    DocumentFactory(event=event, title="HIDDEN")
    content = page("/events/roundtable/")
    assert 'id="documents"' not in content
    assert "HIDDEN" not in content


@pytest.mark.django_db
def test_api_tells_of_the_documents_of_an_event(client: Client) -> None:
    document = public_document(document__title="Agenda", document__pages=3, document__document_language="tr")
    body = client.get("/api/v1/events/roundtable/").json()
    assert body["documents"] == [
        {
            "file": f"http://testserver/events/roundtable/documents/{document.public_id}/",
            "public_id": document.public_id,
            "title": "Agenda",
            "language": "tr",
            "format": "pdf",
            "media_type": "application/pdf",
            "size": len(CONTENT),
            "sha256": document.sha256,
            "pages": 3,
            "published_at": "2025-05-01T12:00:00Z",
        }
    ]
    PublishedDocument.objects.update(withdrawn_at=AT, withdrawal_note="It named somebody.")
    assert client.get("/api/v1/events/roundtable/").json()["documents"] == []


# The desk: upload


def upload(data: bytes, name: str, claimed: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type=claimed)


@pytest.mark.django_db
def test_uploaded_file_is_kept_under_a_name_that_says_nothing(desk: Desk, keeper: User, media: Path) -> None:
    event = EventFactory()
    sent = desk(keeper, Document).send(
        title_en="Agenda", event=event.pk, file=upload(evil_pdf(), "Jane Doe – agenda.pdf")
    )
    assert sent.errors == {}
    document = Document.objects.get()
    assert document.uploaded_by == keeper
    assert on_disk(media) == [document.file.name]
    folder, _, name = str(document.file.name).partition("/")
    assert (folder, len(name), name[-4:]) == ("documents", 36, ".pdf")
    assert document.removed["annotations"] == 1
    assert document.obstacle is None
    for entry in LogEntry.objects.all():
        assert "agenda" not in f"{entry.object_repr} {entry.change_message}".lower()
        assert entry.object_repr == f"#{document.pk}"


@pytest.mark.django_db
def test_page_tells_what_a_copy_would_leave_behind(desk: Desk, checker: User, keeper: User, media: Path) -> None:
    sent = desk(keeper, Document).send(
        title_en="Agenda", event=EventFactory().pk, file=upload(jpeg(), "x.jpg", "image/jpeg")
    )
    assert sent.errors == {}
    panels = desk(checker, Document.objects.get()).response.context["panels"]
    assert [[str(cell) for cell in row.cells] for row in panels[0].rows] == [
        ["Descriptions embedded as XMP", "1"],
        ["Data of the camera (EXIF)", "1"],
        ["The place where a picture was taken (GPS)", "1"],
        ["Captions and rights of a picture (IPTC)", "1"],
        ["Colour profiles", "1"],
        ["Comments and texts in pictures", "1"],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "name", "claimed", "says"),
    [
        (b"<svg/>", "x.svg", "image/svg+xml", "no PDF, DOCX, ODT, JPEG, PNG or WebP"),
        (evil_pdf(), "x.docx", "application/pdf", "The file is called “.docx”, but by its content it is: PDF."),
        (evil_pdf(), "x.pdf", "image/png", "The file came as “image/png”, but by its content it is: PDF."),
        (png(), "ت" * 300 + ".png", "image/png", "The name of the file has 255 characters; at most 200 are taken."),
        (b"", "x.pdf", "application/pdf", "empty"),
        (large_png(8200, 8200), "x.png", "image/png", "67 million pixels; at most 50 are taken"),
        (b"%PDF-1.7" + b"\0" * limits.FILE, "x.pdf", "application/pdf", "at most 25 MB are taken"),
    ],
    ids=["svg", "extension", "type", "name", "empty", "pixels", "size"],
)  # fmt: skip
def test_file_that_is_refused_leaves_nothing(
    desk: Desk, keeper: User, media: Path, *, data: bytes, name: str, claimed: str, says: str
) -> None:
    sent = desk(keeper, Document).send(title_en="Agenda", event=EventFactory().pk, file=upload(data, name, claimed))
    assert list(sent.errors) == ["file"]
    assert says in sent.errors["file"][0]
    assert not Document.objects.exists()
    assert on_disk(media) == []
    assert not LogEntry.objects.exists()


@pytest.mark.django_db
def test_zip_bomb_in_a_document_leaves_nothing(desk: Desk, keeper: User, media: Path) -> None:
    def bomb(parts: dict[str, bytes]) -> None:
        parts["word/media/image9.png"] = b"\0" * 60_000_000

    file = upload(evil_docx(bomb), "x.docx", "application/octet-stream")
    sent = desk(keeper, Document).send(title_en="Agenda", event=EventFactory().pk, file=file)
    assert "This is what a zip bomb does" in sent.errors["file"][0]
    assert on_disk(media) == []


@pytest.mark.django_db
def test_form_that_is_refused_for_another_field_leaves_no_file(desk: Desk, keeper: User, media: Path) -> None:
    sent = desk(keeper, Document).send(event=EventFactory().pk, file=upload(png(), "x.png", "image/png"))
    assert sent.errors != {}
    assert on_disk(media) == []


@pytest.mark.django_db
def test_file_whose_row_the_database_refuses_is_not_kept(
    desk: Desk, keeper: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Document, *arguments: Any, **more: Any) -> None:
        self._meta.get_field("file").pre_save(self, add=True)
        raise Refused("Refused by the database.", code="x")

    monkeypatch.setattr(Document, "save", refuse)
    sent = desk(keeper, Document).send(title_en="A", event=EventFactory().pk, file=upload(png(), "x.png", "image/png"))
    assert sent.errors == {"__all__": ["Refused by the database."]}
    assert on_disk(media) == []


@pytest.mark.django_db
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS])
def test_file_for_which_the_disk_has_no_room_is_told_at_its_field_and_leaves_nothing(
    desk: Desk, keeper: User, media: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def write_a_part(descriptor: int, _how: int) -> bool:
        os.write(descriptor, b"a part")
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(locks, "lock", write_a_part)  # called when the file is open and nothing is in it
    sent = desk(keeper, Document).send(title_en="A", event=EventFactory().pk, file=upload(png(), "x.png", "image/png"))
    assert sent.response.status_code == 200
    assert "the disk of the server is full" in sent.errors["file"][0]
    assert on_disk(media) == []
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_large_file_needs_no_room_on_the_disk_before_it_is_kept(
    desk: Desk, keeper: User, media: Path, settings: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"
    target = io.BytesIO()
    Image.frombytes("RGB", (1_000, 1_000), os.urandom(3_000_000)).save(target, "PNG")
    data = target.getvalue()
    assert len(data) > 2_900_000
    sent = desk(keeper, Document).send(title_en="A", event=EventFactory().pk, file=upload(data, "x.png", "image/png"))
    assert sent.errors == {}
    assert len(on_disk(media)) == 1


@pytest.mark.django_db
def test_original_that_is_gone_is_told_and_not_found(
    client_of: ClientOf, keeper: User, checker: User, media: Path
) -> None:
    document = kept(png(), keeper)
    for path in media.rglob("*.pdf"):
        path.unlink()
    response = client_of(checker).get(document.file.url)
    assert response.status_code == 404
    assert "The file is not where it was kept." in response.content.decode()
    assert change_address(document) in response.content.decode()


@pytest.mark.django_db
def test_body_that_is_too_large_is_answered_before_it_is_read(keeper: User, client_of: ClientOf, settings: Any) -> None:
    class Unread(io.BytesIO):
        def read(self, *_size: Any) -> bytes:
            raise AssertionError("The body was read.")

    response = client_of(keeper).generic(
        "POST",
        "/admin/events/document/add/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(200_000_000),
        **{"wsgi.input": Unread()},  # type: ignore[arg-type]
    )
    assert response.status_code == 413
    assert "At most 25 MB are taken at once" in words(response.content.decode())
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    settings.MAX_BODY_BYTES = 10
    assert Client().post("/events/", {"a": "x" * 100}).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize("announced", ["", "x", "-1"])
def test_body_of_no_announced_length_is_not_judged(client: Client, announced: str) -> None:
    assert client.generic("GET", "/events/", CONTENT_LENGTH=announced).status_code == 200


@pytest.mark.django_db
def test_file_of_a_document_is_not_replaced(desk: Desk, keeper: User, media: Path) -> None:
    document = kept(png(), keeper, name="x.png")
    form = desk(keeper, document)
    assert "file" not in form.response.context["adminform"].form.fields
    assert form.send(title_en="The agenda").errors == {}
    assert list(Document.objects.values_list("title_en", flat=True)) == ["The agenda"]


@pytest.mark.django_db
def test_original_is_handed_over_to_those_who_may_see_it(
    client_of: ClientOf, keeper: User, editor: User, media: Path
) -> None:
    document = kept(png(), keeper, name="x.png")
    response = client_of(keeper).get(document.file.url)
    assert b"".join(response.streaming_content) == png()  # type: ignore[attr-defined]
    assert response.headers["Content-Disposition"].startswith("attachment; ")
    assert response.headers["Content-Type"] == "application/octet-stream"
    for person in (editor, None):
        client = client_of(person) if person else Client()
        assert client.get(document.file.url).status_code in (302, 404)


@pytest.mark.django_db
def test_document_goes_with_its_file(
    client_of: ClientOf, keeper: User, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    document = kept(png(), keeper, name="x.png")
    with django_capture_on_commit_callbacks(execute=True):
        client_of(keeper).post(f"/admin/events/document/{document.pk}/delete/", {"post": "yes"})
    assert not Document.objects.exists()
    assert on_disk(media) == []


# The desk: publication


def tools_of(form: Page) -> list[str]:
    return [str(tool.label) for tool in form.response.context["tools"]]


@pytest.mark.django_db
def test_document_is_published_and_withdrawn_at_the_desk(
    desk: Desk, client_of: ClientOf, keeper: User, checker: User, media: Path
) -> None:
    event = EventFactory(published=True, slug="roundtable")
    document = kept(evil_docx(), keeper, name="x.docx", event=event, title="Agenda")
    assert tools_of(desk(keeper, document)) == ["Look at the cleaned copy"]
    assert tools_of(desk(checker, document)) == ["Look at the cleaned copy", "Publish"]
    client = client_of(checker)
    base = f"/admin/events/document/{document.pk}"
    copy = client.get(f"{base}/cleaned/")
    assert canaries_in(copy.content) == set()
    assert copy.headers["Content-Disposition"] == f'attachment; filename="cleaned-{document.pk}.docx"'
    assert copy.headers["Content-Type"] == "application/octet-stream"
    assert "You vouch for what it says" in client.get(f"{base}/publish/").content.decode()
    response = client.post(f"{base}/publish/", follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "The cleaned copy is published: it can be read as soon as its event can."
    ]
    published = PublishedDocument.objects.get()
    assert Client().get(published.get_absolute_url()).content == copy.content
    assert client.get(f"{base}/cleaned/").content == copy.content
    assert tools_of(desk(checker, document)) == ["Look at the cleaned copy", "Withdraw"]
    assert client_of(keeper).post(f"{base}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{base}/withdraw/", {"note": ""})
    assert PublishedDocument.objects.get().withdrawn_at is None
    client.post(f"{base}/withdraw/", {"note": "It named somebody."})
    assert PublishedDocument.objects.get().withdrawal_note == "It named somebody."
    assert Client().get(published.get_absolute_url()).status_code == 404
    assert tools_of(desk(checker, document)) == ["Look at the cleaned copy"]
    (row,) = desk(checker, document).response.context["panels"][1].rows
    assert (row.struck, row.cells[1], row.cells[3]) == (True, "checker", "It named somebody.")
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == ["Publish", "Withdraw"]


@pytest.mark.django_db
def test_refusal_to_publish_is_told_at_the_desk(client_of: ClientOf, keeper: User, checker: User, media: Path) -> None:
    document = kept(word("<w:altChunk/>"), keeper, name="x.docx")
    response = client_of(checker).post(f"/admin/events/document/{document.pk}/publish/")
    assert [str(message) for message in response.context["messages"]] == [
        "word/document.xml takes in content from outside (altChunk). Put that content into the document."
    ]
    copy = client_of(checker).get(f"/admin/events/document/{document.pk}/cleaned/")
    assert copy.status_code == 302


@pytest.mark.django_db
def test_document_that_cannot_be_cleaned_says_so_on_its_page(
    desk: Desk, keeper: User, checker: User, media: Path
) -> None:
    data = word("<w:p><w:r><w:object/></w:r></w:p>")
    sent = desk(keeper, Document).send(
        title_en="Agenda", event=EventFactory().pk, file=upload(data, "x.docx", "application/octet-stream")
    )
    assert sent.errors == {}
    form = desk(checker, Document.objects.get())
    assert tools_of(form) == []
    assert str(form.response.context["panels"][0].empty) == (
        "word/document.xml holds an embedded object (object). Replace it by a picture of it, or take it out."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["publish", "withdraw", "cleaned"])
def test_tools_of_a_document_are_for_those_who_may(client_of: ClientOf, editor: User, media: Path, what: str) -> None:
    document = kept(png(), name="x.png")
    assert client_of(editor).get(f"/admin/events/document/{document.pk}/{what}/").status_code == 403
    assert client_of(editor).post(f"/admin/events/document/{document.pk}/{what}/").status_code == 403
    assert Client().get(f"/admin/events/document/{document.pk}/{what}/").status_code == 302


@pytest.mark.django_db
def test_withdrawal_of_what_was_never_published_is_refused(client_of: ClientOf, checker: User) -> None:
    document = DocumentFactory()
    response = client_of(checker).post(f"/admin/events/document/{document.pk}/withdraw/", {"note": "x"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["No copy is published."]


@pytest.mark.django_db
def test_list_says_how_documents_stand(client_of: ClientOf, checker: User) -> None:
    DocumentFactory()
    DocumentFactory(obstacle={"reason": "encrypted", "given": {}})
    DocumentFactory(published=PublishedDocumentFactory(), reviewer=UserFactory())
    DocumentFactory(published=PublishedDocumentFactory(withdrawn=True), reviewer=UserFactory())
    content = client_of(checker).get("/admin/events/document/").content.decode()
    assert [state in content for state in ("not published", "cannot be published", "published", "withdrawn")] == [
        True
    ] * 4


@pytest.mark.django_db
def test_page_of_a_document_whose_file_is_lost_still_opens(client_of: ClientOf, checker: User, media: Path) -> None:
    document = kept(png(), name="x.png")
    shutil.rmtree(media / "documents")
    assert client_of(checker).get(change_address(document)).status_code == 200
