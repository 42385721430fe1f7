"""What a cleaned copy still contains, examined with other programs than those that cleaned it."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import docx
import exifread
import odfdo
import pikepdf
import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageOps, ImageStat

from events.documents import pictures
from events.documents.cleaning import clean
from events.documents.formats import Format
from events.documents.refusal import FileRefused
from tests.events.documents import evil_files
from tests.events.documents.drawn_files import form, pdf, picture
from tests.events.documents.evil_files import (
    DOCX_SAYS,
    ODT_SAYS,
    PDF_SAYS,
    SAID,
    canaries_in,
    evil_docx,
    evil_odt,
    evil_pdf,
    evil_png,
    evil_webp,
    jpeg,
    picture_of,
    png,
)

EVIL: dict[str, tuple[Callable[[], bytes], int]] = {
    "jpeg": (jpeg, 9),
    "png": (evil_png, 11),
    "webp": (evil_webp, 6),
    "docx": (evil_docx, 71),
    "odt": (evil_odt, 49),
    "pdf": (evil_pdf, 53),
}
"""Each kind, and in how many places the file names somebody."""


@pytest.mark.parametrize("kind", EVIL)
def test_copy_holds_nothing_of_what_the_file_told(kind: str) -> None:
    make, places = EVIL[kind]
    data = make()
    assert len(canaries_in(data)) == places
    cleaned = clean(data)
    assert cleaned.format == kind
    assert canaries_in(cleaned.content) == set()


@pytest.mark.parametrize("kind", EVIL)
def test_copy_is_the_same_whenever_it_is_made(kind: str) -> None:
    data = EVIL[kind][0]()
    assert clean(data).content == clean(data).content


@pytest.mark.parametrize("kind", EVIL)
def test_copy_is_clean_enough_to_be_cleaned_again(kind: str) -> None:
    again = clean(clean(EVIL[kind][0]()).content)
    assert set(again.removed) <= {"names", "marks", "properties"}


@pytest.mark.parametrize(
    ("make", "says"), [(evil_docx, DOCX_SAYS), (evil_odt, ODT_SAYS), (evil_pdf, PDF_SAYS)], ids=["docx", "odt", "pdf"]
)
def test_words_survive_and_can_be_checked_for_names(make: Callable[[], bytes], says: tuple[str, ...]) -> None:
    read = [" ".join(part.text.split()) for part in clean(make()).texts]
    assert [words for words in says if not any(words in each for each in read)] == []


def test_places_of_texts_are_told() -> None:
    assert [(part.place, part.text) for part in clean(evil_pdf()).texts] == [
        ("page 1", SAID),
        ("description of a picture or table", "read aloud"),
        ("target of a link", "https://example.org/corridor"),
        ("table of contents of the file", "On the corridor"),
        ("description of a picture or table", "A map of the corridor"),
    ]


def test_what_was_left_behind_is_counted() -> None:
    removed = clean(evil_docx()).removed
    assert {
        code: removed[code] for code in ("comments", "tracked_changes", "hidden_text", "fields", "gps", "template")
    } == {
        "comments": 1,
        "tracked_changes": 11,
        "hidden_text": 3,
        "fields": 4,
        "gps": 1,
        "template": 1,
    }


# Pictures

WEBP_ALWAYS_SAYS = ("background", "duration", "loop", "timestamp")
"""Of a still picture too, as Pillow reads it; none of it is in the file."""


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are apart, as the root of the mean square of their samples, from 0 to 255."""
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).rms)


@pytest.mark.parametrize(("make", "most"), [(jpeg, 2), (evil_png, 0), (evil_webp, 0)], ids=["jpeg", "png", "webp"])
def test_picture_looks_as_before(make: Callable[[], bytes], most: int) -> None:
    before, after = (Image.open(io.BytesIO(data)) for data in (make(), clean(make()).content))
    assert difference(before, after) <= most
    assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", *WEBP_ALWAYS_SAYS}


@pytest.mark.parametrize("make", [jpeg, evil_png], ids=["jpeg", "png"])
def test_no_tag_is_found_by_another_reader(make: Callable[[], bytes]) -> None:
    assert "GPS GPSLatitude" in exifread.process_file(io.BytesIO(make()))
    assert exifread.process_file(io.BytesIO(clean(make()).content)) == {}


def test_webp_is_nothing_but_its_pixels() -> None:
    assert {b"EXIF", b"XMP ", b"ICCP"} <= {evil_webp()[at : at + 4] for at in range(len(evil_webp()))}
    content = clean(evil_webp()).content
    assert content[12:16] == b"VP8L"
    assert int.from_bytes(content[16:20], "little") + 20 in (len(content), len(content) - 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_is_turned_as_its_camera_said(orientation: int) -> None:
    data = jpeg(orientation=orientation)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert difference(upright, Image.open(io.BytesIO(clean(data).content))) <= 2


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_every_mode_is_cleaned(mode: str) -> None:
    colours: dict[str, Any] = {"RGBA": (1, 2, 3, 4), "LA": (1, 4)}
    picture = Image.new(mode, (9, 5), colours.get(mode, 1))
    target = io.BytesIO()
    picture.save(target, "PNG")
    after = Image.open(io.BytesIO(clean(target.getvalue()).content))
    assert after.convert("RGBA").tobytes() == picture.convert("RGBA").tobytes()


def test_transparency_of_a_palette_survives() -> None:
    picture = picture_of().convert("P")
    target = io.BytesIO()
    picture.save(target, "PNG", transparency=0)
    before, after = (Image.open(io.BytesIO(data)) for data in (target.getvalue(), clean(target.getvalue()).content))
    assert before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes()


def test_cmyk_picture_becomes_rgb() -> None:
    target = io.BytesIO()
    picture_of().convert("CMYK").save(target, "JPEG")
    assert Image.open(io.BytesIO(clean(target.getvalue()).content)).mode == "RGB"


def test_colours_of_a_profile_are_carried_over() -> None:
    """Under a profile that takes red for blue, a picture that is red in numbers looks blue, and becomes so."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    turned = srgb.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")
    results = []
    for profile in (srgb, turned):
        target = io.BytesIO()
        Image.new("RGB", (4, 4), (200, 10, 10)).save(target, "PNG", icc_profile=profile)
        results.append(Image.open(io.BytesIO(clean(target.getvalue()).content)).getpixel((0, 0)))
    assert results[0] == (200, 10, 10)
    red, _green, blue = results[1]  # type: ignore[misc]
    assert (red < 60, blue > 150) == (True, True)


# DOCX


def test_copy_of_a_word_document_opens_in_another_program_with_its_words_and_picture() -> None:
    copy: Any = docx.Document(io.BytesIO(clean(evil_docx()).content))
    assert copy.paragraphs[0].text == SAID
    assert copy.paragraphs[0].style.name == "Heading 1"
    assert [run.bold for run in copy.paragraphs[1].runs if run.text] == [None, True]
    assert copy.tables[0].cell(0, 1).text == "right cell"
    assert copy.sections[0].header.paragraphs[0].text == "the head of the page"
    assert len(copy.inline_shapes) == 1
    (picture,) = (part for part in copy.part.package.iter_parts() if str(part.partname).startswith("/word/media/"))
    assert difference(Image.open(io.BytesIO(picture.blob)), picture_of(size=(64, 48))) <= 4
    assert copy.core_properties.author in ("", "python-docx")  # it makes up properties where there are none


def test_archive_tells_nothing_of_when_and_how_it_was_made() -> None:
    for make in (evil_docx, evil_odt):
        with zipfile.ZipFile(io.BytesIO(clean(make()).content)) as archive:
            entries = archive.infolist()
            assert {(each.date_time, each.extra, each.comment, each.create_system) for each in entries} == {
                ((1980, 1, 1, 0, 0, 0), b"", b"", 0)
            }
            assert archive.comment == b""


def body_of(data: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read("word/document.xml"))


def word(body: str, **more: bytes) -> bytes:
    """A small Word document with this body."""
    target = io.BytesIO()
    docx.Document().save(target)

    def change(parts: dict[str, bytes]) -> None:
        document = parts["word/document.xml"].decode()
        parts["word/document.xml"] = re.sub(
            r"<w:body>.*</w:body>", lambda _match: f"<w:body>{body}</w:body>", document, flags=re.DOTALL
        ).encode()
        parts.update(more)

    return evil_files.repacked(target.getvalue(), change, comment=b"-")


def texts_of(data: bytes) -> list[str]:
    return [
        "".join(text.text or "" for text in paragraph.iter(f"{{{evil_files.W}}}t"))
        for paragraph in body_of(data).iter(f"{{{evil_files.W}}}p")
    ]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("<w:p><w:ins><w:del><w:r><w:t>no</w:t></w:r></w:del><w:r><w:t>yes</w:t></w:r></w:ins></w:p>", ["yes"]),
        (
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>"
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>b</w:t></w:r></w:p><w:p><w:r><w:t>c</w:t></w:r></w:p>",
            ["abc"],
        ),
        ("<w:p><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>seen</w:t></w:r></w:p>", ["seen"]),
        ("<w:p><w:r><w:rPr><w:vanish w:val='true'/></w:rPr><w:t>no</w:t></w:r><w:r><w:t>yes</w:t></w:r></w:p>", ["yes"]),
        ("<w:tbl><w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p><w:r><w:t>no</w:t></w:r></w:p></w:tc><w:tc><w:p>"
         "<w:r><w:t>yes</w:t></w:r></w:p></w:tc></w:tr></w:tbl>", ["yes"]),
        ("<w:p><w:r><w:t>a</w:t></w:r><w:unheardOf><w:r><w:t>b</w:t></w:r></w:unheardOf></w:p>", ["a"]),
    ],
    ids=["deleted insertion", "deleted marks", "not vanished", "vanished", "deleted cell", "unknown element"],
)  # fmt: skip
def test_changes_are_accepted_and_hidden_words_dropped(body: str, left: list[str]) -> None:
    assert texts_of(clean(word(body)).content) == left


def test_link_of_a_field_stays_a_link() -> None:
    body = (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK \"https://example.org/x\" \\o"
        " \"Qzfieldtipx\"</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>there</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
    )
    cleaned = clean(word(body))
    (link,) = body_of(cleaned.content).iter(f"{{{evil_files.W}}}hyperlink")
    assert "".join(link.itertext()) == "there"
    read = [(part.kind, part.text) for part in cleaned.texts if part.kind != "name"]
    assert read == [("link", "https://example.org/x"), ("text", "there")]


def test_link_within_the_document_leads_to_a_mark_without_a_name() -> None:
    body = (
        "<w:p><w:bookmarkStart w:id='1' w:name='Qzjanedoex'/><w:r><w:t>here</w:t></w:r><w:bookmarkEnd w:id='1'/>"
        "<w:hyperlink w:anchor='Qzjanedoex'><w:r><w:t>back</w:t></w:r></w:hyperlink></w:p>"
    )
    root = body_of(clean(word(body)).content)
    (mark,) = root.iter(f"{{{evil_files.W}}}bookmarkStart")
    (link,) = root.iter(f"{{{evil_files.W}}}hyperlink")
    assert mark.get(f"{{{evil_files.W}}}name") == link.get(f"{{{evil_files.W}}}anchor") == "b1"


def test_cropped_picture_loses_what_was_cropped_away() -> None:
    def crop(parts: dict[str, bytes]) -> None:
        document = parts["word/document.xml"].decode()
        document = re.sub(r"(<a:blip [^>]*/>)", r'\1<a:srcRect r="50000"/>', document, count=1)
        parts["word/document.xml"] = document.encode()

    cleaned = clean(evil_docx(crop))
    assert cleaned.removed["cropped"] == 1
    with zipfile.ZipFile(io.BytesIO(cleaned.content)) as archive:
        picture = Image.open(io.BytesIO(archive.read("word/media/picture1.jpeg")))
        assert b"srcRect" not in archive.read("word/document.xml")
    assert picture.size == (32, 48)
    red, green, _blue = picture.convert("RGB").getpixel((16, 24))  # type: ignore[misc]
    assert red > 150
    assert green < 80


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<w:p><w:r><w:object/></w:r></w:p>", "embedded_object"),
        ("<w:p><w:r><w:pict/></w:r></w:p>", "old_drawing"),
        ("<w:altChunk/>", "outside_content"),
        ("<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r></w:p>", "damaged"),
    ],
)
def test_what_cannot_be_cleaned_is_refused_and_not_dropped_unseen(body: str, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        clean(word(body))
    assert caught.value.reason == reason


def drawn(uri: str) -> str:
    return (
        "<w:p><w:r><w:drawing><wp:inline xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'"
        " xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'><a:graphic>"
        f"<a:graphicData uri='{uri}'/></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def test_chart_is_refused_because_it_carries_a_workbook() -> None:
    with pytest.raises(FileRefused, match="embedded object \\(chart\\)"):
        clean(word(drawn("http://schemas.openxmlformats.org/drawingml/2006/chart")))


def test_picture_in_a_vector_format_is_refused_with_its_name() -> None:
    def vector(parts: dict[str, bytes]) -> None:
        parts["word/media/image1.jpg"] = b"\x01\0\0\0" + b"\0" * 200

    with pytest.raises(FileRefused, match=r"word/media/image1\.jpg is neither JPEG nor PNG"):
        clean(evil_docx(vector))


# ODT


def test_copy_of_an_opendocument_text_opens_in_another_program() -> None:
    copy: Any = odfdo.Document(io.BytesIO(clean(evil_odt()).content))
    assert copy.body.get_header(position=0).text == SAID
    assert copy.get_type() == "text"
    assert [image.url for image in copy.body.get_images()] == ["Pictures/picture1.jpeg"]


def test_cropped_picture_in_an_opendocument_text_is_refused() -> None:
    def crop(parts: dict[str, bytes]) -> None:
        parts["content.xml"] = parts["content.xml"].replace(
            b'<style:style style:name="fr1" style:family="graphic"/>',
            b'<style:style style:name="fr1" style:family="graphic"><style:graphic-properties'
            b' fo:clip="rect(0cm, 1cm, 0cm, 0cm)"/></style:style>',
        )

    with pytest.raises(FileRefused, match="cropped picture"):
        clean(evil_odt(crop))


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        ("<draw:frame><draw:object xlink:href='./Object 1'/></draw:frame>", "embedded_object"),
        ("<draw:frame><draw:image xlink:href='https://example.org/x.png'/></draw:frame>", "picture_elsewhere"),
        ("<draw:frame><draw:floating-frame/></draw:frame>", "outside_content"),
    ],
)
def test_object_in_an_opendocument_text_is_refused(element: str, reason: str) -> None:
    def add(parts: dict[str, bytes]) -> None:
        parts["content.xml"] = parts["content.xml"].replace(
            b"</office:text>", f"<text:p>{element}</text:p></office:text>".encode()
        )

    with pytest.raises(FileRefused) as caught:
        clean(evil_odt(add))
    assert caught.value.reason == reason


# PDF


def test_copy_of_a_pdf_keeps_what_makes_it_accessible() -> None:
    cleaned = clean(evil_pdf())
    reader = pypdf.PdfReader(io.BytesIO(cleaned.content), strict=True)
    root: Any = reader.root_object
    assert cleaned.pages == len(reader.pages) == 1
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    (figure,) = root["/StructTreeRoot"]["/K"]
    figure = figure.get_object()
    assert (figure["/S"], figure["/Alt"], figure["/K"]) == ("/Figure", "A map of the corridor", [0])
    assert root["/StructTreeRoot"]["/ParentTree"]["/Nums"][1].get_object()[0].get_object() == figure
    assert [item.title for item in reader.outline] == ["On the corridor"]  # type: ignore[union-attr]
    links: Any = reader.pages[0]["/Annots"]
    assert len(links) == 1
    assert links[0].get_object()["/A"] == {"/S": "/URI", "/URI": "https://example.org/corridor"}


def test_copy_of_a_pdf_has_one_revision_and_a_new_name() -> None:
    data = evil_pdf()
    content = clean(data).content
    assert data.count(b"%%EOF") == 2
    assert content.count(b"%%EOF") == 1
    before, after = (pypdf.PdfReader(io.BytesIO(each)).trailer.get("/ID") for each in (data, content))
    assert after is not None
    assert before != after


def test_pictures_of_a_pdf_look_as_before() -> None:
    images = pypdf.PdfReader(io.BytesIO(clean(evil_pdf()).content)).pages[0].images
    shown = [image.image for image in images if image.image is not None]
    assert sorted(picture.size for picture in shown) == [(24, 16), (64, 48)]
    as_it_was = {(24, 16): picture_of(), (64, 48): Image.open(io.BytesIO(jpeg("pdfjpeg")))}
    assert [difference(picture, as_it_was[picture.size]) <= 4 for picture in shown] == [True, True]


def drawing(content: bytes, **resources: Any) -> bytes:
    document = Pdf.new()
    page = document.add_blank_page(page_size=(100, 100)).obj
    page.Contents = Stream(document, content)
    page.Resources = Dictionary(**resources)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_inline_picture_becomes_one_that_can_be_looked_at() -> None:
    data = drawing(b"q 10 0 0 10 0 0 cm BI /W 2 /H 1 /BPC 8 /CS /RGB /F /AHx ID ff0000 0000ff> EI Q")
    (image,) = pypdf.PdfReader(io.BytesIO(clean(data).content)).pages[0].images
    assert image.image is not None
    assert image.image.convert("RGB").tobytes() == b"\xff\0\0\0\0\xff"


def test_jpeg_in_four_colours_keeps_its_numbers() -> None:
    target = io.BytesIO()
    Image.new("CMYK", (8, 8), (10, 200, 30, 40)).save(target, "JPEG", quality=100)
    document = Pdf.new()
    page = document.add_blank_page(page_size=(100, 100)).obj
    picture = Stream(document, target.getvalue())
    picture.Type, picture.Subtype, picture.Filter = Name.XObject, Name.Image, Name.DCTDecode
    picture.Width = picture.Height = picture.BitsPerComponent = 8
    picture.ColorSpace = Name.DeviceCMYK
    page.Resources = Dictionary(XObject=Dictionary(I=picture))
    page.Contents = Stream(document, b"/I Do")
    data = io.BytesIO()
    document.save(data)
    with pikepdf.open(io.BytesIO(clean(data.getvalue()).content)) as copy:
        (kept,) = copy.pages[0].Resources.XObject.values()
        coded = bytes(kept.read_raw_bytes())
    samples = [Image.open(io.BytesIO(each)).tobytes() for each in (target.getvalue(), coded)]
    assert max(abs(one - other) for one, other in zip(*samples, strict=True)) <= 2


@pytest.mark.parametrize(
    ("catalog", "reason"),
    [
        ({"AcroForm": Dictionary(Fields=Array([Dictionary(T=String("x"))]))}, "form"),
        ({"AcroForm": Dictionary(XFA=String("x"), Fields=Array([]))}, "form"),
    ],
)
def test_form_is_refused(catalog: dict[str, Any], reason: str) -> None:
    def change(document: Pdf) -> None:
        for key, value in catalog.items():
            document.Root[f"/{key}"] = value

    with pytest.raises(FileRefused) as caught:
        clean(evil_pdf(change))
    assert caught.value.reason == reason


@pytest.mark.parametrize("coding", ["JBIG2Decode", "CCITTFaxDecode", "JPXDecode"])
def test_picture_in_a_coding_that_cannot_be_looked_into_is_refused(coding: str) -> None:
    def change(document: Pdf) -> None:
        picture = document.pages[0].Resources.XObject["/Lossless"]
        picture.write(b"x", filter=Name(f"/{coding}"))

    with pytest.raises(FileRefused, match=coding):
        clean(evil_pdf(change))


@pytest.mark.parametrize(
    ("rule", "is_shown"),
    [
        ({"Type": Name.OCMD, "P": Name.AnyOn}, True),
        ({"Type": Name.OCMD, "P": Name.AllOn}, False),
        ({"Type": Name.OCMD, "P": Name.AnyOff}, True),
        ({"Type": Name.OCMD, "P": Name.AllOff}, False),
    ],
)
def test_rule_over_layers_is_followed(rule: dict[str, Any], is_shown: bool) -> None:
    def change(document: Pdf) -> None:
        page = document.pages[0]
        shown = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("shown")))
        hidden = page.Resources.Properties.L1
        document.Root.OCProperties.OCGs.append(shown)
        page.Resources.Properties["/Rule"] = Dictionary(**rule, OCGs=Array([shown, hidden]))
        page.Resources.Font["/F"] = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.contents_add(b"/OC /Rule BDC BT /F 9 Tf (ruled words) Tj ET EMC")

    words = " ".join(part.text for part in clean(evil_pdf(change)).texts)
    assert ("ruled words" in words) is is_shown


def test_circle_of_forms_is_refused() -> None:
    def change(document: Pdf) -> None:
        form = document.make_indirect(document.pages[0].Resources.XObject["/Form"])
        form.write(b"/Me Do")
        form.Resources = Dictionary(XObject=Dictionary(Me=form))
        document.pages[0].Resources.XObject["/Form"] = form

    with pytest.raises(FileRefused, match="within itself"):
        clean(evil_pdf(change))


def test_crop_of_a_picture_is_of_its_upright_form() -> None:
    removed: Counter[str] = Counter()
    picture = pictures.pixels_of(png(size=(20, 10)), "x", removed, (0.25, 0, 0.25, 0.5))
    assert picture.size == (10, 5)
    assert removed["cropped"] == 1


def test_kinds_are_those_of_the_formats() -> None:
    assert set(EVIL) == set(Format)


# What a picture hides


def secret(mode: str = "L", size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Words in the middle of a picture, light on dark."""
    picture = Image.new("L", size, 40)
    ImageDraw.Draw(picture).text((4, 10), "Zeynep", fill=200)
    return picture.convert(mode)


def is_gone(picture: Image.Image) -> bool:
    return len(picture.convert("L").getcolors(256) or ()) == 1


ERASED = Image.new("L", (64, 32), 0)
"""An alpha channel that lets nothing show."""


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_words_that_were_made_transparent_are_gone(mode: str, kind: str) -> None:
    picture = secret(mode)
    picture.putalpha(ERASED)
    target = io.BytesIO()
    picture.save(target, kind, lossless=True, exact=True)
    assert not is_gone(Image.open(io.BytesIO(target.getvalue())).convert("RGBA").convert("RGB"))
    cleaned = clean(target.getvalue())
    assert is_gone(Image.open(io.BytesIO(cleaned.content)).convert("RGBA").convert("RGB"))
    assert cleaned.removed["unseen"] == 1


def test_words_in_a_colour_that_a_palette_makes_transparent_are_gone() -> None:
    picture = secret().point(lambda value: 1 if value > 100 else 0).convert("P")
    picture.putpalette([40, 40, 40, 200, 200, 200])
    target = io.BytesIO()
    picture.save(target, "PNG", transparency=bytes([0, 0]))
    after = Image.open(io.BytesIO(clean(target.getvalue()).content))
    assert is_gone(after.convert("RGBA").convert("RGB"))


def test_what_shows_through_even_a_little_stays() -> None:
    picture = secret("RGBA")
    picture.putalpha(1)
    target = io.BytesIO()
    picture.save(target, "PNG")
    cleaned = clean(target.getvalue())
    assert Image.open(io.BytesIO(cleaned.content)).tobytes() == picture.tobytes()
    assert "unseen" not in cleaned.removed


def jpeg_of(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG")
    return target.getvalue()


def mask_of(value: int, **more: Any) -> Callable[[Pdf], Any]:
    return lambda document: picture(document, bytes([value]) * 8, (4, 2), **more)


HIDING: dict[str, tuple[bytes, dict[str, Any]]] = {
    "soft mask": (secret().tobytes(), {"SMask": mask_of(0)}),
    "soft mask turned around": (secret().tobytes(), {"SMask": mask_of(255, Decode=Array([1, 0]))}),
    "soft mask of a JPEG": (jpeg_of(secret()), {"SMask": mask_of(0), "Filter": Name.DCTDecode}),
    "soft mask of a colour picture": (secret("RGB").tobytes(), {"SMask": mask_of(0), "ColorSpace": Name.DeviceRGB}),
    "stencil": (
        secret().tobytes(),
        {"Mask": lambda document: picture(document, b"\xf0\xf0", (4, 2), ImageMask=True, BitsPerComponent=1)},
    ),
    "colours that do not show": (secret().tobytes(), {"Mask": Array([30, 210])}),
    "colours of a palette that are alike": (
        secret().point(lambda value: value > 100).tobytes(),
        {"ColorSpace": Array([Name.Indexed, Name.DeviceGray, 1, String(b"\xff\xff")])},
    ),
}


@pytest.mark.parametrize("how", HIDING)
def test_words_that_a_mask_hides_in_a_pdf_are_gone(how: str) -> None:
    data, entries = HIDING[how]

    def more(document: Pdf, page: Any) -> None:
        made = {key: value(document) if callable(value) else value for key, value in entries.items()}
        page.Resources.XObject = Dictionary(P=picture(document, data, (64, 32), **made))

    with Pdf.open(io.BytesIO(clean(pdf("q 64 0 0 32 0 0 cm /P Do Q", more)).content)) as document:
        (found,) = document.pages[0].Resources.XObject.values()
        raw = found.read_raw_bytes() if "/DCTDecode" in str(found.get("/Filter")) else None
        if raw is not None:
            assert is_gone(Image.open(io.BytesIO(raw)))
        else:
            assert len(set(found.read_bytes())) == 1


def test_what_a_mask_lets_show_stays_as_it_is() -> None:
    def more(document: Pdf, page: Any) -> None:
        mask = picture(document, bytes([255, 255, 0, 0] * 2), (4, 2))
        page.Resources.XObject = Dictionary(P=picture(document, secret().tobytes(), (64, 32), SMask=mask))

    with Pdf.open(io.BytesIO(clean(pdf("/P Do", more)).content)) as document:
        (found,) = document.pages[0].Resources.XObject.values()
        after = Image.frombytes("L", (64, 32), found.read_bytes())
    assert after.crop((0, 0, 32, 32)).tobytes() == secret().crop((0, 0, 32, 32)).tobytes()
    assert is_gone(after.crop((52, 0, 64, 32)))


CROPPED = {
    "by clipping": "q 0 0 20 32 re W n q 64 0 0 32 0 0 cm /P Do Q Q",
    "by the edge of the page": "q 64 0 0 32 380 0 cm /P Do Q",
    "by the edge of a form": "/X Do",
    "turned by a right angle": "q 0 0 32 20 re W n q 0 64 -32 0 32 0 cm /P Do Q Q",
    "in two places, one of them seen whole": "q 0 0 20 32 re W n q 64 0 0 32 0 0 cm /P Do Q Q q 64 0 0 32 0 90 cm /P Do Q",
}


@pytest.mark.parametrize("how", CROPPED)
@pytest.mark.parametrize("coding", ["samples", "JPEG"])
def test_what_no_page_shows_of_a_picture_is_gone(how: str, coding: str) -> None:
    def more(document: Pdf, page: Any) -> None:
        data, entries = (
            (secret().tobytes(), {}) if coding == "samples" else (jpeg_of(secret()), {"Filter": Name.DCTDecode})
        )
        found = picture(document, data, (64, 32), **entries)
        inner = form(document, "q 64 0 0 32 0 0 cm /P Do Q", Resources=Dictionary(XObject=Dictionary(P=found)))
        inner.BBox = Array([0, 0, 20, 32])
        page.Resources.XObject = Dictionary(P=found, X=document.make_indirect(inner))

    cleaned = clean(pdf(CROPPED[how], more))
    with Pdf.open(io.BytesIO(cleaned.content)) as document:
        pictures_in = [each for each in document.objects if isinstance(each, Stream) and "/Width" in each]
        (found,) = pictures_in
        raw = found.read_raw_bytes() if coding == "JPEG" else found.read_bytes()
        after = Image.open(io.BytesIO(raw)) if coding == "JPEG" else Image.frombytes("L", (64, 32), raw)
    hidden, shown = after.crop((32, 0, 64, 32)), after.crop((0, 0, 16, 32))
    if "whole" in how:
        assert not is_gone(hidden)
        assert "cropped" not in cleaned.removed
    else:
        lowest, highest = hidden.convert("L").getextrema()
        assert highest - lowest < 10  # type: ignore[operator]
        assert cleaned.removed["cropped"] == 1
    assert ImageStat.Stat(ImageChops.difference(shown, secret().crop((0, 0, 16, 32)))).rms[0] < 9


def test_picture_that_no_page_shows_is_gone() -> None:
    def more(document: Pdf, page: Any) -> None:
        page.Resources.XObject = Dictionary(P=picture(document, secret().tobytes(), (64, 32)))

    with Pdf.open(io.BytesIO(clean(pdf("q 64 0 0 32 -500 0 cm /P Do Q", more)).content)) as document:
        (found,) = document.pages[0].Resources.XObject.values()
        assert set(found.read_bytes()) == {0}


def test_text_of_a_place_is_a_number_or_a_word_of_the_standard() -> None:
    """A place in a drawing is written as text; no word of ours fits there."""
    body = DRAWING_PLACED.replace("<wp:posOffset>0<", "<wp:posOffset>Zeynep Karahanli<")
    assert body != DRAWING_PLACED
    clean(word(DRAWING_PLACED))
    with pytest.raises(FileRefused, match="posOffset"):
        clean(word(body))


DRAWING_PLACED = """
<w:p><w:r><w:drawing xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0"
 layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="page">
<wp:posOffset>0</wp:posOffset></wp:positionH><wp:positionV relativeFrom="page"><wp:align>top</wp:align></wp:positionV>
<wp:extent cx="9" cy="9"/><wp:wrapNone/><wp:docPr id="1" name="x"/><a:graphic>
<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/>
<wps:spPr/><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r></w:p>
"""
