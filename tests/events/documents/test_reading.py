"""Words are found wherever and however a document shows them, or it is not published."""

import io
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from events.documents import apart, limits
from events.documents.cleaning import clean
from events.documents.refusal import FileRefused, TooLarge, Unreadable
from events.names.matching import MatchKind, NameReader, Term
from tests.events.documents import drawn_files as drawn
from tests.events.documents.drawn_files import NAME, letter, pdf, placed, spoken
from tests.events.documents.evil_files import canaries_in, evil_docx, evil_odt, repacked
from tests.events.documents.test_cleaning import word

pytestmark = pytest.mark.long

FOLDER = Path(__file__).parent / "produced"
NAMES = {
    "tr": "Şebnem Gökçeağaç",
    "ar": "أحمد العلا",
    "vowelled": "أحمد العلا",
    "fa": "پژمان گلچهره",
    "ru": "Жанна Щербакова",
}
UNREADABLE = {
    "ghostscript-outlines-tr-named.pdf": "outlined_letters",
    "matplotlib-tr-named.pdf": "drawn_letters",
    "fpdf2-vowelled-named.pdf": "unread_letters",
}
"""What is refused, and why: lines, drawings, and letters under a mark that have no entry in the file's table."""


def found(data: bytes, name: str = NAME) -> bool:
    """Whether the check finds `name` in what is read of the cleaned copy."""
    reader = NameReader([Term(name, MatchKind.NAME)])
    return any(reader.read(part.text) for part in clean(data).texts)


# Files of several programs


def produced(what: str) -> list[str]:
    return sorted(path.name for path in FOLDER.glob(f"*-{what}.*"))


def test_there_are_fifty_files_that_name_somebody() -> None:
    assert len(produced("named")) >= 50
    assert len({name.partition("-")[0] for name in produced("named")}) >= 8


@pytest.mark.parametrize("file", produced("named"))
def test_participant_is_found_or_the_file_is_not_published(file: str) -> None:
    data, name = (FOLDER / file).read_bytes(), NAMES[file.rsplit("-", 2)[1]]
    if file in UNREADABLE:
        with pytest.raises(Unreadable) as caught:
            clean(data)
        assert (caught.value.reason, str(caught.value.given["page"])) == (UNREADABLE[file], "1")
    else:
        assert found(data, name)


def test_no_ordinary_file_is_refused_or_names_anybody() -> None:
    refused, named = [], []
    for file in produced("clean"):
        try:
            read = clean((FOLDER / file).read_bytes()).texts
        except FileRefused as refusal:
            refused.append(f"{file}: {refusal.reason}")
            continue
        reader = NameReader([Term(name, MatchKind.NAME) for name in NAMES.values()])
        named += [file for part in read if reader.read(part.text)]
    assert not refused, f"{len(refused)} of {len(produced('clean'))} ordinary files are refused: {refused}"
    assert not named


# Letters that a page puts together


def shuffled(pieces: list[str]) -> str:
    random.Random(7).shuffle(pieces)
    return "".join(pieces)


ALL = "".join(letter(*each) for each in placed())
KERNED = "BT /F1 12 Tf 40 200 Td [" + " ".join(f"({each}) 0" for each in NAME) + "] TJ ET"
TURNED_PIECES = f"BT /F1 12 Tf 1 0 0 1 {placed()[11][1]:.2f} 200 Tm (hanli) Tj 1 0 0 1 40 200 Tm (Zeynep Kara) Tj ET"

DRAWN = {
    "letter by letter": ALL,
    "letters in any order": shuffled([letter(*each) for each in placed()]),
    "moved by the page": shuffled(
        [f"q 1 0 0 1 {x:.2f} {y:.2f} cm BT /F1 12 Tf ({sign}) Tj ET Q\n" for sign, x, y in placed()]
    ),
    "kerned": KERNED,
    "pieces of a word": TURNED_PIECES,
    "upright": shuffled([letter(sign, 100, x, matrix="0 1 -1 0") for sign, x, _y in placed()]),
    "upside down": shuffled([letter(sign, 390 - x, 100, matrix="-1 0 0 -1") for sign, x, _y in placed()]),
    "slanted": shuffled(
        [letter(sign, 0.866 * x, 50 + 0.5 * x, matrix="0.866 0.5 -0.5 0.866") for sign, x, _y in placed()]
    ),
    "mirrored": shuffled([letter(sign, 390 - x, 100, matrix="-1 0 0 1") for sign, x, _y in placed()]),
    "one above the other": shuffled([letter(sign, 100, 290 - 14 * n) for n, sign in enumerate(NAME) if sign != " "]),
    "white": f"1 g {shuffled([letter(*each) for each in placed()])}",
    "invisible": shuffled([letter(*each).replace("BT", "BT 3 Tr") for each in placed()]),
    "clipped": f"q 0 0 1 1 re W n {shuffled([letter(*each) for each in placed()])} Q",
    "off the page": shuffled([letter(sign, x - 5000, y) for sign, x, y in placed()]),
    "tiny": shuffled([letter(sign, x, y, size=0.02) for sign, x, y in placed(size=0.02)]),
    "bold by drawing twice": shuffled([letter(sign, x + more, y) for sign, x, y in placed() for more in (0, 0.3)]),
    "other letters between": "1 g "
    + shuffled([f"0 g {letter(*each)} 1 g {letter('x', each[1] + 3, each[2])}" for each in placed()]),
    "spaces between": shuffled(
        [letter(*each) for each in placed()] + [letter(" ", x + 3, y) for _sign, x, y in placed()]
    ),
    "over two lines of a column": shuffled(
        [letter(*each) for each in placed("said Zeynep", 40, 200)]
        + [letter(*each) for each in placed("Karahanli ate", 40, 186)]
        + [letter(*each) for each in placed("and then a", 240, 200)]
        + [letter(*each) for each in placed("line of hers", 240, 186)]
    ),
    "said aloud": f"{spoken(NAME)} BT /F1 12 Tf 40 200 Td (nothing at all) Tj ET EMC",
    "drawn, and said otherwise": f"{spoken('nothing at all')} {shuffled([letter(*each) for each in placed()])} EMC",
    "said letter by letter": "".join(
        f"{spoken(sign)} {letter('x', x, y)} EMC " for sign, x, y in placed()
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", DRAWN)
def test_name_is_found_however_its_letters_are_drawn(how: str) -> None:
    assert found(pdf(DRAWN[how]))


def test_name_is_found_when_half_of_it_is_in_a_form() -> None:
    def more(document: Pdf, page: Any) -> None:
        rest = "".join(letter(*each) for each in placed()[9:])
        inner = drawn.form(document, rest.replace("40.", "40."), Matrix=Array([1, 0, 0, 1, -100, 0]))
        outer = drawn.form(document, "1 0 0 1 100 0 cm /Y Do", Resources=Dictionary(XObject=Dictionary(Y=inner)))
        page.Resources.XObject = Dictionary(X=outer)

    assert found(pdf("/X Do " + "".join(letter(*each) for each in placed()[:9]), more))


@pytest.mark.parametrize(
    ("end", "beginning"),
    [("It was said by Kara-", "hanli in the end."), ("It was said by Zeynep", "Karahanli, in the end.")],
)
def test_name_is_found_over_the_edge_of_a_page(end: str, beginning: str) -> None:
    """With the number of the page and a running head between the two."""
    pages = [
        pypdf.PdfReader(io.BytesIO(pdf(f"BT /F1 12 Tf 40 {y} Td ({words}) Tj 0 -{step} Td ({more}) Tj ET")))
        for y, words, step, more in ((100, end, 60, "7"), (280, "Minutes", 30, beginning))
    ]
    written, joined = pypdf.PdfWriter(), io.BytesIO()
    for page in pages:
        written.append(page)
    written.write(joined)
    assert found(joined.getvalue())


def test_ordinary_words_side_by_side_name_nobody() -> None:
    text = "The corridor opens in spring, said the chair of the session."
    assert not found(pdf("".join(letter(*each) for each in placed(text))))


# Letters that cannot be read


def with_font(**entries: Any) -> Callable[[Pdf, Any], None]:
    def more(document: Pdf, page: Any) -> None:
        made = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        for key, value in entries.items():
            made[f"/{key}"] = value(document) if callable(value) else value
        page.Resources.Font = Dictionary(F1=document.make_indirect(made))

    return more


def drawing(document: Pdf) -> Any:
    return Dictionary({f"/{sign}": Stream(document, b"500 0 0 0 500 700 d1 0 0 500 700 re f") for sign in "abc"})


def pattern_of_letters(document: Pdf, page: Any) -> None:
    pattern = drawn.form(document, ALL, PatternType=1, PaintType=1, TilingType=1, XStep=400, YStep=300)
    page.Resources.Pattern = Dictionary(P=document.make_indirect(pattern))


def mask_of_letters(document: Pdf, page: Any) -> None:
    group = drawn.form(document, ALL, Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray))
    mask = Dictionary(S=Name.Luminosity, G=document.make_indirect(group))
    page.Resources.ExtGState = Dictionary(G=Dictionary(SMask=mask))


def composite(letters: dict[int, str] | None) -> Callable[[Pdf, Any], None]:
    """A font of two bytes a sign, which is not embedded, with or without a table of its letters."""

    def more(document: Pdf, page: Any) -> None:
        below = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Any, CIDToGIDMap=Name.Identity,
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=Dictionary(Type=Name.FontDescriptor, FontName=Name.Any, Flags=4),
        )  # fmt: skip
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Any, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([document.make_indirect(below)]),
        )  # fmt: skip
        if letters is not None:
            font.ToUnicode = drawn.table_of_letters(document, letters, digits=4)
        page.Resources.Font = Dictionary(F1=document.make_indirect(font))

    return more


CODES = "BT /F1 12 Tf 40 200 Td <000100020003000400050006> Tj ET"

CANNOT_BE_READ: dict[str, tuple[str, Any, str]] = {
    "drawn by the file": (
        "BT /F1 12 Tf 40 200 Td (abc) Tj ET",
        with_font(
            Subtype=Name.Type3, FontBBox=Array([0, 0, 1000, 1000]), FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
            CharProcs=drawing, Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, *map(Name, ["/a", "/b", "/c"])])),
            FirstChar=97, LastChar=99, Widths=Array([600, 600, 600]), Resources=Dictionary(),
        ),
        "drawn_letters",
    ),
    "in a pattern": ("/Pattern cs /P scn 0 0 400 300 re f", pattern_of_letters, "letters_in_patterns"),
    "in a mask": ("/G gs 0 0 400 300 re f", mask_of_letters, "letters_in_patterns"),
    "without a table": (CODES, composite(None), "unread_letters"),
    "of private use": (CODES, composite({n: chr(0xE000 + n) for n in range(1, 7)}), "unread_letters"),
    "some without an entry": (CODES, composite({1: "Z", 2: "e", 3: "y", 4: "n"}), "unread_letters"),
    "false by the names of the signs": (
        "BT /F1 12 Tf 40 200 Td (Zeynep) Tj ET",
        with_font(
            Encoding=Name.WinAnsiEncoding,
            ToUnicode=lambda document: drawn.table_of_letters(document, {ord(sign): "o" for sign in "Zeynp"}),
        ),
        "false_letters",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", CANNOT_BE_READ)
def test_letters_that_cannot_be_read_are_not_published(how: str) -> None:
    content, more, reason = CANNOT_BE_READ[how]
    with pytest.raises(Unreadable) as caught:
        clean(pdf(content, more))
    assert caught.value.reason == reason
    (message,) = caught.value.messages
    assert "DOCX" in message
    assert "page 1 " in message or "page" not in caught.value.given


def test_table_that_contradicts_the_embedded_font_is_refused() -> None:
    """The letters of a Chromium PDF, each said to be the next one."""
    with Pdf.open(FOLDER / "chromium-tr-clean.pdf") as document:
        for font in document.pages[0].Resources.Font.values():
            table = font.ToUnicode.read_bytes()
            turned = re.sub(rb"<(00[67][0-9A-F])>", lambda code: b"<%04X>" % (int(code[1], 16) ^ 1), table)
            font.ToUnicode = Stream(document, turned)

        document.save(target := io.BytesIO())
    with pytest.raises(Unreadable) as caught:
        clean(target.getvalue())
    assert caught.value.reason in ("false_letters", "different_letters")


def test_one_drawing_is_not_two_letters() -> None:
    """A font without names and numbers of its signs, of which a second copy lies about what they show."""
    with Pdf.open(FOLDER / "libreoffice-tr-clean.pdf") as document:
        page = document.pages[0]
        honest = next(font for font in page.Resources.Font.values() if font.ToUnicode.read_bytes().count(b"<0061>"))
        lying = Dictionary({key: value for key, value in honest.items() if key != "/ToUnicode"})
        said = {int(code, 16): "o" for code in re.findall(rb"<(\w\w)> <00[67]\w>", honest.ToUnicode.read_bytes())}
        lying.ToUnicode = drawn.table_of_letters(document, said)
        page.Resources.Font.Lying = document.make_indirect(lying)
        codes = "".join(f"{code:02X}" for code in said)
        page.contents_add(Stream(document, f"BT /Lying 12 Tf 40 40 Td <{codes}> Tj ET".encode()))

        document.save(target := io.BytesIO())
    with pytest.raises(Unreadable) as caught:
        clean(target.getvalue())
    assert caught.value.reason == "false_letters"


def test_two_programs_have_to_read_the_same_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf(ALL)
    for read, is_refused in ((NAME, False), (NAME[:-2], False), (NAME[:-3], True), (f"{NAME} abc", True)):
        monkeypatch.setattr(pypdf.PageObject, "extract_text", lambda _page, read=read: read)
        if is_refused:
            with pytest.raises(Unreadable, match="Two programs read different letters on page 1"):
                clean(data)
        else:
            clean(data)


def test_dots_of_a_list_need_no_letters() -> None:
    letters = dict(enumerate("the corridor", start=2))
    line = "<0001> Tj 20 0 Td <" + "".join(f"{n:04X}" for n in letters) + "> Tj"
    assert "the corridor" in clean(pdf(f"BT /F1 12 Tf 40 200 Td {line} ET", composite(letters))).texts[0].text


def test_table_of_letters_with_ranges_is_written_so_that_others_can_read_it() -> None:
    """Chromium writes ranges; a copy that put them on one line gave each reader other letters."""
    content = clean((FOLDER / "chromium-ru-named.pdf").read_bytes()).content
    assert "Жанна Щербакова" in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


# Names in words that nobody reads


@pytest.mark.parametrize(
    "more",
    [
        with_font(BaseFont=Name("/Zeynep-Karahanli")),
        with_font(BaseFont=Name("/Zeynep#20Karahanli")),
        with_font(Encoding=Dictionary(Type=Name.Encoding, Differences=Array([1, Name("/Zeynep"), Name("/Karahanli")]))),
    ],
    ids=["name of a font", "name of a font with a space", "names of its signs"],
)
def test_name_of_a_font_that_is_not_embedded_is_read(more: Any) -> None:
    assert found(pdf("BT /F1 12 Tf 40 200 Td (words) Tj ET", more))


def test_embedded_font_tells_nothing_of_its_name_and_its_maker() -> None:
    with Pdf.open(FOLDER / "fpdf2-tr-named.pdf") as document:
        (font,) = document.pages[0].Resources.Font.values()
        below = font.DescendantFonts[0]
        font.BaseFont = below.BaseFont = below.FontDescriptor.FontName = Name("/Qzbasefontx")
        program = TTFont(io.BytesIO(below.FontDescriptor.FontFile2.read_bytes()))
        program["name"].setName("Qzfontmakerx", 0, 3, 1, 0x409)
        program.save(changed := io.BytesIO())
        below.FontDescriptor.FontFile2 = Stream(document, changed.getvalue(), Length1=len(changed.getvalue()))
        document.save(target := io.BytesIO())
    assert canaries_in(target.getvalue()) >= {"Qzbasefontx"}
    cleaned = clean(target.getvalue())
    with Pdf.open(io.BytesIO(cleaned.content)) as document:
        (font,) = document.pages[0].Resources.Font.values()
        data = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
    assert "name" not in TTFont(io.BytesIO(data))
    assert canaries_in(cleaned.content) == set()
    assert not [part.text for part in cleaned.texts if "Qz" in part.text]


def test_made_up_name_of_an_encoding_is_refused() -> None:
    with pytest.raises(FileRefused, match="Encoding"):
        clean(pdf("BT /F1 12 Tf (words) Tj ET", with_font(Encoding=Name("/Zeynep-Karahanli-H"))))


RUN = "<w:p><w:r>{}</w:r></w:p>"

IN_WORD = {
    "name of a font": RUN.format('<w:rPr><w:rFonts w:ascii="Zeynep Karahanli"/></w:rPr><w:t>x</w:t>'),
    "two names of fonts": RUN.format('<w:rPr><w:rFonts w:ascii="Zeynep" w:cs="Karahanli"/></w:rPr><w:t>x</w:t>'),
    "font of a symbol": RUN.format('<w:sym w:font="Zeynep Karahanli" w:char="F041"/>'),
    "symbols": RUN.format("".join(f'<w:sym w:font="Arial" w:char="F0{ord(sign):02X}"/>' for sign in NAME)),
    "symbols by their letters": RUN.format("".join(f'<w:sym w:font="Arial" w:char="{ord(sign):04X}"/>' for sign in NAME)),
    "turned by a sign": RUN.format(f"<w:t>\u202e{NAME[::-1]}\u202c it was</w:t>"),
    "turned to the end": RUN.format(f"<w:t>\u202e{NAME[::-1]}</w:t>"),
    "turned by a mark": f'<w:p><w:bdo w:val="rtl"><w:r><w:t>{NAME[::-1]}</w:t></w:r></w:bdo></w:p>',
    "letters of private use": RUN.format("<w:t>{}</w:t>".format("".join(chr(0xF000 + ord(sign)) for sign in NAME))),
    "letter by letter": "".join(RUN.format(f"<w:t>{sign}</w:t>") for sign in NAME if sign != " "),
    "language": RUN.format('<w:rPr><w:lang w:val="Zeynep-Karahanl"/></w:rPr><w:t>x</w:t>'),
}  # fmt: skip


@pytest.mark.parametrize("where", IN_WORD)
def test_name_in_a_word_document_is_found(where: str) -> None:
    assert found(word(IN_WORD[where]))


CANARY = "Qzattributex"
MARKUP = re.compile(r"(?!\[Content|META-INF|customXml).*\.xml")


def with_few_styles(data: bytes) -> bytes:
    def shorten(parts: dict[str, bytes]) -> None:
        if "word/styles.xml" in parts:
            styles = iter(range(10_000))
            parts["word/styles.xml"] = re.sub(
                rb"<w:style .*?</w:style>|<w:latentStyles.*?</w:latentStyles>",
                lambda style: style[0] if style[0].startswith(b"<w:style ") and next(styles) < 8 else b"",
                parts["word/styles.xml"],
                flags=re.DOTALL,
            )

    return repacked(data, shorten)


@pytest.mark.parametrize("make", [evil_docx, evil_odt], ids=["docx", "odt"])
def test_whatever_an_attribute_says_is_gone_or_read(make: Callable[[], bytes]) -> None:
    """Each attribute in its turn says a word of ours, wherever it stands."""
    data = with_few_styles(make())
    attributes: set[bytes] = set()
    kept = set()

    def collect(parts: dict[str, bytes]) -> None:
        for name in filter(MARKUP.fullmatch, parts):
            attributes.update(re.findall(rb'\s((?!xmlns)[\w:-]+)="', parts[name]))

    repacked(data, collect)
    for attribute in sorted(attributes):

        def say(parts: dict[str, bytes], attribute: bytes = attribute) -> None:
            for name in filter(MARKUP.fullmatch, parts):
                parts[name] = re.sub(
                    rb'(?<=\s)%s="[^"]*"' % attribute, b'%s="%s"' % (attribute, CANARY.encode()), parts[name]
                )

        try:
            cleaned = clean(repacked(data, say))
        except FileRefused:
            continue
        if CANARY in canaries_in(cleaned.content):
            kept.add(attribute)
            assert any(CANARY in part.text for part in cleaned.texts), attribute
    assert len(attributes) > 50
    assert kept


# What reading may cost


def test_small_file_that_draws_itself_over_and_over_is_refused_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven forms, each of which draws the next one ten times: ten million words in two thousand bytes."""

    def more(document: Pdf, page: Any) -> None:
        inner = document.make_indirect(drawn.form(document, "BT /F1 12 Tf (word) Tj ET"))
        for _each in range(7):
            resources = Dictionary(XObject=Dictionary(X=inner))
            inner = document.make_indirect(drawn.form(document, "/X Do " * 10, Resources=resources))
        page.Resources.XObject = Dictionary(X=inner)

    monkeypatch.setattr(limits, "FIRST_SECONDS", 2)
    data = pdf("/X Do", more)
    assert len(data) < 92_000
    with pytest.raises(TooLarge, match="longer than 2 seconds"):
        apart.clean(data)


def test_time_grows_with_the_file_up_to_what_a_worker_may_wait() -> None:
    times = [limits.seconds_for(size) for size in (0, 92_000, limits.MEGABYTE, limits.FILE)]
    assert times == [8, 9, 20, 25]
