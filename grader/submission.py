"""Reading a submission: a small UTF-8 text file, which is data and nothing else here."""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path, PurePath

WRITTEN = (".md", ".tex")  # files of answers in words
ENDINGS = (".py", ".ipynb", *WRITTEN)  # of the files that are graded
MAX_BYTES = 256 << 10
MAX_NOTEBOOK = 4 << 20  # pictures in its outputs, which are not read
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MOST_FOREIGN = 0.1  # of the bytes of a text in an old encoding; a binary file has more
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


class SubmissionError(ValueError):
    """The file cannot be graded; the message says what is wrong and what to do."""


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """The content of a regular file; nothing else is opened for long, and no pipe is waited for.

    Raises:
        SubmissionError: it is missing, a folder, no regular file, or too large.
    """
    name = path.name or str(path)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise SubmissionError(f"{name}: there is no such file in {_folder(path)}") from error
    except OSError as error:
        raise SubmissionError(f"{name}: cannot be read ({error.strerror})") from error
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        is_folder = stat.S_ISDIR(status.st_mode)
        said = "is a folder; name the .py file in it" if is_folder else "is not a regular file"
        raise SubmissionError(f"{name}: {said}")
    with os.fdopen(handle, "rb") as file:
        most = most_bytes(name) if most is None else most
        data = file.read(most + 1)
    if len(data) > most:
        raise SubmissionError(_too_large(name, max(status.st_size, len(data)), most))
    return data


def ending(name: str | PurePath) -> str:
    """A file's ending as it was meant: Windows writes `.PY`, and `.py.txt` where endings hide."""
    path = PurePath(name)
    found, inner = path.suffix.lower(), PurePath(path.stem).suffix.lower()
    return inner if found == ".txt" and inner in ENDINGS else found


def most_bytes(name: str) -> int:
    """How large a file of this name may be."""
    return MAX_NOTEBOOK if ending(name) == ".ipynb" else MAX_BYTES


def _too_large(name: str, size: int, most: int) -> str:
    return (
        f"{name}: is {_size(size)}, and a submission may have {most >> 10} kB; "
        "hand in the .py file alone, without data"
    )


def read_text(name: str, data: bytes) -> tuple[str, str]:
    """The text that a file of this name holds, and what is to be said of how it was read.

    Raises:
        SubmissionError: it is empty, too large, or not text.
    """
    if len(data) > most_bytes(name):
        raise SubmissionError(_too_large(name, len(data), most_bytes(name)))
    if not data.strip():
        raise SubmissionError(f"{name}: is empty; did you save it?")
    if data.startswith(b"PK\x03\x04"):
        raise SubmissionError(
            f"{name}: is a zip archive; give it the ending .zip, or hand in the file that is in it"
        )
    text, remark = _decoded(name, data)
    head = text.lstrip()[:1]
    if head == "{" and '"cells"' in text and '"nbformat"' in text and ending(name) != ".ipynb":
        raise SubmissionError(
            f"{name}: is a Jupyter notebook; give it back its ending .ipynb, or hand in the script "
            "(File > Save and Export As > Executable Script)"
        )
    return text, remark


def _decoded(name: str, data: bytes) -> tuple[str, str]:
    """The text of UTF-8 or, where the bytes tell, of what older programs write."""
    if data.startswith(UTF_16):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError:
            pass
        else:
            if not _CONTROL.search(text):
                return text, ""
    if b"\0" in data:
        raise SubmissionError(f"{name}: holds NUL bytes, so it is no text file")
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        old = _western(data)
        if old is None:
            raise SubmissionError(
                f"{name}: line {line} is not UTF-8 text; save the file as UTF-8"
            ) from error
    return old, (
        f"line {line} of {name} is not UTF-8; the file was read as Windows-1252 (Latin-1), and "
        "should be saved as UTF-8"
    )


def _western(data: bytes) -> str | None:
    """The text in the encoding of older Western programs, if it looks like one."""
    foreign = sum(byte >= 0x80 for byte in data)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if foreign > MOST_FOREIGN * len(data) or _CONTROL.search(text) else text


def _folder(path: Path) -> str:
    parent = str(path.parent)
    return "this folder" if parent == "." else parent


def _size(count: int) -> str:
    return f"{count / (1 << 20):.0f} MB" if count >= 1 << 20 else f"{count >> 10} kB"
