"""RIS, as specified by Reference Manager in 2011 and read by Zotero and EndNote.

One tag a line: two characters, two spaces, a hyphen, a space, the value; lines end with CR LF. A record begins with TY
and ends with ER. A report has its number in SN, its type in M3.
"""

from publishing.bibliography.work import Work, one_line


def record(work: Work) -> str:
    """One record with its line ends."""
    fields = [
        ("TY", "RPRT"),
        ("ID", work.key),
        ("AU", work.publisher),
        ("TI", work.name),
        ("T2", work.whole),
        ("PB", work.publisher),
        ("M3", work.type_name),
        ("SN", work.identifier),
        ("ET", str(work.version)),
        ("PY", f"{work.published:%Y}"),
        ("DA", f"{work.published:%Y/%m/%d}/"),
        ("LA", work.title.language),
        ("N1", work.note),
        ("UR", work.address),
        ("Y2", f"{work.accessed:%Y/%m/%d}/"),
    ]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])
