"""The pixels of a picture in a PDF that its mask shows; all others are removed."""

import io
from typing import Any

from pikepdf import Array
from PIL import Image, ImageChops, ImageFilter

SHOWN, HIDDEN = 255, 0
MODES = {(1, 1): "1", (1, 8): "L", (3, 8): "RGB", (4, 8): "CMYK"}
"""Pillow's mode, by the number of samples of a pixel and the bits of each."""


def shown_by(mask: Any, samples: bytes, size: tuple[int, int], *, is_stencil: bool) -> Image.Image | None:
    """Where a mask shows a picture of `size`; `samples` are the mask's own. None for an unknown kind of mask."""
    own = int(mask["/Width"]), int(mask["/Height"])
    mode = MODES.get((1, 1 if is_stencil else int(mask.get("/BitsPerComponent", 8))))
    if samples.startswith(b"\xff\xd8"):
        values = Image.open(io.BytesIO(samples), formats=["JPEG"]).convert("L")
    elif mode is None:
        return None
    else:
        values = Image.frombytes(
            mode, own, samples.ljust(-(-own[0] // (8 if mode == "1" else 1)) * own[1], b"\0")
        ).convert("L")
    decode = mask.get("/Decode")
    is_turned = decode is not None and float(decode[0]) > float(decode[1])
    if is_turned != is_stencil:  # a stencil paints where its bits are 0
        values = ImageChops.invert(values)
    shown = values.point(lambda value: SHOWN if value else HIDDEN)
    if own != size:
        shown = shown.resize(size, Image.Resampling.BOX).filter(ImageFilter.MaxFilter(3))
        shown = shown.point(lambda value: SHOWN if value else HIDDEN)
    return shown


def shown_beside(key: Any, picture: Image.Image) -> Image.Image:
    """Where a picture is shown that has a colour-key mask `key`."""
    hidden = Image.new("L", picture.size, SHOWN)
    for band, low, high in zip(picture.split(), list(key)[::2], list(key)[1::2], strict=False):
        within = band.convert("L").point([SHOWN if low <= value <= high else HIDDEN for value in range(256)])
        hidden = ImageChops.darker(hidden, within)
    return ImageChops.invert(hidden)


def without_hidden(picture: Image.Image, shown: Image.Image, key: Any = None) -> Image.Image:
    """The picture with one uniform colour, within `key` if there is one, wherever it is hidden."""
    colour: Any = 0
    if isinstance(key, Array):
        lowest = tuple(int(value) for value in list(key)[::2])
        colour = lowest[0] if len(lowest) == 1 else lowest
    return Image.composite(picture, Image.new(picture.mode, picture.size, colour), shown)
