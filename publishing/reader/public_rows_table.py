"""What the public may read, as the table in docs/security.md, generated from the declarations of the models.

`manage.py document_public_rows` writes it into the file; a test fails when the file is outdated.
"""

import re
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db.models import Model
from pghistory.models import Event

from publishing.reader.public_rows import Private, public_models
from publishing.reader.row_policies import READ_WHOLE

BEGIN = "<!-- Written by “manage.py document_public_rows” from the models. -->"
END = "<!-- The end of what it writes. -->"
WITHOUT_MODEL = {
    "publishing_changeorder": "It is the lock of the feed, which nobody in public may hold.",
    "publishing_lastwrite": "A function makes the revision of it.",
    "publishing_moment": "It holds when embargoes end.",
    "publishing_searchtext": "It holds the words of drafts too; a function says what is found in what is public.",
    "publishing_searchword": "The same.",
}

BETWEEN = re.compile(f"(?<={re.escape(BEGIN)}\n).*?(?={re.escape(END)}\n)", re.DOTALL)


def document_with_table(text: str) -> str:
    """`text` with the present table between the two comments. Raises ValueError unless each comment occurs once."""
    if len(BETWEEN.findall(text)) != 1:
        raise ValueError(f"The text must hold “{BEGIN}” and “{END}”, once each, on lines of their own.")
    return BETWEEN.sub(lambda _: f"\n{table()}\n", text)


def table() -> str:
    """Markdown: what is partly public, what is not public, and the tables of other packages, each with its reason."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    public = public_models()
    yield from ("| table | the public sees rows | why |", "|---|---|---|")
    for model, rule in public.items():
        yield f"| `{model._meta.db_table}` | {rule.words(model)} | {rule.reason()} |"
    yield from ("", "Of these tables it sees nothing:", "", "| table | why |", "|---|---|")
    left = {model for model in apps.get_models(include_auto_created=True) if model not in public}
    for model in apps.get_models():
        declared = getattr(model, "public_rows", None)
        if isinstance(declared, Private):
            left.remove(model)
            yield f"| `{model._meta.db_table}` | {declared.why} |"
    yield from (f"| `{name}` | {why} |" for name, why in WITHOUT_MODEL.items())
    versions = {model for model in left if issubclass(model, Event) or model._meta.app_label == "pghistory"}
    queue = {model for model in left if model._meta.app_label == "procrastinate"}
    yield f"| {_tables(versions)} | They hold publications as they once were, drafts too. |"
    yield f"| {_tables(queue)} | They hold what is done in the background. |"
    yield f"| {_tables(left - versions - queue)} | They hold accounts, and what Django keeps for itself. |"
    opened = ", ".join(f"`{name}`" for name in sorted(READ_WHOLE))
    yield from ("", f"All of {opened} is open: the names of the migrations stand in the source as well.")


def _tables(models: Iterable[type[Model]]) -> str:
    found = {model._meta.db_table for model in models if not model._meta.proxy}
    return ", ".join(f"`{name}`" for name in sorted(found - {"pghistory_events"}))  # that is a query, not a table
