"""PDF: every object, read with another library than the one that wrote it."""

import io
import re
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from events.documents.proof.pictures import prove_jpeg, refuse

_KEYS = """
Type Subtype Pages Page Kids Count Parent MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit Resources
Contents Group S CS I K Annots Rect Border QuadPoints A URI Dest StructParents StructParent StructTreeRoot MarkInfo
Marked Lang Outlines First Last Next Prev Title Length Filter DecodeParms Predictor Colors Columns BitsPerComponent
ExtGState ColorSpace Pattern Shading XObject Font Width Height ImageMask Decode Interpolate Intent Matte SMask Mask
BBox Matrix FormType LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK G BC TR BaseFont Encoding ToUnicode
FontDescriptor DescendantFonts CIDSystemInfo Registry Ordering Supplement CIDToGIDMap FirstChar LastChar
Widths DW W DW2 W2 FontBBox FontMatrix BaseEncoding Differences CMapName WMode FontName Flags ItalicAngle
Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth FontWeight FontFile FontFile2
FontFile3 Length1 Length2 Length3 ShadingType Background AntiAlias Domain Coords Function Extend BitsPerCoordinate
BitsPerFlag VerticesPerRow PatternType PaintType TilingType XStep YStep FunctionType Range Size BitsPerSample Order
Encode C0 C1 N Bounds Functions WhitePoint BlackPoint Gamma ParentTree ParentTreeNextKey Nums P Pg O Alt ActualText
E RowSpan ColSpan Scope ListNumbering Obj MCID
"""

KEYS = frozenset(_KEYS.split())
TEXT_ENTRIES = {"/Title", "/Alt", "/ActualText", "/E", "/Lang", "/URI", "/Registry", "/Ordering"}
"""Entries whose value is a text: for readers, a language, a web link or a name in the standard."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-[A-Za-z]{2}|-\d{3})?")
WEB_ADDRESS = re.compile(r"https?://[^\s@/]+(?:[/?#]\S*)?", re.IGNORECASE)
STANDARD = re.compile(r"Adobe|Identity|UCS|Japan1|GB1|CNS1|Korea1|KR")
START = re.compile(rb"%PDF-1\.\d\n%[\x80-\xff]{4}\n1 0 obj\n")
EMBEDDED = re.compile(r"/AAAAAA\+F\d+")
RESOURCE = re.compile(r"/R\d+")
MARKED_CONTENT = re.compile(rb"/(\w+) (?:<<.*?>>)?\s*B(?:DC|MC)")
TABLE_HEAD = re.compile(rb"\nxref\n0 (\d+)\n")


def prove(data: bytes) -> None:
    if not START.match(data) or data.count(b"%%EOF") != 1 or not data.endswith(b"%%EOF\n"):
        raise refuse("PDF", "more than one version")
    prove_nothing_between(data)
    reader = PdfReader(io.BytesIO(data), strict=False)
    trailer = set(reader.trailer) - {"/Root", "/Size", "/ID"}
    if trailer:
        raise refuse("PDF", sorted(trailer))
    for number in sorted(reader.xref.get(0, {})):
        prove_value(reader.get_object(IndirectObject(number, 0, reader)), f"object {number}", "")


def prove_nothing_between(data: bytes) -> None:
    """The file is one object after another, as its table says, with nothing in between."""
    table = data.rindex(b"\nxref\n")
    count = int(TABLE_HEAD.match(data, table)[1])  # type: ignore[index]
    rows = data[data.index(b"\n", table + 6) + 1 :].split(b"\n")[:count]
    starts = sorted(int(row[:10]) for row in rows if row[17:18] == b"n")
    if len(starts) != count - 1:
        raise refuse("PDF", "xref")
    for start, end in zip(starts, [*starts[1:], table + 1], strict=True):
        if not re.match(rb"\d+ 0 obj\n", data[start : start + 20]) or not data[start:end].endswith(b"endobj\n"):
            raise refuse("PDF", f"byte {start}")


def prove_value(value: Any, where: str, key: str) -> None:
    if isinstance(value, IndirectObject):
        return  # is visited separately
    if isinstance(value, TextStringObject | ByteStringObject):
        prove_text(value, where, key)
    elif isinstance(value, ArrayObject):
        for place, each in enumerate(value):
            is_table_of_colours = place == 3 and len(value) == 4 and value[0] == "/Indexed"
            if not (is_table_of_colours and isinstance(each, TextStringObject | ByteStringObject)):
                prove_value(each, where, "")
    elif isinstance(value, DictionaryObject):
        prove_dictionary(value, where, key)
        if isinstance(value, StreamObject):
            prove_stream(value, where)


def prove_text(value: Any, where: str, key: str) -> None:
    text = str(value)
    fits = {"/Lang": LANGUAGE_TAG, "/URI": WEB_ADDRESS, "/Registry": STANDARD, "/Ordering": STANDARD}.get(key)
    if key not in TEXT_ENTRIES or (fits is not None and not fits.fullmatch(text)):
        raise refuse(where, f"{key} {text}")


def prove_dictionary(value: Any, where: str, key: str) -> None:
    for name, each in value.raw_items() if hasattr(value, "raw_items") else dict.items(value):
        is_named_here = key in ("/XObject", "/Font", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading") and (
            RESOURCE.fullmatch(name)
        )
        if not is_named_here and name[1:] not in KEYS:
            raise refuse(where, name)
        prove_value(each, where, str(name))
    is_embedded = any(each in value for each in ("/FontFile", "/FontFile2", "/FontFile3"))
    if is_embedded and not EMBEDDED.fullmatch(str(value.get("/FontName"))):
        raise refuse(where, value.get("/FontName"))
    kind = value.get("/S")
    if "/A" not in value and kind in ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"):
        raise refuse(where, kind)
    if value.get("/Type") == "/Annot" and value.get("/Subtype") != "/Link":
        raise refuse(where, value.get("/Subtype"))


def prove_stream(value: Any, where: str) -> None:
    filters = value.get("/Filter")
    if filters == "/DCTDecode":
        prove_jpeg(value._data, where)
        return
    if filters not in (None, "/FlateDecode", NameObject("/FlateDecode")):
        raise refuse(where, filters)
    data = value.get_data()
    if value.get("/Subtype") == "/Image":
        prove_samples(value, data, where)
    is_code = not any(key in value for key in ("/Length1", "/FunctionType", "/ShadingType")) and b"begincmap" in data
    if is_code and b"%" in data:
        raise refuse(where, "comment")


def prove_samples(value: Any, data: bytes, where: str) -> None:
    """A picture has exactly the bytes that its samples need."""
    space = value.get("/ColorSpace", "/DeviceGray")
    name = space[0] if isinstance(space, ArrayObject) else space
    components = {"/DeviceRGB": 3, "/CalRGB": 3, "/Lab": 3, "/DeviceCMYK": 4}.get(name, 1)
    if name == "/DeviceN":
        components = len(space[1])
    bits = 1 if value.get("/ImageMask") else value.get("/BitsPerComponent", 8)
    if len(data) > -(-value["/Width"] * components * bits // 8) * value["/Height"]:
        raise refuse(where, "bytes behind a picture")
