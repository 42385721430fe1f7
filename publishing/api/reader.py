"""The reader of an API request, and the moment for which it asks: now, or the end of an earlier day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, OuterRef, Prefetch, Q, QuerySet, Subquery

from publishing.models.change import Change
from publishing.reader.public_rows import COLUMN, wholes_of
from publishing.records import end_of
from publishing.roles import reads_drafts

ONE_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of one request: `user`, the moment `now`, and the day `as_of` for which it asks, if any.

    Everything in an answer is read through `visible`, `parts` or `named`, so that nothing published can reveal
    something that is not.
    """

    user: User | AnonymousUser
    now: dt.datetime
    as_of: dt.date | None = None

    @property
    def at(self) -> dt.datetime:
        """The moment that decides what is public: now, or the end of the day asked for if that is earlier."""
        return self.now if self.as_of is None else min(self.now, end_of(self.as_of) - ONE_MICROSECOND)

    def visible(self, model: type[Model]) -> QuerySet[Any]:
        """All rows of `model` that this reader may see."""
        visible: QuerySet[Any] = model._default_manager.all().visible_to(self.user, at=self.at)  # type: ignore[attr-defined]
        return visible

    def announced(self, model: type[Model]) -> QuerySet[Any]:
        """`visible`, with `changed_at` added: the moment of the row's last line in the feed of changes."""
        lines = (
            Change.objects.effective(at=self.at)
            .filter(kind=model._meta.model_name, public_id=OuterRef("public_id"))
            .order_by("-effective_at")
        )
        return self.visible(model).annotate(changed_at=Subquery(lines.values("effective_at")[:1]))

    def parts(self, parts: QuerySet[Any], *relations: str) -> QuerySet[Any]:
        """`parts` with their `relations` loaded, without those that have a relation to something hidden."""
        loaded = parts.select_related(*relations)
        if reads_drafts(self.user):
            return loaded
        kept = {whole.field.name for whole in wholes_of(parts.model) if whole.watched == COLUMN}
        if kept.intersection(relations):  # whether a whole is public is part of `public_from`
            loaded = loaded.filter(public_from__lte=self.at)
        for relation in relations:
            if relation not in kept:
                field = parts.model._meta.get_field(relation)
                visible = Q(**{f"{relation}__in": self.visible(field.related_model)})
                loaded = loaded.filter(visible | Q(**{f"{relation}__isnull": True}) if field.null else visible)
        return loaded

    def named(self, relation: str, model: type[Model], *also: Prefetch) -> Prefetch:
        """The relation `relation`, limited to what this reader may see; a hidden single object becomes None."""
        return Prefetch(relation, queryset=self.visible(model).prefetch_related(*also))

    def all_named(self, model: type[Model], relations: Iterable[str]) -> list[Prefetch]:
        """`named` for several relations to one model."""
        return [self.named(relation, model) for relation in relations]
