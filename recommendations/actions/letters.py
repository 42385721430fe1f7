"""The steps for an addressee that does not answer: ask, send a firmer letter, publish the silence.

Every step is a draft that a job writes when it is due; only a person's decision sends or publishes it.
"""

import datetime as dt
from collections.abc import Iterator
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import DateField, Exists, F, Func, IntegerField, OuterRef, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from partnerships.models import Actor
from publishing.acting import Act
from publishing.background import enqueue
from publishing.languages import Language
from publishing.permissions import require_desk
from publishing.publication import PublicationState
from publishing.refusals import NothingSaid, Refused
from publishing.site_address import absolute
from recommendations.actions.followup import AlreadyDecided, record_check, record_response, record_status
from recommendations.lifecycle.states import OPEN, ImplementationState, ResponseKind
from recommendations.models import Addressee, CurrentStatus, Letter, Recommendation
from recommendations.models.letter import LetterState, LetterStep

LEAGUE_OF_ARAB_STATES = frozenset(
    [
        "AE",
        "BH",
        "DJ",
        "DZ",
        "EG",
        "IQ",
        "JO",
        "KM",
        "KW",
        "LB",
        "LY",
        "MA",
        "MR",
        "OM",
        "PS",
        "QA",
        "SA",
        "SD",
        "SO",
        "SY",
        "TN",
        "YE",
    ]
)
"""ISO 3166-1 codes of the members: they are written to in Arabic, Türkiye in Turkish, everybody else in English."""

ANCESTORS = 5
"""How many levels up the state of somebody is searched."""


class NotSent(Refused):
    """A letter that cannot be sent as it is."""


def language_of(actor: Actor) -> Language:
    """The language for letters to `actor`: that of its state, or of the state that it belongs to."""
    one: Actor | None = actor
    for _turn in range(ANCESTORS):
        if one is None:
            break
        if one.iso_code in LEAGUE_OF_ARAB_STATES:
            return Language.AR
        if one.iso_code == "TR":
            return Language.TR
        one = one.parent
    return Language.EN


# What is due


def days_since(column: str, on: dt.date) -> Func:
    """The number of days from the date in `column` to `on`."""
    return Func(
        Cast(Value(on), DateField()),
        F(column),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )


def due(*, on: dt.date) -> Iterator[tuple[CurrentStatus, LetterStep]]:
    """Addressees with a letter that is due, and which one.

    After N days without an answer a firmer letter; 2N days after the first request, and N after the last, the silence
    may be published, if somebody has decided on the firmer letter. N is that of the series, or of the setting.
    """
    of_this_time = Letter.objects.filter(addressee=OuterRef("addressee"), asked_on=OuterRef("asked_on"))
    awaited = (
        CurrentStatus.objects.filter(
            response_kind=ResponseKind.AWAITING,
            state__in=[state.value for state in OPEN],
            recommendation__state=PublicationState.PUBLISHED,
            asked_on__isnull=False,
        )
        .annotate(
            days=Coalesce(
                F("recommendation__event__series__no_response_days"), Value(settings.MAJLIS_NO_RESPONSE_DAYS)
            ),
            since_asked=days_since("asked_on", on),
            since_last=days_since("responded_on", on),
            firmer=Exists(of_this_time.filter(step=Letter.Step.FIRMER)),
            undecided=Exists(of_this_time.waiting()),
            silence=Exists(of_this_time.filter(step=Letter.Step.SILENCE)),
        )
        .filter(since_last__gt=F("days"), undecided=False, silence=False)
        .select_related("addressee__actor__parent", "addressee__recommendation__event", "response")
        .order_by("addressee_id")
    )
    for current in awaited:
        if not current.firmer:
            yield current, Letter.Step.FIRMER
        elif current.since_asked > 2 * current.days:
            yield current, Letter.Step.SILENCE


def draft_what_is_due(*, at: dt.datetime) -> int:
    """Drafts the letters that are due; returns how many. If it runs twice, or twice at once, it drafts each only once."""
    drafted = 0
    for current, step in due(on=at.date()):
        try:
            with transaction.atomic():
                _draft(current.addressee, step=step, current=current, at=at)
        except IntegrityError:
            continue  # another worker was faster
        drafted += 1
    return drafted


# Texts


def _draft(addressee: Addressee, *, step: LetterStep, current: CurrentStatus, at: dt.datetime) -> Letter:
    language = language_of(addressee.actor)
    subject, text = _worded(addressee, current, step, language, at)
    asked_on = None if step == Letter.Step.ASK else current.asked_on
    letter = Letter(
        addressee=addressee, step=step, asked_on=asked_on, language=language, subject=subject, text=text, drafted_at=at
    )
    letter.save(force_insert=True)
    return letter


def _worded(addressee: Addressee, current: CurrentStatus, step: str, language: str, at: dt.datetime) -> tuple[str, str]:
    """Subject and text of the draft in `language`."""
    with translation.override(language):
        return LETTER_TEXTS[LetterStep(step)](addressee, current, at)


def _words(letter: Letter, language: str) -> tuple[str, str]:
    """The texts that `letter` would have if it had been drafted in `language`."""
    return _worded(letter.addressee, letter.addressee.current_status, letter.step, language, letter.drafted_at)


def _said(addressee: Addressee, current: CurrentStatus, at: dt.datetime) -> dict[str, str]:
    """The values in the letters' templates, in the active language."""
    recommendation: Recommendation = addressee.recommendation
    series: Any = recommendation.event.series
    days = (series and series.no_response_days) or settings.MAJLIS_NO_RESPONSE_DAYS

    def day(value: dt.date | None) -> str:
        return date_format(value, "DATE_FORMAT") if value is not None else ""

    return {
        "reference": recommendation.reference,
        "title": recommendation.title,
        "text": recommendation.text,
        "actor": str(addressee.actor.name),
        "event": str(recommendation.event.name),
        "url": absolute(recommendation.get_absolute_url(), None),
        "first": day(current.asked_on),
        "last": day(current.responded_on),
        "today": day(at.date()),
        "deadline": day(at.date() + dt.timedelta(days=days)),
    }


def _subject(words: str) -> str:
    return " ".join(words.split())[:200]


def _ask(addressee: Addressee, current: CurrentStatus, at: dt.datetime) -> tuple[str, str]:
    said = _said(addressee, current, at)
    return _subject(translation.gettext("Recommendation %(reference)s: %(title)s") % said), translation.gettext(
        "Dear colleagues,\n\n"
        "“%(event)s” made this recommendation, which is addressed to %(actor)s:\n\n"
        "%(text)s\n\n"
        "We would be grateful to know whether you accept it, in whole or in part, take note of it or decline it, and "
        "what has been done. What you answer will stand beside the recommendation:\n%(url)s\n\n"
        "Kind regards"
    ) % said


def _firmer(addressee: Addressee, current: CurrentStatus, at: dt.datetime) -> tuple[str, str]:
    said = _said(addressee, current, at)
    return _subject(
        translation.gettext("Reminder: recommendation %(reference)s: %(title)s") % said
    ), translation.gettext(
        "Dear colleagues,\n\n"
        "on %(last)s we asked %(actor)s about this recommendation of “%(event)s”, and have had no answer:\n\n"
        "%(text)s\n\n"
        "Please tell us by %(deadline)s how you see it and what has been done. If we hear nothing until then, we may "
        "say publicly that it was not answered; that would say nothing about why. The recommendation stands at:\n"
        "%(url)s\n\n"
        "Kind regards"
    ) % said


def _silence(addressee: Addressee, current: CurrentStatus, at: dt.datetime) -> tuple[str, str]:
    said = _said(addressee, current, at)
    return _subject(translation.gettext("No answer: recommendation %(reference)s") % said), translation.gettext(
        "Asked on %(first)s and last on %(last)s; no answer by %(today)s. Silence is neither acceptance nor refusal."
    ) % said


LETTER_TEXTS = {Letter.Step.ASK: _ask, Letter.Step.FIRMER: _firmer, Letter.Step.SILENCE: _silence}


# What a person decides


@transaction.atomic
def draft_first(addressee: Addressee, *, act: Act) -> Letter:
    """Drafts the letter that asks for the first time, or again."""
    require_desk(act.by)
    addressee = Addressee.objects.select_for_update(of=("self",)).select_related("actor__parent").get(pk=addressee.pk)
    waiting: Letter | None = addressee.letters.waiting().filter(step=Letter.Step.ASK).first()
    return waiting or _draft(addressee, step=Letter.Step.ASK, current=addressee.current_status, at=act.at)


def _undecided(letter: Letter) -> Letter:
    row: Letter = Letter.objects.select_for_update(of=("self",)).select_related("addressee").get(pk=letter.pk)
    if row.state != Letter.State.DRAFT:
        raise AlreadyDecided(_("Somebody has decided on this letter already."), code="already_decided")
    return row


@transaction.atomic
def edit(letter: Letter, *, subject: str, text: str, language: str, to_address: str, by: User) -> Letter:
    """Saves a draft with somebody's changes.

    If only its language is changed, it is drafted again in that language, unless somebody has edited the text: then it
    is refused, because a text must not be labelled with a language that it is not in.
    """
    require_desk(by)
    row = _undecided(letter)
    if language != row.language and text.split() == row.text.split():  # browsers send other line ends
        drafted = _words(row, row.language)
        if [subject.split(), text.split()] != [words.split() for words in drafted]:
            raise NotSent(
                {
                    "language": _(
                        "The text is still in %(language)s. Write it in the other language too, or leave this."
                    )
                    % {"language": row.get_language_display()}
                },
                code="another_language",
            )
        subject, text = _words(row, language)
    row.subject, row.text, row.language, row.to_address = subject, text, language, to_address
    row.full_clean()
    row.save(update_fields=["subject", "text", "language", "to_address"])
    return row


@transaction.atomic
def send(
    letter: Letter,
    *,
    channel: str,
    recipient: str,
    by_mail: bool,
    act: Act,
) -> Letter:
    """Records that `letter` is sent, and that its addressee was asked; `by_mail` sends it from here, otherwise the
    person does.

    `channel` and `recipient` (an office) become public with the response. The mail itself is sent after the
    transaction, in the background.
    """
    require_desk(act.by)
    row = _undecided(letter)
    if row.step == Letter.Step.SILENCE:
        raise NotSent(_("This is a note to publish, not a letter to send."), code="not_a_letter")
    if by_mail and not row.to_address:
        raise NotSent(_("Write the e-mail address into the letter first."), code="no_address")
    row.response = record_response(
        row.addressee,
        kind=ResponseKind.AWAITING,
        as_of=act.at.date(),
        channel=channel,
        recipient=recipient,
        language=row.language,
        act=act,
    )
    if not by_mail:
        row.to_address = ""
    _decide(row, Letter.State.SENT, act=act)
    if by_mail:
        enqueue("mail_letter", letter=row.pk)
    return row


@transaction.atomic
def publish_silence(letter: Letter, *, note: str, act: Act) -> Letter:
    """Publishes that nobody answered, as the note of a check; without an earlier entry, as one that nothing has begun."""
    require_desk(act.by)
    row = _undecided(letter)
    if row.step != Letter.Step.SILENCE:
        raise NotSent(_("This is a letter to send, not a note to publish."), code="not_a_note")
    if not note.strip():
        raise NothingSaid({"note": _("Say what is to be published.")}, code="nothing_said")
    given: dict[str, Any] = {
        "as_of": act.at.date(),
        "public_note": note.strip(),
        "act": act,
    }
    if row.addressee.current_status.state == ImplementationState.NOT_ASSESSED:
        row.entry = record_status(row.addressee, state=ImplementationState.NOT_STARTED, language=row.language, **given)
    else:
        row.entry = record_check(row.addressee, **given)
    row.text = note.strip()
    _decide(row, Letter.State.PUBLISHED, act=act)
    return row


@transaction.atomic
def drop(letter: Letter, *, reason: str, act: Act) -> Letter:
    """Decides that `letter` is not sent; it is not drafted again until the addressee is asked again."""
    require_desk(act.by)
    row = _undecided(letter)
    if not reason.strip():
        raise NothingSaid({"reason": _("Say why; it stays at the desk.")}, code="nothing_said")
    row.reason = reason.strip()
    _decide(row, Letter.State.DROPPED, act=act)
    return row


def _decide(row: Letter, state: LetterState, *, act: Act) -> None:
    row.state, row.decided_by, row.decided_at = state, act.by, act.at
    row.full_clean()
    row.save()


# The mail


def mail(letter_id: int, *, at: dt.datetime) -> bool:
    """Gives a letter that somebody has sent to the mail server, once; False if that was done, or must not be done.

    If a worker is killed after the server has accepted it, it is sent again: the same mail to the byte, with the same
    Message-ID, which mail servers recognise as one.
    """
    with transaction.atomic():
        letter = (
            Letter.objects.select_for_update(of=("self",))
            .filter(pk=letter_id, state=Letter.State.SENT, mailed_at__isnull=True)
            .exclude(to_address="")
            .first()
        )
        if letter is None:
            return False
        assert letter.decided_at is not None  # a constraint: a sent letter was decided
        EmailMessage(
            subject=letter.subject,
            body=letter.text,
            to=[letter.to_address],
            headers={
                "Message-ID": f"<letter-{letter.pk}-{letter.decided_at:%Y%m%d%H%M%S}@{settings.MAIL_DOMAIN}>",
                "Date": format_datetime(letter.decided_at),
            },
        ).send()
        letter.mailed_at = at
        letter.save(update_fields=["mailed_at"])
    return True
