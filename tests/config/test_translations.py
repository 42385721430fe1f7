"""Translations are compiled when they have changed, and an unreadable file is named."""

import gettext
import os
from pathlib import Path

import pytest

from config.translations import TranslationError, compile_translations

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


@pytest.fixture
def po(tmp_path: Path) -> Path:
    file = tmp_path / "tr" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    text = 'msgid "Claims"\nmsgstr "İddialar"\n\n#, fuzzy\nmsgid "Events"\nmsgstr "Olay"\n'
    file.write_text(f"{HEADER}\n{text}", encoding="utf-8")
    return file


def test_changed_file_is_compiled_once(tmp_path: Path, po: Path) -> None:
    assert compile_translations([tmp_path]) == [po]
    assert compile_translations([tmp_path]) == []
    later = po.stat().st_mtime + 10
    os.utime(po, (later, later))
    assert compile_translations([tmp_path]) == [po]


def test_unfinished_translations_are_left_out(tmp_path: Path, po: Path) -> None:
    compile_translations([tmp_path])
    with po.with_suffix(".mo").open("rb") as file:
        catalog = gettext.GNUTranslations(file)
    assert catalog.gettext("Claims") == "İddialar"
    assert catalog.gettext("Events") == "Events"


def test_nothing_but_the_result_is_left(tmp_path: Path, po: Path) -> None:
    compile_translations([tmp_path])
    assert sorted(file.name for file in po.parent.iterdir()) == ["django.mo", "django.po"]


def test_file_in_a_wrong_encoding_is_named(tmp_path: Path, po: Path) -> None:
    po.write_bytes(f'{HEADER}\nmsgid "Claims"\nmsgstr "İddialar"\n'.encode("iso-8859-9"))
    with pytest.raises(TranslationError, match=r"django\.po cannot be read"):
        compile_translations([tmp_path])
    assert not po.with_suffix(".mo").exists()
