"""What is kept of a PDF (ISO 32000): keys by the kind of dictionary, and operators of content streams."""

import re

NUMBERS, NAMES, SCALARS = "numbers", "names", "scalars"

_OPERATORS = """
b B b* B* BT c cm CS cs d d0 d1 Do ET f F f* G g gs h i j J K k l m M n q Q re RG rg ri s S SC sc SCN scn sh T* Tc
Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' "
"""

OPERATORS = frozenset(_OPERATORS.split())
"""Operators. Marked content (BMC, BDC, EMC) is handled separately; BX, EX, MP and DP draw nothing."""

PAINTING = frozenset(["s", "S", "f", "F", "f*", "B", "B*", "b", "b*"])
WRITING = frozenset(["Tj", "TJ", "'", '"'])

_STRUCTURE_TYPES = """
Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody
Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP
Figure Formula Form Title FENote Sub Em Strong Aside Artifact
"""

STRUCTURE_TYPES = frozenset(_STRUCTURE_TYPES.split())
"""ISO 32000-1, 14.8.4, and the additions of ISO 32000-2; people made up all other names."""

FONT = {
    "/Subtype": NAMES,
    "/BaseFont": NAMES,
    "/FirstChar": NUMBERS,
    "/LastChar": NUMBERS,
    "/Widths": NUMBERS,
    "/DW": NUMBERS,
    "/W": NUMBERS,
    "/DW2": NUMBERS,
    "/W2": NUMBERS,
    "/FontBBox": NUMBERS,
    "/FontMatrix": NUMBERS,
}
DESCRIPTOR = {
    "/FontName": NAMES,
    "/Flags": NUMBERS,
    "/FontBBox": NUMBERS,
    "/ItalicAngle": NUMBERS,
    "/Ascent": NUMBERS,
    "/Descent": NUMBERS,
    "/Leading": NUMBERS,
    "/CapHeight": NUMBERS,
    "/XHeight": NUMBERS,
    "/StemV": NUMBERS,
    "/StemH": NUMBERS,
    "/AvgWidth": NUMBERS,
    "/MaxWidth": NUMBERS,
    "/MissingWidth": NUMBERS,
    "/FontWeight": NUMBERS,
}
ENCODING_NAMES = re.compile(
    r"/(?:(?:WinAnsi|MacRoman|MacExpert|Standard|PDFDoc)Encoding|(?:(?:Identity|(?:GB|GBpc|GBK|GBKp|CNS|KSCpc)-EUC|EUC"
    r"|(?:GBK2K|Uni(?:GB|CNS|JIS|KS)-(?:UCS2|UTF16)|UniJIS-UCS2-HW)|(?:B5pc|HKscs-B5|ETen-B5|ETenms-B5)"
    r"|(?:83pv|90ms|90msp|90pv|Add|Ext)-RKSJ|KSC-EUC|KSCms-UHC(?:-HW)?)-)?[HV])"
)
"""Encodings that the standard names; people made up all other names."""

FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
FONT_FILE = {"/Length1": NUMBERS, "/Length2": NUMBERS, "/Length3": NUMBERS, "/Subtype": NAMES}
IMAGE = {
    "/Width": NUMBERS,
    "/Height": NUMBERS,
    "/BitsPerComponent": NUMBERS,
    "/ImageMask": SCALARS,
    "/Decode": NUMBERS,
    "/Interpolate": SCALARS,
    "/Intent": NAMES,
    "/Matte": NUMBERS,
}
FORM = {"/BBox": NUMBERS, "/Matrix": NUMBERS, "/FormType": NUMBERS}
GRAPHICS_STATE = {
    "/LW": NUMBERS,
    "/LC": NUMBERS,
    "/LJ": NUMBERS,
    "/ML": NUMBERS,
    "/D": NUMBERS,
    "/RI": NAMES,
    "/OP": SCALARS,
    "/op": SCALARS,
    "/OPM": NUMBERS,
    "/FL": NUMBERS,
    "/SM": NUMBERS,
    "/SA": SCALARS,
    "/BM": NAMES,
    "/CA": NUMBERS,
    "/ca": NUMBERS,
    "/AIS": SCALARS,
    "/TK": SCALARS,
}
SHADING = {
    "/ShadingType": NUMBERS,
    "/Background": NUMBERS,
    "/BBox": NUMBERS,
    "/AntiAlias": SCALARS,
    "/Domain": NUMBERS,
    "/Coords": NUMBERS,
    "/Matrix": NUMBERS,
    "/Extend": SCALARS,
    "/BitsPerCoordinate": NUMBERS,
    "/BitsPerComponent": NUMBERS,
    "/BitsPerFlag": NUMBERS,
    "/VerticesPerRow": NUMBERS,
    "/Decode": NUMBERS,
}
PATTERN = {
    "/PatternType": NUMBERS,
    "/PaintType": NUMBERS,
    "/TilingType": NUMBERS,
    "/BBox": NUMBERS,
    "/XStep": NUMBERS,
    "/YStep": NUMBERS,
    "/Matrix": NUMBERS,
}
FUNCTION = {
    "/FunctionType": NUMBERS,
    "/Domain": NUMBERS,
    "/Range": NUMBERS,
    "/Size": NUMBERS,
    "/BitsPerSample": NUMBERS,
    "/Order": NUMBERS,
    "/Encode": NUMBERS,
    "/Decode": NUMBERS,
    "/C0": NUMBERS,
    "/C1": NUMBERS,
    "/N": NUMBERS,
    "/Bounds": NUMBERS,
}
CALIBRATED = {"/WhitePoint": NUMBERS, "/BlackPoint": NUMBERS, "/Gamma": NUMBERS, "/Matrix": NUMBERS, "/Range": NUMBERS}
PAGE_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
TABLE_ATTRIBUTES = {"/RowSpan": NUMBERS, "/ColSpan": NUMBERS, "/Scope": NAMES, "/ListNumbering": NAMES}
