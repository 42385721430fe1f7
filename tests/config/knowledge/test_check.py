"""The format: every error is reported with file, line, key and what was expected."""

import textwrap

import pytest

from config.knowledge.check import check
from config.knowledge.document import parse
from config.knowledge.format import KnowledgeFile
from config.knowledge.problem import ENOUGH, KnowledgeError
from tests.config.knowledge.conftest import EVERYTHING


def checked(text: str) -> KnowledgeFile:
    return check(parse(textwrap.dedent(text).encode(), file="a.yaml"))


def refusals(text: str) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        checked(text)
    return [str(problem) for problem in caught.value.problems]


def test_check_takes_every_key_of_the_format() -> None:
    content = checked(EVERYTHING)

    assert content.actors[0].iso_code == "QA"
    assert content.partnerships[0].instruments[0].binding == "no"
    assert content.partnerships[0].summary is not None
    assert content.partnerships[0].summary.en == "Two paragraphs.\n\nThe second one."
    assert content.claims[0].valid == "2022~"
    assert content.recommendations[0].objectives[1].tr == "İş birliği"


def test_norway_is_a_country() -> None:
    assert (
        checked("{format: 1, actors: [{slug: no, kind: state, name: Norway, iso_code: NO}]}").actors[0].iso_code == "NO"
    )


def test_key_without_a_value_counts_as_left_out() -> None:
    content = checked(
        """
        format: 1
        actors:
          - slug: qatar
            kind: state
            name: Qatar
            short_name:
            memberships:
        topics:
        """
    )

    assert content.actors[0].short_name is None
    assert content.actors[0].memberships == []
    assert content.topics == []


ACTOR = "format: 1\nactors:\n  - slug: qatar\n    kind: state\n    name: Qatar\n"
CLAIM = "format: 1\nclaims:\n  - key: a\n    kind: presence\n    statement: It is.\n"
REPORT = (
    "format: 1\nreports:\n  - key: a\n    event: b\n    title: T\n    points:\n      - {key: p, kind: caveat, text: t, "
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "a.yaml:1: expected a map of keys, not a list."),
        ("just words", "a.yaml:1: expected a map of keys, not “just words”."),
        ("actors: []", "a.yaml:1: format: this key is missing; it is required."),
        ("format: 2", "a.yaml:1: format: expected 1, the version of the format that is read here, not “2”."),
        ("format: '1'", "a.yaml:1: format: expected 1, the version of the format that is read here, not “1”."),
        ("format: 1\nactor: []", "a.yaml:2: actor: this key is not known here. Did you mean “actors”?"),
        ("format: 1\nactors: qatar", "a.yaml:2: actors: expected a list, not “qatar”."),
        ("format: 1\nactors: {slug: qatar}", "a.yaml:2: actors: expected a list, not a map."),
        ("format: 1\nactors:\n  - qatar", "a.yaml:3: actors[0]: expected a map of keys, not “qatar”."),
        ("format: 1\nactors:\n  -", "a.yaml:3: actors[0]: expected a map of keys, not nothing."),
        ("format: 1\nactors:\n  - {slug: a, kind: state}", "a.yaml:3: actors[0].name: this key is missing; it is required."),
        (ACTOR + "    nmae: x", "a.yaml:6: actors[0].nmae: this key is not known here. Did you mean “name”?"),
        (
            "format: 1\nactors:\n  - slug: a\n    kind: stat\n    name: A",
            "a.yaml:4: actors[0].kind: expected one of state, bloc, government_body, armed_force, research_institute, "
            "company, civil_society, not “stat”. Did you mean “state”?",
        ),
        (ACTOR + "    state: publish", "a.yaml:6: actors[0].state: expected one of draft, published, withdrawn, not “publish”. Did you mean “published”?"),
        (ACTOR + "    short_name: [a]", "a.yaml:6: actors[0].short_name: expected a text, or texts by language (en, tr, ar), not a list."),
        (ACTOR + "    short_name: {en: A, de: B}", "a.yaml:6: actors[0].short_name.de: this key is not known here. Known are en, tr, ar."),
        (ACTOR + "    short_name: '  '", "a.yaml:6: actors[0].short_name: expected a text, not “”."),
        (ACTOR + "    short_name: {en: [A]}", "a.yaml:6: actors[0].short_name.en: expected a text, not a list."),
        (ACTOR + "    parent: a b", "a.yaml:6: actors[0].parent: expected up to 80 letters a–z, digits, hyphens and underscores, not “a b”."),
        (ACTOR + "    memberships: [{bloc: gcc, since: 2025-13-01}]", "a.yaml:6: actors[0].memberships[0].since: There is no “2025-13-01” in the calendar."),
        (ACTOR + "    memberships: [{bloc: gcc, since: 1700000000}]", "a.yaml:6: actors[0].memberships[0].since: “1700000000” is no day we can read. Write 2026-04-03, or the day first: 3/4/2026 or 3 April 2026."),
        (ACTOR + "    embargo_until: 1449-04-03T10:00+03:00", "a.yaml:6: actors[0].embargo_until: “1449” looks like a year of the Hijri or the Persian calendar. Their days are not converted: write the day of our era. If it is the year 1449 of our era, write “1449-04-03T10:00+03:00 CE”."),
        (ACTOR + "    embargo_until: 0027-04-03T10:00+03:00", "a.yaml:6: actors[0].embargo_until: expected a moment with its offset from UTC, as 2025-09-09T10:00+03:00, not “0027-04-03T10:00+03:00”."),
        (ACTOR + "    embargo_until: 2025-09-09T10:00", "a.yaml:6: actors[0].embargo_until: expected a moment with its offset from UTC, as 2025-09-09T10:00+03:00, not “2025-09-09T10:00”."),
        (CLAIM + "    sensitive: yes", "a.yaml:6: claims[0].sensitive: expected true or false, not “yes”."),
        (CLAIM + "    sensitive: 'true'", "a.yaml:6: claims[0].sensitive: expected true or false, not “true”."),
        (CLAIM + "    quantity: {min: 6.500,0}", None),
        (CLAIM + "    quantity: {min: -5, unit: x}", "a.yaml:6: claims[0].quantity.min: expected a number such as 650 or 2000000000, without signs between the digits, not “-5”."),
        (CLAIM + "    quantity: {unit: x}", "a.yaml:6: claims[0].quantity: expected min, max or both."),
        (CLAIM + "    quantity: many", "a.yaml:6: claims[0].quantity: expected a map of keys, not “many”."),
        (CLAIM + "    valid: 2025-02-30", "a.yaml:6: claims[0].valid: There is no “2025-02-30” in the calendar. Write a day that there is, or the month or the year alone."),
        (CLAIM + "    likelihood: likly", "a.yaml:6: claims[0].likelihood: expected one of almost_no_chance, very_unlikely, unlikely, roughly_even, likely, very_likely, almost_certain, not “likly”. Did you mean “likely”?"),
        (CLAIM + "    citations: [{source: a}]", "a.yaml:6: claims[0].citations[0].independence_group: this key is missing; it is required."),
        (CLAIM + "    reviews: [{status: unverified, reason: ''}]", "a.yaml:6: claims[0].reviews[0].reason: expected a text, not “”."),
        (REPORT + "cleared: true}", "a.yaml:7: reports[0].points[0]: only a single voice (support: one_participant) is cleared."),
        (REPORT + "session: 0}", "a.yaml:7: reports[0].points[0].session: expected a whole number from 1 to 32767, not “0”."),
        ("format: 1\nrecommendations: [{reference: R1}]", None),
        ("format: 1\nevents:\n  - {slug: a, kind: lecture, name: A, start_time: 25:00}", "a.yaml:3: events[0].start_time: Write the time by the clock of 24 hours: 09:30."),
    ],
)  # fmt: skip
def test_check_refuses(text: str, message: str | None) -> None:
    found = refusals(text)

    if message is not None:
        assert found == [message]


def test_check_names_every_problem_in_the_order_of_the_lines() -> None:
    assert refusals(
        """
        format: 1
        recommendations:
          - reference: R1
            point: report
        actors:
          - slug: a
            kind: planet
            name: {}
            colour: red
        """
    ) == [
        "a.yaml:4: recommendations[0].reference: expected a reference such as R-2025-001, not “R1”.",
        "a.yaml:4: recommendations[0].title: this key is missing; it is required.",
        "a.yaml:4: recommendations[0].text: this key is missing; it is required.",
        "a.yaml:4: recommendations[0].event: this key is missing; it is required.",
        "a.yaml:4: recommendations[0].strength: this key is missing; it is required.",
        "a.yaml:5: recommendations[0].point: expected the key of a report and the key of a point in it, "
        "as report/point, not “report”.",
        "a.yaml:8: actors[0].kind: expected one of state, bloc, government_body, armed_force, research_institute, "
        "company, civil_society, not “planet”.",
        "a.yaml:9: actors[0].name: expected a text, or texts by language (en, tr, ar), not a map.",
        "a.yaml:10: actors[0].colour: this key is not known here. Known are slug, kind, name, short_name, iso_code, "
        "wikidata_id, parent, memberships, original_language, embargo_until, state, withdrawal_note.",
    ]


def test_check_gathers_no_more_problems_than_anybody_reads() -> None:
    text = "format: 1\nactors:\n" + "  - x\n" * 1000

    assert len(refusals(text)) == ENOUGH
