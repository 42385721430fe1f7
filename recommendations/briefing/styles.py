"""The styles of a briefing pack's Word document, in the colours of the site."""

from string import Template
from typing import Any

from docx.oxml.parser import parse_xml

INK, QUIET, ACCENT, LINE, WASH, WARNING = "14201F", "4C5957", "0B5A63", "D2DAD6", "E2EFEE", "A12D27"

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

STYLES = Template(
    f"""<w:styles {W}>
<w:docDefaults>
  <w:rPrDefault><w:rPr>
    <w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Arial"/>
    <w:color w:val="{INK}"/><w:sz w:val="21"/><w:szCs w:val="22"/>
    <w:lang w:val="$locale" w:eastAsia="en-GB" w:bidi="ar-SA"/>
  </w:rPr></w:rPrDefault>
  <w:pPrDefault><w:pPr><w:spacing w:after="100" w:line="269" w:lineRule="auto"/></w:pPr></w:pPrDefault>
</w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>
  <w:pPr><w:bidi w:val="$bidi"/></w:pPr></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/>
  <w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>
  <w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>
  <w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>
  <w:pPr><w:spacing w:before="1200" w:after="80" w:line="240" w:lineRule="auto"/></w:pPr>
  <w:rPr><w:b/><w:bCs/><w:color w:val="{ACCENT}"/><w:sz w:val="52"/><w:szCs w:val="56"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Subtitle"><w:name w:val="Subtitle"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>
  <w:pPr><w:spacing w:after="280" w:line="252" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="30"/><w:szCs w:val="32"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>
  <w:pPr><w:keepNext/><w:keepLines/><w:pageBreakBefore/><w:pBdr><w:bottom w:val="single" w:sz="8" w:space="4" w:color="{ACCENT}"/></w:pBdr>
  <w:spacing w:after="200" w:line="240" w:lineRule="auto"/><w:outlineLvl w:val="0"/></w:pPr>
  <w:rPr><w:b/><w:bCs/><w:color w:val="{ACCENT}"/><w:sz w:val="34"/><w:szCs w:val="36"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>
  <w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="360" w:after="120" w:line="240" w:lineRule="auto"/><w:outlineLvl w:val="1"/></w:pPr>
  <w:rPr><w:b/><w:bCs/><w:sz w:val="28"/><w:szCs w:val="30"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading3"><w:name w:val="heading 3"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>
  <w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="280" w:after="80" w:line="240" w:lineRule="auto"/><w:outlineLvl w:val="2"/></w:pPr>
  <w:rPr><w:b/><w:bCs/><w:color w:val="{ACCENT}"/><w:sz w:val="23"/><w:szCs w:val="25"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/><w:qFormat/>
  <w:pPr><w:pBdr><w:left w:val="single" w:sz="18" w:space="10" w:color="{LINE}"/></w:pBdr><w:ind w:left="227"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="QuoteFromRight"><w:name w:val="Quote from Right"/><w:basedOn w:val="Quote"/>
  <w:pPr><w:pBdr><w:left w:val="nil"/><w:right w:val="single" w:sz="18" w:space="10" w:color="{LINE}"/></w:pBdr><w:ind w:left="227"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Fact"><w:name w:val="Fact"/><w:basedOn w:val="Normal"/><w:qFormat/>
  <w:pPr><w:tabs><w:tab w:val="left" w:pos="2552"/></w:tabs><w:spacing w:after="30"/><w:ind w:left="2552" w:hanging="2552"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Note"><w:name w:val="Note"/><w:basedOn w:val="Normal"/><w:qFormat/>
  <w:rPr><w:color w:val="{QUIET}"/><w:sz w:val="19"/><w:szCs w:val="20"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Warning"><w:name w:val="Warning"/><w:basedOn w:val="Normal"/><w:qFormat/>
  <w:pPr><w:spacing w:after="0"/></w:pPr><w:rPr><w:b/><w:bCs/><w:color w:val="{WARNING}"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/><w:qFormat/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:spacing w:after="60"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="ListQuote"><w:name w:val="List Quote"/><w:basedOn w:val="Normal"/>
  <w:pPr><w:spacing w:after="100"/><w:ind w:left="624"/></w:pPr><w:rPr><w:color w:val="{QUIET}"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="TableText"><w:name w:val="Table Text"/><w:basedOn w:val="Normal"/><w:qFormat/>
  <w:pPr><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="18"/><w:szCs w:val="19"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="TableHeading"><w:name w:val="Table Heading"/><w:basedOn w:val="TableText"/><w:qFormat/>
  <w:pPr><w:keepNext/></w:pPr><w:rPr><w:b/><w:bCs/><w:color w:val="{ACCENT}"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="header"/><w:basedOn w:val="Normal"/>
  <w:pPr><w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>
  <w:rPr><w:color w:val="{QUIET}"/><w:sz w:val="17"/><w:szCs w:val="18"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/><w:basedOn w:val="Header"/></w:style>
<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:basedOn w:val="DefaultParagraphFont"/>
  <w:rPr><w:color w:val="{ACCENT}"/><w:u w:val="single"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Label"><w:name w:val="Label"/><w:basedOn w:val="DefaultParagraphFont"/>
  <w:rPr><w:color w:val="{QUIET}"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Flag"><w:name w:val="Flag"/><w:basedOn w:val="DefaultParagraphFont"/>
  <w:rPr><w:b/><w:bCs/><w:color w:val="{WARNING}"/></w:rPr></w:style>
<w:style w:type="table" w:styleId="PackTable"><w:name w:val="Pack Table"/><w:basedOn w:val="TableNormal"/>
  <w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{ACCENT}"/>
  <w:bottom w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/></w:tblBorders>
  <w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{WASH}"/></w:tcPr></w:tblStylePr></w:style>
</w:styles>"""
)

NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>
  <w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>
  <w:pPr><w:ind w:left="397" w:hanging="284"/></w:pPr><w:rPr><w:color w:val="{ACCENT}"/></w:rPr></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
</w:numbering>"""

SETTINGS = Template(
    f"""<w:settings {W}>
<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>
<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>
<w:themeFontLang w:val="$locale" w:bidi="ar-SA"/>
<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>
</w:settings>"""
)


def put_in_place(element: Any, xml: str) -> None:
    """Replaces the content of `element`, the root of a part, by that of `xml`."""
    for child in list(element):
        element.remove(child)
    for child in list(parse_xml(xml)):
        element.append(child)


def dress(document: Any, *, locale: str, is_rtl: bool) -> None:
    """Replaces the styles, lists and settings of python-docx's template by those of a pack."""
    put_in_place(document.styles.element, STYLES.substitute(locale=locale, bidi="1" if is_rtl else "0"))
    put_in_place(document.part.numbering_part.element, NUMBERING)
    put_in_place(document.settings.element, SETTINGS.substitute(locale=locale))
