"""Cleans a file, proves it clean and extracts its words, in one step."""

import warnings
from collections import Counter

from events.documents import docx, odt, pdf, pictures
from events.documents.cleaned import Cleaned
from events.documents.formats import Format
from events.documents.proof import prove
from events.documents.recognition import recognised
from events.documents.refusal import FileRefused, NotProven, Unreadable
from events.documents.text import texts_of_document


def clean(data: bytes) -> Cleaned:
    """A copy without anything about who made it and when. Raises only FileRefused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # warnings about parts that are not copied
        return _cleaned(data)


def _cleaned(data: bytes) -> Cleaned:
    kind = recognised(data)
    pages: int | None = None
    removed: Counter[str]
    if kind == Format.PDF:
        content, pages, removed = pdf.clean(data)
    elif kind == Format.DOCX:
        content, removed = docx.clean(data)
    elif kind == Format.ODT:
        content, removed = odt.clean(data)
    else:
        removed = Counter()
        content = pictures.clean(data, kind.name, removed)
    prove(content, kind)
    try:
        if recognised(content) != kind:
            raise NotProven("not_proven", part=kind.name, what="kind")
        texts = texts_of_document(content, kind)
    except (NotProven, Unreadable):
        raise
    except FileRefused as refusal:
        raise NotProven("not_proven", part=kind.name, what=refusal.reason) from refusal
    except Exception as error:  # words that cannot be read cannot be checked for names
        raise NotProven("not_proven", part=kind.name, what=type(error).__name__) from error
    counted = {code: number for code, number in removed.items() if number > 0}
    return Cleaned(format=kind, content=content, pages=pages, removed=counted, texts=tuple(texts))
