# mypy: ignore-errors
# ruff: noqa: T201
"""Makes the files of this folder, once: `python produce.py FOLDER [PRODUCER …]`. README.md says what it needs."""

import html
import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

FONTS = Path("/usr/share/fonts/truetype")
LATIN, ARABIC = FONTS / "dejavu/DejaVuSans.ttf", FONTS / "noto/NotoNaskhArabic-Regular.ttf"
NASTALIQ = FONTS / "noto/NotoNastaliqUrdu-Regular.ttf"

TEXTS = {
    "tr": (
        "Şebnem Gökçeağaç",
        "ltr",
        "Koridor üzerine",
        [
            "Toplantıda {} koridorun ilkbaharda açılacağını söyledi.",
            "Katılımcılar ağır ticaretin yavaş ilerlediğini, gümrük işlemlerinin düzeltilmesi gerektiğini belirtti.",
            "Çalışma ofisi öğleden sonra görüşlerini yayımladı: İzmir, Iğdır, Şırnak.",
        ],
    ),
    "ar": (
        "أحمد العلا",
        "rtl",
        "عن الممر",
        [
            "تحدث {} في الجلسة الأولى عن الممر.",
            "يفتح الممر في الربيع، ولا تزال الإجراءات بطيئة لأن الاتفاق لم يوقع بعد.",
            "تنشر اللجنة خلاصة الأعمال في 12 مارس 2026 باللغتين العربية والإنكليزية (English).",
        ],
    ),
    "vowelled": (
        "أَحْمَدُ العُلَا",
        "rtl",
        "عَنِ المَمَرِّ",
        [
            "تَحَدَّثَ {} فِي الجَلْسَةِ الأُولَى.",
            "يُفْتَحُ المَمَرُّ فِي الرَّبِيعِ، وَلَا تَزَالُ الإِجْرَاءَاتُ بَطِيئَةً.",
        ],
    ),
    "fa": (
        "پژمان گلچهره",
        "rtl",
        "درباره گذرگاه",
        [
            "در نشست نخست {} درباره گذرگاه سخن گفت.",
            "گذرگاه در بهار باز می‌شود و کارها هنوز کند پیش می‌رود؛ گزارش ۱۲ صفحه دارد.",
        ],
    ),
    "ru": (
        "Жанна Щербакова",
        "ltr",
        "О коридоре",
        [
            "На встрече {} сказала, что коридор откроется весной.",
            "Участники отметили, что объём перевозок растёт медленно, а съезд ещё впереди.",
        ],
    ),
}
"""For each script a name, its direction, a heading, and paragraphs that name or do not."""


def paragraphs(script: str, *, named: bool) -> list[str]:
    name, _direction, heading, texts = TEXTS[script]
    return [heading, *(text.format(name) for text in texts[0 if named else 1 :])]


def page(script: str, *, named: bool) -> str:
    heading, *texts = (html.escape(text) for text in paragraphs(script, named=named))
    font = "Noto Naskh Arabic" if TEXTS[script][1] == "rtl" else "DejaVu Sans"
    rows = "".join(f"<p>{text}</p>" for text in texts)
    return (
        f'<!doctype html><html lang="{script[:2].replace("vo", "ar")}" dir="{TEXTS[script][1]}"><meta charset="utf-8"><title>-</title>'
        f'<style>body {{ font: 12pt "{font}" }} p {{ text-align: justify }}</style>'
        f"<h1>{heading}</h1>{rows}<ul><li>{texts[-1]}</li></ul><table border=1><tr><td>1</td><td>{heading}</td></tr></table></html>"
    )


def chromium(script: str, *, named: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "x.html"), Path(folder, "x.pdf")
        source.write_text(page(script, named=named))
        subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-pdf-header-footer",
                f"--print-to-pdf={target}",
                str(source),
            ],
            check=True,
            capture_output=True,
        )
        return target.read_bytes()


def word(script: str, *, named: bool) -> bytes:
    import docx
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    document = docx.Document()
    heading, *texts = paragraphs(script, named=named)
    made = [document.add_heading(heading), *(document.add_paragraph(text) for text in texts)]
    made.append(document.add_paragraph(texts[-1], style="List Bullet"))
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "1", heading
    if TEXTS[script][1] == "rtl":
        for paragraph in made:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
            for run in paragraph.runs:
                properties = run._r.get_or_add_rPr()
                fonts = OxmlElement("w:rFonts")
                fonts.set(qn("w:cs"), "Noto Naskh Arabic")
                properties.insert(0, fonts)
                properties.append(OxmlElement("w:rtl"))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def converted(data: bytes, before: str, after: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"x.{before}").write_bytes(data)
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                after,
                "--outdir",
                f"{folder}/out",
                f"{folder}/x.{before}",
            ],
            check=True,
            capture_output=True,
        )
        return next(Path(folder, "out").iterdir()).read_bytes()


def libreoffice(script: str, *, named: bool) -> bytes:
    return converted(word(script, named=named), "docx", "pdf")


def libreoffice_html(script: str, *, named: bool) -> bytes:
    return converted(page(script, named=named).encode(), "html", "pdf:writer_web_pdf_Export")


def opendocument(script: str, *, named: bool) -> bytes:
    return converted(word(script, named=named), "docx", "odt")


def office_docx(script: str, *, named: bool) -> bytes:
    return converted(opendocument(script, named=named), "odt", "docx")


def weasyprint(script: str, *, named: bool) -> bytes:
    import weasyprint as printer

    return printer.HTML(string=page(script, named=named)).write_pdf()


def fpdf(script: str, *, named: bool) -> bytes:
    import fpdf as printer

    document = printer.FPDF()
    document.add_page()
    document.add_font("f", "", str(ARABIC if TEXTS[script][1] == "rtl" else LATIN))
    document.set_font("f", size=14)
    document.set_text_shaping(True)
    for text in paragraphs(script, named=named):
        document.multi_cell(
            0, text=text, align="R" if TEXTS[script][1] == "rtl" else "L", new_x="LMARGIN", new_y="NEXT"
        )
    return bytes(document.output())


def reportlab(script: str, *, named: bool, shaped: bool = True) -> bytes:
    import arabic_reshaper
    from bidi.algorithm import get_display
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target)
    pdfmetrics.registerFont(TTFont("f", str(FONTS / "dejavu/DejaVuSans.ttf")))
    canvas.setFont("f", 11)
    for number, text in enumerate(paragraphs(script, named=named)):
        if TEXTS[script][1] == "rtl" and shaped:
            drawn = get_display(arabic_reshaper.ArabicReshaper({"delete_harakat": False}).reshape(text))
        else:
            drawn = text
        canvas.drawString(60, 780 - 24 * number, drawn)
    canvas.save()
    return target.getvalue()


def reportlab_raw(script: str, *, named: bool) -> bytes:
    return reportlab(script, named=named, shaped=False)


def pango(script: str, *, named: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        font = "Noto Naskh Arabic" if TEXTS[script][1] == "rtl" else "DejaVu Sans"
        subprocess.run(
            [
                "pango-view",
                "-q",
                f"--font={font} 12",
                "--width=400",
                "--backend=cairo",
                f"--output={folder}/x.pdf",
                f"--text={chr(10).join(paragraphs(script, named=named))}",
            ],
            check=True,
            capture_output=True,
        )
        return Path(folder, "x.pdf").read_bytes()


def typst(script: str, *, named: bool) -> bytes:
    import typst as printer

    font = "Noto Naskh Arabic" if TEXTS[script][1] == "rtl" else "DejaVu Sans"
    heading, *texts = paragraphs(script, named=named)
    source = f'#set text(font: "{font}", dir: {TEXTS[script][1]})\n= {heading}\n\n' + "\n\n".join(texts)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x.typ").write_text(source)
        return printer.compile(f"{folder}/x.typ", font_paths=[str(FONTS)])


def ghostscript(script: str, *, named: bool) -> bytes:
    """What printing to a PostScript printer and back makes of it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x.pdf").write_bytes(pango(script, named=named))
        subprocess.run(
            [
                "gs",
                "-q",
                "-dNOPAUSE",
                "-dBATCH",
                "-sDEVICE=pdfwrite",
                f"-sOutputFile={folder}/y.pdf",
                f"{folder}/x.pdf",
            ],
            check=True,
            capture_output=True,
        )
        return Path(folder, "y.pdf").read_bytes()


def outlines(script: str, *, named: bool) -> bytes:
    """Words turned into drawn lines."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x.pdf").write_bytes(pango(script, named=named))
        subprocess.run(
            [
                "gs",
                "-q",
                "-dNOPAUSE",
                "-dBATCH",
                "-dNoOutputFonts",
                "-sDEVICE=pdfwrite",
                f"-sOutputFile={folder}/y.pdf",
                f"{folder}/x.pdf",
            ],
            check=True,
            capture_output=True,
        )
        return Path(folder, "y.pdf").read_bytes()


def matplotlib(script: str, *, named: bool, kind: int = 3) -> bytes:
    import matplotlib as plotter

    plotter.use("pdf")
    plotter.rcParams["pdf.fonttype"] = kind
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(8, 4))
    pyplot.plot([1, 2, 3, 4, 5], [1, 4, 2, 3, 1], "o-")
    pyplot.title("\n".join(paragraphs(script, named=named)), fontsize=8)
    target = io.BytesIO()
    figure.savefig(target, format="pdf")
    return target.getvalue()


def matplotlib_truetype(script: str, *, named: bool) -> bytes:
    return matplotlib(script, named=named, kind=42)


PRODUCERS: dict[str, tuple[Any, str]] = {
    "chromium": (chromium, "pdf"), "libreoffice": (libreoffice, "pdf"), "libreoffice-html": (libreoffice_html, "pdf"),
    "libreoffice-odt": (opendocument, "odt"), "libreoffice-docx": (office_docx, "docx"), "python-docx": (word, "docx"),
    "weasyprint": (weasyprint, "pdf"), "fpdf2": (fpdf, "pdf"), "reportlab": (reportlab, "pdf"),
    "reportlab-raw": (reportlab_raw, "pdf"), "pango-cairo": (pango, "pdf"), "typst": (typst, "pdf"),
    "ghostscript": (ghostscript, "pdf"), "ghostscript-outlines": (outlines, "pdf"), "matplotlib": (matplotlib, "pdf"),
    "matplotlib-truetype": (matplotlib_truetype, "pdf"),
}  # fmt: skip


def main(folder: Path) -> None:
    only = sys.argv[2:]
    for producer, (make, extension) in PRODUCERS.items():
        if only and producer not in only:
            continue
        for script in TEXTS:
            for named in (True, False):
                target = folder / f"{producer}-{script}-{'named' if named else 'clean'}.{extension}"
                if target.exists():
                    continue
                try:
                    target.write_bytes(make(script, named=named))
                except Exception as error:
                    print(target.name, repr(error)[:200])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
