"""What is kept of WordprocessingML (ECMA-376): the elements and attributes for text and its formatting."""

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
}

XML = "http://www.w3.org/XML/1998/namespace"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
UNDERSTOOD = {NAMESPACES["wps"], NAMESPACES["wpg"], "http://schemas.microsoft.com/office/word/2010/wordml"}
"""Namespaces of newer drawings whose text and formatting are kept."""

PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

_W = """
abstractNum abstractNumId adjustRightInd autoHyphenation autoSpaceDE autoSpaceDN b bCs background bar basedOn bdo bdr
between bidi bidiVisual body bookmarkEnd bookmarkStart bottom br cantSplit caps characterSpacingControl
cnfStyle col color cols compat compatSetting contextualSpacing continuationSeparator cr cs decimalSymbol
defaultTabStop dir displayBackgroundShape divId docDefaults docGrid document drawing dstrike eastAsianLayout effect em
emboss end endnote endnotePr endnoteRef endnoteReference endnotes evenAndOddHeaders fitText fldSimple
footerReference footnote footnotePr footnoteRef footnoteReference footnotes framePr ftr gridAfter gridBefore gridCol
gridSpan gutterAtTop hMerge hdr headerReference hideMark highlight hps hpsBaseText hpsRaise hyperlink i iCs
ilvl imprint ind insideH insideV isLgl jc keepLines keepNext kern kinsoku lang left legacy lid link
listSeparator lnNumType lvl lvlJc lvlOverride lvlRestart lvlText mirrorIndents mirrorMargins multiLevelType name next
noBreakHyphen noEndnote noProof noWrap num numFmt numId numPr numRestart numStart numStyleLink
numbering oMath outline outlineLvl overflowPunct p pBdr pPr pPrDefault pStyle pageBreakBefore pgBorders pgMar pgNum
pgNumType pgSz pos position ptab qFormat r rFonts rPr rPrDefault rStyle right rt rtl rtlGutter ruby rubyAlign
rubyBase rubyPr sectPr semiHidden separator settings shadow shd smallCaps snapToGrid softHyphen spacing start
startOverride strike style styleLink styles suff suppressAutoHyphens suppressLineNumbers suppressOverlap sym sz szCs t
tab tabs tbl tblBorders tblCaption tblCellMar tblCellSpacing tblDescription tblGrid tblHeader tblInd tblLayout tblLook
tblOverlap tblPr tblPrEx tblStyle tblStyleColBandSize tblStylePr tblStyleRowBandSize tblW tblpPr tc tcBorders tcFitText
tcMar tcPr tcW textAlignment textDirection textboxTightWrap themeFontLang titlePg tl2br top topLinePunct tr tr2bl
trHeight trPr txbxContent type u uiPriority unhideWhenUsed vAlign vMerge vertAlign w wAfter wBefore widowControl
wordWrap
"""

_M = """
acc accPr aln alnScr argPr argSz bar barPr baseJc begChr borderBox borderBoxPr box boxPr brk cGp cGpRule cSp chr count
ctrlPr d dPr defJc deg degHide den diff e endChr eqArr eqArrPr f fName fPr func funcPr groupChr groupChrPr grow hideBot
hideLeft hideRight hideTop lMargin lim limLoc limLow limLowPr limUpp limUppPr lit m mPr maxDist mc mcJc mcPr mcs mr
nary naryPr noBreak nor num oMath oMathPara oMathParaPr objDist opEmu phant phantPr plcHide pos r rPr rSp
rSpRule rad radPr sPre sPrePr sSub sSubPr sSubSup sSubSupPr sSup sSupPr scr sepChr show shp strikeBLTR strikeH
strikeTLBR strikeV sty sub subHide sup supHide t transp type vertJc zeroAsc zeroDesc zeroWid
"""

_A = """
accent1 accent2 accent3 accent4 accent5 accent6 ahLst ahPolar ahXY alpha alphaBiLevel alphaCeiling alphaFloor alphaInv
alphaMod alphaModFix alphaOff alphaOutset alphaRepl anchor arcTo avLst backdrop bevel bevelB bevelT bgClr
bgFillStyleLst biLevel blend blip blipFill blue blueMod blueOff blur bodyPr bottom camera chExt chOff close clrChange
clrFrom clrRepl clrScheme clrTo comp cont contourClr cs cubicBezTo custClr custClrLst custDash custGeom cxn cxnLst dk1
dk2 ds duotone ea effect effectDag effectLst effectRef effectStyle effectStyleLst ext extrusionClr fgClr
fill fillOverlay fillRect fillRef fillStyleLst fillToRect flatTx fmtScheme folHlink font fontRef fontScheme gamma gd
gdLst glow gradFill graphic graphicData graphicFrameLocks gray grayscl green greenMod greenOff grpFill grpSpLocks
gs gsLst headEnd hlink hsl hslClr hue hueMod hueOff innerShdw inv invGamma latin lightRig lin ln lnDef lnRef
lnTo lstStyle lt1 lt2 lum lumMod lumOff lvl1pPr lvl2pPr lvl3pPr lvl4pPr lvl5pPr lvl6pPr lvl7pPr lvl8pPr lvl9pPr
majorFont minorFont miter moveTo noAutofit noFill norm normAutofit objectDefaults off outerShdw path pathLst
pattFill picLocks pos prstClr prstDash prstGeom prstShdw prstTxWarp pt quadBezTo rect red redMod redOff
reflection relOff rot round sat satMod satOff scene3d schemeClr scrgbClr shade softEdge solidFill sp3d
spAutoFit spLocks spPr srcRect srgbClr stretch style sx sy sysClr tailEnd theme themeElements tile tileRect tint tx
up xfrm
"""

_WP = """
align anchor cNvGraphicFramePr docPr effectExtent extent inline lineTo posOffset positionH positionV simplePos start
wrapNone wrapPolygon wrapSquare wrapThrough wrapTight wrapTopAndBottom
"""

_PIC = "blipFill cNvPicPr cNvPr nvPicPr pic spPr"
_WPS = "bodyPr cNvCnPr cNvPr cNvSpPr linkedTxbx spPr style txbx wsp"
_WPG = "cNvGrpSpPr cNvPr grpSp grpSpPr wgp"

_BY_PREFIX = {"w": _W, "m": _M, "a": _A, "wp": _WP, "pic": _PIC, "wps": _WPS, "wpg": _WPG}

KEPT = {f"{{{NAMESPACES[prefix]}}}{name}" for prefix, names in _BY_PREFIX.items() for name in names.split()}

_ATTRIBUTES_OF_W = """
abstractNumId after afterAutospacing afterLines anchor ascii asciiTheme bar before beforeAutospacing beforeLines bottom
bottomFromText chapSep chapStyle char charSpace clear code color combine combineBrackets countBy cs cstheme
customMarkFollows customStyle default distance drop dropCap eastAsia eastAsiaTheme end endChars equalWidth evenHBand
evenVBand fill first firstColumn firstLine firstLineChars firstRow firstRowFirstColumn firstRowLastColumn fmt font
footer frame gutter h hAnchor hAnsi hAnsiTheme hRule hSpace hanging hangingChars header hint horzAnchor id ilvl
lang lastColumn lastRow lastRowFirstColumn lastRowLastColumn leader left leftChars leftFromText legacy
legacyIndent legacySpace line linePitch lineRule lines name noHBand noVBand num numFmt numId oddHBand
oddVBand offsetFrom orient other percent pos relativeTo restart right rightChars rightFromText sep shadow space start
startChars styleId sz tblpX tblpXSpec tblpY tblpYSpec themeColor themeFill themeFillShade themeFillTint themeShade
themeTint top topFromText type uri val vAnchor vMerge vSpace value vert vertAnchor vertCompress w wrap x xAlign y yAlign
zOrder
"""

_ATTRIBUTES_OF_DRAWINGS = """
a accent1 accent2 accent3 accent4 accent5 accent6 algn allowOverlap amt anchor anchorCtr ang b bIns baseline behindDoc
bg1 bg2 blend blurRad bright bwMode cap charset cmpd compatLnSpc contourW contrast cx cy d defTabSz dir dist distB distL
distR distT dx dy dz endA endPos extrusionH extrusionOk fadeDir fill flip flipH flipV fmla fontScale forceAA fov
fromWordArt gdRefAng gdRefR gdRefX gdRefY grow h hR horzOverflow hue i id idx indent kern kx ky l lIns lang lastClr lat
layoutInCell len lim locked lon lnSpcReduction lum marL marR maxAng maxR maxX maxY minAng minR minX minY name
noAdjustHandles noChangeArrowheads noChangeAspect noChangeShapeType noCrop noDrilldown noEditPoints noGrp noMove
noResize noRot noSelect noTextEdit noUngrp numCol panose path pitchFamily pos preferRelativeResize prst prstMaterial r
rIns rad ref relativeFrom relativeHeight rev rig rot rotWithShape rtl rtlCol sat scaled script simplePos spc spcCol
spcFirstLastPara stA stAng stPos stroke strike swAng sx sy sz t tIns thresh tx tx1 tx2 txBox type typeface u upright
uri useA val vert vertOverflow w wR wrap wrapText x y z zoom seq
"""

ATTRIBUTES = frozenset(
    {f"{{{NAMESPACES['w']}}}{name}" for name in _ATTRIBUTES_OF_W.split()}
    | {f"{{{NAMESPACES['m']}}}val", f"{{{NAMESPACES['m']}}}alnAt", f"{{{NAMESPACES['r']}}}id"}
    | {f"{{{NAMESPACES['r']}}}embed", f"{{{XML}}}space"}
    | set(_ATTRIBUTES_OF_DRAWINGS.split())
)
"""Attributes of text elements have a namespace, those of drawings have none."""

WITH_TEXT = {
    f"{{{NAMESPACES[prefix]}}}{name}" for prefix, name in (("w", "t"), ("m", "t"), ("wp", "posOffset"), ("wp", "align"))
}
"""Elements that contain text themselves; what stands between other elements is white space."""

UNWRAPPED = {f"{{{NAMESPACES['w']}}}{name}" for name in ("sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo")}
"""Elements that only annotate their content; they are unwrapped."""

BUILT_IN_STYLES = frozenset(
    {"normal", "title", "subtitle", "caption", "header", "footer", "quote", "intense quote", "strong", "emphasis"}
    | {"hyperlink", "followedhyperlink", "list paragraph", "table grid", "normal table", "no list", "toc heading"}
    | {
        "default paragraph font",
        "page number",
        "body text",
        "plain text",
        "no spacing",
        "footnote text",
        "table normal",
    }
    | {"footnote reference", "endnote text", "endnote reference", "subtle emphasis", "intense emphasis"}
    | {"book title", "subtle reference", "intense reference", "list bullet", "list number", "date", "closing"}
    | {f"heading {level}" for level in range(1, 10)}
    | {f"toc {level}" for level in range(1, 10)}
    | {f"list {kind} {level}" for kind in ("bullet", "number", "continue") for level in range(2, 6)}
)
"""Names of styles that Word defines; people made up all others."""

OBJECTS = {
    f"{{{NAMESPACES['w']}}}{name}": reason
    for name, reason in {
        "object": "embedded_object",
        "control": "embedded_object",
        "contentPart": "embedded_object",
        "pict": "old_drawing",
        "altChunk": "outside_content",
        "subDoc": "outside_content",
        "movie": "outside_content",
        "frameset": "outside_content",
    }.items()
}
"""What cannot be cleaned but is visible: the document is refused for it."""

COUNTING_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
"""Fields that every viewer computes again."""

TEXT_FIELDS = frozenset(
    {"", "=", "ADDIN", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "BIBLIOGRAPHY", "CITATION", "DATE", "EQ", "FORMCHECKBOX"}
    | {"FORMDROPDOWN", "FORMTEXT", "HYPERLINK", "INDEX", "LISTNUM", "NOTEREF", "PAGEREF", "QUOTE", "REF", "SECTION"}
    | {"SEQ", "STYLEREF", "SYMBOL", "TIME", "TITLE", "SUBJECT", "TOA", "TOC", "IF", "COMPARE", "FORMULA", "MERGEFIELD"}
    | {
        "GOTOBUTTON",
        "MACROBUTTON",
        "ADVANCE",
        "FILLIN",
        "ASK",
        "SET",
        "SKIPIF",
        "NEXT",
        "NEXTIF",
        "NUMCHARS",
        "NUMWORDS",
    }
)
"""Fields whose result is part of the text; the results of all others, also those about persons and files, are removed.
"""
