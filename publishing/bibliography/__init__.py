"""How others cite what stands here: BibTeX, RIS, CSL-JSON and the `citation_*` tags of a page.

`work.py` says what there is to be said of a page; each of the other modules writes it in one form.
"""

from collections.abc import Callable
from dataclasses import dataclass

from publishing.bibliography import bibtex, csl, ris
from publishing.bibliography.work import Work


@dataclass(frozen=True, slots=True)
class Format:
    """One form of a citation: what it is called, how it is written, and what the file is."""

    name: str
    write: Callable[[Work], str]
    media_type: str
    extension: str


FORMATS = {
    "bibtex": Format("BibTeX", bibtex.entry, "application/x-bibtex", "bib"),
    "ris": Format("RIS", ris.record, "application/x-research-info-systems", "ris"),
    "csl": Format("CSL-JSON", csl.document, "application/vnd.citationstyles.csl+json", "json"),
}
"""By what `?format=` names. Media types as crosscite.org negotiates them (DataCite and Crossref)."""
