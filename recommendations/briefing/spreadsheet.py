"""Writes a briefing pack as a spreadsheet (Office Open XML): one sheet for each part, with real dates.

Every text is written as a text, whatever it begins with, and marked as one (`quotePrefix`), so that no program reads it
as a formula, even after somebody has edited the cell (OWASP, "CSV injection").
"""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from xlsxwriter import Workbook

from publishing.database.clean_text import printable
from publishing.languages import Text, direction_of
from recommendations.briefing import prose, wording
from recommendations.briefing.content import Pack

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_TEXT_LENGTH = 32_767
"""The most characters of a cell; Excel counts UTF-16 units."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
DATE_FORMAT = "yyyy-mm-dd"
WEB_SCHEMES = ("http://", "https://")
MAX_ADDRESS_LENGTH = 2_000

HEIGHT_OF_A_LINE = 15.0
MAX_LINES_SHOWN = 12
"""The lines that a row shows of a longer text."""

WIDE = 250
"""A sheet that is wider than this, in characters, is printed on two pages side by side."""

CellValue = str | Text | dt.date | int | None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A heading and the width of its column, in characters."""

    heading: str
    width: int


def write(pack: Pack) -> bytes:
    """`pack` as the bytes of an .xlsx file."""
    with override(pack.language):
        return Spreadsheet(pack).written()


def cut(words: str) -> str:
    """`words`, cut with a note if they are too long for a cell."""
    if len(words.encode("utf-16-le")) // 2 <= MAX_TEXT_LENGTH:
        return words
    note = " … " + _("[cut here: a cell holds no more]")
    room = MAX_TEXT_LENGTH - len(note.encode("utf-16-le")) // 2
    return words.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore") + note


def height_of(row: Sequence[CellValue], widths: Sequence[int]) -> float:
    """The height that the texts of a row need, in points: some programs do not compute it."""
    lines = 1
    for value, width in zip(row, widths, strict=True):
        words = value.words if isinstance(value, Text) else value if isinstance(value, str) else ""
        lines = max(lines, sum(1 + len(line) // width for line in words.split("\n")))
    return min(lines, MAX_LINES_SHOWN) * HEIGHT_OF_A_LINE


class Spreadsheet:
    """A workbook that is being written."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.is_rtl = direction_of(pack.language) == "rtl"
        self.out = io.BytesIO()
        self.book = Workbook(
            self.out,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "max_url_length": MAX_ADDRESS_LENGTH,
            },
        )
        self.book.set_properties(
            {
                "title": printable(wording.title(pack))[:255],
                "subject": _("Follow-up of recommendations"),
                "author": _("Majlis"),
                "created": pack.made_at.replace(tzinfo=None),
                "comments": "",
            }
        )
        look = {"valign": "top", "text_wrap": True, "font_name": "Calibri", "font_size": 11}
        self.plain = {
            direction: self.book.add_format({**look, "reading_order": order, "align": align})
            for direction, order, align in (("ltr", 1, "left"), ("rtl", 2, "right"), ("auto", 0, "general"))
        }
        self.guarded = {
            direction: self.book.add_format({**look, "reading_order": order, "align": align, "quote_prefix": True})
            for direction, order, align in (("ltr", 1, "left"), ("rtl", 2, "right"), ("auto", 0, "general"))
        }
        self.link = self.book.add_format({**look, "reading_order": 1, "font_color": "#0B5A63", "underline": 1})
        side = "right" if self.is_rtl else "left"
        self.date = self.book.add_format({**look, "num_format": DATE_FORMAT, "align": side})
        self.whole = self.book.add_format({**look, "num_format": "0", "align": side})
        self.heading = self.book.add_format(
            {
                **look,
                "bold": True,
                "bg_color": "#E2EFEE",
                "font_color": "#0B5A63",
                "bottom": 1,
                "bottom_color": "#0B5A63",
                "reading_order": 2 if self.is_rtl else 1,
                "align": side,
            }
        )

    def written(self) -> bytes:
        self._about()
        self._open_items()
        self._changes()
        self._evidence()
        self._questions()
        self.book.close()
        return self.out.getvalue()

    # Cells and sheets

    def put(self, sheet: Any, row: int, column: int, value: CellValue) -> None:
        """Writes one cell: a date as a date, a number as a number, and everything else as a text."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.plain["rtl" if self.is_rtl else "ltr"])
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, value, self.date)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self.whole)
        else:
            text = value if isinstance(value, Text) else Text(value, "")
            words = cut(printable(text.words))
            formats = self.guarded if words.startswith(FORMULA_STARTS) else self.plain
            sheet.write_string(row, column, words, formats[direction_of(text.language or self.pack.language)])

    def put_address(self, sheet: Any, row: int, column: int, address: str) -> None:
        """A web address as a link; anything else as text."""
        address = printable(address)
        if address.startswith(WEB_SCHEMES) and len(address) <= MAX_ADDRESS_LENGTH:
            sheet.write_url(row, column, address, self.link, string=address)
        else:
            self.put(sheet, row, column, address)

    def sheet(
        self,
        name: str,
        columns: Sequence[SheetColumn],
        rows: Iterable[Sequence[CellValue]],
        *,
        addresses: Sequence[int] = (),
    ) -> Any:
        """A sheet with a fixed heading, filters, and `rows` below it; `addresses` are its columns with links."""
        sheet = self.book.add_worksheet(name)
        if self.is_rtl:
            sheet.right_to_left()
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, column.heading, self.heading)
        last, widths = 0, [column.width for column in columns]
        for last, row in enumerate(rows, 1):
            sheet.set_row(last, height_of(row, widths))
            for number, value in enumerate(row):
                if number in addresses:
                    self.put_address(sheet, last, number, str(value or ""))
                else:
                    self.put(sheet, last, number, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        self._for_paper(sheet, pages_wide=1 if sum(widths) < WIDE else 2)
        sheet.repeat_rows(0)
        return sheet

    def _for_paper(self, sheet: Any, *, pages_wide: int = 1) -> None:
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(pages_wide, 0)
        # An ampersand begins a code in headers.
        title = printable(wording.title(self.pack)).replace("&", "&&")[:120]
        warning = f"&B{wording.drafts()}&B\n" if self.pack.with_drafts else ""
        sheet.set_header(f"&C{warning}{title}")
        sheet.set_footer(f"&C{_('Page')} &P / &N")

    # Parts

    def _about(self) -> None:
        sheet = self.book.add_worksheet(pgettext("name of a sheet", "About"))
        if self.is_rtl:
            sheet.right_to_left()
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 90)
        lines: list[tuple[str, CellValue]] = [(_("Briefing pack"), wording.title(self.pack))]
        if self.pack.with_drafts:
            lines.append((_("Drafts"), wording.drafts()))
        lines += wording.facts(self.pack)
        lines.append((_("What it is"), wording.what_it_is(self.pack)))
        lines += [(f"{_('Implementation')}: {state}", number) for state, number in self.pack.states]
        lines += wording.meanings(self.pack)
        guarded = self.book.add_format({"bold": True, "valign": "top", "text_wrap": True, "quote_prefix": True})
        for row, (label, value) in enumerate(lines):
            is_guarded = label.startswith(FORMULA_STARTS)
            sheet.write_string(row, 0, printable(label), guarded if is_guarded else self.heading)
            self.put(sheet, row, 1, value)
            sheet.set_row(row, height_of([label, value], [28, 90]))
        self._for_paper(sheet)

    def _open_items(self) -> None:
        self.sheet(
            _("Open items"),
            [
                SheetColumn(_("Addressee"), 24),
                SheetColumn(_("Role"), 10),
                SheetColumn(_("Reference"), 13),
                SheetColumn(_("Title"), 36),
                SheetColumn(_("Text"), 60),
                SheetColumn(_("Strength"), 12),
                SheetColumn(_("Asked at"), 30),
                SheetColumn(_("Asked on"), 12),
                SheetColumn(_("Series"), 26),
                SheetColumn(_("Edition"), 9),
                SheetColumn(_("Target date"), 12),
                SheetColumn(_("Target date has passed"), 12),
                SheetColumn(_("Response"), 18),
                SheetColumn(_("Response as of"), 12),
                SheetColumn(_("Implementation"), 20),
                SheetColumn(_("Confidence"), 14),
                SheetColumn(_("Last checked"), 12),
                SheetColumn(_("Not checked for long"), 12),
                SheetColumn(_("What was said of it"), 50),
                SheetColumn(_("Next step"), 34),
                SheetColumn(_("Whose turn"), 16),
                SheetColumn(_("Public page"), 40),
            ],
            (
                [
                    addressee,
                    item.role,
                    item.asked.reference,
                    item.asked.title,
                    Text(prose.markdown_as_text(item.asked.text.words), item.asked.text.language),
                    item.asked.strength,
                    item.asked.event,
                    item.asked.event_date or item.asked.event_days,
                    item.asked.series,
                    item.asked.edition,
                    item.asked.target_date,
                    _("yes") if item.is_overdue else "",
                    item.response,
                    item.responded_date,
                    item.implementation,
                    item.confidence,
                    item.checked_date,
                    _("yes") if item.is_stale else "",
                    "\n".join(f"{said.label}: {said.text.words}" for said in item.said),
                    item.next_step,
                    item.turn,
                    item.asked.address,
                ]
                for addressee, item in self.pack.items()
            ),
            addresses=(21,),
        )

    def _changes(self) -> None:
        self.sheet(
            _("Changes"),
            [
                SheetColumn(pgettext("date", "Recorded"), 12),
                SheetColumn(_("As of"), 12),
                SheetColumn(_("Reference"), 13),
                SheetColumn(_("Title"), 36),
                SheetColumn(_("Addressee"), 24),
                SheetColumn(_("Axis"), 18),
                SheetColumn(_("Value"), 28),
                SheetColumn(_("Corrects an earlier entry"), 14),
                SheetColumn(_("What was said of it"), 60),
            ],
            (
                [
                    change.recorded_date,
                    change.as_of,
                    change.asked.reference,
                    change.asked.title,
                    change.addressee,
                    change.axis,
                    change.value,
                    _("yes") if change.is_correction else "",
                    "\n".join(f"{said.label}: {said.text.words}" for said in change.said),
                ]
                for change in self.pack.changes
            ),
        )

    def _evidence(self) -> None:
        self.sheet(
            _("Evidence"),
            [
                SheetColumn(_("Reference"), 13),
                SheetColumn(_("Title"), 36),
                SheetColumn(_("Addressee"), 24),
                SheetColumn(_("Axis"), 18),
                SheetColumn(_("Value"), 22),
                SheetColumn(_("As of"), 12),
                SheetColumn(_("Stance"), 14),
                SheetColumn(_("Source"), 44),
                SheetColumn(_("Publisher"), 26),
                SheetColumn(_("Author"), 20),
                SheetColumn(_("Date"), 18),
                SheetColumn(_("Place in the source"), 18),
                SheetColumn(_("Quotation"), 50),
                SheetColumn(_("Address"), 44),
                SheetColumn(_("Read on"), 12),
                SheetColumn(_("Copy kept"), 10),
                SheetColumn(_("Nature"), 30),
                SheetColumn(_("Grade"), 8),
            ],
            (
                [
                    shown.asked.reference,
                    shown.asked.title,
                    shown.addressee,
                    shown.axis,
                    shown.value,
                    shown.as_of,
                    shown.stance,
                    shown.title,
                    shown.publisher,
                    shown.author,
                    shown.date,
                    shown.locator,
                    shown.quotation,
                    shown.url,
                    shown.accessed_date,
                    _("yes") if shown.has_copy else "",
                    shown.nature,
                    shown.grade,
                ]
                for shown in self.pack.evidence
            ),
            addresses=(13,),
        )

    def _questions(self) -> None:
        self.sheet(
            _("Questions"),
            [
                SheetColumn(_("Addressee"), 24),
                SheetColumn(_("Reference"), 13),
                SheetColumn(_("Title"), 36),
                SheetColumn(_("Suggested question"), 70),
                SheetColumn(_("What it is about"), 60),
            ],
            (
                [addressee, item.asked.reference, item.asked.title, question.words, question.quoted]
                for addressee, item in self.pack.items()
                for question in item.questions
            ),
        )
