"""The support of a point is shown only for groups that are large enough."""

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection, transaction
from django.db.models import Count
from django.db.utils import ProgrammingError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.knowledge.exporter import export
from events.minimum_group_size import check_smallest_group
from events.models import GroupSize, Point, Support
from publishing.desk.addresses import add_address, change_address, list_address
from publishing.reader.audience import reading_as_the_public
from tests.factories import (
    EventFactory,
    GroupSizeFactory,
    ParticipantFactory,
    PointFactory,
    RecommendationFactory,
    ReportFactory,
    SessionFactory,
    SupportFactory,
    UserFactory,
)
from tests.support.cast import Person
from tests.support.desk import Page
from tests.support.published import API, get, listed
from tests.support.refusal import refused

pytestmark = pytest.mark.django_db

HIDDEN = "unless the group was too small to say"
GRADES = [grade for grade in Point.Support.values if grade != Point.Support.ONE_PARTICIPANT]


def public(**of_point: Any) -> Any:
    """A point of a public report."""
    return PointFactory(report__published=True, **of_point)


def seen_by_the_reader(point: Point) -> str | None:
    with reading_as_the_public():
        row: Any = Point.objects.get(pk=point.pk)
        return str(row.support) if row.support is not None else None


# One row per point


def test_every_point_has_its_support_from_the_beginning() -> None:
    point = PointFactory()
    support = Support.objects.get()
    assert (support.point, support.grade, support.cleared_by) == (point, "narrative", None)
    bulk = Point(report=point.report, position=90, kind="call", text_en="In bulk.")
    Point.objects.bulk_create([bulk])
    assert Support.objects.get(pk=bulk.pk).grade == "narrative"


def test_support_reads_and_writes_like_a_column() -> None:
    made: Any = Point
    point = made(report=ReportFactory(), position=1, kind="call", text_en="Said.", support="broad")
    assert (point.support, Point().support) == ("broad", "narrative")
    point.save()
    assert Point.objects.get().support == "broad"
    point.support = "argued"
    assert Point.objects.get().support == "broad"
    point.save()
    assert (Point.objects.get().support, Point.objects.get().get_support_display()) == ("argued", "Argued")
    Support.objects.update(grade="consensus")
    point.refresh_from_db()
    assert point.support == "consensus"


def test_saving_a_point_whose_support_was_not_touched_leaves_it_alone() -> None:
    point = PointFactory(support="broad")
    Support.objects.update(grade="argued")
    point.position = 50
    point.save()
    assert Point.objects.get().support == "argued"


@pytest.mark.parametrize("number", [1, 3])
def test_support_is_read_with_the_points(number: int, django_assert_num_queries: Any) -> None:
    PointFactory.create_batch(number, report__published=True)
    for points in (Point.objects.with_support(), Point.objects.visible_to(AnonymousUser())):
        with django_assert_num_queries(1):
            assert [point.support for point in points] == ["narrative"] * number


def test_support_is_not_deleted_while_its_point_lives() -> None:
    point = PointFactory()
    with refused(None, saying="graded anew, never deleted"):
        Support.objects.all().delete()
    point.report.delete()
    assert not Support.objects.exists()


def test_support_that_somebody_may_not_see_is_not_written_by_them() -> None:
    point = public(support="broad")
    GroupSizeFactory(event=point.report.event, people=1)
    (hidden,) = Point.objects.visible_to(AnonymousUser())
    with pytest.raises(ValueError, match="does not change it"):
        hidden.support = "argued"
    hidden.save()
    assert Point.objects.get().support == "broad"


def test_grading_anew_takes_the_clearance() -> None:
    point = PointFactory(support="one_participant", cleared_by=UserFactory(), cleared_at=timezone.now())
    Support.objects.update(grade="argued")
    Support.objects.update(grade="one_participant")
    point.refresh_from_db()
    assert (point.cleared_by, point.cleared_at) == (None, None)


# Who sees what: for every size, the row policy, the querysets, the API and the pages say the same

SHAPES = list(itertools.product([None, 4, 5], [None, 4, 5], [0, 4, 5]))
"""Size of the event, size of the session, and number of participants who were recorded."""

SIZES = {1: SHAPES, 5: SHAPES, 6: [(None, None, 5), (5, None, 0), (12, 6, 0), (12, 5, 30)]}
"""The shapes of groups that are tried, by the smallest group whose support is told."""


def is_hidden(size: int | None, participants: int, k: int) -> bool:
    """The rule as the decision record gives it, once more."""
    people = size if size is not None else participants or None
    return people is not None and people < k


@dataclass
class Room:
    """A public event with a point of its own and one of its session, each quoted by a recommendation; and what is hidden."""

    event: Any
    points: dict[str, Any]
    references: dict[str, str]
    hidden: dict[str, bool]

    @property
    def shown(self) -> dict[str, str | None]:
        """By the public identifier of the point, the support that the public reads."""
        return {point.public_id: None if self.hidden[name] else point.support for name, point in self.points.items()}


def room(number: int, of_event: int | None, of_session: int | None, participants: int, k: int) -> Room:
    report: Any = ReportFactory(published=True)
    event, session = report.event, SessionFactory(event=report.event)
    points: dict[str, Any] = {
        "event": PointFactory(report=report, support="consensus", position=1, text="At the event."),
        "session": PointFactory(report=report, support="broad", position=2, session=session, text="At the session."),
    }
    references = {"event": f"R-2025-{number:03}", "session": f"R-2026-{number:03}"}
    for name, point in points.items():
        RecommendationFactory(published=True, event=event, point=point, reference=references[name])
    for people, of in ((of_event, None), (of_session, session)):
        if people is not None:
            GroupSizeFactory(event=event, session=of, people=people)
    ParticipantFactory.create_batch(participants, event=event)
    hidden = {
        "event": is_hidden(of_event, participants, k),
        "session": is_hidden(of_session if of_session is not None else of_event, participants, k),
    }
    return Room(event, points, references, hidden)


@pytest.mark.long
@pytest.mark.parametrize("k", SIZES)
def test_reader_querysets_api_and_pages_agree(k: int, client: Client, editor: User) -> None:
    """All shapes of groups stand beside each other, so that none takes its size from another one."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION events_smallest_group() RETURNS INTEGER LANGUAGE sql STABLE AS 'SELECT {k}'"
        )
    rooms = {shape: room(number, *shape, k) for number, shape in enumerate(SIZES[k], 1)}
    shown = {identifier: support for one in rooms.values() for identifier, support in one.shown.items()}
    assert len(shown) == 2 * len(rooms)

    visitor = AnonymousUser()
    for shape, one in rooms.items():
        assert {point.public_id: seen_by_the_reader(point) for point in one.points.values()} == one.shown, shape
    assert {point.public_id: point.support for point in Point.objects.visible_to(visitor)} == shown
    with reading_as_the_public():
        graded = set(Support.objects.values_list("pk", flat=True))
    assert set(Support.objects.visible_to(visitor).values_list("pk", flat=True)) == graded

    in_api = {thing["public_id"]: thing["support"] for thing in get("points/", page_size=200)["results"]}
    assert in_api == shown
    for grade in Point.Support.values:
        found = listed("points/", "public_id", support=grade, page_size=200)
        assert sorted(found) == sorted(identifier for identifier, support in shown.items() if support == grade)
    quoting = get("recommendations/", page_size=200)["results"]
    assert {thing["point"]["public_id"]: thing["point"]["support"] for thing in quoting} == in_api

    for shape, one in rooms.items():
        page = client.get(one.event.get_absolute_url()).content.decode()
        grades = ("#support-consensus" in page, "#support-broad" in page)
        assert grades == (not one.hidden["event"], not one.hidden["session"]), shape
        assert (HIDDEN in page) is any(one.hidden.values()), shape
        for name, reference in one.references.items():
            quotation = client.get(f"/recommendations/{reference}/").content.decode()
            assert ("#support-" in quotation) is not one.hidden[name], shape
            assert ("too small to say how widely this was supported" in quotation) is one.hidden[name], shape

        desk = {
            point.position: (point.support, point.group_is_too_small)
            for point in Point.objects.visible_to(editor).filter(report__event=one.event)
        }
        assert desk == {1: ("consensus", one.hidden["event"]), 2: ("broad", one.hidden["session"])}, shape


def test_pages_of_small_and_unrecorded_groups_differ_in_nothing_but_the_support(client: Client) -> None:
    """Nor does any order: points stand as the report lists them, whatever their grades."""
    report = ReportFactory(published=True)
    GroupSizeFactory(event=report.event, people=2)
    points = [PointFactory(report=report, kind="caveat", text=f"Point {n}.", position=n) for n in range(4)]

    def shown() -> str:
        return client.get(report.event.get_absolute_url()).content.decode()

    pages, answers = set(), set()
    for grades in itertools.islice(itertools.permutations(GRADES, 4), 0, 120, 17):
        with transaction.atomic():
            for point, grade in zip(points, grades, strict=True):
                SupportFactory(point=point, grade=grade)
            pages.add(shown())
            answers.add(str([{**thing, "text": ""} for thing in get("points/")["results"]]))
            transaction.set_rollback(True)
    assert (len(pages), len(answers)) == (1, 1)
    assert "one_participant" not in pages.pop()


@pytest.mark.django_db
@pytest.mark.parametrize(("because", "shown"), [("asked", "broad"), ("mistake", None)])
def test_who_was_entered_by_mistake_is_not_counted(because: str, shown: str | None) -> None:
    point = public(support="broad")
    ParticipantFactory.create_batch(4, event=point.report.event)
    ParticipantFactory(event=point.report.event, erased=True, erased_because=because)
    assert seen_by_the_reader(point) == shown


def test_point_without_a_published_event_tells_nothing_of_its_group() -> None:
    draft, public_point = PointFactory(), public()
    with reading_as_the_public(), connection.cursor() as cursor:
        for point, answer in ((draft, False), (public_point, True)):
            cursor.execute("SELECT events_support_is_shown(%s)", [point.pk])
            assert cursor.fetchone() == (answer,)
        cursor.execute("SELECT events_support_is_shown(-1)")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT people FROM events_groupsize",
        "SELECT count(*) FROM events_participant",
        "SELECT events_size_of_group(1, NULL)",
        "SELECT events_group_is_too_small(1, NULL)",
        "SELECT events_is_too_small(3)",
        "SELECT events_smallest_group()",
        "SELECT events_announce_reports(1)",
        "SELECT events_announce_off_record(1, TRUE)",
        "SELECT text_en FROM events_rewording",
    ],
)
def test_reader_asks_for_no_size(asked: str) -> None:
    with (
        reading_as_the_public(),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(asked)


def test_reader_deduces_a_single_voice_from_no_other_column() -> None:
    point = public(support="one_participant", cleared_by=UserFactory(), cleared_at=timezone.now())
    GroupSizeFactory(event=point.report.event, people=2)
    with reading_as_the_public(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM events_support")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT to_jsonb(point) FROM events_point AS point")
        (row,) = cursor.fetchone()
    assert "one_participant" not in row
    assert "cleared" not in row


def test_planted_search_path_does_not_lead_the_function_astray() -> None:
    """It runs with the owner's rights: what it calls is looked up where nobody else may write."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig, prosecdef FROM pg_proc WHERE proname = 'events_support_is_shown'")
        assert cursor.fetchone() == (["search_path=pg_catalog, public, pg_temp"], True)


# The desk


def test_desk_reads_the_grade_and_that_the_public_does_not(editor: User, client_of: Callable[[Person], Client]) -> None:
    point = public(support="consensus")
    GroupSizeFactory(event=point.report.event, people=4)
    page = client_of(editor).get(point.report.event.get_absolute_url()).content.decode()
    assert "#support-consensus" in page
    assert "hidden from the public: fewer than 5 people" in page


def test_public_export_withholds_what_is_hidden(administrator: User) -> None:
    event = EventFactory(published=True, slug="small")
    report = ReportFactory(published=True, event=event, key="r")
    PointFactory(report=report, key="p", support="one_participant", cleared_by=administrator, cleared_at=timezone.now())
    GroupSizeFactory(event=event, people=2)
    (text,) = export(at=timezone.now())
    assert "support: withheld" in text
    assert "one_participant" not in text
    assert "cleared" not in text
    assert "support: one_participant" in export(at=timezone.now(), drafts=True)[0]


def test_size_is_recorded_at_the_desk_and_the_log_keeps_no_number(desk: Callable[..., Page], convenor: User) -> None:
    event, other = EventFactory(name="A small room"), SessionFactory()
    own = SessionFactory(event=event, name="Opening")
    panels = {str(panel.title): panel for panel in desk(convenor, event).response.context["panels"]}
    panel = panels["Size of the group"]
    assert [str(tool.label) for tool in panel.tools] == ["Sizes recorded", "Record a size"]
    page = desk(convenor, panel.tools[1].url)
    sessions = page.response.context["adminform"].form.fields["session"].queryset
    assert (own in sessions, other in sessions) == (True, False)
    assert page.send(people="0").errors == {"people": ["Ensure this value is greater than or equal to 1."]}
    assert page.send(people="4317", session=str(own.pk)).errors == {}
    assert page.send(people="4318").errors == {}
    twice = desk(convenor, GroupSize, event=event.pk).send(session=str(own.pk), people="9")
    assert twice.errors == {"session": ["The size of this group is recorded already: change it there."]}
    entries = LogEntry.objects.order_by("pk").values_list("object_repr", "change_message")
    (size,) = GroupSize.objects.all()
    assert list(entries) == [(f"#{size.pk}", '[{"added": {}}]'), (f"#{size.pk}", '[{"changed": {}}]')]


@pytest.mark.parametrize("name", ["editor", "reviewer", "administrator", "superuser"])
def test_sizes_are_not_for_everybody_at_the_desk(
    name: str, request: pytest.FixtureRequest, client_of: Callable[[Person], Client]
) -> None:
    size = GroupSizeFactory()
    client = client_of(request.getfixturevalue(name))
    pages = [
        list_address(GroupSize),
        add_address(GroupSize),
        change_address(size),
        reverse("admin:events_groupsize_history", args=[size.pk]),
        reverse("admin:events_groupsize_delete", args=[size.pk]),
    ]
    assert {client.get(page).status_code for page in pages} == {403}


def test_desk_sees_in_lists_and_forms_what_is_hidden(
    desk: Callable[..., Page], client_of: Callable[[Person], Client], editor: User
) -> None:
    remark = "hidden from the public: fewer than 5 people"
    point = PointFactory(support="broad")
    pages = [list_address(Point), change_address(point), change_address(point.report)]
    client = client_of(editor)
    assert [remark in client.get(page).content.decode().lower() for page in pages] == [False] * 3
    GroupSizeFactory(event=point.report.event, people=4)
    assert [remark in client.get(page).content.decode().lower() for page in pages] == [True] * 3


@pytest.mark.parametrize("of_report", [False, True])
def test_support_that_another_graded_meanwhile_is_not_overwritten(
    of_report: bool, desk: Callable[..., Page], editor: User
) -> None:
    point = PointFactory(support="broad")
    page = desk(editor, point.report if of_report else point)
    Support.objects.update(grade="argued")
    page.send()
    assert "was changed since you opened it" in str(page.errors)
    assert Support.objects.get().grade == "argued"


@pytest.mark.parametrize("number", [1, 3])
def test_lists_of_points_at_the_desk_ask_as_often_for_three(
    number: int, client_of: Callable[[Person], Client], editor: User
) -> None:
    report = ReportFactory()
    PointFactory.create_batch(number, report=report)
    client = client_of(editor)
    asked = []
    for page in (list_address(Point), change_address(report)):
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        asked.append(sum("events_support" in query["sql"] and "SELECT" in query["sql"] for query in queries))
    assert asked == [1, 3]


# Sizes


def test_session_whose_size_is_recorded_is_one_of_the_event() -> None:
    with refused("events_groupsize_session_is_of_its_event", saying="part of another event"):
        GroupSizeFactory(session=SessionFactory())


def test_size_is_opaque_in_a_text() -> None:
    size = GroupSizeFactory(people=7, event__name="A small room")
    assert str(size) == f"#{size.pk}"


def test_check_asks_no_database_that_it_was_not_given() -> None:
    assert check_smallest_group(databases=None) == []


def test_number_of_points_is_the_same_whoever_counts() -> None:
    point = public(support="consensus")
    GroupSizeFactory(event=point.report.event, people=1)
    with reading_as_the_public():
        assert Point.objects.count() == 1
        counted: Any = Point.objects.values_list("graded__grade").annotate(n=Count("pk"))
        assert list(counted) == [(None, 1)]
    assert get(f"points/{point.public_id}/")["support"] is None
    assert Client().get(f"{API}points/", {"support": "nonsense"}).status_code == 400


def test_embargo_on_the_report_hides_its_support_too() -> None:
    point = public(report__embargo_until=timezone.now() + dt.timedelta(days=1))
    with reading_as_the_public(), connection.cursor() as cursor:
        cursor.execute("SELECT events_support_is_shown(%s)", [point.pk])
        assert cursor.fetchone() == (False,)
