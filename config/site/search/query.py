"""What a person typed, as queries of PostgreSQL.

A word is found as it is written, at the beginning of longer words, without the endings and particles that its language
puts to it, by its names in the other languages, and by words that are written much like it. Words in quotation marks
stand together as they are; a minus sign before a word leaves out what has it; `or` between words lets either do.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from config.site.search.names import other_names
from publishing.languages import Language

MAX_PIECES = 32
MAX_TITLES = 8
LONGEST_NAME = 4
"""So many words a name in names.csv or of a state has at most, as far as it is looked for."""

SHORTEST_BEGINNING = 4
"""Shorter words begin too many others."""

PIECE = re.compile(r'(?P<without>(?<!\S)-)?(?:"(?P<quoted>[^"]*)"|(?P<word>[^\s"]+))')
APOSTROPHE = re.compile(r"(\w\w)['’ʼ‘`´](\w{1,10})(?=\W|$)")
CODE = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")

TURKISH_ENDING = re.compile(
    "(?:l[ae]r)?(?:(?:im|in|um|un)?iz|uz|i|u|si|su)?"
    "(?:n?[ai]?n?(?:d|t)[ae]n?|n?[iu]n|[yn]?[aeiu]|y?l[ae]|c[ae]|d[ae]ki|t[ae]ki|nd[ae]ki|l[iu]k?|s[iu]z|ki|d[iu]r|t[iu]r)?$"
)
"""What Turkish puts to a noun, without accents: plural, possessive, case, and the commonest that make words of words."""

ARABIC = re.compile("[\u0621-\u064a]")
ARABIC_BEGINNING = re.compile("^[وف]?(?:ال|[بك]ال|لل)(?=..)|^[وف]?[وفبكل](?=...)")
ARABIC_ENDING = re.compile("(?:يات|ات|ون|ين|ان|يه|ها|هم|هن|نا|كم|ه|ي|ا|وا)$")

TERMS = """
SELECT piece.place::int, word.word, ts_lexize('english_stem', word.word), ts_lexize('turkish_stem', word.word)
FROM unnest(%s::text[]) WITH ORDINALITY AS piece (said, place),
    regexp_split_to_table(publishing_search_folded(piece.said), ' ') WITH ORDINALITY AS word (word, place)
WHERE word.word <> ''
ORDER BY piece.place, word.place
"""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, folded, with its stems by PostgreSQL's dictionaries (empty for a word that says nothing by itself)."""

    said: str
    english: list[str] | None
    turkish: list[str] | None

    def says_nothing(self, language: str) -> bool:
        return self.english == [] or (language == Language.TR and self.turkish == [])

    def beginnings(self, languages: Sequence[str]) -> Iterator[str]:
        """Shorter forms of the word: other words that begin so are forms of it too."""
        yield self.said
        if ARABIC.search(self.said):
            bare = ARABIC_BEGINNING.sub("", self.said, count=1)
            for form in (self.said, bare):
                yield form
                stem = ARABIC_ENDING.sub("", form)
                if len(stem) >= 3:
                    yield stem
            return
        if Language.EN in languages and self.english:
            yield from self.english
        if Language.TR in languages:
            yield from self.turkish or ()
            stem = self.said
            while (shorter := TURKISH_ENDING.sub("", stem)) != stem and len(shorter) >= SHORTEST_BEGINNING:
                yield shorter
                stem = shorter


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands between blanks or in quotation marks: its words, and whether it excludes, or is only one of several."""

    words: list[Word]
    quoted: bool
    without: bool
    either: bool
    """Whether `or` stands before it."""
    joined: str = ""
    """The words without what parts them: s400 for S-400, turkiyenin for Türkiye'nin."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query in the syntax of tsquery: `sought` finds; what has one of the `forms` of its words ranks above what has
    longer words alone, and what has the words as they are, `exact`, above that.

    `whole` is all that was asked for without blanks, and the titles that it may mean. `marks` are the words to mark in
    what was found, each with whether the beginning of a word will do. Empty, it finds nothing.
    """

    sought: str = ""
    forms: str = ""
    exact: str = ""
    whole: list[str] = field(default_factory=list)
    marks: list[tuple[str, bool]] = field(default_factory=list)


@dataclass(slots=True)
class Alternatives:
    """The ways to say one thing: those that find it, those that are forms of its words, and the words themselves."""

    sought: dict[str, None] = field(default_factory=dict)
    forms: dict[str, None] = field(default_factory=dict)
    exact: dict[str, None] = field(default_factory=dict)
    titles: dict[str, None] = field(default_factory=dict)

    def add(self, other: "Alternatives") -> None:
        self.sought |= other.sought
        self.forms |= other.forms
        self.exact |= other.exact
        self.titles |= other.titles


def either(alternatives: Iterable[str]) -> str:
    return f"({' | '.join(alternatives)})"


def both(one: Sequence["Alternatives"]) -> "Alternatives":
    """What has all of it."""
    if len(one) == 1:
        return one[0]

    def all_have(kind: str) -> dict[str, None]:
        return {" & ".join(either(getattr(each, kind)) for each in one): None}

    titles = itertools.islice(itertools.product(*(each.titles for each in one)), MAX_TITLES)
    return Alternatives(
        all_have("sought"), all_have("forms"), all_have("exact"), dict.fromkeys(" ".join(each) for each in titles)
    )


def lexeme(word: str, *, begins: bool = False) -> str:
    return f"'{word}':*" if begins else f"'{word}'"


def phrase(words: Sequence[str]) -> str:
    return f"({' <-> '.join(map(lexeme, words))})"


def pieces_of(typed: str, language: str) -> list[Piece]:
    """What was typed, in pieces; one statement."""
    found = [one for one in PIECE.finditer(typed) if one["quoted"] is not None or one["word"] != "-"][:MAX_PIECES]
    said: list[str] = []
    kept: list[tuple[bool, bool, bool]] = []
    before_or = False
    for one in found:
        text = one["quoted"] if one["quoted"] is not None else one["word"]
        if one["quoted"] is None and text.casefold() == "or" and kept:
            before_or = True
            continue
        without = one["without"] is not None or (one["quoted"] is None and text.startswith("-"))
        kept.append((one["quoted"] is not None, without, before_or))
        said.append(text if one["quoted"] is not None else APOSTROPHE.sub(r"\1", text))
        said.append(re.sub(r"[-‐‑/'’ʼ‘`´]", "", text))
        before_or = False
    words: dict[int, list[Word]] = {}
    with connection.cursor() as sql:
        sql.execute(TERMS, [said])
        for place, word, english, turkish in sql.fetchall():
            words.setdefault(place, []).append(Word(word, english, turkish))
    pieces = []
    for number, (quoted, without, after_or) in enumerate(kept):
        own = words.get(2 * number + 1, [])
        joined = "".join(word.said for word in words.get(2 * number + 2, []))
        if own:
            pieces.append(Piece(own, quoted, without, after_or, joined))
    telling = [
        piece for piece in pieces
        if piece.quoted or piece.without or not all(word.says_nothing(language) for word in piece.words)
    ]  # fmt: skip
    return telling if any(not piece.without for piece in telling) else []


def near_words(pieces: Sequence[Piece]) -> Mapping[str, list[str]]:
    """Of each word that is neither quoted nor left out, the words of public texts that are written much like it."""
    asked = [
        piece.words[0].said for piece in pieces if len(piece.words) == 1 and not piece.quoted and not piece.without
    ]
    found: dict[str, list[str]] = {}
    if asked:
        with connection.cursor() as sql:
            sql.execute("SELECT word, near FROM publishing_search_near(%s)", [asked])
            for word, near in sql.fetchall():
                found.setdefault(word, []).append(near)
    return found


def query(typed: str, language: str) -> tuple[Query, Query]:
    """The query for what was typed in `language`; and a wider one, for when that finds nothing."""
    pieces = pieces_of(typed, language)
    if not pieces:
        return Query(), Query()
    near = near_words(pieces)
    languages = [language, Language.EN] if language != Language.AR else [Language.EN]
    return _query(pieces, languages, near, all_of_them=True), _query(pieces, Language.values, near, all_of_them=False)


def _query(
    pieces: Sequence[Piece], languages: Sequence[str], near: Mapping[str, list[str]], *, all_of_them: bool
) -> Query:
    groups: list[Alternatives] = []
    without: list[str] = []
    marks: dict[tuple[str, bool], None] = {}
    position = 0
    while position < len(pieces):
        piece = pieces[position]
        if piece.without:
            without.append(_without(piece))
            position += 1
            continue
        number, names = _names(pieces, position, languages)
        group = both([_one(one, languages, near, marks) for one in pieces[position : position + number]])
        for name in names:
            group.sought[_name(name, begins=True)] = group.forms[_name(name)] = group.titles[name] = None
            marks |= dict.fromkeys((word, len(word) >= SHORTEST_BEGINNING) for word in name.split())
        if piece.either and groups:
            groups[-1].add(group)
        else:
            groups.append(group)
        position += number
    of_all = both(groups)
    joiner = " & " if all_of_them else " | "
    sought = f"({joiner.join(either(group.sought) for group in groups)}){''.join(f' & !{one}' for one in without)}"
    whole = "".join(piece.joined for piece in pieces if not piece.without)
    return Query(sought, either(of_all.forms), either(of_all.exact), [whole, *of_all.titles], list(marks))


def _one(
    piece: Piece, languages: Sequence[str], near: Mapping[str, list[str]], marks: dict[tuple[str, bool], None]
) -> Alternatives:
    words = [word.said for word in piece.words]
    itself = phrase(words)
    found = Alternatives({itself: None}, {itself: None}, {itself: None}, {" ".join(words): None})
    marks |= dict.fromkeys((word, False) for word in words)
    if piece.quoted:
        return found
    for form in (lexeme(piece.joined), phrase(CODE.split(piece.joined))):
        found.sought[form] = found.forms[form] = found.exact[form] = None
    marks |= dict.fromkeys((word, False) for word in (piece.joined, *CODE.split(piece.joined)))
    if len(words) == 1:
        for form in piece.words[0].beginnings(languages):
            begins = len(form) >= SHORTEST_BEGINNING and not form.isdecimal()
            found.sought[lexeme(form, begins=begins)] = found.forms[lexeme(form)] = found.titles[form] = None
            marks[form, begins] = None
        for form in near.get(words[0], ()):
            found.sought[lexeme(form)] = found.forms[lexeme(form)] = found.titles[form] = None
            marks[form, False] = None
    elif len(words[-1]) >= SHORTEST_BEGINNING:
        found.sought[f"({' <-> '.join([*map(lexeme, words[:-1]), lexeme(words[-1], begins=True)])})"] = None
    return found


def _without(piece: Piece) -> str:
    words = [word.said for word in piece.words]
    if len(words) > 1 or piece.quoted:
        return phrase(words)
    return lexeme(words[0], begins=len(words[0]) >= SHORTEST_BEGINNING)


def _names(pieces: Sequence[Piece], position: int, languages: Sequence[str]) -> tuple[int, list[str]]:
    """How many pieces from `position` on are a name, at least 1; and the names of the same thing."""
    names = other_names()
    longest = 0
    while longest < LONGEST_NAME and position + longest < len(pieces):
        piece = pieces[position + longest]
        if piece.quoted or piece.without or (longest and piece.either):
            break
        longest += 1
    for number in range(longest, 0, -1):
        *before, last = pieces[position : position + number]
        beginning = [word.said for piece in before for word in piece.words]
        if len(last.words) == 1:
            ends = list(dict.fromkeys(last.words[0].beginnings([*languages, Language.TR])))
            ends += [f"ال{end}" for end in ends if ARABIC.search(end)]
        else:
            ends = [" ".join(word.said for word in last.words), last.joined]
        for end in ends:
            name = " ".join([*beginning, end])
            if others := names.get(name):
                return number, sorted({name, *others})
    return 1, []


def _name(name: str, *, begins: bool = False) -> str:
    *before, last = name.split()
    return f"({' <-> '.join([*map(lexeme, before), lexeme(last, begins=begins and len(last) >= SHORTEST_BEGINNING)])})"
