"""The differences between a thing as a file lists it and as the database holds it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from config.knowledge.format import Entry, PointEntry, SaidSupport, Text
from config.knowledge.shape import Key, KeyKind, keys, natural_key
from publishing.languages import Language

MAX_DIFFERENCE_LENGTH = 90
"""How many characters of a text a difference shows."""


@dataclass(frozen=True)
class Difference:
    """One difference: something added (+), removed (-) or changed (~)."""

    sign: str
    what: str
    appended: bool = False

    def __str__(self) -> str:
        return f"{self.sign} {self.what}"


def differences(known: Entry, listed: Entry, prefix: str = "") -> Iterator[Difference]:
    """Everything that an import of `listed` would do to `known`.

    A language that a listed text leaves out stays unchanged; so do an embargo, a clearance that was given, and withheld
    support. Appended records are only ever added.
    """
    for key in keys(type(listed)):
        old, new = getattr(known, key.name), getattr(listed, key.name)
        name = prefix + key.name
        match key.kind:
            case KeyKind.TEXT:
                yield from between_texts(old, new, name)
            case KeyKind.TEXTS:
                yield from between_lists_of_texts(old, new, name)
            case KeyKind.REFERENCES | KeyKind.VALUES:
                yield from (Difference("-", f"{name} “{value}”") for value in old if value not in new)
                yield from (Difference("+", f"{name} “{value}”") for value in new if value not in old)
            case KeyKind.PARTS:
                yield from between_parts(old, new, key, name)
            case KeyKind.RECORDS:
                yield from (Difference("+", f"{name}: {summary(record)}", True) for record in unknown(old, new))
            case _ if is_left_alone(key, new):
                continue
            case _ if not same(old, new):
                yield Difference("~", f"{name}: {change(old, new)}")


def is_left_alone(key: Key, listed: Any) -> bool:
    match key.name:
        case "embargo_until":
            return listed is None
        case "cleared":
            return not listed
        case "support":
            return bool(listed == SaidSupport.WITHHELD)
    return False


def between_texts(old: Text | None, new: Text | None, name: str) -> Iterator[Difference]:
    for language in Language.values:
        before = (getattr(old, language) if old is not None else None) or ""
        after = getattr(new, language) if new is not None else ""
        if after is not None and after != before:
            yield Difference("~", f"{name} ({language}): {change(before, after)}")


def between_lists_of_texts(old: list[Text], new: list[Text], name: str) -> Iterator[Difference]:
    for place in range(max(len(old), len(new))):
        here = f"{name}[{place}]"
        if place >= len(new):
            yield Difference("-", f"{here}: {display(old[place])}")
        elif place >= len(old):
            yield Difference("+", f"{here}: {display(new[place])}")
        else:
            yield from between_texts(old[place], new[place], here)


def between_parts(old: list[Entry], new: list[Entry], key: Key, name: str) -> Iterator[Difference]:
    before = {natural_key(part): part for part in old}
    after = {natural_key(part): part for part in new}
    for natural in before:
        if natural not in after:
            yield Difference("-", called(name, natural))
    for natural, part in after.items():
        here = called(name, natural)
        if natural not in before:
            yield Difference("+", here)
            yield from records_within(part, f"{here}.")
        else:
            yield from differences(before[natural], part, f"{here}.")
    if key.entry is PointEntry:
        kept = [natural for natural in before if natural in after]
        if kept != [natural for natural in after if natural in before]:
            yield Difference("~", f"{name}: in another order")


def records_within(part: Entry, prefix: str) -> Iterator[Difference]:
    """The appended records that come with a new part."""
    for key in keys(type(part)):
        if key.kind is KeyKind.RECORDS:
            for record in getattr(part, key.name):
                yield Difference("+", f"{prefix}{key.name}: {summary(record)}", True)
        elif key.kind is KeyKind.PARTS:
            for inner in getattr(part, key.name):
                yield from records_within(inner, f"{prefix}{called(key.name, natural_key(inner))}.")


def unknown(known: list[Any], listed: list[Any]) -> list[Any]:
    """The records in `listed` that have no equal among `known`."""
    left = list(known)
    missing = []
    for record in listed:
        equal = next((other for other in left if same_record(other, record)), None)
        if equal is None:
            missing.append(record)
        else:
            left.remove(equal)
    return missing


def same_record(known: Entry, listed: Entry) -> bool:
    """Whether two appended records are equal; a day or moment that the listed one leaves out matches any."""
    return all(
        (key.name in ("as_of", "decided_at") and getattr(listed, key.name) is None)
        or same(getattr(known, key.name), getattr(listed, key.name))
        for key in keys(type(listed))
    )


def same(old: Any, new: Any) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return False
        pairs = zip(sorted(old, key=natural_key), sorted(new, key=natural_key), strict=True)
        return all(same(before, after) for before, after in pairs)
    if isinstance(old, Entry) and isinstance(new, Entry):
        return all(same(getattr(old, name), getattr(new, name)) for name in type(new).model_fields)
    return bool((old or None) == (new or None) if isinstance(old, str) or isinstance(new, str) else old == new)


def called(name: str, natural: tuple[str, ...]) -> str:
    return f"{name} “{' '.join(word for word in natural if word)}”"


def summary(record: Entry) -> str:
    """What an appended record says, on one line."""
    said = ((key.name, getattr(record, key.name)) for key in keys(type(record)) if key.name != "language")
    return shortened(
        ", ".join(f"{name} {display(value)}" for name, value in said if value not in (None, "", [], False))
    )


def change(old: Any, new: Any) -> str:
    """An old and a new value; of long texts only the part that differs."""
    before, after = display(old), display(new)
    if len(before) <= MAX_DIFFERENCE_LENGTH and len(after) <= MAX_DIFFERENCE_LENGTH:
        return f"{before} → {after}"
    start = next(
        (place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]),
        min(len(before), len(after)),
    )
    start = max(0, start - MAX_DIFFERENCE_LENGTH // 3)
    return f"{stretch(before, start)} → {stretch(after, start)}"


def stretch(text: str, start: int) -> str:
    end = start + MAX_DIFFERENCE_LENGTH
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def shortened(text: str) -> str:
    return stretch(text, 0)


def display(value: Any) -> str:
    """A value as a difference shows it, on one line."""
    if isinstance(value, Text):
        return " / ".join(display(text) for text in (value.en, value.tr, value.ar) if text)
    if isinstance(value, Entry):
        said = ((name, getattr(value, name)) for name in type(value).model_fields)
        return ", ".join(f"{name} {display(inner)}" for name, inner in said if inner not in (None, "", [], False))
    if isinstance(value, list):
        return "; ".join(display(inner) for inner in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if value is None or value == "":
        return "nothing"
    return f"“{' '.join(value.split())}”" if isinstance(value, str) else str(value)
