"""The citation formats, read back by other libraries: bibtexparser, rispy and citeproc-py."""

import datetime as dt
import json
import re
from dataclasses import replace
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc.source.json import CiteProcJSON
from hypothesis import example, given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from publishing.bibliography import bibtex, csl, highwire, ris
from publishing.bibliography.work import Work, one_line
from publishing.languages import Text

WORK = Work(
    kind="claim",
    type_name="Claim",
    identifier="0123456789",
    title=Text("Qatar and Pakistan have finalised a pact.", "en"),
    publisher="Majlis",
    published=dt.date(2026, 2, 3),
    version=2,
    accessed=dt.date(2026, 6, 4),
    address="https://majlis.example/claims/0123456789/?as_of=2026-05-31",
    as_of=dt.date(2026, 5, 31),
    caveat="verification status: Unverified",
)
NOTE = "version 2; verification status: Unverified; as known on 2026-05-31"
POINT = replace(
    WORK,
    kind="point",
    type_name="Call",
    as_of=None,
    caveat="",
    part_of=Text("Türkiye–Katar: ilk yuvarlak masa", "tr"),
)
HARD = (
    r"50 % of $2 billion & \more_ #1 {a} ~b^c `d` <e> |f|",
    "one { brace alone",
    "one } brace alone",
    r"ends with a backslash \\",
    '"quoted", ‘quoted’ and "so on"',
    "1990--2000 --- ,,low'' quotation",
    "İstanbul ığdır ŞÇÖĞÜ âîû",
    "مذكرة «تفاهم» بين قطر وباكستان، 2025؟",
    "mixed العربية and English \u200f(rtl)\u200f",
    "@article{evil, title = {x}}",
    "first line\r\nTY  - JOUR\r\nER  - ",
    "first line\u2028TY  - JOUR\x85ER  - \x0bAU  - Somebody\x1eUR  - https://evil.example",
    "a no-break\u00a0space, é (combining: e\u0301), 🕊",
    "it's",
)


def decoder() -> LatexNodes2Text:
    """What LaTeX prints, as pylatexenc reckons it; its table lacks some characters of LaTeX's own kernel."""
    kernel = {"braceleft": "{", "braceright": "}", "less": "<", "greater": ">", "bar": "|", "asciicircum": "^"}
    known = get_default_latex_context_db()
    macros = [MacroTextSpec(f"text{name}", character) for name, character in kernel.items()]
    known.add_context_category("kernel", macros=macros, prepend=True)
    return LatexNodes2Text(latex_context=known, math_mode="verbatim")


def of_bibtex(text: str) -> dict[str, str]:
    library = parse_string(text, append_middleware=[LatexDecodingMiddleware(decoder=decoder())])
    assert (library.failed_blocks, len(library.blocks)) == ([], 1)
    (entry,) = library.entries
    return {"type": entry.entry_type, "key": entry.key} | {
        f"field {field.key}": str(field.value) for field in entry.fields
    }


def of_ris(text: str) -> dict[str, Any]:
    (record,) = rispy.loads(text)
    return dict(record)


def test_bibtex_says_everything() -> None:
    assert of_bibtex(bibtex.entry(WORK)) == {
        "type": "techreport",
        "key": "majlis-claim-0123456789-v2-2026-05-31",
        "field author": "Majlis",
        "field title": "Qatar and Pakistan have finalised a pact.",
        "field institution": "Majlis",
        "field type": "Claim",
        "field number": "0123456789",
        "field date": "2026-02-03",
        "field year": "2026",
        "field month": "feb",
        "field version": "2",
        "field note": NOTE,
        "field url": "https://majlis.example/claims/0123456789/?as_of=2026-05-31",
        "field urldate": "2026-06-04",
        "field langid": "english",
    }


def test_ris_says_everything() -> None:
    assert of_ris(ris.record(WORK)) == {
        "type_of_reference": "RPRT",
        "id": "majlis-claim-0123456789-v2-2026-05-31",
        "authors": ["Majlis"],
        "title": "Qatar and Pakistan have finalised a pact.",
        "publisher": "Majlis",
        "type_of_work": "Claim",
        "issn": "0123456789",
        "edition": "2",
        "year": "2026",
        "date": "2026/02/03/",
        "language": "en",
        "notes": [NOTE],
        "urls": ["https://majlis.example/claims/0123456789/?as_of=2026-05-31"],
        "access_date": "2026/06/04/",
    }


def test_ris_has_the_lines_that_its_specification_asks_for() -> None:
    lines = ris.record(WORK).split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("TY  - RPRT", "ER  - ", "")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines[:-1])


def test_csl_says_everything_and_citeproc_reads_it() -> None:
    text = csl.document(WORK)
    assert json.loads(text) == [
        {
            "id": "majlis-claim-0123456789-v2-2026-05-31",
            "citation-key": "majlis-claim-0123456789-v2-2026-05-31",
            "type": "report",
            "genre": "Claim",
            "author": [{"literal": "Majlis"}],
            "publisher": "Majlis",
            "title": "Qatar and Pakistan have finalised a pact.",
            "number": "0123456789",
            "version": "2",
            "issued": {"date-parts": [[2026, 2, 3]]},
            "accessed": {"date-parts": [[2026, 6, 4]]},
            "URL": "https://majlis.example/claims/0123456789/?as_of=2026-05-31",
            "language": "en",
            "note": NOTE,
            "custom": {"as-of": "2026-05-31"},
        }
    ]
    (reference,) = CiteProcJSON([without_custom(item) for item in json.loads(text)]).values()
    assert (reference.type, str(reference.title), reference.key) == ("report", WORK.name, WORK.key)
    assert (reference.issued.year, reference.issued.month, reference.issued.day) == (2026, 2, 3)
    assert [author.parts()[1] for author in reference.author] == ["Majlis"]


def without_custom(item: dict[str, Any]) -> dict[str, Any]:
    """What citeproc-py has names for; it prints lists of references and knows no `custom` and no key beside the id."""
    return {name: value for name, value in item.items() if name not in {"custom", "citation-key"}}


def test_point_says_of_which_report_it_is() -> None:
    assert of_bibtex(bibtex.entry(POINT))["field series"] == "Türkiye–Katar: ilk yuvarlak masa"
    assert of_ris(ris.record(POINT))["secondary_title"] == "Türkiye–Katar: ilk yuvarlak masa"
    assert json.loads(csl.document(POINT))[0]["collection-title"] == "Türkiye–Katar: ilk yuvarlak masa"
    assert ("citation_series_title", "Türkiye–Katar: ilk yuvarlak masa") in highwire.tags(POINT)


def test_what_takes_no_day_has_none() -> None:
    assert of_bibtex(bibtex.entry(POINT))["key"] == "majlis-point-0123456789-v2"
    assert "custom" not in json.loads(csl.document(POINT))[0]
    assert of_ris(ris.record(POINT))["notes"] == ["version 2"]


@pytest.mark.parametrize(("language", "name"), [("en", "english"), ("tr", "turkish"), ("ar", "arabic")])
def test_language_is_that_of_the_title(language: str, name: str) -> None:
    work = replace(WORK, title=Text("…", language))
    assert of_bibtex(bibtex.entry(work))["field langid"] == name
    assert of_ris(ris.record(work))["language"] == language
    assert json.loads(csl.document(work))[0]["language"] == language


@pytest.mark.parametrize("words", HARD)
def test_hard_words_come_back_as_they_were(words: str) -> None:
    comes_back(words)


@given(words=st.text(alphabet=st.characters(codec="utf-8"), max_size=60).filter(lambda words: bool(one_line(words))))
@example(words="\\{}\\}{")
def test_any_words_come_back_as_they_were(words: str) -> None:
    comes_back(words)


def comes_back(words: str) -> None:
    """In the title, in the name of the report, in what is said beside it: nothing lost, nothing added."""
    kept = one_line(words)
    work = replace(WORK, title=Text(words, "ar"), part_of=Text(words, "ar"), caveat=words, publisher=words)
    entry = of_bibtex(bibtex.entry(work))
    note = f"version 2; {kept}; as known on 2026-05-31"
    assert len(entry) == 16
    names = ("title", "series", "author", "institution", "note")
    assert [entry[f"field {name}"] for name in names] == [kept, kept, kept, kept, note]
    record = of_ris(ris.record(work))
    assert len(record) == 15
    assert (record["title"], record["secondary_title"], record["authors"], record["notes"]) == (
        kept,
        kept,
        [kept],
        [note],
    )
    (item,) = json.loads(csl.document(work))
    assert (item["title"], item["collection-title"], item["author"], item["note"]) == (
        kept,
        kept,
        [{"literal": kept}],
        note,
    )


def test_words_stand_on_one_line() -> None:
    assert one_line("  one\r\n two\u2028three\x85four\x0bfive\tsix ") == "one two three four five six"


def test_tags_keep_to_the_rules_of_google_scholar() -> None:
    """A title, an author, a date as 2010/5/12; for a report its institution and its number."""
    tags = dict(highwire.tags(WORK))
    assert tags == {
        "citation_title": "Qatar and Pakistan have finalised a pact.",
        "citation_author": "Majlis,",
        "citation_publication_date": "2026/2/3",
        "citation_technical_report_institution": "Majlis",
        "citation_technical_report_number": "0123456789, version 2, as known on 2026-05-31",
        "citation_abstract": "verification status: Unverified",
        "citation_language": "en",
        "citation_public_url": "https://majlis.example/claims/0123456789/?as_of=2026-05-31",
    }
    assert re.fullmatch(r"[0-9]{4}(/[0-9]{1,2}/[0-9]{1,2})?", tags["citation_publication_date"])


ZOTERO = {
    "citation_title": "title",
    "citation_publication_date": "date",
    "citation_series_title": "series",
    "citation_technical_report_institution": "institution",
    "citation_technical_report_number": "number",
    "citation_abstract": "abstractNote",
    "citation_public_url": "url",
    "citation_language": "language",
    "citation_author": "creators",
}
"""Where Zotero's translator "Embedded Metadata" puts each tag; what is not here it would drop."""


def surname_and_rest(author: str) -> tuple[str, str]:
    """How Zotero's translator takes an author apart (June 2025: processHighwireCreators, then cleanAuthor).

    Semicolons part authors, and so does a comma with a space on either side of it; then a comma parts the
    surname from the rest, and where there is none the last blank does. What stands at the ends is dropped.
    """
    assert ";" not in author
    by_comma = re.split(r"\s*,\s*", author)
    assert not (len(by_comma) > 1 and " " in by_comma[0] and " " in by_comma[1])
    bare = author.strip(" \xa0.,/[]:")
    if "," in author:
        surname, _comma, rest = bare.partition(",")
        return surname, rest.strip()
    rest, _blank, surname = bare.rpartition(" ")
    return surname, rest


@pytest.mark.parametrize(
    "publisher",
    ["Gulf International Studies and Research", "ORSAM", "Körfez Araştırmaları Merkezi", "مركز الخليج للدراسات"],
)
def test_zotero_keeps_the_name_of_an_institution_whole(publisher: str) -> None:
    tags = dict(highwire.tags(replace(WORK, publisher=publisher)))
    assert surname_and_rest(tags["citation_author"]) == (publisher, "")
    assert tags["citation_technical_report_institution"] == publisher
    if " " in publisher:
        assert surname_and_rest(publisher) != (publisher, "")


@pytest.mark.parametrize("work", [WORK, POINT])
def test_tags_are_those_that_zotero_reads(work: Work) -> None:
    names = [name for name, _content in highwire.tags(work)]
    assert set(names) <= set(ZOTERO)
    assert len(set(names)) == len(names)
    assert "citation_technical_report_institution" in names  # by which Zotero takes the page for a report
    assert not {"citation_journal_title", "citation_book_title", "citation_conference_title"} & set(names)
