"""The recommendations of the illustration's three editions, with titles in three languages, and invented actors."""

import datetime as dt
from dataclasses import dataclass

EDITIONS = (dt.date(2022, 3, 15), dt.date(2023, 3, 14), dt.date(2024, 3, 12))
"""The first days of the three editions."""

END = dt.date(2025, 3, 14)
"""The last day of the story."""


@dataclass(frozen=True)
class TrilingualText:
    """One text in English, Turkish and Arabic, without the mark of the illustration."""

    en: str
    tr: str
    ar: str


@dataclass(frozen=True)
class MadeActor:
    kind: str
    name: TrilingualText


ACTORS = {
    "aldera": MadeActor("state", TrilingualText("Republic of Aldera", "Aldera Cumhuriyeti", "جمهورية ألديرا")),
    "besmar": MadeActor("state", TrilingualText("Kingdom of Besmar", "Besmar Krallığı", "مملكة بيسمار")),
    "ports": MadeActor(
        "government_body",
        TrilingualText("Ministry of Ports of Aldera", "Aldera Limanlar Bakanlığı", "وزارة موانئ ألديرا"),
    ),
    "guard": MadeActor(
        "government_body",
        TrilingualText("Coast Guard Office of Besmar", "Besmar Sahil Güvenlik Dairesi", "إدارة خفر سواحل بيسمار"),
    ),
    "council": MadeActor("bloc", TrilingualText("Lantern Coast Council", "Fener Kıyısı Konseyi", "مجلس ساحل الفنار")),
    "institute": MadeActor(
        "research_institute",
        TrilingualText("Institute for Coastal Studies", "Kıyı Araştırmaları Enstitüsü", "معهد الدراسات الساحلية"),
    ),
    "relief": MadeActor(
        "civil_society",
        TrilingualText("Lantern Coast Relief Association", "Fener Kıyısı Yardım Derneği", "جمعية إغاثة ساحل الفنار"),
    ),
}
"""The states, the coast and everybody who acts there are invented; no real body is meant."""

SERIES = TrilingualText("Lantern Coast dialogue", "Fener Kıyısı diyaloğu", "حوار ساحل الفنار")


@dataclass(frozen=True)
class InventedRecommendation:
    """One recommendation: its edition, its addressees, and what it does to earlier ones.

    `links` are pairs of a type and the key of an earlier one. `due` is its target date, if it has one.
    """

    edition: int
    strength: str
    lead: tuple[str, ...]
    title: TrilingualText
    test: str
    support: tuple[str, ...] = ()
    due: dt.date | None = None
    links: tuple[tuple[str, str], ...] = ()
    parent: str = ""
    fulfilled_by: str = ""


def due(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


ASKED: dict[str, InventedRecommendation] = {
    # The first edition
    "dialogue": InventedRecommendation(
        1,
        "key",
        ("institute",),
        TrilingualText("Hold the dialogue every year", "Diyaloğu her yıl düzenlemek", "عقد الحوار كل عام"),
        "a second edition is held",
        due=due("2023-06-30"),
        fulfilled_by="series",
    ),
    "calendar": InventedRecommendation(
        1,
        "key",
        ("council",),
        TrilingualText(
            "Publish a shared calendar of port inspections",
            "Liman denetimleri için ortak bir takvim yayımlamak",
            "نشر تقويم مشترك لعمليات تفتيش الموانئ",
        ),
        "the calendar of a whole year stands on a public page",
        due=due("2023-01-31"),
    ),
    "hotline": InventedRecommendation(
        1,
        "key",
        ("ports", "guard"),
        TrilingualText(
            "Open a telephone line between the two rescue centres",
            "İki kurtarma merkezi arasında bir telefon hattı açmak",
            "فتح خط هاتفي بين مركزي الإنقاذ",
        ),
        "both centres have answered a test call at night",
        due=due("2023-03-31"),
    ),
    "drills": InventedRecommendation(
        1,
        "urged",
        ("guard",),
        TrilingualText(
            "Hold one joint rescue drill a year",
            "Yılda bir ortak kurtarma tatbikatı yapmak",
            "إجراء تمرين إنقاذ مشترك مرة كل عام",
        ),
        "a drill with ships of both took place within twelve months",
        support=("ports",),
        due=due("2023-06-30"),
    ),
    "relief": InventedRecommendation(
        1,
        "urged",
        ("council",),
        TrilingualText(
            "Agree on relief stores and on who may open them",
            "Yardım depoları ve bunları kimin açabileceği konusunda anlaşmak",
            "الاتفاق على مخازن الإغاثة وعلى من يحق له فتحها",
        ),
        "the stores are named in one paper with the offices that open them",
        support=("relief",),
    ),
    "charts": InventedRecommendation(
        1,
        "urged",
        ("ports",),
        TrilingualText(
            "Give ships the same sea charts in both ports",
            "Gemilere her iki limanda aynı deniz haritalarını vermek",
            "تزويد السفن بالخرائط البحرية نفسها في المينائين",
        ),
        "both harbour masters hand out one edition",
    ),
    "weather": InventedRecommendation(
        1,
        "suggested",
        ("guard",),
        TrilingualText(
            "Exchange storm warnings within the hour",
            "Fırtına uyarılarını bir saat içinde paylaşmak",
            "تبادل تحذيرات العواصف خلال ساعة",
        ),
        "the log shows each warning on both sides within an hour",
    ),
    "licences": InventedRecommendation(
        1,
        "key",
        ("ports",),
        TrilingualText(
            "Recognise each other's pilot licences",
            "Kılavuz kaptan belgelerini karşılıklı olarak tanımak",
            "الاعتراف المتبادل برخص المرشدين البحريين",
        ),
        "a decree recognises the other side's licence",
        due=due("2023-12-31"),
    ),
    "customs": InventedRecommendation(
        1,
        "urged",
        ("aldera",),
        TrilingualText(
            "Clear relief goods through customs within a day",
            "Yardım mallarını gümrükten bir gün içinde geçirmek",
            "تخليص مواد الإغاثة جمركياً خلال يوم واحد",
        ),
        "three shipments in a row were cleared within a day",
        due=due("2023-09-30"),
    ),
    "students": InventedRecommendation(
        1,
        "suggested",
        ("institute",),
        TrilingualText(
            "Exchange ten students of navigation a year",
            "Yılda on denizcilik öğrencisi değişimi yapmak",
            "تبادل عشرة طلاب ملاحة كل عام",
        ),
        "ten students have begun their year on the other side",
    ),
    "mediators": InventedRecommendation(
        1,
        "suggested",
        ("council",),
        TrilingualText(
            "Keep a list of mediators for disputes at sea",
            "Deniz uyuşmazlıkları için bir arabulucu listesi tutmak",
            "الاحتفاظ بقائمة وسطاء لنزاعات البحر",
        ),
        "the list is public and names at least six",
    ),
    "archive": InventedRecommendation(
        1,
        "suggested",
        ("institute",),
        TrilingualText(
            "Put the papers of the dialogue into a public archive",
            "Diyaloğun belgelerini herkese açık bir arşive koymak",
            "إيداع أوراق الحوار في أرشيف عام",
        ),
        "the papers of the first edition can be read without an account",
    ),
    "fisheries": InventedRecommendation(
        1,
        "key",
        ("aldera", "besmar"),
        TrilingualText(
            "Agree on one closed season for fishing",
            "Balıkçılık için tek bir av yasağı dönemi üzerinde anlaşmak",
            "الاتفاق على موسم واحد لمنع الصيد",
        ),
        "both gazettes name the same weeks",
        due=due("2023-03-01"),
    ),
    "ferry": InventedRecommendation(
        1,
        "suggested",
        ("besmar",),
        TrilingualText(
            "Open a ferry line between the two capitals",
            "İki başkent arasında bir feribot hattı açmak",
            "فتح خط عبّارات بين العاصمتين",
        ),
        "a timetable is published and kept for a month",
    ),
    "radio": InventedRecommendation(
        1,
        "suggested",
        ("guard",),
        TrilingualText(
            "Keep one radio channel free for rescue",
            "Bir telsiz kanalını kurtarma için boş tutmak",
            "إبقاء قناة لاسلكية واحدة خالية لأغراض الإنقاذ",
        ),
        "the frequency plan of both sides reserves the channel",
    ),
    "envoy": InventedRecommendation(
        1,
        "suggested",
        ("besmar",),
        TrilingualText(
            "Name an envoy for coastal questions",
            "Kıyı meseleleri için bir temsilci atamak",
            "تعيين مبعوث لشؤون الساحل",
        ),
        "the envoy's name stands in the gazette",
    ),
    # The second edition
    "stores": InventedRecommendation(
        2,
        "urged",
        ("relief",),
        TrilingualText(
            "Fill two relief stores before the winter",
            "Kıştan önce iki yardım deposunu doldurmak",
            "ملء مخزنين للإغاثة قبل الشتاء",
        ),
        "an inventory shows tents and water for five thousand people",
        due=due("2023-11-30"),
        links=(("splits", "relief"),),
        parent="relief",
    ),
    "keys": InventedRecommendation(
        2,
        "urged",
        ("council",),
        TrilingualText(
            "Name the offices that may open the relief stores",
            "Yardım depolarını açabilecek makamları belirlemek",
            "تسمية الجهات التي يحق لها فتح مخازن الإغاثة",
        ),
        "the names of the offices are published",
        due=due("2023-09-30"),
        links=(("splits", "relief"),),
        parent="relief",
    ),
    "waters": InventedRecommendation(
        2,
        "urged",
        ("ports", "guard"),
        TrilingualText(
            "Publish charts and storm warnings in one place",
            "Haritaları ve fırtına uyarılarını tek yerde yayımlamak",
            "نشر الخرائط وتحذيرات العواصف في مكان واحد",
        ),
        "one address shows both, and a warning within the hour",
        due=due("2024-06-30"),
        links=(("merges", "charts"), ("merges", "weather")),
    ),
    "licences-again": InventedRecommendation(
        2,
        "key",
        ("ports",),
        TrilingualText(
            "Recognise each other's pilot licences by decree",
            "Kılavuz kaptan belgelerini kararnameyle karşılıklı tanımak",
            "الاعتراف المتبادل برخص المرشدين البحريين بمرسوم",
        ),
        "a decree recognises the other side's licence",
        due=due("2023-12-31"),
        links=(("reiterates", "licences"),),
    ),
    "customs-firm": InventedRecommendation(
        2,
        "key",
        ("aldera", "besmar"),
        TrilingualText(
            "Clear relief goods through customs within six hours",
            "Yardım mallarını gümrükten altı saat içinde geçirmek",
            "تخليص مواد الإغاثة جمركياً خلال ست ساعات",
        ),
        "three shipments in a row were cleared within six hours on each side",
        due=due("2024-03-01"),
        links=(("strengthens", "customs"),),
    ),
    "ferry-summer": InventedRecommendation(
        2,
        "suggested",
        ("besmar",),
        TrilingualText(
            "Run a ferry between the two capitals in summer",
            "Yazın iki başkent arasında feribot çalıştırmak",
            "تسيير عبّارة بين العاصمتين في الصيف",
        ),
        "the ferry ran in July and August",
        due=due("2024-08-31"),
        links=(("narrows", "ferry"),),
    ),
    "students-again": InventedRecommendation(
        2,
        "suggested",
        ("institute",),
        TrilingualText(
            "Exchange ten students of navigation from this year on",
            "Bu yıldan başlayarak on denizcilik öğrencisi değişimi yapmak",
            "تبادل عشرة طلاب ملاحة ابتداءً من هذا العام",
        ),
        "ten students have begun their year on the other side",
        links=(("reiterates", "students"),),
    ),
    "fisheries-again": InventedRecommendation(
        2,
        "key",
        ("aldera", "besmar"),
        TrilingualText(
            "Agree on one closed season for fishing before spring",
            "Bahardan önce tek bir av yasağı dönemi üzerinde anlaşmak",
            "الاتفاق على موسم واحد لمنع الصيد قبل الربيع",
        ),
        "both gazettes name the same weeks",
        due=due("2024-02-29"),
        links=(("reiterates", "fisheries"),),
    ),
    "library": InventedRecommendation(
        2,
        "suggested",
        ("institute",),
        TrilingualText(
            "Put the papers of all editions into one library",
            "Tüm oturumların belgelerini tek bir kütüphanede toplamak",
            "جمع أوراق جميع الدورات في مكتبة واحدة",
        ),
        "every paper has a lasting address",
        links=(("supersedes", "archive"),),
    ),
    "pilots": InventedRecommendation(
        2,
        "urged",
        ("ports",),
        TrilingualText(
            "Train pilots of both coasts in one school",
            "İki kıyının kılavuz kaptanlarını tek okulda eğitmek",
            "تدريب المرشدين البحريين من الساحلين في مدرسة واحدة",
        ),
        "one class with pilots of both sides has finished",
    ),
    "cables": InventedRecommendation(
        2,
        "urged",
        ("aldera", "besmar"),
        TrilingualText(
            "Report damage to sea cables to each other",
            "Deniz kablolarındaki hasarı birbirine bildirmek",
            "تبادل الإبلاغ عن الأضرار التي تلحق بالكابلات البحرية",
        ),
        "a form is in use, and each damage of a year is on it",
        due=due("2024-01-31"),
    ),
    "oil": InventedRecommendation(
        2,
        "urged",
        ("guard",),
        TrilingualText(
            "Keep booms against oil spills in both ports",
            "Petrol sızıntılarına karşı her iki limanda bariyer bulundurmak",
            "الاحتفاظ بحواجز مكافحة تسرب النفط في المينائين",
        ),
        "an inspection finds a kilometre of booms in each port",
        due=due("2024-05-31"),
    ),
    "divers": InventedRecommendation(
        2,
        "suggested",
        ("guard",),
        TrilingualText(
            "List the divers who can help the other side",
            "Karşı tarafa yardım edebilecek dalgıçları listelemek",
            "إعداد قائمة بالغواصين القادرين على مساعدة الطرف الآخر",
        ),
        "the list was used in one drill",
    ),
    "insurance": InventedRecommendation(
        2,
        "suggested",
        ("council",),
        TrilingualText(
            "Insure rescue ships outside their own waters",
            "Kurtarma gemilerini kendi suları dışında da sigortalamak",
            "التأمين على سفن الإنقاذ خارج مياهها",
        ),
        "a policy covers both fleets",
    ),
    "translation": InventedRecommendation(
        2,
        "suggested",
        ("council",),
        TrilingualText(
            "Publish harbour rules in both languages",
            "Liman kurallarını iki dilde yayımlamak",
            "نشر قواعد الموانئ باللغتين",
        ),
        "the rules in force are on the page in both languages",
        due=due("2024-04-30"),
    ),
    # The third edition
    "licences-third": InventedRecommendation(
        3,
        "key",
        ("ports",),
        TrilingualText(
            "Recognise each other's pilot licences without further delay",
            "Kılavuz kaptan belgelerini daha fazla gecikmeden tanımak",
            "الاعتراف المتبادل برخص المرشدين البحريين من دون مزيد من التأخير",
        ),
        "a decree recognises the other side's licence",
        due=due("2024-12-31"),
        links=(("reiterates", "licences-again"),),
    ),
    "fisheries-panel": InventedRecommendation(
        3,
        "key",
        ("aldera", "besmar"),
        TrilingualText(
            "Let a joint panel set the closed season for fishing",
            "Av yasağı dönemini ortak bir kurula belirletmek",
            "تكليف لجنة مشتركة بتحديد موسم منع الصيد",
        ),
        "the panel has met and named the weeks",
        due=due("2025-02-28"),
        links=(("strengthens", "fisheries-again"),),
    ),
    "drills-again": InventedRecommendation(
        3,
        "urged",
        ("guard",),
        TrilingualText(
            "Hold the yearly rescue drill again",
            "Yıllık kurtarma tatbikatını yeniden yapmak",
            "استئناف تمرين الإنقاذ السنوي",
        ),
        "a drill with ships of both took place within twelve months",
        support=("ports",),
        due=due("2024-10-31"),
        links=(("reiterates", "drills"),),
    ),
    "response": InventedRecommendation(
        3,
        "urged",
        ("guard",),
        TrilingualText(
            "Form one team against oil spills with divers and booms",
            "Petrol sızıntılarına karşı dalgıç ve bariyerli tek bir ekip kurmak",
            "تشكيل فريق واحد لمكافحة تسرب النفط بغواصين وحواجز",
        ),
        "the team has taken part in one drill",
        due=due("2025-01-31"),
        links=(("merges", "oil"), ("merges", "divers")),
    ),
    "pilots-class": InventedRecommendation(
        3,
        "suggested",
        ("ports",),
        TrilingualText(
            "Train one class of pilots of both coasts",
            "İki kıyıdan bir kılavuz kaptan sınıfı eğitmek",
            "تدريب دفعة واحدة من المرشدين البحريين من الساحلين",
        ),
        "one class with pilots of both sides has finished",
        links=(("narrows", "pilots"),),
    ),
    "beacons": InventedRecommendation(
        3,
        "urged",
        ("ports",),
        TrilingualText(
            "Mend the beacons in the strait",
            "Boğazdaki fenerleri onarmak",
            "إصلاح الفنارات في المضيق",
        ),
        "all nine beacons are lit",
        due=due("2024-09-30"),
    ),
    "visas": InventedRecommendation(
        3,
        "urged",
        ("aldera",),
        TrilingualText(
            "Give rescue crews a visa on arrival",
            "Kurtarma ekiplerine varışta vize vermek",
            "منح طواقم الإنقاذ تأشيرة عند الوصول",
        ),
        "a regulation says so, and one crew has used it",
    ),
    "courts": InventedRecommendation(
        3,
        "suggested",
        ("besmar",),
        TrilingualText(
            "Hear small claims between crews in one court",
            "Mürettebatlar arasındaki küçük davaları tek mahkemede görmek",
            "النظر في الدعاوى الصغيرة بين الطواقم أمام محكمة واحدة",
        ),
        "the court has decided one case",
    ),
    "seabed": InventedRecommendation(
        3,
        "suggested",
        ("institute",),
        TrilingualText(
            "Map the seabed of the strait together",
            "Boğazın deniz tabanını birlikte haritalamak",
            "رسم خريطة مشتركة لقاع المضيق",
        ),
        "a map with both names on it is published",
        due=due("2025-02-15"),
    ),
    "budget": InventedRecommendation(
        3,
        "urged",
        ("council",),
        TrilingualText(
            "Give the rescue centres a budget line of their own",
            "Kurtarma merkezlerine ayrı bir bütçe kalemi vermek",
            "تخصيص بند مستقل في الموازنة لمراكز الإنقاذ",
        ),
        "the line stands in the adopted budget",
        due=due("2024-12-31"),
    ),
    "youth": InventedRecommendation(
        3,
        "suggested",
        ("relief",),
        TrilingualText(
            "Invite young volunteers to the drills",
            "Genç gönüllüleri tatbikatlara davet etmek",
            "دعوة المتطوعين الشباب إلى التمارين",
        ),
        "twenty volunteers have taken part",
    ),
    "ledger": InventedRecommendation(
        3,
        "suggested",
        ("council",),
        TrilingualText(
            "Publish what each side gives to the rescue fund",
            "Her tarafın kurtarma fonuna verdiğini yayımlamak",
            "نشر ما يقدمه كل طرف لصندوق الإنقاذ",
        ),
        "a yearly table is public",
    ),
    "translators": InventedRecommendation(
        3,
        "suggested",
        ("institute",),
        TrilingualText(
            "Train translators for radio traffic at sea",
            "Denizde telsiz görüşmeleri için çevirmen yetiştirmek",
            "تدريب مترجمين للاتصالات اللاسلكية في البحر",
        ),
        "four translators have passed the test",
    ),
}
"""The recommendations by their keys, in the order in which the editions made them."""
