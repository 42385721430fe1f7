"""Imports: all or nothing, only once, and as the act of a person."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.knowledge.description import SECTION_MODELS
from events.models import Event, Point, PublicName, Support
from partnerships.models import (
    Actor,
    Claim,
    Instrument,
    InstrumentAction,
    Membership,
    OfficialPosition,
    Partnership,
    Party,
    Review,
    Source,
)
from publishing.models.change import Change
from recommendations.models import Addressee, Objective, Recommendation, StatusEntry
from tests.config.knowledge.conftest import EVERYTHING, Import, Write, command, everything_again
from tests.factories import (
    ActorFactory,
    ClaimFactory,
    ParticipantFactory,
    PartyFactory,
    PointFactory,
    ReportFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.long

# mypy takes the manager of a publication for one of the abstract model.
actors: Any = Actor.objects
sources: Any = Source.objects
partnerships: Any = Partnership.objects
points: Any = Point.objects
instruments: Any = Instrument.objects

QATAR = """
format: 1
actors:
  - {slug: qatar, kind: state, name: Qatar, state: published}
"""


def publications() -> int:
    return sum(model._default_manager.count() for model in SECTION_MODELS.values())


# What an import writes


def test_import_writes_every_key_of_the_format(run: Import, administrator: User) -> None:
    said = run(EVERYTHING)

    assert said == ("Imported: 16 created, 16 published, from 1 file.\n", "", False)
    qatar = actors.get(slug="qatar")
    assert (qatar.name_en, qatar.name_tr, qatar.name_ar, qatar.iso_code) == ("Qatar", "Katar", "قطر", "QA")
    membership = Membership.objects.get()
    assert (membership.bloc.slug, membership.member.slug, membership.since) == ("gcc", "navy", dt.date(1981, 5, 25))
    assert membership.citations.get().source.key == "analysis"
    source = sources.get()
    assert (source.publisher, source.date, source.date_latest) == (qatar, "2025-09", dt.date(2025, 9, 30))
    partnership = partnerships.get(slug="turkiye-qatar")
    assert partnership.summary_en == "Two paragraphs.\n\nThe second one."
    assert {(party.actor.slug, party.role) for party in partnership.parties.all()} == {
        ("turkiye", "party"),
        ("qatar", "facilitator"),
    }
    assert partnership.links.get().target.slug == "qatar-alone"
    instrument = instruments.get()
    assert (instrument.binding, instrument.partnership, instrument.promoted_from.key) == (
        "no",
        partnership,
        "pact-exists",
    )
    assert {part.obligation for part in instrument.obligations.all()} == {"consultation", "defence"}
    assert [(action.type, action.date) for action in instrument.actions.all()] == [
        ("negotiation_opened", "2025-08"),
        ("signed", "2025-09"),
    ]
    assert instrument.citations.get().grade == "B2"
    claim = Claim.objects.get(key="pact-exists")
    assert (claim.quantity_min, str(claim.quantity_max), claim.unit, claim.valid_earliest) == (
        650,
        "700.50",
        "military personnel",
        claim.valid_earliest,
    )
    assert [(review.status, review.by) for review in claim.reviews.all()] == [
        ("unverified", administrator),
        ("officially_confirmed", administrator),
    ]
    assert claim.reviews.first().decided_at == dt.datetime(2025, 10, 1, 7, tzinfo=dt.UTC)
    assert {(word.government.slug, word.position) for word in claim.positions.all()} == {
        ("qatar", "silent"),
        ("turkiye", "denied"),
    }
    event = Event.objects.get()
    assert (event.edition, event.start_time, event.place_tr) == (1, dt.time(9, 30), "Doha")
    assert [(session.position, session.name_en) for session in event.sessions.all()] == [(1, "Opening"), (2, "Closing")]
    said_points = list(points.order_by("position"))
    assert [(point.key, point.cleared_by) for point in said_points] == [("unity", None), ("doubt", administrator)]
    assert said_points[1].qualifies == said_points[0]
    assert said_points[0].session.position == 2
    whole, part = Recommendation.objects.order_by("reference")
    assert (whole.point, part.parent) == (said_points[0], whole)
    assert [objective.text_tr for objective in whole.objectives.all()] == [None, "İş birliği"]
    addressee = whole.addressees.get(actor=qatar)
    assert [answer.kind for answer in addressee.responses.all()] == ["awaiting", "rejected"]
    first, second = addressee.entries.all()
    assert (first.on_behalf_of, first.evidence.get().locator, second.successor) == (qatar, "p. 2", part)
    assert {fulfilment.what for fulfilment in whole.fulfilments.all()} == {event.series, instrument}


def test_import_is_published_as_the_act_of_the_person_who_runs_it(run: Import, administrator: User) -> None:
    run(QATAR)

    qatar = actors.get()
    author = User.objects.get(username="knowledge-import")
    assert (qatar.state, qatar.reviewer, qatar.author) == ("published", administrator, author)
    assert (author.is_active, author.has_usable_password(), author.is_staff) == (False, False, False)


def test_import_leaves_what_is_not_marked_a_draft(run: Import) -> None:
    said = run("{format: 1, actors: [{slug: qatar, kind: state, name: Qatar}]}")

    assert said.out == "Imported: 1 created, from 1 file.\n"
    assert actors.get().state == "draft"


def test_second_import_changes_nothing_and_says_so(run: Import) -> None:
    run(EVERYTHING)
    changes, versions = Change.objects.count(), actors.get(slug="qatar").versions.count()

    said = run(EVERYTHING)

    assert said == ("Nothing changed: everything in 1 file is there already (16 publications).\n", "", False)
    assert Change.objects.count() == changes
    assert actors.get(slug="qatar").versions.count() == versions
    assert (Review.objects.count(), StatusEntry.objects.count(), InstrumentAction.objects.count()) == (2, 2, 2)


def test_second_import_needs_nobody(run: Import) -> None:
    run(QATAR)
    User.objects.update(is_active=False)

    assert run(QATAR).out == "Nothing changed: everything in 1 file is there already (1 publication).\n"


def test_records_without_a_day_are_appended_once(run: Import) -> None:
    text = """
        format: 1
        claims:
          - key: a
            kind: presence
            statement: It is.
            reviews: [{status: unverified, reason: One source.}]
        """
    run(text)
    Review.objects.get()

    assert run(text).out.startswith("Nothing changed")


def test_several_files_are_read_as_one_set(run: Import) -> None:
    said = run(
        "{format: 1, actors: [{slug: navy, kind: armed_force, name: Navy, parent: qatar, state: published}]}", QATAR
    )

    assert said.out == "Imported: 2 created, 2 published, from 2 files.\n"
    assert actors.get(slug="navy").parent.slug == "qatar"


def test_references_reach_what_is_only_in_the_database(run: Import) -> None:
    ActorFactory(slug="qatar", published=True)
    source = SourceFactory(published=True)

    run(
        f"""
        format: 1
        claims:
          - key: a
            kind: presence
            statement: It is.
            perspective: qatar
            citations: [{{source: {source.public_id}, independence_group: a}}]
            state: published
        """
    )

    assert Claim.objects.get().citations.get().source == source


def test_things_that_name_each_other_are_published_together(run: Import) -> None:
    said = run(
        """
        format: 1
        partnerships:
          - {slug: a, name: A, form: defence, status: active, links: [{type: complements, target: b}], state: published}
          - {slug: b, name: B, form: defence, status: active, links: [{type: complements, target: a}], state: published}
        """
    )

    assert said.out == "Imported: 2 created, 2 published, from 1 file.\n"
    assert set(partnerships.values_list("state", flat=True)) == {"published"}


def test_new_things_come_before_the_public_ones_that_name_them(run: Import) -> None:
    run(EVERYTHING)
    text = EVERYTHING.replace(
        "  - {slug: turkiye, kind",
        "  - {slug: oman, kind: state, name: Oman, state: published}\n  - {slug: turkiye, kind",
    )
    text = text.replace("{actor: qatar, role: facilitator}", "{actor: oman, role: observer}")
    text = text.replace("perspective: qatar", "perspective: oman")
    text = text.replace("asserted_by: qatar", "asserted_by: turkiye")

    said = run(text)

    assert said.lines == [
        "~ partnership “turkiye-qatar”",
        "    - parties “qatar”",
        "    + parties “oman”",
        "~ claim “pact-exists”",
        "    ~ perspective: “qatar” → “oman”",
        "    ~ asserted_by: “qatar” → “turkiye”",
        "Imported: 1 created, 2 changed, 1 published, from 1 file.",
    ]
    assert Claim.objects.get(key="pact-exists").perspective.slug == "oman"


# Changes


def test_change_of_something_public_is_a_version_with_a_public_note(run: Import, administrator: User) -> None:
    run(QATAR)

    said = run(QATAR.replace("name: Qatar", "name: State of Qatar"))

    assert said.lines == [
        "~ actor “qatar”",
        "    ~ name (en): “Qatar” → “State of Qatar”",
        "Imported: 1 changed, from 1 file.",
    ]
    qatar = actors.get()
    assert (qatar.version, qatar.version_note) == (2, "Updated from knowledge file knowledge.yaml.")
    assert list(Change.objects.values_list("event", "note").order_by("id")) == [
        ("published", ""),
        ("changed", "Updated from knowledge file knowledge.yaml."),
    ]


def test_change_of_a_part_is_a_version_of_its_whole(run: Import) -> None:
    run(EVERYTHING)

    said = run(EVERYTHING.replace("note: Talks.", "note: Talks have ended."))

    assert said.lines[:2] == [
        "~ partnership “turkiye-qatar”",
        "    ~ cooperations “air-defence under_discussion”.note: “Talks.” → “Talks have ended.”",
    ]
    partnership = partnerships.get(slug="turkiye-qatar")
    assert partnership.version == 2
    assert Change.objects.filter(public_id=partnership.public_id, event="changed").get().note == (
        "Updated from knowledge file knowledge.yaml."
    )


def test_change_of_a_draft_is_no_version(run: Import) -> None:
    run("{format: 1, actors: [{slug: qatar, kind: state, name: Qatar}]}")
    run("{format: 1, actors: [{slug: qatar, kind: state, name: State of Qatar}]}")

    qatar = actors.get()
    assert (qatar.version, qatar.name_en, qatar.author.username) == (1, "State of Qatar", "knowledge-import")


def test_draft_is_published_when_the_file_says_so(run: Import) -> None:
    run(QATAR.replace(", state: published", ""))

    assert run(QATAR).lines == [
        "~ actor “qatar” (draft → published)",
        "Imported: 1 changed, 1 published, from 1 file.",
    ]
    assert actors.get().state == "published"


def test_language_that_a_file_leaves_out_is_left_as_it_is(run: Import) -> None:
    run(QATAR)
    actors.update(name_tr="Katar", version_note="In Turkish too.")

    assert run(QATAR).out.startswith("Nothing changed")
    run(QATAR.replace("name: Qatar", "name: {en: State of Qatar}"))
    assert actors.get().name_tr == "Katar"
    run(QATAR.replace("name: Qatar", 'name: {en: Qatar, tr: ""}'))
    assert actors.get().name_tr is None


def test_key_that_a_file_leaves_out_is_emptied(run: Import) -> None:
    run("{format: 1, actors: [{slug: qatar, kind: state, name: Qatar, iso_code: QA, short_name: {en: Q, tr: K}}]}")

    said = run("{format: 1, actors: [{slug: qatar, kind: state, name: Qatar}]}")

    assert said.lines[1:4] == [
        "    ~ short_name (en): “Q” → nothing",
        "    ~ short_name (tr): “K” → nothing",
        "    ~ iso_code: “QA” → nothing",
    ]
    qatar = actors.get()
    assert (qatar.iso_code, qatar.short_name_en, qatar.short_name_tr) == ("", None, None)


def test_embargo_that_a_file_leaves_out_is_left_as_it_is(run: Import) -> None:
    until = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    run("{format: 1, actors: [{slug: qatar, kind: state, name: Qatar, embargo_until: 2030-01-01T00:00Z}]}")
    assert actors.get().embargo_until == until

    assert run("{format: 1, actors: [{slug: qatar, kind: state, name: Qatar}]}").out.startswith("Nothing changed")
    assert actors.get().embargo_until == until


def test_parts_that_vanish_from_a_file_are_removed_and_records_stay(run: Import) -> None:
    run(EVERYTHING)
    text = EVERYTHING
    for part in (
        "      - {actor: qatar, role: facilitator}\n",
        "      - {status: officially_confirmed, reason: Qatar says so itself., as_of: 2025-10-02, decided_at: 2025-10-02T12:00Z}\n",
        "      - {series: dialogues, note: It became one.}\n",
        "        obligations: [consultation, defence]\n",
        "    objectives: [Trust, {en: Cooperation, tr: İş birliği}]\n",
        "      - {key: doubt, kind: caveat, support: one_participant, text: One does not., qualifies: unity, "
        "cleared: true}\n",
        "      - {position: 1, name: Opening, attribution_rule: on_record}\n",
    ):
        assert part in text
        text = text.replace(part, "")

    said = run(text)

    assert [line for line in said.lines if line.startswith("    ")] == [
        "    - parties “qatar”",
        "    - instruments “pact”.obligations “consultation”",
        "    - instruments “pact”.obligations “defence”",
        "    - sessions “1”",
        "    - points “doubt”",
        "    - objectives[0]: “Trust”",
        "    - objectives[1]: “Cooperation” / “İş birliği”",
        "    - fulfilments “dialogues”",
    ]
    assert [party.actor.slug for party in Party.objects.all()] == ["turkiye"]
    assert [point.key for point in points.all()] == ["unity"]
    assert Objective.objects.count() == 0
    assert Review.objects.count() == 2
    assert run(text).out.startswith("Nothing changed")


def test_part_with_records_is_never_removed(run: Import) -> None:
    run(EVERYTHING)
    start = EVERYTHING.index("      - actor: qatar\n        basis")
    end = EVERYTHING.index("      - {actor: turkiye, role: support}")

    said = run(EVERYTHING[:start] + EVERYTHING[end:])

    line = EVERYTHING.split("\n").index("    addressees:") + 1
    assert said.err == (
        f"knowledge.yaml:{line}: recommendations[0].addressees: addressee “R-2025-001 → Qatar” is no longer in the "
        "file, but has records, which are never deleted. Put it back.\n"
        "Nothing was imported: 1 problem.\n"
    )
    assert Addressee.objects.count() == 2


def test_words_change_while_the_point_and_the_instrument_they_name_stay_as_they_are(run: Import) -> None:
    run(EVERYTHING)
    said = run(EVERYTHING.replace("title: Hold a dialogue", "title: Hold it every year"))

    assert not said.failed, said
    assert said.lines[-1] == "Imported: 1 changed, from 1 file."
    whole = Recommendation.objects.get(reference="R-2025-001")
    assert (whole.title_en, whole.point) == ("Hold it every year", points.get(key="unity"))
    assert whole.fulfilments.filter(instrument__slug="pact").count() == 1


def test_point_that_something_refers_to_is_not_removed(run: Import) -> None:
    run(EVERYTHING)
    report = EVERYTHING[EVERYTHING.index("reports:") : EVERYTHING.index("recommendations:")]
    report = report.replace("{key: unity,", "{key: other,").replace("qualifies: unity", "qualifies: other")

    said = run("format: 1\n" + report)

    assert said.err == (
        "knowledge.yaml:8: reports[0].points: point “All agree.” is no longer in the file, but is still referred to by "
        "recommendation “R-2025-001 Hold a dialogue”. Put it back, or change what refers to it.\n"
        "Nothing was imported: 1 problem.\n"
    )


def test_points_change_places(run: Import) -> None:
    def report(*points: str) -> str:
        listed = "".join(f"\n      - {{key: {point}, kind: call, text: {point}}}" for point in points)
        return (
            "format: 1\nevents:\n  - {slug: e, kind: lecture, name: E}\n"
            f"reports:\n  - key: r\n    event: e\n    title: R\n    points:{listed}\n"
        )

    run(report("a", "b", "c"))
    ids = {point.key: point.pk for point in points.all()}

    said = run(report("c", "new", "a"))

    assert said.lines[1:-1] == ["    - points “b”", "    + points “new”", "    ~ points: in another order"]
    assert [(point.key, point.position) for point in points.order_by("position")] == [
        ("c", 1),
        ("new", 2),
        ("a", 3),
    ]
    assert points.get(key="c").pk == ids["c"]
    assert run(report("c", "new", "a")).out.startswith("Nothing changed")


def test_records_are_appended_to_something_public_without_a_version(run: Import) -> None:
    run(EVERYTHING)

    said = run(
        EVERYTHING.replace(
            "      - {government: qatar, position: silent, as_of: 2025-10-01, note: Nothing heard.}\n",
            "      - {government: qatar, position: silent, as_of: 2025-10-01, note: Nothing heard.}\n"
            "      - {government: qatar, position: silent, as_of: 2025-10-08}\n",
        )
    )

    assert said.lines == [
        "~ claim “pact-exists”",
        "    + positions: as_of 2025-10-08, government “qatar”, position “silent”",
        "Imported: 1 changed, from 1 file.",
    ]
    assert OfficialPosition.objects.count() == 3
    assert Claim.objects.get(key="pact-exists").version == 1


def test_record_that_was_corrected_since_is_not_appended_again(run: Import, administrator: User) -> None:
    run(EVERYTHING)
    connection.check_constraints()  # as the commit of the import would
    wrong = Review.objects.get(status="officially_confirmed")
    Review.objects.create(
        claim=wrong.claim,
        status="refuted",
        reason="It was another pact.",
        as_of=wrong.as_of,
        decided_at=wrong.decided_at,
        by=administrator,
        corrects=wrong,
    )

    assert run(EVERYTHING).out.startswith("Nothing changed")


def test_instrument_moves_to_another_partnership_with_its_history(run: Import) -> None:
    run(EVERYTHING)
    start, end = (
        EVERYTHING.index("    instruments:\n"),
        EVERYTHING.index("    state: published\n  - {slug: qatar-alone"),
    )
    listed = EVERYTHING[start:end]
    text = EVERYTHING[:start] + EVERYTHING[end:]
    text = text.replace(
        "  - {slug: qatar-alone, name: Qatar alone, form: institutional, status: dormant, state: published}\n",
        "  - slug: qatar-alone\n    name: Qatar alone\n    form: institutional\n    status: dormant\n"
        f"{listed}    state: published\n",
    )
    before = instruments.get()

    assert not run(text).failed

    after = instruments.get()
    assert (after.pk, after.partnership.slug, after.actions.count()) == (before.pk, "qatar-alone", 2)


def test_things_that_are_in_no_file_are_untouched(run: Import) -> None:
    party = PartyFactory()
    before = party.partnership.versions.count()

    run(QATAR)

    party.refresh_from_db()
    assert party.partnership.versions.count() == before


def test_row_that_the_desk_made_goes_by_its_public_id(run: Import) -> None:
    claim = ClaimFactory(statement="It is.", kind=Claim.Kind.PRESENCE)

    run(f"{{format: 1, claims: [{{key: {claim.public_id}, kind: presence, statement: It was.}}]}}")

    claim.refresh_from_db()
    assert (claim.statement_en, claim.key) == ("It was.", None)


# What it refuses


def test_dry_run_prints_the_difference_and_writes_nothing(run: Import) -> None:
    run(QATAR)

    said = run(
        QATAR.replace("name: Qatar", "name: State of Qatar")
        + "  - {slug: oman, kind: state, name: Oman, state: published}\n",
        dry_run=True,
    )

    assert said.lines == [
        "+ actor “oman” (published)",
        "~ actor “qatar”",
        "    ~ name (en): “Qatar” → “State of Qatar”",
        "Nothing was written (dry run). An import would mean: 1 created, 1 changed, 1 published, from 1 file.",
    ]
    assert [actor.name_en for actor in actors.all()] == ["Qatar"]


def test_dry_run_finds_what_only_the_database_refuses(run: Import) -> None:
    ActorFactory(slug="other", iso_code="QA")

    said = run("{format: 1, actors: [{slug: qatar, kind: state, name: Qatar, iso_code: QA}]}", dry_run=True)

    assert said.err == (
        "knowledge.yaml:1: actors[0].iso_code: Another actor has this ISO 3166 code.\nNothing was imported: 1 problem.\n"
    )


def test_first_import_of_an_account_is_taken_back_with_the_rest(run: Import) -> None:
    run(QATAR, dry_run=True)

    assert not User.objects.filter(username="knowledge-import").exists()


def test_one_problem_keeps_everything_out(run: Import) -> None:
    said = run(QATAR, "{format: 1, actors: [{slug: oman, kind: state, name: Oman, parent: quatar}]}")

    assert said.err == (
        "knowledge-2.yaml:1: actors[0].parent: there is no actor “quatar”. Did you mean “qatar”?\n"
        "Nothing was imported: 1 problem.\n"
    )
    assert said.failed
    assert publications() == 0
    assert not User.objects.filter(username="knowledge-import").exists()


REFUSED = [
    # References
    ("{actor: qatar, role: host}", "{actor: katar, role: host}", "events[0].organisers[0].actor: there is no actor “katar”. Did you mean “qatar”?"),
    ("parent: security,", "parent: secrecy,", "topics[0].parent: there is no topic “secrecy”. Did you mean “security”?"),
    ("    source: analysis\n", "    source: analyses\n", "reports[0].source: there is no source “analyses”. Did you mean “analysis”?"),
    ("promoted_from: pact-exists", "promoted_from: pact-exist", "partnerships[0].instruments[0].promoted_from: there is no claim “pact-exist”. Did you mean “pact-exists”?"),
    ("point: first-report/unity", "point: first-report/unit", "recommendations[0].point: there is no point “first-report/unit”. Did you mean “first-report/unity”?"),
    ("point: first-report/unity", "point: second-report/unity", "recommendations[0].point: there is no point “second-report/unity”. Did you mean “first-report/unity”?"),
    ("{instrument: pact}", "{instrument: fact}", "recommendations[0].fulfilments[1].instrument: there is no instrument “fact”. Did you mean “pact”?"),
    ("successor: R-2025-002", "successor: R-2025-022", "recommendations[0].addressees[0].entries[1].successor: there is no recommendation “R-2025-022”. Did you mean “R-2025-002”?"),
    ("qualifies: unity", "qualifies: unit", "reports[0].points[1].qualifies: this report has no point “unit”. Did you mean “unity”?"),
    ("session: 2", "session: 3", "reports[0].points[0].session: the event “first-dialogue” has no session at the position 3."),
    # Duplicates
    ("slug: turkiye,", "slug: qatar,", "actors[1].slug: “qatar” is listed twice, first in knowledge.yaml:4."),
    ("{actor: qatar, role: facilitator}", "{actor: turkiye, role: facilitator}", "partnerships[0].parties[1]: “turkiye” stands twice in this list, first in line 41."),
    ("topics: [security]\n    parties", "topics: [security, security]\n    parties", "partnerships[0].topics[1]: “security” stands twice in this list, first in line 39."),
    ("key: doubt", "key: unity", "reports[0].points[1]: “unity” stands twice in this list, first in line 126."),
    # Circles
    ("All of it.,", "All of it., parent: air-defence,", "topics[0].parent: this leads in a circle: air-defence → security → air-defence."),
    ("    strength: key\n", "    strength: key\n    parent: R-2025-002\n", "recommendations[0].parent: this leads in a circle: R-2025-001 → R-2025-002 → R-2025-001."),
    ("parent: qatar\n", "parent: navy\n", "actors[3].parent: this leads in a circle: navy → navy."),
    ("session: 2,", "session: 2, qualifies: doubt,", "reports[0].points[0].qualifies: this leads in a circle: unity → doubt → unity."),
    # Rules of the models and the database
    ("kind: bloc", "kind: state", "actors[3].memberships[0].bloc: Only a bloc has members."),
    ("iso_code: TR", "iso_code: tr", "actors[1].iso_code: Two capital letters, for example QA."),
    ("wikidata_id: Q846", "wikidata_id: 846", "actors[0].wikidata_id: A letter Q and a number, for example Q846."),
    ("url: https://example.org/a", "url: example", "sources[0].url: Enter a valid URL."),
    ("    publisher: qatar\n", "    publisher: qatar\n    publisher_name: Qatar\n", "sources[0].publisher_name: Name the publisher either as an actor or by name, not both."),
    ("{max: 2000000000, currency: USD}", "{max: 1, currency: usd}", "claims[1].quantity.currency: Three capital letters, for example USD."),
    ("{min: 650, max: 700.50,", "{min: 750, max: 700.50,", "claims[0].quantity.max: The quantity ends below where it starts."),
    ("kind: forecast", "kind: presence", "claims[1].likelihood: Only a forecast has a likelihood."),
    ("time_zone: Europe/Istanbul", "time_zone: Europe/Stamboul", "events[0].time_zone: This is no IANA time zone, such as Europe/Istanbul."),
    ("end_date: 2025-09-10", "end_date: 2025-09-08", "events[0].end_date: An event does not end before it starts."),
    ("as_of: 2025-09-30, note", "as_of: 2025-08-30, note", "partnerships[0].instruments[0].actions[1].as_of: This cannot have been true before it happened."),
    ("as_of: 2025-10-02,", "as_of: 2925-10-02,", "claims[0].reviews[1].as_of: The as-of date lies in the future."),
    ("position: denied, source: analysis,", "position: denied,", "claims[0].positions[1].source: A confirmation or a denial needs the source in which it was made."),
    ("kind: rejected, no_reason_given: true,", "kind: rejected,", "recommendations[0].addressees[0].responses[1].reason: A rejection needs its reason, or that none was given."),
    ("{status: officially_confirmed, reason: Qatar says so itself.,", "{status: disputed, reason: Qatar denies it.,", "partnerships[0].instruments[0].promoted_from: Only a claim that is corroborated or officially confirmed becomes an instrument."),
    ("{series: dialogues, note: It became one.}", "{note: It became one.}", "recommendations[0].fulfilments[0]: Name exactly one thing that fulfilled it."),
    ("links: [{type: narrows, target: R-2025-001}]", "links: [{type: narrows, target: R-2025-002}]", "recommendations[1].links[0]: This would lead in a circle back to where it starts."),
    # Publishing
    ("name: Türkiye, iso_code: TR, state: published", "name: Türkiye, iso_code: TR", "partnerships[0].parties[0].actor: the actor “turkiye” is not public, and this would give it away: mark it “state: published” too."),
    ("qualifies: unity, cleared: true", "qualifies: unity", "reports[0].state: "),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), REFUSED, ids=[new[:40] for _old, new, _message in REFUSED])
def test_import_refuses(run: Import, old: str, new: str, message: str) -> None:
    assert EVERYTHING.count(old) == 1, old
    text = EVERYTHING.replace(old, new)

    said = run(text)

    first, *_others = said.err.splitlines()
    assert f": {message}" in first
    assert first.startswith("knowledge.yaml:")
    assert said.failed
    assert publications() == 0


def test_import_refuses_with_every_problem_in_the_order_of_the_files(run: Import) -> None:
    said = run(
        """
        format: 1
        actors:
          - {slug: a, kind: state, name: A, parent: x}
          - {slug: b, kind: state, name: B, parent: y}
        """,
        "{format: 1, topics: [{slug: a, kind: theme, name: A, parent: z}]}",
    )

    assert said.err == (
        "knowledge.yaml:4: actors[0].parent: there is no actor “x”.\n"
        "knowledge.yaml:5: actors[1].parent: there is no actor “y”.\n"
        "knowledge-2.yaml:1: topics[0].parent: there is no topic “z”.\n"
        "Nothing was imported: 3 problems.\n"
    )


def test_import_shows_no_more_problems_than_anybody_reads(run: Import) -> None:
    said = run("format: 1\nactors:\n" + "  - x\n" * 60)

    assert said.err.splitlines()[49:] == [
        "knowledge.yaml:52: actors[49]: expected a map of keys, not “x”.",
        "… and 10 more.",
        "Nothing was imported: 60 problems.",
    ]


def test_import_refuses_the_same_thing_in_two_files(run: Import) -> None:
    assert run(QATAR, QATAR).err == (
        "knowledge-2.yaml:4: actors[0].slug: “qatar” is listed twice, first in knowledge.yaml:4.\n"
        "Nothing was imported: 1 problem.\n"
    )


def test_import_refuses_the_same_file_twice(write: Write, administrator: User) -> None:
    file = write(QATAR)

    said = command("import_knowledge", file, file)

    assert said.err == f"{file}: this file is named twice.\nNothing was imported: 1 problem.\n"


# What was published


def test_file_does_not_unpublish(run: Import) -> None:
    run(QATAR)

    said = run(QATAR.replace("published", "draft"))

    assert said.err.startswith(
        "knowledge.yaml:4: actors[0].state: “qatar” is published, and a file does not make it a draft again. "
        "Mark it “state: published”, or withdraw it in the admin."
    )


def test_file_withdraws_with_a_public_note(run: Import) -> None:
    run(QATAR)

    run(QATAR.replace("state: published", "state: withdrawn, withdrawal_note: It was another one."))

    qatar = actors.get()
    assert (qatar.state, qatar.withdrawal_note) == ("withdrawn", "It was another one.")


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("withdrawn", "actors[0].state: Say why it is withdrawn; the note is public."),
        ("published, withdrawal_note: x", "actors[0].withdrawal_note: only what is withdrawn has a withdrawal note."),
    ],
)
def test_withdrawal_and_its_note_go_together(run: Import, state: str, message: str) -> None:
    run(QATAR)

    assert message in run(QATAR.replace("state: published", f"state: {state}")).err


def test_what_was_withdrawn_is_left_to_the_desk(run: Import) -> None:
    withdrawn = QATAR.replace("state: published", "state: withdrawn, withdrawal_note: It was another one.")
    run(QATAR)
    run(withdrawn)

    assert "actors[0].state: “qatar” was withdrawn. Take it out of the file" in run(QATAR).err
    assert "and what is withdrawn is not edited (~ name (en)" in run(withdrawn.replace("Qatar,", "Katar,")).err
    assert run(withdrawn).out.startswith("Nothing changed")


def test_draft_is_not_withdrawn(run: Import) -> None:
    run("{format: 1, actors: [{slug: qatar, kind: state, name: Qatar}]}")

    said = run(QATAR.replace("state: published", "state: withdrawn, withdrawal_note: It was another one."))

    assert "actors[0].state: “qatar” is a draft. Only what was published is withdrawn." in said.err


def test_import_does_not_publish_what_its_runner_wrote(run: Import, administrator: User) -> None:
    ActorFactory(slug="qatar", name="Qatar", author=administrator)

    said = run(QATAR)

    assert said.err.startswith("knowledge.yaml:4: actors[0].state: You wrote “Qatar”")
    assert actors.get().state == "draft"


# Single voices

VOICE = """
format: 1
events: [{slug: e, kind: lecture, name: E, state: published}]
reports:
  - key: r
    event: e
    title: R
    points:
      - {key: p, kind: caveat, support: one_participant, text: One said so., cleared: true}
    state: published
"""


def test_changed_words_of_a_single_voice_are_cleared_anew(run: Import, administrator: User) -> None:
    run(VOICE)
    other = UserFactory()
    Support.objects.update(cleared_by=other)

    run(VOICE.replace("One said so.", "One said otherwise."))

    point = points.get()
    assert (point.text_en, point.cleared_by) == ("One said otherwise.", administrator)


def test_changed_words_of_a_single_voice_need_clearance(run: Import) -> None:
    run(VOICE)

    said = run(VOICE.replace("One said so., cleared: true", "One said otherwise."))

    assert said.err.startswith(
        "knowledge.yaml:9: reports[0].points[0]: "
        "A point of a single voice needs a second editor's clearance before it is published."
    )
    assert points.get().text_en == "One said so."


def test_new_single_voice_comes_cleared_into_a_public_report(run: Import, administrator: User) -> None:
    run(VOICE)
    new = "      - {key: q, kind: caveat, support: one_participant, text: Another., cleared: true}\n    state: published\n"

    run(VOICE.replace("    state: published\n", new))

    assert points.get(key="q").cleared_by == administrator


def test_author_of_a_report_does_not_clear_its_voices_by_import(run: Import, administrator: User) -> None:
    report = ReportFactory(key="r", event__slug="e", event__published=True, author=administrator)

    said = run(
        VOICE.replace("    state: published\n", "").replace(
            "events: [{slug: e, kind: lecture, name: E, state: published}]\n", ""
        )
    )

    assert said.err.startswith("knowledge.yaml:8: reports[0].points[0].cleared: You wrote this report")
    assert report.points.count() == 0


def test_clearance_is_not_taken_back_by_a_file_that_does_not_give_it(run: Import, administrator: User) -> None:
    point = PointFactory(
        report__key="r", report__event__slug="e", key="p", kind="caveat", text="T", support="one_participant"
    )
    Support.objects.update(cleared_by=administrator, cleared_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))

    run(
        "{format: 1, reports: [{key: r, event: e, title: New, points: [{key: p, kind: caveat, support: one_participant, text: T}]}]}"
    )

    point.refresh_from_db()
    assert (point.report.title_en, point.cleared_by) == ("New", administrator)


def test_support_that_is_withheld_is_left_as_it_is(run: Import) -> None:
    run(VOICE)
    withheld = VOICE.replace("one_participant", "withheld").replace(", cleared: true", "")

    said = run(withheld)

    assert (said.failed, points.get().support, points.get().is_cleared) == (False, "one_participant", True)
    Point.objects.all().delete()
    run(withheld)
    assert points.get().support == "narrative"


# Who imports


def test_import_is_the_act_of_the_person_who_is_named(run: Import) -> None:
    reviewer = UserFactory(username="rana", groups=("reviewers",))

    run(QATAR, by="rana")

    assert actors.get().reviewer == reviewer


@pytest.mark.parametrize(
    ("make", "by", "message"),
    [
        (lambda: UserFactory(groups=("administrators",)), None, "There are several administrators, and an import is somebody's act. Name the account with --by USERNAME."),
        (lambda: User.objects.update(is_active=False), None, "There is no active administrator, and an import is somebody's act. Name the account with --by USERNAME."),
        (lambda: None, "nobody", "There is no account “nobody”. Name a reviewer or an administrator with --by USERNAME."),
        (lambda: UserFactory(username="visitor"), "visitor", "No active member of the desk is “visitor”. Name a reviewer or an administrator with --by USERNAME."),
        (lambda: UserFactory(username="left", groups=("reviewers",), is_active=False), "left", "No active member of the desk is “left”. Name a reviewer or an administrator with --by USERNAME."),
        (lambda: UserFactory(username="knowledge-import"), None, "The account “knowledge-import” is kept for imports, and nobody may sign in with it. Deactivate it in the admin."),
    ],
)  # fmt: skip
def test_import_needs_somebody_whose_act_it_is(
    run: Import, make: Callable[[], Any], by: str | None, message: str
) -> None:
    make()

    said = run(QATAR, by=by)

    assert said.err == f"Nothing was imported. {message}\n"
    assert publications() == 0


def test_editor_imports_drafts_and_publishes_nothing(run: Import, editor: User) -> None:
    assert not run("{format: 1, topics: [{slug: a, kind: theme, name: A}]}", by="editor").failed

    said = run(QATAR, by="editor")

    assert said.err.startswith("knowledge.yaml:4: actors[0].state: Only reviewers and administrators publish")


# What is kept


def test_keep_existing_leaves_alone_what_the_desk_has_edited(run: Import) -> None:
    run(QATAR)
    actors.update(name_en="State of Qatar", version_note="Its full name.")

    said = run(
        QATAR + "  - {slug: navy, kind: armed_force, name: Navy, parent: qatar, state: published}\n", keep_existing=True
    )

    assert said.out == "Imported: 1 created, 1 published, 1 left as the database has them, from 1 file.\n"
    assert actors.get(slug="qatar").name_en == "State of Qatar"
    assert actors.get(slug="navy").parent.slug == "qatar"


def test_keep_existing_with_nothing_new_changes_nothing(run: Import) -> None:
    run(EVERYTHING)

    said = run(EVERYTHING.replace("name: Türkiye,", "name: Turkey,"), keep_existing=True)

    assert said.out == (
        "Nothing changed: everything in 1 file is there already (16 publications; 16 left as the database has them).\n"
    )
    assert actors.get(slug="turkiye").name_en == "Türkiye"


# Speed


@pytest.mark.parametrize("count", [1, 3])
def test_repeated_import_asks_as_often_for_three_things_as_for_one(run: Import, count: int) -> None:
    texts = [everything_again(number) for number in range(count)]
    assert run(*texts).err == ""

    with CaptureQueriesContext(connection) as queries:
        assert run(*texts).out.startswith("Nothing changed")

    assert len(queries) == 87


# The documentation


def test_example_of_the_documentation_imports(run: Import) -> None:
    """On the base of `make run` too: it makes three drafts, and leaves all else as it was."""
    root = Path(__file__).parents[3]
    run(*(path.read_text(encoding="utf-8") for path in sorted((root / "knowledge").glob("*.yaml"))))
    text = (root / "docs" / "knowledge-files.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    before = exported()

    assert run(example) == ("Imported: 3 created, from 1 file.\n", "", False)
    assert exported() == before
    assert Actor.objects.get(slug="qatar").wikidata_id == "Q846"
    published = run(example.replace("# state: published", "state: published   "))
    assert published.out.endswith("Imported: 1 changed, 1 published, from 1 file.\n")


def exported() -> str:
    """Everything that is public, as a knowledge file."""
    return command("export_knowledge").out


def test_file_does_not_loosen_the_rule_of_an_event_without_the_consents(run: Import) -> None:
    event = "{format: 1, events: [{slug: e, kind: lecture, name: E, attribution_rule: %s}]}"
    run(event % "off_record")
    ParticipantFactory(event=Event.objects.get(), name="Leyla Kaya")

    said = run(event % "on_record")

    assert said.failed
    assert said.err.splitlines()[0].endswith(
        "events[0]: This would loosen the attribution rule: everybody who was there has first to consent to each"
        " disclosure."
    )
    assert "Kaya" not in said.err
    assert Event.objects.get().attribution_rule == "off_record"


def test_file_does_not_loosen_the_rule_of_a_session_without_the_consents(run: Import) -> None:
    event = "{format: 1, events: [{slug: e, kind: lecture, name: E, sessions: [{position: 1, name: S%s}]}]}"
    run(event % ", attribution_rule: off_record")
    ParticipantFactory(event=Event.objects.get())

    for looser in (event % "", event % ", attribution_rule: on_record", event.replace("{position: 1, name: S%s}", "")):
        said = run(looser)

        assert said.failed
        assert "This would loosen the attribution rule" in said.err

    assert Event.objects.get().sessions.get().attribution_rule == "off_record"


# Who was there is named by no file


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("summary: It was held.", "summary: Nurettin Kızılkaya opened it.", "events[0].summary"),
        ("text: All agree.", "text: Kızılkaya'nın sözüne herkes katıldı.", "reports[0].points[0].text"),
        ("text: A dialogue should be held every year.", "text: As Kizilkaya asks.", "recommendations[0].text"),
    ],
)
def test_import_that_names_somebody_who_was_there_is_refused_at_the_place(
    run: Import, old: str, new: str, place: str
) -> None:
    run(EVERYTHING)
    ParticipantFactory(event=Event.objects.get(), name="Nurettin Kızılkaya")
    assert EVERYTHING.count(old) == 1

    said = run(EVERYTHING.replace(old, new))

    assert said.failed
    assert f": {place}: “" in said.err
    assert "names somebody who was there, or their affiliation" in said.err
    assert not PublicName.objects.exists()
    assert run(EVERYTHING.replace("summary: It was held.", "summary: It was held in spring.")).failed is False
