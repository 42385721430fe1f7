"""Pictures, byte for byte: only the segments and chunks that encode pixels."""

import struct
import zlib

from events.documents.formats import Format
from events.documents.refusal import NotProven

JPEG_TABLES = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD}
"""Frames, Huffman tables, quantisation tables and the restart interval."""

PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
PNG_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
WEBP_ALPHA = 0x10


def refuse(part: str, what: object) -> NotProven:
    return NotProven("not_proven", part=part, what=str(what))


def prove(data: bytes, kind: Format, part: str = "") -> None:
    {Format.JPEG: prove_jpeg, Format.PNG: prove_png, Format.WEBP: prove_webp}[kind](data, part or kind.name)


def prove_jpeg(data: bytes, part: str) -> None:
    if data[:2] != b"\xff\xd8":
        raise refuse(part, "start")
    at = 2
    while True:
        if data[at] != 0xFF:
            raise refuse(part, f"byte {at}")
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0] if at + 4 <= len(data) else 0
        body = data[at + 4 : at + 2 + length]
        if marker == 0xD9:
            if at + 2 != len(data):
                raise refuse(part, "bytes behind the end")
            return
        if marker == 0xE0:
            # JFIF: version, density, and a thumbnail of no size
            if body[:5] != b"JFIF\0" or len(body) != 14 or body[12:14] != b"\0\0":
                raise refuse(part, "APP0")
        elif marker == 0xEE:
            if body[:5] != b"Adobe" or len(body) != 12:
                raise refuse(part, "APP14")
        elif marker != 0xDA and marker not in JPEG_TABLES:
            raise refuse(part, f"segment {marker:02X}")
        at += 2 + length
        if marker == 0xDA:
            while not (data[at] == 0xFF and data[at + 1] not in (0x00, *range(0xD0, 0xD8))):
                at = data.index(b"\xff", at if data[at] != 0xFF else at + 2)


def prove_png(data: bytes, part: str) -> None:
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise refuse(part, "start")
    at, pixels, header = 8, [], b""
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        if name not in PNG_CHUNKS or check != zlib.crc32(name + body):
            raise refuse(part, f"chunk {name!r}")
        at += 12 + length
        if name == b"IHDR":
            header = body
        elif name == b"IDAT":
            pixels.append(body)
        elif name == b"IEND":
            break
    if at != len(data):
        raise refuse(part, "bytes behind the end")
    width, height, depth, colour, _compression, _filter, interlaced = struct.unpack(">IIBBBBB", header)
    expected = height * (1 + (width * depth * PNG_SAMPLES[colour] + 7) // 8)
    unpacker = zlib.decompressobj()
    size = len(unpacker.decompress(b"".join(pixels), expected + 1))
    if interlaced or size != expected or unpacker.unused_data or unpacker.unconsumed_tail:
        raise refuse(part, "pixels")


def prove_webp(data: bytes, part: str) -> None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or struct.unpack("<I", data[4:8])[0] + 8 != len(data):
        raise refuse(part, "start")
    at = 12
    while at < len(data):
        name, length = struct.unpack("<4sI", data[at : at + 8])
        if name not in WEBP_CHUNKS or (name == b"VP8X" and data[at + 8] & ~WEBP_ALPHA):
            raise refuse(part, f"chunk {name!r}")
        at += 8 + length + length % 2
    if at != len(data):
        raise refuse(part, "bytes behind the end")
