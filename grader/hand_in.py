"""One student's hand-in: the file that is marked, what lies beside it, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from grader.submission import SubmissionError, read_bytes, read_text


@dataclass(frozen=True, slots=True)
class HandIn:
    """One student's hand-in: a file, wherever it comes from, and those that belong to it.

    Attributes:
        name: how it is called in reports.
        student: who handed it in, as far as the name tells.
        file: the file's own name; its ending says how it is read.
        path: where it is, unless it was read already.
        data: its content, if it was read already.
        problem: why it cannot be graded, if that is known already.
        received: when it was handed in, as the roster or an option says it.
        seed: the variant that the course gave to this student, if it says so.
        listed: whether the student is on the roster.
        labels: what else the student is called where it comes from: a name, an address.
        group: the same for those who handed it in together; it is graded once.
        unread: whether none of its files can hold an answer: a scan, a picture.
        stray: whether only a roster could tell that it is anybody's.
        beside: the written answers that were handed in with it.
    """

    name: str
    student: str
    file: str
    path: Path | None = None
    data: bytes = b""
    problem: str = ""
    received: str = ""
    seed: str = ""
    listed: bool = False
    labels: tuple[str, ...] = ()
    group: str = ""
    unread: bool = False
    stray: bool = False
    beside: tuple[HandIn, ...] = ()

    def content(self) -> bytes:
        """The bytes of the file.

        Raises:
            SubmissionError: it cannot be graded.
        """
        if self.problem:
            raise SubmissionError(self.problem)
        return self.data if self.path is None else read_bytes(self.path)

    def text(self) -> str:
        """The text of the file.

        Raises:
            SubmissionError: it cannot be graded.
        """
        return self.read()[0]

    def read(self) -> tuple[str, str]:
        """The text of the file, and what is to be said of how it was read.

        Raises:
            SubmissionError: it cannot be graded.
        """
        return read_text(self.file, self.content())

    def all_content(self) -> bytes:
        """The bytes that a mark depends on: of the file, and of what lies beside it.

        Raises:
            SubmissionError: it cannot be graded.
        """
        digests = b"".join(
            sha256(f"{item.file}\0".encode("utf-8", "replace") + item.data).digest()
            for item in (other.loaded() for other in self.beside)
        )
        return self.content() + digests

    def loaded(self) -> HandIn:
        """The same with its content, so that it can travel to another machine."""
        beside = tuple(item.loaded() for item in self.beside)
        try:
            return replace(self, path=None, data=self.content(), beside=beside)
        except SubmissionError as error:
            return replace(self, path=None, problem=str(error), beside=beside)


def hand_in(path: Path) -> HandIn:
    """The hand-in of one file that was named; whether it can be read shows later."""
    return HandIn(path.name or str(path), path.stem, path.name, path)
