"""What the canary test did not reach: each function lists what is missing; an empty list means nothing."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Q

from publishing.publication import Publication, PublicationState
from publishing.reader.row_policies import READ_WHOLE
from tests.canary.addresses import Pattern
from tests.canary.crawling import Record
from tests.canary.planting import BOUND, EMBARGO, HIDDEN, IMPOSSIBLE, Planting, counting_columns, our_models, relations
from tests.canary.searching import Search
from tests.canary.words import Fate, fold
from tests.config.test_reader_role import REFUSED

DESK = "admin/"
LOGIN = "/admin/login/"
WITHOUT_LOGIN = {"admin/login/": {200}, "admin/logout/": {302}, "admin/language/": {302}}
"""Addresses of the desk that answer everybody, and how."""

NEVER_SUCCEED = {
    "api/v1/submissions/$": {401},
    "api/v1/submissions/(?P<public_id>[^/]+)/$": {401},
    "api/v1/(?P<address>(?s:.*))\\Z": {404},
}
"""Patterns that have no successful answer for a stranger: submissions are the desk's, and the last one is what
answers where there is nothing."""

WELL = {200, 304}

TEXT_COLUMNS = """
    SELECT columns.table_name, columns.column_name, columns.data_type
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
      AND (data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY', 'xml')
           OR (data_type = 'USER-DEFINED' AND udt_name IN ('citext', 'hstore')))
      AND is_generated = 'NEVER'
    ORDER BY 1, 2
"""


def enumerations() -> set[tuple[str, str]]:
    """Columns whose values the code lists: no row can say anything in them."""
    return {
        (model._meta.db_table, str(column.column))
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.concrete_fields
        if column.choices
    }


OF_OTHERS = "publishing_search"
"""What the search looks through: triggers write it of columns that carry canaries, drafts' too."""


def columns_without_a_canary(planting: Planting) -> list[str]:
    """Text columns of any table, as the database lists them, in which no secret canary stands."""
    missing, listed = [], enumerations()
    with connection.cursor() as cursor:
        cursor.execute(TEXT_COLUMNS)
        for table, column, kind in cursor.fetchall():
            if (table, column) in listed or column in BOUND or table in READ_WHOLE or table.startswith(OF_OTHERS):
                continue
            value = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f'SELECT DISTINCT {value} FROM "{table}" WHERE "{column}" IS NOT NULL LIMIT 9000')
            if not any(
                word.fate is Fate.SECRET
                for (text,) in cursor.fetchall()
                for word in planting.vocabulary.in_text(fold(text))
            ):
                missing.append(
                    f"{table}.{column} carries no canary. Give its model a factory, or say in BOUND in"
                    " tests/canary/planting.py what form leaves no room for one."
                )
    return missing


def numbers_without_a_canary(planting: Planting) -> list[str]:
    """Restricted tables of ours that count something, of which no count is looked for."""
    return [
        f"{model._meta.label}.{column.name} counts something that nobody may learn, and no number is planted in it."
        for model in our_models()
        if model._meta.db_table in REFUSED
        for column in counting_columns(model)
        if not any(
            word.place == f"{model._meta.db_table}.{column.name}" for word in planting.vocabulary.numbers.values()
        )
    ]


STATES = {
    "draft": Q(state=PublicationState.DRAFT),
    "in_review": Q(state=PublicationState.IN_REVIEW),
    "embargoed": Q(state=PublicationState.PUBLISHED, embargo_until=EMBARGO),
    "withdrawn": Q(state=PublicationState.WITHDRAWN, embargo_until=None),
    "withdrawn_early": Q(state=PublicationState.WITHDRAWN, embargo_until=EMBARGO),
}


def states_not_planted() -> list[str]:
    """Kinds of publications of which there is none in one of the states that nobody outside may see."""
    return [
        f"No {model._meta.label} is {state}."
        for model in our_models()
        if issubclass(model, Publication)
        for state in HIDDEN
        if not model._default_manager.filter(STATES[state]).exists()
    ]


def relations_not_planted(planting: Planting) -> list[str]:
    """Ways in which something published could name what is hidden, and none does."""
    return [
        f"No published {model._meta.label} names by {relation.name} something that is {state}."
        for model in our_models()
        if model._meta.db_table not in REFUSED
        for relation in relations(model, many=True)
        if relation.name not in IMPOSSIBLE
        for state in HIDDEN
        if (model._meta.label, relation.name, state) not in planting.hanging
    ]


def patterns_not_visited(record: Record, known: Iterable[Pattern]) -> list[str]:
    """Patterns of the URL conf that nobody asked for, or that never answered as they should."""
    missing = []
    for pattern in known:
        statuses = record.routes.get(pattern.route, set())
        if pattern.route in NEVER_SUCCEED or pattern.route in WITHOUT_LOGIN:
            expected = {**NEVER_SUCCEED, **WITHOUT_LOGIN}[pattern.route]
        elif pattern.route.startswith(DESK):
            expected = {302}
            if record.leads.get(pattern.route, {LOGIN}) != {LOGIN}:
                missing.append(f"“{pattern.route}” leads a stranger to {sorted(record.leads[pattern.route])}.")
        else:
            expected = WELL
        if not statuses & expected:
            missing.append(f"“{pattern.route}” was not visited: it answered {sorted(statuses) or 'nothing'}.")
    return missing


def operations_not_called(record: Record, schema: dict[str, Any]) -> list[str]:
    """Operations and parameters of the API's schema that nobody used."""
    missing = []
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if (method.upper(), path) not in record.operations:
                missing.append(f"{method.upper()} {path}")
            missing += [
                f"{path}?{parameter['name']}"
                for parameter in operation.get("parameters", [])
                if parameter["in"] == "query" and (path, parameter["name"]) not in record.parameters
            ]
    return missing


def public_words_not_found(planting: Planting, record: Record) -> list[str]:
    """Published texts that the crawl did not come upon: where it does not reach, it proves nothing."""
    return sorted(
        str(word)
        for word in planting.vocabulary.words.values()
        if word.fate is Fate.PUBLIC and word not in record.found
    )


def tried(planting: Planting, search: Search, records: list[Record]) -> str:
    """How much was planted, asked and read, for the log."""
    secret, public = (len(planting.vocabulary.of(fate)) for fate in (Fate.SECRET, Fate.PUBLIC))
    addresses, operations, parameters, types, languages, methods, statuses, asked, routes = (
        set().union(*(getattr(record, name) for record in records))
        for name in (
            "addresses", "operations", "parameters", "types", "languages", "methods", "statuses", "asked_for", "routes",
        )
    )  # fmt: skip
    return (
        f"{secret:,} canaries in {planting.rows:,} rows, most of them in 3 scripts; {public:,} public words as a control"
        f"\n  {len(addresses):,} addresses of {len(routes)} patterns, {sum(record.answers for record in records):,} answers"
        f" to {len(records)} kinds of people; {len(operations)} operations of the API with {len(parameters)} parameters"
        f"\n  {len(types)} formats, {len(languages - {'none'})} languages, {len(methods)} methods, statuses"
        f" {', '.join(map(str, sorted(statuses)))}; {len(asked):,} canaries searched for"
        f"\n  {search.searched / 1e6:.0f} MB of different answers, read in {len(search.forms)} forms:"
        f" {', '.join(sorted(search.forms))}"
    )
