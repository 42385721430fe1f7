"""BibTeX in UTF-8, for BibTeX itself and for biblatex.

An entry is a `@techreport` (biblatex: `@report` with `version`, `urldate`, `langid`), the only type of both that has a
number, a type and an institution. Characters that LaTeX would read as commands are escaped; letters of all scripts are
written as they are.
"""

import re

from publishing.bibliography.work import Work, one_line

ESCAPED = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",  # not \{: BibTeX counts that brace, and an unpaired one would end the file
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "`": r"{\textasciigrave}",
    "<": r"{\textless}",
    ">": r"{\textgreater}",
    "|": r"{\textbar}",
    **{special: f"\\{special}" for special in "&%$#_"},
}
SPECIAL = re.compile("[" + re.escape("".join(ESCAPED)) + "]")

LIGATURE = re.compile(r"(?<=([-,']))(?=\1)")
"""Put between two characters that TeX would join into a dash or a quotation mark."""

BABEL_LANGUAGES = {"en": "english", "tr": "turkish", "ar": "arabic"}
"""The names that babel and biblatex use."""

MONTH_MACROS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""BibTeX's own macros; each style prints them in its own way."""


def escaped(words: str) -> str:
    """`words`, escaped so that LaTeX prints them unchanged."""
    return LIGATURE.sub("{}", SPECIAL.sub(lambda found: ESCAPED[found[0]], one_line(words)))


def entry(work: Work) -> str:
    """One entry, ending with a line break."""
    fields = {
        "author": f"{{{escaped(work.publisher)}}}",  # an institution: not to be split into names
        "title": f"{{{escaped(work.name)}}}",  # not to be put into small letters
        "institution": escaped(work.publisher),
        "type": escaped(work.type_name),
        "number": escaped(work.identifier),
        "series": escaped(work.whole),
        "date": work.published.isoformat(),
        "year": f"{work.published:%Y}",
        "month": MONTH_MACROS[work.published.month - 1],
        "version": str(work.version),
        "note": escaped(work.note),
        "url": work.address,
        "urldate": work.accessed.isoformat(),
        "langid": BABEL_LANGUAGES.get(work.title.language, ""),
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items() if value]
    return "\n".join([f"@techreport{{{work.key},", *lines, "}", ""])
