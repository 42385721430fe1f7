"""Rules of reports and points, enforced by PostgreSQL whoever writes."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_noop

from publishing.database.triggers import literal


class SingleVoicesAreCleared(pgtrigger.Trigger):
    """A report with an uncleared point of a single voice cannot become public, nor can such a point be added to a
    public one.

    On a report it is checked before anything is written. On a point and on its support it is checked at the end of the
    statement, and can be deferred within a transaction (`pgtrigger.constraints`), because words and their clearance are
    in two rows and change together.
    """

    name = "single_voices_are_cleared"
    refusal = gettext_noop("A point of a single voice needs a second editor's clearance before it is published.")

    def __init__(self, *, of: str) -> None:
        self.of = of
        if of == "report":
            super().__init__(when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update)
            return
        # A new point starts as told by the report; its real grade is a change of its support.
        is_point = of == "point"
        super().__init__(
            when=pgtrigger.After,
            operation=pgtrigger.Update if is_point else pgtrigger.Insert | pgtrigger.Update,
            condition=pgtrigger.Condition("NEW.report_id <> OLD.report_id") if is_point else None,
            timing=pgtrigger.Immediate,
        )

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table
        which = {
            "report": "NEW.state = 'published' AND point.report_id = NEW.id",
            "point": "point.id = NEW.id",
            "support": "point.id = NEW.point_id",
        }[self.of]
        public = "EXISTS (SELECT 1 FROM events_report AS report WHERE report.id = point.report_id AND report.state = 'published')"
        condition = f"""EXISTS (
                SELECT 1 FROM events_support AS support JOIN events_point AS point ON point.id = support.point_id
                WHERE support.grade = 'one_participant' AND support.cleared_by_id IS NULL AND {which}
                AND {"TRUE" if self.of == "report" else public})"""
        return f"""
            IF {condition} THEN
                RAISE EXCEPTION {literal(self.refusal)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = 'support',
                          CONSTRAINT = '{table}_single_voices_are_cleared';
            END IF;
            RETURN NEW;
        """


class ClearanceIsOfTheWords(pgtrigger.Trigger):
    """A point that is reworded, or whose support is graded again, loses its clearance."""

    name = "clearance_is_of_the_words"

    def __init__(self, *, of: str) -> None:
        self.of = of
        super().__init__(when=pgtrigger.After if of == "point" else pgtrigger.Before, operation=pgtrigger.Update)

    def get_func(self, model: type[models.Model]) -> str:
        if self.of == "point":
            return """
                IF (NEW.text_en, NEW.text_tr, NEW.text_ar) IS DISTINCT FROM (OLD.text_en, OLD.text_tr, OLD.text_ar) THEN
                    UPDATE events_support SET cleared_by_id = NULL, cleared_at = NULL
                        WHERE point_id = NEW.id AND cleared_by_id IS NOT NULL;
                END IF;
                RETURN NULL;
            """
        return """
            IF NEW.cleared_at IS NOT DISTINCT FROM OLD.cleared_at AND NEW.grade <> OLD.grade THEN
                NEW.cleared_by_id := NULL;
                NEW.cleared_at := NULL;
            END IF;
            RETURN NEW;
        """


class OffRecordIsNotPublished(pgtrigger.Trigger):
    """What was said off the record is not published: no report of such an event, no point of such a session.

    What is already public when a rule becomes stricter is hidden at once, by the row policies; nothing has to be
    withdrawn first, so nothing prevents a stricter rule.
    """

    name = "off_record_is_not_published"
    refusal_of_report = gettext_noop("This event is off the record: no report of it is published.")
    refusal_of_points = gettext_noop(
        "A point was made in a session that is off the record: take it out of the report first."
    )
    refusal_of_point = gettext_noop("This session is off the record: no point of it is published.")
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, *, of: str) -> None:
        self.of = of
        super().__init__()

    def get_func(self, model: type[models.Model]) -> str:
        table = model._meta.db_table

        def refusal(message: str, column: str) -> str:
            return f"""RAISE EXCEPTION {literal(message)}
                    USING ERRCODE = 'check_violation', TABLE = '{table}', COLUMN = '{column}',
                          CONSTRAINT = '{table}_off_record_is_not_published'"""

        if self.of == "report":
            return f"""
            IF NEW.state <> 'published' OR (TG_OP = 'UPDATE'
                AND OLD.state = 'published' AND NEW.event_id = OLD.event_id)
            THEN
                RETURN NEW;
            END IF;
            IF EXISTS (SELECT 1 FROM events_event AS event
                WHERE event.id = NEW.event_id AND event.attribution_rule = 'off_record')
            THEN
                {refusal(self.refusal_of_report, "event_id")};
            END IF;
            IF EXISTS (SELECT 1 FROM events_point AS point JOIN events_session AS session ON session.id = point.session_id
                WHERE point.report_id = NEW.id AND session.attribution_rule = 'off_record')
            THEN
                {refusal(self.refusal_of_points, "event_id")};
            END IF;
            RETURN NEW;
            """
        return f"""
            IF NEW.session_id IS NULL OR (TG_OP = 'UPDATE'
                AND NEW.session_id IS NOT DISTINCT FROM OLD.session_id AND NEW.report_id = OLD.report_id)
            THEN
                RETURN NEW;
            END IF;
            IF EXISTS (SELECT 1 FROM events_session AS session, events_report AS report
                WHERE session.id = NEW.session_id AND session.attribution_rule = 'off_record'
                AND report.id = NEW.report_id AND report.state = 'published')
            THEN
                {refusal(self.refusal_of_point, "session_id")};
            END IF;
            RETURN NEW;
        """


class HasItsSupport(pgtrigger.Trigger):
    """Every point has one row in the table of support from the beginning; it starts as told by the report."""

    name = "has_its_support"
    when = pgtrigger.After
    operation = pgtrigger.Insert

    def get_func(self, model: type[models.Model]) -> str:
        return """
            INSERT INTO events_support (point_id, grade) VALUES (NEW.id, 'narrative');
            RETURN NULL;
        """
