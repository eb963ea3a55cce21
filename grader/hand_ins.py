"""What was handed in: files, folders and zip archives, one hand-in for each student.

A folder or an archive of a class holds files (one a student), folders (one a student, as Moodle
exports them) or archives (one a student, within an archive, too). Nothing is unpacked. A student
may hand in code and written answers beside it; they are marked together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath, PurePosixPath

from grader import archive, gradescope_export
from grader.hand_in import HandIn, hand_in
from grader.student import clean
from grader.submission import ENDINGS, WRITTEN, SubmissionError, ending, most_bytes, read_bytes

MAX_SUBMISSIONS = 5_000
MAX_BESIDE = 10
MAX_INNER = 16 << 20  # of an archive within an archive
# Files that people hand in although no answer can be read from them.
SCANS = {
    **dict.fromkeys((".pdf",), "a PDF"),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".heic", ".tif", ".tiff", ".gif"), "a picture"),
    **dict.fromkeys((".doc", ".docx", ".odt", ".pages", ".rtf", ".html"), "a text document"),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz"), "an archive other than .zip"),
}
QUESTIONS = ("sheet", "solutions", "readme")  # what the course hands out
# How learning platforms name what they export; the person stands first.
EXPORTS = (
    re.compile(r"(?P<student>.+?)_\d+_assignsubmission_(?:file|onlinetext)_?"),  # Moodle
    re.compile(r"(?P<student>[^_/]+)(?:_LATE)?_\d+_\d+_.+"),  # Canvas
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file in a class's folder or archive: its place there, and how it is read.

    Attributes:
        place: where it is.
        hand_in: the hand-in that it is, given its name and the student's.
        content: its bytes, whatever it is.
    """

    place: PurePosixPath
    hand_in: Callable[[str, str], HandIn]
    content: Callable[[], bytes]


def hand_ins(paths: Sequence[Path], *, strays: bool = False) -> tuple[HandIn, ...]:
    """The hand-ins of files, folders and archives, in order.

    Args:
        paths: where they are.
        strays: with the files that may be anybody's or nobody's; a roster can tell.

    Raises:
        SubmissionError: a folder or an archive holds none, or too many, or cannot be read.
    """
    found: list[HandIn] = []
    for path in paths:
        if path.is_dir():
            found += _grouped(path.name, tuple(_in_folder(path)), strays)
        elif ending(path) == ".zip":
            found += _of_archive(path, read_bytes(path, archive.MAX_ARCHIVE), strays)
        else:
            found.append(_named(path))
    if len(found) > MAX_SUBMISSIONS:
        raise SubmissionError(_too_many(len(found)))
    return tuple(found)


def _named(path: Path) -> HandIn:
    """The hand-in of one file that was named, unless no answer can be read from its kind."""
    if ending(path) not in SCANS or not path.is_file():
        return hand_in(path)
    said = (
        f"{path.name}: {SCANS[ending(path)]} cannot be marked, so a person has to read it; answers "
        f"are read from {', '.join(ENDINGS)} files"
    )
    return replace(hand_in(path), problem=said, unread=True)


def one_hand_in(paths: Sequence[Path]) -> HandIn:
    """The one hand-in that files, or all the files of a folder or an archive, are.

    Raises:
        SubmissionError: there is nothing to grade.
    """
    if len(paths) == 1 and not paths[0].is_dir() and ending(paths[0]) != ".zip":
        return hand_in(paths[0])
    found: list[_Found] = []
    for path in paths:
        if path.is_dir():
            found += _in_folder(path)
        elif ending(path) == ".zip":
            found += _in_archive(path.name, read_bytes(path, archive.MAX_ARCHIVE))
        else:
            found.append(_found(PurePosixPath(path.name), path))
    answers = [member for member in found if _is_answer(member.place)]
    if not answers:
        raise SubmissionError(_nothing(paths[0].name))
    return _only(paths[0].stem, answers)


def _of_archive(path: Path, data: bytes, strays: bool) -> Sequence[HandIn]:
    """The hand-ins of an archive that was named: a class's, or one student's."""
    members = tuple(_in_archive(path.name, data))
    answers = [m for m in members if _is_answer(m.place)]
    if len(answers) == 1 and len(answers[0].place.parts) == 1:
        return [answers[0].hand_in(path.name, path.stem)]
    return _grouped(path.name, _below_wrapper(members), strays)


def _below_wrapper(members: Sequence[_Found]) -> Sequence[_Found]:
    """The members without the one folder that holds all of them, where it is not a student's."""
    answers = [m for m in members if _is_answer(m.place)]
    tops = {m.place.parts[0] for m in answers if len(m.place.parts) > 1}
    if len(tops) != 1 or len(answers) < 2 or any(len(m.place.parts) == 1 for m in answers):
        return members
    (top,) = tops
    if any(pattern.fullmatch(top) for pattern in EXPORTS):
        return members
    within = [m for m in members if m.place.parts[0] == top and len(m.place.parts) > 1]
    return [replace(m, place=m.place.relative_to(top)) for m in within]


def _grouped(container: str, members: Sequence[_Found], strays: bool) -> list[HandIn]:
    """One hand-in for each student of a class."""
    groups: dict[str, list[_Found]] = {}
    others: dict[str, list[PurePosixPath]] = {}
    for member in members:
        student = student_of(member.place)
        if _is_answer(member.place):
            groups.setdefault(student, []).append(member)
        elif _is_somebodys(member.place) or (strays and len(member.place.parts) == 1):
            others.setdefault(student, []).append(member.place)
    if not groups:
        raise SubmissionError(_nothing(container))
    if len(groups) > MAX_SUBMISSIONS:  # before their contents are read
        raise SubmissionError(f"{container}: {_too_many(len(groups))}")
    # Who handed in a scan has handed something in: that is for a person to settle.
    scans = {student: others[student] for student in others.keys() - groups.keys()}
    found = [
        _unread(student, scans[student]) if student in scans else _only(student, groups[student])
        for student in sorted(groups.keys() | scans.keys())
    ]
    told = next((m for m in members if str(m.place) == gradescope_export.NAME), None)
    return found if told is None else gradescope_export.named(found, told.content())


def _is_somebodys(place: PurePath) -> bool:
    """Whether a file is a student's by its place, its name or its kind."""
    if len(place.parts) > 1 or any(pattern.fullmatch(place.name) for pattern in EXPORTS):
        return True
    return ending(place) in SCANS and place.stem.casefold() not in QUESTIONS


def _unread(student: str, places: Sequence[PurePath]) -> HandIn:
    names = [clean(str(place), 200) for place in places]
    kinds = dict.fromkeys(SCANS[ending(p)] for p in places if ending(p) in SCANS)
    why = f"; {' or '.join(kinds)} cannot be marked, so a person has to read it" if kinds else ""
    said = (
        f"{student}: holds nothing to grade ({_listed(names)}){why}; "
        f"answers are read from {', '.join(ENDINGS)} files"
    )
    stray = not any(map(_is_somebodys, places))
    return HandIn(student, student, places[0].name, problem=said, unread=True, stray=stray)


def _nothing(container: str) -> str:
    return (
        f"{container}: is a folder or an archive; it holds no file to grade "
        f"({', '.join(ENDINGS)} or .zip)"
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)[:5]) + (", ..." if len(names) > 5 else "")


def _is_answer(place: PurePath) -> bool:
    """Whether a file may hold answers, by its name; the questions are no hand-in."""
    if ending(place) in WRITTEN:
        return place.stem.casefold() not in QUESTIONS
    return ending(place) in (*ENDINGS, ".zip")


def _too_many(count: int) -> str:
    return f"{count} hand-ins; at most {MAX_SUBMISSIONS} at a time"


def _only(student: str, members: Sequence[_Found]) -> HandIn:
    """A student's hand-in, if it is one: a file of code, and written answers beside it."""
    code = [m for m in members if ending(m.place) not in WRITTEN]
    main, *rest = code + [m for m in members if ending(m.place) in WRITTEN]
    names = [clean(str(member.place), 200) for member in (main, *rest)]
    if len(code) > 1 or len(rest) > MAX_BESIDE:
        said = f"{student}: holds several submissions ({_listed(names)}); keep one"
        return HandIn(student, student, members[0].place.name, problem=said)
    first = main.hand_in(names[0], student)
    beside = tuple(m.hand_in(n, student) for m, n in zip(rest, names[1:], strict=True))
    return replace(first, beside=(*first.beside, *beside)) if beside else first


def student_of(place: PurePath) -> str:
    """Who handed a file in: the folder's or the file's name, less what a platform adds to it."""
    label = place.parts[0] if len(place.parts) > 1 else place.name
    for pattern in EXPORTS:
        if found := pattern.fullmatch(label):
            return clean(found["student"], 200)
    if len(place.parts) > 1:
        return clean(label, 200)
    stem = place.stem
    hidden = place.suffix.lower() == ".txt" and ending(place) != ".txt"
    return clean(PurePath(stem).stem if hidden else stem, 200)


def _in_folder(folder: Path) -> Iterator[_Found]:
    """The files of a folder and of each student's own folder."""
    for path in sorted(folder.iterdir()):
        if _hidden(path.name):
            continue
        inside = sorted(path.rglob("*")) if path.is_dir() and not path.is_symlink() else [path]
        for file in inside:
            place = PurePosixPath(file.relative_to(folder).as_posix())
            if not any(map(_hidden, place.parts)) and file.is_file():
                yield _found(place, file)


def _found(place: PurePosixPath, path: Path) -> _Found:
    return _Found(place, _opener(path), lambda: read_bytes(path, gradescope_export.MAX_BYTES))


def _opener(path: Path) -> Callable[[str, str], HandIn]:
    def opened(name: str, student: str) -> HandIn:
        if path.is_symlink():  # to another student's work, or to the solutions
            said = f"{name}: is a link to another file; hand in the file itself"
            return HandIn(name, student, path.name, problem=said)
        if ending(path) != ".zip":
            return HandIn(name, student, path.name, path)
        return _within(name, student, path.name, lambda: read_bytes(path, archive.MAX_ARCHIVE))

    return opened


def _within(name: str, student: str, file: str, read: Callable[[], bytes]) -> HandIn:
    """What one student's archive holds; an archive in it is not opened."""
    try:
        members = tuple(_in_archive(file, read()))
    except SubmissionError as error:
        return HandIn(name, student, file, problem=str(error))
    answers = [m for m in members if _is_answer(m.place) and ending(m.place) != ".zip"]
    if answers:
        return replace(_only(student, answers), name=name)
    inner = [m for m in members if ending(m.place) == ".zip"]
    if inner:
        said = f"{name}: holds an archive within an archive, which is not opened; zip the files"
        return HandIn(name, student, file, problem=said)
    if members:
        return replace(_unread(student, [m.place for m in members]), name=name)
    said = f"{name}: holds no {' or '.join(ENDINGS)} file to grade"
    return HandIn(name, student, file, problem=said)


def _in_archive(name: str, data: bytes) -> Iterator[_Found]:
    for member in archive.members(name, data):
        if not any(map(_hidden, member.path.parts)):
            content = partial(member.read, gradescope_export.MAX_BYTES)
            yield _Found(member.path, _reader(member), content)


def _reader(member: archive.Member) -> Callable[[str, str], HandIn]:
    def read(name: str, student: str) -> HandIn:
        file = member.path.name
        if member.problem:
            return HandIn(name, student, file, problem=f"{name}: {member.problem}")
        if ending(file) == ".zip":
            return _within(name, student, file, lambda: _inner(name, member))
        try:
            return HandIn(name, student, file, data=member.read(most_bytes(file) + 1))
        except SubmissionError as error:
            return HandIn(name, student, file, problem=str(error))

    return read


def _inner(name: str, member: archive.Member) -> bytes:
    data = member.read(MAX_INNER + 1)
    if len(data) > MAX_INNER:
        raise SubmissionError(
            f"{name}: is an archive of more than {MAX_INNER >> 20} MB within an archive; hand in "
            "the files to mark alone"
        )
    return data


def _hidden(name: str) -> bool:
    """Whether people do not see it: dot files, and what macOS and Python leave behind."""
    return name.startswith((".", "__")) and name != ".."
