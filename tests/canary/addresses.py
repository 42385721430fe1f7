"""Every address in the URL conf, and the possible values of its parameters."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django.utils.regex_helper import normalize

from publishing.publication import Publication
from tests.canary.planting import Planting
from tests.canary.words import Fate, fold

NEVER = "btjdrs-never-was"
"""An identifier that nothing ever had; as long as a planted one, and of its letters."""


@dataclass(frozen=True)
class Pattern:
    """One URL pattern in one language: its route as the resolver tells it, and the address with gaps for parameters."""

    route: str
    name: str
    template: str
    parameters: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The thing that it is about, as far as its name tells: `event` of `event_detail`."""
        stem = self.name.replace("-", "_").rpartition("_")[0]
        return stem.replace("_", "")


def patterns() -> list[Pattern]:
    """All patterns of the URL conf, those of pages once in each language."""
    found: dict[str, Pattern] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for pattern in walk(get_resolver(), "", ""):
                found.setdefault(pattern.route, pattern)
    return list(found.values())


def walk(resolver: URLResolver, route: str, regex: str) -> Iterator[Pattern]:
    for child in resolver.url_patterns:
        expression = regex + child.pattern.regex.pattern.removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(child, URLResolver):
            yield from walk(child, joined(route, str(child.pattern)), expression)
        elif isinstance(child, URLPattern):
            template, parameters = normalize(expression)[0]
            yield Pattern(joined(route, str(child.pattern)), child.name or "", f"/{template}", tuple(parameters))


def joined(route: str, more: str) -> str:
    """As URLResolver.resolve joins them."""
    return route + more.removeprefix("^") if route else more


@dataclass
class Identifiers:
    """What stands in the addresses of the planted things, by the name of their model and by who may read them."""

    of: dict[str, dict[Fate, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    keys: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    files: list[str] = field(default_factory=list)

    @classmethod
    def planted(cls, planting: Planting) -> "Identifiers":
        identifiers = cls()
        for model in apps.get_models():
            names = [
                name for name in ("slug", "reference", "public_id") if any(f.name == name for f in model._meta.fields)
            ]
            if names and "version" not in model._meta.db_table and model._meta.managed and hasattr(model, "pk"):
                own = getattr(model, "identifier_field", names[0]) if issubclass(model, Publication) else names[0]
                identifiers.add(planting, model, own)
        for planted in planting.rows_kept:
            label = planted._meta.model_name
            if planted.pk is not None and len(identifiers.keys[label]) < 2:
                identifiers.keys[label].append(str(planted.pk))
        identifiers.files = sorted(
            str(file.relative_to(planting.folder)) for file in planting.folder.rglob("*") if file.is_file()
        )
        return identifiers

    def add(self, planting: Planting, model: Any, name: str) -> None:
        for value in model._default_manager.order_by("pk").values_list(name, flat=True):
            words = planting.vocabulary.in_text(fold(str(value)))
            if words:
                self.of[model._meta.model_name][words.pop().fate].append(str(value))

    def public(self, kind: str) -> list[str]:
        return self.of[kind][Fate.PUBLIC] if kind in self.of else []

    def secret(self, kind: str) -> list[str]:
        return self.of[kind][Fate.SECRET] if kind in self.of else []

    def everything(self, fate: Fate) -> list[str]:
        return [value for by_fate in self.of.values() for value in by_fate[fate]]

    def candidates(self, pattern: Pattern, parameter: str, fate: Fate, most: int) -> list[str]:
        """What may be asked for in `parameter` of `pattern`: of its own kind, else one of every kind."""
        of_kind = self.of[pattern.kind][fate] if pattern.kind in self.of else []
        if parameter in {"object_id", "id", "pk", "key", "content_type_id"}:
            return ["1", *itertools.chain.from_iterable(self.keys.values())][:most]
        if parameter == "app_label":
            return ["events", "partnerships", "recommendations", "auth", "publishing"][:most]
        if parameter == "name" and fate is Fate.SECRET:
            return self.files[:most]
        if of_kind:
            return of_kind[:most]
        return [by_fate[fate][0] for by_fate in self.of.values() if by_fate[fate]][:most]

    def addresses(self, pattern: Pattern, fate: Fate, most: int = 6) -> list[str]:
        """Addresses of `pattern` for things of this fate."""
        if not pattern.parameters:
            return [pattern.template]
        choices = [self.candidates(pattern, parameter, fate, most) for parameter in pattern.parameters]
        filled = itertools.islice(itertools.product(*choices), most * len(pattern.parameters))
        return [pattern.template % dict(zip(pattern.parameters, values, strict=True)) for values in filled]
