"""Hints for a draft: what is missing, several requests in one, and requests without an end."""

import pytest

from recommendations.analysis.drafting_hints import Draft, Hint, Lack, hints, several_in, vague_in

WHOLE = Draft(
    titles={"en": "Publish a calendar"},
    texts={"en": "The council should publish a calendar of inspections by May."},
    tests_of_done={"en": "The calendar stands on a public page."},
    has_date=True,
    roles=("lead",),
)

ONE = {
    "en": [
        "Hold an annual strategic dialogue between Türkiye and the Gulf states.",
        "The two institutes should publish a joint study of mediation by June.",
        "Open a hotline between the two rescue centres, staffed day and night.",
        "The ministry must answer within sixty days.",
        "Train officers and pilots of both coasts in one school.",
        "Fund research and development of air defence.",
        "Appoint an envoy for Somalia and Sudan.",
        "Publish the rules on the use of force and the report of the panel.",
        "Set a date for the next round (see point 4).",
        "Raise the budget to 2.5 million by 2027.",
    ],
    "tr": [
        "Her yıl bir stratejik diyalog düzenlemek.",
        "İki enstitü arabuluculuk üzerine ortak bir çalışma yayımlamalı.",
        "Kurtarma merkezleri arasında bir telefon hattı açmak.",
        "Hasarı önlemek için ortak bir form kullanmak.",
        "Somali ve Sudan için bir temsilci atamak.",
        "Bakanlığın altmış gün içinde yanıt vermesi gerekir.",
    ],
    "ar": [
        "عقد حوار استراتيجي سنوي بين تركيا ودول الخليج.",
        "ينبغي للمعهدين نشر دراسة مشتركة عن الوساطة.",
        "فتح خط هاتفي بين مركزي الإنقاذ.",
        "تعيين مبعوث للصومال والسودان.",
        "يجب على الوزارة الرد خلال ستين يوماً.",
    ],
}
SEVERAL = {
    "en": [
        "Hold an annual dialogue and publish its papers.",
        "The parties should agree on a calendar; they should name a contact.",
        "The council should (1) name an envoy, (2) open an office and (3) report each year.",
        "Open a hotline and also hold one drill a year.",
        "Publish the calendar. Train the inspectors.",
        "Establish a joint fund, as well as a board that oversees it.",
        "To do:\n- open an office\n- hire two people",
        "The ministry should recognise the licences and should inform the ports.",
        "Sign the protocol, ratify it within a year, and send it to the secretariat.",
        "Name a coordinator. In addition, the ministries must meet twice a year.",
    ],
    "tr": [
        "Her yıl bir diyalog düzenlemek ve belgelerini yayımlamak.",
        "Taraflar bir takvim üzerinde anlaşmalı; bir irtibat noktası belirlemeli.",
        "Bir telefon hattı açmak, ayrıca yılda bir tatbikat yapmak.",
        "Konsey (1) bir temsilci atamalı, (2) bir ofis açmalı.",
        "Bakanlıkların toplanması gerekir. Takvimin yayımlanması gerekir.",
    ],
    "ar": [
        "عقد حوار سنوي ونشر أوراقه.",
        "الاتفاق على تقويم؛ تسمية جهة اتصال.",
        "فتح خط هاتفي بالإضافة إلى إجراء تمرين كل عام.",
        "ينبغي للمجلس أن يعين مبعوثاً وأن يفتح مكتباً.",
        "1. تعيين مبعوث\n2. فتح مكتب",
    ],
}


@pytest.mark.parametrize(("language", "text"), [(language, text) for language in ONE for text in ONE[language]])
def test_text_that_asks_one_thing_is_left_alone(language: str, text: str) -> None:
    assert several_in(text, language) == ()


@pytest.mark.parametrize(("language", "text"), [(language, text) for language in SEVERAL for text in SEVERAL[language]])
def test_text_that_asks_several_things_is_noticed(language: str, text: str) -> None:
    assert several_in(text, language)


CLEAR = {
    "en": ["Publish a calendar of inspections.", "The envoy should report in May.", "Cut the fee by half."],
    "tr": ["Bir takvim yayımlamak.", "Değerlendirme raporu yayımlamak.", "Ücreti yarıya indirmek."],
    "ar": ["نشر تقويم لعمليات التفتيش.", "خفض الرسم إلى النصف.", "تعيين مبعوث."],
}
VAGUE = {
    "en": [
        ("Consider an annual dialogue.", ("consider",)),
        ("The parties should explore ways of working together.", ("explore",)),
        ("Encourage and support research, where appropriate.", ("encourage", "support", "where appropriate")),
        ("Efforts at strengthening ties should continue.", ("strengthening",)),
        ("Work towards deeper cooperation.", ("work towards",)),
        ("Look into a hotline.", ("look into",)),
    ],
    "tr": [
        ("Yıllık bir diyaloğu değerlendirmek.", ("değerlendirmek",)),
        ("İş birliğini güçlendirmek ve desteklemek.", ("güçlendirmek", "desteklemek")),
        ("Araştırmaları teşvik etmek.", ("teşvik etmek",)),
    ],
    "ar": [
        ("النظر في عقد حوار سنوي.", ("النظر في",)),
        ("تعزيز التعاون وتشجيع البحث.", ("تعزيز", "تشجيع")),
        ("السعي إلى شراكة أوسع.", ("السعي إلى",)),
    ],
}


@pytest.mark.parametrize(("language", "text"), [(language, text) for language in CLEAR for text in CLEAR[language]])
def test_clear_text_is_left_alone(language: str, text: str) -> None:
    assert vague_in(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text", "found"), [(language, *pair) for language in VAGUE for pair in VAGUE[language]]
)
def test_vague_words_are_named(language: str, text: str, found: tuple[str, ...]) -> None:
    assert vague_in(text, language) == found


def test_whole_draft_has_no_hints() -> None:
    assert hints(WHOLE) == []


def test_empty_draft_lacks_everything_that_can_be_given() -> None:
    assert hints(Draft()) == [
        Hint(Lack.TEST_OF_DONE, "test_of_done"),
        Hint(Lack.DATE, "target_date"),
        Hint(Lack.ADDRESSEE, "addressees"),
    ]


def test_several_supporters_without_a_lead_are_noticed() -> None:
    assert [hint.lack for hint in hints(Draft(roles=("support", "support")))][-1] == Lack.LEAD
    assert Lack.LEAD not in {hint.lack for hint in hints(Draft(roles=("support",)))}


def test_hints_name_the_language_and_the_words() -> None:
    draft = Draft(titles={"tr": "Diyaloğu desteklemek"}, texts={"en": "Hold a drill and publish a report."})
    assert hints(draft)[:2] == [
        Hint(Lack.SEVERAL, "text", "en", ("and publish",)),
        Hint(Lack.VAGUE, "title", "tr", ("desteklemek",)),
    ]


@pytest.mark.parametrize(
    "text", ["", " ", "؛", "-", "1.", "(", "\u202e\u0000", "and " * 20_000, "؛ " * 20_000, "- a\n" * 9_999]
)
def test_any_text_is_read_in_no_time(text: str) -> None:
    for language in ("en", "tr", "ar"):
        several_in(text, language)
        vague_in(text, language)
