"""CSL-JSON, by the schema csl-data.json of the Citation Style Language 1.0.2.

`custom` is the schema's place for what it has no variable for: here, the day as of which the page was read.
"""

import datetime as dt
import json

from publishing.bibliography.work import Work, one_line


def date(day: dt.date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def document(work: Work) -> str:
    """A list of one item."""
    item = {
        "id": work.key,
        "citation-key": work.key,
        "type": "report",
        "genre": one_line(work.type_name),
        "author": [{"literal": one_line(work.publisher)}],
        "publisher": one_line(work.publisher),
        "title": work.name,
        "collection-title": work.whole,
        "number": work.identifier,
        "version": str(work.version),
        "issued": date(work.published),
        "accessed": date(work.accessed),
        "URL": work.address,
        "language": work.title.language,
        "note": work.note,
        "custom": {"as-of": work.as_of.isoformat()} if work.as_of else {},
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"
