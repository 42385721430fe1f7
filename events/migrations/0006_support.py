import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from partnerships.row_policies import PUBLISHED, answering, readable, readable_otherwise, reserved, visible
from partnerships.triggers import announcement

COPY = migrations.RunSQL(
    """
    INSERT INTO events_support (point_id, grade, cleared_by_id, cleared_at)
        SELECT id, support, cleared_by_id, cleared_at FROM events_point;
    -- A table with pending checks cannot be altered.
    SET CONSTRAINTS ALL IMMEDIATE;
    """,
    reverse_sql="""
    -- Going back changes nothing that a mirror would have to fetch again.
    ALTER TABLE events_point DISABLE TRIGGER USER;
    UPDATE events_point AS point
        SET support = graded.grade, cleared_by_id = graded.cleared_by_id, cleared_at = graded.cleared_at
        FROM events_support AS graded WHERE graded.point_id = point.id;
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE events_point ENABLE TRIGGER USER;
    """,
)

GOES_WITH_ITS_POINT = migrations.RunSQL(
    """
    ALTER TABLE events_support ADD CONSTRAINT events_support_goes_with_its_point
        FOREIGN KEY (point_id) REFERENCES events_point (id) ON DELETE CASCADE
    """,
    reverse_sql="ALTER TABLE events_support DROP CONSTRAINT events_support_goes_with_its_point",
)

PUBLISHED_BY_NOW = PUBLISHED.replace("now()", "clock_timestamp()")
"""At the moment of asking, as the querysets reckon, and not at that at which a transaction began."""

ANNOUNCING = f"""
    -- The reports of an event that have points (or, with a session, points of that session) count as changed.
    CREATE OR REPLACE FUNCTION events_announce_reports(of_event BIGINT, of_session BIGINT DEFAULT NULL) RETURNS VOID
    LANGUAGE plpgsql AS $$
    DECLARE whole RECORD;
    BEGIN
        FOR whole IN SELECT * FROM events_report AS report
            WHERE report.event_id = $1 AND report.state = 'published' AND EXISTS (
                SELECT 1 FROM events_point AS point
                WHERE point.report_id = report.id AND ($2 IS NULL OR point.session_id = $2)
            ) ORDER BY report.id
        LOOP
            {announcement("report", "whole", "whole.public_id", "whole.public_id", "'changed'", "whole.embargo_until", "''")}
        END LOOP;
    END $$;

    -- Off the record, the reports that readers knew of count as withdrawn; no longer so, all count as published.
    CREATE OR REPLACE FUNCTION events_announce_off_record(of_event BIGINT, is_off_record BOOLEAN) RETURNS VOID
    LANGUAGE plpgsql AS $$
    DECLARE whole RECORD;
    BEGIN
        FOR whole IN SELECT * FROM events_report AS report
            WHERE report.event_id = $1 AND report.state = 'published' ORDER BY report.id
        LOOP
            IF NOT is_off_record THEN
                {announcement("report", "whole", "whole.public_id", "whole.public_id", "'published'", "whole.embargo_until", "''")}
                CONTINUE;
            END IF;
            DELETE FROM partnerships_change
                WHERE kind = 'report' AND public_id = whole.public_id AND effective_at > clock_timestamp();
            IF EXISTS (SELECT 1 FROM partnerships_change WHERE kind = 'report' AND public_id = whole.public_id) THEN
                {announcement("report", "whole", "whole.public_id", "whole.public_id", "'withdrawn'", "NULL::timestamptz", "'Its event is off the record.'")}
            END IF;
        END LOOP;
    END $$;
"""

FUNCTIONS = migrations.RunSQL(
    f"""
    -- k: replaced after each migrate with the setting MAJLIS_SMALLEST_GROUP (events/minimum_group_size.py).
    CREATE FUNCTION events_smallest_group() RETURNS INTEGER LANGUAGE sql STABLE AS 'SELECT 5';

    -- Of the session if that is recorded, else of the event, else as many as there are participants, but for those
    -- who were entered by mistake; NULL: unknown.
    CREATE FUNCTION events_size_of_group(event BIGINT, session BIGINT) RETURNS INTEGER LANGUAGE sql STABLE AS $$
        SELECT COALESCE(
            (SELECT size.people FROM events_groupsize AS size WHERE size.event_id = $1 AND size.session_id = $2),
            (SELECT size.people FROM events_groupsize AS size WHERE size.event_id = $1 AND size.session_id IS NULL),
            (SELECT NULLIF(count(*), 0)::integer FROM events_participant AS participant
                WHERE participant.event_id = $1 AND participant.erased_because <> 'mistake')
        )
    $$;

    CREATE FUNCTION events_is_too_small(people INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE AS $$
        SELECT COALESCE(people < events_smallest_group(), FALSE)
    $$;

    CREATE FUNCTION events_group_is_too_small(event BIGINT, session BIGINT) RETURNS BOOLEAN LANGUAGE sql STABLE AS $$
        SELECT events_is_too_small(events_size_of_group(event, session))
    $$;

    -- What the public may know of the above, and all of it: whether the support of a point that it sees is shown.
    -- Runs with the rights of the owner, for the reader may look at no size; answers no for whatever is not public,
    -- or the reader could ask for the sizes of groups that it has never heard of.
    CREATE FUNCTION events_support_is_shown(point BIGINT) RETURNS BOOLEAN
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT COALESCE((
            SELECT NOT events_group_is_too_small(report.event_id, point.session_id)
            FROM events_point AS point JOIN events_report AS report ON report.id = point.report_id
            WHERE point.id = $1
            AND EXISTS (SELECT 1 FROM events_report WHERE id = report.id AND {PUBLISHED_BY_NOW})
            AND EXISTS (SELECT 1 FROM events_event WHERE id = report.event_id AND {PUBLISHED_BY_NOW}
                AND attribution_rule <> 'off_record')
            AND NOT EXISTS (SELECT 1 FROM events_session AS session
                WHERE session.id = point.session_id AND session.attribution_rule = 'off_record')
        ), FALSE)
    $$;
    """,
    reverse_sql="""
    DROP FUNCTION events_support_is_shown(BIGINT), events_group_is_too_small(BIGINT, BIGINT), events_is_too_small(INTEGER),
        events_size_of_group(BIGINT, BIGINT), events_smallest_group();
    """,
)

FUNCTIONS_ARE_THE_OWNERS = [
    reserved(
        "events_smallest_group()",
        "events_size_of_group(bigint, bigint)",
        "events_is_too_small(integer)",
        "events_group_is_too_small(bigint, bigint)",
        "events_announce_reports(bigint, bigint)",
        "events_announce_off_record(bigint, boolean)",
    ),
    answering("events_support_is_shown(bigint)"),
]

OF_ITS_EVENT = visible("events_report", "event_id", "events_event")
NOT_OFF_RECORD = """EXISTS (
    SELECT 1 FROM events_event AS event WHERE event.id = events_report.event_id AND event.attribution_rule <> 'off_record')"""
OF_ITS_REPORT = visible("events_point", "report_id", "events_report")
NOT_IN_A_SESSION_OFF_RECORD = """NOT EXISTS (
    SELECT 1 FROM events_session AS session
    WHERE session.id = events_point.session_id AND session.attribution_rule = 'off_record')"""


REPORT, POINT = f"({PUBLISHED}) AND ({OF_ITS_EVENT})", OF_ITS_REPORT

POLICIES = [
    readable_otherwise("events_report", REPORT, f"{REPORT} AND {NOT_OFF_RECORD}"),
    readable_otherwise("events_point", POINT, f"({POINT}) AND {NOT_IN_A_SESSION_OFF_RECORD}"),
    readable(
        "events_support",
        visible("events_support", "point_id", "events_point"),
        "events_support_is_shown(events_support.point_id)",
    ),
]

OFF_RECORD_IS_NOT_ANNOUNCED = migrations.RunSQL(
    """
    -- A report whose event is off the record is not there for the public, so nothing happens to it either;
    -- but for its end, of which mirrors have to hear.
    CREATE FUNCTION events_off_record_is_not_announced() RETURNS TRIGGER LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM events_report AS report JOIN events_event AS event ON event.id = report.event_id
            WHERE report.public_id = NEW.public_id AND event.attribution_rule = 'off_record'
        ) THEN
            RETURN NULL;
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER off_record_is_not_announced BEFORE INSERT ON partnerships_change
        FOR EACH ROW WHEN (NEW.kind = 'report' AND NEW.event <> 'withdrawn')
        EXECUTE FUNCTION events_off_record_is_not_announced();
    """,
    reverse_sql="""
    DROP TRIGGER off_record_is_not_announced ON partnerships_change;
    DROP FUNCTION events_off_record_is_not_announced();
    """,
)


class Migration(migrations.Migration):
    """Support moves into a table of its own, where it can be hidden, with the clearance that would give it away."""

    dependencies = [
        ("events", "0005_disclosures"),
        # The groups of the desk were given every table of their day; what is restricted here comes after them.
        ("recommendations", "0002_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="GroupSize",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "people",
                    models.PositiveIntegerField(
                        help_text="Everybody who could speak. Restricted: nobody is shown the number.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="people",
                    ),
                ),
            ],
            options={
                "verbose_name": "group size",
                "verbose_name_plural": "group sizes",
                "ordering": ["event_id", "session_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="Rewording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("text_en", models.TextField(blank=True, null=True, verbose_name="text")),
                ("text_tr", models.TextField(blank=True, null=True, verbose_name="text")),
                ("text_ar", models.TextField(blank=True, null=True, verbose_name="text")),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("consensus", "Consensus"),
                            ("broad", "Broad support"),
                            ("recurring", "Recurring"),
                            ("argued", "Argued"),
                            ("one_participant", "One participant"),
                            ("narrative", "Told by the report"),
                        ],
                        max_length=16,
                        verbose_name="support",
                    ),
                ),
                ("before", models.JSONField(editable=False, verbose_name="before")),
                (
                    "note",
                    models.TextField(
                        help_text="Public: it stands in the history and in the feed of changes. One sentence is enough.",
                        verbose_name="what changed",
                    ),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="proposed at"),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("pending", "Pending"), ("accepted", "Accepted"), ("declined", "Declined")],
                        default="pending",
                        editable=False,
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="decided at")),
                (
                    "reason",
                    models.TextField(
                        blank=True, editable=False, help_text="For the desk: why not.", verbose_name="reason"
                    ),
                ),
            ],
            options={
                "verbose_name": "rewording",
                "verbose_name_plural": "rewordings",
                "ordering": ["point_id", "proposed_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                (
                    "point",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="graded",
                        serialize=False,
                        to="events.point",
                        verbose_name="point",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("consensus", "Consensus"),
                            ("broad", "Broad support"),
                            ("recurring", "Recurring"),
                            ("argued", "Argued"),
                            ("one_participant", "One participant"),
                            ("narrative", "Told by the report"),
                        ],
                        default="narrative",
                        max_length=16,
                        verbose_name="support",
                    ),
                ),
                ("cleared_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="cleared at")),
            ],
            options={
                "verbose_name": "support",
                "verbose_name_plural": "support",
                "ordering": ["point_id"],
            },
        ),
        migrations.AddField(
            model_name="groupsize",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="events.event", verbose_name="event"
            ),
        ),
        migrations.AddField(
            model_name="groupsize",
            name="session",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: of the whole event.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="events.session",
                verbose_name="session",
            ),
        ),
        migrations.AddField(
            model_name="rewording",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="rewording",
            name="point",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rewordings",
                to="events.point",
                verbose_name="point",
            ),
        ),
        migrations.AddField(
            model_name="rewording",
            name="proposed_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="proposed by",
            ),
        ),
        migrations.AddField(
            model_name="support",
            name="cleared_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="cleared by",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupsize",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__gte", 1)),
                name="events_groupsize_people_are_some",
                violation_error_message="A group is at least one person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupsize",
            constraint=models.UniqueConstraint(
                fields=("event", "session"),
                name="events_groupsize_once_per_session",
                nulls_distinct=False,
                violation_error_message="The size of this group is recorded already: change it there.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewording",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("grade__in", ["consensus", "broad", "recurring", "argued", "one_participant", "narrative"])
                ),
                name="events_rewording_grade_is_known",
                violation_error_message="This is none of the values that are possible here.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewording",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["pending", "accepted", "declined"])),
                name="events_rewording_outcome_is_known",
                violation_error_message="This is none of the values that are possible here.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewording",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text_en__isnull", False), models.Q(("text_en", ""), _negated=True)),
                    models.Q(("text_tr__isnull", False), models.Q(("text_tr", ""), _negated=True)),
                    models.Q(("text_ar__isnull", False), models.Q(("text_ar", ""), _negated=True)),
                    _connector="OR",
                ),
                name="events_rewording_text_is_written",
                violation_error_message="Write this text in at least one language.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewording",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), _negated=True),
                name="events_rewording_has_its_note",
                violation_error_message="Say what changed; the note is public.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewording",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("outcome", "pending"),
                        ("reason", ""),
                    ),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False), ("outcome", "accepted")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("outcome", "declined"),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="events_rewording_decision_is_whole",
                violation_error_message="A decision has a person and a time, and a refusal its reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewording",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("outcome", "accepted"), _negated=True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="events_rewording_accepted_by_another",
                violation_error_message="Nobody accepts what they proposed themselves.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewording",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "pending")),
                fields=("point",),
                name="events_rewording_one_pending",
                violation_error_message="Another rewording of this point waits for a decision already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="support",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("grade__in", ["consensus", "broad", "recurring", "argued", "one_participant", "narrative"])
                ),
                name="events_support_grade_is_known",
                violation_error_message="This is none of the values that are possible here.",
            ),
        ),
        migrations.AddConstraint(
            model_name="support",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cleared_at__isnull", True), ("cleared_by__isnull", True)),
                    models.Q(("cleared_at__isnull", False), ("cleared_by__isnull", False)),
                    _connector="OR",
                ),
                name="events_support_clearance_is_whole",
                violation_error_message="A clearance has a person and a time.",
            ),
        ),
        COPY,
        pgtrigger.migrations.RemoveTrigger(
            model_name="point",
            name="clearance_is_of_the_words",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="point",
            name="single_voices_are_cleared",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="report",
            name="single_voices_are_cleared",
        ),
        migrations.RemoveConstraint(
            model_name="point",
            name="events_point_support_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="point",
            name="events_point_clearance_is_whole",
        ),
        migrations.RemoveField(
            model_name="point",
            name="cleared_at",
        ),
        migrations.RemoveField(
            model_name="point",
            name="cleared_by",
        ),
        migrations.RemoveField(
            model_name="point",
            name="support",
        ),
        GOES_WITH_ITS_POINT,
        FUNCTIONS,
        migrations.RunSQL(
            ANNOUNCING,
            reverse_sql="DROP FUNCTION events_announce_off_record(BIGINT, BOOLEAN), events_announce_reports(BIGINT, BIGINT)",
        ),
        *FUNCTIONS_ARE_THE_OWNERS,
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="announce_off_record",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (NEW.attribution_rule = 'off_record') <> (OLD.attribution_rule = 'off_record') THEN\n                PERFORM events_announce_off_record(NEW.id, NEW.attribution_rule = 'off_record');\n            END IF;\n            RETURN NULL;\n        ",
                    hash="091451bdf75728d2acd788a6d4a764d5054973da",
                    operation='UPDATE OF "attribution_rule"',
                    pgid="pgtrigger_announce_off_record_06205",
                    table="events_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participant",
            trigger=pgtrigger.compiler.Trigger(
                name="announce_what_numbers_hide_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE moved RECORD; people INTEGER;",
                    func="\n            FOR moved IN\n                SELECT event_id, sum(step) AS steps FROM (SELECT event_id, -1 AS step FROM come) AS moves\n                GROUP BY event_id HAVING sum(step) <> 0 ORDER BY event_id\n            LOOP\n                -- Two who record at once count one after the other, or neither would see the threshold crossed.\n                PERFORM pg_advisory_xact_lock(hashtext('majlis.participants'), moved.event_id::int);\n                SELECT count(*) INTO people FROM events_participant WHERE event_id = moved.event_id;\n                IF events_is_too_small(NULLIF(people, 0)) <> events_is_too_small(NULLIF(people + moved.steps::int, 0))\n                   AND NOT EXISTS (SELECT 1 FROM events_groupsize AS size\n                       WHERE size.event_id = moved.event_id AND size.session_id IS NULL)\n                THEN\n                    PERFORM events_announce_reports(moved.event_id);\n                END IF;\n            END LOOP;\n            RETURN NULL;\n        ",
                    hash="2bf9c7d68517f5168840b7ef41154a213d3e06db",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_announce_what_numbers_hide_insert_bdf95",
                    referencing="REFERENCING NEW TABLE AS come ",
                    table="events_participant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participant",
            trigger=pgtrigger.compiler.Trigger(
                name="announce_what_numbers_hide_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE moved RECORD; people INTEGER;",
                    func="\n            FOR moved IN\n                SELECT event_id, sum(step) AS steps FROM (SELECT event_id, 1 AS step FROM gone UNION ALL SELECT event_id, -1 AS step FROM come) AS moves\n                GROUP BY event_id HAVING sum(step) <> 0 ORDER BY event_id\n            LOOP\n                -- Two who record at once count one after the other, or neither would see the threshold crossed.\n                PERFORM pg_advisory_xact_lock(hashtext('majlis.participants'), moved.event_id::int);\n                SELECT count(*) INTO people FROM events_participant WHERE event_id = moved.event_id;\n                IF events_is_too_small(NULLIF(people, 0)) <> events_is_too_small(NULLIF(people + moved.steps::int, 0))\n                   AND NOT EXISTS (SELECT 1 FROM events_groupsize AS size\n                       WHERE size.event_id = moved.event_id AND size.session_id IS NULL)\n                THEN\n                    PERFORM events_announce_reports(moved.event_id);\n                END IF;\n            END LOOP;\n            RETURN NULL;\n        ",
                    hash="59d4bf48f6d14ee20740ff4c8f52ec5e833c4b49",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_announce_what_numbers_hide_update_b813a",
                    referencing="REFERENCING OLD TABLE AS gone  NEW TABLE AS come ",
                    table="events_participant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participant",
            trigger=pgtrigger.compiler.Trigger(
                name="announce_what_numbers_hide_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE moved RECORD; people INTEGER;",
                    func="\n            FOR moved IN\n                SELECT event_id, sum(step) AS steps FROM (SELECT event_id, 1 AS step FROM gone) AS moves\n                GROUP BY event_id HAVING sum(step) <> 0 ORDER BY event_id\n            LOOP\n                -- Two who record at once count one after the other, or neither would see the threshold crossed.\n                PERFORM pg_advisory_xact_lock(hashtext('majlis.participants'), moved.event_id::int);\n                SELECT count(*) INTO people FROM events_participant WHERE event_id = moved.event_id;\n                IF events_is_too_small(NULLIF(people, 0)) <> events_is_too_small(NULLIF(people + moved.steps::int, 0))\n                   AND NOT EXISTS (SELECT 1 FROM events_groupsize AS size\n                       WHERE size.event_id = moved.event_id AND size.session_id IS NULL)\n                THEN\n                    PERFORM events_announce_reports(moved.event_id);\n                END IF;\n            END LOOP;\n            RETURN NULL;\n        ",
                    hash="95258efb2ce0b23b7395403f0a0fcd9e49282322",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_announce_what_numbers_hide_delete_e0e56",
                    referencing="REFERENCING OLD TABLE AS gone ",
                    table="events_participant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="point",
            trigger=pgtrigger.compiler.Trigger(
                name="has_its_support",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            INSERT INTO events_support (point_id, grade) VALUES (NEW.id, 'narrative');\n            RETURN NULL;\n        ",
                    hash="66ee65d86dd41ace2bcbe9e5dc56c6d3e4a73031",
                    operation="INSERT",
                    pgid="pgtrigger_has_its_support_0af11",
                    table="events_point",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="point",
            trigger=pgtrigger.compiler.Trigger(
                name="clearance_is_of_the_words",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF (NEW.text_en, NEW.text_tr, NEW.text_ar) IS DISTINCT FROM (OLD.text_en, OLD.text_tr, OLD.text_ar) THEN\n                    UPDATE events_support SET cleared_by_id = NULL, cleared_at = NULL\n                        WHERE point_id = NEW.id AND cleared_by_id IS NOT NULL;\n                END IF;\n                RETURN NULL;\n            ",
                    hash="d5b2d84865a250e83e11c15b1fdfe8a24c44dfb5",
                    operation="UPDATE",
                    pgid="pgtrigger_clearance_is_of_the_words_647f2",
                    table="events_point",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="point",
            trigger=pgtrigger.compiler.Trigger(
                name="off_record_is_not_published",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.session_id IS NULL OR (TG_OP = 'UPDATE'\n                AND NEW.session_id IS NOT DISTINCT FROM OLD.session_id AND NEW.report_id = OLD.report_id)\n            THEN\n                RETURN NEW;\n            END IF;\n            IF EXISTS (SELECT 1 FROM events_session AS session, events_report AS report\n                WHERE session.id = NEW.session_id AND session.attribution_rule = 'off_record'\n                AND report.id = NEW.report_id AND report.state = 'published')\n            THEN\n                RAISE EXCEPTION 'This session is off the record: no point of it is published.'\n                    USING ERRCODE = 'check_violation', TABLE = 'events_point',\n                          CONSTRAINT = 'events_point_off_record_is_not_published';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="24ac85daace5cb48a6209733b0d7a279360d43b7",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_off_record_is_not_published_84f8f",
                    table="events_point",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="point",
            trigger=pgtrigger.compiler.Trigger(
                name="single_voices_are_cleared",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.report_id <> OLD.report_id)",
                    constraint="CONSTRAINT",
                    func="\n            IF EXISTS (\n                SELECT 1 FROM events_support AS support JOIN events_point AS point ON point.id = support.point_id\n                WHERE support.grade = 'one_participant' AND support.cleared_by_id IS NULL AND point.id = NEW.id\n                AND EXISTS (SELECT 1 FROM events_report AS report WHERE report.id = point.report_id AND report.state = 'published')) THEN\n                RAISE EXCEPTION 'A point of a single voice needs a second editor''s clearance before it is published.'\n                    USING ERRCODE = 'check_violation', TABLE = 'events_point',\n                          CONSTRAINT = 'events_point_single_voices_are_cleared';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="6cb72ffb2b15cd97151438c856b9b3a8727c73cb",
                    operation="UPDATE",
                    pgid="pgtrigger_single_voices_are_cleared_f53e3",
                    table="events_point",
                    timing="DEFERRABLE INITIALLY IMMEDIATE",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="off_record_is_not_published",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.state <> 'published' OR (TG_OP = 'UPDATE'\n                AND OLD.state = 'published' AND NEW.event_id = OLD.event_id)\n            THEN\n                RETURN NEW;\n            END IF;\n            IF EXISTS (SELECT 1 FROM events_event AS event\n                WHERE event.id = NEW.event_id AND event.attribution_rule = 'off_record')\n            THEN\n                RAISE EXCEPTION 'This event is off the record: no report of it is published.'\n                    USING ERRCODE = 'check_violation', TABLE = 'events_report',\n                          CONSTRAINT = 'events_report_off_record_is_not_published';\n            END IF;\n            IF EXISTS (SELECT 1 FROM events_point AS point JOIN events_session AS session ON session.id = point.session_id\n                WHERE point.report_id = NEW.id AND session.attribution_rule = 'off_record')\n            THEN\n                RAISE EXCEPTION 'A point was made in a session that is off the record: take it out of the report first.'\n                    USING ERRCODE = 'check_violation', TABLE = 'events_report',\n                          CONSTRAINT = 'events_report_off_record_is_not_published';\n            END IF;\n            RETURN NEW;\n            ",
                    hash="e78ba6b53935352ffb644ffc271ea17142077668",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_off_record_is_not_published_c157d",
                    table="events_report",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="single_voices_are_cleared",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (\n                SELECT 1 FROM events_support AS support JOIN events_point AS point ON point.id = support.point_id\n                WHERE support.grade = 'one_participant' AND support.cleared_by_id IS NULL AND NEW.state = 'published' AND point.report_id = NEW.id\n                AND TRUE) THEN\n                RAISE EXCEPTION 'A point of a single voice needs a second editor''s clearance before it is published.'\n                    USING ERRCODE = 'check_violation', TABLE = 'events_report',\n                          CONSTRAINT = 'events_report_single_voices_are_cleared';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="8f940d21da27a22759afb65eaa234cf264e4ef89",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_single_voices_are_cleared_01e55",
                    table="events_report",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="session",
            trigger=pgtrigger.compiler.Trigger(
                name="announce_off_record",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (NEW.attribution_rule = 'off_record') <> (OLD.attribution_rule = 'off_record') THEN\n                PERFORM events_announce_reports(NEW.event_id, NEW.id);\n            END IF;\n            RETURN NULL;\n        ",
                    hash="3bdc7467a7a318a1e730e86ca02bf82251b69b86",
                    operation='UPDATE OF "attribution_rule"',
                    pgid="pgtrigger_announce_off_record_af7c5",
                    table="events_session",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="groupsize",
            trigger=pgtrigger.compiler.Trigger(
                name="session_is_of_its_event",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."session_id" IS NOT NULL)',
                    func="\n            IF NOT EXISTS (SELECT 1 FROM events_session AS session\n                WHERE session.id = NEW.session_id AND session.event_id = NEW.event_id)\n            THEN\n                RAISE EXCEPTION 'This session is part of another event.'\n                    USING ERRCODE = 'check_violation', TABLE = 'events_groupsize', COLUMN = 'session_id',\n                          CONSTRAINT = 'events_groupsize_session_is_of_its_event';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="4f3aae40488c2bb360600421e629695832efe0c5",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_session_is_of_its_event_1cbe7",
                    table="events_groupsize",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="groupsize",
            trigger=pgtrigger.compiler.Trigger(
                name="announce_what_sizes_hide",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE otherwise INTEGER;",
                    func="\n            IF TG_OP = 'UPDATE' AND NEW.event_id = OLD.event_id AND NEW.session_id IS NOT DISTINCT FROM OLD.session_id\n            THEN\n                \n                SELECT CASE WHEN NEW.session_id IS NULL THEN NULL ELSE (\n                    SELECT size.people FROM events_groupsize AS size\n                    WHERE size.event_id = NEW.event_id AND size.session_id IS NULL) END INTO otherwise;\n                otherwise := COALESCE(otherwise, (SELECT NULLIF(count(*), 0) FROM events_participant AS participant\n                    WHERE participant.event_id = NEW.event_id));\n                IF events_is_too_small(COALESCE(OLD.people, otherwise))\n                   <> events_is_too_small(COALESCE(NEW.people, otherwise))\n                THEN\n                    PERFORM events_announce_reports(NEW.event_id);\n                END IF;\n            \n                RETURN NULL;\n            END IF;\n            IF TG_OP <> 'INSERT' THEN\n                \n                SELECT CASE WHEN OLD.session_id IS NULL THEN NULL ELSE (\n                    SELECT size.people FROM events_groupsize AS size\n                    WHERE size.event_id = OLD.event_id AND size.session_id IS NULL) END INTO otherwise;\n                otherwise := COALESCE(otherwise, (SELECT NULLIF(count(*), 0) FROM events_participant AS participant\n                    WHERE participant.event_id = OLD.event_id));\n                IF events_is_too_small(COALESCE(OLD.people, otherwise))\n                   <> events_is_too_small(COALESCE(NULL, otherwise))\n                THEN\n                    PERFORM events_announce_reports(OLD.event_id);\n                END IF;\n            \n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                \n                SELECT CASE WHEN NEW.session_id IS NULL THEN NULL ELSE (\n                    SELECT size.people FROM events_groupsize AS size\n                    WHERE size.event_id = NEW.event_id AND size.session_id IS NULL) END INTO otherwise;\n                otherwise := COALESCE(otherwise, (SELECT NULLIF(count(*), 0) FROM events_participant AS participant\n                    WHERE participant.event_id = NEW.event_id));\n                IF events_is_too_small(COALESCE(NULL, otherwise))\n                   <> events_is_too_small(COALESCE(NEW.people, otherwise))\n                THEN\n                    PERFORM events_announce_reports(NEW.event_id);\n                END IF;\n            \n            END IF;\n            RETURN NULL;\n        ",
                    hash="e64d0f6cb492c78c89781d0d5f1cf8c0e2678f2d",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_announce_what_sizes_hide_6da36",
                    table="events_groupsize",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rewording",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF OLD.outcome = 'pending' AND (to_jsonb(NEW) - ARRAY['outcome', 'reason', 'decided_at', 'decided_by_id']) = (to_jsonb(OLD) - ARRAY['outcome', 'reason', 'decided_at', 'decided_by_id']) THEN\n                RETURN NEW;\n            END IF;\n            RAISE EXCEPTION 'A rewording is decided once, and otherwise never changed.'\n                USING ERRCODE = 'restrict_violation', TABLE = 'events_rewording';\n        ",
                    hash="d798e388c96bf6c0809c443669e9f9ea8b117831",
                    operation="UPDATE",
                    pgid="pgtrigger_decided_once_dca4e",
                    table="events_rewording",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="support",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_with_its_point",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM events_point AS point WHERE point.id = OLD.point_id) THEN\n                RAISE EXCEPTION 'The support of a point is graded anew, never deleted.'\n                    USING ERRCODE = 'restrict_violation', TABLE = 'events_support';\n            END IF;\n            RETURN OLD;\n        ",
                    hash="e97f61867e2711ae5d1cf82c3008420b20f5480a",
                    operation="DELETE",
                    pgid="pgtrigger_stays_with_its_point_87af0",
                    table="events_support",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="support",
            trigger=pgtrigger.compiler.Trigger(
                name="clearance_is_of_the_words",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.cleared_at IS NOT DISTINCT FROM OLD.cleared_at AND NEW.grade <> OLD.grade THEN\n                NEW.cleared_by_id := NULL;\n                NEW.cleared_at := NULL;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="271a1490aace7206cc3564f4905373c34eb600f2",
                    operation="UPDATE",
                    pgid="pgtrigger_clearance_is_of_the_words_47cda",
                    table="events_support",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="support",
            trigger=pgtrigger.compiler.Trigger(
                name="single_voices_are_cleared",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n            IF EXISTS (\n                SELECT 1 FROM events_support AS support JOIN events_point AS point ON point.id = support.point_id\n                WHERE support.grade = 'one_participant' AND support.cleared_by_id IS NULL AND point.id = NEW.point_id\n                AND EXISTS (SELECT 1 FROM events_report AS report WHERE report.id = point.report_id AND report.state = 'published')) THEN\n                RAISE EXCEPTION 'A point of a single voice needs a second editor''s clearance before it is published.'\n                    USING ERRCODE = 'check_violation', TABLE = 'events_support',\n                          CONSTRAINT = 'events_support_single_voices_are_cleared';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="6e2b87d8505de450f5475ddce79fd77f9f4cc80d",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_single_voices_are_cleared_85923",
                    table="events_support",
                    timing="DEFERRABLE INITIALLY IMMEDIATE",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="support",
            trigger=pgtrigger.compiler.Trigger(
                name="announce_part",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE part RECORD; whole RECORD; side TEXT;",
                    func="\n        FOREACH side IN ARRAY ARRAY['old', 'new'] LOOP\n            CONTINUE WHEN (side = 'old' AND TG_OP = 'INSERT') OR (side = 'new' AND TG_OP = 'DELETE');\n            IF side = 'old' THEN part := OLD; ELSE part := NEW; END IF;\n            SELECT * INTO whole FROM events_report AS publication\n                WHERE publication.id = (SELECT report_id FROM events_point WHERE id = part.point_id) AND publication.state = 'published';\n            IF FOUND THEN\n                \n        PERFORM pg_advisory_xact_lock(hashtext('majlis.changes'));\n        INSERT INTO partnerships_change\n            (kind, public_id, identifier, event, note, version, recorded_at, effective_at, transaction_id)\n        VALUES ('report', whole.public_id, whole.public_id, 'changed', '', whole.version, clock_timestamp(),\n                GREATEST(clock_timestamp(), whole.embargo_until), txid_current())\n        ON CONFLICT DO NOTHING;\n    \n            END IF;\n        END LOOP;\n        RETURN NULL;\n    ",
                    hash="70188921563681c3a25cb4f0a07059a4efd46db5",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_announce_part_29d27",
                    table="events_support",
                    when="AFTER",
                ),
            ),
        ),
        *POLICIES,
        OFF_RECORD_IS_NOT_ANNOUNCED,
    ]
