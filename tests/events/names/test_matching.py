"""Recorded names, and texts in which they must or must not be found: the measure of the check."""

import gc
import time
import timeit
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from events.names.matching import MatchKind, NameReader, Term
from events.names.words import words_of

NAMES: dict[str, list[str]] = {
    "Ahmet Davutoğlu": [
        "AHMET DAVUTOĞLU opened.",
        "ahmet davutoğlu opened.",
        "Ahmet Davutoglu opened.",
        "Sayın Davutoğlu’nun görüşü buydu.",
        "Davutoğlunun görüşü buydu.",
        "Davutoğlu'ndan sonra söz alındı.",
        "Davutoğluyla konuşuldu.",
        "A. Davutoğlu disagreed.",
        "Davutoğlu, Ahmet (2019)",
        "**Ah**met _Davutoğlu_ said so.",
        "[Ahmet](https://example.org) Davutoğlu said so.",
        "Ah\u200bmet Davut\u00adoğlu said so.",
        "\u202bAhmet\u202c \u2066Davutoğlu\u2069",
        "Prof. Dr. Ahmet Davutoğlu",
        "Prof Davutoğlu",
        "قال أحمد داوود أوغلو إن",
        "رأي داود أوغلو في ذلك",
        "وأحمد داود أوغلو أيضا",
        "Ahmet\nDavutoğlu",
        "Ahmet Davut-\noğlu",
        "Ахмет Давутоглу",
        "&#65;hmet Davuto&#287;lu",
        "Ahmet&nbsp;Davuto&#x11F;lu",
        "#AhmetDavutoglu",
        "ahmet.davutoglu@example.org",
        "https://example.org/ahmet-davuto%C4%9Flu",
        "D a v u t o ğ l u",
        "Ａｈｍｅｔ Ｄａｖｕｔｏｇｌｕ",
        "Аhmеt Dаvutoğlu",
        "Ahmet Bey bunu söyledi.",
        "Ahmet Hoca şöyle dedi.",
        "Dr. Ahmet said so.",
        "Ahmet Davutolgu said so.",
        "Davutog\u0306lu",
        "A\u0301hmet Davuto\u0306g\u0306lu",
        "Ahmet Davutoghlu",
        "<b>Ah</b>met <i>Davut</i>oğlu",
        '<a title="Ahmet Davutoğlu">he</a>',
        "Ahmet‑Davutoğlu",
        "Davutoğlu's view",
        "the Davutoğlus of this world",
    ],
    "Mohammed bin Abdulrahman Al Thani": [
        "محمد بن عبد الرحمن آل ثاني",
        "الشيخ محمد بن عبدالرحمن آل ثاني",
        "Sheikh Mohamed bin Abdelrahman Al-Thani",
        "Muhammad Abd al-Rahman",
        "Mehmet Abdurrahman",
        "Muhammed b. Abdurrahman es-Sani",
        "Shaikh Mohammed said",
        "H.E. Mohammad Al-Thani",
        "ﷴ بن عبد الرحمن آل ثاني",
        "مُحَمَّد بْن عَبْد الرَّحْمٰن",
        "محمـــد بن عبـد الرحمن",
    ],
    "Khalid Al Attiyah": [
        "خالد العطية",
        "وقال السيد العطية",
        "للعطية رأي آخر",
        "وخالد بن محمد العطية",
        "Halid el-Atiyye",
        "Dr Al-Attiya",
        "Al-Attiyah disagreed",
        "Khaled Al-Attiyah",
        "KHALID ALATTIYAH",
        "خالد العطيّه",
        "ﺧﺎﻟﺪ ﺍﻟﻌﻄﻴﺔ",
    ],
    "قاسم الكواري": [
        "قاسم الكوارى",
        "بقاسم الكواري",
        "Qassem Al Kuwari",
        "Kasım el-Kuvari",
        "Al-Kuwari said",
        "Kasım Kuvari'nin sözü",
        "Qasim Alkuwari",
        "Kassem Al-Kawari",
        "الكواري، قاسم",
        "فالكواري يرى ذلك",
    ],
    "Jassim Al Ghanim": [
        "Casim Ganim",
        "جاسم الغانم",
        "جاسم بن علي الغانم",
        "Ganim, Casim",
        "J. Ghanem",
        "Jasem Al-Ghanem",
        "Dr. Jassim",
        "Jassim Bey",
    ],
    "Hans Müller": ["Hans Mueller", "Muller, Hans", "H. Müller", "MUELLER", "Hans-Peter Müller", "Herr Dr. Müller"],
    "Yousef bin Ibrahim Al-Sulaiti": [
        "يوسف السليطي",
        "يوسف بن إبراهيم السليطي",
        "Yusuf es-Suleyti",
        "Youssef Ibrahim",
        "Al Sulaiti",
        "السليطي",
    ],
    "Mehmet Şükrü Yıldızhan": [
        "Mehmet Yıldızhan",
        "Şükrü Yildizhan",
        "M. Ş. Yıldızhan",
        "Yıldızhan'a göre",
        "YILDIZHAN",
        "yıldızhan",
        "Mehmed Sukru Yildizhan",
        "محمد شكري يلدزهان",
    ],
    "Emb. (R) Jane O’Connor-Whitfield": [
        "Jane O'Connor",
        "Ambassador Whitfield",
        "O’Connor–Whitfield",
        "J. Whitfield",
        "Jane Whitfield",
    ],
    "السفير ناصر المهندي": [
        "ناصر المهندي",
        "السفير المهندي",
        "Nasser Al-Mohannadi",
        "Nasır el-Muhannedi",
        "Ambassador Al Mohannadi",
        "Büyükelçi Nasır",
    ],
    "Ayşe Gökçen": [
        "Ayse Gokcen",
        "Ayşe Hanım Gökçen",
        "Gökçen'in",
        "Goekcen",
        "عائشة غوكتشن",
        "Ayşe Hanım",
        "Aisha Gökçen",
    ],
    "Li Wei": ["Li Wei said", "LI WEI", "Wei, Li", "Dr. Li"],
    "Osman Çelik": ["Othman Çelik", "Osman Celik'in", "عثمان تشليك", "O. Çelik", "Dün de Çelik konuştu"],
    "Abdullah bin Hamad Al Khater": [
        "عبد الله الخاطر",
        "عبدالله بن حمد الخاطر",
        "Abdulla Al-Khatir",
        "Abd Allah Hamad",
        "الخاطر",
    ],
    "Zbigniew Brzeziński": ["Zbigniew", "Brzezinski", "Z. Brzezinski", "brzeziński", "Збигнев Бжезинский Brzezinski"],
    "Fatma Nur Aydemir": ["Fatma Aydemir", "فاطمة آيدمير", "Fatima Nur", "Aydemir’in", "Aydemirin", "F.N. Aydemir"],
    "Hüseyin Kocabaş": ["Huseyin Kocabas", "Hussein Kocabaş", "حسين كوجاباش", "Kocabaş'a", "Hüseyin Bey"],
    "Ιωάννης Παπαδόπουλος": ["Ioannis Papadopoulos", "ΠΑΠΑΔΟΠΟΥΛΟΣ", "παπαδόπουλος"],
    "张伟": ["参加者张伟说", "张伟"],
    "Davutoğlu, Ahmet": ["Ahmet Davutoğlu", "Davutoğlu", "A. Davutoğlu"],
    "Khalid": ["Khalid said so", "khalid", "Dr. Khalid"],
}
AFFILIATIONS: dict[str, list[str]] = {
    "ORSAM": ["a fellow of ORSAM", "ORSAM’ın uzmanı", "at O.R.S.A.M", "(ORSAM)", "**ORSAM**", "Orsam'dan biri"],
    "Ministry of Foreign Affairs, State of Deltania": [
        "The Ministry of Foreign Affairs said",
        "the ministry for foreign affairs’ view",
        "MINISTRY OF FOREIGN AFFAIRS",
        "from the State of Deltania",
    ],
    "Dışişleri Bakanlığı": [
        "Dışişleri Bakanlığının görüşü",
        "Dışişleri Bakanlığı'ndan",
        "DIŞİŞLERİ BAKANLIĞI",
        "Disisleri Bakanligi",
    ],
    "وزارة الخارجية القطرية": ["ووزارة الخارجية القطرية قالت", "لوزارة الخارجية القطرية", "وِزارَة الخارِجيّة القطريّة"],
    "Adviser – Bilkent University (Ankara)": ["at Bilkent University", "Bilkent University’s view"],
    "Center for Humanitarian Policy (CHUMP)": ["Center for Humanitarian Policy", "CHUMP’s", "a CHUMP fellow"],
    "مركز الجزيرة للدراسات": ["مركز الجزيرة للدراسات", "بمركز الجزيرة للدراسات"],
    "Qatar University, Doha": ["a professor at Qatar University"],
    "Retired; formerly Aselsan": ["of Aselsan", "ASELSAN'da", "Aselsan’ın"],
}
NAMES_LATER: dict[str, list[str]] = {
    "Hakan Soylu": ["Hakan Soylu'ya göre", "السيد صويلو", "هاكان صويلو", "H. Soylu", "Soylu’dan"],
    "Tariq Al Ansari": ["Tarık el-Ensari", "طارق الأنصاري", "Dr. Al-Ansary", "Tarek Ansari", "الأنصاري"],
    "Gülnur Aybet": ["Gulnur Aybet", "Aybet'in", "غولنور آيبت", "G. Aybet"],
    "عبد العزيز بن صقر": ["Abdulaziz Sager", "Abdul Aziz bin Saqr", "Abdülaziz bin Sakr", "عبدالعزيز صقر"],
    "Majed Al-Ansari": ["ماجد الأنصاري", "Macid el-Ensari", "Majid Ansari"],
    "Şaban Kardaş": ["Saban Kardas", "Kardaş’ın", "شعبان كارداش", "Şaban Hoca"],
    "Fatima Al Zahra Boukhris": ["فاطمة الزهراء بوخريص", "Fatma Boukhris", "Boukhriss"],
    "Sergei Karaganov": ["Сергей Караганов", "Karaganov’s", "كاراغانوف", "S. Karaganov"],
    "Nawaf Al-Tamimi": ["نواف التميمي", "Nevaf et-Temimi", "Al Tamimi"],
    "Cengiz Çandar": ["Cengiz Candar", "Çandar'a", "جنكيز تشاندار"],
}
"""Written when the tables stood, and not used to make them."""

AFFILIATIONS_LATER: dict[str, list[str]] = {
    "Hamad Bin Khalifa University": ["at Hamad bin Khalifa University’s college"],
    "SETA Vakfı": ["SETA’nın", "SETA Vakfı uzmanı"],
    "TÜSİAD": ["TÜSİAD'dan", "TUSIAD"],
    "معهد الدوحة للدراسات العليا": ["بمعهد الدوحة للدراسات العليا"],
    "Milli Savunma Üniversitesi (MSÜ)": ["Milli Savunma Üniversitesinden", "MSÜ'de"],
}
PROVOKING = [
    "The sector needs investment; ansar and allies agreed on tamim principles.",
    "Sakarya'da bir toplantı yapıldı, candan bir hava vardı.",
    "Kardeş ülkeler arasında kardeşlik bağı güçlendi.",
    "سقر اسم من أسماء النار، والصقر رمز من رموز الخليج.",
    "الأنصار والمهاجرون مثال في التضامن.",
    "تميمة الحظ لم تنفع الفريق في البطولة.",
    "Soylu bir davranıştı.",
    "A candid talk about cargo, sugar and Sahara winds.",
    "Saber rattling and sober words.",
    "The Tamimi tribe was not discussed.",
    "University rectors of Hamadan met.",
    "شعبان ورجب شهران قبل رمضان.",
    "Cengiz Han'ın mirası tartışıldı.",
    "Seta of the old book was torn.",
    "The doctor said: aybet is no word.",
]
"""Prose full of words that look and sound like the names written later."""

POSITIVE = [(MatchKind.NAME, name, text) for name, texts in (NAMES | NAMES_LATER).items() for text in texts] + [
    (MatchKind.AFFILIATION, name, text) for name, texts in (AFFILIATIONS | AFFILIATIONS_LATER).items() for text in texts
]

SOMEBODY = [
    *["Ahmet Davutoğlu", "Emre Demir", "Barış Deniz", "Umut Kaya", "Ayşe Güler", "Can Yılmaz", "Selin Toprak"],
    *["Murat Yeşiltaş", "Nurettin Kızılkaya", "Fatma Nur Aydemir", "Hüseyin Kocabaş", "Orhan Karaca", "Özgür Doğan"],
    *[
        "Mehmet Savaş",
        "Deniz Güneş",
        "Khalid Al Attiyah",
        "Jassim Al Ghanim",
        "Yousef Al-Sulaiti",
        "Nasser Al Khelaifi",
    ],
    *["Mohammed bin Abdulrahman Al Mannai", "Abdullah Al Salem", "Ali Hassan", "Mariam Al Misnad", "Saeed Karim"],
    *["قاسم الكواري", "ناصر المهندي", "سالم النعيمي", "نور الهاجري", "كمال سلام", "حمد العلي"],
    *["Mark Young", "Grace Hope", "May Long", "John Price", "Robert King", "Michael Law", "Hans Müller", "Will North"],
    *["Li Wei", "Jane O’Connor"],
]
"""Forty plausible participants, many with surnames that are words of prose."""

ELSEWHERE = [
    "Fellow, Institute for Delta Studies (IDELS)",
    "Qatari Armed Forces Staff College, Doha",
    "Boğaziçi Üniversitesi, İstanbul",
    "مركز الدلتا للأبحاث، الدوحة",
    "Ministry of Interior, Deltania",
    "Adviser",
    "Qatar",
    "Independent analyst, Ankara",
]

PROSE = [
    "Peace will come late, and the young hope for grace in the long run.",
    "May and March were quiet; in May the price of oil rose, and law followed.",
    "The king is strong. Good will is not a policy, but it marks a way.",
    "North of the bridge the law of the sea holds, and prices stay low.",
    "Hope is not a plan. Young people may judge this case best.",
    "The Gulf states trust one another more than they did a year ago.",
    "In the house of war, grace and price are strangers.",
    "Will the north follow? That may take long.",
    "A fellow of the staff college asked for a report on the sea.",
    "The ministry said little; the institute said nothing.",
    "Mark the words: law is long, life is short.",
    "He said it was a matter of trust, of interest and of time.",
    "The armed forces of both states train together.",
    "An institute studies deltas; another one studies rivers.",
    "The president met the prime minister, who thanked the delegation.",
    "Barış görüşmeleri sürüyor, umut var.",
    "Deniz güvenliği ve toprak bütünlüğü konuşuldu.",
    "Demir ve çelik ihracatı arttı; kaya gazı da konuşuldu.",
    "Savaş bitti, güneş doğdu, barış geldi.",
    "Can güvenliği her şeyden önemlidir.",
    "Güler yüzlü bir karşılama oldu, doğan sorular yanıtlandı.",
    "Özgür bir tartışma ortamı vardı; kaya gibi sağlam bir ilke.",
    "Umut ve barış için ortak bir dil gerekiyor.",
    "Toprak reformu ve su yönetimi ele alındı.",
    "Karaca bir sessizlik vardı, deniz sakindi.",
    "Bu yılmaz bir irade gerektirir.",
    "Deniz yetki alanları ayrı bir başlıktır.",
    "Türkiye ile Katar arasındaki ortaklık güvene dayanıyor.",
    "İstanbul'daki toplantıda üniversitelerin rolü konuşuldu.",
    "Uzmanlar, Ankara'nın denge rolünü vurguladı.",
    "Savunma sanayiinde iş birliği derinleşmeli.",
    "السلام خير من الحرب، والكرم من شيم العرب.",
    "كان النقاش سالما من الخلاف، والنور يسبق الظلام.",
    "ناصر الوفد القضية، وكان سعيدا بالنتيجة.",
    "الكمال لله وحده، والسلام على الجميع.",
    "من العلي أن نذكر حسن الضيافة وكريم الاستقبال.",
    "تعاون الدولتين في مجال الدفاع مستمر منذ سنوات.",
    "قال المشاركون إن الثقة تنمو ببطء.",
    "الأمين العام للمنظمة زار الدوحة.",
    "جامعة الدول العربية دعت إلى وقف إطلاق النار.",
    "في قطر وتركيا مراكز كثيرة للأبحاث.",
    "نصر جديد للدبلوماسية الهادئة في الخليج.",
    "وليد الساعة هذا الاتفاق، وهو جميل في شكله.",
    "صالح الشعبين فوق كل اعتبار.",
    "Ali Pasha's mosque and the Hassan tower are far from here.",
    "Ahmed al-Sharaa met Hakan Fidan; Recep Tayyip Erdoğan called Tamim bin Hamad.",
    "Emir Şeyh Temim bin Hamed Al Sani, Cumhurbaşkanı Erdoğan'ı kabul etti.",
    "استقبل الشيخ تميم بن حمد آل ثاني الرئيس رجب طيب أردوغان.",
    "Mohammed bin Salman and Narendra Modi signed nothing.",
    "Mehmet Şimşek and Mark Carney spoke about debt.",
    "President Emmanuel Macron, John Kerry and Robert Malley were quoted.",
    "John Mearsheimer and Stephen Walt wrote about deterrence.",
]


def strings(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for value in node.values() for text in strings(value)]
    if isinstance(node, list):
        return [text for value in node for text in strings(value)]
    return [node] if isinstance(node, str) and " " in node else []


def knowledge() -> list[str]:
    """Every text of the two documents and of the lists that they share."""
    files = sorted((Path(__file__).parents[3] / "knowledge").glob("*.yaml"))
    assert len(files) == 3
    return list(
        dict.fromkeys(text for file in files for text in strings(yaml.load(file.read_text(), yaml.CSafeLoader)))
    )


NEGATIVE = [*PROSE, *knowledge()]


def found(kind: MatchKind, recorded: str, text: str) -> list[str]:
    return [one.words for one in NameReader([Term(recorded, kind)]).read(text)]


def test_there_is_enough_to_measure_by() -> None:
    assert len(POSITIVE) >= 150
    assert len(NEGATIVE) >= 120
    assert len(SOMEBODY) == 40


@pytest.mark.parametrize(("kind", "recorded", "text"), POSITIVE)
def test_name_is_found_however_it_is_written(kind: MatchKind, recorded: str, text: str) -> None:
    assert found(kind, recorded, text)


def test_ordinary_prose_names_nobody() -> None:
    terms = [Term(name, MatchKind.NAME) for name in SOMEBODY] + [
        Term(name, MatchKind.AFFILIATION) for name in ELSEWHERE
    ]
    reader = NameReader(terms)
    alarms = {text: [one.words for one in reader.read(text)] for text in NEGATIVE if reader.read(text)}
    assert alarms == {}


def test_words_that_are_made_to_look_like_names_seldom_do() -> None:
    terms = [Term(name, MatchKind.NAME) for name in NAMES_LATER] + [
        Term(name, MatchKind.AFFILIATION) for name in AFFILIATIONS_LATER
    ]
    reader = NameReader(terms)
    alarms = [one.words for text in PROVOKING for one in reader.read(text)]
    # A surname that begins a sentence, one that differs in a vowel, and one that a tribe bears.
    assert alarms == ["Kardeş", "Soylu", "Tamimi"]


# Whatever the text

ANY_SIGN = st.characters(exclude_categories=["Cs"])
NAMED = st.lists(
    st.text(st.characters(categories=("Lu", "Ll", "Lt", "Lo", "Nd")), min_size=2, max_size=12), min_size=1, max_size=4
).map(" ".join)


@settings(max_examples=400)
@given(name=NAMED, before=st.text(ANY_SIGN, max_size=60), behind=st.text(ANY_SIGN, max_size=60))
@example(name="Ab Cd", before="<b title='", behind="'>")
@example(name="Nbsp Amp", before="&", behind=";")
@example(name="25 41", before="%", behind="%")
@example(name="AL a0", before="", behind="")
@example(name="S\U00018343I s\U00018343I", before="", behind="")
def test_recorded_name_is_found_in_whatever_surrounds_it(name: str, before: str, behind: str) -> None:
    text = f"{before}\n{name}\n{behind}"
    assert not words_of(name) or found(MatchKind.NAME, name, text)


@settings(max_examples=300)
@given(name=st.text(ANY_SIGN, max_size=40), affiliation=st.text(ANY_SIGN, max_size=40), text=st.text(ANY_SIGN))
def test_nothing_makes_it_fail(name: str, affiliation: str, text: str) -> None:
    reader = NameReader([Term(name, MatchKind.NAME), Term(affiliation, MatchKind.AFFILIATION)])
    for one in [*reader.read(text), *reader.read(name), *reader.read(affiliation)]:
        assert one.normalised


@pytest.mark.parametrize(
    "unit",
    [
        "Deniz güvenliği konuşuldu, Prof. Dr. {n} Bey geldi. ",
        "قال الدكتور خالد إن الثقة {n} تنمو ",
        "a b c d {n} e f g ",
        "<b",
        "&#x41;",
        "Abdul",
        "Ahmet ",
        "عبد ال",
        "%41",
        "<!--",
    ],
)
def test_long_text_and_many_participants_take_little_time(unit: str) -> None:
    """Time grows as the text does: four times as long for four times as much, on whatever machine, traced or not."""
    people = [f"{SOMEBODY[n % 40]} Family{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(100)]
    terms = [Term(name, MatchKind.NAME) for name in people]
    terms += [Term(f"Institute number {n} of {ELSEWHERE[n % 8]}", MatchKind.AFFILIATION) for n in range(100)]
    reader = NameReader(terms)

    def taken(size: int) -> float:
        """The least of three: what else the machine does adds to one of them, hardly to all; so does Python's collector."""
        text = "".join(unit.replace("{n}", f"word{n}") for n in range(size // len(unit)))[:size]
        gc.disable()
        try:
            return min(timeit.repeat(lambda: reader.read(text), timer=time.process_time, repeat=3, number=1))
        finally:
            gc.enable()

    assert taken(100_000) < 10 * max(taken(25_000), 0.02)
