"""The file types that may be stored as a copy: pages, PDF, plain text and pictures. Nobody opens them here; they are
served unchanged.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContentKind:
    """`extension` is that of the downloaded file; a page is served as text, so that nothing in it runs."""

    media_type: str
    extension: str
    begins_with: bytes = b""


CONTENT_KINDS = {
    kind.media_type: kind
    for kind in (
        ContentKind("text/html", ".html.txt"),
        ContentKind("application/xhtml+xml", ".html.txt"),
        ContentKind("text/plain", ".txt"),
        ContentKind("application/pdf", ".pdf", b"%PDF-"),
        ContentKind("image/png", ".png", b"\x89PNG\r\n\x1a\n"),
        ContentKind("image/jpeg", ".jpg", b"\xff\xd8\xff"),
        ContentKind("image/gif", ".gif", b"GIF8"),
        ContentKind("image/webp", ".webp", b"RIFF"),
    )
}
SNIFFED_BYTES = 1024
"""How many first bytes identify a file type; readers of PDF accept as many before its beginning."""


def declared(content_type: str) -> str:
    """The media type in a header such as "text/html; charset=utf-8"."""
    return content_type.partition(";")[0].strip().lower()


def is_of_kind(content: bytes, media_type: str) -> bool:
    """Whether `content` looks like its declared type."""
    kind = CONTENT_KINDS.get(media_type)
    if kind is None:
        return False
    if media_type == "application/pdf":
        return kind.begins_with in content[:SNIFFED_BYTES]
    if media_type == "image/webp":
        return content[:4] == kind.begins_with and content[8:12] == b"WEBP"
    return content.startswith(kind.begins_with)


def found_in(content: bytes) -> str:
    """The media type of an uploaded file, by its content alone; empty if it is not in `CONTENT_KINDS`."""
    for media_type, kind in CONTENT_KINDS.items():
        if kind.begins_with and is_of_kind(content, media_type):
            return media_type
    if b"\0" in content:
        return ""
    beginning = content[:SNIFFED_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "text/html" if beginning.startswith((b"<!doctype html", b"<html", b"<!--", b"<head")) else "text/plain"
