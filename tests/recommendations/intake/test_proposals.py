"""What the intake proposes of reports: measured against gold of ours, and what it must never do."""

import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from recommendations.intake.proposals import language_of, proposals
from recommendations.intake.scoring import body, score
from recommendations.intake.text import sentences

REPORTS = Path(__file__).parent / "reports"
NAMES = sorted(file.name.removesuffix(".gold.yaml") for file in REPORTS.glob("*.gold.yaml"))


def gold_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((REPORTS / f"{name}.gold.yaml").read_text("utf-8"))
    return found


def text_of(name: str) -> str:
    return body((REPORTS / f"{name}.txt").read_text("utf-8"))


def test_there_are_reports_in_three_languages() -> None:
    assert {gold_of(name)["language"] for name in NAMES} == {"en", "tr", "ar"}


@pytest.mark.parametrize("name", NAMES)
def test_recommendations_and_event_are_found(name: str) -> None:
    tallies = score(text_of(name), gold_of(name), proposals(text_of(name)))
    for kind in ("recommendations", "event", "points"):
        tally = tallies[kind]
        assert tally["found"] >= 0.9 * tally["gold"], (kind, tally)
        assert tally["right"] >= 0.8 * tally["proposed"], (kind, tally)


@pytest.mark.parametrize("name", NAMES)
def test_gold_answers_to_itself(name: str) -> None:
    gold = gold_of(name)
    text = text_of(name)
    itself: dict[str, Any] = {"language": gold["language"], "event": gold["event"]}
    for kind in ("points", "recommendations", "claims"):
        itself[kind] = [{**item, "quote": item["words"]} for item in gold.get(kind, []) if "words" in item]
    for kind, tally in score(text, gold, itself).items():
        assert tally["found"] == tally["gold"], kind
        assert tally["right"] == tally["proposed"], kind
    nothing = score(text, gold, {})
    assert nothing["recommendations"] == Counter(gold=nothing["recommendations"]["gold"])


@pytest.mark.parametrize("name", NAMES)
def test_each_proposal_stands_where_it_says(name: str) -> None:
    text = text_of(name)
    found = proposals(text)
    for item in [*found["recommendations"], *found["points"], *found["claims"]]:
        quoted = text[item["start"] : item["end"]]
        assert item["text"] in quoted
        assert 0 < item["sure"] <= 1


def test_day_of_a_newspaper_is_not_the_day_of_the_event() -> None:
    found = proposals(text_of("en-news"))["event"]
    assert "date" not in found
    assert "Qatar Foundation" not in str(found.get("organisers"))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("The forum was held on 14-16 November 2012 in Athens.", "2012-11-14/2012-11-16"),
        ("The forum was held from 30 May to 2 June 2021.", "2021-05-30/2021-06-02"),
        ("The forum took place on June 5, 2019.", "2019-06-05"),
        ("The forum took place last week.", None),
        ("Forum 24 Kasım 2023’te İstanbul’da yapılmıştır.", "2023-11-24"),
        ("عُقد المنتدى في الدوحة يوم ٢٠ نوفمبر ٢٠٢٣.", "2023-11-20"),
        ("عُقد المنتدى أمس في الدوحة.", None),
    ],
)
def test_days_are_read_with_their_year_alone(said: str, day: str | None) -> None:
    assert proposals(said)["event"].get("date") == day


def test_everybody_answers_nothing() -> None:
    [asked] = proposals("Participants urged the international community to act without delay.")["recommendations"]
    assert asked["addressees"] == []
    assert asked["nobody_answers"] == ["the international community"]


@pytest.mark.parametrize(
    "heading",
    ["Agenda", "List of participants", "About the organisers", "Gündem", "Kısaltmalar", "جدول الأعمال", "المتحدثون"],
)
def test_what_stands_under_other_headings_is_left_alone(heading: str) -> None:
    text = f"Report\n\n{heading}\n\nAyşe Yılmaz should open the session and participants agreed to listen to her.\n"
    found = proposals(text)
    assert (found["recommendations"], found["points"]) == ([], [])


def test_sentence_that_is_cut_off_is_no_recommendation() -> None:
    found = proposals("Ministries should publish their figures. Ministries should also publish what they")
    assert [item["text"] for item in found["recommendations"]] == ["Ministries should publish their figures."]


@pytest.mark.parametrize(
    "text",
    ["", " \n\n\t", "x", "a" * 50_000, "1\n2\n3\n", "\u202eevil\u202c should go.", "SavaÅŸ Ã¼lke.", "| a | b |\n| - | - |\n",
     "????", "。。。", "The same should be done. " * 500, "-\n-\n-", "#" * 200, "(" * 3_000, "a, " * 20_000],
)  # fmt: skip
def test_anything_is_read_as_far_as_it_can_be(text: str) -> None:
    found = proposals(text)
    assert set(found) == {"language", "event", "points", "recommendations", "claims"}


def test_report_of_three_hundred_pages_is_read() -> None:
    page = text_of("en-communique") + "\n\n"
    whole = page * (300 * 3000 // len(page))
    found = proposals(whole)
    assert len(found["recommendations"]) >= 4 * whole.count("Recommendations\n")


def test_language_is_that_of_most_of_the_text() -> None:
    assert [language_of(text_of(name)) for name in NAMES] == [gold_of(name)["language"] for name in NAMES]


def test_sentences_end_where_they_end() -> None:
    said = "Dr. A. Kaya of the U.N. spoke. 7. Türkiye Forumu 3.5 saat sürdü. Was it so? Yes!"
    assert [one.text for one in sentences(said)] == [
        "Dr. A. Kaya of the U.N. spoke.", "7. Türkiye Forumu 3.5 saat sürdü.", "Was it so?", "Yes!",
    ]  # fmt: skip


def test_command_says_how_much_was_found(tmp_path: Path) -> None:
    said = io.StringIO()
    call_command("measure_intake", REPORTS, stdout=said)
    assert {"ar", "en", "tr"} <= set(said.getvalue().splitlines())
    assert "must not" not in said.getvalue()
    with pytest.raises(CommandError, match="no file"):
        call_command("measure_intake", tmp_path)
