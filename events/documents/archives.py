"""Zip archives: read with limits on everything, and written without any trace of when, where and by which program."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable

from events.documents import limits
from events.documents.refusal import Damaged, Encrypted, TooLarge, WrongKind

CHUNK = 1 << 16
START, END = b"PK\x03\x04", b"PK\x05\x06"
ENCRYPTED = 0x1
SAFE_NAME = re.compile(r"(?!/)(?!.*(?:^|/)\.\.(?:/|$))[^\\\x00-\x1f:]+")
NO_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest date that the format allows."""


def is_archive(data: bytes) -> bool:
    return data.startswith(START)


def unpack(data: bytes) -> dict[str, bytes]:
    """The members of an archive by name, in its order, without folders."""
    end = data.rfind(END)
    if end < 0 or end + 22 > len(data):
        raise Damaged("damaged", format="ZIP", part="central directory")
    behind = len(data) - end - 22
    if behind != int.from_bytes(data[end + 20 : end + 22], "little"):
        raise WrongKind("more_behind_the_end", format="ZIP", bytes=behind)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        KeyError,
        IndexError,
        OverflowError,
    ) as error:
        raise Damaged("damaged", format="ZIP", part=type(error).__name__) from error


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > limits.ENTRIES:
        raise TooLarge("too_many_entries", entries=len(entries), most=limits.ENTRIES)
    members: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        name = entry.filename
        if not SAFE_NAME.fullmatch(name) or name in members:
            raise Damaged("unsafe_part_name", part=name[:100])
        if entry.is_dir():
            continue
        if entry.flag_bits & ENCRYPTED:
            raise Encrypted("encrypted")
        pieces, size = [], 0
        with archive.open(entry) as member:
            # The size in an entry may be false, so what is unpacked is counted.
            while piece := member.read(CHUNK):
                size += len(piece)
                total += len(piece)
                if total > limits.UNPACKED:
                    raise TooLarge("unpacks_too_large", part=name, most=limits.UNPACKED // limits.MEGABYTE)
                if size > limits.RATIO_FROM and size > limits.RATIO * max(entry.compress_size, 1):
                    raise TooLarge("packed_too_tightly", part=name, ratio=limits.RATIO)
                pieces.append(piece)
        members[name] = b"".join(pieces)
        if is_archive(members[name]):
            raise Damaged("archive_in_archive", part=name)
    return members


def pack(members: Iterable[tuple[str, bytes]], *, stored: tuple[str, ...] = ()) -> bytes:
    """An archive of `members` in this order; those in `stored` are not compressed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, NO_MOMENT)
            entry.create_system = 0
            entry.external_attr = 0
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()
