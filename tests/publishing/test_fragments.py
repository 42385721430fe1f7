"""Fragments are kept by language and values, and never mix what is safe with what is not."""

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import override

from publishing.templatetags import fragments

BADGE = '{% load fragments %}{% fragment "_partials/verification_status.html" status=status size=size %}'
WORD = '{% load fragments %}{% fragment "_partials/unknown.html" what=what %}'


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    fragments._rendered.cache_clear()


def shown(template: str, **values: object) -> str:
    return Template(template).render(Context(values))


def test_it_is_rendered_once_for_each_language_and_value() -> None:
    for _again in range(2):
        with override("en"):
            assert "Unverified" in shown(BADGE, status="unverified")
            assert "badge--large" in shown(BADGE, status="disputed", size="large")
        with override("tr"):
            assert "Unverified" not in shown(BADGE, status="unverified")
    # Three badges, and one icon for each status and language.
    assert fragments._rendered.cache_info().misses == 3 + 3


def test_a_safe_text_does_not_open_the_way_for_an_unsafe_one_of_the_same_letters() -> None:
    assert "<b>x</b>" in shown(WORD, what=mark_safe("<b>x</b>"))
    assert "&lt;b&gt;x&lt;/b&gt;" in shown(WORD, what="<b>x</b>")
    assert "<b>x</b>" in shown(WORD, what=mark_safe("<b>x</b>"))


@pytest.mark.parametrize("nothing", ["", None, False])
def test_nothing_is_nothing(nothing: object) -> None:
    with override("en"):
        assert ">Unknown<" in shown(WORD, what=nothing)


def test_it_sees_nothing_but_its_values() -> None:
    template = '{% load fragments %}{% fragment "_partials/unknown.html" %}'
    with override("en"):
        assert ">Unknown<" in shown(template, what="from around")
