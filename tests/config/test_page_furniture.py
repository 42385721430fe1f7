"""What all pages share: languages, navigation, proportions, and the error pages."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template import Context
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from config import settings
from config.templatetags.languages import direction_of, language_versions
from config.templatetags.navigation import main_sections
from config.templatetags.proportions import parts_of_bar
from config.templatetags.sharing import share_image


def at(address: str) -> Context:
    return Context({"request": RequestFactory().get(address)})


def test_versions_of_a_page_keep_its_query_and_are_canonical_without_it() -> None:
    with translation.override("tr"):
        versions = language_versions(at("/tr/claims/?status=disputed"))
    assert [(version.code, version.direction, version.is_current) for version in versions] == [
        ("en", "ltr", False),
        ("tr", "ltr", True),
        ("ar", "rtl", False),
    ]
    assert [version.url for version in versions] == [
        "/claims/?status=disputed",
        "/tr/claims/?status=disputed",
        "/ar/claims/?status=disputed",
    ]
    assert versions[2].canonical == "http://testserver/ar/claims/"


def test_versions_of_an_address_without_a_page_are_the_home_pages() -> None:
    with translation.override("ar"):
        assert [version.url for version in language_versions(at("/ar/nothing/here/"))] == [
            "/",
            "/tr/",
            "/ar/nothing/here/",
        ]


def test_without_a_request_there_are_no_versions() -> None:
    assert language_versions(Context()) == []


@pytest.mark.parametrize(
    ("code", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fa", "rtl"), ("", "auto"), ("xx", "auto")]
)
def test_direction_of_a_passage(code: str, direction: str) -> None:
    assert direction_of(code) == direction


@pytest.mark.parametrize(
    ("address", "current"),
    [("/claims/", {"/claims/": "page"}), ("/claims/0123456789/", {"/claims/": "true"}), ("/", {}), ("/about/", {})],
)
def test_navigation_marks_where_the_reader_is(address: str, current: dict[str, str]) -> None:
    sections = main_sections(at(address))
    assert len(sections) == 6
    assert {section.url: section.current for section in sections if section.current} == current


def counts(**numbers: int) -> list[dict[str, Any]]:
    return [{"state": state, "count": count, "label": state} for state, count in numbers.items()]


def test_parts_follow_one_another_and_leave_out_what_is_empty() -> None:
    parts = parts_of_bar(counts(stalled=1, reversed=0, implemented=3), mirrored=False)
    assert [(part.state, part.left, part.width, part.middle) for part in parts] == [
        ("stalled", "0.000%", "25.000%", "12.500%"),
        ("implemented", "25.000%", "75.000%", "62.500%"),
    ]


def test_parts_are_mirrored_for_right_to_left() -> None:
    parts = parts_of_bar(counts(stalled=1, implemented=3), mirrored=True)
    assert [(part.state, part.left) for part in parts] == [("stalled", "75.000%"), ("implemented", "0.000%")]


def test_part_too_narrow_for_its_count_does_not_carry_it() -> None:
    assert [part.carries_count for part in parts_of_bar(counts(stalled=1, implemented=99), mirrored=False)] == [
        False,
        True,
    ]


def test_nothing_has_no_parts() -> None:
    assert parts_of_bar(counts(stalled=0), mirrored=False) == []


def test_shared_picture_has_an_absolute_address() -> None:
    assert share_image(at("/claims/")) == "http://testserver/static/icons/share.png"


@pytest.mark.parametrize("page", ["400", "500"])
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_page_for_a_fault_needs_no_request_and_no_database(page: str, language: str, direction: str) -> None:
    with translation.override(language):
        html = render_to_string(f"{page}.html")
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert page in html


def test_styles_and_templates_name_only_files_that_exist() -> None:
    folder = Path(settings.BASE_DIR, "config/static")
    named = {
        path
        for template in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for path in re.findall(r'{% static "([^"{]+)" %}', template.read_text("utf-8"))
        if not path.startswith(("admin/", "drf_spectacular_sidecar/", "django_htmx/"))
    }
    named |= {
        f"css/{path}".replace("css/../", "")
        for path in re.findall(r'url\("([^"]+)"\)', (folder / "css/fonts.css").read_text())
    }
    assert {path for path in named if not (folder / path).is_file()} == set()


def test_nothing_asks_for_what_the_content_security_policy_refuses() -> None:
    for template in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        if template.parent.name == "mail":
            continue  # a mail has no policy, and no style sheet either
        html = template.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", html), template
