"""The daily digest: what waits for somebody at the desk, as one mail in the morning, or none."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import DateField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partnerships.audience import WRITERS
from partnerships.desk_addresses import change_address, list_address
from partnerships.publication import Language, PublicationState
from recommendations.letters import days_since
from recommendations.models import Digest, DigestChoice, Letter, Standing, StatusEntry, Submission
from recommendations.states import OPEN, ResponseKind

PRESSING = 5
"""So many items are named; the others are numbers."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How many things of a kind wait, and where they are listed."""

    label: Any
    number: int
    address: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits."""

    label: str
    why: str
    address: str


@dataclass(frozen=True, slots=True)
class Waiting:
    kinds: Sequence[Kind]
    items: Sequence[Item]

    @property
    def number(self) -> int:
        return sum(kind.number for kind in self.kinds)


def waiting_for(user: User, *, on: dt.date) -> Waiting:
    """What waits for `user` on a day; labels and reasons in the language that is active."""
    submissions = Submission.objects.filter(decision=Submission.Decision.PENDING).exclude(submitted_by=user)
    to_confirm = StatusEntry.objects.to_confirm().exclude(by=user)
    letters = Letter.objects.waiting()
    unanswered = _unanswered(on)
    stale = _stale(on)
    kinds = [
        Kind(_("Submissions to decide"), submissions.count(), list_address(Submission, decision__exact="pending")),
        Kind(_("To be confirmed"), to_confirm.count(), list_address(StatusEntry, confirmation="needed")),
        Kind(_("Letters to decide on"), letters.count(), list_address(Letter, state__exact="draft")),
        Kind(_("No response"), unanswered.count(), reverse("admin:index")),
        Kind(_("Not checked for long"), stale.count(), reverse("admin:index")),
    ]
    return Waiting(
        [kind for kind in kinds if kind.number],
        [*_first(submissions, to_confirm, letters, unanswered, stale)][:PRESSING],
    )


def _first(submissions: Any, to_confirm: Any, letters: Any, unanswered: Any, stale: Any) -> Iterator[Item]:
    of_addressee = ("addressee__recommendation", "addressee__actor")

    def item(addressee: Any, why: str, thing: Any) -> Item:
        recommendation = addressee.recommendation
        return Item(
            f"{recommendation.reference} {recommendation.title} → {addressee.actor}", why, change_address(thing)
        )

    def day(value: dt.date) -> str:
        return date_format(value, "DATE_FORMAT")

    for one in submissions.select_related(*of_addressee).order_by("submitted_at", "pk")[:PRESSING]:
        why = gettext("The partner reported on %(day)s.") % {"day": day(one.submitted_at.date())}
        yield item(one.addressee, why, one)
    for one in to_confirm.select_related(*of_addressee).order_by("as_of", "pk")[:PRESSING]:
        why = gettext("Said to be implemented on %(day)s.") % {"day": day(one.as_of)}
        yield item(one.addressee, why, one)
    for one in letters.select_related(*of_addressee).order_by("drafted_at", "pk")[:PRESSING]:
        yield item(one.addressee, one.get_step_display(), one)
    for one in unanswered.select_related(*of_addressee).order_by("responded_on", "pk")[:PRESSING]:
        why = gettext("Asked on %(day)s, and no answer since.") % {"day": day(one.responded_on)}
        yield item(one.addressee, why, one.addressee)
    for one in stale.select_related(*of_addressee).order_by("checked_on", "pk")[:PRESSING]:
        why = gettext("Last checked on %(day)s.") % {"day": day(one.checked_on)}
        yield item(one.addressee, why, one.addressee)


def _open() -> "QuerySet[Any]":
    return Standing.objects.filter(
        state__in=[state.value for state in OPEN], recommendation__state=PublicationState.PUBLISHED
    )


def _unanswered(on: dt.date) -> "QuerySet[Any]":
    days = Coalesce(F("recommendation__event__series__no_response_days"), Value(settings.MAJLIS_NO_RESPONSE_DAYS))
    awaited = _open().filter(response_kind=ResponseKind.AWAITING)
    return awaited.annotate(since_last=days_since("responded_on", on), days=days).filter(since_last__gt=F("days"))


def _stale(on: dt.date) -> "QuerySet[Any]":
    months = Coalesce(F("recommendation__event__series__stale_months"), Value(settings.MAJLIS_STALE_MONTHS))
    before = Func(
        Value(on),
        months,
        template="(%(expressions)s))::date",
        arg_joiner="::date - make_interval(months => ",
        output_field=DateField(),
    )
    return _open().filter(checked_on__isnull=False).annotate(before=before).filter(checked_on__lt=F("before"))


# To whom, and when


def readers() -> "QuerySet[User]":
    """Whoever works at the desk, has an address, and has not said that they want no digest."""
    return (
        User.objects.filter(Q(groups__name__in=WRITERS) | Q(is_superuser=True), is_active=True)
        .exclude(email="")
        .exclude(digest_choice__wants_digest=False)
        .order_by("pk")
        .distinct()
    )


def not_looked_at(*, on: dt.date) -> "QuerySet[User]":
    """Those of them whose day nobody has looked at yet."""
    return readers().exclude(pk__in=Digest.objects.filter(day=on).values("user"))


def send_digest(user_id: int, *, at: dt.datetime) -> bool:
    """Writes to somebody what waits for them, unless nothing does or their day was looked at already.

    The day is taken before the mail is sent: a sender that is killed in between costs a mail, and never
    makes two. Where the mail server says no, the day is given back, and the job tries again.
    """
    user = readers().filter(pk=user_id).first()
    if user is None:
        return False
    digest, is_ours = Digest.objects.get_or_create(user=user, day=at.date())
    if not is_ours:
        return False
    try:
        message = digest_for(user, on=at.date())
        if message is None:
            return False
        message.send()
    except Exception:
        digest.delete()
        raise
    digest.sent_at = at
    digest.save(update_fields=["sent_at"])
    return True


def digest_for(user: User, *, on: dt.date) -> EmailMultiAlternatives | None:
    """The mail, in the person's language; None where nothing waits."""
    choice = DigestChoice.objects.filter(user=user).first()
    language = choice.language if choice is not None else Language.EN.value
    with translation.override(language):
        waiting = waiting_for(user, on=on)
        if not waiting.number:
            return None
        context = {
            "waiting": waiting,
            "day": on,
            "site": settings.SITE_URL,
            "language": language,
            "direction": "rtl" if language == Language.AR else "ltr",
            "choose": reverse("admin:reminders"),
            "desk": reverse("admin:index"),
        }
        subject = ngettext(
            "Majlis: %(number)d thing waits for you", "Majlis: %(number)d things wait for you", waiting.number
        ) % {"number": waiting.number}
        message = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("recommendations/mail/digest.txt", context),
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("recommendations/mail/digest.html", context), "text/html")
    return message


@transaction.atomic
def choose(user: User, *, wants_digest: bool, language: str) -> DigestChoice:
    """What somebody wants for themselves."""
    choice, _is_new = DigestChoice.objects.select_for_update().get_or_create(user=user)
    choice.wants_digest, choice.language = wants_digest, language
    choice.full_clean()
    choice.save()
    return choice
