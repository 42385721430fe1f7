"""What the role that serves the public can read: one decision for every table of the schema."""

import datetime as dt
import re

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Model
from django.db.utils import ProgrammingError
from django.utils import timezone
from pghistory.models import Event as VersionOfARow

from config.site.search import SEARCHED_KINDS
from events.models import AttributionRule, Disclosure, Event, PublishedDocument, Session
from publishing.models.change import Change
from publishing.publication import Publication, PublicationState
from publishing.reader.audience import reading_as_the_public
from publishing.reader.public_rows import Private, PublicRows, declared_by, public_models
from publishing.reader.public_rows_table import table
from publishing.reader.row_policies import READ_WHOLE
from tests import factories
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SEARCH_PARTITIONS = {f"publishing_searchtext_{kind}" for kind in SEARCHED_KINDS}

REFUSED = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "auth_user",
    "auth_user_groups",
    "auth_user_user_permissions",
    "django_admin_log",
    "django_content_type",
    "django_session",
    "events_consent",
    "events_disclosure",
    "events_document",
    "events_eventversion",
    "events_groupsize",
    "events_namerefusal",
    "events_participant",
    "events_publicname",
    "events_reportversion",
    "events_rewording",
    "events_seriesversion",
    "events_viewing",
    "partnerships_actorversion",
    "partnerships_archivedcontent",
    "partnerships_archivedcopy",
    "publishing_changeorder",
    "publishing_lastwrite",
    "publishing_moment",
    "publishing_searchtext",
    *SEARCH_PARTITIONS,
    "publishing_searchword",
    "partnerships_claimversion",
    "partnerships_origindecision",
    "partnerships_partnershipversion",
    "publishing_sentform",
    "partnerships_sourceversion",
    "partnerships_topicversion",
    "pghistory_context",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
    "recommendations_digest",
    "recommendations_digestchoice",
    "recommendations_internalnote",
    "recommendations_letter",
    "recommendations_recommendationversion",
    "recommendations_reference",
    "recommendations_snooze",
    "recommendations_submission",
}
"""Tables on which the reader has no privilege at all."""

PUBLICATIONS = {
    "events_event",
    "events_report",
    "events_series",
    "partnerships_actor",
    "partnerships_claim",
    "partnerships_partnership",
    "partnerships_source",
    "partnerships_topic",
    "recommendations_recommendation",
}

PARTS = {
    "events_event_partnerships",
    "events_event_topics",
    "events_organiser",
    "events_point",
    "events_point_topics",
    "events_publishedcontent",
    "events_publisheddocument",
    "events_series_convenors",
    "events_session",
    "events_support",
    "partnerships_citation",
    "partnerships_claim_partnerships",
    "partnerships_claim_topics",
    "partnerships_claimlink",
    "partnerships_claimsubject",
    "partnerships_cooperation",
    "partnerships_instrument",
    "partnerships_instrumentaction",
    "partnerships_instrumentobligation",
    "partnerships_membership",
    "partnerships_officialposition",
    "partnerships_partnership_topics",
    "partnerships_partnershiplink",
    "partnerships_party",
    "partnerships_resolution",
    "partnerships_review",
    "recommendations_addressee",
    "recommendations_confirmation",
    "recommendations_evidence",
    "recommendations_fulfilment",
    "recommendations_objective",
    "recommendations_recommendation_partnerships",
    "recommendations_recommendation_topics",
    "recommendations_recommendationlink",
    "recommendations_response",
    "recommendations_statusentry",
}
"""Tables whose rows are seen with their wholes."""

DERIVED = {"events_disclosedparticipant", "partnerships_currentverification", "recommendations_currentstatus"}
"""Parts that say nothing of their own: triggers write them from other parts, which announce the whole."""

FEED = {"publishing_change"}

SHOWN = PUBLICATIONS | PARTS | DERIVED
"""All that shows rows of what is published."""

assert set(READ_WHOLE) == {"django_migrations"}, "what is open to all, row by row, is decided here as well"

MODELS = [model for model in apps.get_models() if issubclass(model, Publication)]

OURS = ("publishing", "partnerships", "events", "recommendations")
DECIDING = [
    model
    for model in apps.get_models()
    if model._meta.app_label in OURS and model._meta.managed and not issubclass(model, VersionOfARow)
]
"""Models that have to say what of them is public: all but the versions, whose tables are the desk's, as pghistory makes them."""


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        row = cursor.fetchone()
    return int(row[0])


OF_WHAT_IS_HIDDEN = {"ResolutionFactory": {"claim__embargo_until": timezone.now() + dt.timedelta(days=1)}}
"""What cannot hang on a draft hangs on what is under an embargo."""


def draft_of_everything() -> None:
    """At least one row in every table of the three apps, all of it hanging on drafts or under an embargo."""
    actor, topic, partnership = (
        factories.ActorFactory(),
        factories.TopicFactory(),
        factories.PartnershipFactory(),
    )
    partnership.topics.add(topic)
    claim = factories.ClaimFactory()
    claim.topics.add(topic)
    claim.partnerships.add(partnership)
    series = factories.SeriesFactory()
    series.convenors.add(actor)
    event = factories.EventFactory()
    event.topics.add(topic)
    event.partnerships.add(partnership)
    point = factories.PointFactory()
    point.topics.add(topic)
    recommendation = factories.RecommendationFactory()
    recommendation.topics.add(topic)
    recommendation.partnerships.add(partnership)
    for name in factories.__all__:
        if name.endswith("Factory") and name != "UserFactory":
            getattr(factories, name)(**OF_WHAT_IS_HIDDEN.get(name, {}))


def publish_everything() -> None:
    reviewer = UserFactory()
    for model in MODELS:
        model._default_manager.filter(state=PublicationState.DRAFT).update(
            state=PublicationState.PUBLISHED, reviewer=reviewer, published_at=timezone.now() - dt.timedelta(minutes=1)
        )


def lift_embargoes() -> None:
    for model in MODELS:
        model._default_manager.filter(embargo_until__isnull=False).update(embargo_until=None)


def test_every_table_and_view_has_a_decision() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm', 'f')"
        )
        found = dict(cursor.fetchall())
    assert {
        name for name, kind in found.items() if kind in "rp"
    } == REFUSED | PUBLICATIONS | PARTS | DERIVED | FEED | READ_WHOLE
    assert set(found.values()) == {"r", "p"}, (
        "a view reads with its owner's rights, and its plan tells what it passes over"
    )


@pytest.mark.parametrize("model", DECIDING, ids=lambda model: model._meta.label)
def test_model_declares_what_of_it_is_public(model: type[Model]) -> None:
    """Itself, or as the publication that it is; and what it declares is what is decided here."""
    declares = [one for one in model.__mro__ if "public_rows" in vars(one)]
    assert declares, "declare `public_rows`: publishing/reader/public_rows.py"
    assert declares[0] is model or declares[0] is Publication
    table = model._meta.db_table
    assert isinstance(declared := vars(declares[0])["public_rows"], PublicRows | Private)
    assert isinstance(declared, PublicRows) == (table in SHOWN | FEED)


def test_document_tells_of_every_table() -> None:
    assert set(re.findall(r"`(\w+)`", table())) == (REFUSED - SEARCH_PARTITIONS) | SHOWN | FEED | READ_WHOLE


@pytest.mark.parametrize("table", sorted(PARTS))
def test_public_part_announces_its_whole(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname ~ 'announce' AND tgenabled <> 'D'",
            [table],
        )
        (announcements,) = cursor.fetchone()
    assert announcements > 0


@pytest.mark.parametrize("table", sorted(REFUSED))
def test_reader_has_no_privilege_on_a_confidential_table(table: str) -> None:
    with reading_as_the_public():
        with pytest.raises(ProgrammingError, match=f"permission denied for table {table}"), transaction.atomic():
            count(table)
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_any_column_privilege(%s, 'SELECT')", [table])
            assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("table", sorted(SHOWN | FEED | READ_WHOLE))
def test_reader_writes_nothing(table: str) -> None:
    with connection.cursor() as cursor:
        for privilege in ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
            cursor.execute("SELECT has_table_privilege('majlis_reader', %s, %s)", [table, privilege])
            assert cursor.fetchone() == (False,), privilege


def test_reader_sees_no_row_of_a_draft_and_every_row_of_what_is_published() -> None:
    draft_of_everything()
    owned = {table: count(table) for table in PUBLICATIONS | PARTS | DERIVED}
    assert owned.pop("events_disclosedparticipant") == 0, "of a draft, nobody is disclosed"
    assert all(owned.values()), "a table without a row proves nothing"
    disclosed = Disclosure.objects.count()
    assert disclosed
    with reading_as_the_public():
        assert {table: count(table) for table in SHOWN | FEED} == dict.fromkeys(SHOWN | FEED, 0)
    publish_everything()
    lift_embargoes()
    with reading_as_the_public():
        assert {table: count(table) for table in SHOWN} == {**owned, "events_disclosedparticipant": disclosed}


def test_reader_sees_nothing_under_an_embargo() -> None:
    draft_of_everything()
    tomorrow = timezone.now() + dt.timedelta(days=1)
    for model in MODELS:
        model._default_manager.update(embargo_until=tomorrow)
    publish_everything()
    with reading_as_the_public():
        assert {table: count(table) for table in SHOWN | FEED} == dict.fromkeys(SHOWN | FEED, 0)


def test_reader_sees_nothing_of_what_is_withdrawn_but_the_line_that_says_so() -> None:
    draft_of_everything()
    publish_everything()
    lift_embargoes()
    for model in MODELS:
        model._default_manager.update(
            state=PublicationState.WITHDRAWN, withdrawn_at=timezone.now(), withdrawal_note="It was wrong."
        )
    with reading_as_the_public():
        assert {table: count(table) for table in SHOWN} == dict.fromkeys(SHOWN, 0)
        assert set(Change.objects.filter(event=Change.Event.WITHDRAWN).values_list("note", flat=True)) == {
            "It was wrong."
        }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_row_policy_and_queryset_agree(model: type[Publication]) -> None:
    draft_of_everything()
    publish_everything()
    draft_of_everything()
    visible = set(model._default_manager.visible_to(AnonymousUser()).values_list("pk", flat=True))
    assert 0 < len(visible) < model._default_manager.count()
    with reading_as_the_public():
        assert set(model._default_manager.values_list("pk", flat=True)) == visible


def hide_every_other_draft(first: int) -> None:
    """The `first`, of two, and every other after it: under an embargo from when it is published."""
    tomorrow = timezone.now() + dt.timedelta(days=1)
    for model in MODELS:
        drafts = model._default_manager.filter(state=PublicationState.DRAFT).order_by("pk").values_list("pk", flat=True)
        model._default_manager.filter(pk__in=list(drafts)[first::2]).update(embargo_until=tomorrow)


def some_of_everything_is_public() -> None:
    """Rows of every public model, some of them public and some not, for each reason that a model declares."""
    draft_of_everything()
    publish_everything()
    lift_embargoes()
    for first in range(2):
        draft_of_everything()
        hide_every_other_draft(first)
        publish_everything()
    draft_of_everything()
    on_record, off_record = (
        factories.EventFactory(published=True, attribution_rule=AttributionRule.ON_RECORD) for _ in range(2)
    )
    for event in (on_record, off_record):
        factories.PublishedDocumentFactory(event=event)
        report = factories.ReportFactory(event=event, published=True)
        sessions = [factories.SessionFactory(event=event) for _ in range(2)]
        for session in (None, *sessions):
            factories.PointFactory(report=report, session=session)
        Session.objects.filter(pk=sessions[0].pk).update(attribution_rule=AttributionRule.OFF_RECORD)
    Event.objects.filter(pk=off_record.pk).update(attribution_rule=AttributionRule.OFF_RECORD, version_note="A rule.")
    small = factories.GroupSizeFactory(event=factories.EventFactory(published=True), people=2).event
    factories.PointFactory(report=factories.ReportFactory(event=small, published=True))
    withdrawn = factories.PublishedDocumentFactory(event=on_record)
    PublishedDocument.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now(), withdrawal_note="An error.")


def test_row_policies_and_declarations_agree_on_every_table() -> None:
    some_of_everything_is_public()
    now = timezone.now()
    declared, owned = {}, {}
    for model in public_models():
        rows = model._default_manager.filter(declared_by(model).condition(model, at=now))
        declared[model._meta.label] = set(rows.values_list("pk", flat=True))
        owned[model._meta.label] = model._default_manager.count()
    with reading_as_the_public():
        seen = {
            model._meta.label: set(model._default_manager.values_list("pk", flat=True)) for model in public_models()
        }
    assert declared == seen
    assert all(seen.values()), "a table of which nothing is seen proves nothing"
    all_seen = [label for label, rows in seen.items() if len(rows) == owned[label]]
    assert all_seen == ["events.DisclosedParticipant"], "its triggers keep rows of public events alone"
