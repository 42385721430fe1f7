"""The YAML reader: it keeps words as written and their lines, and refuses surprises."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.knowledge.check import check
from config.knowledge.document import MAX_BYTES, MAX_VALUES, PlainWord, parse, read
from config.knowledge.problem import KnowledgeError


def refusal(content: bytes) -> str:
    with pytest.raises(KnowledgeError) as caught:
        parse(content, file="a.yaml")
    (problem,) = caught.value.problems
    return str(problem)


def test_parse_keeps_words_as_they_were_written() -> None:
    document = parse(
        b"a: NO\nb: 2025-09\nc: 2025-09-09\nd: 012\ne: \"650\"\nf: 1_000\ng: 1:30\nh: ~\ni: ''\nj: no\nk: .5\nl:\n",
        file="a.yaml",
    )

    assert document.root == {
        "a": "NO",
        "b": "2025-09",
        "c": "2025-09-09",
        "d": "012",
        "e": "650",
        "f": "1_000",
        "g": "1:30",
        "h": None,
        "i": "",
        "j": "no",
        "k": ".5",
        "l": None,
    }


def test_parse_tells_plain_words_from_quoted_ones() -> None:
    document = parse(b"[true, 'true', \"true\"]", file="a.yaml")

    assert [isinstance(word, PlainWord) for word in document.root or []] == [True, False, False]


def test_parse_takes_the_last_line_break_from_a_block_only() -> None:
    document = parse(b'a: |\n  one\n\n  two\n\nb: "one\\n"\nc: >\n  one\n  two\n', file="a.yaml")

    assert document.root == {"a": "one\n\ntwo", "b": "one\n", "c": "one two"}


def test_parse_knows_the_line_of_every_key_and_value() -> None:
    document = parse(b"format: 1\nactors:\n  - slug: a\n    name:\n      en: A\n  - slug: b\n", file="a.yaml")

    assert {path: document.line(path) for path in document.lines} == {
        (): 1,
        ("format",): 1,
        ("actors",): 2,
        ("actors", 0): 3,
        ("actors", 0, "slug"): 3,
        ("actors", 0, "name"): 4,
        ("actors", 0, "name", "en"): 5,
        ("actors", 1): 6,
        ("actors", 1, "slug"): 6,
    }
    assert document.line(("actors", 1, "name", "en")) == 6  # what is around it


def test_parse_takes_a_byte_order_mark_for_what_it_is() -> None:
    assert parse(b"\xef\xbb\xbfformat: 1", file="a.yaml").root == {"format": "1"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.yaml: the file is empty; a knowledge file starts with “format: 1”."),
        (b" \n \n", "a.yaml: the file is empty; a knowledge file starts with “format: 1”."),
        (b"# only this\n", "a.yaml: the file is empty; a knowledge file starts with “format: 1”."),
        (
            "format: 1\nactors: [{name: Şam}]".encode("iso-8859-9"),
            "a.yaml:2: this is not UTF-8 at byte 27, line 2 (in Windows-1254 that byte is “Ş”); "
            "save the file as UTF-8.",
        ),
        (
            b"\xef\xbb\xbfa: \xff",
            "a.yaml:1: this is not UTF-8 at byte 7, line 1 (in Windows-1254 that byte is “ÿ”); save the file as UTF-8.",
        ),
        (
            "format: 1".encode("utf-16"),
            "a.yaml:1: this is not UTF-8 at byte 1, line 1 (it looks like UTF-16); save the file as UTF-8.",
        ),
        (b"a: 1\nb: x\x00", "a.yaml:2: the character U+0000 has no place in a text; remove it."),
        (b"a: \x1b[31m", "a.yaml:1: the character U+001B has no place in a text; remove it."),
        (b'a: 1\nb: "\\e[31m"', "a.yaml:2: b: U+001B has no place in a text (character 1): remove it."),
        (
            "a: T\N{REPLACEMENT CHARACTER}rkiye".encode(),
            "a.yaml:1: the character U+FFFD stands where a letter was lost in an earlier conversion; "
            "write the letter again.",
        ),
        (b"a: 1\n---\nb: 2\n", "a.yaml:2: a second document starts here (---); a knowledge file holds one."),
        (b"a: &x [1]\n", "a.yaml:1: a: anchors (&x) are not read; remove it."),
        (b"a: 1\nb: *x\n", "a.yaml:2: b: aliases (*x) are not read; write the thing out."),
        (
            b"a: !!python/object/apply:os.system [x]",
            "a.yaml:1: a: tags (tag:yaml.org,2002:python/object/apply:os.system) are not read; remove it.",
        ),
        (b"a: !!str 1", "a.yaml:1: a: tags (tag:yaml.org,2002:str) are not read; remove it."),
        (b"a: 1\nb: 2\na: 3\n", "a.yaml:3: a: the key stands twice here, first in line 1."),
        (b"[" * 30, "a.yaml:1: lists and maps are nested more than 20 deep."),
        (b"[" * 100_000, "a.yaml:1: lists and maps are nested more than 20 deep."),
        (b"? [a]\n: 1\n", "a.yaml:1: a key is one word, not a list or a map."),
        (b"a: [1\nb: 2\n", "a.yaml:2: this is not YAML: while parsing a flow sequence did not find expected ',' or ']'."),
        (b"a: 1\n\tb: 2\n", "a.yaml:2: this is not YAML: while scanning a plain scalar found a tab character that violates indentation."),
        (b"- a\n" * MAX_VALUES, f"a.yaml:{MAX_VALUES}: the file has more than {MAX_VALUES:,} values. Split it."),
        (b" " * (MAX_BYTES + 1), "a.yaml: the file is longer than 5,000,000 bytes. Split it."),
    ],
)  # fmt: skip
def test_parse_refuses(content: bytes, message: str) -> None:
    assert refusal(content) == message


def test_parse_refuses_a_control_character_in_a_key_without_printing_it() -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse(b'"\\e[31m": 1\n"\\e[31m": 2\n', file="a.yaml")

    assert [str(problem) for problem in caught.value.problems] == [
        "a.yaml:1: U+001B has no place in a text (character 1): remove it.",
        "a.yaml:2: U+001B has no place in a text (character 1): remove it.",
        "a.yaml:2: \N{REPLACEMENT CHARACTER}[31m: the key stands twice here, first in line 1.",
    ]


def test_read_looks_at_the_size_before_it_reads(tmp_path: Path) -> None:
    file = tmp_path / "nothing.yaml"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)

    with pytest.raises(KnowledgeError) as caught:
        read(str(file))

    assert str(caught.value) == (
        f"{file}: the file has 50,000,000 bytes; a knowledge file has at most 5,000,000. Split it."
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "the file cannot be read: Is a directory."),
        ("missing.yaml", "the file cannot be read: No such file or directory."),
        ("\0", "the file cannot be read: embedded null byte."),
        ("n" * 300, "the file cannot be read: File name too long."),
    ],
)
def test_read_refuses_what_is_no_file(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        read(f"{tmp_path}/{name}")

    assert caught.value.problems[0].message == message


def test_read_refuses_a_device_that_never_ends() -> None:
    with pytest.raises(KnowledgeError) as caught:
        read("/dev/zero")

    assert str(caught.value) == "/dev/zero: this is no ordinary file."


YAMLISH = st.text(alphabet="abf:-? []{},&*!|>'\"#%\\\n\t 01~@`.é\N{RIGHT-TO-LEFT MARK}", max_size=200)
FIELDS = st.sampled_from(
    ["format", "actors", "slug", "kind", "name", "claims", "quantity", "min", "valid", "1", "true", "2025-09"]
)
TREES = st.recursive(
    st.one_of(FIELDS, st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(FIELDS, inner, max_size=4)),
    max_leaves=20,
)


def as_flow(tree: object) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {as_flow(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(as_flow, tree)) + "]"
    return str(tree)


@settings(max_examples=500)
@given(
    st.one_of(
        st.binary(max_size=200),
        YAMLISH.map(str.encode),
        TREES.map(lambda tree: as_flow(tree).encode("utf-8", "replace")),
    )
)
@example(b"\xff\xfe")
@example(b"{format: 1, claims: [{quantity: {min: 1, max: }}]}")
@example(b"%YAML 9.9\n--- a")
@example(b"{? a, ? b: c}")
def test_any_bytes_are_read_or_refused_with_reasons(content: bytes) -> None:
    reasons = ["none"]
    try:
        check(parse(content, file="a.yaml"))
    except KnowledgeError as error:
        reasons = [str(problem) for problem in error.problems]

    assert reasons
    assert all(len(reason.splitlines()) == 1 for reason in reasons)
