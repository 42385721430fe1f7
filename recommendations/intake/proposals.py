"""What a report is read as: recommendations, points, claims and the event, each beside the sentence it comes from."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from recommendations.intake.event import NEAR_THE_TOP, event_of, tells_of_the_event
from recommendations.intake.text import Sentence, sentences
from recommendations.intake.words import MARKS, WORDS, Rules, Words

ARABIC = re.compile("[\u0621-\u064a]")
TURKISH = re.compile(r"[ğışçöüİĞŞ]|\b(?:ve|bir|ile|için|olarak|tarafından)\b")
ENGLISH = re.compile(r"\b(?:the|of|and|to|in|was|were|that)\b")

SHORTEST = 15
"""A sentence with fewer characters asks and tells nothing."""

MAX_ADDRESSEE = 90

OFFICE = re.compile(
    r"\b(?:Ministry|Department|Governments?|States|Countries|Parliaments|Leaders) (?:of|for)\b|Bakanlığı$|Enstitüsü$|Kurumu$|Merkezi$"
    r"|\b(?:governments|states|countries|parliaments|leaders|ministries) of\b"
)
"""Names in which an “and” stands within."""

Proposal = dict[str, Any]


def language_of(text: str) -> str:
    """The language of most of the text: en, tr or ar."""
    sample = text[:20_000]
    letters = sum(sign.isalpha() for sign in sample) or 1
    if len(ARABIC.findall(sample)) / letters > 0.4:
        return "ar"
    return "tr" if len(TURKISH.findall(sample)) > len(ENGLISH.findall(sample)) else "en"


def proposals(text: str, language: str | None = None) -> dict[str, Any]:
    """Everything that is proposed of `text`, in the shape of the gold files; places count code points."""
    chosen = language or language_of(text)
    words = WORDS[chosen]
    found = [one for one in sentences(text) if not _is_beside_the_point(one.heading)]
    recommendations: list[Proposal] = []
    points: list[Proposal] = []
    claims: list[Proposal] = []
    for number, sentence in enumerate(found):
        if sentence.is_heading or len(sentence.text) < SHORTEST:
            continue
        asked = [] if sentence.is_cut else list(_asked(sentence, words))
        recommendations += asked
        if not asked and not sentence.is_cut and not (number < NEAR_THE_TOP and tells_of_the_event(sentence, words)):
            points += _told(sentence, words)
        claims += _claimed(sentence, words)
    for prefix, items in (("r", recommendations), ("p", points), ("c", claims)):
        for number, item in enumerate(items, start=1):
            item["id"] = f"{prefix}{number}"
    return {
        "language": chosen,
        "event": event_of(text, [one for one in found if not one.is_cut], chosen, words),
        "points": points,
        "recommendations": recommendations,
        "claims": claims,
    }


def _is_beside_the_point(heading: str) -> bool:
    """Whether an agenda, a list of people or terms, or the like stands under the heading; reports mix languages."""
    return any(_found(words.headings, heading) == "skip" for words in WORDS.values())


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _plain(text: str) -> str:
    """The text without vowel signs; places move, so it is only asked what it says."""
    return MARKS.sub("", text)


def _found(rules: Rules, text: str) -> str | None:
    plain = _plain(text)
    return next((code for code, pattern in rules if _compiled(pattern).search(plain)), None)


def _parts(sentence: Sentence, words: Words) -> Iterator[tuple[int, str]]:
    """Where a sentence asks several things one after the other, each by itself."""
    begin = 0
    for parting in _compiled(words.split).finditer(sentence.text):
        if parting.start() - begin >= SHORTEST:
            yield sentence.start + begin, sentence.text[begin : parting.start()].strip()
            begin = parting.end()
    yield sentence.start + begin, sentence.text[begin:].strip()


def _asked(sentence: Sentence, words: Words) -> Iterator[Proposal]:
    if _compiled(words.asks_nobody).search(_plain(sentence.text)):
        return
    under = _found(words.headings, sentence.heading) == "recommendations" or _leads_into_recommendations(
        sentence, words
    )
    if several := _compiled(words.several).search(sentence.text):
        each = [one.strip(" .") for one in re.split(r"[,;،؛]\s+(?:and\s+|ve\s+|و(?=\S{3}))?", several["them"])]
        if len(each) > 1 and all(len(one) >= SHORTEST for one in each):
            for one in each:
                yield {
                    "strength": _found(words.asks, sentence.text) or "suggested",
                    "text": one,
                    "start": sentence.start,
                    "end": sentence.end,
                    "addressees": [],
                    "sure": 0.6,
                }
            return
    for start, said in _parts(sentence, words):
        strength = _found(words.asks, said)
        if strength is None and under and sentence.is_item:
            strength = _found(words.asks, sentence.lead) or "urged"
        if strength is None or len(said) < SHORTEST:
            continue
        names, nobody = _addressees(said, words)
        proposal: Proposal = {
            "strength": strength,
            "text": said,
            "start": start,
            "end": start + len(said),
            "addressees": [{"name": name, "basis": "stated"} for name in names],
            "sure": 0.9 if under or names else 0.6,
        }
        if nobody:
            proposal["nobody_answers"] = nobody
        yield proposal


def _leads_into_recommendations(sentence: Sentence, words: Words) -> bool:
    """Whether the line above a list says that its items ask, and not that they also tell."""
    rules = dict(words.headings)
    return (
        sentence.is_item
        and _compiled(rules["recommendations"]).search(sentence.lead) is not None
        and _compiled(rules["points"]).search(sentence.lead) is None
    )


def _addressees(said: str, words: Words) -> tuple[list[str], list[str]]:
    """Whom a sentence asks, by name; and names that ask everybody, which nobody answers."""
    plain = _plain(said)
    names: dict[str, None] = {}
    nobody: list[str] = []
    for pattern in words.addressee:
        for found in (
            _compiled(pattern).finditer(plain) if pattern.startswith("(?:^|[") else _cased(pattern).finditer(plain)
        ):
            for name in _split_names(found["who"], words):
                if _compiled(rf"^(?:the )?(?:{words.nobody_answers})$").search(name):
                    nobody.append(name)
                elif not _compiled(rf"^(?:{words.subjects})$").search(name) and 2 < len(name) <= MAX_ADDRESSEE:
                    names[name] = None
        if names:
            break
    return list(names), nobody


@cache
def _cased(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _split_names(who: str, words: Words) -> list[str]:
    who = who.strip(" ,،'’")
    if inside := re.fullmatch(r"(?P<what>.{4,60}?) في (?P<one>.{2,40}?) و(?P<other>\S{2,30})", who):
        return [f"{inside['what']} في {inside['one']}", f"{inside['what']} في {inside['other']}"]
    parts = [part.strip(" ,،") for part in re.split(words.joined, who) if part and part.strip()]
    if any(len(part) < 2 or part[0].islower() for part in parts[1:]) or OFFICE.search(who):
        parts = [who]  # one name: the Ministry of Agriculture and Forestry
    return [re.sub(r"^(?:both|all|the two)\s+", "", part) for part in parts]


def _told(sentence: Sentence, words: Words) -> list[Proposal]:
    kind = _found(words.kinds, sentence.text)
    section = _found(words.headings, sentence.heading)
    if kind is None and not (sentence.is_item and section != "recommendations"):
        return []
    support = _found(words.support, sentence.text) or "narrative"
    return [
        {
            "kind": kind or "observation",
            "support": support,
            "single_voice": support == "one_participant",
            "text": sentence.text,
            "start": sentence.start,
            "end": sentence.end,
            "sure": 0.7 if kind else 0.4,
        }
    ]


def _claimed(sentence: Sentence, words: Words) -> list[Proposal]:
    kind = _found(words.claims, sentence.text)
    if kind is None or sentence.is_cut:
        return []
    return [{"kind": kind, "text": sentence.text, "start": sentence.start, "end": sentence.end, "sure": 0.5}]
