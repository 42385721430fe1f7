from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.database.constraints import not_own_parent, one_of, original_present
from publishing.database.triggers import NamedOnce, NoCycle
from publishing.publication import Publication
from publishing.unique_names import folded_indexes


class TopicKind(models.TextChoices):
    COOPERATION_AREA = "cooperation_area", _("Cooperation area")
    THEATRE = "theatre", _("Theatre")
    THEME = "theme", _("Theme")


class Topic(Publication):
    """A node of the one controlled tree of subjects: an area of cooperation, a theatre or a theme.

    The cooperation areas start from the six of the Defense Cooperation Agreement Dataset (Kinne 2020,
    "The Defense Cooperation Agreement Dataset (DCAD)", Journal of Conflict Resolution 64(4)): mutual
    consultation and training, joint exercises, research and development, weapons procurement,
    exchange of classified information, and defence policy coordination; the rest is added as needed.
    """

    Kind = TopicKind

    identifier_field = "slug"
    named_once_within = ("kind", "parent_id")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("within"),
        null=True,
        blank=True,
    )

    class Meta(Publication.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["slug"]
        constraints = [
            *Publication.Meta.constraints,
            one_of("kind", TopicKind),
            original_present("name"),
            not_own_parent(),
        ]
        indexes = [
            *folded_indexes("topic"),
            models.Index(fields=["published_at", "slug"], name="topic_by_publication"),
        ]
        triggers = [*Publication.Meta.triggers, NoCycle(target="parent_id"), NamedOnce(within=("kind", "parent_id"))]

    def __str__(self) -> str:
        return self.name or self.slug

    def references(self) -> Iterable[Publication]:
        if self.parent is not None:
            yield self.parent
