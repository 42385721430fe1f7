"""Reads briefing packs with other libraries than those that wrote them."""

import datetime as dt
import io
import zipfile
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from docx import Document
from lxml import etree
from python_calamine import CalamineWorkbook

from recommendations.briefing import spreadsheet, word
from recommendations.briefing.content import Pack
from recommendations.briefing.gathering import gather
from recommendations.briefing.selection import of_the_tracker

__all__ = ["AT", "SINCE", "W", "all_text_of", "pack_of", "part", "sheets", "texts", "word_parts"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
AT = dt.datetime(2025, 9, 1, 9, tzinfo=dt.UTC)
SINCE = dt.date(2025, 5, 15)


def pack_of(query: str = "", *, user: Any = None, **wanted: Any) -> Pack:
    """The pack of the tracker's list with `query`, as made on the first of September 2025 for the public."""
    user = user or AnonymousUser()
    choice = of_the_tracker(QueryDict(query), user=user)
    return gather(
        choice, **{"user": user, "language": "en", "since": SINCE, "at": AT, "site": "https://majlis.example", **wanted}
    )


def word_parts(pack: Pack) -> dict[str, Any]:
    """The XML parts of its Word document, parsed, by name."""
    with zipfile.ZipFile(io.BytesIO(word.write(pack))) as package:
        assert package.testzip() is None
        return {
            name: etree.fromstring(package.read(name))
            for name in package.namelist()
            if name.endswith((".xml", ".rels"))
        }


def part(pack: Pack, name: str = "word/document.xml") -> Any:
    return word_parts(pack)[name]


def texts(pack: Pack) -> list[str]:
    """The paragraphs of its Word document in their order, those of tables included, without marks of direction."""
    document = Document(io.BytesIO(word.write(pack)))
    found = []
    for paragraph in document.element.body.iter(f"{W}p"):
        pieces = {"t": lambda element: element.text or "", "tab": lambda _element: "\t", "br": lambda _element: "\n"}
        words = "".join(
            pieces[name](element)
            for element in paragraph.iter()
            if (name := etree.QName(element).localname) in pieces and etree.QName(element.getparent()).localname == "r"
        )
        found.append(words.replace("\u200e", "").replace("\u200f", ""))
    return [words for words in found if words]


def sheets(pack: Pack) -> dict[str, list[list[Any]]]:
    """The cells of its spreadsheet, by sheet, as another library reads them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(spreadsheet.write(pack)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def all_text_of(content: bytes) -> str:
    """Everything that stands anywhere in a package, archives in it included."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            inner = package.read(name)
            found.append(name)
            found.append(all_text_of(inner) if inner.startswith(b"PK") else inner.decode("utf-8", "replace"))
    return "\n".join(found)
