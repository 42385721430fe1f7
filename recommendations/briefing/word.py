"""Writes a briefing pack as a Word document (Office Open XML, ISO/IEC 29500)."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext
from docx import Document
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Mm
from lxml import etree

from publishing.database.clean_text import printable
from publishing.languages import Text, direction_of
from recommendations.briefing import wording
from recommendations.briefing.content import OpenItem, OpenItems, Pack, PackRecommendation, Recorded, Shown
from recommendations.briefing.markup import NAMESPACES, WORD_LOCALES, Paper, Run, between, computed
from recommendations.briefing.prose import paragraphs
from recommendations.briefing.styles import dress
from recommendations.briefing.turn import day_in_words, short_day

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

DOCUMENT = "word/document.xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

OF_THE_TEMPLATE = ("thumbnail", "stylesWithEffects", "customXml")
"""Parts of python-docx's template that a pack does not use."""


def write(pack: Pack) -> bytes:
    """`pack` as the bytes of a .docx file."""
    with override(pack.language):
        return WordDocument(pack).written()


def filled(empty: io.BytesIO, body: list[str]) -> bytes:
    """The package `empty` with `body` in its document."""
    out = io.BytesIO()
    with zipfile.ZipFile(empty) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name in package.namelist():
            if name == DOCUMENT:
                with whole.open(name, "w", force_zip64=True) as document:
                    document.write(f"{DECLARATION}<w:document {NAMESPACES}><w:body>".encode())
                    for piece in body:
                        document.write(piece.encode())
                    document.write(b"</w:body></w:document>")
            else:
                whole.writestr(name, package.read(name))
    return out.getvalue()


def put(parent: Any, lines: list[str]) -> None:
    """Appends paragraphs to the root of a part."""
    for paragraph in list(parse_xml(f"<w:hdr {NAMESPACES}>{''.join(lines)}</w:hdr>")):
        parent.append(paragraph)


def of(text: Text, **look: Any) -> Run:
    """A run of `text` in its own language."""
    return Run(text.words, text.language, **look)


def runs_of(asked: PackRecommendation) -> list[Run]:
    """Reference and title, the reference as a link to the page of the recommendation."""
    return [Run(asked.reference, "en", target=asked.address), Run(" "), of(asked.title)]


class WordDocument:
    """A document that is being written."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.document = Document()
        is_rtl = direction_of(pack.language) == "rtl"
        dress(self.document, locale=WORD_LOCALES[pack.language] if not is_rtl else WORD_LOCALES["en"], is_rtl=is_rtl)
        self._leave_the_template_behind()
        self.paper = Paper(self.document.part, pack.language)
        self.body: list[str] = []
        self.section = self.document.element.body.sectPr
        self.section.attrib.clear()  # revision ids of the person who made the template

    def _leave_the_template_behind(self) -> None:
        for rels in (self.document.part.package.rels, self.document.part.rels):
            for key, rel in list(rels.items()):
                if rel.reltype.rpartition("/")[2] in OF_THE_TEMPLATE:
                    del rels[key]

    def written(self) -> bytes:
        self._properties()
        self._cover()
        self._open_items()
        self._changes()
        self._evidence()
        self._questions()
        self._how_to_read()
        self._page()
        empty = io.BytesIO()
        self.document.save(empty)
        return filled(empty, [*self.body, etree.tostring(self.section, encoding="unicode")])

    # Around the body

    def _properties(self) -> None:
        """Sets title and publisher, but nothing about who made the document with which program."""
        core, pack = self.document.core_properties, self.pack
        house = _("Majlis")
        core.author = core.last_modified_by = house
        core.title = printable(wording.title(pack))[:255]
        core.subject = _("Follow-up of recommendations")
        core.language = WORD_LOCALES[pack.language]
        core.comments = core.keywords = core.category = ""
        core.created = core.modified = pack.made_at.replace(tzinfo=None)
        core.revision = 1
        for part in self.document.part.package.iter_parts():
            if part.partname == "/docProps/app.xml":
                part._blob = (
                    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.'
                    b'openxmlformats.org/officeDocument/2006/extended-properties"><Application>Majlis</Application>'
                    b"</Properties>"
                )

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(20)
        section.top_margin, section.bottom_margin = Mm(24), Mm(20)
        section.header_distance = section.footer_distance = Mm(10)
        if self.paper.is_rtl:
            self.section.insert(len(self.section) - 1, OxmlElement("w:bidi"))  # docGrid comes after it
        header, footer = section.header, section.footer
        for part in (header, footer):
            part.is_linked_to_previous = False
            for paragraph in list(part._element):
                part._element.remove(paragraph)
        paper = Paper(header.part, self.pack.language)
        lines = [
            paper.paragraph("Header", [Run(wording.title(self.pack)), Run("\t"), Run(wording.known_on(self.pack))])
        ]
        if self.pack.with_drafts:
            lines.append(paper.paragraph("Warning", [Run(wording.drafts())]))
        put(header._element, lines)
        paper = Paper(footer.part, self.pack.language)
        numbers = between(" ") + computed("PAGE") + between(" / ") + computed("NUMPAGES")
        put(footer._element, [paper.paragraph("Footer", [Run(_("Majlis")), Run("\t"), Run(_("Page"))], fields=numbers)])

    # Elements

    def say(self, style: str, *runs: Run, keeps_next: bool = False, direction: str = "", bookmark: str = "") -> None:
        self.body.append(
            self.paper.paragraph(style, runs, keeps_next=keeps_next, direction=direction, bookmark=bookmark)
        )

    def fact(self, label: str, *runs: Run) -> None:
        """A line that begins with its label."""
        if any(run.words for run in runs):
            self.say("Fact", Run(label, style="Label"), Run("\t"), *runs)

    def part(self, name: str, heading: str, note: str = "") -> None:
        """Begins a part on a new page; `name` is its bookmark."""
        self.say("Heading1", Run(heading), bookmark=name)
        if note:
            self.say("Note", Run(note))

    def prose(self, text: Text) -> None:
        """A Markdown text that somebody wrote."""
        direction = direction_of(text.language)
        style = "QuoteFromRight" if direction == "rtl" else "Quote"
        for paragraph in paragraphs(text.words):
            mark = [Run(f"{paragraph.mark} ", text.language)] if paragraph.mark else []
            self.say(
                style,
                *mark,
                *(
                    Run(
                        words.text,
                        text.language,
                        is_strong=words.is_strong,
                        is_emphasised=words.is_emphasised,
                        target=words.address,
                    )
                    for words in paragraph.words
                ),
                direction=direction,
            )

    def table(
        self, headings: list[str], rows: Iterable[list[list[Run]]], *, widths: list[int], title: str, description: str
    ) -> None:
        self.body += self.paper.table(headings, rows, widths=widths, title=title, description=description)
        self.say("Note")  # two adjacent tables would be joined

    # Parts

    def _cover(self) -> None:
        pack = self.pack
        self.say("Title", Run(_("Briefing pack")))
        self.say(
            "Subtitle",
            Run(_("What became of recommendations")) if not pack.about.words else of(pack.about),
        )
        if pack.with_drafts:
            self.say("Warning", Run(wording.drafts()))
            self.say("Note")
        for label, value in wording.facts(pack):
            self.fact(label, Run(value))
        self.say("Note")
        self.say("Note", Run(wording.what_it_is(pack)))
        self.say("Heading2", Run(_("What is in it")))
        for name, heading, number in wording.parts_of_pack(pack):
            self.say("ListBullet", Run(heading, target=f"#{name}"), Run(f" – {number}" if number else ""))
        if pack.states:
            self.say("Heading2", Run(_("At a glance")))
            self.table(
                [_("Implementation"), _("Recommendations")],
                ([[Run(state)], [Run(str(number))]] for state, number in pack.states),
                widths=[6638, 3000],
                title=_("At a glance"),
                description=_("How many of the recommendations have come to which state."),
            )

    def _open_items(self) -> None:
        self.part("open", _("Open items, by addressee"), wording.two_axes())
        if not self.pack.open_items:
            self.say("Normal", Run(_("Nothing is open.")))
        for group in self.pack.open_items:
            self.say("Heading2", *self._addressee(group))
            if len(group.items) > 1:
                self._overview(group)
            for item in group.items:
                self._item(item)

    def _addressee(self, group: OpenItems) -> list[Run]:
        return [of(group.addressee)] if group.addressee.words else [Run(_("Addressed to nobody yet"))]

    def _overview(self, group: OpenItems) -> None:
        name = group.addressee.words or _("Addressed to nobody yet")
        self.table(
            [
                _("Reference"),
                _("Recommendation"),
                _("Response"),
                _("Implementation"),
                _("Last checked"),
                _("Whose turn"),
            ],
            (
                [
                    [Run(item.asked.reference, "en", target=item.asked.address)],
                    [of(item.asked.title)],
                    [Run(item.response)],
                    [Run(item.implementation)],
                    [Run(short_day(item.checked_date) if item.checked_date else "–")],
                    [Run(item.turn)],
                ]
                for item in group.items
            ),
            widths=[1240, 2418, 1420, 1820, 1340, 1400],
            title=_("Overview: %(name)s") % {"name": name},
            description=_(
                "One row for each open recommendation: response, implementation, last check, whose turn it is."
            ),
        )

    def _item(self, item: OpenItem) -> None:
        asked = item.asked
        self.say("Heading3", *runs_of(asked))
        if asked.is_draft:
            self.say("Warning", Run(_("Draft: not published.")), keeps_next=True)
        self.prose(asked.text)
        self.fact(_("Asked"), *when_asked(asked))
        self.fact(_("Response"), *dated(item.response, item.responded_date))
        self.fact(_("Implementation"), *state_of(item))
        for said in item.said:
            self.fact(said.label, of(said.text))
        self.fact(
            _("Last checked"), Run(day_in_words(item.checked_date) if item.checked_date else _("not yet checked"))
        )
        if asked.target_date is not None:
            overdue = [Run(" – "), Run(pgettext("target date", "passed"), style="Flag")] if item.is_overdue else []
            self.fact(_("Target date"), Run(day_in_words(asked.target_date)), *overdue)
        self.fact(_("Next step"), Run(item.next_step))
        self.fact(_("Whose turn"), Run(item.turn))

    def _changes(self) -> None:
        since = day_in_words(self.pack.since)
        self.part(
            "changes",
            _("Changes since %(date)s") % {"date": since},
            _("What became known on or after that day, in the order in which it was recorded."),
        )
        if not self.pack.changes:
            self.say("Normal", Run(_("Nothing was recorded since then.")))
            return
        self.table(
            [pgettext("date", "Recorded"), _("Recommendation"), _("Addressee"), pgettext("column", "What"), _("As of")],
            (self._change(change) for change in self.pack.changes),
            widths=[1360, 2560, 1500, 2858, 1360],
            title=_("Changes"),
            description=_("One row for each answer, status or confirmation that was recorded, oldest first."),
        )

    def _change(self, change: Recorded) -> list[list[Run]]:
        correction = (
            [Run("\n"), Run(_("Corrects an earlier entry."), is_emphasised=True)] if change.is_correction else []
        )
        said = [run for one in change.said for run in (Run(f"\n{one.label}: "), of(one.text))]
        return [
            [Run(short_day(change.recorded_date))],
            runs_of(change.asked),
            [of(change.addressee)] if change.addressee.words else [Run("–")],
            [Run(f"{change.axis}: "), Run(change.value, is_strong=True), *correction, *said],
            [Run(short_day(change.as_of))],
        ]

    def _evidence(self) -> None:
        self.part(
            "evidence",
            _("Evidence"),
            _("The sources on which answers and states rest, by recommendation, as a reader finds them."),
        )
        if not self.pack.evidence:
            self.say("Normal", Run(_("No source is recorded.")))
            return
        self.table(
            [_("Recommendation"), _("Addressee"), _("What it bears on"), _("Source")],
            (self._shown(shown) for shown in self.pack.evidence),
            widths=[1900, 1400, 1900, 4438],
            title=_("Evidence"),
            description=_(
                "One row for each source: the recommendation, the addressee, what it shows, where it is found."
            ),
        )

    def _shown(self, shown: Shown) -> list[list[Run]]:
        return [
            runs_of(shown.asked),
            [of(shown.addressee)],
            [Run(f"{shown.axis}: {shown.value} ({day_in_words(shown.as_of)})")]
            + ([Run(f"\n{shown.stance}")] if shown.stance else []),
            list(source(shown)),
        ]

    def _questions(self) -> None:
        self.part(
            "questions",
            _("Suggested questions"),
            _("Made from the state of things by fixed rules, the same for every addressee."),
        )
        asked = False
        for group in self.pack.open_items:
            items = [item for item in group.items if item.questions]
            if not items:
                continue
            asked = True
            self.say("Heading2", *self._addressee(group))
            for item in items:
                self.say("Heading3", *runs_of(item.asked))
                for question in item.questions:
                    self.say("ListBullet", Run(question.words), keeps_next=bool(question.quoted.words))
                    if question.quoted.words:
                        self.say("ListQuote", of(question.quoted), direction=direction_of(question.quoted.language))
        if not asked:
            self.say("Normal", Run(_("There is nothing to ask.")))

    def _how_to_read(self) -> None:
        self.part("words", _("How to read it"))
        for term, meaning in wording.meanings(self.pack):
            self.say("ListBullet", Run(term, is_strong=True), Run(f": {meaning}"))


def dated(value: str, date: dt.date | None) -> Iterator[Run]:
    """What was recorded, with its as-of date."""
    if value:
        yield Run(value, is_strong=True)
        if date is not None:
            yield Run(f" ({day_in_words(date)})")


def state_of(item: OpenItem) -> Iterator[Run]:
    """The state, and how well it is known."""
    yield Run(item.implementation, is_strong=True)
    notes = [item.confidence] if item.confidence else []
    if item.is_confirmed:
        notes.append(_("confirmed by a second person"))
    if notes:
        yield Run(f" ({' · '.join(notes)})")
    if item.is_stale:
        yield Run(" – ")
        yield Run(_("not checked for long"), style="Flag")


def when_asked(asked: PackRecommendation) -> Iterator[Run]:
    """The event, its series and edition, and its date."""
    if asked.event.words:
        yield of(asked.event)
        yield Run(f" · {asked.event_days}")
    if asked.series.words:
        yield Run(" · ")
        yield of(asked.series)
        if asked.edition is not None:
            yield Run(" · " + _("edition %(number)s") % {"number": asked.edition})
    if asked.editions_running > 1:
        said = ngettext(
            "Asked %(counter)s edition running", "Asked %(counter)s editions running", asked.editions_running
        )
        yield Run(" · " + said % {"counter": asked.editions_running})


def source(shown: Shown) -> Iterator[Run]:
    """The description of a source: title, publisher, author, date, place within it, quotation, address, copy."""
    yield of(shown.title, is_strong=True)
    for text in (shown.publisher, Text(shown.author, ""), Text(shown.date, "")):
        if text.words:
            yield Run(" · ")
            yield of(text)
    if shown.locator:
        yield Run(f" · {shown.locator}")
    if shown.quotation.words:
        yield Run("\n")
        yield of(shown.quotation, is_emphasised=True)
    if shown.url:
        yield Run("\n")
        yield Run(shown.url, "en", target=shown.url)
    if shown.accessed_date is not None:
        yield Run("\n" + _("Read on %(date)s.") % {"date": day_in_words(shown.accessed_date)})
    if shown.has_copy:
        yield Run(" " + _("A copy is kept in the archive of the house."))
    if shown.grade:
        yield Run("\n" + _("Grade %(grade)s") % {"grade": shown.grade}, style="Label")
        if shown.nature:
            yield Run(f" · {shown.nature}", style="Label")
