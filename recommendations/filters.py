"""The filters of the tracker."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from events.models import Event, Series
from partnerships.filters import topic_and_below
from partnerships.models import Actor, Partnership, Topic
from publishing.pages.lists import AsOf, Choice, Flag, ListFilters, PublicationChoice, visible
from recommendations.lifecycle.states import RESPONSES, ImplementationState
from recommendations.models import Addressee, Recommendation
from recommendations.models.recommendation import RecommendationStrength


class RecommendationFilters(ListFilters):
    state = Choice(ImplementationState.choices, label=_("Implementation"))
    response = Choice(RESPONSES, label=_("Response"))
    addressee = PublicationChoice(label=_("Addressed to"))
    event = PublicationChoice(label=_("Made at"))
    series = PublicationChoice(label=_("Series"))
    partnership = PublicationChoice(label=_("Partnership"))
    topic = PublicationChoice(label=_("Topic"))
    strength = Choice(RecommendationStrength.choices, label=_("Strength"))
    running = Choice(
        [("2", _("2 editions or more")), ("3", _("3 editions or more")), ("4", _("4 editions or more"))],
        label=_("Asked running"),
    )
    overdue = Flag(label=_("Past its target date"))
    stale = Flag(label=_("Not checked for long"))
    as_of = AsOf()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made_there = Recommendation.objects.visible_to(self.user).filter(event=OuterRef("pk"))
        asked = Exists(Addressee.objects.visible_to(self.user).filter(actor=OuterRef("pk")))
        self.choices_of("addressee", visible(Actor, self.user).filter(asked))
        self.choices_of("event", visible(Event, self.user).filter(Exists(made_there)))
        self.choices_of("series", visible(Series, self.user))
        self.choices_of("partnership", visible(Partnership, self.user))
        self.choices_of("topic", visible(Topic, self.user))

    def narrow(self, rows: Any) -> Any:
        """The filtered recommendations; `rows` must have their roll-up."""
        chosen = self.cleaned_data
        if chosen["state"]:
            rows = rows.in_state(chosen["state"], as_of=self.known_on)
        if chosen["response"]:
            rows = rows.filter(response_rolled_up=chosen["response"])
        if chosen["addressee"]:
            addressed = Addressee.objects.filter(recommendation=OuterRef("pk"), actor=chosen["addressee"])
            rows = rows.filter(Exists(addressed))
        if chosen["event"]:
            rows = rows.filter(event=chosen["event"])
        if chosen["series"]:
            rows = rows.filter(event__in=Event.objects.visible_to(self.user).filter(series=chosen["series"]))
        if chosen["partnership"]:
            rows = rows.filter(partnerships=chosen["partnership"])
        if chosen["topic"]:
            rows = rows.filter(Exists(topic_and_below(chosen["topic"]).filter(recommendations=OuterRef("pk"))))
        if chosen["strength"]:
            rows = rows.filter(strength=chosen["strength"])
        if chosen["running"]:
            rows = rows.asked_in(int(chosen["running"]), as_of=self.known_on)
        if chosen["overdue"]:
            rows = rows.filter(is_overdue=True)
        if chosen["stale"]:
            rows = rows.filter(is_stale=True)
        return rows
