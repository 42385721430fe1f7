"""What a draft of a recommendation lacks for a later follow-up: hints, never reasons to refuse it.

A recommendation can be followed up if it says who should do one thing, by when, and how one would see that it is done.
Whether a text asks for one thing is guessed from signs, by rules for each language. The guess may be wrong, so a hint
says what was found, and the author decides. The guess is measured on the examples in
tests/recommendations/analysis/test_drafting_hints.py.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from publishing.languages import Language


class Lack(StrEnum):
    """The subject of a hint."""

    ADDRESSEE = "addressee"
    LEAD = "lead"
    TEST_OF_DONE = "test_of_done"
    DATE = "date"
    SEVERAL = "several"
    VAGUE = "vague"


ADVICE: Mapping[Lack, Any] = {
    Lack.ADDRESSEE: _("Nobody is asked yet. Name who should act: nobody answers for what is asked of all."),
    Lack.LEAD: _("Several are asked and none of them leads. Name one who answers for it."),
    Lack.TEST_OF_DONE: _("There is no test of done. Say what would have to be seen to call it implemented."),
    Lack.DATE: _("It has no target date. Without one it is never overdue."),
    Lack.SEVERAL: _("It seems to ask for more than one thing. What is asked apart can be answered and done apart."),
    Lack.VAGUE: _("Nobody can see when this is done. Say what should be there in the end."),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint: its subject, its field, and the words that caused it."""

    lack: Lack
    place: str
    language: str = ""
    found: tuple[str, ...] = ()

    @property
    def advice(self) -> Any:
        return ADVICE[self.lack]


@dataclass(frozen=True, slots=True)
class Draft:
    """The checked draft: texts by language, and its other fields."""

    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    tests_of_done: Mapping[str, str] = field(default_factory=dict)
    has_date: bool = False
    roles: Sequence[str] = ()


ITEM = re.compile(
    r"(?:^|[\s:;,])(?:\(?(?:[0-9٠-٩]{1,2}|[a-hA-H]|[ivx]{1,4}|[أبجدهـ])[.)]|[-–•*])\s+(?=\w)",
    re.MULTILINE,
)
"""The start of a list item within a text: (1), 2., b), iv., a dash or a dot at the start of a line."""

SEPARATOR = re.compile(r"[;؛]\s")

_ENGLISH_ASKS = """
    abolish accept adopt agree allocate allow amend announce appoint approve arrange assign assess ban begin bring
    build buy call carry cease change clear close collect commission complete conclude conduct connect convene create
    cut define deploy design develop discuss draft draw elect end establish exchange expand extend finance find form
    fund give grant halt help hold hire host identify implement improve increase inform install introduce invest
    invite issue join keep launch let lift list lower maintain make map measure meet mend merge monitor move name
    negotiate notify offer open organise organize pay permit plan post prepare present produce propose protect provide
    publish put ratify recognise recognize reduce reform release remove repair repeal replace report request require
    restore review revise run seek send set share sign simplify start station stop submit suspend teach tell test
    train translate update use withdraw write
"""
_ENGLISH_VAGUE = """
    consider explore encourage facilitate foster promote support strengthen enhance deepen examine reflect
    strive endeavour endeavor contemplate cultivate nurture prioritise prioritize streamline leverage optimise optimize
"""
_ENGLISH_VAGUE_PHRASES = (
    r"look(?:ing)? (?:into|at)",
    r"work(?:ing)? (?:towards?|on)",
    r"seek(?:ing)? to",
    r"aim(?:ing)? (?:to|at)",
    r"raise awareness",
    r"take steps",
    r"make (?:every )?efforts?",
    r"where(?:ver)? (?:appropriate|possible|feasible)",
    r"as (?:appropriate|far as possible)",
    r"think about",
    r"give (?:due )?(?:thought|consideration)",
    r"pay (?:due )?attention",
    r"continue to",
)

_TURKISH_VAGUE = (
    r"değerlendir(?!me (?:rapor|kurul))\w*",
    r"göz önünde bulundur\w*",
    r"göz önüne al\w*",
    r"düşün(?:mek|me|ül)\w*",
    r"teşvik et\w*|teşvik edil\w*",
    r"destekle\w*",
    r"güçlendir\w*",
    r"geliştir\w*",
    r"derinleştir\w*",
    r"kolaylaştır\w*",
    r"iyileştir\w*",
    r"gözden geçir\w*",
    r"çaba (?:göster|sarf et)\w*",
    r"gayret (?:göster|et)\w*",
    r"özen göster\w*",
    r"önem ver\w*",
    r"mümkün ol(?:duğunca|duğu ölçüde)",
    r"gerekli (?:adımlar|önlemler)\w*",
    r"farkındalı\w+ artır\w*",
)
_ARABIC_VAGUE = (
    r"النظر في",
    r"دراسة (?:إمكانية|سبل|جدوى)",
    r"استكشاف",
    r"بحث (?:إمكانية|سبل)",
    r"تشجيع",
    r"دعم",
    r"تعزيز",
    r"تطوير",
    r"تعميق",
    r"تسهيل",
    r"تيسير",
    r"تحسين",
    r"السعي (?:إلى|نحو|ل)",
    r"العمل على",
    r"بذل (?:الجهود|المزيد|جهود)",
    r"إيلاء",
    r"قدر الإمكان",
    r"عند الاقتضاء",
    r"اتخاذ (?:الخطوات|الإجراءات) اللازمة",
    r"رفع (?:مستوى )?الوعي",
)
_ARABIC_ASKS = (
    *("نشر", "عقد", "إنشاء", "فتح", "وضع", "تعيين", "تسمية", "إصدار", "توقيع", "إعداد", "تنظيم", "تدريب", "تمويل"),
    *("تشكيل", "اعتماد", "إبرام", "إطلاق", "إقامة", "تأسيس", "توفير", "تزويد", "تبادل", "إرسال", "إجراء", "تنفيذ"),
    *("إلغاء", "رفع", "خفض", "تخصيص", "إصلاح", "بناء", "جمع", "إدراج", "إنهاء", "وقف", "ترجمة", "تعديل", "مراجعة"),
)

JOINED = {
    Language.EN: r"and also|as well as|in addition|additionally|furthermore|moreover|besides",
    Language.TR: r"ayrıca|bunun yanı sıra|bunun yanında|bununla birlikte|aynı zamanda|buna ek olarak|ek olarak",
    Language.AR: r"بالإضافة إلى|إضافة إلى|فضلا عن|فضلاً عن|إلى جانب ذلك|علاوة على|وكذلك|كما",
}
"""Words that introduce the next request."""


def _words(listed: str) -> str:
    return "|".join(listed.split())


_ASKS = _words(_ENGLISH_ASKS) + "|" + _words(_ENGLISH_VAGUE)
NEXT_ASK = {
    # "Publish … and open …", "should publish … and report …", "to publish and to open". A noun that is spelled like a
    # verb stands after an article or before "of"; the verb of a request never does.
    Language.EN: re.compile(
        rf"\b(?:and|then|,)\s+(?:to\s+|should\s+|must\s+)?(?:{_ASKS})\b(?!\s+of\b|\s*(?:[.,;]|$)|\s+and\b)",
        re.IGNORECASE,
    ),
    # "… yayımlamak ve … açmak"; "… yayımlamalı ve … açmalı"; "… yayımlasın, … açsın"
    Language.TR: re.compile(
        r"(?<!\w)\w{2,}(?:mek|mak|meli(?:dir)?|malı(?:dır)?|sin|sın|sün|sun|ilmeli|ılmalı)(?=[\s.,;]|$)"
    ),
    Language.AR: re.compile(rf"(?:^|\s)و(?:أن\s|(?:{'|'.join(_ARABIC_ASKS)})(?=\s))"),
}
OBLIGATION = {
    Language.EN: re.compile(r"\b(?:should|must|shall|ought to|needs? to)\b", re.IGNORECASE),
    Language.TR: re.compile(r"\b(?:gerekir|gerekmektedir|gerekiyor|lazım|zorunda)\w*", re.IGNORECASE),
    Language.AR: re.compile(r"(?:^|\s)(?:ينبغي|يجب|يتعين|على .{3,40}? أن)(?=\s)"),
}
SENTENCE = re.compile(r"(?<=[.!?؟])\s+|\n+")
STARTS_WITH_AN_ASK = re.compile(rf"(?:{_ASKS})\b", re.IGNORECASE)


def several_in(text: str, language: str) -> tuple[str, ...]:
    """The signs that `text` asks for more than one thing; empty if there are none."""
    found: list[str] = []
    if len(items := ITEM.findall(text)) > 1:
        found += [item.strip(" \n:;,") for item in items]
    found += [match[0].strip() for match in SEPARATOR.finditer(text)]
    found += [match[0] for match in re.finditer(rf"(?<!\w)(?:{JOINED[Language(language)]})(?!\w)", text, re.IGNORECASE)]
    asks = [match[0].strip(" ,") for match in NEXT_ASK[Language(language)].finditer(_without_asides(text, language))]
    found += asks[1:] if language == Language.TR else asks  # of the Turkish signs, the first is the request itself
    sentences = [sentence.strip() for sentence in SENTENCE.split(text) if sentence.strip()]
    asking = [sentence for sentence in sentences if _asks(sentence, language)]
    if len(asking) > 1:
        found += [sentence.split()[0] for sentence in asking[1:]]
    return tuple(dict.fromkeys(found))


def _without_asides(text: str, language: str) -> str:
    """In Turkish, a verbal noun for a purpose (“… için”, “… üzere”) is not a request of its own."""
    return re.sub(r"\w+(?:mek|mak) (?:için|üzere|amacıyla)", "", text) if language == Language.TR else text


def _asks(sentence: str, language: str) -> bool:
    if language == Language.EN and STARTS_WITH_AN_ASK.match(sentence):
        return True
    return OBLIGATION[Language(language)].search(sentence) is not None


VAGUE = {
    Language.EN: re.compile(
        rf"\b(?:(?:{_words(_ENGLISH_VAGUE)})(?:s|d|ed|ing)?|{'|'.join(_ENGLISH_VAGUE_PHRASES)})\b", re.IGNORECASE
    ),
    Language.TR: re.compile(rf"(?<!\w)(?:{'|'.join(_TURKISH_VAGUE)})", re.IGNORECASE),
    Language.AR: re.compile(rf"(?:^|(?<=\s)|(?<=\sو)|(?<=\sال))(?:{'|'.join(_ARABIC_VAGUE)})(?=[\s.،]|$)"),
}


def vague_in(text: str, language: str) -> tuple[str, ...]:
    """The words of `text` that name no end: one can explore for ever."""
    return tuple(dict.fromkeys(match[0].lower() for match in VAGUE[Language(language)].finditer(text)))


def hints(draft: Draft) -> list[Hint]:
    """All hints for `draft`, in the order of the form."""
    return [*_of_words(draft), *_of_the_rest(draft)]


def _of_words(draft: Draft) -> Iterator[Hint]:
    for language in Language.values:
        for place, texts in (("title", draft.titles), ("text", draft.texts)):
            text = texts.get(language, "").strip()
            if not text:
                continue
            if several := several_in(text, language):
                yield Hint(Lack.SEVERAL, place, language, several)
            if vague := vague_in(text, language):
                yield Hint(Lack.VAGUE, place, language, vague)


def _of_the_rest(draft: Draft) -> Iterator[Hint]:
    if not any(text.strip() for text in draft.tests_of_done.values()):
        yield Hint(Lack.TEST_OF_DONE, "test_of_done")
    if not draft.has_date:
        yield Hint(Lack.DATE, "target_date")
    if not draft.roles:
        yield Hint(Lack.ADDRESSEE, "addressees")
    elif len(draft.roles) > 1 and "lead" not in draft.roles:
        yield Hint(Lack.LEAD, "addressees")


def draft_of(recommendation: Any) -> Draft:
    """The checked draft of a saved recommendation."""

    def said(name: str) -> dict[str, str]:
        return {language: getattr(recommendation, f"{name}_{language}") or "" for language in Language.values}

    return Draft(
        titles=said("title"),
        texts=said("text"),
        tests_of_done=said("test_of_done"),
        has_date=recommendation.target_date is not None,
        roles=tuple(recommendation.addressees.values_list("role", flat=True)),
    )
