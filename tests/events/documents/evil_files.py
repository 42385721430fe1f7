"""Files with personal data in every place that their formats have for it, each with a canary of its own.

`canary("author")` is a word that occurs nowhere else; what must be readable afterwards is written with `SAID`. Uses no
code of the cleaner.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import docx
import odfdo
import pikepdf
from docx.shared import Inches
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import ExifTags, Image, PngImagePlugin

SAID = "The corridor opens in spring."
"""What every document here says, and its copy too."""

CANARY = re.compile(rb"Qz[a-z]{6,}x", re.IGNORECASE)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def canary(place: str) -> str:
    """A word for one place, in letters alone so that no format escapes it."""
    return "Qz" + re.sub("[^a-z]", "", place.lower()).ljust(6, "q") + "x"


def png(colour: tuple[int, int, int] = (200, 30, 30), size: tuple[int, int] = (24, 16)) -> bytes:
    target = io.BytesIO()
    picture_of(colour, size).save(target, "PNG")
    return target.getvalue()


def picture_of(colour: tuple[int, int, int] = (200, 30, 30), size: tuple[int, int] = (24, 16)) -> Image.Image:
    """Left half of a colour, right half white: it can be seen whether it was turned."""
    picture = Image.new("RGB", size, "white")
    picture.paste(colour, (0, 0, size[0] // 2, size[1]))
    return picture


def exif_of(prefix: str) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = canary(f"{prefix} artist")
    exif[ExifTags.Base.Make] = canary(f"{prefix} make")
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.DateTime] = "2025:06:01 10:00:00"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = canary(f"{prefix} usercomment").encode()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitude] = (25.0, 17.0, 7.0)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSAreaInformation] = canary(f"{prefix} gps").encode()
    return exif.tobytes()


def xmp_of(prefix: str) -> bytes:
    name = canary(f"{prefix} xmp")
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="{name}"/></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode()


def profile_of(prefix: str) -> bytes:
    """A colour profile that names its maker; programs that do not read it show the same colours."""
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile + canary(f"{prefix} profile").encode()


def jpeg(prefix: str = "jpeg", orientation: int = 1, size: tuple[int, int] = (64, 48)) -> bytes:
    """With EXIF, GPS, a thumbnail, XMP, IPTC, a colour profile and a comment."""
    exif = Image.Exif()
    exif.load(exif_of(prefix))
    exif[ExifTags.Base.Orientation] = orientation
    target = io.BytesIO()
    picture_of(size=size).save(
        target,
        "JPEG",
        quality=95,
        exif=exif.tobytes(),
        xmp=xmp_of(prefix),
        comment=canary(f"{prefix} comment").encode(),
        icc_profile=profile_of(prefix),
    )
    data = target.getvalue()
    name = canary(f"{prefix} iptc").encode()
    record = b"\x1c\x02\x50" + struct.pack(">H", len(name)) + name
    block = (
        b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) % 2)
    )
    thumbnail = b"JFXX\0\x10" + png() + canary(f"{prefix} thumbnail").encode()
    return data[:2] + segment(0xED, block) + segment(0xE0, thumbnail) + data[2:]


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def evil_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", canary("png text"))
    info.add_text("Comment", canary("png ztext"), zip=True)
    info.add_itxt("XML:com.adobe.xmp", xmp_of("png").decode(), zip=False)
    info.add_itxt("Title", canary("png itext"), zip=True)
    target = io.BytesIO()
    picture_of().save(target, "PNG", pnginfo=info, exif=exif_of("png"), icc_profile=profile_of("png"))
    data = target.getvalue()
    return (
        data[:33] + chunk(b"tIME", b"\x07\xe9\x06\x01\x0a\0\0") + chunk(b"qzPr", canary("png own").encode()) + data[33:]
    )


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def evil_webp() -> bytes:
    target = io.BytesIO()
    picture_of().save(
        target, "WEBP", lossless=True, exif=exif_of("webp"), xmp=xmp_of("webp"), icc_profile=profile_of("webp")
    )
    return target.getvalue()


# DOCX


def evil_docx(change: Callable[[dict[str, bytes]], None] | None = None) -> bytes:
    """Made with python-docx, and then with what it knows nothing of."""
    document = docx.Document()
    about = document.core_properties
    for name in ("author", "last_modified_by", "comments", "keywords", "subject", "category", "title", "identifier"):
        setattr(about, name, canary(f"core {name}"))
    document.add_heading(SAID, 1)
    paragraph = document.add_paragraph("The text has ")
    paragraph.add_run("bold words").bold = True
    document.add_comment(paragraph.runs, text=canary("comment"), author=canary("comment author"), initials="QZ")
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "left cell"
    table.cell(0, 1).text = "right cell"
    plain = io.BytesIO()
    picture_of().save(plain, "JPEG")
    document.add_picture(plain, width=Inches(1))
    document.sections[0].header.paragraphs[0].text = "the head of the page"
    document.sections[0].footer.paragraphs[0].text = "the foot of the page"
    target = io.BytesIO()
    document.save(target)
    return repacked(target.getvalue(), lambda parts: _spoil(parts, change))


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None], comment: bytes = b"") -> bytes:
    """An archive with other members; with moments, and a comment that names somebody."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        stored = {each.filename for each in archive.infolist() if each.compress_type == zipfile.ZIP_STORED}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2025, 6, 1, 10, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            if name not in stored:
                entry.comment = canary("zip member").encode()
            archive.writestr(entry, content)
        archive.comment = comment or canary("zip comment").encode()
    return target.getvalue()


BODY = """
<w:p w:rsidR="00A77B3E"><w:pPr><w:rPr><w:ins w:id="900" w:author="{a[mark author]}" w:date="2025-06-01T10:00:00Z"/></w:rPr></w:pPr>
  <w:bookmarkStart w:id="7" w:name="{a[bookmark]}"/><w:bookmarkEnd w:id="7"/><w:bookmarkStart w:id="8" w:name="_GoBack"/>
  <w:bookmarkEnd w:id="8"/>
  <w:ins w:id="901" w:author="{a[ins author]}" w:date="2025-06-01T10:00:00Z"><w:r w:rsidRPr="00A77B3E"><w:t>inserted words</w:t></w:r></w:ins>
  <w:del w:id="902" w:author="{a[del author]}"><w:r><w:delText>{a[deleted]}</w:delText></w:r></w:del>
  <w:moveFrom w:id="903" w:author="{a[movefrom]}"><w:r><w:t>{a[moved away]}</w:t></w:r></w:moveFrom>
  <w:moveTo w:id="904" w:author="{a[moveto]}"><w:r><w:t xml:space="preserve"> moved words</w:t></w:r></w:moveTo>
  <w:r><w:rPr><w:vanish/></w:rPr><w:t>{a[hidden]}</w:t></w:r>
  <w:r><w:rPr><w:rStyle w:val="{a[stylename]}"/></w:rPr><w:t>{a[hidden by style]}</w:t></w:r>
  <w:r><w:rPr><w:b/><w:rPrChange w:id="905" w:author="{a[rprchange]}"><w:rPr/></w:rPrChange></w:rPr><w:t> strong words</w:t></w:r>
  <w:proofErr w:type="spellStart"/>
</w:p>
<w:p><w:pPr><w:rPr><w:del w:id="906" w:author="{a[markdel]}"/></w:rPr><w:pPrChange w:id="907" w:author="{a[pprchange]}"><w:pPr/></w:pPrChange></w:pPr>
  <w:r><w:t xml:space="preserve">first half, </w:t></w:r></w:p>
<w:p><w:r><w:t>second half</w:t></w:r></w:p>
<w:p><w:fldSimple w:instr=" AUTHOR {a[fieldauthor]} "><w:r><w:t>{a[simplefield]}</w:t></w:r></w:fldSimple>
  <w:r><w:fldChar w:fldCharType="begin"><w:fldData>{a[flddata]}</w:fldData></w:fldChar></w:r><w:r><w:instrText> LASTSAVEDBY {a[instruction]} </w:instrText></w:r>
  <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{a[complexfield]}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>
  <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DOCPROPERTY Company </w:instrText></w:r>
  <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{a[propertyfield]}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>
  <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF b \\h </w:instrText></w:r>
  <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>a reference</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>
  <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>
  <w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>
</w:p>
<w:sdt><w:sdtPr><w:alias w:val="{a[alias]}"/><w:tag w:val="{a[tag]}"/><w:dataBinding
  w:prefixMappings="xmlns:ns0='http://purl.org/dc/elements/1.1/' xmlns:ns1='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'"
  w:xpath="/ns1:coreProperties[1]/ns0:creator[1]" w:storeItemID="{{6C3C8BC8-F283-45AE-878A-BAB7291924A1}}"/></w:sdtPr>
  <w:sdtContent><w:p><w:r><w:t>{a[boundcontrol]}</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:sdt><w:sdtPr><w:alias w:val="{a[alias]}"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>words in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:p><w:smartTag w:uri="urn:x" w:element="{a[smarttag]}"><w:smartTagPr><w:attr w:name="x" w:val="{a[smartattr]}"/></w:smartTagPr>
  <w:r><w:t>words in a tag</w:t></w:r></w:smartTag><w:permStart w:id="1" w:ed="{a[permission]}"/><w:permEnd w:id="1"/></w:p>
<w:p><w:hyperlink r:id="rIdWeb" w:tooltip="{a[tooltip]}"><w:r><w:t>a link</w:t></w:r></w:hyperlink>
  <w:hyperlink r:id="rIdMail"><w:r><w:t xml:space="preserve"> a letter</w:t></w:r></w:hyperlink>
  <w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
    <mc:Choice Requires="zz" xmlns:zz="urn:zz"><w:t>{a[choice]}</w:t></mc:Choice><mc:Fallback><w:t xml:space="preserve"> a fallback</w:t></mc:Fallback>
  </mc:AlternateContent></w:r></w:p>
<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblPrChange w:id="908" w:author="{a[tblprchange]}"><w:tblPr/></w:tblPrChange></w:tblPr><w:tblGrid><w:gridCol w:w="100"/></w:tblGrid>
  <w:tr><w:trPr><w:del w:id="909" w:author="{a[rowdel]}"/></w:trPr><w:tc><w:p><w:r><w:t>{a[deletedrow]}</w:t></w:r></w:p></w:tc></w:tr>
  <w:tr><w:trPr><w:ins w:id="910" w:author="{a[rowins]}"/></w:trPr><w:tc><w:tcPr><w:tcW w:w="100" w:type="dxa"/><w:tcPrChange w:id="911" w:author="{a[tcprchange]}"><w:tcPr/></w:tcPrChange></w:tcPr><w:p><w:r><w:t>an inserted row</w:t></w:r></w:p></w:tc></w:tr>
  <w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:t>{a[hiddenrow]}</w:t></w:r></w:p></w:tc></w:tr>
</w:tbl>
"""


class Canaries(dict[str, str]):
    """`{a[place]}` in a text becomes the canary of that place."""

    def __missing__(self, place: str) -> str:
        return canary(f"docx {place}")


OOXML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION = '<Relationship Id="{0}" Type="' + OOXML + '/{1}" Target="{2}"{3}/>'


def _spoil(parts: dict[str, bytes], change: Callable[[dict[str, bytes]], None] | None) -> None:
    a = Canaries()
    parts["word/media/image1.jpg"] = jpeg("docxjpeg")  # python-docx takes none that begins with a thumbnail
    document = parts["word/document.xml"].decode()
    document = document.replace("<w:sectPr", BODY.format(a=a) + "<w:sectPr", 1)
    document = document.replace('name="Picture 1"', f'name="C:\\Users\\{a["picture path"]}\\x.jpg"', 1)
    document = document.replace("<wp:docPr ", f'<wp:docPr descr="A map of the corridor" title="{SAID}" ', 1)
    document = f"<!-- {a['xml comment']} -->" + document.partition("?>")[2]
    parts["word/document.xml"] = document.encode()
    outside = ' TargetMode="External"'
    relations = parts["word/_rels/document.xml.rels"].decode()
    relations = relations.replace(
        "</Relationships>",
        RELATION.format("rIdWeb", "hyperlink", "https://example.org/corridor", outside)
        + RELATION.format("rIdMail", "hyperlink", f"mailto:{a['mailto']}@example.org", outside)
        + RELATION.format("rIdGloss", "glossaryDocument", "glossary/document.xml", "")
        + RELATION.format("rIdPeople", "people", "people.xml", "")
        + RELATION.format("rIdEx", "commentsExtended", "commentsExtended.xml", "")
        + RELATION.format("rIdX", "customXml", "../customXml/item9.xml", "")
        + "</Relationships>",
    )
    parts["word/_rels/document.xml.rels"] = relations.encode()
    for name, place in {
        "word/people.xml": "people",
        "word/commentsExtended.xml": "comments extended",
        "word/glossary/document.xml": "glossary",
        "customXml/item9.xml": "custom xml",
        "word/printerSettings/printerSettings1.bin": "printer",
        "docProps/custom.xml": "custom properties",
    }.items():
        parts[name] = f"<x>{a[place]}</x>".encode()
    app = parts["docProps/app.xml"].decode()
    parts["docProps/app.xml"] = app.replace(
        "</Properties>", f"<Manager>{a['manager']}</Manager><HyperlinkBase>{a['base']}</HyperlinkBase></Properties>"
    ).encode()
    settings = parts["word/settings.xml"].decode()
    parts["word/settings.xml"] = re.sub(
        "</w:settings>$",
        f'<w:docVars><w:docVar w:name="{a["varname"]}" w:val="{a["varvalue"]}"/></w:docVars>'
        f'<w:attachedTemplate r:id="rIdT" xmlns:r="{OOXML}"/><w:rsids><w:rsid w:val="00A77B3E"/></w:rsids></w:settings>',
        settings.strip(),
    ).encode()
    parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + RELATION.format("rIdT", "attachedTemplate", f"file:///C:/Users/{a['template']}/Normal.dotm", outside)
        + "</Relationships>"
    ).encode()
    styles = parts["word/styles.xml"].decode()
    parts["word/styles.xml"] = styles.replace(
        "</w:styles>",
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{a["stylename"]}"><w:name w:val="{a["styletitle"]}"/>'
        f'<w:aliases w:val="{a["stylealias"]}"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>',
    ).encode()
    if change is not None:
        change(parts)


DOCX_SAYS = (
    SAID,
    "The text has bold words",
    "left cell",
    "right cell",
    "inserted words moved words strong words",
    "first half, second half",
    "a reference1",
    "words in a control",
    "words in a tag",
    "a link a letter a fallback",
    "an inserted row",
    "the head of the page",
    "the foot of the page",
    "A map of the corridor",
    "https://example.org/corridor",
)
"""What the copy of `evil_docx` still says, white space aside."""


# ODT


def evil_odt(change: Callable[[dict[str, bytes]], None] | None = None) -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Header(1, SAID))
    document.meta.title = canary("odt title")
    document.meta.creator = canary("odt creator")
    document.meta.set_user_defined_metadata("Reviewer", canary("odt userdefined"))
    target = io.BytesIO()
    document.save(target)
    return repacked(target.getvalue(), lambda parts: _spoil_odt(parts, change))


ODT_BODY = """
<text:tracked-changes><text:changed-region xml:id="c1" text:id="c1"><text:deletion><office:change-info>
  <dc:creator>{a[changer]}</dc:creator><dc:date>2025-06-01T10:00:00</dc:date></office:change-info>
  <text:p>{a[deletedtext]}</text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:user-field-decls><text:user-field-decl office:value-type="string" office:string-value="{a[userfielddecl]}" text:name="{a[userfieldname]}"/></text:user-field-decls>
<text:p text:style-name="{a[odtstyle]}">plain words<text:change text:change-id="c1"/>
  <office:annotation office:name="{a[notename]}"><dc:creator>{a[annotator]}</dc:creator><dc:date>2025-06-01T10:00:00</dc:date>
  <text:p>{a[annotation]}</text:p></office:annotation> after a note<office:annotation-end office:name="{a[notename]}"/></text:p>
<text:p><text:author-name text:fixed="true">{a[authorfield]}</text:author-name><text:creator>{a[creatorfield]}</text:creator>
  <text:initial-creator>{a[initialcreator]}</text:initial-creator><text:file-name>{a[filename]}</text:file-name>
  <text:sender-lastname>{a[sender]}</text:sender-lastname><text:printed-by>{a[printedby]}</text:printed-by>
  <text:user-defined text:name="Reviewer">{a[userdefinedfield]}</text:user-defined>
  <text:user-field-get text:name="x">{a[userfield]}</text:user-field-get><text:hidden-text text:condition="ooow:true" text:string-value="{a[hiddenvalue]}">{a[hiddentext]}</text:hidden-text>page <text:page-number>1</text:page-number></text:p>
<text:p><text:span text:style-name="{a[hidingstyle]}">{a[hiddenspan]}</text:span>shown words</text:p>
<text:section text:name="{a[sectionname]}" text:display="none"><text:p>{a[hiddensection]}</text:p></text:section>
<text:p><text:bookmark text:name="{a[odtbookmark]}"/><text:a xlink:type="simple" xlink:href="https://example.org/corridor" office:title="{a[linktitle]}">a link</text:a>
  <text:a xlink:type="simple" xlink:href="mailto:{a[odtmail]}@example.org">a letter</text:a>
  <text:script script:language="JavaScript">{a[script]}</text:script>
  <text:meta xhtml:about="{a[rdfabout]}" xhtml:property="x" xhtml:content="{a[rdfcontent]}">words with a meaning</text:meta></text:p>
<text:p><draw:frame draw:name="{a[framename]}" draw:style-name="fr1" text:anchor-type="as-char" svg:width="2cm" svg:height="1cm">
  <draw:image xlink:href="Pictures/{a[picturename]}.jpg" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>
  <svg:title>A map of the corridor</svg:title></draw:frame></text:p>
<text:p>noted<text:note text:id="ftn1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>in the note</text:p></text:note-body></text:note></text:p>
<!-- {a[odtcomment]} -->
"""


def _spoil_odt(parts: dict[str, bytes], change: Callable[[dict[str, bytes]], None] | None) -> None:
    a = Canaries()
    content = parts["content.xml"].decode()
    needed = {
        "script": "urn:oasis:names:tc:opendocument:xmlns:script:1.0",
        "xhtml": "http://www.w3.org/1999/xhtml",
        "dc": "http://purl.org/dc/elements/1.1/",
    }
    missing = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in needed.items() if f"xmlns:{prefix}=" not in content)
    content = content.replace("<office:document-content ", f"<office:document-content {missing} ", 1)
    content = content.replace("</office:text>", ODT_BODY.format(a=a) + "</office:text>", 1)
    styles = (
        f'<style:style style:name="{a["odtstyle"]}" style:display-name="{a["odtdisplay"]}" style:family="paragraph"/>'
        f'<style:style style:name="{a["hidingstyle"]}" style:family="text"><style:text-properties text:display="none"/>'
        '</style:style><style:style style:name="fr1" style:family="graphic"/>'
    )
    content = re.sub("<office:automatic-styles ?/>", "<office:automatic-styles></office:automatic-styles>", content)
    content = content.replace("</office:automatic-styles>", styles + "</office:automatic-styles>", 1)
    parts["content.xml"] = content.encode()
    parts[f"Pictures/{a['picturename']}.jpg"] = jpeg("odtjpeg")
    parts["Basic/Standard/Module1.xml"] = f"<x>{a['basic']}</x>".encode()
    parts["manifest.rdf"] = f"<x>{a['rdf']}</x>".encode()
    parts["settings.xml"] = parts["settings.xml"].replace(
        b"</office:settings>", f"<!-- {a['odtsettings']} --></office:settings>".encode()
    )
    if change is not None:
        change(parts)


ODT_SAYS = (
    SAID,
    "plain words after a note",
    "page 1",
    "shown words",
    "a link a letter words with a meaning",
    "A map of the corridor",
    "in the note",
    "https://example.org/corridor",
)


# PDF


def evil_pdf(change: Callable[[Pdf], None] | None = None) -> bytes:
    """Two revisions: the first one says more."""
    document = Pdf.new()
    page = document.add_blank_page(page_size=(300, 200)).obj
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    layer = document.make_indirect(Dictionary(Type=Name.OCG, Name=String(canary("layer name"))))
    picture = Stream(document, jpeg("pdfjpeg"))
    picture.Type, picture.Subtype, picture.Filter = Name.XObject, Name.Image, Name.DCTDecode
    picture.Width, picture.Height, picture.BitsPerComponent = 64, 48, 8
    picture.ColorSpace = Array([Name.ICCBased, _profile(document)])
    picture.Metadata = _metadata(document, "picture")
    lossless = Stream(document, picture_of().tobytes() + canary("behind samples").encode())
    lossless.Type, lossless.Subtype, lossless.Width, lossless.Height = Name.XObject, Name.Image, 24, 16
    lossless.BitsPerComponent, lossless.ColorSpace = 8, Name.DeviceRGB
    form = Stream(document, f"% {canary('form comment')}\n0 0 10 10 re f".encode())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 10, 10])
    form.LastModified = String(canary("form modified"))
    form.PieceInfo = Dictionary(Private=String(canary("form piece")))
    unused = Stream(document, canary("unused form").encode())
    unused.Type, unused.Subtype, unused.BBox = Name.XObject, Name.Form, Array([0, 0, 10, 10])
    drawn = f"""% {canary("content comment")}
        /P <</MCID 0>> BDC BT /F{canary("fontname")} 12 Tf 20 150 Td ({SAID}) Tj ET EMC
        /OC /L1 BDC BT /F{canary("fontname")} 12 Tf 20 100 Td ({canary("hidden layer")}) Tj ET EMC
        /{canary("tagname")} BMC 0 0 1 1 re f EMC
        /Span <</ActualText (read aloud) /{canary("propertykey")} ({canary("property")})>> BDC 0 0 1 1 re f EMC
        q 100 0 0 75 20 20 cm /{canary("imagename")} Do Q q 24 0 0 16 200 20 cm /Lossless Do Q /Form Do"""
    page.Contents = Stream(document, drawn.encode())
    page.Resources = Dictionary(
        Font=Dictionary({f"/F{canary('fontname')}": font}),
        XObject=Dictionary(
            {
                f"/{canary('imagename')}": picture,
                "/Lossless": lossless,
                "/Form": form,
                f"/{canary('unusedname')}": unused,
            }
        ),
        Properties=Dictionary(L1=layer),
    )
    page.Metadata = _metadata(document, "page")
    page.Thumb = Stream(document, canary("thumb").encode())
    page.PieceInfo = Dictionary(Private=String(canary("page piece")))
    page.LastModified = String(canary("last modified"))
    page.AA = Dictionary(O=_script(canary("page action")))
    page.Annots = Array(
        [
            document.make_indirect(each)
            for each in (
                Dictionary(
                    Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), T=String(canary("annotation author")),
                    Contents=String(canary("annotation"))
                ),
                _link(Dictionary(S=Name.URI, URI=String("https://example.org/corridor")), canary("link author")),
                _link(Dictionary(S=Name.URI, URI=String(f"mailto:{canary('pdf mail')}@example.org")), ""),
                _link(Dictionary(S=Name.Launch, F=String(canary("launch"))), ""),
            )
        ]
    )  # fmt: skip
    root = document.Root
    root.Lang = String("en-GB")
    root.Metadata = _metadata(document, "document")
    root.OpenAction = _script(canary("open action"))
    root.PieceInfo = Dictionary(Private=String(canary("piece")))
    root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(canary("page label")))]))
    root.OCProperties = Dictionary(
        OCGs=Array([layer]),
        D=Dictionary(OFF=Array([layer]), Name=String(canary("layers")), Creator=String(canary("ocd"))),
    )
    root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String(canary("script name")), _script(canary("js"))])))
    _structure(document, page)
    document.attachments[canary("attachment name")] = canary("attachment").encode()
    document.docinfo["/Author"] = canary("pdf author")
    document.docinfo["/Producer"] = canary("pdf producer")
    document.docinfo[f"/{canary('infokey')}"] = canary("infovalue")
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("On the corridor", 0))
    if change is not None:
        change(document)
    target = io.BytesIO()
    document.save(target, compress_streams=True)
    return revised(target.getvalue())


def _profile(document: Pdf) -> Any:
    profile = Stream(document, profile_of("pdf"))
    profile.N = 3
    return profile


def _metadata(document: Pdf, prefix: str) -> Any:
    metadata = Stream(document, xmp_of(prefix))
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    return metadata


def _script(words: str) -> Any:
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{words}')"))


def _link(action: Any, author: str) -> Any:
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action, T=String(author), NM=String(author)
    )


def _structure(document: Pdf, page: Any) -> None:
    root = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    figure = document.make_indirect(
        Dictionary(
            Type=Name.StructElem, S=Name(f"/{canary('role')}"), P=root, Pg=page, K=0, Alt=String("A map of the corridor"),
            T=String(canary("element title")), ID=String(canary("element id")),
        )
    )  # fmt: skip
    root.K = Array([figure])
    root.RoleMap = Dictionary({f"/{canary('role')}": Name.Figure})
    root.ParentTree = document.make_indirect(Dictionary(Nums=Array([0, Array([figure])])))
    page.StructParents = 0
    document.Root.StructTreeRoot = root
    document.Root.MarkInfo = Dictionary(Marked=True, UserProperties=True)


def revised(data: bytes) -> bytes:
    """With an object that is replaced in a second revision, as a PDF that is edited grows."""
    old = b"\n99 0 obj\n(%s)\nendobj\n" % canary("earlier version").encode()
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", data)
    assert start is not None
    trailer = re.search(rb"/Root (\d+ \d+ R)", data)
    size = re.search(rb"/Size (\d+)", data)
    assert trailer is not None
    assert size is not None
    info = re.search(rb"/Info (\d+ \d+ R)", data)
    body = data + old
    table = len(body)
    return (
        body
        + b"xref\n99 1\n%010d 00000 n \ntrailer << /Root %s %s /Size 100 /Prev %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(data) + 1,
            trailer[1],
            b"/Info " + info[1] if info else b"",
            start[1],
            table,
        )
    )


PDF_SAYS = (SAID, "read aloud", "A map of the corridor", "On the corridor", "https://example.org/corridor")


# What is in a file, by other means than those that clean


def everything_in(data: bytes) -> Iterable[bytes]:
    """The bytes, those of every member and every stream, unpacked, and the strings in them, decoded."""
    yield data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment
            for entry in archive.infolist():
                yield entry.filename.encode() + entry.comment + entry.extra
                yield from everything_in(archive.read(entry))
    elif data.startswith(b"%PDF"):
        yield from _everything_in_pdf(data)
    elif data.startswith(b"\x89PNG"):
        at = 8
        while at + 8 <= len(data):
            (length,) = struct.unpack(">I", data[at : at + 4])
            body = data[at + 8 : at + 8 + length]
            yield body
            for start in range(min(len(body), 90)):
                if body[start : start + 1] == b"\x78":
                    try:
                        yield zlib.decompressobj().decompress(body[start:])
                    except zlib.error:
                        continue
            at += 12 + length


def _everything_in_pdf(data: bytes) -> Iterable[bytes]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    for number in sorted({*reader.xref.get(0, {}), *reader.xref_objStm}):
        found = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        yield repr(found).encode()
        if isinstance(found, pypdf.generic.StreamObject):
            if found.get("/Filter") != "/DCTDecode":
                yield found.get_data()
            else:
                yield from everything_in(found._data)


def canaries_in(data: bytes) -> set[str]:
    """The canaries that can be found in a file by looking everywhere."""
    found: set[str] = set()
    for each in everything_in(data):
        for form in (each, each.replace(b"\0", b"")):
            found |= {match.decode() for match in CANARY.findall(form)}
    return found
