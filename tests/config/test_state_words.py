"""Each value of each state has its label, its shape and its place in the glossary."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import override

from config import settings
from events.models import Point
from partnerships.forecasts import Outcome
from partnerships.models.claim import Likelihood, OfficialPosition
from partnerships.models.partnership import Cooperation
from partnerships.verification import VerificationStatus
from recommendations.lifecycle.states import RESPONSES, ImplementationState

SPRITE = Path(settings.BASE_DIR, "config/static/icons/majlis.svg").read_text(encoding="utf-8")
STYLES = Path(settings.BASE_DIR, "config/static/css/components/states.css").read_text(encoding="utf-8")

PARTIALS: list[tuple[str, str, Iterable[tuple[str, object]], str | None]] = [
    ("verification_status", "status", VerificationStatus.choices, "verification"),
    ("implementation_state", "state", ImplementationState.choices, "implementation"),
    ("response_state", "state", RESPONSES, "response"),
    ("official_position", "position", OfficialPosition.Position.choices, "position"),
    ("outcome", "outcome", Outcome.choices, "outcome"),
    ("support", "support", Point.Support.choices, "support"),
    ("stage", "stage", Cooperation.Stage.choices, None),
    ("likelihood", "likelihood", Likelihood.choices, None),
]
CASES = [
    pytest.param(partial, argument, value, label, family, id=f"{partial}-{value}")
    for partial, argument, choices, family in PARTIALS
    for value, label in choices
]


@pytest.mark.parametrize(("partial", "argument", "value", "label", "family"), CASES)
def test_state_says_the_word_of_the_model(
    partial: str, argument: str, value: str, label: object, family: str | None
) -> None:
    with override("en"):
        words = strip_tags(render_to_string(f"_partials/{partial}.html", {argument: value}))
        assert words.split(": ")[-1].split() == str(label).split()


@pytest.mark.parametrize(("partial", "argument", "value", "label", "family"), CASES)
def test_state_has_its_shape(partial: str, argument: str, value: str, label: object, family: str | None) -> None:
    if family:
        assert f'id="{family}-{value}"' in SPRITE
        assert f"#{family}-{value}" in render_to_string(f"_partials/{partial}.html", {argument: value})
    else:
        assert f".{partial}--{value} " in STYLES


def test_templates_ask_for_no_icon_that_is_missing() -> None:
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    asked = {
        name for path in templates for name in re.findall(r'icon\.html" with name="([a-z]+)"', path.read_text("utf-8"))
    }
    assert asked - set(re.findall(r'id="([^"]+)"', SPRITE)) == set()
