"""The words defined by the standards ECMA-376 (Office Open XML) and OpenDocument 1.2, from their schemas.

A value that is one of these words, or a number, reveals nothing about a person. This list does not decide what is kept;
it is used to check that.
"""

_OFFICE_ELEMENTS = """
abstractNum abstractNumId acc accPr accent1 accent2 accent3 accent4 accent5 accent6 active activeRecord
activeWritingStyle addressFieldName adjustLineHeightInTable adjustRightInd ahLst ahPolar ahXY alias aliases align
alignBordersAndEdges alignTablesRowByRow allowPNG allowSpaceOfSameStyleInTable aln alnScr alpha alphaBiLevel
alphaCeiling alphaFloor alphaInv alphaMod alphaModFix alphaOff alphaOutset alphaRepl altChunk altChunkPr altName
alwaysMergeEmptyNamespace alwaysShowPlaceholderText anchor annotationRef applyBreakingRules arcTo argPr argSz
attachedSchema attachedTemplate attr audioCd audioFile autoCaption autoCaptions autoFormatOverride autoHyphenation
autoRedefine autoSpaceDE autoSpaceDN autoSpaceLikeWord95 autofitToFirstFixedWidthCell avLst b bCs backdrop
background balanceSingleByteDoubleByteWidth band1H band1V band2H band2V bar barPr baseJc basedOn bdo bdr begChr
behavior behaviors between bevel bevelB bevelT bg bgClr bgFillStyleLst biLevel bibliography bidi bidiVisual bldChart
bldDgm blend blip blipFill blockQuote blue blueMod blueOff blur body bodyDiv bodyPr bookFoldPrinting
bookFoldPrintingSheets bookFoldRevPrinting bookmarkEnd bookmarkStart borderBox borderBoxPr
bordersDoNotSurroundFooter bordersDoNotSurroundHeader bottom box boxPr br brk brkBin brkBinSub buAutoNum buBlip
buChar buClr buClrTx buFont buFontTx buNone buSzPct buSzPts buSzTx cGp cGpRule cNvCnPr cNvContentPartPr cNvCxnSpPr
cNvFrPr cNvGraphicFramePr cNvGrpSpPr cNvPicPr cNvPr cNvSpPr cSp cachedColBalance calcOnExit calendar camera
cantSplit caps caption captions category cell3D cellDel cellIns cellMerge chExt chOff characterSpacingControl
charset chart checkBox checkErrors checked chr citation clickAndTypeStyle close clrChange clrFrom clrMap clrRepl
clrScheme clrSchemeMapping clrTo cnfStyle col colDelim color cols column comboBox comment commentRangeEnd
commentRangeStart commentReference comments comp compat compatSetting connectString consecutiveHyphenLimit cont
contentPart contextualSpacing continuationSeparator contourClr control convMailMergeEsc count cpLocks cr cs ctrlPr
cubicBezTo custClr custClrLst custDash custGeom customXml customXmlDelRangeEnd customXmlDelRangeStart
customXmlInsRangeEnd customXmlInsRangeStart customXmlMoveFromRangeEnd customXmlMoveFromRangeStart
customXmlMoveToRangeEnd customXmlMoveToRangeStart customXmlPr cxn cxnLst cxnSp cxnSpLocks d dPr dataBinding
dataSource dataType date dateFormat dayLong dayShort ddList decimalSymbol defJc defPPr defRPr default defaultTabStop
defaultTableStyle deg degHide del delInstrText delText den description destination dgm diff dir dirty dispDef
displayBackgroundShape displayHangulFixedWidth displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery div
divBdr divId divs divsChild dk1 dk2 doNotAutoCompressPictures doNotAutofitConstrainedTables
doNotBreakConstrainedForcedTable doNotBreakWrappedTables doNotDemarcateInvalidXml doNotDisplayPageBoundaries
doNotEmbedSmartTags doNotExpandShiftReturn doNotHyphenateCaps doNotIncludeSubdocsInStats doNotLeaveBackslashAlone
doNotOrganizeInFolder doNotRelyOnCSS doNotSaveAsSingleFile doNotShadeFormData doNotSnapToGridInCell
doNotSuppressBlankLines doNotSuppressIndentation doNotSuppressParagraphBorders doNotTrackFormatting doNotTrackMoves
doNotUseEastAsianBreakRules doNotUseHTMLParagraphAutoSpacing doNotUseIndentAsNumberingTabStop doNotUseLongFileNames
doNotUseMarginsForDrawingGridOrigin doNotValidateAgainstSchema doNotVertAlignCellWithSp doNotVertAlignInTxbx
doNotWrapTextWithPunct docDefaults docGrid docPart docPartBody docPartCategory docPartGallery docPartList docPartObj
docPartPr docPartUnique docParts docPr docVar docVars document documentProtection documentType drawing
drawingGridHorizontalOrigin drawingGridHorizontalSpacing drawingGridVerticalOrigin drawingGridVerticalSpacing
dropDownList ds dstrike duotone dynamicAddress e ea eastAsianLayout effect effectDag effectExtent effectLst
effectRef effectStyle effectStyleLst em embedBold embedBoldItalic embedItalic embedRegular embedSystemFonts
embedTrueTypeFonts emboss enabled encoding end endChr endCxn endParaRPr endnote endnotePr endnoteRef
endnoteReference endnotes entryMacro eqArr eqArrPr equation evenAndOddHeaders exitMacro ext extLst extent
extraClrScheme extraClrSchemeLst extrusionClr f fHdr fName fPr family ffData fgClr fieldMapData fill fillOverlay
fillRect fillRef fillStyleLst fillToRect firstCol firstRow fitText flatBorders flatTx fld fldChar fldData fldSimple
fmtScheme folHlink font fontRef fontScheme fonts footerReference footnote footnoteLayoutLikeWW8 footnotePr
footnoteRef footnoteReference footnotes forceUpgrade forgetLastTabAlignment formProt format formsDesign frame
frameLayout framePr frameset framesetSplitbar ftr func funcPr gallery gamma gd gdLst glossaryDocument glow gradFill
graphic graphicData graphicFrame graphicFrameLocks gray grayscl green greenMod greenOff gridAfter gridBefore gridCol
gridSpan group groupChr groupChrPr grow growAutofit grpFill grpSp grpSpLocks grpSpPr gs gsLst guid gutterAtTop
hMerge hdr hdrShapeDefaults headEnd header headerReference headerSource headers helpText hidden hideBot
hideGrammaticalErrors hideLeft hideMark hideRight hideSpellingErrors hideTop highlight hlink hlinkClick hlinkHover
hlinkMouseOver hps hpsBaseText hpsRaise hsl hslClr hue hueMod hueOff hyperlink hyphenationZone i iCs id
ignoreMixedContent ilvl imprint ind inline innerShdw ins insideH insideV instrText intLim interSp intraSp inv
invGamma isLgl jc keepLines keepNext kern kinsoku lMargin label lang lastCol lastRenderedPageBreak lastRow
latentStyles latin layoutRawTableWidth layoutTableRowsApart left legacy lid lightRig lim limLoc limLow limLowPr
limUpp limUppPr lin lineTo lineWrapLikeWord6 link linkStyles linkToQuery linkedToFile linkedTxbx listEntry listItem
listSeparator lit ln lnB lnBlToTr lnDef lnL lnNumType lnR lnRef lnSpc lnStyleLst lnT lnTlToBr lnTo lock locked
longDesc lsdException lstStyle lt1 lt2 lum lumMod lumOff lvl lvl1pPr lvl2pPr lvl3pPr lvl4pPr lvl5pPr lvl6pPr lvl7pPr
lvl8pPr lvl9pPr lvlJc lvlOverride lvlPicBulletId lvlRestart lvlText m mPr mailAsAttachment mailMerge mailSubject
mainDocumentType majorFont mappedName marBottom marH marLeft marRight marTop marW masterClrMapping matchSrc mathFont
mathPr maxDist maxLength mc mcJc mcPr mcs minorFont mirrorIndents mirrorMargins miter monthLong monthShort moveFrom
moveFromRangeEnd moveFromRangeStart moveTo moveToRangeEnd moveToRangeStart movie mr multiLevelType mwSmallCaps name
nary naryLim naryPr neCell next noAutofit noBorder noBreak noBreakHyphen noColumnBalance noEndnote
noExtraLineSpacing noFill noLeading noLineBreaksAfter noLineBreaksBefore noProof noPunctuationKerning
noResizeAllowed noSpaceRaiseLower noTabHangInd noWrap nor norm normAutofit notTrueType nsid num numFmt numId
numIdMacAtCleanup numPicBullet numPr numRestart numStart numStyleLink numbering numberingChange nvContentPartPr
nvCxnSpPr nvGraphicFramePr nvGrpSpPr nvPicPr nvSpPr nwCell oMath oMathPara oMathParaPr objDist object objectDefaults
objectEmbed objectLink odso off opEmu optimizeForBrowser outerShdw outline outlineLvl overflowPunct
overrideClrMapping p pBdr pPr pPrChange pPrDefault pStyle pageBreakBefore panose1 paperSrc path pathLst pattFill
permEnd permStart personal personalCompose personalReply pgBorders pgMar pgNum pgNumType pgSz phant phantPr pic
picLocks pict picture pitch pixelsPerInch placeholder plcHide pos posOffset position positionH positionV postSp
preSp printBodyTextBeforeHeader printColBlack printFormsData printFractionalCharacterWidth printPostScriptOverText
printTwoOnOne printerSettings proofErr proofState prstClr prstDash prstGeom prstShdw prstTxWarp pt ptab qFormat
quadBezTo query quickTimeFile r rFonts rMargin rPr rPrChange rPrDefault rSp rSpRule rStyle rad radPr
readModeInkLockDown recipientData recipients rect red redMod redOff reflection relOff relyOnVML removeDateAndTime
removePersonalInformation result revisionView richText right rot round rsid rsidRoot rsids rt rtl rtlGutter ruby
rubyAlign rubyBase rubyPr sPre sPrePr sSub sSubPr sSubSup sSubSupPr sSup sSupPr sat satMod satOff saveFormsData
saveInvalidXml savePreviewPicture saveSmartTagsAsXml saveSubsetFonts saveThroughXslt saveXmlDataOnly scene3d
schemeClr scr scrgbClr scrollbar sdt sdtContent sdtEndPr sdtPr seCell sectPr sectPrChange
selectFldWithFirstOrLastChar semiHidden sepChr separator settings shade shadow shapeDefaults shapeLayoutLikeWW8 shd
show showBreaksInFrames showEnvelope showXMLTags showingPlcHdr shp sig simplePos size sizeAuto smallCaps smallFrac
smartTag smartTagPr smartTagType snapToGrid snd softEdge softHyphen solidFill sourceFileName sp sp3d spAutoFit spDef
spLocks spPr spaceForUL spacing spacingInWholePoints spcAft spcBef spcPct spcPts specVanish splitPgBreakAndParaMark
src srcRect srgbClr st stCxn start startOverride statusText storeMappedDataAs stretch strictFirstAndLastChars strike
strikeBLTR strikeH strikeTLBR strikeV sty style styleLink styleLockQFSet styleLockTheme stylePaneFormatFilter
stylePaneSortMethod styles sub subDoc subFontBySize subHide suff summaryLength sup supHide suppressAutoHyphens
suppressBottomSpacing suppressLineNumbers suppressOverlap suppressSpBfAfterPgBrk suppressSpacingAtTopOfPage
suppressTopSpacing suppressTopSpacingWP swCell swapBordersFacingPages sx sy sym sysClr sz szCs t tab tabIndex tabLst
table tableStyle tableStyleId tabs tag tailEnd targetScreenSz tbl tblBg tblBorders tblCaption tblCellMar
tblCellSpacing tblDescription tblGrid tblGridChange tblHeader tblInd tblLayout tblLook tblOverlap tblPr tblPrChange
tblPrEx tblPrExChange tblStyle tblStyleColBandSize tblStyleLst tblStylePr tblStyleRowBandSize tblW tblpPr tc tcBdr
tcBorders tcFitText tcMar tcPr tcPrChange tcStyle tcTxStyle tcW temporary text textAlignment textDirection textInput
textboxTightWrap theme themeElements themeFontLang themeManager themeOverride tile tileRect tint title titlePg tl2br
tmpl top topLinePunct tr tr2bl trHeight trPr trPrChange trackRevisions transp truncateFontHeightsLikeWP6 txBody
txDef txSp txbx txbxContent type types u uFill uFillTx uLn uLnTx udl uiPriority ulTrailSpace underlineTabInNumList
unhideWhenUsed uniqueTag up updateFields useAltKinsokuLineBreakRules useAnsiKerningPairs useFELayout
useNormalStyleForList usePrinterMetrics useSingleBorderforContiguousCells useSpRect useWord2002TableStyleRules
useWord97LineBreakRules useXSLTWhenSaving vAlign vMerge vanish vertAlign vertJc videoFile view viewMergedData w
wAfter wBefore wavAudioFile webHidden webSettings wgp whole wholeTbl widowControl wordWrap wpJustification
wpSpaceWidth wpc wrapIndent wrapNone wrapPolygon wrapRight wrapSquare wrapThrough wrapTight wrapTopAndBottom
wrapTrailSpaces writeProtection wsp xfrm yearLong yearShort zeroAsc zeroDesc zeroWid zoom
"""

OFFICE_ELEMENTS = frozenset(_OFFICE_ELEMENTS.split())

_OFFICE_VALUES = """
False True above accent1 accent2 accent3 accent4 accent5 accent6 accentBorderCallout1 accentBorderCallout2
accentBorderCallout3 accentCallout1 accentCallout2 accentCallout3 actionButtonBackPrevious actionButtonBeginning
actionButtonBlank actionButtonDocument actionButtonEnd actionButtonForwardNext actionButtonHelp actionButtonHome
actionButtonInformation actionButtonMovie actionButtonReturn actionButtonSound activeBorder activeCaption
addressBook administrators after aiueo aiueoFullWidth aliceBlue all allAtOnce allLines allPages allPts
alphaLcParenBoth alphaLcParenR alphaLcPeriod alphaUcParenBoth alphaUcParenR alphaUcPeriod always angle antiqueWhite
antsBlack antsRed any appWorkspace apples aqua aquamarine arabic1Minus arabic2Minus arabicAbjad arabicAlpha
arabicDbPeriod arabicDbPlain arabicParenBoth arabicParenR arabicPeriod arabicPlain arc archedScallops around arrow
artDeco atLeast auto autoExp autoText autoTxt autofit azure b babyPacifier babyRattle back background background1
background2 bahtText balanced balloons3Colors balloonsHotAir band1Horz band1Vert band2Horz band2Vert bar base
basedOn baseline basicBlackDashes basicBlackDots basicBlackSquares basicThinLines basicWhiteDashes basicWhiteDots
basicWhiteSquares basicWideInline basicWideMidline basicWideOutline bats bbPlcHdr before begin beige below
beneathText bentArrow bentConnector2 bentConnector3 bentConnector4 bentConnector5 bentUpArrow bestFit bevel bg bg1
bg2 bi bib birds birdsFlight bisque bl black blackGray blackWhite blanchedAlmond blinkBackground blockArc blue
blueViolet borderCallout1 borderCallout2 borderCallout3 bot both bothSides bottom bottomMargin br bracePair
bracketPair brightRoom brown btLr btnFace btnHighlight btnShadow btnText bullet burlyWood cabins cadetBlue cakeSlice
calculated callout1 callout2 callout3 can candyCorn captionText cardinalText catalog category categoryEl
celticKnotwork center centerGroup centered certificateBanner chainLink champagneBottle character chartPlus chartStar
chartX chartreuse checkedBarBlack checkedBarColor checkered chevron chicago chilly chineseCounting
chineseCountingThousand chineseLegalSimplified chocolate chord chosung christmasTree circle circleNumDbPlain
circleNumWdBlackPlain circleNumWdWhitePlain circlesLines circlesRectangles circularArrow classicalWave clean clear
clip clocks cloud cloudCallout clr colon cols column comma comments compass compressPunctuation
compressPunctuationAndJapaneseKana confetti confettiGrays confettiOutline confettiStreamers confettiWhite cont
content contentLocked continuationNotice continuationSeparator continue continuous contrasting contributors convex
coolSlant coral corner cornerTabs cornerTriangles cornflowerBlue cornsilk couponCutoutDashes couponCutoutDots
coverPg crazyMaze creaturesButterfly creaturesFish creaturesInsects creaturesLadyBug crimson cross crossStitch cs
ctr cube cup curly current currentDate currentTime curvedConnector2 curvedConnector3 curvedConnector4
curvedConnector5 curvedDownArrow curvedLeftArrow curvedRightArrow curvedUpArrow custAutoTxt custBib custCoverPg
custEq custFtrs custHdrs custPgNum custPgNumB custPgNumMargins custPgNumT custQuickParts custTblOfContents custTbls
custTxtBox custWatermarks custom custom1 custom2 custom3 custom4 custom5 cyan dark1 dark2 darkBlue darkCyan
darkGoldenrod darkGray darkGreen darkGrey darkKhaki darkMagenta darkOliveGreen darkOrange darkOrchid darkRed
darkSalmon darkSeaGreen darkSlateBlue darkSlateGray darkSlateGrey darkTurquoise darkViolet darkYellow darken
darkenLess dash dashDnDiag dashDot dashDotDotHeavy dashDotHeavy dashDotStroked dashHeavy dashHorz dashLong
dashLongHeavy dashSmallGap dashUpDiag dashVert dashed dashedHeavy database date dateTime dbColumn dbl dblStrike dec
decagon decimal decimalEnclosedCircle decimalEnclosedCircleChinese decimalEnclosedFullstop decimalEnclosedParen
decimalFullWidth decimalFullWidth2 decimalHalfWidth decimalZero decoArch decoArchColor decoBlocks decorative
deepPink deepSkyBlue def default diagBrick diagCross diagStripe diamond diamondsGray dimGray dimGrey dirty dist
distribute distributeLetter distributeSpace divot dk1 dk2 dkBlue dkCyan dkDnDiag dkEdge dkGoldenrod dkGray dkGreen
dkGrey dkHorz dkKhaki dkMagenta dkOliveGreen dkOrange dkOrchid dkRed dkSalmon dkSeaGreen dkSlateBlue dkSlateGray
dkSlateGrey dkTurquoise dkUpDiag dkVert dkViolet dnDiag doNotCompress docEnd docParts document1 document2 dodecagon
dodgerBlue dollarText donut dot dotDash dotDashHeavy dotDmnd dotDotDash dotDotDashHeavy dotGrid dotted dottedHeavy
double double-struck doubleD doubleDiamonds doubleWave downArrow downArrowCallout drop dxa ea1ChsPeriod ea1ChsPlain
ea1ChtPeriod ea1ChtPlain ea1JpnChsDbPeriod ea1JpnKorPeriod ea1JpnKorPlain eaVert eachPage eachSect earth1 earth2
earth3 eastAsia eclipsingSquares1 eclipsingSquares2 editors eggsBlack ellipse ellipseRibbon ellipseRibbon2 ellipsis
emDash email enDash end envelopes eq even evenPage everyone exact f false fans fax film firebrick firecrackers first
firstAndLastLine firstCol firstLineOnly firstPage firstRow fixed flat flood floralWhite flowChartAlternateProcess
flowChartCollate flowChartConnector flowChartDecision flowChartDelay flowChartDisplay flowChartDocument
flowChartExtract flowChartInputOutput flowChartInternalStorage flowChartMagneticDisk flowChartMagneticDrum
flowChartMagneticTape flowChartManualInput flowChartManualOperation flowChartMerge flowChartMultidocument
flowChartOfflineStorage flowChartOffpageConnector flowChartOnlineStorage flowChartOr flowChartPredefinedProcess
flowChartPreparation flowChartProcess flowChartPunchedCard flowChartPunchedTape flowChartSort
flowChartSummingJunction flowChartTerminator flowersBlockPrint flowersDaisies flowersModern1 flowersModern2
flowersPansy flowersRedRose flowersRoses flowersTeacup flowersTiny folHlink foldedCorner followedHyperlink font
forestGreen formFld formLetters forms fraktur frame freezing front ftrs fuchsia fullPage funnel gainsboro ganada
gear6 gear9 gems ghostWhite gingerbreadMan glow gold goldenrod gradient gradientActiveCaption
gradientInactiveCaption gramEnd gramStart gray grayText grayWhite green greenYellow gregorian gregorianArabic
gregorianMeFrench gregorianUs gregorianXlitEnglish gregorianXlitFrench grey gridLegend halfFrame handmade1 handmade2
hardEdge harsh hash hdrs heart heartBalloon heartGray hearts heavy hebrew hebrew1 hebrew2 hebrew2Minus heebieJeebies
heptagon hex hexagon hidden highKashida highlight highlightText hijri hindiAlpha1Period hindiAlphaPeriod
hindiConsonants hindiCounting hindiNumParenR hindiNumPeriod hindiNumbers hindiVowels hlink holly homePlate honeydew
horizontalScroll horz horzBrick horzCross horzStripe hotLight hotPink houseFunky hqprint hybridMultilevel hyperlink
hyphen hypnotic i iceCreamCones icon ideographDigital ideographEnclosedCircle ideographLegalTraditional
ideographTraditional ideographZodiac ideographZodiacTraditional in inactiveBorder inactiveCaption
inactiveCaptionText indent indianRed indigo infoBk infoText inline inset inside insideMargin invGray iroha
irohaFullWidth irregularSeal1 irregularSeal2 isometricBottomDown isometricBottomUp isometricLeftDown isometricLeftUp
isometricOffAxis1Left isometricOffAxis1Right isometricOffAxis1Top isometricOffAxis2Left isometricOffAxis2Right
isometricOffAxis2Top isometricOffAxis3Bottom isometricOffAxis3Left isometricOffAxis3Right isometricOffAxis4Bottom
isometricOffAxis4Left isometricOffAxis4Right isometricRightDown isometricRightUp isometricTopDown isometricTopUp
ivory japan japaneseCounting japaneseDigitalTenThousand japaneseLegal just justLow khaki korea koreanCounting
koreanDigital koreanDigital2 koreanLegal l landscape largest lastCol lastLineOnly lastRow lavender lavenderBlush
lawnGreen left leftArrow leftArrowCallout leftBrace leftBracket leftCircularArrow leftMargin leftRightArrow
leftRightArrowCallout leftRightCircularArrow leftRightRibbon leftRightUpArrow leftUpArrow legacy legacyFlat1
legacyFlat2 legacyFlat3 legacyFlat4 legacyHarsh1 legacyHarsh2 legacyHarsh3 legacyHarsh4 legacyMatte legacyMetal
legacyNormal1 legacyNormal2 legacyNormal3 legacyNormal4 legacyObliqueBottom legacyObliqueBottomLeft
legacyObliqueBottomRight legacyObliqueFront legacyObliqueLeft legacyObliqueRight legacyObliqueTop
legacyObliqueTopLeft legacyObliqueTopRight legacyPerspectiveBottom legacyPerspectiveBottomLeft
legacyPerspectiveBottomRight legacyPerspectiveFront legacyPerspectiveLeft legacyPerspectiveRight
legacyPerspectiveTop legacyPerspectiveTopLeft legacyPerspectiveTopRight legacyPlastic legacyWireframe lemonChiffon
lg lgCheck lgConfetti lgDash lgDashDot lgDashDotDot lgGrid light1 light2 lightBlue lightBulb lightCoral lightCyan
lightGoldenrodYellow lightGray lightGreen lightGrey lightPink lightSalmon lightSeaGreen lightSkyBlue lightSlateGray
lightSlateGrey lightSteelBlue lightYellow lighten lightenLess lightning1 lightning2 lightningBolt lights lime
limeGreen lin line lineInv linen lines linesAndChars lowKashida lowerLetter lowerRoman lr lrTb lrTbV lrV lt1 lt2
ltBlue ltCoral ltCyan ltDnDiag ltGoldenrodYellow ltGray ltGreen ltGrey ltHorz ltPink ltSalmon ltSeaGreen ltSkyBlue
ltSlateGray ltSlateGrey ltSteelBlue ltUpDiag ltVert ltYellow ltr lvlAtOnce lvlOne magenta mailingLabels major
majorAscii majorBidi majorEastAsia majorHAnsi mapPins mapleLeaf mapleMuffins margin maroon marquee marqueeToothed
master masterPages match mathDivide mathEqual mathMinus mathMultiply mathNotEqual mathPlus matte med medAquamarine
medBlue medOrchid medPurple medSeaGreen medSlateBlue medSpringGreen medTurquoise medVioletRed mediumAquamarine
mediumBlue mediumKashida mediumOrchid mediumPurple mediumSeaGreen mediumSlateBlue mediumSpringGreen mediumTurquoise
mediumVioletRed menu menuBar menuHighlight menuText metal middleDot midnightBlue minor minorAscii minorBidi
minorEastAsia minorHAnsi mintCream mistyRose moccasin modern mongolianVert monospace moon moons morning mosaic mult
multilevel musicNotes name narHorz narVert native navajoWhite navy neCell never newDocument newPage newSection next
nextColumn nextPage nil noBar noSmoking noStrike nonIsoscelesTrapezoid none norm normal northwest notBeside
notFirstPage notchedRightArrow nothing null num numTab number numberInDash numbering nwCell obliqueBottom
obliqueBottomLeft obliqueBottomRight obliqueLeft obliqueRight obliqueTop obliqueTopLeft obliqueTopRight octagon
oddPage off oldLace olive oliveDrab on onCall one openDmnd orange orangeRed orchid ordinal ordinalText
orthographicFront outline outset outside outsideMargin oval ovals over overflow overlap owners p packages page
pageBottom paleGoldenrod paleGreen paleTurquoise paleVioletRed palmsBlack palmsColor papayaWhip paperClips papyrus
paragraph parallelogram partyFavor partyGlass pct pct10 pct12 pct15 pct20 pct25 pct30 pct35 pct37 pct40 pct45 pct5
pct50 pct55 pct60 pct62 pct65 pct70 pct75 pct80 pct85 pct87 pct90 pct95 peachPuff pencils pentagon people peopleHats
peopleWaving period perspectiveAbove perspectiveAboveLeftFacing perspectiveAboveRightFacing perspectiveBelow
perspectiveContrastingLeftFacing perspectiveContrastingRightFacing perspectiveFront
perspectiveHeroicExtremeLeftFacing perspectiveHeroicExtremeRightFacing perspectiveHeroicLeftFacing
perspectiveHeroicRightFacing perspectiveLeft perspectiveRelaxed perspectiveRelaxedModerately perspectiveRight peru
pg pgNum pgNumB pgNumMargins pgNumT phClr pie pieWedge pink placeholder plaid plaque plaqueTabs plastic plum plus
poinsettias portrait postageStamp powder powderBlue prev print printer priority ptInCategory ptInSeries pumpkin1
purple pushPinNote1 pushPinNote2 pyramids pyramidsAbove quadArrow quadArrowCallout quadrants r readOnly rect red
regular relaxedInset repeat rest restart reverseDiagStripe ribbon ribbon2 riblet right rightArrow rightArrowCallout
rightBrace rightBracket rightMargin rightVertical rings rl rlV rnd roman romanLcParenBoth romanLcParenR
romanLcPeriod romanUcParenBoth romanUcParenR romanUcPeriod rosyBrown round round1Rect round2DiagRect round2SameRect
roundRect rows royalBlue rsaAES rsaFull rtTriangle rtl russianLower russianUpper saddleBrown safari saka salmon
sandyBrown sans-serif sawtooth sawtoothGray scaredCat screen script scrollBar sdtContentLocked sdtLocked seCell
seaGreen seaShell seattle sectEnd separate separator series seriesEl shadowedSquares shape shapes1 shapes2
sharksTeeth shdw1 shdw10 shdw11 shdw12 shdw13 shdw14 shdw15 shdw16 shdw17 shdw18 shdw19 shdw2 shdw20 shdw3 shdw4
shdw5 shdw6 shdw7 shdw8 shdw9 shimmer shingle shorebirdTracks sib sienna silver single singleLevel skw skyBlue
skyrocket slateBlue slateGray slateGrey slope sm smCheck smConfetti smGrid small smileyFace snapToChars sng
sngStrike snip1Rect snip2DiagRect snip2SameRect snipRoundRect snow snowflakeFancy snowflakes soft softEdge softRound
softmetal solid solidDmnd sombrero southwest sp space sparkle spellEnd spellStart speller sphere springGreen sq
square squareTabs star10 star12 star16 star24 star32 star4 star5 star6 star7 star8 stars stars3d starsBlack
starsShadowed starsTop start stealth steelBlue straightConnector1 strict stripedRightArrow subSup subscript sun
sunrise sunset superscript swCell swirligig swiss swooshArrow sysDash sysDashDot sysDashDotDot sysDot t tab table
taiwan taiwaneseCounting taiwaneseCountingThousand taiwaneseDigital tan tb tbLrV tbRl tbRlV tbV tblOfContents tbls
teal teardrop text text1 text2 textArchDown textArchDownPour textArchUp textArchUpPour textButton textButtonPour
textCanDown textCanUp textCascadeDown textCascadeUp textChevron textChevronInverted textCircle textCirclePour
textCurveDown textCurveUp textDeflate textDeflateBottom textDeflateInflate textDeflateInflateDeflate textDeflateTop
textDoubleWave1 textFadeDown textFadeLeft textFadeRight textFadeUp textFit textInflate textInflateBottom
textInflateTop textNoShape textPlain textRingInside textRingOutside textSlantDown textSlantUp textStop textTriangle
textTriangleInverted textWave1 textWave2 textWave4 textWrapping thai thaiAlphaParenBoth thaiAlphaParenR
thaiAlphaPeriod thaiCounting thaiDist thaiDistribute thaiLetters thaiNumParenBoth thaiNumParenR thaiNumPeriod
thaiNumbers thick thickThin thickThinLargeGap thickThinMediumGap thickThinSmallGap thinDiagCross thinDiagStripe
thinHorzCross thinHorzStripe thinReverseDiagStripe thinThick thinThickLargeGap thinThickMediumGap thinThickSmallGap
thinThickThinLargeGap thinThickThinMediumGap thinThickThinSmallGap thinVertStripe thistle threeDEmboss threeDEngrave
threePt through tight tl tomato toolbar top topMargin tornPaper tornPaperBlack tr trackedChanges transitional
translucentPowder trapezoid tree trees trellis tri triangle triangle1 triangle2 triangleCircle1 triangleCircle2
triangleParty triangles triple true turquoise twistedLines1 twistedLines2 twoPt tx1 tx2 txtBox type typeAny undOvr
underDot underscore unlocked upArrow upArrowCallout upDiag upDownArrow upDownArrowCallout upperLetter upperRoman
uturnArrow variable vert vert270 vertStripe verticalScroll vietnameseCounting vine violet warmMatte watermarks wave
waveline wavy wavyDbl wavyDouble wavyHeavy wdDnDiag wdUpDiag weave weavingAngles weavingBraid weavingRibbon
weavingStrips web wedgeEllipseCallout wedgeRectCallout wedgeRoundRectCallout wheat white whiteFlowers whiteSmoke
wholeTable window windowFrame windowText woodwork wordArtVert wordArtVertRtl words x xIllusions xy y yellow
yellowGreen zanyTriangles zigZag zigZagStitch
"""

OFFICE_VALUES = frozenset(_OFFICE_VALUES.split())

_OPENDOCUMENT_ELEMENTS = """
draw:a draw:applet draw:area-circle draw:area-polygon draw:area-rectangle draw:caption draw:circle draw:connector
draw:contour-path draw:contour-polygon draw:control draw:custom-shape draw:ellipse draw:enhanced-geometry
draw:equation draw:fill-image draw:floating-frame draw:frame draw:g draw:glue-point draw:gradient draw:handle
draw:hatch draw:image draw:image-map draw:layer draw:layer-set draw:line draw:marker draw:measure draw:object
draw:object-ole draw:opacity draw:page draw:page-thumbnail draw:param draw:path draw:plugin draw:polygon
draw:polyline draw:rect draw:regular-polygon draw:stroke-dash draw:text-box office:annotation office:annotation-end
office:automatic-styles office:binary-data office:body office:change-info office:chart office:database
office:dde-source office:document office:document-content office:document-meta office:document-settings
office:document-styles office:drawing office:event-listeners office:font-face-decls office:forms office:image
office:master-styles office:meta office:presentation office:script office:scripts office:settings office:spreadsheet
office:styles office:text style:background-image style:chart-properties style:column style:column-sep style:columns
style:default-page-layout style:default-style style:drawing-page-properties style:drop-cap style:font-face
style:footer style:footer-left style:footer-style style:footnote-sep style:graphic-properties style:handout-master
style:header style:header-footer-properties style:header-left style:header-style style:list-level-label-alignment
style:list-level-properties style:map style:master-page style:page-layout style:page-layout-properties
style:paragraph-properties style:presentation-page-layout style:region-center style:region-left style:region-right
style:ruby-properties style:section-properties style:style style:tab-stop style:tab-stops
style:table-cell-properties style:table-column-properties style:table-properties style:table-row-properties
style:text-properties svg:definition-src svg:desc svg:font-face-format svg:font-face-name svg:font-face-src
svg:font-face-uri svg:linearGradient svg:radialGradient svg:stop svg:title table:background table:body
table:calculation-settings table:cell-address table:cell-content-change table:cell-content-deletion
table:cell-range-source table:change-deletion table:change-track-table-cell table:consolidation
table:content-validation table:content-validations table:covered-table-cell table:cut-offs
table:data-pilot-display-info table:data-pilot-field table:data-pilot-field-reference table:data-pilot-group
table:data-pilot-group-member table:data-pilot-groups table:data-pilot-layout-info table:data-pilot-level
table:data-pilot-member table:data-pilot-members table:data-pilot-sort-info table:data-pilot-subtotal
table:data-pilot-subtotals table:data-pilot-table table:data-pilot-tables table:database-range table:database-ranges
table:database-source-query table:database-source-sql table:database-source-table table:dde-link table:dde-links
table:deletion table:deletions table:dependencies table:dependency table:desc table:detective table:error-macro
table:error-message table:even-columns table:even-rows table:filter table:filter-and table:filter-condition
table:filter-or table:filter-set-item table:first-column table:first-row table:help-message table:highlighted-range
table:insertion table:insertion-cut-off table:iteration table:label-range table:label-ranges table:last-column
table:last-row table:movement table:movement-cut-off table:named-expression table:named-expressions
table:named-range table:null-date table:odd-columns table:odd-rows table:operation table:previous table:scenario
table:shapes table:sort table:sort-by table:sort-groups table:source-cell-range table:source-range-address
table:source-service table:subtotal-field table:subtotal-rule table:subtotal-rules table:table table:table-cell
table:table-column table:table-column-group table:table-columns table:table-header-columns table:table-header-rows
table:table-row table:table-row-group table:table-rows table:table-source table:table-template
table:target-range-address table:title table:tracked-changes text:a text:alphabetical-index
text:alphabetical-index-auto-mark-file text:alphabetical-index-entry-template text:alphabetical-index-mark
text:alphabetical-index-mark-end text:alphabetical-index-mark-start text:alphabetical-index-source
text:author-initials text:author-name text:bibliography text:bibliography-configuration
text:bibliography-entry-template text:bibliography-mark text:bibliography-source text:bookmark text:bookmark-end
text:bookmark-start text:change text:change-end text:change-start text:changed-region text:chapter
text:conditional-text text:creation-date text:creation-time text:creator text:database-display text:database-name
text:database-next text:database-row-number text:database-row-select text:date text:dde-connection
text:dde-connection-decl text:dde-connection-decls text:deletion text:description text:editing-cycles
text:editing-duration text:execute-macro text:expression text:file-name text:format-change text:h
text:hidden-paragraph text:hidden-text text:illustration-index text:illustration-index-entry-template
text:illustration-index-source text:index-body text:index-entry-bibliography text:index-entry-chapter
text:index-entry-link-end text:index-entry-link-start text:index-entry-page-number text:index-entry-span
text:index-entry-tab-stop text:index-entry-text text:index-source-style text:index-source-styles text:index-title
text:index-title-template text:initial-creator text:insertion text:keywords text:line-break
text:linenumbering-configuration text:linenumbering-separator text:list text:list-header text:list-item
text:list-level-style-bullet text:list-level-style-image text:list-level-style-number text:list-style text:measure
text:meta text:meta-field text:modification-date text:modification-time text:note text:note-body text:note-citation
text:note-continuation-notice-backward text:note-continuation-notice-forward text:note-ref text:notes-configuration
text:number text:numbered-paragraph text:object-index text:object-index-entry-template text:object-index-source
text:outline-level-style text:outline-style text:p text:page text:page-continuation text:page-number
text:page-sequence text:page-variable-get text:page-variable-set text:placeholder text:print-date text:print-time
text:printed-by text:reference-mark text:reference-mark-end text:reference-mark-start text:ruby text:ruby-base
text:ruby-text text:s text:script text:section text:section-source text:sender-city text:sender-company
text:sender-country text:sender-email text:sender-fax text:sender-firstname text:sender-initials
text:sender-lastname text:sender-phone-private text:sender-phone-work text:sender-position text:sender-postal-code
text:sender-state-or-province text:sender-street text:sender-title text:sequence text:sequence-decl
text:sequence-decls text:sequence-ref text:sheet-name text:soft-page-break text:sort-key text:span text:subject
text:tab text:table-formula text:table-index text:table-index-entry-template text:table-index-source
text:table-of-content text:table-of-content-entry-template text:table-of-content-source text:template-name
text:text-input text:time text:title text:toc-mark text:toc-mark-end text:toc-mark-start text:tracked-changes
text:user-defined text:user-field-decl text:user-field-decls text:user-field-get text:user-field-input
text:user-index text:user-index-entry-template text:user-index-mark text:user-index-mark-end
text:user-index-mark-start text:user-index-source text:variable-decl text:variable-decls text:variable-get
text:variable-input text:variable-set
"""

OPENDOCUMENT_ELEMENTS = frozenset(_OPENDOCUMENT_ELEMENTS.split())

_OPENDOCUMENT_VALUES = """
A I ROC a above accent accepted address after-previous all alpha-numeric alternate always angled-connector-line
angled-line annotations annote appear arc area array arrow-down arrow-left arrow-right arrow-up article as-char
ascending asian asterisk at-axis at-labels at-labels-and-axis attractive author auto auto-create-new-frame automatic
average avoid-overlap axial b-spline background balanced base64Binary baseline below bevel bibliography-type biggest
bigint binary bit bitmap blend blob bold book booklet booktitle boolean border both bottom bottom-end bottom-left
bottom-right bottom-start bow-tie buddhist butt capitalize caption cascade category-and-value cell-range center
chapter char chart charts checked checkerboard circle clip clob clockwise close close-horizontal close-vertical cm
collapse collapsing color column column-percentage columns command complex condensed condition cone conference
constant content continue continuous copy-all copy-results-only correct count counter-clockwise counterclockwise
countnums cubic-spline cuboid currency current current-date curve custom custom1 custom2 custom3 custom4 custom5 cut
cylinder dash dashed data date date-time datetime days decimal decorative default descending diamond direction
disable disabled disc discrete dissolve distinct distribute-letter distribute-space document dot dot-dash dot-dashed
dot-dot-dash dotted double double-sided down draft drawing-page drawings dynamic edition editor ellipsoid email
embed embossed emphasis enable enabled end endnote engraved entrance equal-boolean equal-integer equal-use-only-zero
error-margin evenodd execute exit expanded exponential extra-condensed extra-expanded fade fade-from-bottom
fade-from-center fade-from-left fade-from-lowerleft fade-from-lowerright fade-from-right fade-from-top
fade-from-upperleft fade-from-upperright fade-out fade-to-center false fast filter first first-page fix fixed flat
float fly-away font-color footer footnote foreground foreign formula formula-hidden formulas forward frame
frame-content frame-end-margin frame-start-margin free freeze from-another-table from-bottom from-center from-inside
from-left from-lower-left from-lower-right from-right from-same-table from-top from-upper-left from-upper-right ft
full gap gengou get gouraud gradient graphic gregorian greyscale grid handout hanging hanja hatch header headers
hidden hidden-and-protected hide high hijri hold horizontal horizontal-bar horizontal-checkerboard horizontal-lines
horizontal-on-even horizontal-on-odd horizontal-stripes hourglass hours howpublished hsl i icon identifier
ideograph-alpha ignore image in inbook inch incollection indefinite index information inherit inner inproceedings
inside institution int integer intensity interactive-sequence interlocking-horizontal-left
interlocking-horizontal-right interlocking-vertical-bottom interlocking-vertical-top into-default-style-data-style
into-english-number inverse is-boolean isbn issn italic iterative jewish journal justify keep-text km
label-alignment label-width-and-position landscape language laser last last-page last-visited-page latin leave-gap
left left-outside letters line line-height linear lines listtab logarithmic long long-dash longvarbinary longvarchar
lowercase lr lr-tb ltr luminance m main-sequence major manual margins mastersthesis max media media-call medium melt
member-difference member-percentage member-percentage-difference mi middle min minor minutes mirrored misc miter mm
modern modulate mono month months motion-path move move-from-bottom move-from-left move-from-lowerleft
move-from-lowerright move-from-right move-from-top move-from-upperleft move-from-upperright move-short name
name-and-extension named named-symbol near-axis near-axis-other-side near-origin never new next next-page no-action
no-limit no-nulls no-repeat no-wrap nohref non-primitive none nonzero normal note notes nothing nullable number
number-all-superior number-and-name number-no-superior numeric object objectBoundingBox objects oblique ole-action
on-click onLoad onRequest once-concurrent once-successive open open-horizontal open-vertical organizations orgchart
other out outer outline outline-subtotals-bottom outline-subtotals-top outside outside-end outside-start paced pad
page page-content page-end-margin page-number page-start-margin pages paragraph paragraph-content
paragraph-end-margin paragraph-start-margin parallel parent path pc pending percentage perspective phdthesis phong
plain-number plain-number-and-name plus portrait position post power presentation previous previous-page primary
print-range print-view printer proceedings product protected pt publisher push pyramid quarters query radial random
real records rect rectangle rectangular ref reflect rejected remove remove-dependents remove-precedents repeat
repeat-column repeat-row replace report-type reset restrict reverse rgb right right-outside rl rl-tb
roll-from-bottom roll-from-left roll-from-right roll-from-top roman rotate round row row-percentage rows ruby
run-through running-total scale scale-min school screen script scroll seconds section segments selection
selection-indexes self semi-automatic semi-condensed semi-expanded separating separator series set-default set-null
shape short show side-by-side simple single size skewX skewY skip-white-space slide slow small-caps smallint solid
sort-ascending sound space sphere spiral-inward-left spiral-inward-right spiral-outward-left spiral-outward-right
spiralin-left spiralin-right spiralout-left spiralout-right spline sql sql-pass-through sqlnull square stagger-even
stagger-odd standard standard-deviation standard-error star start stdev stdevp stop straight-line stretch
stretch-from-bottom stretch-from-left stretch-from-right stretch-from-top strict string stripes struct sub submit
subtitle sum super swiss system table table-cell table-column table-fields table-row tabular-layout tb tb-lr tb-rl
techreport text text-box thick thin thumbnail time timestmp timing-root tinyint title to-another-table to-bottom
to-center to-left to-lower-left to-lower-right to-right to-top to-upper-left to-upper-right top top-end top-left
top-right top-start total-percentage trace-dependents trace-errors trace-precedents transition translate transparent
triple true ttb ultra-condensed ultra-expanded unchecked uncover-to-bottom uncover-to-left uncover-to-lowerleft
uncover-to-lowerright uncover-to-right uncover-to-top uncover-to-upperleft uncover-to-upperright unique unit unknown
unpublished unsorted up uppercase url use-zero value value-and-percentage value-list value-type var varbinary
varchar variable variance varp verb vertical vertical-bar vertical-checkerboard vertical-lines vertical-stripes
visible void volume warning watermark wave wavyline wavyline-from-bottom wavyline-from-left wavyline-from-right
wavyline-from-top whenNotActive wide with-previous word wrap www x y year years z zero-values
"""

OPENDOCUMENT_VALUES = frozenset(_OPENDOCUMENT_VALUES.split())
