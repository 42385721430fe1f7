"""Every pair of text and background colours is legible, in both schemes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

from config import settings

TOKENS = Path(settings.BASE_DIR, "config/static/css/tokens.css").read_text(encoding="utf-8")

TONES = ("good", "caution", "bad", "info", "quiet")
TEXT = [
    *[
        (text, surface)
        for text in ("ink", "ink-muted", "accent", "accent-strong")
        for surface in ("paper", "paper-sunken")
    ],
    *[(text, f"{tone}-wash") for text in ("ink", "accent", "accent-strong") for tone in TONES],
    *[(tone, surface) for tone in TONES for surface in ("paper", "paper-sunken", f"{tone}-wash")],
    ("accent", "accent-wash"),
    ("accent-strong", "accent-wash"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-banner", "banner"),
]
SHAPES = [
    *[(shape, surface) for shape in ("control", "focus", "accent") for surface in ("paper", "paper-sunken")],
    ("focus", "accent-wash"),
]


def scheme(name: str) -> dict[str, str]:
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", light))
    return colours if name == "light" else colours | dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", dark))


def luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_low(colours: dict[str, str], pairs: list[tuple[str, str]], least: float) -> dict[str, float]:
    ratios = {f"{front} on {back}": contrast(colours[front], colours[back]) for front, back in pairs}
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least}


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_is_legible(name: str) -> None:
    assert too_low(scheme(name), TEXT, 4.5) == {}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_shapes_and_borders_are_seen(name: str) -> None:
    assert too_low(scheme(name), SHAPES, 3) == {}


def test_both_schemes_define_the_same_colours() -> None:
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)")
    defined = [set(re.findall(r"--([a-z-]+):\s*#[0-9a-f]{6};", part)) for part in (light, dark)]
    assert defined[0] == defined[1]


def test_desk_has_no_colours_of_its_own() -> None:
    theme = Path(settings.BASE_DIR, "config/static/admin-theme/theme.css").read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-f]{6}", theme)) - set(re.findall(r"#[0-9a-f]{6}", TOKENS)) == set()
