"""An exported file can be imported again, and means the same."""

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.knowledge import exporter
from config.knowledge.description import SECTION_MODELS
from config.knowledge.exporter import export
from config.knowledge.problem import KnowledgeError, Problem
from events.models import Event, Support
from partnerships.models import Actor, Claim, Review, Source
from tests.config.knowledge.conftest import EVERYTHING, Import, Write, command, everything_again
from tests.factories import (
    AS_OF,
    ActorFactory,
    AddresseeFactory,
    CitationFactory,
    ClaimFactory,
    ClaimSubjectFactory,
    ConsentFactory,
    CooperationFactory,
    DisclosureFactory,
    DocumentFactory,
    EventFactory,
    EvidenceFactory,
    FulfilmentFactory,
    InternalNoteFactory,
    MembershipFactory,
    OfficialPositionFactory,
    ParticipantFactory,
    PartnershipLinkFactory,
    PartyFactory,
    PointFactory,
    ReportFactory,
    ResponseFactory,
    ReviewFactory,
    SessionFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
    ViewingFactory,
    recommendation_with_history,
)
from tests.support.refusal import lifted

pytestmark = pytest.mark.long

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def everything() -> str:
    (text,) = export(at=dt.datetime.now(dt.UTC), drafts=True)
    return text


def test_export_of_an_import_imports_without_a_change(run: Import) -> None:
    run(EVERYTHING)

    (text,) = export(at=dt.datetime.now(dt.UTC))

    assert run(text).out == "Nothing changed: everything in 1 file is there already (16 publications).\n"


def test_year_that_looks_like_another_calendars_is_written_with_its_era(run: Import) -> None:
    until = dt.datetime(2569, 6, 1, tzinfo=dt.UTC)
    SourceFactory(published=True, key="chronicle", date="1446", accessed_date=dt.date(2569, 6, 1), embargo_until=until)

    text = everything()

    assert ("date: 1446 CE\n" in text, "accessed_date: 2569-06-01 CE\n" in text) == (True, True)
    assert run(text).out.startswith("Nothing changed")


def test_export_into_an_empty_database_gives_an_equal_export(run: Import) -> None:
    with transaction.atomic():
        run(EVERYTHING)
        before = everything()
        transaction.set_rollback(True)
    assert Actor.objects.count() == 0

    assert run(before).out == "Imported: 16 created, 16 published, from 1 file.\n"

    assert everything() == before


def test_export_does_not_depend_on_the_order_of_writing(run: Import) -> None:
    texts = []
    for files in ([EVERYTHING, everything_again(1)], [everything_again(1), EVERYTHING]):
        with transaction.atomic():
            run(*files)
            texts.append(everything())
            transaction.set_rollback(True)

    assert texts[0] == texts[1]


def made_at_the_desk() -> None:
    """One of everything that a file can hold, made as the admin makes it: without keys, in any order and state."""
    MembershipFactory(since=dt.date(2001, 1, 1), until=dt.date(2002, 2, 2))
    bloc = ActorFactory(kind=Actor.Kind.BLOC, slug="z", published=True)
    member = MembershipFactory(bloc=bloc, since=None)
    MembershipFactory(bloc=ActorFactory(kind=Actor.Kind.BLOC, slug="b"), member=member.member)
    ActorFactory(withdrawn=True, slug="gone")
    ActorFactory(in_review=True, slug="nearly", embargo_until=dt.datetime(2030, 1, 1, 12, 30, 1, 5, tzinfo=dt.UTC))
    ActorFactory(original_language="tr", name="Yalnız Türkçe")
    party, link = PartyFactory(), PartnershipLinkFactory()
    for thing in ({"party": party}, {"link": link}, {"membership": member}, {"cooperation": CooperationFactory()}):
        CitationFactory(**thing)
    claim = ClaimFactory(statement='  "Quoted": - # [x] {y}\n\n\ttabbed\nNO  ', context="ends in a line break\n")
    ClaimSubjectFactory(claim=claim)
    CitationFactory(claim=claim, quotation="true", locator="2025-09-09", source__date="2025")
    ClaimFactory(quantity_min="0.10", quantity_max="99999999999.99", currency="USD", sensitive=True)
    wrong = ReviewFactory(claim=claim)
    ReviewFactory(claim=claim, status="disputed", corrects=wrong, language="ar")
    ReviewFactory(claim=claim, status="refuted", as_of=AS_OF - dt.timedelta(days=3), recorded_at=NOW)
    OfficialPositionFactory(claim=claim)
    report = ReportFactory(event__start_date=AS_OF, event__start_time=dt.time(9, 5, 7), event__time_zone="UTC")
    session = SessionFactory(event=report.event, position=12)
    SessionFactory(event=report.event, position=9)
    first = PointFactory(report=report, position=7, session=session)
    PointFactory(report=report, position=3, qualifies=first, support="one_participant")
    cleared = PointFactory(report=report, position=1, support="one_participant", key="named")
    Support.objects.filter(pk=cleared.pk).update(cleared_by=report.author, cleared_at=NOW)
    recommendation_with_history(point=first, event=report.event)
    FulfilmentFactory(event=report.event)
    FulfilmentFactory(source=SourceFactory())
    addressee = AddresseeFactory()
    ResponseFactory(addressee=addressee, awaiting=True)
    ResponseFactory(addressee=addressee, partly_accepted=True)
    taken_back = ResponseFactory(awaiting=True)
    ResponseFactory(addressee=taken_back.addressee, corrects=taken_back)
    looked = StatusEntryFactory()
    StatusEntryFactory(addressee=looked.addressee, corrects=looked, state="not_assessed")
    entry = StatusEntryFactory(addressee=addressee, state="superseded")
    EvidenceFactory(entry=entry, locator="b")
    EvidenceFactory(entry=entry, locator="a")


def test_export_of_what_the_desk_made_imports_without_a_change(run: Import) -> None:
    made_at_the_desk()

    said = run(everything(), dry_run=True)

    assert (said.out[:16], said.err) == ("Nothing changed:", "")


def test_export_of_what_the_desk_made_fills_an_empty_database_equally(run: Import) -> None:
    with transaction.atomic():
        made_at_the_desk()
        before = everything()
        transaction.set_rollback(True)

    assert run(before).err == ""

    assert everything() == before


def test_export_leaves_out_a_record_that_was_corrected(db: None) -> None:
    wrong = ReviewFactory(claim=ClaimFactory(published=True), reason="This was wrong.")
    ReviewFactory(claim=wrong.claim, corrects=wrong, reason="This is right.")

    (text,) = export(at=NOW)

    assert "This is right." in text
    assert "This was wrong." not in text
    assert Review.objects.count() == 2


def test_export_holds_what_is_public_and_nothing_else(db: None) -> None:
    ActorFactory(name="Public", published=True)
    ActorFactory(name="Draft")
    ActorFactory(name="Reviewed", in_review=True)
    ActorFactory(name="Embargoed", published=True, embargo_until=NOW + dt.timedelta(seconds=1))
    ActorFactory(name="Withdrawn", withdrawn=True)

    (public,) = export(at=NOW)
    (whole,) = export(at=NOW, drafts=True)

    hidden = ("Draft", "Reviewed", "Embargoed", "Withdrawn")
    assert "name: Public" in public
    assert [name for name in hidden if name in public] == []
    assert [name for name in hidden if name in whole] == list(hidden)


def test_export_never_holds_what_is_restricted(db: None) -> None:
    participant = ParticipantFactory(name="Leyla Secret", affiliation="Secret Office")
    ConsentFactory(participant=participant, evidence="Secret form")
    DisclosureFactory(participant__event=EventFactory(published=True), participant__name="Secret but disclosed")
    ViewingFactory(event=participant.event)
    DocumentFactory(event=participant.event, title="Secret minutes")
    recommendation = recommendation_with_history()
    addressee = recommendation.addressees.first()
    InternalNoteFactory(entry=StatusEntryFactory(addressee=addressee), text="Secret call")
    SubmissionFactory(addressee=addressee, note="Secret proposal")

    text = everything()

    assert recommendation.reference in text
    assert "ecret" not in text
    assert recommendation.author.username not in text


def test_what_was_withdrawn_is_left_out_of_what_names_it(run: Import) -> None:
    run(EVERYTHING)
    Claim.objects.filter(key="pact-is-likely").update(state="withdrawn", withdrawn_at=NOW, withdrawal_note="Wrong.")
    Source.objects.update(state="withdrawn", withdrawn_at=NOW, withdrawal_note="Forged.")
    left_out: list[Problem] = []

    (text,) = export(at=dt.datetime.now(dt.UTC), left_out=left_out)

    assert "pact-is-likely" not in text
    assert "source: analysis" not in text
    assert "statement: The pact exists." in text
    assert "claim “pact-exists”: links[0].target: the claim “pact-is-likely” is not public: left out." in list(
        map(str, left_out)
    )
    assert {problem.file for problem in left_out} == {
        "actor “navy”", "claim “pact-exists”", "partnership “turkiye-qatar”", "report “first-report”",
        "recommendation “R-2025-001”",
    }  # fmt: skip


def test_what_cannot_be_without_what_was_withdrawn_goes_with_it(run: Import) -> None:
    run(EVERYTHING)
    Event.objects.update(state="withdrawn", withdrawn_at=NOW, withdrawal_note="It was not held.")

    (text,) = export(at=dt.datetime.now(dt.UTC))

    assert "\nreports:\n" not in text
    assert "first-report" not in text


RULES_OF_CONTEXT = ["partnerships_claim_context_is_clean", "partnerships_claim_context_en_is_clean"]


def test_export_refuses_what_no_file_can_hold(db: None) -> None:
    with lifted(Claim, RULES_OF_CONTEXT):
        ClaimFactory(key="c", published=True, context="A bell: \a")

        with pytest.raises(KnowledgeError) as caught:
            export(at=NOW)

    assert str(caught.value) == (
        "claim “c”: no file can hold this: context: "
        "U+0007 has no place in a text (character 9, after “A bell: ”): remove it."
    )


def test_export_fills_as_many_files_as_an_import_reads(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    run(EVERYTHING)
    monkeypatch.setattr(exporter, "MAX_BYTES", 3000)

    texts = export(at=dt.datetime.now(dt.UTC))

    assert len(texts) > 2
    assert max(len(text.encode()) for text in texts) < 3000
    assert all(text.startswith("format: 1\n") for text in texts)
    assert run(*texts).out == f"Nothing changed: everything in {len(texts)} files is there already (16 publications).\n"


@pytest.mark.parametrize("count", [1, 3])
def test_export_asks_as_often_for_three_things_as_for_one(run: Import, count: int) -> None:
    run(*map(everything_again, range(count)))

    with CaptureQueriesContext(connection) as queries:
        export(at=NOW, drafts=True)

    assert len(queries) == 83


# The command


def test_command_prints_or_writes_the_same(run: Import, tmp_path: Path) -> None:
    run("{format: 1, actors: [{slug: qatar, kind: state, name: Qatar, iso_code: QA, state: published}]}")
    expected = "format: 1\n\nactors:\n  - slug: qatar\n    kind: state\n    name: Qatar\n    iso_code: QA\n    state: published\n"
    file = tmp_path / "out.yaml"
    file.write_text("what stood here before")

    assert command("export_knowledge").out == expected
    assert command("export_knowledge", str(file)).out == f"Written: {file}\n"
    assert file.read_text(encoding="utf-8") == expected
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".yaml"] == []


def test_command_numbers_the_files_that_it_needs(run: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(EVERYTHING)
    monkeypatch.setattr(exporter, "MAX_BYTES", 6000)

    said = command("export_knowledge", str(tmp_path / "out.yaml"))

    assert said.lines == [f"Written: {tmp_path}/out.yaml", f"Written: {tmp_path}/out-2.yaml"]
    assert command("export_knowledge").err == ("This fills 2 files. Say where to write them: export_knowledge FILE\n")


def test_command_says_why_it_cannot_write(db: None, tmp_path: Path) -> None:
    said = command("export_knowledge", str(tmp_path / "missing" / "out.yaml"))

    assert said.err == f"{tmp_path}/missing/out.yaml cannot be written: No such file or directory.\n"


def test_command_says_what_it_cannot_export(db: None) -> None:
    with lifted(Claim, RULES_OF_CONTEXT):
        ClaimFactory(key="c", published=True, context="A bell: \a")

        said = command("export_knowledge")

    assert said.err == (
        "claim “c”: no file can hold this: context: "
        "U+0007 has no place in a text (character 9, after “A bell: ”): remove it.\n"
        "Nothing was exported.\n"
    )


def test_every_model_of_the_format_is_exported(run: Import, administrator: User, write: Write) -> None:
    run(EVERYTHING)

    (text,) = export(at=dt.datetime.now(dt.UTC))

    assert [section for section in SECTION_MODELS if f"\n{section}:\n" not in text] == []
