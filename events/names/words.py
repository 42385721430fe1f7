"""Single words of a text: how they are spelled and how they sound, in any alphabet.

Two words are compared by `Form.folds`, which is equal for spellings that differ in case, marks or in German or Turkish
letters, and by `Form.sounds`, which `agree` for spellings of one name in two alphabets, or in one alphabet by two
conventions.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from anyascii import anyascii

from events.lookalikes import LOOKALIKES
from events.names.spellings import (
    ARTICLES,
    GIVEN_NAMES,
    ORDINARY_WORDS,
    PARTICLES,
    PLACES,
    ROLES,
    SINGLE_GIVEN_NAMES,
    STOP_WORDS,
    TITLES,
    TITLES_BEHIND,
    TITLES_THAT_ARE_NAMES,
)

MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u08d3-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
UNSEEN = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u0640\u06dd\u070f\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
"""Invisible characters that separate no words: joiners, direction marks, soft hyphens, the Arabic tatweel."""

WORD = re.compile(
    r"[぀-ヿ㐀-鿿豈-﫿가-힯]|(?:(?![_぀-ヿ㐀-鿿豈-﫿가-힯])\w)(?:(?![_぀-ヿ㐀-鿿豈-﫿가-힯])\w|["
    + MARKS
    + r"]|['’‘ʼʻ`´′ʿʾ＇](?=\w))*"
)
APOSTROPHE = re.compile("['’‘ʼʻ`´′ʿʾ＇]")
COMMENT = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,15})((?:\s[^<>]{0,2000})?)/?>")
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "del",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "wbr",
    ]
)
SPECIAL_ENTITY = re.compile(r"&(?:#|[a-zA-Z])")
ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
EMPHASIS = re.compile(r"[*~\\]|(?<=\w)`(?=\W|$)|(?<!\w)`|\[(?=\w)|(?<=\w)\](?!\()")
ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
LATIN = re.compile("[a-zA-Z]")
MIXED = re.compile("[\u0370-\u052f\u0251\u0261]")


def readable(text: str) -> str:
    """`text` as a person sees it: references decoded, without invisible characters and emphasis marks."""
    for _ in range(3):
        if not SPECIAL_ENTITY.search(text):
            break
        text = html.unescape(text)
    if ESCAPED.search(text):
        text = unquote(text, errors="ignore")
    if "<" in text:
        text = COMMENT.sub("", text)
        hidden = " \n ".join(match[2] for match in TAG.finditer(text) if match[2].strip())
        text = TAG.sub(lambda match: "" if match[1].lower() in INLINE else "\n", text)
        text = f"{text} \n {hidden}" if hidden else text
    text = unicodedata.normalize("NFKC", UNSEEN.sub("", text))
    return EMPHASIS.sub("", UNSEEN.sub("", text))


@dataclass(frozen=True, slots=True)
class Word:
    raw: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a readable text; a script without spaces is split into characters."""
    return [Word(match[0], match.start(), match.end()) for match in WORD.finditer(text)]


# The spelling of a word

DIGRAPHS = re.compile("sch|sh|ch|gh|oe|ue|ae|ck|ph")
FOLDED = {"sch": "s", "sh": "s", "ch": "c", "gh": "g", "oe": "o", "ue": "u", "ae": "a", "ck": "k", "ph": "f"}
DOUBLED = re.compile(r"([^\W\d_])\1+")
NOT_SPELLED = re.compile(r"[^a-z0-9]")
ARABIC_LETTERS = str.maketrans(
    {
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ة": "ه",
        "ۀ": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ک": "ك",
        "ڪ": "ك",
        "ٱ": "ا",
        "ء": "",
        "ٔ": "",
    }
)
ARTICLE_JOINED = re.compile(r"(?:al|el)(?=.{4})")
CLITICS = re.compile("(?:[وفأ]?(?:[بكلس]?ال|لل)|[وف]?[بلكس]|[وف])(?=.{3})")
SUFFIXES = re.compile(
    r"(?:lar|ler)?(?:l[iu]k|l[iu]|siz|suz|c[iaeu]|gil|giller)?(?:lar|ler)?"
    r"(?:[iu]m[iu]z|[iu]n[iu]z|s[iu]|[iuyn])?"
    r"(?:n?[iu]n|n?[dt][ea]n?|[yn]?[aeiu]|y?l[ea]|n?c[ea]|yken)?"
    r"(?:ki(?:ler|nin|ne)?)?(?:y?[dm][iu][sr]?|d[iu]r|t[iu]r|y?s[ea])?"
)
"""Turkish suffixes of names, without their marks."""

MAX_STEM_LENGTH = 80
"""The longest stem, in letters, that is looked for in a word with suffixes."""

SOFTENED = {"t": "d", "p": "b", "k": "g"}


def bare(raw: str) -> str:
    """Lower case without marks; letters of other alphabets that look like Latin ones are replaced by those."""
    if raw.isascii():
        return raw.lower()
    plain = "".join(c for c in unicodedata.normalize("NFD", raw) if not unicodedata.combining(c))
    if MIXED.search(plain) and LATIN.search(plain):
        plain = plain.translate(LOOKALIKES)
    return plain.lower().replace("ı", "i").replace("\u0307", "")


def in_latin(text: str) -> str:
    """`text` in lower-case ASCII letters and digits."""
    return NOT_SPELLED.sub("", text if text.isascii() else anyascii(text).lower())


def fold(text: str) -> str:
    """A key that is equal for all spellings of one Latin word that differ in case, marks and doubled letters."""
    return DOUBLED.sub(r"\1", DIGRAPHS.sub(lambda match: FOLDED[match[0]], in_latin(text)))


def fold_arabic(text: str) -> str:
    """The same for a word in Arabic letters: forms of alef, hamza, ى and ة make no difference."""
    return text.translate(ARABIC_LETTERS)


# The sound of a word

A, W, Y, STRICT_W, STRICT_Y, ANY, FREE, A_OR_Y, ENDS_IN_A = 1, 2, 4, 8, 16, 32, 64, 128, 256
"""What may stand between two consonants: vowels by kind, and consonants that alphabets write as vowels."""

VOWELS = {
    "a": A | ENDS_IN_A,
    "e": A | Y | ENDS_IN_A,
    "i": Y,
    "o": W | A,
    "u": W,
    "y": Y | STRICT_Y,
    "w": W | STRICT_W,
    "ou": W,
    "oo": W,
    "ee": Y,
    "V": W | STRICT_W,
}
LATIN_SOUND = re.compile("tch|sch|kh|gh|sh|ch|th|dh|ph|ck|dj|ou|oo|ee|x|[a-zV]")
LATIN_SOUND_BY_LETTER = re.compile("ou|oo|ee|x|[a-zV]")
CONSONANTS = {
    "tch": "C", "sch": "S", "kh": "x", "gh": "g", "sh": "S", "ch": "C", "th": "T", "dh": "D", "ph": "f", "ck": "k",
    "dj": "j", "x": "ks",
}  # fmt: skip
ARABIC_CONSONANTS = dict(zip("بتثجحخدذرزسشصضطظغفقكلمنهپچژڤگ", "btTjhxdDrzsSsDtDgfqklmnhpCjvg", strict=True))
CLASSES = str.maketrans("tdTDsSzkqgjcCxhbpvf", "TTTTTTTKKKKKKKKBBFF")
SIMILAR_SOUNDS = {
    frozenset(pair)
    for pair in (
        [
            "kq",
            "kc",
            "kx",
            "kg",
            "qg",
            "qc",
            "gj",
            "jc",
            "jC",
            "cC",
            "cs",
            "cS",
            "Cx",
            "xh",
            "tT",
            "td",
            "dT",
            "Ts",
            "tD",
            "Dd",
            "Dz",
            "DT",
            "zs",
            "sS",
            "SC",
            "bp",
            "vf",
            "jS",
            "jz",
            "gx",
            "xq",
        ]
    )
}


@dataclass(frozen=True, slots=True)
class Sound:
    """Consonants, coarse for finding and fine for comparing, and what stands before, between and after them."""

    coarse: str
    fine: str
    gaps: tuple[int, ...]
    arabic: bool


def _sounds(parts: Iterable[tuple[str, int]], *, arabic: bool, drop_l: bool) -> Sound:
    fine: list[str] = []
    gaps = [0]
    for consonant, gap in parts:
        if consonant:
            if fine and gaps[-1] == 0 and fine[-1] == consonant:
                continue
            fine.append(consonant)
            gaps.append(0)
        else:
            gaps[-1] = (gaps[-1] & ~ENDS_IN_A) | gap
    if drop_l and len(fine) > 3:
        # The servant of …: the article is written in many ways, or left out.
        if fine[2] == "l":
            del fine[2]
            gaps[2:4] = [FREE]
        else:
            gaps[2] = FREE
    letters = "".join(fine)
    return Sound(letters.translate(CLASSES).upper(), letters, tuple(gaps), arabic)


def sounds_of_latin(word: str) -> tuple[Sound, ...]:
    """The possible sounds of a word in ASCII letters: pairs of letters as one sound and as two, v as a vowel or not."""
    if not word or len(word) > 40:
        return ()
    variants = [(word, LATIN_SOUND)]
    if re.search("[ksgtdc]h", word):
        variants.append((word, LATIN_SOUND_BY_LETTER))
    if "v" in word:
        variants += [(word.replace("v", "V"), pattern) for _word, pattern in variants[:1]]
    if len(word) > 3 and word.endswith("h") and word[-2] in "aeiou":
        variants += [(spelled[:-1], pattern) for spelled, pattern in variants]
    drop_l = len(word) > 6 and word.startswith(("abd", "ebd"))
    found = []
    for spelled, pattern in variants:
        parts: list[tuple[str, int]] = []
        for match in pattern.finditer(spelled):
            sound = match[0]
            if sound in VOWELS:
                parts.append(("", VOWELS[sound]))
            else:
                parts += [(letter, 0) for letter in CONSONANTS.get(sound, sound)]
        found.append(_sounds(parts, arabic=False, drop_l=drop_l))
    return tuple(dict.fromkeys(found))


def sounds_of_arabic(word: str) -> tuple[Sound, ...]:
    """The possible sounds of a word in Arabic letters; `word` is bare, with its ى and ة as written."""
    if not word or len(word) > 30:
        return ()
    variants = [word, word[:-1] + "ة"] if len(word) > 2 and word.endswith("ه") else [word]
    if "تش" in word:
        variants += [spelled.replace("تش", "چ") for spelled in variants]
    drop_l = len(word) > 4 and word.startswith("عبد")
    found = []
    for spelled in variants:
        parts: list[tuple[str, int]] = []
        for place, letter in enumerate(spelled):
            last = place == len(spelled) - 1
            if letter in ARABIC_CONSONANTS:
                parts.append((ARABIC_CONSONANTS[letter], 0))
            elif letter == "ا":
                parts.append(("", ANY if place == 0 else A))
            elif letter == "ة":
                parts.append(("", A | ENDS_IN_A))
            elif letter == "و":
                parts.append(("", W))
            elif letter in "يی":
                parts.append(("", A_OR_Y if last else Y))
            elif letter == "ى":
                parts.append(("", A_OR_Y))
            elif letter in "عء":
                parts.append(("", ANY))
        found.append(_sounds(parts, arabic=True, drop_l=drop_l))
    return tuple(dict.fromkeys(found))


def _gap_agrees(one: int, other: int) -> bool:
    """Compares the gaps of two Latin spellings."""
    return bool((one | other) & FREE) or bool(one & other & 7) or not (one & 7 or other & 7)


def _gap_agrees_across(latin: int, arabic: int, *, first: bool, last: bool) -> bool:
    """Compares the gap of a Latin spelling with that of an Arabic one, which leaves short vowels out."""
    if (latin | arabic) & FREE:
        return True
    needed = arabic & 7
    if needed & ~(latin & 7) or (arabic & A_OR_Y and not latin & (A | Y)):
        return False
    if arabic & ENDS_IN_A and not latin & ENDS_IN_A:
        return False
    if latin & STRICT_W and not arabic & W:
        return False
    if latin & STRICT_Y and not arabic & (Y | A_OR_Y):
        return False
    written = bool(arabic & ~FREE)
    return not ((first or last) and bool(latin & 7) != written) or (last and bool(arabic & ANY) and not latin & 7)


def agree(one: Sound, other: Sound) -> bool:
    """Whether two words with equal coarse consonants may be one name in two spellings."""
    if len(one.fine) != len(other.fine):
        return False
    if any(a != b and frozenset((a, b)) not in SIMILAR_SOUNDS for a, b in zip(one.fine, other.fine, strict=True)):
        return False
    end = len(one.gaps) - 1
    if one.arabic == other.arabic:
        if one.arabic:
            return all(not (a ^ b) & (W | Y | A_OR_Y) for a, b in zip(one.gaps, other.gaps, strict=True))
        return all(_gap_agrees(a, b) for a, b in zip(one.gaps, other.gaps, strict=True))
    latin, arabic = (other, one) if one.arabic else (one, other)
    return all(
        _gap_agrees_across(a, b, first=place == 0, last=place == end)
        for place, (a, b) in enumerate(zip(latin.gaps, arabic.gaps, strict=True))
    )


# What is known of one word, wherever it stands


@dataclass(frozen=True, slots=True)
class Form:
    """A word by itself: `fold` as a key, `folds` also without possible suffixes, and its sounds."""

    fold: str
    folds: tuple[str, ...]
    stems: tuple[str, ...]
    """In Latin letters: the Turkish suffixes that it may have, the longest first."""

    sounds: tuple[Sound, ...]
    arabic: bool
    capital: bool
    letters: int
    article: bool


@lru_cache(maxsize=65536)
def form_of(raw: str) -> Form:
    plain = bare(raw)
    first = raw[0]
    if ARABIC.search(plain):
        spelled = APOSTROPHE.sub("", plain)
        key = fold_arabic(spelled) or spelled
        folds = [key]
        article = False
        for match in (CLITICS.match(key), CLITICS.match(key[1:]) if key[0] in "وف" else None):
            if match:
                folds.append(key[match.end() :] if match.string is key else key[1 + match.end() :])
                article = article or match[0].endswith(("ال", "لل"))
        if key.endswith("ا") and len(key) > 4:
            folds.append(key[:-1])
        sounds = [
            sound
            for one in dict.fromkeys([spelled, *(_cut(spelled, key, f) for f in folds[1:])])
            for sound in sounds_of_arabic(one)
        ]
        return Form(key, tuple(dict.fromkeys(folds)), (), tuple(dict.fromkeys(sounds)), True, False, len(key), article)
    joined = APOSTROPHE.sub("", plain)
    key = fold(joined) or joined
    folds = [key]
    stem = APOSTROPHE.split(plain)[0]
    cut = fold(stem)
    if stem != plain and len(cut) > 1:
        folds.append(cut)
    spoken = [in_latin(joined)]
    if stem != plain and len(cut) > 1:
        spoken.append(in_latin(stem))
    if MIXED.search(plain) and not LATIN.search(plain):
        # All letters of another alphabet: read in that alphabet, and by their Latin look.
        looks = joined.translate(LOOKALIKES)
        if looks.isascii():
            folds.append(fold(looks))
    article = False
    for one, said in zip(tuple(folds), tuple(spoken), strict=False):
        if ARTICLE_JOINED.match(one):
            folds.append(one[2:])
            spoken.append(said[2:])
            article = True
        elif len(one) > 5 and one[0] in "ae" and one[1] in "srnzdt" and said[1] == said[2 if len(said) > 2 else 1]:
            folds.append(one[1:])  # as-Sadr, es-Sadr joined: the doubled letter was folded
            spoken.append(said[2:])
    if len(key) > 4 and key.endswith("s") and not APOSTROPHE.search(plain):
        folds.append(key[:-1])
    stems = tuple(one for one in folds if len(one) > 3)
    sounds = [sound for one in dict.fromkeys(spoken) for sound in sounds_of_latin(one)]
    capital = first.isupper() or first.istitle() or not (first.isupper() or first.islower())
    return Form(
        key, tuple(dict.fromkeys(folds)), stems, tuple(dict.fromkeys(sounds)), False, capital, len(key), article
    )


def _cut(spelled: str, key: str, shorter: str) -> str:
    """`spelled` without the ending that `shorter` lacks of `key`; they have equally many letters, except for a lost
    hamza.
    """
    if key.endswith(shorter):
        return spelled[len(spelled) - len(shorter) :] if len(spelled) == len(key) else shorter
    return spelled[: -(len(key) - len(shorter))]


GROUPS: dict[str, int] = {
    (fold_arabic(bare(one)) if ARABIC.search(one) else fold(one)): number
    for number, line in enumerate([*GIVEN_NAMES.strip().splitlines(), *SINGLE_GIVEN_NAMES.split()])
    for one in line.split()
}
"""The number of the group of given names that a spelling belongs to."""


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold_arabic(bare(one)) if ARABIC.search(one) else fold(bare(one)) for one in words.split())


TITLE = _folded(TITLES)
SOFT_TITLE = _folded(TITLES_THAT_ARE_NAMES)
TITLE_BEHIND = _folded(TITLES_BEHIND)
PARTICLE = _folded(PARTICLES)
ARTICLE = _folded(ARTICLES)
TIED = PARTICLE | ARTICLE
STOP = _folded(STOP_WORDS)
ORDINARY = _folded(ORDINARY_WORDS)
PLACE = _folded(PLACES)
ROLE = _folded(ROLES)
