"""Citations of our pages for others: BibTeX, RIS, CSL-JSON and the `citation_*` tags of a page.

`work.py` collects what a citation contains; each of the other modules writes it in one format.
"""

from collections.abc import Callable
from dataclasses import dataclass

from publishing.bibliography import bibtex, csl, ris
from publishing.bibliography.work import Work


@dataclass(frozen=True, slots=True)
class CitationFormat:
    """One citation format: its name, the function that writes it, and the type of its file."""

    name: str
    write: Callable[[Work], str]
    media_type: str
    extension: str


FORMATS = {
    "bibtex": CitationFormat("BibTeX", bibtex.entry, "application/x-bibtex", "bib"),
    "ris": CitationFormat("RIS", ris.record, "application/x-research-info-systems", "ris"),
    "csl": CitationFormat("CSL-JSON", csl.document, "application/vnd.citationstyles.csl+json", "json"),
}
"""By the value of `?format=`. Media types as crosscite.org negotiates them (DataCite and Crossref)."""
