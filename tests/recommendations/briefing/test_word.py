"""A briefing pack as a Word document: opened again by python-docx, and examined as XML."""

import dataclasses
import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from docx import Document
from lxml import etree

from publishing.languages import Text
from recommendations.briefing import word
from recommendations.briefing.content import (
    NOTHING,
    LabelledText,
    OpenItem,
    OpenItems,
    Pack,
    PackRecommendation,
    Question,
    Recorded,
    Shown,
)
from recommendations.briefing.markup import stretches
from tests.recommendations.briefing.reading import AT, SINCE, W, all_text_of, part, texts, word_parts

ARABIC = "إطلاق حوار سنوي (R-2025-001) لعام 2025"
TURKISH = "İşbirliği için ığdır ılıca çalıştayı"
CONTENT_MODEL = {
    "pPr": ["pStyle", "keepNext", "bidi"],
    "rPr": ["rStyle", "b", "bCs", "i", "rtl", "lang"],
    "tblPr": [
        "tblStyle",
        "bidiVisual",
        "tblW",
        "tblLayout",
        "tblLook",
        "tblCaption",
        "tblDescription",
    ],
}
"""The order that ECMA-376 demands of the properties that are used here."""


def asked(**facts: Any) -> PackRecommendation:
    return PackRecommendation(
        **{
            "reference": "R-2025-001",
            "title": Text("An annual dialogue", "en"),
            "text": Text("Hold it **each year**:\n\n1. for trust\n2. for warning", "en"),
            "address": "https://majlis.example/recommendations/R-2025-001/",
            "strength": "Key",
            "event": Text("First roundtable", "en"),
            "event_days": "1 April 2025",
            "event_date": dt.date(2025, 4, 1),
            "series": Text("Annual dialogue", "en"),
            "edition": 1,
            "target_date": dt.date(2025, 8, 1),
            "is_draft": False,
            **facts,
        }
    )


def item(**facts: Any) -> OpenItem:
    return OpenItem(
        **{
            "asked": asked(),
            "role": "Lead",
            "response": "Accepted",
            "responded_date": dt.date(2025, 6, 2),
            "implementation": "In progress",
            "confidence": "Claimed",
            "is_confirmed": False,
            "checked_date": dt.date(2025, 7, 3),
            "is_overdue": True,
            "is_stale": False,
            "turn": "The addressee's",
            "next_step": "Work on it has to be completed.",
            "said": (LabelledText("Note", Text("A programme was drafted.", "en")),),
            "questions": (Question("What is the next step?", Text("The second part.", "en")),),
            **facts,
        }
    )


def change(**facts: Any) -> Recorded:
    return Recorded(
        **{
            "recorded_date": dt.date(2025, 7, 3),
            "as_of": dt.date(2025, 7, 2),
            "asked": asked(),
            "addressee": Text("Qatar", "en"),
            "axis": "Implementation",
            "value": "In progress",
            "is_correction": True,
            **facts,
        }
    )


def shown(**facts: Any) -> Shown:
    return Shown(
        **{
            "asked": asked(),
            "addressee": Text("Qatar", "en"),
            "axis": "Implementation",
            "value": "In progress",
            "as_of": dt.date(2025, 7, 2),
            "stance": "Supports",
            "title": Text("Joint communiqué", "en"),
            "publisher": Text("Foreign Ministry", "en"),
            "author": "",
            "date": "June 2025",
            "locator": "p. 4",
            "quotation": Text("They agreed.", "en"),
            "url": "https://example.org/a?b=1&c=2",
            "accessed_date": dt.date(2025, 7, 4),
            "has_copy": True,
            "nature": "Independent",
            "grade": "B2",
            **facts,
        }
    )


def pack(**facts: Any) -> Pack:
    return Pack(
        **{
            "language": "en",
            "about": Text("Annual dialogue", "en"),
            "made_at": AT,
            "known_on": AT.date(),
            "is_of_the_past": False,
            "since": SINCE,
            "filters": (("Series", "Annual dialogue"), ("Past its target date", "")),
            "prepared_by": "",
            "with_drafts": False,
            "number": 2,
            "states": (("In progress", 1), ("Stalled", 1)),
            "no_response_days": 60,
            "stale_months": 6,
            "open_items": (
                OpenItems(
                    Text("Qatar", "en"),
                    (item(), item(asked=asked(reference="R-2025-002"), checked_date=None, questions=())),
                ),
            ),
            "changes": (change(),),
            "evidence": (shown(),),
            **facts,
        }
    )


def with_words_everywhere(words: str, language: str, of_pack: str) -> Pack:
    """A pack in which every text that somebody wrote is `words`."""
    text = Text(words, language)
    about = asked(title=text, text=text, event=text, series=text)
    return pack(
        language=of_pack,
        about=text,
        prepared_by=words,
        filters=((words, words),),
        open_items=(
            OpenItems(
                text,
                (
                    item(asked=about, said=(LabelledText(words, text),), questions=(Question(words, text),)),
                    item(asked=about, questions=()),
                ),
            ),
        ),
        changes=(change(asked=about, addressee=text, said=(LabelledText(words, text),)),),
        evidence=(
            shown(asked=about, addressee=text, title=text, publisher=text, author=words, locator=words, quotation=text),
        ),
    )


def test_document_says_what_the_pack_says() -> None:
    found = texts(pack())
    for words in (
        "As known on\t1 September 2025",
        "Changes since\t15 May 2025",
        "Chosen by\tSeries: Annual dialogue; Past its target date",
        "Recommendations\t2",
        "Open items, by addressee – 2 items",
        "Changes since 15 May 2025 – 1 change",
        "Evidence – 1 source",
        "Suggested questions – 1 question",
        "R-2025-001 An annual dialogue",
        "Hold it each year:",
        "1. for trust",
        "Asked\tFirst roundtable · 1 April 2025 · Annual dialogue · edition 1",
        "Response\tAccepted (2 June 2025)",
        "Implementation\tIn progress (Claimed)",
        "Note\tA programme was drafted.",
        "Last checked\t3 July 2025",
        "Last checked\tnot yet checked",
        "Target date\t1 August 2025 – passed",
        "Next step\tWork on it has to be completed.",
        "Whose turn\tThe addressee's",
        "Implementation: In progress\nCorrects an earlier entry.",
        "Implementation: In progress (2 July 2025)\nSupports",
        "Joint communiqué · Foreign Ministry · June 2025 · p. 4\nThey agreed.\nhttps://example.org/a?b=1&c=2"
        "\nRead on 4 July 2025. A copy is kept in the archive of the house.\nGrade B2 · Independent",
        "What is the next step?",
        "The second part.",
        "No response: Sent, and unanswered for more than 60 days, unless the series sets another time.",
    ):
        assert words in found


def test_headings_are_real_ones() -> None:
    document = Document(io.BytesIO(word.write(pack())))
    headings = [
        (paragraph.style.name, paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.style is not None and paragraph.style.name.startswith(("Heading", "Title"))
    ]
    assert headings == [
        ("Title", "Briefing pack"),
        ("Heading 2", "What is in it"),
        ("Heading 2", "At a glance"),
        ("Heading 1", "Open items, by addressee"),
        ("Heading 2", "Qatar"),
        ("Heading 3", "R-2025-001 An annual dialogue"),
        ("Heading 3", "R-2025-002 An annual dialogue"),
        ("Heading 1", "Changes since 15 May 2025"),
        ("Heading 1", "Evidence"),
        ("Heading 1", "Suggested questions"),
        ("Heading 2", "Qatar"),
        ("Heading 3", "R-2025-001 An annual dialogue"),
        ("Heading 1", "How to read it"),
    ]


def test_every_table_repeats_its_heading_and_says_what_it_is() -> None:
    tables = list(part(pack()).iter(f"{W}tbl"))
    assert len(tables) == 4
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        for name in ("tblCaption", "tblDescription"):
            assert table.find(f"{W}tblPr/{W}{name}").get(f"{W}val") != ""
        widths = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
        assert sum(widths) == 9638  # 210 mm less two margins of 20


@pytest.mark.parametrize("language", ["en", "tr"])
def test_left_to_right_document_has_no_mark_of_the_other_direction(language: str) -> None:
    root = part(pack(language=language))
    assert {bidi.get(f"{W}val") for bidi in root.iter(f"{W}bidi")} == {"0"}
    assert list(root.iter(f"{W}rtl")) == list(root.iter(f"{W}bidiVisual")) == []


def test_arabic_document_is_written_from_right_to_left() -> None:
    whole = with_words_everywhere(ARABIC, "ar", "ar")
    root = part(whole)
    assert root.find(f"{W}body/{W}sectPr/{W}bidi") is not None
    assert all(table.find(f"{W}tblPr/{W}bidiVisual") is not None for table in root.iter(f"{W}tbl"))
    for paragraph in root.iter(f"{W}p"):
        assert paragraph.find(f"{W}pPr/{W}bidi").get(f"{W}val") == "1"
    for run in root.iter(f"{W}r"):
        words = "".join(text.text for text in run.iter(f"{W}t"))
        is_arabic = any("\u0600" <= character <= "\u06ff" for character in words)
        if is_arabic:
            assert run.find(f"{W}rPr/{W}rtl") is not None, words
            assert run.find(f"{W}rPr/{W}lang").get(f"{W}bidi") == "ar-SA"
        elif any(character.isascii() and character.isalpha() for character in words):
            assert run.find(f"{W}rPr/{W}rtl") is None, words
    styles = part(whole, "word/styles.xml")
    normal = styles.find(f"{W}style[@{W}styleId='Normal']")
    assert normal.find(f"{W}pPr/{W}bidi").get(f"{W}val") == "1"
    assert styles.find(f".//{W}rPrDefault/{W}rPr/{W}rFonts").get(f"{W}cs") == "Arial"
    for style in styles.iter(f"{W}style"):
        size = style.find(f"{W}rPr/{W}sz")
        assert size is None or style.find(f"{W}rPr/{W}szCs") is not None  # Arabic has its own size, and weight
        assert style.find(f"{W}rPr/{W}b") is None or style.find(f"{W}rPr/{W}bCs") is not None


def test_words_of_the_other_direction_are_held_together() -> None:
    """Or the full stop of an English sentence would stand at its left in an Arabic line."""
    root = part(pack(language="ar"))
    runs = ["".join(text.text for text in run.iter(f"{W}t")) for run in root.iter(f"{W}r")]
    assert "\u200eA programme was drafted.\u200e" in runs
    english = part(with_words_everywhere("كلمات.", "ar", "en"))
    assert "\u200fكلمات.\u200f" in "".join(text.text for text in english.iter(f"{W}t"))


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("مرجع R-2025-001 هنا", [("مرجع ", True), ("R-2025-001", False), (" هنا", True)]),
        ("كلمات فقط، 2025", [("كلمات فقط، 2025", True)]),
        ("NATO AJP-2.1.", [("NATO AJP-2.1", False), (".", True)]),
        ("", []),
    ],
)
def test_stretches_of_arabic(words: str, cut: list[tuple[str, bool]]) -> None:
    assert list(stretches(words, is_rtl=True)) == cut
    assert list(stretches(words, is_rtl=False)) == [(words, False)]


@pytest.mark.parametrize(("language", "locale"), [("en", "en-GB"), ("tr", "tr-TR")])
def test_language_of_the_document_is_set(language: str, locale: str) -> None:
    styles = part(pack(language=language), "word/styles.xml")
    assert styles.find(f".//{W}rPrDefault/{W}rPr/{W}lang").get(f"{W}val") == locale
    document = Document(io.BytesIO(word.write(pack(language=language))))
    assert document.core_properties.language == locale


def test_no_letter_changes_its_case() -> None:
    """What one language capitalises, another would misspell: i becomes İ in Turkish."""
    root = part(with_words_everywhere(TURKISH, "tr", "tr"))
    assert "".join(text.text for text in root.iter(f"{W}t")).count(TURKISH) >= 15
    assert not list(part(pack(), "word/styles.xml").iter(f"{W}caps", f"{W}smallCaps"))


@pytest.mark.parametrize("of_pack", ["en", "tr", "ar"])
@pytest.mark.parametrize(("words", "language"), [(ARABIC, "ar"), (TURKISH, "tr"), ("plain", "en"), ("???", "")])
def test_any_language_in_every_place_makes_a_sound_document(words: str, language: str, of_pack: str) -> None:
    for name, root in word_parts(with_words_everywhere(words, language, of_pack)).items():
        for tag, order in CONTENT_MODEL.items():
            for properties in root.iter(f"{W}{tag}") if name == "word/document.xml" else ():
                names = [etree.QName(child).localname for child in properties]
                assert names == [one for one in order if one in names]
        for cell in root.iter(f"{W}tc"):
            assert cell[-1].tag == f"{W}p"  # or Word calls the document damaged


@pytest.mark.parametrize(
    "words",
    ["\x00\x01\x0b\x1f", "a\ufffeb", "<w:p/>&amp;]]>", "x" * 100_000, "\u202eevil", "a\n\tb\r\nc", "=1+1", "%(x)s"],
)
def test_hostile_words_make_a_sound_document(words: str) -> None:
    whole = with_words_everywhere(words, "en", "en")
    content = word.write(whole)
    assert Document(io.BytesIO(content)).paragraphs != []
    assert "\u202e" not in all_text_of(content)


def test_only_web_addresses_become_links() -> None:
    for url, is_link in (
        ("https://example.org/ü?a=b&c='\"", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("ftp://example.org/", False),
        ("https://example.org/" + "a" * 3_000, False),
    ):
        parts = word_parts(pack(evidence=(shown(url=url),)))
        targets = {relation.get("Target") for relation in parts["word/_rels/document.xml.rels"]}
        assert (url in targets) == is_link
        assert url in "".join(parts["word/document.xml"].itertext())


def test_links_within_lead_to_their_parts() -> None:
    root = part(pack())
    bookmarks = [mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")]
    anchors = [link.get(f"{W}anchor") for link in root.iter(f"{W}hyperlink") if link.get(f"{W}anchor")]
    assert anchors == bookmarks == ["open", "changes", "evidence", "questions", "words"]


def test_page_says_what_it_is_and_its_number() -> None:
    document = Document(io.BytesIO(word.write(pack())))
    (section,) = document.sections
    assert [paragraph.text for paragraph in section.header.paragraphs] == [
        "Briefing pack: Annual dialogue\tAs known on 1 September 2025"
    ]
    fields = [field.get(f"{W}instr").strip() for field in section.footer._element.iter(f"{W}fldSimple")]
    assert fields == ["PAGE", "NUMPAGES"]
    assert not section.different_first_page_header_footer
    page: Any = section
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)


def test_drafts_are_announced_on_every_page() -> None:
    draft = OpenItems(Text("Qatar", "en"), (item(asked=asked(is_draft=True, address="")),))
    content = word.write(pack(with_drafts=True, open_items=(draft,)))
    (section,) = Document(io.BytesIO(content)).sections
    warning = "Contains drafts that are not published. Not for circulation."
    assert [paragraph.text for paragraph in section.header.paragraphs][1:] == [warning]
    assert "Draft: not published." in texts(pack(with_drafts=True, open_items=(draft,)))
    assert warning not in all_text_of(word.write(pack()))


def test_properties_name_the_house_and_nobody_else() -> None:
    content = word.write(pack(prepared_by="Leyla Example"))
    core = Document(io.BytesIO(content)).core_properties
    assert (core.author, core.last_modified_by, core.title) == ("Majlis", "Majlis", "Briefing pack: Annual dialogue")
    assert (core.comments, core.keywords, core.category, core.revision) == ("", "", "", 1)
    assert (core.created, core.modified) == (AT, AT)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        assert not [name for name in names if "thumbnail" in name or "customXml" in name or "Effects" in name]
        properties = b"".join(package.read(name) for name in names if name.startswith("docProps/"))
    assert b"python" not in properties
    assert b"Leyla" not in properties
    assert "rsid" not in all_text_of(content)
    assert "Prepared by\tLeyla Example" in texts(pack(prepared_by="Leyla Example"))


def test_empty_pack_says_so() -> None:
    empty = dataclasses.replace(pack(), number=0, states=(), open_items=(), changes=(), evidence=(), about=NOTHING)
    found = texts(empty)
    for words in (
        "Nothing is open.",
        "Nothing was recorded since then.",
        "No source is recorded.",
        "There is nothing to ask.",
        "Open items, by addressee – 0 items",
    ):
        assert words in found
    assert list(part(empty).iter(f"{W}tbl")) == []


def test_item_of_nobody_stands_under_its_own_heading() -> None:
    nobody = OpenItems(NOTHING, (item(response="", responded_date=None, confidence=""),))
    found = texts(pack(open_items=(nobody,)))
    assert "Addressed to nobody yet" in found
    assert not [words for words in found if words.startswith("Response\t")]
