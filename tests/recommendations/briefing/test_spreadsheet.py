"""A briefing pack as a spreadsheet: read back by another library, and examined as XML."""

import dataclasses
import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext
from lxml import etree

from publishing.languages import Text
from recommendations.briefing import spreadsheet
from recommendations.briefing.content import OpenItems, Pack
from recommendations.briefing.spreadsheet import MAX_TEXT_LENGTH, cut
from tests.recommendations.briefing.reading import all_text_of, sheets
from tests.recommendations.briefing.test_word import ARABIC, TURKISH, asked, item, pack, shown, with_words_everywhere

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = [
    '=HYPERLINK("https://evil.example","x")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "＝1+1",
]


def xml_of(whole: Pack) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(spreadsheet.write(whole))) as package:
        assert package.testzip() is None
        return {name: etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")}


def worksheets(whole: Pack) -> list[Any]:
    return [root for name, root in sorted(xml_of(whole).items()) if name.startswith("xl/worksheets/")]


def test_first_sheet_is_about_the_pack_and_not_about_the_site() -> None:
    with translation.override("ar"):
        assert gettext("About") == "حول الموقع"
        assert gettext("About") not in sheets(pack(language="ar"))


def test_spreadsheet_says_what_the_pack_says() -> None:
    found = sheets(pack())
    assert list(found) == ["About", "Open items", "Changes", "Evidence", "Questions"]
    assert found["About"][:4] == [
        ["Briefing pack", "Briefing pack: Annual dialogue"],
        ["As known on", "1 September 2025"],
        ["Changes since", "15 May 2025"],
        ["Chosen by", "Series: Annual dialogue; Past its target date"],
    ]
    first = dict(zip(*found["Open items"][:2], strict=True))
    assert first == {
        "Addressee": "Qatar",
        "Role": "Lead",
        "Reference": "R-2025-001",
        "Title": "An annual dialogue",
        "Text": "Hold it each year:\n1. for trust\n2. for warning",
        "Strength": "Key",
        "Asked at": "First roundtable",
        "Asked on": dt.date(2025, 4, 1),
        "Series": "Annual dialogue",
        "Edition": 1.0,
        "Target date": dt.date(2025, 8, 1),
        "Target date has passed": "yes",
        "Response": "Accepted",
        "Response as of": dt.date(2025, 6, 2),
        "Implementation": "In progress",
        "Confidence": "Claimed",
        "Last checked": dt.date(2025, 7, 3),
        "Not checked for long": "",
        "What was said of it": "Note: A programme was drafted.",
        "Next step": "Work on it has to be completed.",
        "Whose turn": "The addressee's",
        "Public page": "https://majlis.example/recommendations/R-2025-001/",
    }
    change = dict(zip(*found["Changes"], strict=True))
    assert (change["Recorded"], change["As of"], change["Corrects an earlier entry"]) == (
        dt.date(2025, 7, 3),
        dt.date(2025, 7, 2),
        "yes",
    )
    evidence = dict(zip(*found["Evidence"], strict=True))
    assert (evidence["Source"], evidence["Address"], evidence["Grade"]) == (
        "Joint communiqué",
        "https://example.org/a?b=1&c=2",
        "B2",
    )
    assert found["Questions"][1] == [
        "Qatar",
        "R-2025-001",
        "An annual dialogue",
        "What is the next step?",
        "The second part.",
    ]


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
@pytest.mark.parametrize("words", FORMULAS)
def test_what_looks_like_a_formula_is_a_text(words: str, language: str) -> None:
    whole = with_words_everywhere(words, "en", language)
    for root in worksheets(whole):
        assert list(root.iter(f"{M}f")) == []
        assert {cell.get("t") for cell in root.iter(f"{M}c") if cell.find(f"{M}v") is not None} <= {"s", "n", None}
    *_others, questions = sheets(whole).values()
    assert questions[1][0] == words.replace("\r", "\n")


@pytest.mark.parametrize("words", [words for words in FORMULAS if words[0] in "=+-@\t\r\n"])
def test_what_looks_like_a_formula_is_marked_as_a_text(words: str) -> None:
    parts = xml_of(with_words_everywhere(words, "en", "en"))
    styles = list(parts["xl/styles.xml"].find(f"{M}cellXfs"))
    strings = ["".join(one.itertext()) for one in parts["xl/sharedStrings.xml"].iter(f"{M}si")]
    beginnings = ("=", "+", "-", "@", "\t", "\n")
    cells = [
        cell
        for name, root in parts.items()
        for cell in root.iter(f"{M}c")
        if name.startswith("xl/worksheets/")
        and cell.get("t") == "s"
        and strings[int(cell.find(f"{M}v").text)].startswith(beginnings)
    ]
    assert len(cells) >= 15
    assert {styles[int(cell.get("s"))].get("quotePrefix") for cell in cells} == {"1"}


@pytest.mark.parametrize(("language", "is_rtl"), [("en", None), ("tr", None), ("ar", "1")])
def test_sheets_go_in_the_direction_of_the_language(language: str, is_rtl: str | None) -> None:
    found = [root.find(f".//{M}sheetView").get("rightToLeft") for root in worksheets(pack(language=language))]
    assert found == [is_rtl] * 5


def test_heading_stays_in_sight_and_filters_and_is_printed_on_each_page() -> None:
    parts = xml_of(pack())
    for number in (2, 3, 4, 5):
        root = parts[f"xl/worksheets/sheet{number}.xml"]
        pane = root.find(f".//{M}pane")
        assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
        assert root.find(f"{M}autoFilter").get("ref").startswith("A1:")
        assert all(float(column.get("width")) > 7 for column in root.iter(f"{M}col"))
    names = [name.get("name") for name in parts["xl/workbook.xml"].iter(f"{M}definedName")]
    assert names.count("_xlnm.Print_Titles") == 4


@pytest.mark.parametrize("of_pack", ["en", "tr", "ar"])
@pytest.mark.parametrize(("words", "language"), [(ARABIC, "ar"), (TURKISH, "tr"), ("😀 plain", "en"), ("???", "")])
def test_any_language_in_every_place_is_read_back(words: str, language: str, of_pack: str) -> None:
    _about, open_items, changes, evidence, questions = sheets(with_words_everywhere(words, language, of_pack)).values()
    assert [open_items[1][place] for place in (0, 3, 4, 6, 8)] == [words] * 5
    assert [changes[1][place] for place in (3, 4)] == [words] * 2
    assert [evidence[1][place] for place in (1, 2, 7, 8, 9, 11, 12)] == [words] * 7
    assert questions[1][0] == questions[1][2] == questions[1][3] == questions[1][4] == words


def test_arabic_text_is_read_from_right_to_left_in_an_english_sheet() -> None:
    parts = xml_of(with_words_everywhere(ARABIC, "ar", "en"))
    cell = parts["xl/worksheets/sheet2.xml"].find(f".//{M}c[@r='D2']")
    style = list(parts["xl/styles.xml"].find(f"{M}cellXfs"))[int(cell.get("s"))]
    assert style.find(f"{M}alignment").get("readingOrder") == "2"


@pytest.mark.parametrize("words", ["\x00\x01\x0b\x1f", "a\ufffeb", "<c/>&amp;]]>", "_x0041_", "\u202eevil"])
def test_hostile_words_make_a_sound_spreadsheet(words: str) -> None:
    found = sheets(with_words_everywhere(words, "en", "en"))
    expected = {"\x00\x01\x0b\x1f": "\ufffd" * 4, "a\ufffeb": "a\ufffdb", "\u202eevil": "evil"}.get(words, words)
    assert found["Open items"][1][0] == expected


@pytest.mark.parametrize("character", ["x", "ع", "😀"])
def test_text_that_is_too_long_for_a_cell_is_cut_and_says_so(character: str) -> None:
    words = character * 40_000
    (_heading, row, *_others) = sheets(with_words_everywhere(words, "en", "en"))["Open items"]
    assert row[0].endswith("[cut here: a cell holds no more]")
    assert len(row[0].encode("utf-16-le")) // 2 in (MAX_TEXT_LENGTH, MAX_TEXT_LENGTH - 1)
    assert cut("x" * MAX_TEXT_LENGTH) == "x" * MAX_TEXT_LENGTH


def test_row_is_as_high_as_its_texts_up_to_a_limit() -> None:
    heights = [
        float(worksheets(with_words_everywhere(words, "en", "en"))[4].findall(f".//{M}row")[1].get("ht", 15))
        for words in ("short", "word " * 20, "x" * 40_000)
    ]
    assert heights == [15, 75, 180]


def test_unknown_day_is_said_in_words() -> None:
    undated = OpenItems(Text("Qatar", "en"), (item(asked=asked(event_date=None, event_days="date unknown")),))
    assert sheets(pack(open_items=(undated,)))["Open items"][1][7] == "date unknown"


@pytest.mark.parametrize(
    ("url", "is_link"),
    [("https://example.org/a", True), ("javascript:alert(1)", False), ("file:///etc/passwd", False), ("=1+1", False)],
)
def test_only_web_addresses_become_links(url: str, is_link: bool) -> None:
    whole = pack(evidence=(shown(url=url),))
    with zipfile.ZipFile(io.BytesIO(spreadsheet.write(whole))) as package:
        rels = package.read("xl/worksheets/_rels/sheet4.xml.rels").decode() if is_link else ""
        has_rels = "xl/worksheets/_rels/sheet4.xml.rels" in package.namelist()
    assert has_rels == is_link
    assert (url in rels) == is_link
    assert sheets(whole)["Evidence"][1][13] == url


def test_drafts_are_announced_on_every_printed_page() -> None:
    warning = "Contains drafts that are not published. Not for circulation."
    for root in worksheets(pack(with_drafts=True)):
        assert warning in root.find(f".//{M}oddHeader").text
    assert ["Drafts", warning] in sheets(pack(with_drafts=True))["About"]
    assert warning not in all_text_of(spreadsheet.write(pack()))


def test_header_of_the_page_takes_no_codes_from_a_name() -> None:
    whole = pack(about=Text("Trade & Industry &P", "en"))
    assert worksheets(whole)[0].find(f".//{M}oddHeader").text == "&CBriefing pack: Trade && Industry &&P"


def test_properties_name_the_house_and_nobody_else() -> None:
    parts = xml_of(pack(prepared_by="Leyla Example"))
    core = {etree.QName(child).localname: child.text for child in parts["docProps/core.xml"]}
    assert core["creator"] == core["lastModifiedBy"] == "Majlis"
    assert core["created"] == core["modified"] == "2025-09-01T09:00:00Z"
    assert "Leyla" not in "".join(text or "" for text in core.values())


def test_empty_pack_has_its_headings() -> None:
    found = sheets(dataclasses.replace(pack(), number=0, states=(), open_items=(), changes=(), evidence=()))
    assert [len(found[name]) for name in ("Open items", "Changes", "Evidence", "Questions")] == [1, 1, 1, 1]
