"""Proves that a cleaned copy is clean, independently of the code that cleaned it.

It reads the finished bytes with other libraries and visits everything in them. It refuses whatever is not on its own
list of harmless things: a `NotProven` that says where and what.
"""

from events.documents.formats import Format
from events.documents.proof import archives, pdf, pictures
from events.documents.refusal import NotProven


def prove(content: bytes, kind: Format) -> None:
    """Raises NotProven unless every part of `content` is known to reveal nothing about a person or a moment."""
    try:
        if kind == Format.PDF:
            pdf.prove(content)
        elif kind == Format.DOCX:
            archives.prove_docx(content)
        elif kind == Format.ODT:
            archives.prove_odt(content)
        else:
            pictures.prove(content, kind)
    except NotProven:
        raise
    except Exception as error:  # what cannot be read cannot be proven either
        raise NotProven("not_proven", part=kind.name, what=type(error).__name__) from error
