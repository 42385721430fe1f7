"""The type of a file: from its content alone, and then compared with its name and media type."""

import puremagic

from events.documents import docx, odt, pdf, pictures
from events.documents.archives import is_archive, unpack
from events.documents.docx_package import CONTENT_TYPES
from events.documents.formats import Format
from events.documents.offer import check_claims, check_name, check_size
from events.documents.refusal import WrongKind

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Microsoft's compound file: .doc, and DOCX with a password."""

PDF_MAY_BEGIN_WITHIN = 1_024
"""Readers search this many bytes for the beginning of a PDF."""


def recognised(data: bytes) -> Format:
    """The only type that `data` has, read completely. Raises a FileRefused that says what is wrong."""
    check_size(len(data))
    kinds = _kinds_of(data)
    if not kinds:
        if data.startswith(COMPOUND):
            raise WrongKind("old_word")
        raise WrongKind("unknown_kind", found=_looks_like(data))
    if len(kinds) > 1:
        raise WrongKind("several_kinds", formats=", ".join(kind.name for kind in kinds))
    (kind,) = kinds
    if kind == Format.PDF:
        pdf.opened(data).close()
    elif kind == Format.DOCX:
        for _root in docx.parts_of(data):
            pass
    elif kind == Format.ODT:
        for _root in odt.parts_of(data):
            pass
    else:
        pictures.opened(data, kind.name)
    return kind


def _kinds_of(data: bytes) -> list[Format]:
    """Every type as which some program would open `data`."""
    kinds: list[Format] = []
    if pdf.PDF_HEADER in data[:PDF_MAY_BEGIN_WITHIN]:
        kinds.append(Format.PDF)
    picture = pictures.kind_of(data)
    if picture is not None:
        kinds.append(picture)
    if is_archive(data):
        kinds.append(_kind_of_archive(data))
    if kinds == [Format.PDF] and not data.startswith(pdf.PDF_HEADER):
        return []  # bytes before a PDF belong to another file
    return kinds


def _kind_of_archive(data: bytes) -> Format:
    members = unpack(data)
    if "mimetype" in members:
        return Format.ODT
    if CONTENT_TYPES in members:
        return Format.DOCX
    raise WrongKind("not_a_document")


def _looks_like(data: bytes) -> str:
    """What puremagic recognises, for the message of the refusal."""
    try:
        return str(puremagic.from_string(data[:65_536], mime=True)) or "?"
    except (puremagic.PureError, ValueError, OSError, IndexError):
        return "?"


def examined(data: bytes, name: str, claimed: str) -> Format:
    """Everything that is checked before a file is stored."""
    check_name(name)
    check_size(len(data))
    kind = recognised(data)
    check_claims(kind, name, claimed)
    return kind
