"""The language in which a text is shown."""

import pytest
from django.utils import translation

from publishing.languages import Text, isolated, label_of, text_of
from publishing.templatetags.texts import label, prose, text, translation_note, written
from tests.factories import ActorFactory, InstrumentFactory, PartnershipFactory

pytestmark = pytest.mark.django_db


def test_text_is_shown_in_the_language_of_the_page() -> None:
    actor = ActorFactory.build(name_en="Qatar", name_tr="Katar", name_ar="قطر")
    with translation.override("tr"):
        assert text_of(actor, "name") == Text("Katar", "tr")
        assert text(actor, "name") == "Katar"


def test_missing_translation_shows_the_original_and_names_its_language() -> None:
    actor = ActorFactory.build(name_en="Qatar & others", original_language="en")
    with translation.override("ar"):
        assert text(actor, "name") == '<span lang="en" dir="ltr">Qatar &amp; others</span>'


def test_original_comes_before_english() -> None:
    actor = ActorFactory.build(name_en="Qatar", name_ar="قطر", original_language="ar")
    with translation.override("tr"):
        assert text(actor, "name") == '<span lang="ar" dir="rtl">قطر</span>'


def test_part_without_original_language_shows_what_there_is() -> None:
    instrument = InstrumentFactory.build(name_en="", name_tr="Güven esastır.")
    assert text(instrument, "name") == '<span lang="tr" dir="ltr">Güven esastır.</span>'


def test_label_prefers_this_language_to_a_short_name_in_another() -> None:
    actor = ActorFactory.build(name_en="United States of America", short_name_en="United States", name_tr="ABD")
    assert label_of(actor) == Text("United States", "en")
    with translation.override("tr"):
        assert label_of(actor) == Text("ABD", "tr")
    assert label(None) == ""


def test_prose_is_markdown_without_anything_that_acts() -> None:
    partnership = PartnershipFactory.build(
        summary_en="Talks *go on*.\n\n- one\n- two\n\n# No heading\n\n<script>alert(1)</script> [x](javascript:alert(1)) [y](https://example.org)"
    )
    html = prose(partnership, "summary")
    assert "<em>go on</em>" in html
    assert "<li>one</li>" in html
    assert "<h1" not in html
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert 'href="javascript' not in html
    assert 'href="https://example.org"' in html
    assert html.startswith('<div class="prose">')


def test_prose_in_another_language_names_it() -> None:
    partnership = PartnershipFactory.build(summary_en="Talks go on.")
    with translation.override("ar"):
        assert prose(partnership, "summary").startswith('<div class="prose" lang="en" dir="ltr">')


def test_empty_text_shows_nothing() -> None:
    assert prose(PartnershipFactory.build(), "summary") == ""
    assert text_of(PartnershipFactory.build(), "summary") == Text("", "")


def test_text_of_an_entry_names_its_language_where_it_is_another() -> None:
    assert written("Görüşmeler sürüyor.", "tr") == '<span lang="tr" dir="ltr">Görüşmeler sürüyor.</span>'
    assert written("Talks go on.", "en") == "Talks go on."


def test_note_says_that_a_translation_is_missing_or_older() -> None:
    partnership = PartnershipFactory(name_en="Talks", name_tr="Görüşmeler", summary_en="They go on.")
    with translation.override("tr"):
        assert translation_note(partnership, "name")["is_missing"] is False
        assert translation_note(partnership, "name", "summary")["is_missing"] is True
        assert translation_note(partnership, "name")["is_outdated"] is False
    partnership.texts_changed_at = {"en": "2026-05-02T00:00:00+00:00", "tr": "2026-05-01T00:00:00+00:00"}
    with translation.override("tr"):
        assert translation_note(partnership, "name")["is_outdated"] is True
    assert translation_note(partnership, "name")["is_outdated"] is False


@pytest.mark.parametrize(
    ("language", "said"), [("ar", "\u20662025-06-01\u2069"), ("tr", "2025-06-01"), ("en", "2025-06-01")]
)
def test_day_as_digits_is_isolated_where_the_page_is_read_from_the_right(language: str, said: str) -> None:
    with translation.override(language):
        assert isolated("2025-06-01") == said
