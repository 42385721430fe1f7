"""The Turkish and Arabic catalogues are complete, and say the same as the English originals."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
NUMBER_OF_PLURALS = {"tr": 2, "ar": 6}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%%|\{[a-z_]*\}")
COUNTS = {"%(counter)s", "%(n)s", "%(n)d", "%(found)d", "%(number)s", "%(number)d"}
SKIPPED_FOLDERS = {".venv", "var", "tests", "staticfiles"}
"""What `make messages` does not look into."""


def catalogue(language: str) -> Catalog:
    with (ROOT / "config" / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def messages_of(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def english(message: Message) -> str:
    """The English text, in the plural where there is one: the fuller of the two."""
    return str(message.id if isinstance(message.id, str) else message.id[1])


def translations(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def key(message: Message) -> tuple[str, str]:
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


@pytest.fixture(params=["tr", "ar"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_catalogues_translate_the_same_messages() -> None:
    assert {key(message) for message in messages_of(catalogue("tr"))} == {
        key(message) for message in messages_of(catalogue("ar"))
    }


def test_every_message_is_translated(language: str) -> None:
    messages = messages_of(catalogue(language))
    assert messages != []
    untranslated = [message.id for message in messages if not (translations(message) and all(translations(message)))]
    assert untranslated == []


def test_no_translation_is_fuzzy_or_obsolete(language: str) -> None:
    catalog = catalogue(language)
    assert [message.id for message in messages_of(catalog) if message.fuzzy] == []
    assert list(catalog.obsolete) == []


def test_plural_forms_are_complete(language: str) -> None:
    catalog = catalogue(language)
    assert catalog.num_plurals == NUMBER_OF_PLURALS[language]
    plural = [message for message in messages_of(catalog) if not isinstance(message.id, str)]
    assert plural != []
    assert [message.id for message in plural if len(translations(message)) != NUMBER_OF_PLURALS[language]] == []


def test_placeholders_survive_translation(language: str) -> None:
    """All of them; only a plural form for a few (a word says "one" or "two") may leave out the number."""
    wrong = []
    for message in messages_of(catalogue(language)):
        expected = sorted(PLACEHOLDER.findall(english(message)))
        for number, text in enumerate(translations(message)):
            found = sorted(PLACEHOLDER.findall(text))
            left_out, put_in = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
            says_it_in_words = (
                not isinstance(message.id, str) and number <= 2 and not put_in and left_out.keys() <= COUNTS
            )
            if found != expected and not says_it_in_words:
                wrong.append((message.id, text))
    assert wrong == []


def test_percent_signs_stand_alone_or_in_placeholders(language: str) -> None:
    """A lone % in a text that is filled in would raise where a reader looks."""
    filled_in = [message for message in messages_of(catalogue(language)) if "python-format" in message.flags]
    assert filled_in != []
    wrong = [
        text
        for message in filled_in
        for text in translations(message)
        if PLACEHOLDER.search(english(message)) and "%" in PLACEHOLDER.sub("", text)
    ]
    assert wrong == []


def test_markup_and_edges_survive_translation(language: str) -> None:
    tag = re.compile(r"<[^>]+>")
    wrong = []
    for message in messages_of(catalogue(language)):
        source = english(message)
        for text in translations(message):
            same_edges = source[:1].isspace() == text[:1].isspace() and source[-1:].isspace() == text[-1:].isspace()
            if not same_edges or "  " in text or sorted(tag.findall(source)) != sorted(tag.findall(text)):
                wrong.append((source, text))
    assert wrong == []


@pytest.mark.parametrize("ending", [":", "…", "?"])
def test_closing_punctuation_that_a_value_follows_survives(language: str, ending: str) -> None:
    wanted = {"?": {"tr": "?", "ar": "؟"}}.get(ending, {}).get(language, ending)
    wrong = [
        (message.id, text)
        for message in messages_of(catalogue(language))
        for text in translations(message)
        if english(message).endswith(ending) and not text.endswith(wanted)
    ]
    assert wrong == []


def test_arabic_uses_its_own_punctuation() -> None:
    """No Latin comma, semicolon, question mark or quotation mark between Arabic words."""
    latin = re.compile(r"[ء-ي][,;?]|[“”]")
    wrong = [text for message in messages_of(catalogue("ar")) for text in translations(message) if latin.search(text)]
    assert wrong == []


def test_turkish_labels_do_not_begin_with_a_small_dotted_i() -> None:
    """Django puts a capital before a label, and the capital that Python knows for i is I, not İ."""
    labels = [message for message in messages_of(catalogue("tr")) if any(".py" in at for at, _ in message.locations)]
    assert labels != []
    assert [text for message in labels for text in translations(message) if text.startswith("i")] == []


def test_arabic_keeps_dates_in_digits_apart() -> None:
    """Without marks around it, 2025-09 is shown as 09-2025 between Arabic words."""
    bare = re.compile(r"(?<![\u2066/])\b[0-9]{4}-[0-9]{2}(?!-?[0-9]*\u2069)")
    texts = [text for message in messages_of(catalogue("ar")) for text in translations(message)]
    dated = [text for text in texts if re.search(r"\b[0-9]{4}-[0-9]{2}", text.replace("R-2025", ""))]
    assert dated != []
    assert [text for text in dated if bare.search(text)] == []


def test_catalogues_compile(language: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    assert len(read_mo(compiled)) == len(catalogue(language))


def sources(suffix: str) -> Iterator[Path]:
    for path in sorted(ROOT.rglob(f"*{suffix}")):
        inner = path.relative_to(ROOT).parts
        if not SKIPPED_FOLDERS & set(inner) and not any(part.startswith(".") for part in inner):
            yield path


KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    **dict.fromkeys(["gettext_lazy", "gettext_noop", "ngettext_lazy", "pgettext_lazy", "npgettext_lazy"]),
}


def said_in(path: Path) -> set[tuple[str, str]]:
    """The messages of a module or a template, found without gettext: Babel reads Python, Django makes
    out of a template what can be read like Python."""
    text = path.read_text("utf-8")
    readable = text if path.suffix == ".py" else re.sub(r"(?m)^[ \t]+", "", templatize(text))  # no block of Python
    found: set[tuple[str, str]] = set()
    calls: Any = extract_python(io.BytesIO(readable.encode()), KEYWORDS, [], {})
    for _line, function, words, _comments in calls:
        arguments = words if isinstance(words, tuple) else (words,)
        has_context = function.startswith(("pgettext", "npgettext"))
        context, message = arguments[:2] if has_context else ("", arguments[0])
        if message:
            found.add((context, message))
    return found


def test_catalogues_hold_what_is_said_and_nothing_else() -> None:
    """If this fails, run `make messages`, and translate what it adds."""
    said = {message for suffix in (".py", ".html", ".txt") for path in sources(suffix) for message in said_in(path)}
    assert {("", "Partnerships"), ("claim", "Superseded"), ("", "What we knew on %(day)s")} <= said
    assert sorted(said ^ {key(message) for message in messages_of(catalogue("tr"))}) == []
