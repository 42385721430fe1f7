"""The attribution rule, enforced by PostgreSQL: a participant is public only as far as they consented.

The session's own rule applies, or else the event's; *not stated* counts as the Chatham House Rule. Under it a
disclosure needs the participant's consent for exactly what it shows; off the record nothing is disclosed; on the record
no consent is needed. What is shown is computed from the decision, the consents and the rule whenever one of them
changes, in the same transaction, so that a stricter rule takes effect at once. It is stored in a table of its own that
contains only people who are shown, because a query plan reveals how many rows it filtered out.

All writers lock in the same order: the event, the session, the participant. If two people decide at the same moment,
the second waits and sees what the first did.
"""

import pgtrigger
from django.db.models import Model
from django.utils.translation import gettext_noop

from publishing.database.triggers import PART_VARIABLES, announce_part, literal

DISCLOSURES = ("name", "affiliation", "attendance", "quotation")
"""What a participant is asked, one question each; the values of `Consent.disclosure`."""

RULE = "COALESCE(NULLIF(session.attribution_rule, ''), event.attribution_rule)"
"""SQL: the rule that applies, over the aliases `event` and `session` (which may be missing)."""


def strictness(rule: str) -> str:
    """SQL: the rank of the rule: on_record, then chatham_house with not_stated, then off_record."""
    return f"CASE {rule} WHEN 'on_record' THEN 0 WHEN 'off_record' THEN 2 ELSE 1 END"


def consented(disclosure: str, *, participant: str = "participant", but: str = "") -> str:
    """SQL: whether the last answer of a participant on `disclosure` (a SQL text) was yes, ignoring the record `but`."""
    aside = f" AND consent.id <> {but}" if but else ""
    return (
        "COALESCE((SELECT consent.given FROM events_consent AS consent"
        f" WHERE consent.participant_id = {participant}.id AND consent.disclosure = {disclosure}{aside}"
        " ORDER BY consent.recorded_at DESC, consent.id DESC LIMIT 1), FALSE)"
    )


def shows(what: str, *, disclosure: str = "disclosure", participant: str = "participant", but: str = "") -> str:
    """SQL: the `name` or `affiliation` that a disclosure shows at this moment, or an empty text."""
    asked = [consented(f"'{kind}'", participant=participant, but=but) for kind in ("attendance", what)]
    return (
        f"CASE WHEN {disclosure}.shows_{what} AND {RULE} <> 'off_record'"
        f" AND ({RULE} = 'on_record' OR ({' AND '.join(asked)})) THEN {participant}.{what} ELSE '' END"
    )


def shown_values(*, disclosure: str = "disclosure", participant: str = "participant", but: str = "") -> str:
    """SQL: everything that a disclosure shows, as an array of texts; NULL if it shows neither name nor affiliation."""
    words = ", ".join(
        f"{shows(what, disclosure=disclosure, participant=participant, but=but)} AS {what}"
        for what in ("name", "affiliation")
    )
    return (
        f"SELECT ARRAY[{participant}.role, words.name, words.affiliation, {disclosure}.session_id::text]"
        f" FROM (SELECT {words}) AS words WHERE words.name <> '' OR words.affiliation <> ''"
    )


def disclosed_participants(published: str) -> str:
    """SQL: who is shown, and with what; `published` is a condition on a row of events_event."""
    return f"""
        SELECT public_id, event_id, session_id, role, name, affiliation FROM (
            SELECT disclosure.public_id, participant.event_id, disclosure.session_id, participant.role,
                   {shows("name")} AS name, {shows("affiliation")} AS affiliation
            FROM events_disclosure AS disclosure
            JOIN events_participant AS participant ON participant.id = disclosure.participant_id
            JOIN events_event AS event ON event.id = participant.event_id
            LEFT JOIN events_session AS session ON session.id = disclosure.session_id
            WHERE participant.event_id IN (SELECT id FROM events_event WHERE {published})
        ) AS shown
        WHERE name <> '' OR affiliation <> ''
    """


def _of_event(event: str) -> str:
    """SQL: the rows of `DisclosedParticipant` of one event, even before it is public: a row policy hides them until
    then.
    """
    return disclosed_participants(f"id = {event} AND state = 'published'")


KEEP_DISCLOSED = f"""
CREATE OR REPLACE FUNCTION events_keep_disclosed(of_event BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM events_event WHERE id = of_event FOR NO KEY UPDATE;
    DELETE FROM events_disclosedparticipant WHERE event_id = of_event;
    INSERT INTO events_disclosedparticipant (public_id, event_id, session_id, role, name, affiliation)
    {_of_event("of_event")};
END $$;
"""
"""Updates the `DisclosedParticipant`s of an event; a concurrent writer waits."""


class KeepDisclosed(pgtrigger.Trigger):
    """Updates what is shown of the participants when the event, or the rule of a session, changes."""

    name = "keep_disclosed"
    when = pgtrigger.After

    def __init__(self, *columns: str, event: str) -> None:
        self.event = event
        super().__init__(operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*columns))

    def get_func(self, model: type[Model]) -> str:
        return f"PERFORM events_keep_disclosed(NEW.{self.event}); RETURN NULL;"


class ShowsWhatMayBeShown(pgtrigger.Trigger):
    """Refuses every row that does not follow from the decision, the consents and the rule, whoever writes it."""

    name = "shows_what_may_be_shown"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model: type[Model]) -> str:
        words = gettext_noop("A participant is shown only as the decision, the consents and the rule have it.")
        return f"""
            IF NOT EXISTS (
                SELECT 1 FROM ({_of_event("NEW.event_id")}) AS given
                WHERE given.public_id = NEW.public_id AND given.session_id IS NOT DISTINCT FROM NEW.session_id
                AND (given.role, given.name, given.affiliation) = (NEW.role, NEW.name, NEW.affiliation)
            ) THEN
                {refusing_statement(model._meta.db_table, self.name, words, column="name")}
            END IF;
            RETURN NEW;
        """


def missing_consents(events: str) -> str:
    """SQL that counts the consents that participants of `events` (a SQL list of keys) have not given.

    A participant who was entered by mistake did not take part, so does not count.
    """
    kinds = ", ".join(f"'{kind}'" for kind in DISCLOSURES)
    return f"""
        SELECT count(*) FROM events_participant AS participant CROSS JOIN unnest(ARRAY[{kinds}]) AS kind
        WHERE participant.event_id IN ({events}) AND participant.erased_because <> 'mistake'
        AND NOT {consented("kind")}
    """


def refusing_statement(table: str, rule: str, words: str, *, column: str, detail: str = "") -> str:
    """SQL that refuses a row by the rule with this name, because of `column`."""
    more = f", COLUMN = '{column}'" + (f", DETAIL = {detail}" if detail else "")
    return (
        f"RAISE EXCEPTION {literal(words)}"
        f" USING ERRCODE = 'check_violation', TABLE = '{table}', CONSTRAINT = '{table}_{rule}'{more};"
    )


class LooseningNeedsConsents(pgtrigger.Trigger):
    """A rule becomes less strict only if every participant has consented to each disclosure.

    What was said under a rule was said in confidence. `of` is "event" or "session"; a session that is deleted, or moves
    to another event, can loosen a rule as well.
    """

    name = "loosening_has_consents"
    when = pgtrigger.Before

    def __init__(self, *, of: str) -> None:
        self.of = of
        operations = {
            "event": pgtrigger.UpdateOf("attribution_rule"),
            "session": pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        }
        super().__init__(operation=operations[of])

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("loosens", "BOOLEAN"), ("missing", "BIGINT"), ("own", "TEXT"), ("other", "TEXT")]

    def get_func(self, model: type[Model]) -> str:
        if self.of == "event":
            judge = f"loosens := {strictness('NEW.attribution_rule')} < {strictness('OLD.attribution_rule')};"
            events = "NEW.id"
        else:
            judge, events = self._session(model), "NEW.event_id, OLD.event_id"
        refused = refusing_statement(
            model._meta.db_table,
            self.name,
            gettext_noop(
                "This would loosen the attribution rule: everybody who was there has first to consent to each disclosure."
            ),
            column="attribution_rule",
            detail="format('Consents missing: %s.', missing)",
        )
        return f"""
            {judge}
            IF loosens THEN
                PERFORM 1 FROM events_participant WHERE event_id IN ({events}) ORDER BY id FOR SHARE;
                {missing_consents(events).replace("count(*)", "count(*) INTO missing", 1)};
                IF missing > 0 THEN
                    {refused}
                END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """

    def _session(self, model: type[Model]) -> str:
        """Compares the applicable rule with the one before; for a new session, with the event's."""
        effective = {
            side: strictness(f"COALESCE(NULLIF({side}.attribution_rule, ''), {rule})")
            for side, rule in (("NEW", "own"), ("OLD", "other"))
        }
        moved = refusing_statement(
            model._meta.db_table,
            "disclosures_stay",
            gettext_noop("Somebody is disclosed in this session: it stays at its event."),
            column="event_id",
        )
        return f"""
            PERFORM 1 FROM events_event WHERE id IN (NEW.event_id, OLD.event_id) ORDER BY id FOR NO KEY UPDATE;
            SELECT attribution_rule INTO own FROM events_event WHERE id = NEW.event_id;
            SELECT attribution_rule INTO other FROM events_event WHERE id = OLD.event_id;
            IF TG_OP = 'UPDATE' AND NEW.event_id <> OLD.event_id
               AND EXISTS (SELECT 1 FROM events_disclosure WHERE session_id = OLD.id)
            THEN
                {moved}
            END IF;
            loosens := CASE TG_OP
                WHEN 'INSERT' THEN {effective["NEW"]} < {strictness("own")}
                WHEN 'DELETE' THEN {strictness("other")} < {effective["OLD"]}
                ELSE {effective["NEW"]} < {effective["OLD"]}
                    OR (NEW.event_id <> OLD.event_id AND {effective["NEW"]} < {strictness("own")})
            END;
        """


class ConsentIsRecorded(pgtrigger.Trigger):
    """Refuses to disclose anybody whom the rule protects and who has not consented to exactly that."""

    name = "consent_is_recorded"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [("participant", "events_participant"), ("at_event", "BIGINT"), ("rule", "TEXT")]

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        off_record = refusing_statement(
            table, self.name, gettext_noop("Off the record, nobody who was there is disclosed."), column="shows_name"
        )
        missing = refusing_statement(
            table,
            self.name,
            gettext_noop("A participant is disclosed only with their recorded consent to that."),
            column="shows_name",
        )
        erased = refusing_statement(
            table, self.name, gettext_noop("What was known of this participant is erased."), column="shows_name"
        )
        session = refusing_statement(
            table, "session_is_of_the_event", gettext_noop("This session is of another event."), column="session_id"
        )
        return f"""
            SELECT event_id INTO at_event FROM events_participant
                WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.participant_id ELSE NEW.participant_id END;
            PERFORM 1 FROM events_event WHERE id = at_event FOR NO KEY UPDATE;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            IF NEW.session_id IS NOT NULL THEN
                PERFORM 1 FROM events_session WHERE id = NEW.session_id AND event_id = at_event FOR SHARE;
                IF NOT FOUND THEN
                    {session}
                END IF;
            END IF;
            SELECT * INTO participant FROM events_participant WHERE id = NEW.participant_id FOR NO KEY UPDATE;
            SELECT {RULE} INTO rule FROM events_event AS event
                LEFT JOIN events_session AS session ON session.id = NEW.session_id WHERE event.id = at_event;
            IF participant.erased_at IS NOT NULL THEN
                {erased}
            ELSIF rule = 'off_record' THEN
                {off_record}
            ELSIF rule <> 'on_record' AND NOT (
                {consented("'attendance'")}
                AND (NOT NEW.shows_name OR {consented("'name'")})
                AND (NOT NEW.shows_affiliation OR {consented("'affiliation'")}))
            THEN
                {missing}
            END IF;
            RETURN NEW;
        """


class ConsentsInTurn(pgtrigger.Trigger):
    """Consents of one participant are recorded one after the other, and none with a future date.

    One with a future date would remain valid after its withdrawal.
    """

    name = "in_turn"
    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        erased = refusing_statement(
            table, "of_somebody", gettext_noop("What was known of this participant is erased."), column="participant_id"
        )
        ahead = refusing_statement(
            table, self.name, gettext_noop("A consent is recorded when it is known, not ahead of time."), column="as_of"
        )
        return f"""
            PERFORM 1 FROM events_event
                WHERE id = (SELECT event_id FROM events_participant WHERE id = NEW.participant_id) FOR NO KEY UPDATE;
            PERFORM 1 FROM events_participant
                WHERE id = NEW.participant_id AND erased_at IS NOT NULL FOR NO KEY UPDATE;
            IF FOUND THEN
                {erased}
            END IF;
            PERFORM 1 FROM events_participant WHERE id = NEW.participant_id FOR NO KEY UPDATE;
            IF NEW.recorded_at > clock_timestamp() + INTERVAL '1 minute' THEN
                {ahead}
            END IF;
            RETURN NEW;
        """


class ParticipantsStay(pgtrigger.Trigger):
    """A participant cannot move to another event, and after erasure cannot be changed."""

    name = "stays"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def get_func(self, model: type[Model]) -> str:
        table = model._meta.db_table
        moved = refusing_statement(
            table,
            "stays_at_its_event",
            gettext_noop("A participant stays at the event at which they were."),
            column="event_id",
        )
        erased = refusing_statement(
            table, "stays_erased", gettext_noop("What was known of this participant is erased."), column="name"
        )
        return f"""
            IF TG_OP = 'INSERT' THEN
                -- A rule that is being loosened asks everybody, also who is entered at the same moment.
                PERFORM 1 FROM events_event WHERE id = NEW.event_id FOR SHARE;
                RETURN NEW;
            END IF;
            IF NEW.event_id <> OLD.event_id THEN
                {moved}
            END IF;
            IF OLD.erased_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
                {erased}
            END IF;
            RETURN NEW;
        """


class AnnounceWhatShows(pgtrigger.Trigger):
    """Stores what an event shows of its participants and announces the event, when that changes and only then.

    `of` names the table: "disclosure", "consent" or "participant". A line for every row that is written would tell the
    public that something was recorded that it may not see.
    """

    name = "announce_what_shows"
    when = pgtrigger.After

    def __init__(self, *, of: str) -> None:
        self.of = of
        operations = {
            "disclosure": pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            "consent": pgtrigger.Insert,
            "participant": pgtrigger.Update,
        }
        super().__init__(operation=operations[of])

    def get_declare(self, model: type[Model]) -> list[tuple[str, str]]:
        return [*PART_VARIABLES, ("before", "TEXT[]"), ("after", "TEXT[]")]

    def get_func(self, model: type[Model]) -> str:
        event_of_participant = "(SELECT event_id FROM events_participant WHERE id = part.participant_id)"
        path = "part.event_id" if self.of == "participant" else event_of_participant
        old = "OLD.event_id" if self.of == "participant" else event_of_participant.replace("part.", "OLD.")
        new = "NEW.event_id" if self.of == "participant" else event_of_participant.replace("part.", "NEW.")
        return f"""
            {getattr(self, f"_{self.of}")()}
            IF TG_OP <> 'INSERT' THEN PERFORM events_keep_disclosed({old}); END IF;
            IF TG_OP <> 'DELETE' THEN PERFORM events_keep_disclosed({new}); END IF;
            {announce_part("event", "events_event", "slug", path)}
        """

    def _disclosure(self) -> str:
        def one(side: str, into: str) -> str:
            return f"""
                SELECT ({shown_values(disclosure=side)}) INTO {into} FROM events_participant AS participant
                JOIN events_event AS event ON event.id = participant.event_id
                LEFT JOIN events_session AS session ON session.id = {side}.session_id
                WHERE participant.id = {side}.participant_id;
            """

        return f"""
            IF TG_OP <> 'INSERT' THEN {one("OLD", "before")} END IF;
            IF TG_OP <> 'DELETE' THEN {one("NEW", "after")} END IF;
            IF before IS NOT DISTINCT FROM after
               AND (TG_OP <> 'UPDATE' OR NEW.participant_id = OLD.participant_id)
            THEN
                RETURN NULL;
            END IF;
        """

    def _unless(self, before: str, after: str, participant: str) -> str:
        """SQL that ends the trigger unless a disclosure of the participant shows something else than before."""
        return f"""
            PERFORM 1 FROM events_disclosure AS disclosure
            JOIN events_participant AS participant ON participant.id = disclosure.participant_id
            JOIN events_event AS event ON event.id = participant.event_id
            LEFT JOIN events_session AS session ON session.id = disclosure.session_id
            WHERE participant.id = {participant} AND ({before}) IS DISTINCT FROM ({after});
            IF NOT FOUND THEN
                RETURN NULL;
            END IF;
        """

    def _consent(self) -> str:
        return self._unless(shown_values(but="NEW.id"), shown_values(), "NEW.participant_id")

    def _participant(self) -> str:
        return self._unless(shown_values(participant="OLD"), shown_values(participant="NEW"), "NEW.id")
