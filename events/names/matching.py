"""Finds names and affiliations in texts, however they are written. Does not use the database.

A recorded name can be written in many ways: without its marks or with German spellings, with a title, inverted, with a
suffix, in the other alphabet. A text is read word by word. Each word is compared by its spelling (`Form.folds`) and its
sound (`Form.sounds`). `NameReader` decides whether the matches are enough to identify a person: two words of one name
near each other, a whole name, a surname alone that is not a common word, or a word with a title beside it.
"""

import enum
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from events.names.affiliations import PhraseReader, phrases_in
from events.names.words import (
    APOSTROPHE,
    ARABIC,
    ARTICLE,
    GROUPS,
    MAX_STEM_LENGTH,
    ORDINARY,
    PARTICLE,
    PLACE,
    SOFT_TITLE,
    SOFTENED,
    SUFFIXES,
    TIED,
    TITLE,
    TITLE_BEHIND,
    Form,
    Sound,
    Word,
    agree,
    bare,
    form_of,
    in_latin,
    readable,
    sounds_of_arabic,
    sounds_of_latin,
    words_of,
)


class MatchKind(enum.Enum):
    """What of a person was found."""

    NAME = "name"
    AFFILIATION = "affiliation"


@dataclass(frozen=True, slots=True)
class Term:
    """One spelling of a name, or one name of an affiliation, to search for."""

    words: str
    kind: MatchKind


@dataclass(frozen=True, slots=True)
class FoundName:
    """Words of a text that name somebody: their place in the readable text, and their context."""

    words: str
    context: str
    kind: MatchKind

    @property
    def normalised(self) -> str:
        """The words without case, marks and punctuation; equal for the same words."""
        return " ".join(form_of(word.raw).fold for word in words_of(self.words))


# What is searched for


@dataclass(slots=True)
class Name:
    """One spelling of a person's name, without titles and particles."""

    parts: list[Form]
    last: frozenset[int]
    """Which of its parts are the surname."""

    with_article: bool = False


@dataclass(frozen=True, slots=True)
class NameHit:
    """One word (or several parts of a broken one) of a text that matches a part of a name."""

    name: int
    part: int
    exact: bool
    start: int
    """The number of the first word."""

    end: int
    """The number after the last word."""

    whole: bool = False
    """Whether it is the whole name at once."""

    strength: int = 0


MAX_WORDS_BETWEEN = 3
"""How many words may stand between two parts of a name."""

AROUND = 40
"""Characters of context on each side."""

BREAK = re.compile(r"[^\W\d_]{2}[.!?؟:;]\s|\n\s*\n")
SENTENCE_END = re.compile(r"[.!?:;؟…\n#>•]\W*$")


@dataclass(slots=True)
class NameReader:
    """Searches texts for `terms`. Made once for a list of participants, and used for many texts."""

    terms: Sequence[Term]
    public: frozenset[tuple[str, ...]] = frozenset()
    """Phrases of affiliations that everybody may read."""

    names: list[Name] = field(default_factory=list)
    affiliations: PhraseReader = field(default_factory=PhraseReader)
    by_fold: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    by_group: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    by_sound: dict[str, list[tuple[int, int, Sound]]] = field(default_factory=dict)
    by_joined: dict[str, list[int]] = field(default_factory=dict)
    long_folds: list[tuple[str, int, int]] = field(default_factory=list)
    matches: dict[str, tuple[tuple[int, int, bool, int], ...]] = field(default_factory=dict)
    vocabulary: set[str] = field(default_factory=set)
    wholes: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """Names of several words, by the first: in their recorded form they are always found, even if the words are common.
    """

    def __post_init__(self) -> None:
        for term in dict.fromkeys(self.terms):
            if term.kind is MatchKind.NAME:
                self._add_name(term.words)
            else:
                for phrase in phrases_in(term.words):
                    if phrase.folds not in self.public:
                        self.affiliations.add(phrase)

    # Names

    def _add_name(self, recorded: str) -> None:
        text = readable(recorded)
        words = words_of(text)
        if not words:
            return
        forms = [form_of(word.raw) for word in words]
        # A number beside a name, as in “Delegate 1047”, is not by itself the name of somebody.
        kept = [n for n, form in enumerate(forms) if form.fold not in TITLE and not form.fold.isdigit()]
        if not kept:
            kept = list(range(len(forms)))
        hard = [n for n in kept if not self._is_particle(forms, words, text, n)] or kept
        soft = [n for n in hard if forms[n].fold not in SOFT_TITLE]
        counted = soft if len(soft) >= 2 else hard
        parts = [forms[n] for n in counted]
        comma = text.find(",")
        if 0 < comma < words[counted[-1]].start and words[counted[0]].end <= comma:
            last = frozenset(place for place, n in enumerate(counted) if words[n].end <= comma)
        else:
            last = frozenset({len(counted) - 1})
            before = counted[-1] - 1
            if before in counted and text[words[before].end : words[counted[-1]].start] in {"-", "‐", "‑"}:
                last |= {len(counted) - 2}
        if len(words) > 1:
            self.wholes.setdefault(forms[0].fold, []).append(tuple(form.fold for form in forms))
        number = len(self.names)
        article = any(
            forms[n - 1].fold in {"al", "el", "ال"} for place, n in enumerate(counted) if place in last and n
        ) or any(parts[place].article for place in last)
        self.names.append(Name(parts, last, article))
        for place, form in enumerate(parts):
            self._index(number, place, form, words[counted[place]].raw)
        # Servant of …, and surnames of two words, are also written as one word.
        for place in range(len(parts) - 1):
            if parts[place].arabic == parts[place + 1].arabic:
                pair = parts[place].fold + parts[place + 1].fold
                between = range(counted[place], counted[place + 1] + 1)
                whole = "".join(forms[n].fold for n in between)
                sounds = self._joined_sounds([words[n].raw for n in between])
                target = place + 1 if place + 1 in last and len(parts) > 2 else place
                for key in dict.fromkeys((pair, whole)):
                    if len(key) >= 5:
                        self.by_joined.setdefault(key, []).append(number)
                if len(parts) > 2 or parts[place].fold in {"abd", "عبد"}:
                    for sound in sounds:
                        if len(sound.coarse) >= 3:
                            self.by_sound.setdefault(sound.coarse, []).append((number, target, sound))
        if len(parts) > 1:
            for order in (parts, parts[::-1], [parts[0], parts[-1]], [parts[-1], parts[0]]):
                self.by_joined.setdefault("".join(form.fold for form in order), []).append(number)
            if not parts[0].arabic and len(parts[-1].fold) > 3:
                self.by_joined.setdefault(parts[0].fold[0] + parts[-1].fold, []).append(number)
        self.by_joined.setdefault("".join(form.fold for form in forms), []).append(number)

    @staticmethod
    def _is_particle(forms: list[Form], words: list[Word], text: str, n: int) -> bool:
        if n == len(forms) - 1:
            return False
        if forms[n].fold in PARTICLE:
            return True
        return forms[n].fold in ARTICLE and text[words[n].end : words[n + 1].start] in {"-", "‐", "‑", "–"}

    @staticmethod
    def _joined_sounds(raws: list[str]) -> tuple[Sound, ...]:
        plain = [APOSTROPHE.sub("", bare(raw)) for raw in raws]
        if all(ARABIC.search(one) for one in plain):
            return sounds_of_arabic("".join(plain))
        return sounds_of_latin("".join(in_latin(one) for one in plain))

    def _index(self, number: int, place: int, form: Form, raw: str) -> None:
        for key in form.folds[:1] if not form.article else form.folds:
            self.by_fold.setdefault(key, []).append((number, place))
            self.vocabulary.add(key)
            if not form.arabic and key[-1:] in SOFTENED and len(key) > 3:
                self.by_fold.setdefault(key[:-1] + SOFTENED[key[-1]], []).append((number, place))
            group = GROUPS.get(key)
            if group is not None:
                self.by_group.setdefault(group, []).append((number, place))
            if len(key) > 3:
                self.long_folds.append((key, number, place))
        sounds = form.sounds
        for sound in sounds:
            if sound.coarse:
                self.by_sound.setdefault(sound.coarse, []).append((number, place, sound))

    def _matches(self, raw: str) -> tuple[tuple[int, int, bool, int], ...]:
        """(name, part, exact, strength) for a word of a text; the part is −1 for a whole name in one word."""
        known = self.matches.get(raw)
        if known is not None:
            return known
        form = form_of(raw)
        best: dict[tuple[int, int], tuple[bool, int]] = {}

        def add(number: int, place: int, exact: bool, strength: int) -> None:
            had = best.get((number, place))
            if had is None or (exact, strength) > had:
                best[number, place] = (exact, strength)

        for key in form.folds:
            for number, place in self.by_fold.get(key, ()):
                add(number, place, True, len(key))
            for number in self.by_joined.get(key, ()):
                add(number, -1, True, len(key))
            group = GROUPS.get(key)
            if group is not None:
                for number, place in self.by_group.get(group, ()):
                    add(number, place, False, len(key))
        for key in form.stems:
            for end in range(min(len(key) - 1, MAX_STEM_LENGTH), 2, -1):
                stem = key[:end]
                hits, joined = self.by_fold.get(stem), self.by_joined.get(stem)
                if (hits or joined) and (end >= 8 or SUFFIXES.fullmatch(key, end)):
                    for number, place in hits or ():
                        add(number, place, True, end)
                    for number in joined or ():
                        if end > 4:
                            add(number, -1, True, end)
                elif GROUPS.get(stem) in self.by_group and end >= 4 and SUFFIXES.fullmatch(key, end):
                    for number, place in self.by_group[GROUPS[stem]]:
                        add(number, place, False, end)
        for sound in form.sounds:
            for number, place, sought in self.by_sound.get(sound.coarse, ()):
                if (number, place) in best or not agree(sound, sought):
                    continue
                part = self.names[number].parts[place]
                if sound.arabic == sought.arabic:
                    if not sound.arabic and fuzz.ratio(form.fold, part.fold) < 58:
                        continue
                    add(number, place, False, min(form.letters, part.letters))
                else:
                    arabic = form.letters if sound.arabic else part.letters
                    add(number, place, False, arabic - (2 if (form.article if sound.arabic else part.article) else 0))
        if not form.arabic and form.sounds and 5 < len(form.fold) <= MAX_STEM_LENGTH:
            self._add_inflected_sounds(form, add)
        found = tuple((number, place, exact, strength) for (number, place), (exact, strength) in best.items())
        self.matches[raw] = found
        return found

    def _add_inflected_sounds(self, form: Form, add: Callable[[int, int, bool, int], None]) -> None:
        """Another Latin spelling with a Turkish suffix: Kasim'a, recorded as Qassem or in Arabic."""
        for end in range(min(len(form.fold) - 1, MAX_STEM_LENGTH), 3, -1):
            if not SUFFIXES.fullmatch(form.fold, end):
                continue
            for sound in sounds_of_latin(form.fold[:end]):
                for number, place, sought in self.by_sound.get(sound.coarse, ()):
                    if len(sound.coarse) >= 3 and agree(sound, sought):
                        part = self.names[number].parts[place]
                        if sought.arabic or fuzz.ratio(form.fold[:end], part.fold) >= 70:
                            add(number, place, False, min(end, part.letters))

    # Reading

    def read(self, text: str) -> list[FoundName]:
        """The terms found in `text`, in the order of the text, each place once."""
        if not self.names and not self.affiliations.phrases:
            return []
        text = readable(text)
        words = words_of(text)
        spans = [(start, end, MatchKind.NAME) for start, end in self._names_in(text, words)]
        spans += [(start, end, MatchKind.AFFILIATION) for start, end in self.affiliations.spans(words)]
        spans.sort(key=lambda span: (span[0], -span[1], span[2].value))
        found: list[FoundName] = []
        covered: dict[MatchKind, int] = {}
        for start, end, kind in spans:
            if start < covered.get(kind, -1):
                continue
            covered[kind] = end
            left, right = max(0, words[start].start - AROUND), words[end - 1].end + AROUND
            context = " ".join(text[left:right].split())
            found.append(FoundName(" ".join(text[words[start].start : words[end - 1].end].split()), context, kind))
        return found

    def _names_in(self, text: str, words: list[Word]) -> Iterator[tuple[int, int]]:
        hits: dict[int, list[NameHit]] = {}
        place = -1
        places: list[int] = []
        forms = [form_of(word.raw) for word in words]
        for n, word in enumerate(words):
            form = forms[n]
            if not (form.fold in PARTICLE or form.fold in TITLE):
                place += 1
            places.append(place)
            for number, part, exact, strength in self._matches(word.raw):
                if not exact and form.fold in PARTICLE:
                    continue
                hits.setdefault(number, []).append(NameHit(number, part, exact, n, n + 1, part < 0, strength))
        for hit in self._written_apart(text, words, forms):
            hits.setdefault(hit.name, []).append(hit)
        folds = [form.fold for form in forms]
        for n, fold in enumerate(folds):
            for whole in self.wholes.get(fold, ()):
                if tuple(folds[n : n + len(whole)]) == whole:
                    yield n, n + len(whole)
        for number, of_name in hits.items():
            of_name.sort(key=lambda hit: (hit.start, hit.end))
            yield from self._judge(self.names[number], of_name, text, words, forms, places)

    def _written_apart(self, text: str, words: list[Word], forms: list[Form]) -> Iterator[NameHit]:
        """Parts of names that the text breaks: over a line, by a hyphen, letter by letter."""
        run: list[int] = []
        for n in range(len(words)):
            key = forms[n].fold
            for count in (2, 3):
                if n + count > len(words):
                    break
                key += forms[n + count - 1].fold
                if len(key) > 40:
                    break
                if len(key) < 5:
                    continue
                broken = "".join(text[words[m].end : words[m + 1].start] for m in range(n, n + count - 1))
                tied = not broken.isspace() or "\n" in broken
                if not (forms[n].arabic or tied or forms[n].capital):
                    continue
                for number, part in self.by_fold.get(key, ()):
                    yield NameHit(number, part, True, n, n + count, False, len(key))
                if count == 2:
                    yield from self._sounding_together(words, forms, n)
                    for end in range(len(key) - 1, max(4, len(forms[n].fold)), -1):
                        if key[:end] in self.by_fold and SUFFIXES.fullmatch(key, end):
                            for number, part in self.by_fold[key[:end]]:
                                yield NameHit(number, part, True, n, n + count, False, end)
            if len(words[n].raw) == 1 and forms[n].letters == 1:
                if run and text[words[run[-1]].end : words[n].start].count("\n") > 1:
                    yield from self._in_run(run, forms)
                    run = []
                run.append(n)
            elif run:
                yield from self._in_run(run, forms)
                run = []
        yield from self._in_run(run, forms)

    def _sounding_together(self, words: list[Word], forms: list[Form], n: int) -> Iterator[NameHit]:
        second = n + 1
        if forms[second].fold in TIED and second + 1 < len(words):
            second += 1
        one, other = forms[n], forms[second]
        if one.arabic != other.arabic or not one.sounds or not other.sounds:
            return
        near = one.sounds[0].coarse + other.sounds[0].coarse
        if len(near) < 4 and not one.fold.startswith(("abd", "عبد")):
            return
        if not (one.arabic or (one.capital and other.capital)):
            return
        if (
            near in self.by_sound
            or one.fold.startswith(("abd", "عبد"))
            or any((first.coarse + second.coarse) in self.by_sound for first in one.sounds for second in other.sounds)
        ):
            for sound in self._joined_sounds([word.raw for word in words[n : second + 1]]):
                for number, part, sought in self.by_sound.get(sound.coarse, ()):
                    if agree(sound, sought):
                        yield NameHit(number, part, False, n, second + 1, False, one.letters + other.letters)

    def _in_run(self, run: list[int], forms: list[Form]) -> Iterator[NameHit]:
        """Names whose letters stand one by one."""
        if len(run) < 4:
            return
        letters = "".join(forms[n].fold for n in run)
        if len(letters) != len(run):
            return
        for key, number, part in self.long_folds:
            at = letters.find(key)
            if at >= 0:
                yield NameHit(number, part, True, run[at], run[at + len(key) - 1] + 1, False, len(key) + 3)

    def _judge(
        self, name: Name, hits: list[NameHit], text: str, words: list[Word], forms: list[Form], places: list[int]
    ) -> Iterator[tuple[int, int]]:
        """Where the hits of one name are enough to identify it."""
        starts = [hit.start for hit in hits]
        for n, hit in enumerate(hits):
            if hit.whole:
                if hit.strength > 4 or len(name.parts) == 1:
                    yield hit.start, hit.end
                continue
            together = self._together(name, hits, n, starts=starts, words=words, forms=forms, places=places, text=text)
            if together is not None:
                yield together
                continue
            if self._stands_alone(name, hit, text, words, forms):
                yield hit.start, hit.end

    def _together(
        self,
        name: Name,
        hits: list[NameHit],
        n: int,
        *,
        starts: list[int],
        words: list[Word],
        forms: list[Form],
        places: list[int],
        text: str,
    ) -> tuple[int, int] | None:
        """The span of this hit and another part of the same name near it."""
        hit = hits[n]
        if len(name.parts) == 1:
            return None
        for other in hits[n + 1 : bisect_right(starts, hit.end + 2 * MAX_WORDS_BETWEEN + 4)]:
            if other.whole or other.part == hit.part or other.start < hit.end:
                continue
            distance = places[other.start] - places[hit.end - 1]
            if distance > MAX_WORDS_BETWEEN:
                break
            if self._is_pair(name, hit, other, distance, words=words, forms=forms, text=text):
                return hit.start, other.end
        # A typing mistake in the other word.
        if hit.exact and hit.strength > 2 and self._written_as_name(hit, forms):
            for neighbour in (hit.end, hit.start - 1):
                if (
                    0 <= neighbour < len(words)
                    and len(forms[neighbour].fold) > 4
                    and (forms[neighbour].arabic or forms[neighbour].capital)
                ):
                    for place, part in enumerate(name.parts):
                        if (
                            place != hit.part
                            and len(part.fold) > 4
                            and part.arabic == forms[neighbour].arabic
                            and fuzz.ratio(part.fold, forms[neighbour].fold, score_cutoff=76)
                        ):
                            return min(hit.start, neighbour), max(hit.end, neighbour + 1)
        return None

    def _written_as_name(self, hit: NameHit, forms: list[Form]) -> bool:
        return forms[hit.start].arabic or forms[hit.start].capital

    def _is_pair(
        self,
        name: Name,
        hit: NameHit,
        other: NameHit,
        distance: int,
        *,
        words: list[Word],
        forms: list[Form],
        text: str,
    ) -> bool:
        capital = self._written_as_name(hit, forms) and self._written_as_name(other, forms)
        if hit.exact and other.exact and distance <= 1:
            return capital or not all(self._is_word(forms[one.start]) for one in (hit, other))
        if not capital:
            # All in small letters: only adjacent words that are not common words.
            return distance <= 1 and min(hit.strength, other.strength) > 3
        weak = [
            one
            for one in (hit, other)
            if (self._is_common(forms[one.start]) and not (name.with_article and forms[one.start].article))
            or one.strength < 3
        ]
        if len(weak) == 2:
            return distance <= 1
        between = text[words[hit.end - 1].end : words[other.start].start]
        return distance <= 1 or not BREAK.search(between)

    @staticmethod
    def _is_word(form: Form) -> bool:
        return any(key in ORDINARY or key in PLACE for key in form.folds)

    @staticmethod
    def _is_common(form: Form) -> bool:
        return any(key in GROUPS or key in ORDINARY or key in PLACE for key in form.folds)

    def _stands_alone(self, name: Name, hit: NameHit, text: str, words: list[Word], forms: list[Form]) -> bool:
        """Whether one word of a name is enough to identify the person."""
        form = forms[hit.start]
        part = name.parts[hit.part]
        surname = hit.part in name.last
        if len(name.parts) == 1:
            if hit.exact and (form.capital or form.arabic or hit.strength > 3):
                if form.fold == part.fold:
                    return True
                return hit.strength > 3 and not self._is_common(part)
            return self._is_strong(name, hit, form) and not self._is_common(part)
        if not self._written_as_name(hit, forms):
            return surname and hit.exact and hit.strength > 5 and not self._is_common(form)
        several = hit.end - hit.start > 1
        common = (not several and self._is_common(form)) or self._is_common(part)
        if self._is_titled(hit, text, words, forms, surname=surname) and (hit.exact or hit.strength > 2):
            return not (part.fold in GROUPS and self._goes_on(hit, words, forms, text))
        if not surname:
            return (
                hit.exact
                and not form.arabic
                and hit.strength > 4
                and not common
                and not self._goes_on(hit, words, forms, text)
            )
        if self._has_initial(name, hit, words, forms):
            return True
        if common:
            if part.fold in GROUPS or form.arabic or any(key in PLACE for key in form.folds):
                return False
            return (
                hit.exact
                and form.fold == part.fold
                and not words[hit.start].raw.isupper()
                and not self._starts_sentence(hit, text, words)
            )
        if hit.exact:
            if form.arabic:
                return hit.strength > 4 or (hit.strength > 3 and (form.article or name.with_article))
            return hit.strength > 2 and (form.fold == part.fold or hit.strength > 3)
        return self._is_strong(name, hit, form)

    def _is_strong(self, name: Name, hit: NameHit, form: Form) -> bool:
        """A word that sounds like a surname: long enough that no other word does."""
        part = name.parts[hit.part]
        if hit.end - hit.start > 1:
            return hit.strength > 6
        across = form.arabic != part.arabic
        if across:
            article = (form.article if form.arabic else part.article) and (name.with_article or not form.arabic)
            consonants = max((len(sound.coarse) for sound in part.sounds), default=0)
            return (hit.strength > 4 and consonants > 2) or (article and hit.strength > 3)
        if form.arabic:
            return hit.strength > 5
        return max((len(sound.coarse) for sound in form.sounds), default=0) > 2 and hit.strength > 4

    def _is_titled(self, hit: NameHit, text: str, words: list[Word], forms: list[Form], *, surname: bool) -> bool:
        before = hit.start - 1
        while before >= 0 and forms[before].fold in PARTICLE and forms[before].fold not in {"bin", "ibn", "بن", "ابن"}:
            before -= 1
        if before >= 0 and (forms[before].fold in TITLE or forms[before].fold in SOFT_TITLE):
            between = text[words[before].end : words[before + 1].start]
            single = len(forms[before].fold) == 1
            if between.strip(" .’'\u00a0") == "" and "\n\n" not in between and (not single or "." in between):
                return True
        behind = hit.end
        return (
            behind < len(words)
            and forms[behind].fold in TITLE_BEHIND
            and text[words[hit.end - 1].end : words[behind].start].isspace()
        )

    @staticmethod
    def _goes_on(hit: NameHit, words: list[Word], forms: list[Form], text: str) -> bool:
        """Whether another name follows: then it is somebody else with the same given name."""
        behind = hit.end
        if behind >= len(words) or text[words[hit.end - 1].end : words[behind].start].strip("-‐‑ "):
            return False
        form = forms[behind]
        if form.fold in TITLE_BEHIND:
            return False
        if form.arabic:
            return form.fold in PARTICLE or form.article or form.fold in GROUPS
        if form.fold in PARTICLE:
            return True
        return words[behind].raw[0].isupper()

    @staticmethod
    def _has_initial(name: Name, hit: NameHit, words: list[Word], forms: list[Form]) -> bool:
        initials = {part.fold[0] for place, part in enumerate(name.parts) if place != hit.part and part.fold}
        for near in (hit.start - 1, hit.end):
            if 0 <= near < len(words) and len(words[near].raw) == 1 and words[near].raw.isupper():
                return forms[near].fold in initials
        return False

    @staticmethod
    def _starts_sentence(hit: NameHit, text: str, words: list[Word]) -> bool:
        start = words[hit.start].start
        before = text[max(0, start - 12) : start]
        return start == 0 or not before.strip() or bool(SENTENCE_END.search(before))
