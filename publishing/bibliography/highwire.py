"""The `citation_*` tags of Highwire Press, which Google Scholar and Zotero read from a page.

Google Scholar asks for a title, an author and a date of publication (2010/5/12, or the year), and for the institution
and the number of a report. Zotero takes an item with such an institution for a report, and its address from
`citation_public_url`. Both take the last word of an author for the surname, unless a comma ends the surname; so we add
a comma to the name of an institution to keep it whole. Neither has a tag for a version or for the day as of which
something was known: both are written into the number, so that no list loses them.
"""

from publishing.bibliography.work import Work, one_line
from publishing.languages import isolated


def tags(work: Work) -> list[tuple[str, str]]:
    """Pairs of a tag's name and its content, in the order in which the page has them."""
    number = ", ".join(part for part in (isolated(work.identifier), work.version_in_words, work.day_in_words) if part)
    found = [
        ("citation_title", work.name),
        ("citation_author", f"{one_line(work.publisher)},"),
        ("citation_publication_date", f"{work.published.year}/{work.published.month}/{work.published.day}"),
        ("citation_technical_report_institution", one_line(work.publisher)),
        ("citation_technical_report_number", number),
        ("citation_series_title", work.whole),
        ("citation_abstract", one_line(work.caveat)),
        ("citation_language", work.title.language),
        ("citation_public_url", work.address),
    ]
    return [(name, content) for name, content in found if content]
