"""The lifecycle of a publication (draft → in_review → published → withdrawn), and who may see which state.

The only place in Python that decides what is public. A publication has a short, random, permanent public id. Somebody
other than its author reviews it before it is published. Once it was public it is never deleted, only withdrawn, and a
tombstone stays at its address.
"""

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.database.constraints import CheckConstraint
from publishing.database.list_order import empty_last
from publishing.database.triggers import AnnouncePublication, KeepPublicationRules
from publishing.identifiers import PublicIdField
from publishing.languages import Language
from publishing.public_texts import PublicText, texts_of
from publishing.reader.public_rows import PublicQuerySet, PublicRows, kept_public_from, published
from publishing.roles import reads_drafts
from publishing.unique_names import TellsApart


class PublicationQuerySet(PublicQuerySet):
    def withdrawn(self) -> Self:
        """What was public and now shows a tombstone; without publications withdrawn before their embargo ended."""
        return self.filter(
            Q(embargo_until__isnull=True) | Q(embargo_until__lte=F("withdrawn_at")),
            state=PublicationState.WITHDRAWN,
            published_at__lte=F("withdrawn_at"),
        )


class PublicationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def newest_first(name: str) -> models.Index:
    """The order in which the API lists publications, as an index, so that a page reads only the rows it shows.

    What was never published comes last; `publishing/api/ordering.py` sorts by the same expressions. The public
    sees only what was published: for it the column is sorted by itself, along a plain index.
    """
    never = empty_last("published_at", dt.datetime, descending=True)
    return models.Index(never.desc(), F("public_id").desc(), name=name)


class Publication(TellsApart):
    """Something that is written, reviewed by a second person, published, and perhaps withdrawn.

    `identifier_field` is the column that identifies it in addresses of pages and the API: a slug, a reference or the
    public id. The database enforces `database.triggers.KeepPublicationRules` on every subclass, and announces what
    becomes public in `Change`.
    """

    public_rows: ClassVar[PublicRows] = published()
    public_from = kept_public_from()

    identifier_field: ClassVar[str] = "public_id"
    kept_by_the_database: ClassVar[tuple[str, ...]] = ()
    """Columns that only triggers write: saving an edit does not overwrite them."""

    public_id = PublicIdField()
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PublicationState,
        default=PublicationState.DRAFT,
        editable=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
        editable=False,
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("reviewer"),
        null=True,
        blank=True,
        editable=False,
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text=_("Published, but shown to nobody before this moment."),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawal_note = models.TextField(
        _("withdrawal note"),
        blank=True,
        editable=False,
        help_text=_("Public: why it was withdrawn."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    version_note = models.TextField(
        _("what changed"),
        blank=True,
        editable=False,
        help_text=_("Public: what this version changed."),
    )
    original_language = models.CharField(_("original language"), max_length=2, choices=Language, default=Language.EN)
    texts_changed_at = models.JSONField(
        _("texts changed at"),
        default=dict,
        editable=False,
        help_text=_("Per language, when its words last changed; kept by the database."),
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            CheckConstraint(
                condition=Q(state__in=PublicationState.values),
                name="%(app_label)s_%(class)s_state_is_known",
                violation_error_message=_("This is not a state of a publication."),
            ),
            CheckConstraint(
                condition=~Q(reviewer=F("author")),
                name="%(app_label)s_%(class)s_reviewer_is_not_author",
                violation_error_message=_("Somebody other than the author reviews before publication."),
            ),
            CheckConstraint(
                condition=Q(
                    state__in=[PublicationState.DRAFT, PublicationState.IN_REVIEW],
                    published_at__isnull=True,
                    withdrawn_at__isnull=True,
                )
                | Q(
                    state=PublicationState.PUBLISHED,
                    published_at__isnull=False,
                    reviewer__isnull=False,
                    withdrawn_at__isnull=True,
                )
                | Q(
                    state=PublicationState.WITHDRAWN,
                    published_at__isnull=False,
                    reviewer__isnull=False,
                    withdrawn_at__isnull=False,
                ),
                name="%(app_label)s_%(class)s_state_has_its_dates",
                violation_error_message=_("A published thing has a reviewer and a date, a withdrawn one also its own."),
            ),
            CheckConstraint(
                condition=~Q(state=PublicationState.WITHDRAWN) | ~Q(withdrawal_note=""),
                name="%(app_label)s_%(class)s_withdrawal_says_why",
                violation_error_message=_("Say why it is withdrawn; the note is public."),
            ),
            CheckConstraint(
                condition=Q(version=1) | (Q(version__gt=1) & ~Q(version_note="")),
                name="%(app_label)s_%(class)s_version_says_what_changed",
                field="what_changed",
                violation_error_message=_("Say what this version changed; the note is public."),
            ),
            CheckConstraint(
                condition=Q(original_language__in=Language.values),
                name="%(app_label)s_%(class)s_original_language_is_known",
                violation_error_message=_("English, Turkish or Arabic."),
            ),
        ]
        triggers = [KeepPublicationRules(), AnnouncePublication()]

    def is_published(self, *, at: dt.datetime) -> bool:
        """The same rule as `PublicationQuerySet.published`, for one row as it stands in memory."""
        return (
            self.state == PublicationState.PUBLISHED
            and self.published_at is not None
            and self.published_at <= at
            and (self.embargo_until is None or self.embargo_until <= at)
        )

    def is_visible_to(self, user: "User | AnonymousUser | None", *, at: dt.datetime) -> bool:
        """The same rule as `PublicationQuerySet.visible_to`, for one row."""
        return reads_drafts(user) or self.is_published(at=at)

    def clean_for_the_public(self) -> None:
        """Raises ValidationError, at the field, for a placeholder where words are still to be written."""

    @property
    def identifier(self) -> str:
        """The identifier in its address: the slug, the reference or the public id."""
        return str(getattr(self, self.identifier_field))

    def references(self) -> "Iterable[Publication]":
        """The publications that this one refers to; publishing it would reveal those that are still drafts."""
        return ()

    def public_texts(self) -> "Iterable[PublicText]":
        """Every text that is public with it, in all languages: its own, and in subclasses those of its parts."""
        yield from texts_of(self)

    def rooms(self) -> "Iterable[models.Model]":
        """The events it is based on: their participants must not be named in it."""
        return ()

    def outdated_translation(self, language: str) -> bool:
        """Whether the text in `language` is older than the last change of the original."""
        changed, original = (self.texts_changed_at.get(code) for code in (language, self.original_language))
        if not changed or not original:
            return False
        return dt.datetime.fromisoformat(changed) < dt.datetime.fromisoformat(original)
