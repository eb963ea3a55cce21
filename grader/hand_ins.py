"""What was handed in: files, folders and zip archives, one hand-in for each student.

A folder or an archive of a class holds files (one a student), folders (one a student, as Moodle
exports them) or archives (one a student). Nothing is unpacked; an archive within an archive is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath

from grader import archive
from grader.student import clean
from grader.submission import ENDINGS, WRITTEN, SubmissionError, most_bytes, read_bytes, text_of

MAX_SUBMISSIONS = 5_000
# How learning platforms name what they export; the person stands first.
EXPORTS = (
    re.compile(r"(?P<student>.+?)_\d+_assignsubmission_(?:file|onlinetext)_?"),  # Moodle
    re.compile(r"(?P<student>[^_/]+)(?:_LATE)?_\d+_\d+_.+"),  # Canvas
)


@dataclass(frozen=True, slots=True)
class HandIn:
    """One student's hand-in: a file, wherever it comes from.

    Attributes:
        name: how it is called in reports.
        student: who handed it in, as far as the name tells.
        file: the file's own name; its ending says how it is read.
        path: where it is, unless it was read already.
        data: its content, if it was read already.
        problem: why it cannot be graded, if that is known already.
        received: when it was handed in, as the roster or an option says it.
    """

    name: str
    student: str
    file: str
    path: Path | None = None
    data: bytes = b""
    problem: str = ""
    received: str = ""

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
        return text_of(self.file, self.content())

    def loaded(self) -> HandIn:
        """The same with its content, so that it can travel to another machine."""
        try:
            return replace(self, path=None, data=self.content())
        except SubmissionError as error:
            return replace(self, path=None, problem=str(error))


@dataclass(frozen=True, slots=True)
class _Found:
    """A file in a class's folder or archive: its place there, and how it is read."""

    place: PurePosixPath
    hand_in: Callable[[str, str], HandIn]


def hand_in(path: Path) -> HandIn:
    """The hand-in of one file that was named; whether it can be read shows later."""
    return HandIn(path.name or str(path), path.stem, path.name, path)


def hand_ins(paths: Sequence[Path]) -> tuple[HandIn, ...]:
    """The hand-ins of files, folders and archives, in order.

    Raises:
        SubmissionError: a folder or an archive holds none, or too many, or cannot be read.
    """
    found: list[HandIn] = []
    for path in paths:
        if path.is_dir():
            found += _grouped(path.name, _in_folder(path))
        elif path.suffix == ".zip":
            data = read_bytes(path, archive.MAX_ARCHIVE)
            found += _of_archive(path, data)
        else:
            found.append(hand_in(path))
    if len(found) > MAX_SUBMISSIONS:
        raise SubmissionError(_too_many(len(found)))
    return tuple(found)


def _of_archive(path: Path, data: bytes) -> Sequence[HandIn]:
    """The hand-ins of an archive that was named: a class's, or one student's."""
    members = tuple(_in_archive(path.name, data))
    answers = [m for m in members if _is_answer(m.place)]
    if len(answers) == 1 and len(answers[0].place.parts) == 1:
        return [answers[0].hand_in(path.name, path.stem)]
    return _grouped(path.name, _below_wrapper(members))


def _below_wrapper(members: Sequence[_Found]) -> Iterable[_Found]:
    """The members without the one folder that holds all of them, where it is not a student's."""
    answers = [m for m in members if _is_answer(m.place)]
    tops = {m.place.parts[0] for m in answers if len(m.place.parts) > 1}
    if len(tops) != 1 or len(answers) < 2 or any(len(m.place.parts) == 1 for m in answers):
        return members
    (top,) = tops
    if any(pattern.fullmatch(top) for pattern in EXPORTS):
        return members
    return [_Found(m.place.relative_to(top), m.hand_in) for m in answers]


def _grouped(container: str, members: Iterable[_Found]) -> list[HandIn]:
    """One hand-in for each student of a class."""
    groups: dict[str, list[_Found]] = {}
    others: dict[str, list[str]] = {}
    for member in members:
        if _is_answer(member.place):
            groups.setdefault(student_of(member.place), []).append(member)
        elif _is_somebodys(member.place):
            others.setdefault(student_of(member.place), []).append(clean(str(member.place), 200))
    if not groups:
        raise SubmissionError(
            f"{container}: is a folder or an archive; it holds no file to grade "
            f"({', '.join(ENDINGS)} or .zip)"
        )
    if len(groups) > MAX_SUBMISSIONS:  # before their contents are read
        raise SubmissionError(f"{container}: {_too_many(len(groups))}")
    # Who handed in a scan has handed something in: that is for a person to settle.
    scans = {student: others[student] for student in others.keys() - groups.keys()}
    return [
        _unread(student, scans[student]) if student in scans else _only(student, groups[student])
        for student in sorted(groups.keys() | scans.keys())
    ]


def _is_somebodys(place: PurePath) -> bool:
    """Whether a file is a student's by its place or name, whatever it holds."""
    return len(place.parts) > 1 or any(pattern.fullmatch(place.name) for pattern in EXPORTS)


def _unread(student: str, names: Sequence[str]) -> HandIn:
    said = (
        f"{student}: holds nothing to grade ({_listed(names)}); "
        f"answers are read from {', '.join(ENDINGS)} files"
    )
    return HandIn(student, student, names[0], problem=said)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)[:5]) + (", ..." if len(names) > 5 else "")


def _is_answer(place: PurePath) -> bool:
    """Whether a file may hold answers, by its name; the questions are no hand-in."""
    if place.suffix in WRITTEN:
        return place.stem.casefold() not in ("sheet", "solutions", "readme")
    return place.suffix in (*ENDINGS, ".zip")


def _too_many(count: int) -> str:
    return f"{count} hand-ins; at most {MAX_SUBMISSIONS} at a time"


def _only(student: str, members: Sequence[_Found]) -> HandIn:
    """A student's hand-in, if it is one."""
    # Who hands in code beside a written file has put the answers, or a remark, into both.
    members = [m for m in members if m.place.suffix not in WRITTEN] or members
    names = [clean(str(member.place), 200) for member in members]
    if len(members) == 1:
        return members[0].hand_in(names[0], student)
    said = f"{student}: holds several submissions ({_listed(names)}); keep one"
    return HandIn(student, student, members[0].place.name, problem=said)


def student_of(place: PurePath) -> str:
    """Who handed a file in: the folder's or the file's name, less what a platform adds to it."""
    label = place.parts[0] if len(place.parts) > 1 else place.name
    for pattern in EXPORTS:
        if found := pattern.fullmatch(label):
            return clean(found["student"], 200)
    return clean(label if len(place.parts) > 1 else place.stem, 200)


def _in_folder(folder: Path) -> Iterator[_Found]:
    """The files of a folder and of each student's own folder."""
    for path in sorted(folder.iterdir()):
        if _hidden(path.name):
            continue
        inside = sorted(path.rglob("*")) if path.is_dir() and not path.is_symlink() else [path]
        for file in inside:
            place = PurePosixPath(file.relative_to(folder).as_posix())
            if not any(map(_hidden, place.parts)) and file.is_file():
                yield _Found(place, _opener(file))


def _opener(path: Path) -> Callable[[str, str], HandIn]:
    def opened(name: str, student: str) -> HandIn:
        if path.is_symlink():  # to another student's work, or to the solutions
            said = f"{name}: is a link to another file; hand in the file itself"
            return HandIn(name, student, path.name, problem=said)
        if path.suffix != ".zip":
            return HandIn(name, student, path.name, path)
        try:
            members = tuple(_in_archive(path.name, read_bytes(path, archive.MAX_ARCHIVE)))
        except SubmissionError as error:
            return HandIn(name, student, path.name, problem=str(error))
        answers = [m for m in members if _is_answer(m.place) and m.place.suffix != ".zip"]
        if not answers:
            said = f"{name}: holds no {' or '.join(ENDINGS)} file to grade"
            return HandIn(name, student, path.name, problem=said)
        return replace(_only(student, answers), name=name)

    return opened


def _in_archive(name: str, data: bytes) -> Iterator[_Found]:
    for member in archive.members(name, data):
        if not any(map(_hidden, member.path.parts)):
            yield _Found(member.path, _reader(member))


def _reader(member: archive.Member) -> Callable[[str, str], HandIn]:
    def read(name: str, student: str) -> HandIn:
        file = member.path.name
        problem = member.problem
        if file.endswith(".zip"):
            problem = "is an archive within an archive, which is not opened; unpack the outer one"
        if problem:
            return HandIn(name, student, file, problem=f"{name}: {problem}")
        try:
            return HandIn(name, student, file, data=member.read(most_bytes(file) + 1))
        except SubmissionError as error:
            return HandIn(name, student, file, problem=str(error))

    return read


def _hidden(name: str) -> bool:
    """Whether people do not see it: dot files, and what macOS and Python leave behind."""
    return name.startswith((".", "__")) and name != ".."
