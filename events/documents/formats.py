"""The kinds of file that may be a document of an event."""

from enum import StrEnum


class Format(StrEnum):
    """What a published document can be: three kinds of text and three kinds of picture."""

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
        """With its dot, as files are named here."""
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
"""By what a file of each kind may be called, the usual one first."""

ALSO_CLAIMED = {Format.JPEG: {"image/jpg", "image/pjpeg"}, Format.PNG: {"image/x-png"}}
"""Names that browsers give to a kind beside its own."""

NO_CLAIM = {"", "application/octet-stream", "binary/octet-stream", "application/x-download"}
"""What a browser says that does not know the kind."""
