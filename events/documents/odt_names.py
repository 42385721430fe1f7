"""What is kept of an OpenDocument text (ISO/IEC 26300): the elements and attributes for text and its formatting."""

NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dr3d": "urn:oasis:names:tc:opendocument:xmlns:dr3d:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}
XML = "http://www.w3.org/XML/1998/namespace"

_ELEMENTS = {
    "office": "automatic-styles body document-content document-styles font-face-decls master-styles styles text",
    "text": """
        a alphabetical-index-entry-template bookmark bookmark-end bookmark-start h line-break linenumbering-configuration
        linenumbering-separator list list-header list-item list-level-style-bullet list-level-style-number list-style
        note note-body note-citation note-continuation-notice-backward note-continuation-notice-forward
        notes-configuration number numbered-paragraph outline-level-style outline-style p page-count page-number ruby
        ruby-base ruby-text s section soft-page-break span tab
    """,
    "table": "covered-table-cell desc table table-cell table-column table-columns table-header-columns"
    " table-header-rows table-row table-row-group table-rows title",
    "draw": """
        circle connector contour-polygon custom-shape ellipse enhanced-geometry equation fill-image frame g glue-point
        gradient handle hatch image line marker opacity path polygon polyline rect regular-polygon stroke-dash text-box
    """,
    "style": """
        background-image column column-sep columns default-page-layout default-style drop-cap font-face footer
        footer-left footer-style footnote-sep graphic-properties header header-footer-properties header-left header-style
        list-level-label-alignment list-level-properties master-page page-layout page-layout-properties
        paragraph-properties region-center region-left region-right ruby-properties section-properties style tab-stop
        tab-stops table-cell-properties table-column-properties table-properties table-row-properties text-properties
        footer-first header-first
    """,
    "svg": "desc linearGradient radialGradient stop title",
}

KEPT = {f"{{{NAMESPACES[prefix]}}}{name}" for prefix, names in _ELEMENTS.items() for name in names.split()}

_UNWRAPPED = """
meta chapter date time sequence sequence-ref bookmark-ref reference-ref note-ref page-continuation title subject
keywords description placeholder text-input variable-set variable-get variable-input expression measure table-formula
page-variable-get sheet-name conditional-text bibliography-mark table-of-content illustration-index table-index
object-index user-index alphabetical-index bibliography index-body index-title meta-field reference-mark
"""

UNWRAPPED = {f"{{{NAMESPACES['text']}}}{name}" for name in _UNWRAPPED.split()}
"""Fields and frames around text: the text stays."""

_OF_PERSONS_AND_FILES = """
author-name author-initials creator initial-creator printed-by sender-city sender-company sender-country
sender-email sender-fax sender-firstname sender-initials sender-lastname sender-phone-private sender-phone-work
sender-position sender-postal-code sender-state-or-province sender-street sender-title creation-date creation-time
modification-date modification-time print-date print-time editing-cycles editing-duration file-name template-name
user-defined user-field-get user-field-input database-display database-name database-next database-row-number
database-row-select dde-connection execute-macro
"""

OF_PERSONS_AND_FILES = {f"{{{NAMESPACES['text']}}}{name}" for name in _OF_PERSONS_AND_FILES.split()}
"""Fields about persons, moments and files: removed with their text."""

HIDDEN = {f"{{{NAMESPACES['text']}}}{name}" for name in ("hidden-text", "hidden-paragraph")}

OBJECTS = {
    f"{{{NAMESPACES['draw']}}}{name}": reason
    for name, reason in {
        "object": "embedded_object",
        "object-ole": "embedded_object",
        "applet": "embedded_object",
        "plugin": "embedded_object",
        "control": "embedded_object",
        "floating-frame": "outside_content",
    }.items()
} | {
    f"{{{NAMESPACES['text']}}}section-source": "outside_content",
    f"{{{NAMESPACES['dr3d']}}}scene": "old_drawing",
}

_ATTRIBUTES = {
    "text": """
        anchor-page-number anchor-type bullet-char bullet-relative-size consecutive-numbering continue-list
        continue-numbering count-empty-lines count-in-text-boxes display-levels display-outline-level
        dont-balance-text-columns footnotes-position increment is-list-header label label-followed-by level
        line-break line-number list-id list-level-position-and-space-mode list-tab-stop-position min-label-distance
        min-label-width note-class number-lines number-position offset outline-level page-adjust
        relative-tab-stop-position restart-numbering restart-on-page select-page space-before start-numbering-at
        start-value style-name style-override citation-style-name citation-body-style-name default-style-name
        visited-style-name cond-style-name master-page-name c id name
    """,
    "table": "align border-model number-columns-repeated number-columns-spanned number-rows-repeated"
    " number-rows-spanned style-name default-cell-style-name name",
    "draw": """
        angle auto-grow-height auto-grow-width blue border caption-angle color color-inversion color-mode concave
        contrast corner-radius corners cx cy distance dots1 dots1-length dots2 dots2-length end end-angle end-color
        end-intensity end-shape enhanced-path escape-direction extrusion extrusion-allowed fill fill-color
        fill-gradient-name fill-hatch-name fill-hatch-solid fill-image-height fill-image-name fill-image-ref-point
        fill-image-ref-point-x fill-image-ref-point-y fill-image-width fit-to-contour fit-to-size formula
        frame-display-border gamma glue-point-leaving-directions glue-point-type glue-points gradient-step-count green
        handle-mirror-horizontal handle-mirror-vertical handle-polar handle-position handle-radius-range-maximum
        handle-radius-range-minimum handle-range-x-maximum handle-range-x-minimum handle-range-y-maximum
        handle-range-y-minimum handle-switched image-opacity kind line-skew luminance marker-end marker-end-center
        marker-end-width marker-start marker-start-center marker-start-width mirror-horizontal mirror-vertical
        modifiers name opacity opacity-name path-stretchpoint-x path-stretchpoint-y points red rotation
        secondary-fill-color shadow shadow-color shadow-offset-x shadow-offset-y shadow-opacity sharpness start
        start-angle start-color start-intensity start-shape stroke stroke-dash stroke-linejoin style style-name
        text-areas text-path text-path-allowed text-path-mode text-path-same-letter-heights text-path-scale
        text-rotate-angle text-style-name textarea-horizontal-align textarea-vertical-align tile-repeat-offset transform
        type wrap-influence-on-position z-index
    """,
    "style": """
        auto-text-indent auto-update background-transparency border-line-width border-line-width-bottom
        border-line-width-left border-line-width-right border-line-width-top char color column-width
        country-asian country-complex default-outline-level diagonal-bl-tr diagonal-bl-tr-widths diagonal-tl-br
        diagonal-tl-br-widths direction display distance distance-after-sep distance-before-sep dynamic-spacing
        family first-page-number flow-with-text font-charset font-charset-asian font-charset-complex font-family-asian
        font-family-complex font-family-generic font-family-generic-asian font-family-generic-complex
        font-independent-line-spacing font-name font-name-asian font-name-complex font-pitch font-pitch-asian
        font-pitch-complex font-relief font-size-asian font-size-complex font-size-rel font-size-rel-asian
        font-size-rel-complex font-style-asian font-style-complex font-weight-asian font-weight-complex
        footnote-max-height glyph-orientation-vertical height horizontal-pos horizontal-rel join-border
        justify-single-word language-asian language-complex layout-grid-base-height layout-grid-base-width
        layout-grid-color layout-grid-display layout-grid-lines layout-grid-mode layout-grid-print
        layout-grid-ruby-below layout-grid-ruby-height layout-grid-snap-to layout-grid-standard-mode leader-char
        leader-color leader-style leader-text leader-text-style leader-type leader-width length letter-kerning
        line-break line-height-at-least line-spacing line-style lines list-level list-style-name master-page-name
        may-break-between-rows min-row-height mirror name next-style-name num-format num-letter-sync num-prefix
        num-suffix number-wrapped-paragraphs overflow-behavior page-layout-name page-number page-usage
        parent-style-name position print-content print-orientation print-page-order punctuation-wrap register-true
        register-truth-ref-style-name rel-column-width rel-height rel-width repeat repeat-content rotation-align
        rotation-angle row-height ruby-align ruby-position run-through scale-to scale-to-pages script-asian
        script-complex script-type shadow shrink-to-fit snap-to-layout-grid style style-name tab-stop-distance
        table-centering text-align-source text-autospace text-blinking text-combine text-combine-end-char
        text-combine-start-char text-emphasize text-line-through-color text-line-through-mode text-line-through-style
        text-line-through-text text-line-through-type text-line-through-width text-outline
        text-overline-color text-overline-mode text-overline-style text-overline-type text-overline-width text-position
        text-rotation-angle text-rotation-scale text-scale text-underline-color text-underline-mode text-underline-style
        text-underline-type text-underline-width type use-optimal-column-width use-optimal-row-height
        use-window-font-color vertical-align vertical-pos vertical-rel width wrap wrap-contour wrap-contour-mode
        wrap-dynamic-threshold writing-mode writing-mode-automatic
    """,
    "fo": """
        background-color border border-bottom border-left border-right border-top break-after break-before clip color
        column-count column-gap country end-indent font-family font-size font-style font-variant font-weight height
        hyphenate hyphenation-keep hyphenation-ladder-count hyphenation-push-char-count hyphenation-remain-char-count
        keep-together keep-with-next language letter-spacing line-height margin margin-bottom margin-left margin-right
        margin-top max-height max-width min-height min-width orphans padding padding-bottom padding-left padding-right
        padding-top page-height page-width script space-after space-before start-indent text-align text-align-last
        text-indent text-shadow text-transform widows width wrap-option
    """,
    "svg": """
        cx cy d fill-rule font-family fx fy gradientTransform gradientUnits height offset r rx ry spreadMethod stop-color
        stop-opacity stroke-color stroke-linecap stroke-opacity stroke-width viewBox width x x1 x2 y y1 y2
    """,
    "office": "version",
}

ATTRIBUTES = {f"{{{NAMESPACES[prefix]}}}{name}" for prefix, names in _ATTRIBUTES.items() for name in names.split()}

WITH_TEXT = {f"{{{NAMESPACES[prefix]}}}{name}" for prefix, names in {
    "text": "p h span a ruby-base ruby-text note-citation number page-number page-count linenumbering-separator"
    " note-continuation-notice-backward note-continuation-notice-forward",
    "svg": "title desc",
    "table": "title desc",
    "style": "region-left region-center region-right",
}.items() for name in names.split()}  # fmt: skip

STYLE_NAMES = {
    f"{{{NAMESPACES[prefix]}}}{name}"
    for prefix, names in {
        "text": "style-name style-override citation-style-name citation-body-style-name default-style-name"
        " visited-style-name cond-style-name master-page-name",
        "table": "style-name default-cell-style-name",
        "draw": "style-name text-style-name fill-gradient-name fill-hatch-name fill-image-name marker-end marker-start"
        " opacity-name stroke-dash name",
        "style": "leader-text-style list-style-name master-page-name name next-style-name page-layout-name"
        " parent-style-name register-truth-ref-style-name style-name",
    }.items()
    for name in names.split()
}
"""Attributes that hold the name of a style, which a person may have made up."""
