"""Reading a zip archive that somebody handed in: in memory, under caps, nothing unpacked.

An archive is hostile until shown otherwise. Its members are never written anywhere, so a name is
only a label; what is read is capped before it is decompressed, and again while it is.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath

from grader.student import clean
from grader.submission import SubmissionError

MAX_ARCHIVE = 256 << 20
MAX_MEMBERS = 20_000
MAX_READ = 256 << 20  # of all its members together, once decompressed
MAX_NAME = 300
MAX_RATIO = 200  # text compresses tenfold, a page of blanks perhaps a hundredfold
RATIO_FROM = 4 << 20  # what is read of a member is capped, too
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may ask for gigabytes
ENTRY = b"PK\x01\x02"  # what every entry of the list of members begins with
MAGIC = (b"PK\x03\x04", b"PK\x05\x06")  # the second begins an archive without members
LOCAL_HEADER = 30
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive.

    Attributes:
        path: its name in the archive, which is never used as a place.
        problem: why it is not read, or nothing.
        read: its bytes, at most so many; raises SubmissionError when it is damaged.
    """

    path: PurePosixPath
    problem: str
    read: Callable[[int], bytes]


def is_archive(data: bytes) -> bool:
    """Whether a file's first bytes are those of a zip archive."""
    return data.startswith(MAGIC)


def members(name: str, data: bytes) -> tuple[Member, ...]:
    """The files of an archive, in its order; folders are left out.

    Args:
        name: what the archive is called in messages.
        data: the archive.

    Raises:
        SubmissionError: it is too large, has too many members, is forged or damaged.
    """
    if len(data) > MAX_ARCHIVE:
        raise SubmissionError(
            f"{name}: is {len(data) >> 20} MB, and an archive may have {MAX_ARCHIVE >> 20} MB; "
            "split it, or unpack it and grade the folder"
        )
    # Before the list is parsed: it would take memory for every entry, however many it claims.
    if data.count(ENTRY) > MAX_MEMBERS:
        raise SubmissionError(f"{name}: has more than {MAX_MEMBERS} members; split it")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except BROKEN as error:
        raise SubmissionError(_damaged(name)) from error
    listed = archive.infolist()
    if _overlap(listed, len(data)):
        raise SubmissionError(f"{name}: its members overlap, so it is not an honest zip archive")
    read = _Reader(name, archive)
    return tuple(
        Member(PurePosixPath(_shown(info)), _problem(info), partial(read, info))
        for info in listed
        if not info.is_dir()
    )


def _overlap(listed: Sequence[zipfile.ZipInfo], size: int) -> bool:
    """Whether two members share bytes, or one ends beyond the archive."""
    places = sorted(
        (i.header_offset, i.header_offset + LOCAL_HEADER + i.compress_size) for i in listed
    )
    starts = [start for start, _ in places[1:]] + [size]
    return any(end > following for (_, end), following in zip(places, starts, strict=False))


def _problem(info: zipfile.ZipInfo) -> str:
    """Why a member is not read, or nothing."""
    path = PurePosixPath(_shown(info))
    if path.is_absolute() or ".." in path.parts or ":" in str(path):
        return "its name leads out of the archive; zip the file again by itself"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link to another file; hand in the file itself"
    if info.flag_bits & 1:
        return "is encrypted; hand it in without a password"
    if info.compress_type not in METHODS:
        return "is compressed in an unusual way; use plain zip (deflate)"
    if info.file_size > max(RATIO_FROM, MAX_RATIO * info.compress_size):
        return f"claims to be {info.file_size >> 20} MB when unpacked; hand in the file itself"
    return ""


class _Reader:
    """Reads members until all of them together have been too much."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.name, self.archive, self.left = name, archive, MAX_READ

    def __call__(self, info: zipfile.ZipInfo, most: int) -> bytes:
        """At most so many bytes of a member; its checksum is tested when all of it was read."""
        if self.left <= 0:
            raise SubmissionError(
                f"{self.name}: holds more than {MAX_READ >> 20} MB to grade; split it"
            )
        try:
            with self.archive.open(info) as file:
                data = file.read(most)
        except BROKEN as error:
            raise SubmissionError(_damaged(f"{self.name}/{_shown(info)}")) from error
        self.left -= len(data)
        return data


def _shown(info: zipfile.ZipInfo) -> str:
    """A member's name, safe to print."""
    return clean(info.filename.replace("\\", "/"), MAX_NAME) or "(no name)"


def _damaged(name: str) -> str:
    return f"{name}: is damaged or incomplete; make the zip archive again"
