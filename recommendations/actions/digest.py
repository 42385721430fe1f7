"""The daily digest: one mail each morning with what waits for somebody at the desk, or no mail if nothing does."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.desk.addresses import change_address, list_address
from publishing.languages import Language
from publishing.roles import WRITERS
from publishing.site_address import site_address
from recommendations import queue
from recommendations.models import Addressee, Digest, DigestChoice, Letter
from recommendations.models.recommendation import to_whom

PRESSING = 5
"""How many items are listed; the others are only counted."""


@dataclass(frozen=True, slots=True)
class DigestPart:
    """How many items of a kind wait (`is_more` if not all were counted), and the address of their list."""

    label: Any
    number: int
    is_more: bool
    address: str


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One waiting item."""

    label: str
    why: str
    address: str


@dataclass(frozen=True, slots=True)
class DigestContent:
    kinds: Sequence[DigestPart]
    items: Sequence[DigestItem]

    @property
    def number(self) -> int:
        return sum(kind.number for kind in self.kinds)

    @property
    def is_more(self) -> bool:
        return any(kind.is_more for kind in self.kinds)


def waiting_for(user: User, *, on: dt.date) -> DigestContent:
    """The queue of `user` on a day and the letters to decide on, in the active language."""
    letters = Letter.objects.waiting()
    kinds = [
        DigestPart(
            count.kind.label,
            count.number,
            count.is_more,
            f"{reverse('admin:queue')}?{urlencode({'kind': count.kind.value})}",
        )
        for count in queue.counts(user, on=on)
    ]
    kinds.append(
        DigestPart(_("Letters to decide on"), letters.count(), False, list_address(Letter, state__exact="draft"))
    )
    pressing = [DigestItem(item.title, item.why, item.url) for item in queue.items(user, on=on, number=PRESSING)]
    first = letters.select_related("addressee__recommendation", "addressee__actor").order_by("drafted_at", "pk")
    pressing += [
        DigestItem(_named(letter.addressee), letter.get_step_display(), change_address(letter))
        for letter in first[:PRESSING]
    ]
    return DigestContent([kind for kind in kinds if kind.number], pressing[:PRESSING])


def _named(addressee: Addressee) -> str:
    recommendation = addressee.recommendation
    return f"{recommendation.reference} {recommendation.title} {to_whom()} {addressee.actor}"


# Recipients


def readers() -> "QuerySet[User]":
    """Everybody who works at the desk, has an address, and has not declined the digest."""
    return (
        User.objects.filter(Q(groups__name__in=WRITERS) | Q(is_superuser=True), is_active=True)
        .exclude(email="")
        .exclude(digest_choice__wants_digest=False)
        .order_by("pk")
        .distinct()
    )


def not_looked_at(*, on: dt.date) -> "QuerySet[User]":
    """Those of them whose digest of the day was not handled yet."""
    return readers().exclude(pk__in=Digest.objects.filter(day=on).values("user"))


@transaction.atomic
def send_digest(user_id: int, *, at: dt.datetime) -> bool:
    """Sends somebody's digest, unless it is empty or was handled already today.

    The row for the day is written first, and committed only after the mail server has accepted the mail; a concurrent
    sender waits for that. If a sender is killed in between, the row is rolled back, and the next sender sends again
    with the same Message-ID, as after a refusal by the mail server.
    """
    user = readers().filter(pk=user_id).first()
    if user is None:
        return False
    digest, is_ours = Digest.objects.get_or_create(user=user, day=at.date())
    if not is_ours:
        return False
    message = digest_for(user, on=at.date())
    if message is None:
        return False
    message.send()
    digest.sent_at = at
    digest.save(update_fields=["sent_at"])
    return True


def digest_for(user: User, *, on: dt.date) -> EmailMultiAlternatives | None:
    """The mail, in the person's language; None if nothing waits."""
    choice = DigestChoice.objects.filter(user=user).first()
    language = choice.language if choice is not None else Language.EN.value
    with translation.override(language):
        waiting = waiting_for(user, on=on)
        if not waiting.number:
            return None
        context = {
            "waiting": waiting,
            "day": on,
            "site": settings.DESK_URL or site_address(None),
            "language": language,
            "direction": "rtl" if language == Language.AR else "ltr",
            "choose": reverse("admin:reminders"),
            "desk": reverse("admin:index"),
        }
        subject = ngettext(
            "Majlis: %(number)d thing waits for you", "Majlis: %(number)d things wait for you", waiting.number
        )
        if waiting.is_more:
            subject = gettext("Majlis: more than %(number)d things wait for you")
        message = EmailMultiAlternatives(
            subject=subject % {"number": waiting.number},
            body=render_to_string("recommendations/mail/digest.txt", context),
            to=[user.email],
            headers={
                "Auto-Submitted": "auto-generated",
                "Message-ID": f"<digest-{user.pk}-{on:%Y%m%d}@{settings.MAIL_DOMAIN}>",
            },
        )
        message.attach_alternative(render_to_string("recommendations/mail/digest.html", context), "text/html")
    return message


@transaction.atomic
def choose(user: User, *, wants_digest: bool, language: str) -> DigestChoice:
    """Stores somebody's own choice."""
    choice, _is_new = DigestChoice.objects.select_for_update().get_or_create(user=user)
    choice.wants_digest, choice.language = wants_digest, language
    choice.full_clean()
    choice.save()
    return choice
