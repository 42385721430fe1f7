"""Writes small knowledge files and imports them, as the only administrator."""

import io
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

Write = Callable[..., str]
Import = Callable[..., "Said"]


class Said(NamedTuple):
    """What a command printed, and whether it failed."""

    out: str
    err: str
    failed: bool

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


EVERYTHING = """
format: 1
actors:
  - {slug: qatar, kind: state, name: {en: Qatar, tr: Katar, ar: قطر}, iso_code: QA, wikidata_id: Q846, state: published}
  - {slug: turkiye, kind: state, name: Türkiye, iso_code: TR, state: published}
  - slug: gcc
    kind: bloc
    name: Gulf Cooperation Council
    short_name: GCC
    state: published
  - slug: navy
    kind: armed_force
    name: Qatari Navy
    parent: qatar
    memberships:
      - {bloc: gcc, since: 1981-05-25, citations: [{source: analysis, independence_group: analysis}]}
    state: published
topics:
  - {slug: air-defence, kind: cooperation_area, name: Air defence, parent: security, state: published}
  - {slug: security, kind: cooperation_area, name: Security, description: All of it., state: published}
sources:
  - key: analysis
    title: {en: An analysis, tr: Bir çözümleme}
    publisher: qatar
    date: 2025-09
    url: https://example.org/a
    accessed_date: 2025-10-01
    note: Undated in print.
    state: published
partnerships:
  - slug: turkiye-qatar
    name: Türkiye–Qatar
    form: strategic
    status: active
    summary: |
      Two paragraphs.

      The second one.
    topics: [security]
    parties:
      - {actor: turkiye, citations: [{source: analysis, locator: p. 1, independence_group: analysis}]}
      - {actor: qatar, role: facilitator}
    cooperations:
      - topic: air-defence
        stage: under_discussion
        note: Talks.
        citations: [{source: analysis, stance: mentions, independence_group: analysis}]
    links:
      - {type: complements, target: qatar-alone, citations: [{source: analysis, independence_group: analysis}]}
    instruments:
      - slug: pact
        name: The Pact
        type: agreement
        binding: no
        description: Short.
        obligations: [consultation, defence]
        promoted_from: pact-exists
        actions:
          - {type: negotiation_opened, as_of: 2025-08-31, date: 2025-08}
          - {type: signed, party: qatar, date: 2025-09, as_of: 2025-09-30, note: In Doha.}
        citations: [{source: analysis, independence_group: analysis, source_reliability: B, information_credibility: 2}]
    state: published
  - {slug: qatar-alone, name: Qatar alone, form: institutional, status: dormant, state: published}
claims:
  - key: pact-exists
    kind: agreement
    statement: The pact exists.
    context: So it is said.
    partnerships: [turkiye-qatar]
    topics: [security]
    subjects: [{actor: qatar}, {actor: turkiye, role: counterpart}]
    perspective: qatar
    asserted_by: qatar
    quantity: {min: 650, max: 700.50, approximate: true, unit: military personnel}
    valid: 2022~
    review_by: 2026-01-01
    sensitive: true
    citations: [{source: analysis, quotation: It exists., independence_group: analysis}]
    reviews:
      - {status: unverified, reason: One source., as_of: 2025-10-01, decided_at: 2025-10-01T10:00+03:00}
      - {status: officially_confirmed, reason: Qatar says so itself., as_of: 2025-10-02, decided_at: 2025-10-02T12:00Z}
    positions:
      - {government: qatar, position: silent, as_of: 2025-10-01, note: Nothing heard.}
      - {government: turkiye, position: denied, source: analysis, as_of: 2025-10-01}
    links: [{type: contradicts, target: pact-is-likely}]
    state: published
  - key: pact-is-likely
    kind: forecast
    statement: A pact is likely.
    likelihood: likely
    quantity: {max: 2000000000, currency: USD}
    links: [{type: contradicts, target: pact-exists}]
    state: published
series:
  - {slug: dialogues, name: Dialogues, description: Once a year., cadence: annual, convenors: [qatar], state: published}
events:
  - slug: first-dialogue
    name: First dialogue
    series: dialogues
    edition: 1
    kind: strategic_dialogue
    lifecycle: held
    start_date: 2025-09-09
    end_date: 2025-09-10
    start_time: 09:30
    end_time: 17:00
    time_zone: Europe/Istanbul
    attendance: mixed
    place: {en: Doha, tr: Doha}
    summary: It was held.
    attribution_rule: chatham_house
    topics: [security]
    partnerships: [turkiye-qatar]
    organisers: [{actor: qatar, role: host}, {actor: turkiye}]
    sessions:
      - {position: 1, name: Opening, attribution_rule: on_record}
      - {position: 2, name: Closing}
    state: published
reports:
  - key: first-report
    event: first-dialogue
    title: What was said
    summary: Much.
    source: analysis
    points:
      - {key: unity, kind: agreement, support: consensus, text: All agree., session: 2, topics: [security]}
      - {key: doubt, kind: caveat, support: one_participant, text: One does not., qualifies: unity, cleared: true}
    state: published
recommendations:
  - reference: R-2025-001
    title: Hold a dialogue
    text: A dialogue should be held every year.
    event: first-dialogue
    point: first-report/unity
    strength: key
    topics: [security]
    partnerships: [turkiye-qatar]
    objectives: [Trust, {en: Cooperation, tr: İş birliği}]
    test_of_done: It is held.
    target_date: 2026-12-31
    priority: true
    addressees:
      - actor: qatar
        basis: inferred
        responses:
          - {kind: awaiting, channel: letter, recipient: Ministry, as_of: 2025-10-01}
          - {kind: rejected, no_reason_given: true, as_of: 2025-11-01}
        entries:
          - state: in_progress
            as_of: 2025-10-15
            confidence: documented
            public_note: Begun.
            on_behalf_of: qatar
            evidence: [{source: analysis, nature: own_account, locator: p. 2, independence_group: analysis}]
          - {state: superseded, as_of: 2025-11-02, successor: R-2025-002}
      - {actor: turkiye, role: support}
    fulfilments:
      - {series: dialogues, note: It became one.}
      - {instrument: pact}
    state: published
  - reference: R-2025-002
    title: A part of it
    text: The first dialogue should be in Doha.
    event: first-dialogue
    parent: R-2025-001
    strength: urged
    links: [{type: narrows, target: R-2025-001}]
    state: published
"""
"""Every key of the format at least once, with references forwards and backwards."""


NAMES = (
    "qatar turkiye gcc navy air-defence security analysis turkiye-qatar qatar-alone pact pact-exists pact-is-likely "
    "dialogues first-dialogue first-report R-2025-001 R-2025-002"
)


def everything_again(number: int) -> str:
    """The same file over again about other things: what has a name has another one, with `number` in it."""
    text = re.sub(
        rf"(?<![\w-])({'|'.join(NAMES.split())})(?![\w-])",
        lambda name: f"{name[0]}{number}" if name[0][:2] != "R-" else name[0].replace("2025", f"200{number}"),
        EVERYTHING,
    )
    for code in ("QA", "TR"):
        text = text.replace(f"iso_code: {code}", f"iso_code: {code[0]}{chr(ord('A') + number)}")
    for name in (
        "Qatar",
        "Katar",
        "قطر",
        "Türkiye",
        "Gulf Cooperation Council",
        "Air defence",
        "Security",
        "Dialogues",
    ):
        text = text.replace(f": {name}", f": {name} {number}")
    return text.replace("Q846", f"Q846{number}")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write(text)` puts a text into a file, `knowledge.yaml` unless it is named, and gives its path."""

    def write_file(text: str, name: str = "knowledge.yaml") -> str:
        file = tmp_path / name
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        return str(file)

    return write_file


@pytest.fixture
def run(write: Write, administrator: User) -> Import:
    """`run(text, …)` imports texts as one set of files; paths in what was said are cut to the files' names."""

    def import_texts(*texts: str, verbosity: int = 1, **options: object) -> Said:
        names = ["knowledge.yaml", *(f"knowledge-{number}.yaml" for number in range(2, len(texts) + 1))]
        files = [write(text, name) for text, name in zip(texts, names, strict=True)]
        said = command("import_knowledge", *files, verbosity=verbosity, **options)
        folder = f"{Path(files[0]).parent}/"
        return said._replace(err=said.err.replace(folder, ""))

    return import_texts


def command(name: str, *arguments: str, **options: object) -> Said:
    """What a management command printed; the reason for which it failed stands last in `err`."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(name, *arguments, stdout=out, stderr=err, **options)
    except CommandError as error:
        return Said(out.getvalue(), f"{err.getvalue()}{error}\n", True)
    return Said(out.getvalue(), err.getvalue(), False)
