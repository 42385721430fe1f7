"""Reads a briefing pack from the database: what its reader may see, with the same number of queries for one as for all."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import DateField, DateTimeField, DurationField, Exists, F, Func, OuterRef, Prefetch, Value
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from events.models import Event, Series
from partnerships import prefetches
from partnerships.models import Actor, Source
from publishing.languages import Text, label_of, text_of
from publishing.pages.lists import by_name
from publishing.partial_dates.display import in_words
from publishing.prefetches import visible_prefetch
from publishing.records import LATEST_FIRST, end_of
from recommendations.briefing.content import (
    NOTHING,
    LabelledText,
    OpenItem,
    OpenItems,
    Pack,
    PackRecommendation,
    Recorded,
    Shown,
)
from recommendations.briefing.questions import questions
from recommendations.briefing.selection import MAX_LINES, Selection, TooMuch
from recommendations.briefing.turn import Where, next_step
from recommendations.lifecycle.rules import WELL
from recommendations.lifecycle.states import ENDS, RESPONSES, ImplementationState, Turn
from recommendations.models import Evidence, Recommendation, Response, StatusEntry
from recommendations.querysets.rollup import addressees_with_status

RESPONSE_LABELS = dict(RESPONSES)


def gather(
    selection: Selection,
    *,
    user: Any,
    language: str,
    since: dt.date,
    at: dt.datetime,
    site: str,
    with_drafts: bool = False,
    prepared_by: str = "",
) -> Pack:
    """The pack on `selection` in `language`, with what `user` may see; `site` is the beginning of the public addresses.

    Raises TooMuch.
    """
    as_of: dt.date | None = selection.as_of
    on = as_of or at.date()
    with override(language):
        rows = sorted(load_recommendations(selection, user=user, as_of=as_of, on=on), key=reference_order)
        reader = PackBuilder(
            site=site,
            since=since,
            at=at,
            on=on,
            as_of=as_of,
            user=user,
        )
        lines = [line for row in rows for line in reader.lines(row)]
        changes = sorted(
            (change for line in lines for change in reader.changes(line)), key=lambda change: change.recorded_date
        )
        news = [new for row in rows for new in reader.news(row)]
        evidence = [shown for line in lines for shown in reader.evidence(line)]
        for what, found in ((_("changes"), changes), (_("sources"), evidence)):
            if len(found) > MAX_LINES:
                raise TooMuch(
                    _(
                        "There are %(number)s lines of this: %(what)s. One pack has room for %(most)s: narrow the list,"
                        " or choose a later day for the changes."
                    )
                    % {"number": len(found), "what": what, "most": MAX_LINES},
                    code="too_much",
                )
        # A partner's pack is about its own items, like its tables; those of others are in their packs.
        own = selection.addressee is not None
        counted = Counter(line.where.state for line in lines) if own else Counter(row.state_rolled_up for row in rows)
        return Pack(
            language=language,
            about=selection.about,
            made_at=at,
            known_on=on,
            is_of_the_past=as_of is not None and as_of < at.date(),
            since=since,
            filters=tuple(selection.in_words()),
            prepared_by=prepared_by,
            with_drafts=with_drafts,
            number=len(rows),
            states=tuple((str(state.label), counted[state]) for state in ImplementationState if counted[state]),
            no_response_days=settings.MAJLIS_NO_RESPONSE_DAYS,
            stale_months=settings.MAJLIS_STALE_MONTHS,
            open_items=tuple(open_items(reader, rows, lines)),
            changes=tuple(sorted([*news, *changes], key=lambda change: change.recorded_date)),
            evidence=tuple(evidence),
        )


def reference_order(recommendation: Any) -> tuple[str, int]:
    """By year and number: R-2025-999 before R-2025-1000."""
    year, number = recommendation.reference.removeprefix("R-").split("-")
    return year, int(number)


def load_recommendations(selection: Selection, *, user: Any, as_of: dt.date | None, on: dt.date) -> list[Any]:
    """The selected recommendations with everything in the pack about them, as known on `as_of`."""
    responses = (
        Response.objects.known_on(as_of)
        .with_corrected(as_of)
        .order_by(*LATEST_FIRST)
        .prefetch_related(
            Prefetch(
                "source", Source.objects.visible_to(user).prefetch_related(visible_prefetch("publisher", Actor, user))
            )
        )
    )
    entries = (
        StatusEntry.objects.known_on(as_of)
        .with_corrected(as_of)
        .select_related("confirmation")
        .order_by(*LATEST_FIRST)
        .prefetch_related(
            Prefetch("evidence", prefetches.cited(user, Evidence.objects.all())),
            visible_prefetch("on_behalf_of", Actor, user),
            visible_prefetch("successor", Recommendation, user),
        )
    )
    addressees = addressees_with_status(as_of, on=on).filter(actor__in=Actor.objects.visible_to(user))
    if selection.addressee is not None:
        addressees = addressees.filter(actor=selection.addressee)
    return list(
        Recommendation.objects.visible_to(user)
        .filter(pk__in=selection.keys)
        .with_rollup(as_of=as_of)
        .with_editions_running(as_of=as_of)
        .annotate(
            stale_before=stale_before(on),
            has_parts=Exists(Recommendation.objects.filter(parent=OuterRef("pk"))),
        )
        .prefetch_related(
            Prefetch("event", Event.objects.visible_to(user)),
            visible_prefetch("event__series", Series, user),
            Prefetch(
                "addressees",
                addressees.select_related("actor")
                .prefetch_related(Prefetch("responses", responses), Prefetch("entries", entries))
                .order_by("role", "pk"),
            ),
        )
    )


def stale_before(on: dt.date) -> Combinable:
    """A check before this moment is too long ago on the day `on`; the months are those of the series, or of the
    setting.
    """
    months = Coalesce(F("event__series__stale_months"), settings.MAJLIS_STALE_MONTHS)
    interval = Func(Value(0), months, function="make_interval", output_field=DurationField())
    return CombinedExpression(Cast(Value(on), DateField()), "-", interval, output_field=DateTimeField())


class AddresseeLine:
    """One recommendation and one addressee, with its records."""

    def __init__(self, asked: PackRecommendation, addressee: Any, where: Where) -> None:
        self.asked, self.addressee, self.where = asked, addressee, where
        self.actor = label_of(addressee.actor)


class PackBuilder:
    """Turns rows into the content of the pack, in the active language."""

    def __init__(
        self, *, site: str, since: dt.date, at: dt.datetime, on: dt.date, as_of: dt.date | None, user: Any
    ) -> None:
        self.site, self.at, self.on, self.user = site, at, on, user
        self.start = dt.datetime.combine(since, dt.time.min, tzinfo=dt.UTC)
        self.known_before = end_of(as_of) if as_of is not None else None

    def asked(self, recommendation: Any) -> PackRecommendation:
        event = recommendation.event
        series = event.series if event is not None else None
        is_public = recommendation.is_published(at=self.at)
        return PackRecommendation(
            reference=recommendation.reference,
            title=text_of(recommendation, "title"),
            text=text_of(recommendation, "text"),
            address=self.site + recommendation.get_absolute_url() if is_public else "",
            strength=recommendation.get_strength_display(),
            event=label_of(event) if event is not None else NOTHING,
            event_days=days_of(event) if event is not None else "",
            event_date=event.start_date if event is not None else None,
            series=label_of(series) if series is not None else NOTHING,
            edition=event.edition if event is not None else None,
            target_date=recommendation.target_date,
            is_draft=not is_public,
            editions_running=recommendation.editions_running or 0,
        )

    def lines(self, recommendation: Any) -> Iterator[AddresseeLine]:
        asked = self.asked(recommendation)
        for addressee in recommendation.addressees.all():
            yield AddresseeLine(asked, addressee, self.where(recommendation, addressee))

    def where(self, recommendation: Any, addressee: Any) -> Where:
        standing = [entry for entry in addressee.entries.all() if not entry.is_corrected]
        answers = [response for response in addressee.responses.all() if not response.is_corrected]
        published = recommendation.published_at
        last_known = addressee.checked_date or (published.date() if published is not None else self.on)
        target = recommendation.target_date
        is_followed = addressee.state not in ENDS
        return Where(
            state=addressee.state,
            response=addressee.response,
            is_confirmed=self.is_confirmed(standing),
            is_stale=is_followed and published is not None and last_known < recommendation.stale_before.date(),
            is_overdue=is_followed and target is not None and target < self.on,
            target_date=target,
            entry=standing[0] if standing else None,
            answer=answers[0] if answers else None,
        )

    def is_confirmed(self, standing: list[Any]) -> bool:
        """Whether a second person confirmed the present state; later checks keep it confirmed."""
        for entry in standing:
            if entry.state != standing[0].state:
                return False
            confirmation = getattr(entry, "confirmation", None)
            if confirmation is not None and (self.known_before is None or confirmation.recorded_at < self.known_before):
                return True
        return False

    def item(self, line: AddresseeLine) -> OpenItem:
        where, addressee = line.where, line.addressee
        return OpenItem(
            asked=line.asked,
            role=addressee.get_role_display(),
            response=str(RESPONSE_LABELS[where.response]),
            responded_date=where.answer.as_of if where.answer is not None else None,
            implementation=str(ImplementationState(where.state).label),
            confidence=where.entry.get_confidence_display() if where.entry is not None else "",
            is_confirmed=where.state in WELL and where.is_confirmed,
            checked_date=addressee.checked_date,
            is_overdue=where.is_overdue,
            is_stale=where.is_stale,
            turn=str(where.turn.label),
            next_step=next_step(where),
            said=(
                *(said_in_answer(where.answer) if where.answer is not None else ()),
                *(said_in_entry(where.entry) if where.entry is not None else ()),
            ),
            questions=tuple(questions(where, editions_running=line.asked.editions_running)),
        )

    def unaddressed(self, recommendation: Any) -> OpenItem:
        """A recommendation without addressees, so that it is not forgotten; parts have their own lines."""
        return OpenItem(
            asked=self.asked(recommendation),
            role="",
            response="",
            responded_date=None,
            implementation=str(ImplementationState.NOT_ASSESSED.label),
            confidence="",
            is_confirmed=False,
            checked_date=None,
            is_overdue=recommendation.is_overdue,
            is_stale=recommendation.is_stale,
            turn=str(Turn.DESK.label),
            next_step=_("An addressee has to be found."),
        )

    def news(self, recommendation: Any) -> Iterator[Recorded]:
        """The line that reports a new recommendation."""
        published = recommendation.published_at
        if published is not None and self.is_news(published) and recommendation.is_published(at=self.at):
            yield Recorded(
                recorded_date=published.date(),
                as_of=published.date(),
                asked=self.asked(recommendation),
                addressee=NOTHING,
                axis=_("Recommendation"),
                value=_("Published"),
                is_correction=False,
            )

    def changes(self, line: AddresseeLine) -> Iterator[Recorded]:
        """What was recorded about one addressee since the day from which changes are listed, without what was
        corrected.
        """
        for response in line.addressee.responses.all():
            if self.is_news(response.recorded_at) and not response.is_corrected:
                yield self.recorded(
                    line, response, _("Response"), response.get_kind_display(), said_in_answer(response)
                )
        for entry in line.addressee.entries.all():
            if entry.is_corrected:
                continue
            if self.is_news(entry.recorded_at):
                yield self.recorded(line, entry, _("Implementation"), entry.get_state_display(), said_in_entry(entry))
            confirmation = getattr(entry, "confirmation", None)
            if confirmation is not None and self.is_news(confirmation.recorded_at):
                yield Recorded(
                    recorded_date=confirmation.recorded_at.date(),
                    as_of=entry.as_of,
                    asked=line.asked,
                    addressee=line.actor,
                    axis=_("Implementation"),
                    value=_("%(state)s: confirmed by a second person") % {"state": entry.get_state_display()},
                    is_correction=False,
                )

    def recorded(
        self, line: AddresseeLine, record: Any, axis: str, value: str, said: Iterable[LabelledText]
    ) -> Recorded:
        return Recorded(
            recorded_date=record.recorded_at.date(),
            as_of=record.as_of,
            asked=line.asked,
            addressee=line.actor,
            axis=axis,
            value=value,
            is_correction=record.corrects_id is not None,
            said=tuple(said),
        )

    def is_news(self, moment: dt.datetime) -> bool:
        return moment >= self.start and (self.known_before is None or moment < self.known_before)

    def evidence(self, line: AddresseeLine) -> Iterator[Shown]:
        """The sources of the effective records of one addressee."""
        for response in line.addressee.responses.all():
            if response.source is not None and not response.is_corrected:
                yield shown_source(line, response.source, _("Response"), response.get_kind_display(), response.as_of)
        for entry in line.addressee.entries.all():
            if not entry.is_corrected:
                for one in entry.evidence.all():
                    yield shown_source(
                        line,
                        one.source,
                        _("Implementation"),
                        entry.get_state_display(),
                        entry.as_of,
                        stance=one.get_stance_display(),
                        locator=one.locator,
                        quotation=Text(one.quotation, one.source.source_language) if one.quotation else NOTHING,
                        nature=one.get_nature_display() if one.nature != one.Nature.UNRATED else "",
                        grade=one.grade,
                    )


def shown_source(
    line: AddresseeLine,
    source: Any,
    axis: str,
    value: str,
    as_of: dt.date,
    *,
    stance: str = "",
    locator: str = "",
    quotation: Text = NOTHING,
    nature: str = "",
    grade: str = "",
) -> Shown:
    """The data with which a reader finds `source`."""
    publisher = (
        label_of(source.publisher)
        if source.publisher is not None
        else Text(source.publisher_name, source.original_language if source.publisher_name else "")
    )
    return Shown(
        asked=line.asked,
        addressee=line.actor,
        axis=axis,
        value=value,
        as_of=as_of,
        stance=stance,
        title=text_of(source, "title"),
        publisher=publisher,
        author=source.author_name,
        date=in_words(source.date) if source.date else "",
        locator=locator,
        quotation=quotation,
        url=source.url,
        accessed_date=source.accessed_date,
        has_copy=source.archived_date is not None,
        nature=nature,
        grade=grade,
    )


def said_in_answer(response: Any) -> Iterator[LabelledText]:
    """The texts of an answer."""
    for label, words in (
        (_("Accepted part"), response.accepted_part),
        (_("In its words"), response.words),
        (_("Reason for the answer"), response.reason),
    ):
        if words:
            yield LabelledText(label, Text(words, response.language))


def said_in_entry(entry: Any) -> Iterator[LabelledText]:
    """The public texts of a status entry. The desk's own notes are in another table, which is not read here."""
    if entry.on_behalf_of is not None:
        yield LabelledText(_("Reported by"), label_of(entry.on_behalf_of))
    for label, words in (
        (pgettext("of an entry", "Note"), entry.public_note),
        (_("What remains"), entry.what_remains),
        (_("Reason"), entry.reason),
        (_("How the intent is met"), entry.how_intent_is_met),
    ):
        if words:
            yield LabelledText(label, Text(words, entry.language))
    if entry.successor is not None:
        title = text_of(entry.successor, "title")
        yield LabelledText(
            _("Its place is taken by"), Text(f"{entry.successor.reference} {title.words}", title.language)
        )


def open_items(reader: PackBuilder, rows: list[Any], lines: list[AddresseeLine]) -> Iterator[OpenItems]:
    """The open items by addressee, in the alphabetical order of the language."""
    by_actor: dict[int, list[AddresseeLine]] = {}
    for line in lines:
        if line.where.is_open:
            by_actor.setdefault(line.addressee.actor_id, []).append(line)
    for actor in in_alphabetical_order(by_actor):
        found = by_actor[actor]
        yield OpenItems(addressee=found[0].actor, items=tuple(reader.item(line) for line in found))
    unaddressed = [row for row in rows if not row.addressees.all() and not row.has_parts]
    if unaddressed:
        yield OpenItems(addressee=NOTHING, items=tuple(reader.unaddressed(row) for row in unaddressed))


def in_alphabetical_order(keys: Iterable[int]) -> list[int]:
    """Actors in the alphabetical order of the language."""
    return list(by_name(Actor.objects.filter(pk__in=list(keys))).values_list("pk", flat=True))


def days_of(event: Event) -> str:
    """The days of an event, in words."""
    if event.start_date is None:
        return _("date unknown")
    first = event.start_date.isoformat()
    if event.end_date is None or event.end_date == event.start_date:
        return in_words(first)
    return in_words(f"{first}/{event.end_date.isoformat()}")
