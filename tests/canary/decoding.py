"""The contents of a response after everything that encodes it is removed."""

import base64
import binascii
import bz2
import codecs
import gzip
import html
import io
import lzma
import quopri
import re
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator
from email.header import decode_header

DEEPEST = 4
LARGEST = 50_000_000

ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
SURROGATES = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
TAG = re.compile(r"<[^<>]{0,2000}>")
FOLDED_LINE = re.compile(r"\r?\n[ \t]")
QUOTED = re.compile(r"=[0-9A-F]{2}")
MIME_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=")
PUNYCODE = re.compile(r"xn--[a-z0-9-]+", re.IGNORECASE)
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def unpacked(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The contents of `body`, if it is compressed or an archive; names of members count as contents."""
    try:
        if body[:2] == b"\x1f\x8b":
            yield "gzip", gzip.decompress(body)
        elif body[:4] == b"PK\x03\x04":  # also DOCX, XLSX, ODT, EPUB
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                yield "zip", archive.comment
                for member in archive.infolist():
                    yield "zip", member.filename.encode() + b"\n" + member.comment
                    if member.file_size <= LARGEST:
                        yield "zip", archive.read(member)
        elif body[:3] == b"BZh":
            yield "bzip2", bz2.decompress(body)
        elif body[:6] == b"\xfd7zXZ\x00":
            yield "xz", lzma.decompress(body)
        elif body[:4] == b"%PDF":
            for stream in PDF_STREAM.findall(body):
                yield "pdf", inflated(stream) or stream
        elif body[:1] == b"\x78":
            plain = inflated(body)
            if plain:
                yield "deflate", plain
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, NotImplementedError):
        return  # it only looked like one; its bytes are searched as they are


def inflated(body: bytes) -> bytes:
    """`body` decompressed, with or without zlib's header; empty if it is nothing compressed."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(window).decompress(body, LARGEST)
        except zlib.error:
            continue
    return b""


def unescaped(text: str) -> str:
    """`text` without the escapes of HTML, addresses, JSON, JavaScript, calendars and mail, however deep."""
    for _round in range(3):
        before = text
        if "\\" in text:
            text = ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
            text = SURROGATES.sub(
                lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16", "ignore"), text
            )
            text = text.replace("\\", "")
        if "%" in text:
            text = urllib.parse.unquote(text, errors="ignore")
        if "&" in text:
            text = html.unescape(text)
        if text == before:
            break
    return text


def as_texts(body: bytes) -> Iterator[tuple[str, str]]:
    """`body` in the encodings in which it may be text."""
    yield "plain", body.decode("utf-8", "ignore")
    if b"\0" in body or body[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        for shift in (0, 1):
            for encoding in ("utf-16-le", "utf-16-be"):
                yield "utf-16", body[shift:].decode(encoding, "ignore")


def readings(text: str) -> Iterator[tuple[str, str]]:
    """The ways to read one text: as it stands, without its escapes and tags, backwards, and turned by thirteen."""
    yield "raw", text
    plain = unescaped(text)
    if plain != text:
        yield "escaped", plain
    if "<" in plain:
        yield "without tags", TAG.sub("", plain)
    if "\n " in plain or "\n\t" in plain:
        yield "folded lines", FOLDED_LINE.sub("", plain)
    if QUOTED.search(plain):
        yield "quoted-printable", quopri.decodestring(plain.encode("utf-8", "ignore")).decode("utf-8", "ignore")
    if "=?" in plain:
        yield "mail header", " ".join(mime_words(plain))
    if "xn--" in plain or "XN--" in plain:
        yield "punycode", " ".join(punycodes(plain))
    yield "backwards", plain[::-1]
    yield "rot13", codecs.encode(plain, "rot13")


def mime_words(text: str) -> Iterator[str]:
    for word in MIME_WORD.findall(text):
        for part, charset in decode_header(word):
            yield part.decode(charset or "ascii", "ignore") if isinstance(part, bytes) else part


def punycodes(text: str) -> Iterator[str]:
    for label in PUNYCODE.findall(text):
        try:
            yield label[4:].encode("ascii", "ignore").decode("punycode")
        except (UnicodeError, ValueError):
            continue


def tokens(text: str) -> set[str]:
    """What in `text` may be base64 or hexadecimal."""
    return {*BASE64.findall(text), *HEX.findall(text)}


def meanings(token: str) -> Iterator[tuple[str, bytes]]:
    """The bytes that `token` may stand for; base64 may begin anywhere in what was around it."""
    hexadecimal = HEX.fullmatch(token)
    if hexadecimal:
        yield "hexadecimal", bytes.fromhex(token)
    ordinary = token.replace("-", "+").replace("_", "/")
    for start in range(4):
        usable = ordinary[start:]
        usable = usable[: len(usable) - (len(usable) % 4 == 1)]
        try:
            yield "base64", base64.b64decode(usable + "=" * (-len(usable) % 4))
        except binascii.Error:
            continue
