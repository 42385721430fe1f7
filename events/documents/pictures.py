"""JPEG, PNG and WebP: read completely, turned upright, and rewritten from their pixels."""

import io
import struct
import warnings
from collections import Counter
from typing import Any

from PIL import Image, ImageCms, ImageOps

from events.documents import limits
from events.documents.formats import Format
from events.documents.refusal import Damaged, FileRefused, TooLarge, WrongKind

PILLOW_FORMATS = {Format.JPEG: "JPEG", Format.PNG: "PNG", Format.WEBP: "WEBP"}
"""Pillow's names."""

EXIF_GPS, EXIF_ORIENTATION = 0x8825, 0x0112
QUALITY = 92
UNCROPPED = (0.0, 0.0, 0.0, 0.0)

Crop = tuple[float, float, float, float]
"""What is cropped at the left, top, right and bottom, as fractions of the whole."""


def kind_of(data: bytes) -> Format | None:
    """The type of the three that the first bytes of `data` have."""
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.WEBP
    return None


def end_of(data: bytes, kind: Format) -> int:
    """The end of the picture; bytes after it do not belong to it."""
    if kind == Format.WEBP:
        size: int = struct.unpack("<I", data[4:8])[0]
        return 8 + size + size % 2
    if kind == Format.PNG:
        at = 8
        while at + 8 <= len(data):
            length, name = struct.unpack(">I4s", data[at : at + 8])
            at += 12 + length
            if name == b"IEND":
                return at
        return at
    at = 2
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data) + 1
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def opened(data: bytes, part: str) -> Image.Image:
    """The picture, completely decoded. Raises a FileRefused for anything but one still picture within the limits."""
    kind = kind_of(data)
    if kind is None:
        raise WrongKind("unknown_kind", found="?")
    end = end_of(data, kind)
    if end < len(data):
        raise WrongKind("more_behind_the_end", format=kind.name, bytes=len(data) - end)
    if end > len(data):
        raise Damaged("damaged", format=kind.name, part=part)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture: Image.Image = Image.open(io.BytesIO(data), formats=[PILLOW_FORMATS[kind]])
            pixels = picture.width * picture.height
            if pixels > limits.PIXELS:
                raise TooLarge(
                    "too_many_pixels",
                    part=part,
                    pixels=pixels // limits.MEGABYTE,
                    most=limits.PIXELS // limits.MEGABYTE,
                )
            if getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO":
                raise WrongKind("animated")
            picture.load()
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:
        raise TooLarge("too_many_pixels", part=part, pixels=">178", most=limits.PIXELS // limits.MEGABYTE) from error
    except Exception as error:  # a decoder can raise anything on bytes that are not a picture
        raise Damaged("damaged", format=kind.name, part=part) from error
    return picture


def _found(picture: Image.Image, removed: Counter[str]) -> None:
    """Counts the metadata of `picture`."""
    info = picture.info
    exif = picture.getexif()
    removed["exif"] += bool(exif)
    removed["gps"] += EXIF_GPS in exif
    removed["xmp"] += any(key.lower() in ("xmp", "xml:com.adobe.xmp") for key in map(str, info))
    removed["iptc"] += "photoshop" in info
    removed["profile"] += "icc_profile" in info
    texts = getattr(picture, "text", None)
    removed["picture_texts"] += ("comment" in info) + (len(texts) if texts else 0)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The same colours in sRGB, without the profile."""
    profile = picture.info.get("icc_profile")
    if picture.mode not in ("RGB", "RGBA", "L", "CMYK") or not profile:
        return picture
    mode = {"RGBA": "RGBA"}.get(picture.mode, "RGB")
    try:
        alpha = picture.getchannel("A") if mode == "RGBA" else None
        plain = picture.convert("RGB") if alpha is not None else picture
        converted: Any = ImageCms.profileToProfile(
            plain, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
        if alpha is not None:
            converted.putalpha(alpha)
        result: Image.Image = converted
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture  # an unreadable profile changes nothing
    return result


def pixels_of(data: bytes, part: str, removed: Counter[str], crop: Crop = UNCROPPED) -> Image.Image:
    """The pixels of a picture as a viewer shows them, and nothing else."""
    try:
        picture = opened(data, part)
        _found(picture, removed)
        upright: Image.Image = ImageOps.exif_transpose(picture)
        upright = _in_srgb(upright)
        if upright.mode in ("P", "PA") or "transparency" in upright.info:
            has_alpha = upright.mode == "PA" or "transparency" in upright.info
            upright = upright.convert("RGBA" if has_alpha else "RGB")
        if upright.mode not in ("1", "L", "LA", "RGB", "RGBA", "I;16"):
            upright = upright.convert("L" if upright.mode in ("I", "F") else "RGB")
        if any(crop):
            width, height = upright.size
            left, top, right, bottom = (max(0.0, part_) for part_ in crop)
            box = (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
            if box[0] < box[2] and box[1] < box[3]:
                upright = upright.crop(box)
                removed["cropped"] += 1
        shown = without_unseen(upright, removed)
        return Image.frombytes(shown.mode, shown.size, shown.tobytes())
    except FileRefused:
        raise
    except Exception as error:
        raise Damaged("damaged", format=PILLOW_FORMATS[kind_of(data) or Format.JPEG], part=part) from error


def without_unseen(picture: Image.Image, removed: Counter[str]) -> Image.Image:
    """The same picture without the colours of fully transparent pixels, which anybody could make visible again."""
    if "A" not in picture.getbands():
        return picture
    opaque = picture.getchannel("A").point(lambda alpha: 255 if alpha else 0)
    shown = Image.composite(picture, Image.new(picture.mode, picture.size), opaque)
    removed["unseen"] += shown.tobytes() != picture.tobytes()
    return shown


def _is_lossless(webp: bytes) -> bool:
    at = 12
    while at + 8 <= len(webp):
        if webp[at : at + 4] == b"VP8L":
            return True
        at += 8 + int.from_bytes(webp[at + 4 : at + 8], "little")
        at += at % 2
    return False


def clean(data: bytes, part: str, removed: Counter[str], crop: Crop = UNCROPPED) -> bytes:
    """The picture in the same format, rebuilt from its pixels."""
    kind = kind_of(data)
    picture = pixels_of(data, part, removed, crop)
    assert kind is not None
    if kind == Format.JPEG and picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    if kind == Format.WEBP and picture.mode not in ("RGB", "RGBA"):
        picture = picture.convert("RGBA" if "A" in picture.mode else "RGB")
    options: dict[str, Any] = {
        Format.JPEG: {"quality": QUALITY, "subsampling": 0, "optimize": True},
        Format.PNG: {},
        Format.WEBP: {"lossless": _is_lossless(data), "quality": QUALITY},
    }[kind]
    target = io.BytesIO()
    picture.save(target, format=PILLOW_FORMATS[kind], **options)
    return target.getvalue()
