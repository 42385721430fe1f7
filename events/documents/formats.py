"""The file types that a document of an event may have."""

from enum import StrEnum


class Format(StrEnum):
    """The types of a published document: three of text and three of pictures."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]

    @property
    def extension(self) -> str:
        """With its dot, as in file names here."""
        return EXTENSIONS[self][0]


MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.ODT: "application/vnd.oasis.opendocument.text",
    Format.JPEG: "image/jpeg",
    Format.PNG: "image/png",
    Format.WEBP: "image/webp",
}

EXTENSIONS = {
    Format.PDF: (".pdf",),
    Format.DOCX: (".docx",),
    Format.ODT: (".odt",),
    Format.JPEG: (".jpg", ".jpeg"),
    Format.PNG: (".png",),
    Format.WEBP: (".webp",),
}
"""The extensions of each type, the usual one first."""

ALSO_CLAIMED = {Format.JPEG: {"image/jpg", "image/pjpeg"}, Format.PNG: {"image/x-png"}}
"""Other media types that browsers use for a type."""

NO_CLAIM = {"", "application/octet-stream", "binary/octet-stream", "application/x-download"}
"""What a browser sends if it does not know the type."""
