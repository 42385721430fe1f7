"""What a report says of its event. What it does not say stays unknown: no day of a newspaper, no year that is not there."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import get_month_names

from recommendations.intake.text import Sentence
from recommendations.intake.words import MARKS, NUMBERS, ORDINALS, Words

MAX_TITLE = 160
NEAR_THE_TOP = 12
"""So many sentences tell of the event itself."""

CITIES = {
    "en": "Doha Ankara Istanbul Riyadh Muscat Manama Cairo Baghdad Damascus Beirut Amman Jerusalem Tehran Islamabad Washington"
    " Moscow Beijing Brussels Geneva Athens London Paris Berlin Rome Vienna Madrid Tunis Algiers Rabat Khartoum Antalya Izmir"
    " Jeddah Dubai Sharjah Valletta Nicosia Oslo Stockholm Helsinki Copenhagen Warsaw Budapest Prague Sofia Bucharest Belgrade"
    " Sarajevo Pristina Tirana Tbilisi Baku Yerevan Tashkent Astana Bishkek Dushanbe Kabul Karachi Lahore Delhi Dhaka Jakarta"
    " Singapore Tokyo Seoul Canberra Melbourne Sydney Ottawa Toronto Addis-Ababa Nairobi Kampala Abuja Dakar Accra Marrakesh Tripoli",
    "tr": "Doha Ankara İstanbul Riyad Maskat Manama Kahire Bağdat Şam Beyrut Amman Kudüs Tahran İslamabad Washington Moskova Pekin"
    " Brüksel Cenevre Atina Londra Paris Berlin Roma Viyana Tunus Cezayir Rabat Antalya İzmir Cidde Dubai Bakü Tiflis Konya Bursa"
    " Gaziantep Trabzon Kayseri Eskişehir Lefkoşa Saraybosna Üsküp Priştine Belgrad Sofya Taşkent Astana Bişkek",
    "ar": "الدوحة أنقرة إسطنبول اسطنبول الرياض مسقط المنامة القاهرة بغداد دمشق بيروت عمان القدس طهران واشنطن موسكو بكين بروكسل جنيف"
    " أثينا لندن باريس برلين تونس الجزائر الرباط جدة دبي أبوظبي الشارقة طرابلس الخرطوم نواكشوط مراكش الكويت",
}


def event_of(text: str, found: Sequence[Sentence], language: str, words: Words) -> dict[str, Any]:
    top = [replace(one, text=MARKS.sub("", one.text)) for one in found[:NEAR_THE_TOP]]
    about = [one for one in top if re.search(words.event_verbs, one.text, re.IGNORECASE)]
    title = _title(top, language, words)
    event: dict[str, Any] = {"attribution": {"rule": _rule(text, words)}}
    if title:
        event["title"] = title
    kind = _first(words.event_kinds, title) or next(
        (k for one in about if (k := _first(words.event_kinds, one.text))), None
    )
    if kind:
        event["kind"] = kind
    if about or title:
        event["lifecycle"] = "held"
    dated = [*about, *(one for one in top[:2] if one.is_heading)]
    day = next((day for one in dated if (day := _day(one.text, language))), None)
    if day:
        event["date"] = day
    place = _place(about or top[:3], language, words)
    if place:
        event["place"] = place
    organisers = _organisers(about, words)
    if organisers:
        event["organisers"] = organisers
    if series := _series(title, about, words):
        event["series"] = series
    if theme := next((m["theme"] for one in top if (m := re.search(words.theme, one.text, re.IGNORECASE))), None):
        event["theme"] = theme.strip()
    if size := _size(top, words):
        event["group_size"] = size
    return event


def _first(rules: tuple[tuple[str, str], ...], text: str | None) -> str | None:
    if not text:
        return None
    places = [(m.start(), code) for code, pattern in rules if (m := re.search(pattern, text, re.IGNORECASE))]
    generic = [one for one in places if one[1] != "conference"]
    return min(generic or places)[1] if places else None


NAMED = {
    "en": re.compile(
        r"(?:the |The |[Tt]wo-day |[Tt]hree-day )*(?P<name>(?:\d{1,2}(?:st|nd|rd|th) |(?!The )[A-Z][\w’'-]+ )?(?:(?:[A-Z][\w’'–-]*|of|on|for|and|the|in|&|–|-) ){0,10}?"
        r"(?:Dialogue|Forum|Conference|Round ?[Tt]able|Workshop|Summit|Symposium|Seminar|Congress|Meeting|Colloquium)"
        r"(?: (?:on|for|of|in) (?:[A-Z][\w’'–-]*|of|on|for|and|the|in|&|–|-)(?: (?:[A-Z][\w’'–-]*|of|on|for|and|the|in|&|–|-)){0,10})?)"
    ),
    "tr": re.compile(
        r"(?P<name>(?:\d{1,2}\. )?(?:[A-ZÇĞİÖŞÜ][\w’'–-]*|ve|-|–)(?: (?:[A-ZÇĞİÖŞÜ][\w’'–-]*|ve|ile|-|–)){0,9} "
        r"(?:Forumu?|Konferansı?|Çalıştayı?|Zirvesi?|Sempozyumu?|Kongresi?|Diyalo[gğ]u?|Toplantısı?|Paneli?))(?=[\s,.’'|:]|$)"
    ),
    "ar": re.compile(
        r"(?P<name>(?:مؤتمر|منتدى|ندوة|ورشة(?: عمل)?|ملتقى|قمة|طاولة مستديرة|الطاولة المستديرة|الحوار الاستراتيجي|حوار|المؤتمر|المنتدى|الندوة|الملتقى)"
        r"(?: (?!أمس|اليوم|في (?:بغداد|الدوحة|أنقرة|الرياض|القاهرة|عمان|بيروت|مسقط|الكويت|إسطنبول|العاصمة|مدينة|مقر|فندق|جامعة)|يوم|بتاريخ|الذي|التي|إلى|على|عن |من |أن )[^\s،.؛:]+){1,7})"
    ),
}


def _title(top: Sequence[Sentence], language: str, words: Words) -> str | None:
    for one in top[:3]:
        if one.is_heading and _first(words.event_kinds, one.text) and len(one.text) <= MAX_TITLE:
            named = NAMED[language].search(one.text)
            return _clean(
                named["name"] if named and len(named["name"]) > len(one.text) / 3 else re.split(r"\s[|]\s", one.text)[0]
            )
    for one in top:
        if named := NAMED[language].search(one.text):
            return _clean(named["name"])
    return None


def _clean(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip(" -–|:,،")


def _rule(text: str, words: Words) -> str:
    if re.search(words.restricted, text, re.IGNORECASE):
        return "chatham_house"
    return "off_record" if re.search(words.off_record, text, re.IGNORECASE) else "not_stated"


ARABIC_MONTHS = {
    "كانون الثاني": 1, "شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7, "آب": 8, "أيلول": 9,
    "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12,
}  # fmt: skip


@cache
def _months(language: str) -> tuple[dict[str, int], str]:
    names = {
        str(name).casefold(): number
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, "format", Locale(language)).items()
    }
    if language == "ar":
        names |= ARABIC_MONTHS
    names = {name: number for name, number in names.items() if len(name) > 2}
    return names, "|".join(sorted(map(re.escape, names), key=len, reverse=True))


DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def _day(said: str, language: str) -> str | None:
    """The day or days of the event, as EDTF; only with their year."""
    names, months = _months(language)
    text = said.translate(DIGITS).casefold().replace("i̇", "i")
    day, dash = (
        r"(?P<{}>[0-3]?\d)(?:st|nd|rd|th|['’]?[a-zçğıöşü]{{0,3}})?",
        r"\s*(?:-|–|—|to|and|ile|ve|و|إلى|الى|حتى)\s*",
    )
    year = r",?\s*(?:of |من |عام |سنة )?(?P<year>(?:19|20)\d\d)"
    forms = (
        rf"{day.format('a')}\s*(?:of )?(?P<ma>{months}){dash}{day.format('b')}\s*(?P<mb>{months}){year}",
        rf"{day.format('a')}{dash}{day.format('b')}\s*(?:of |من )?(?P<ma>{months}){year}",
        rf"(?P<ma>{months})\s+{day.format('a')}{dash}{day.format('b')}{year}",
        rf"{day.format('a')}\s*(?:of |من )?(?P<ma>{months})(?: /\s*[^\s]+)?{year}",
        rf"(?P<ma>{months})\s+{day.format('a')}{year}",
        r"(?P<a>[0-3]?\d)[./](?P<m>[01]?\d)[./](?P<year>(?:19|20)\d\d)",
    )
    for form in forms:
        if found := re.search(form, text):
            parts = found.groupdict()
            first = _iso(parts["year"], parts.get("m") or names.get(parts.get("ma") or "", 0), parts["a"])
            last = (
                _iso(parts["year"], names.get(parts.get("mb") or parts.get("ma") or "", 0), parts["b"])
                if parts.get("b")
                else None
            )
            return f"{first}/{last}" if first and last else first
    if found := re.search(rf"(?:in|during|{'|'.join(('في', 'خلال'))})\s+(?P<ma>{months}){year}", text):
        return f"{found['year']}-{names[found['ma']]:02d}"
    return None


def _iso(year: str, month: str | int, day: str) -> str | None:
    number = int(month)
    return f"{year}-{number:02d}-{int(day):02d}" if 1 <= number <= 12 and 1 <= int(day) <= 31 else None


VENUE = {
    "en": re.compile(
        r"\bat (?P<v>(?:the )?(?:[A-Z][\w’'&.-]*|of|and|the|for|in)(?: (?:[A-Z][\w’'&.-]*|of|and|the|for)){0,8})"
    ),
    "tr": re.compile(r"(?P<v>(?:[A-ZÇĞİÖŞÜ][\w.-]*|ve)(?: (?:[A-ZÇĞİÖŞÜ][\w.-]*|ve)){1,8})['’](?:nde|nda|de|da)\b"),
    "ar": re.compile(
        r"(?:في|بـ?)\s?(?P<v>(?:فندق|جامعة|مقر|قاعة|مركز) [^.،؛]{3,60}?)(?= (?:في|يوم|بتاريخ|بمشاركة|بحضور)\b|[.،؛]|$)"
    ),
}
VENUES = re.compile(
    r"University|Hotel|Cent(?:re|er)|Campus|Institute|Hall|House|Palace|Academy|Ministry|Library|Museum|Club|Üniversite|Otel|Kampüs|Merkez|Saray|Salon|Enstitü|فندق|جامعة|مقر|قاعة|مركز"
)


def _place(about: Sequence[Sentence], language: str, words: Words) -> dict[str, str]:
    place: dict[str, str] = {}
    for one in about:
        if "city" not in place and (city := _city(one.text, language)):
            place["city"] = city
        for found in VENUE[language].finditer(one.text):
            name = re.sub(r"(?: (?:in|of|and|the|for))+$", "", found["v"]).strip()
            if "venue" not in place and VENUES.search(name):
                place["venue"] = name.removeprefix("the ")
        for pattern, attendance in ((words.mixed, "mixed"), (words.online, "online")):
            if "attendance" not in place and re.search(pattern, one.text, re.IGNORECASE):
                place["attendance"] = attendance
    if ("city" in place or "venue" in place) and "attendance" not in place:
        place["attendance"] = "in_person"
    return place


def _city(text: str, language: str) -> str | None:
    for city in CITIES[language].split():
        name = city.replace("-", " ")
        patterns = {
            "en": rf"\b(?:in|at) (?:the city of )?{name}\b|^{name.upper()}\b|\b{name} (?:Dialogue|Forum|Conference|Meeting)|, {name}\b",
            "tr": rf"\b{name}(?:['’](?:d[ae]|t[ae])\b| (?:kentinde|şehrinde)|\s[A-ZÇĞİÖŞÜ]\w+ (?:Üniversitesi|Oteli|Kampüsü))",
            "ar": rf"(?:في|ب|بمدينة|مدينة|العاصمة القطرية|العاصمة) ?{name}(?:\b|،)|في العاصمة \S+ {name}",
        }
        if re.search(patterns[language], text):
            return name
    return None


INSTITUTION = re.compile(
    r"Universit|Cent(?:re|er)\b|Institut|Ministry|Foundation|Organi[sz]ation|Council|Academy|Association|Program|School|Embassy"
    r"|Commission|Bank|Agency|Group|Society|Initiative|Fund|Network|Union|League|مركز|معهد|جامعة|وزارة|مؤسسة|مجلس|جمعية|منتدى"
    r"|سفارة|منظمة|هيئة|بنك|^\(?[A-ZÇĞİÖŞÜ&]{2,10}\)?$"
    # Turkish says at the end what it is.
    r"|(?:Enstitü|Merkez|Üniversite|Bakanlığ|Vakf|Derneğ|Kurum|Başkanlığ|Konsey|Akademi|Büyükelçiliğ|Platform|Birliğ)\w*$"
)


def tells_of_the_event(sentence: Sentence, words: Words) -> bool:
    """Whether a sentence says who met, where and when, and nothing of what was said."""
    return bool(re.search(words.event_verbs, sentence.text, re.IGNORECASE))


def _institutions(who: str, words: Words) -> list[str]:
    """The names in a list, where an “and” may be a part of a name: the Institute for Defence and Security."""
    names: list[str] = []
    for part in re.split(words.joined, re.sub(r"\s*\([^)]*\)", "", who)):
        if names and not (INSTITUTION.search(names[-1]) and INSTITUTION.search(part.strip())):
            names[-1] = who[who.find(names[-1]) : who.find(part, who.find(names[-1])) + len(part)]
        else:
            names.append(part)
    return names


def _organisers(about: Sequence[Sentence], words: Words) -> list[dict[str, str]]:
    found: dict[str, str] = {}
    for one in about:
        for role, pattern in words.organised:
            if match := re.search(pattern, one.text):
                names = [name for part in _institutions(match["who"], words) if (name := _organiser(part))]
                for number, name in enumerate(names):
                    found.setdefault(name, "co_organiser" if role == "host" and (number or found) else role)
    return [{"name": name, "role": role} for name, role in list(found.items())[:6]]


def _organiser(part: str) -> str:
    name = re.sub(r"^(?:the|The|both|by|و(?=ال))\s*", "", part.strip(' ,،()"“”')).strip()
    name = re.sub(r"\s+(?:in|at) [A-Z][\w-]+(?: [A-Z][\w-]+)?$", "", name)
    name = re.sub(r"['’](?:n[ıiuü]n|[ıiuü]n)$", "", name)
    starts = name[:1].isupper() or "\u0621" <= name[:1] <= "\u064a"
    return name if starts and 2 < len(name) <= 110 else ""


def _series(title: str | None, about: Sequence[Sentence], words: Words) -> dict[str, Any]:
    series: dict[str, Any] = {}
    if title and (found := re.search(words.edition, title, re.IGNORECASE)):
        number = (
            int(found["n"]) if found["n"] else ORDINALS.get(found["w"], ORDINALS.get((found["w"] or "").casefold()))
        )
        if number:
            series["edition"] = number
            series["name"] = _clean(title[: found.start()] + " " + title[found.end() :])
    if found := next((m for one in about if (m := re.search(words.beside, one.text))), None):
        series["beside"] = _clean(found["name"])
    return series


def _size(top: Sequence[Sentence], words: Words) -> dict[str, Any] | None:
    for one in top:
        for found in re.finditer(words.group_size, one.text, re.IGNORECASE):
            said = found["number"].translate(DIGITS).casefold()
            number = int(said) if said.isdecimal() else NUMBERS.get(said)
            if number and number < 2000:
                return {"number": number, "approximate": bool(found["about"]), "restricted": True}
    return None
