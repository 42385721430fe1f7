"""Records steps of the lifecycle for tests: with everything that a step needs, or as rows without any action."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from publishing.acting import Act
from publishing.identifiers import new_public_id
from recommendations import actions
from recommendations.models import Addressee, Evidence, Response, StatusEntry
from tests.factories import (
    AddresseeFactory,
    RecommendationFactory,
    ResponseFactory,
    SourceFactory,
    StatusEntryFactory,
    UserFactory,
    noon,
)
from tests.recommendations.life import (
    CEASED,
)

DAY = dt.date(2025, 6, 1)
ONE = dt.timedelta(days=1)
NEXT = DAY + ONE
LATER = DAY + 20 * ONE


def evidence(**columns: Any) -> Evidence:
    """Evidence that is enough for any state, and is not yet of any entry."""
    if "source" not in columns:
        columns["source"] = SourceFactory(date="2025-05")
    return Evidence(**{"independence_group": "gazette", "nature": "primary", "stance": "supports", **columns})


def at_the_state(state: str, **attributes: Any) -> Addressee:
    """An addressee that came to `state` on DAY, out of the blue."""
    addressee: Addressee = AddresseeFactory(**attributes)
    if state != "not_assessed":
        StatusEntryFactory(addressee=addressee, state=state, as_of=DAY)
    return addressee


def at_the_response(kind: str) -> Addressee:
    addressee: Addressee = AddresseeFactory()
    if kind != "not_sent":
        ResponseFactory(addressee=addressee, as_of=DAY, **{kind: True})
    return addressee


# What each state and each response needs, one by one: the whole, and what is given in its stead to lack it.

Insufficient = Callable[[], list[Evidence]]
SOURCE: dict[str, Insufficient] = {
    "none": list,
    "one that contradicts": lambda: [evidence(stance="contradicts")],
    "one that mentions it": lambda: [evidence(stance="mentions")],
}
DATED = {**SOURCE, "an undated one": lambda: [evidence(source=SourceFactory(date=""))]}
STRONG = {
    **SOURCE,
    "the addressee's own account": lambda: [evidence(nature="own_account")],
    "one that nobody rated": lambda: [evidence(nature="unrated")],
    "a strong one that contradicts, and a weak one": lambda: [
        evidence(stance="contradicts"),
        evidence(nature="unrated"),
    ],
}

WORDS: dict[str, dict[str, Any]] = {
    "stalled": {"reason": "No budget.", "last_movement_date": DAY},
    "partly_implemented": {"what_remains": "The second part."},
    "implemented_otherwise": {"how_intent_is_met": "By other means."},
    "not_implemented": {"reason": "No budget."},
    "superseded": {"successor": RecommendationFactory},
    "no_longer_applicable": {"reason": "The council was dissolved."},
    "withdrawn": {"reason": "Its issuer took it back."},
}
SOURCES = {
    "in_progress": DATED,
    "partly_implemented": SOURCE,
    "implemented": STRONG,
    "implemented_otherwise": STRONG,
    "reversed": SOURCE,
}
ANSWERS: dict[str, dict[str, Any]] = {
    "awaiting": {"channel": "letter", "recipient": "Ministry of Defence"},
    "accepted": {"office": "Ministry of Defence", "source": SourceFactory},
    "partly_accepted": {"office": "Ministry of Defence", "source": SourceFactory, "accepted_part": "The first aim."},
    "noted": {"words": "We take note."},
    "rejected": {"no_reason_given": True},
}


def made(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value() if isinstance(value, type) else value for name, value in given.items()}


def needed(state: str, *, before: str = "") -> dict[str, Any]:
    """Everything that the step from `before` to `state` needs, but the reviewer."""
    given = made(WORDS.get(state, {}))
    if state in SOURCES and state != before:
        given["evidence"] = [evidence()]
    if before in CEASED and state != before:
        given["reason"] = "The new council took it up."
    return given


# Past the actions, in SQL


def in_sql(table: str, columns: Mapping[str, Any]) -> int:
    """Inserts one row as nobody does who keeps to the actions, and gives its key."""
    quote = connection.ops.quote_name
    names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(table)} ({names}) VALUES ({places}) RETURNING id",
            [getattr(value, "pk", value) for value in columns.values()],
        )
        return int(cursor.fetchone()[0])


def record_in_sql(model: type[StatusEntry] | type[Response], addressee: Addressee, **columns: Any) -> int:
    """A record of `addressee`; columns that are not given hold what an empty form holds."""
    cited = columns.pop("evidence", [])
    row: dict[str, Any] = {
        str(field.column): "" if field.empty_strings_allowed and not field.null else None
        for field in model._meta.local_concrete_fields
        if not field.primary_key
    }
    row |= {"public_id": new_public_id(), "language": "en", "addressee_id": addressee.pk, "as_of": NEXT}
    row |= {"confidence": "claimed"} if model is StatusEntry else {"no_reason_given": False}
    column_of = {field.name: str(field.column) for field in model._meta.local_concrete_fields}
    row |= {column_of[name]: value for name, value in columns.items()}
    row["by_id"] = row["by_id"] or UserFactory().pk
    row["recorded_at"] = row["recorded_at"] or noon(row["as_of"])
    key = in_sql(model._meta.db_table, row)
    for item in cited:
        item.entry_id = key
        item.save(force_insert=True)
    return key


def judge() -> None:
    """What would be judged when the transaction is committed is judged now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


TABLES = {StatusEntry: "recommendations_statusentry", Response: "recommendations_response"}


def chain(*states: str, cited: bool = True) -> list[StatusEntry]:
    """Entries of one addressee, a day apart from DAY on."""
    addressee = AddresseeFactory()
    return [
        StatusEntryFactory(addressee=addressee, state=state, as_of=DAY + day * ONE, cited=None if cited else False)
        for day, state in enumerate(states)
    ]


def acted(given: Mapping[str, Any]) -> dict[str, Any]:
    """What an action is told, out of what a row of SQL would hold: `by` and `at` as one act."""
    rest = {name: value for name, value in given.items() if name not in ("by", "at")}
    return {**rest, "act": Act(by=given["by"], at=given["at"])}


def corrected(entry: StatusEntry, state: str, by: User, **given: Any) -> StatusEntry:
    return actions.record_status(
        entry.addressee,
        **{"state": state, "as_of": entry.as_of, "act": Act(by=by, at=noon(LATER)), "corrects": entry, **given},
    )


def corrected_in_sql(entry: StatusEntry, state: str, **given: Any) -> None:
    record_in_sql(
        StatusEntry,
        entry.addressee,
        **{"state": state, "as_of": entry.as_of, "recorded_at": noon(LATER), "corrects": entry, **given},
    )
    judge()


def standing(addressee: Addressee) -> list[str]:
    entries = StatusEntry.objects.effective().filter(addressee=addressee).order_by("as_of", "recorded_at", "pk")
    return [*entries.values_list("state", flat=True)]
