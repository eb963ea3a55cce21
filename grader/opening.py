"""From a hand-in to what is marked: its code in a sandbox, what is written beside it, its variant.

Code and written answers of one hand-in are one submission. Where both answer the same part the
report says which of them was marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from grader.grading import named_in, sheet_and_seed
from grader.student import clean
from grader.submission import SubmissionError, ending

if TYPE_CHECKING:
    from grader.hand_in import HandIn
    from grader.sandbox import Sandbox
    from grader.written.document import Document, IsName, Passage
    from grader.written.student import Written

BLANK = ("", "...", "?")  # what a blank sheet holds


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sheet and variant to mark by.

    Attributes:
        sheet: the sheet, if not the one that the submission names.
        seed: the variant, if neither the one that it names nor the student's own.
        secret: of the course, from which the students' own seeds are made.
    """

    sheet: str | None = None
    seed: str | None = None
    secret: bytes = b""


@dataclass(frozen=True, slots=True)
class Opened:
    """A submission whose code has been started.

    Attributes:
        sheet: which sheet it answers.
        seed: which variant.
        submission: its answers. Use it as a context.
        remarks: what is to be said of the hand-in as a whole.
    """

    sheet: str
    seed: str
    submission: Sandbox | Written
    remarks: tuple[str, ...]


def opened(item: HandIn, asked: Asked, *, allow_weak: bool) -> Opened:
    """What a hand-in holds, started.

    Args:
        item: the hand-in.
        asked: which sheet and variant.
        allow_weak: run code even where it cannot be kept apart.

    Raises:
        SubmissionError: it cannot be graded.
    """
    text, said = item.read()
    remarks = [said] if said else []
    document = _document(item.file, text)
    beside = _beside(item, remarks)
    if document is None and not beside:
        sheet, seed = _variant(item, asked, [(item.file, *named_in(text))], remarks)
        sheet, seed = sheet_and_seed(item.name, text, sheet, seed)
        return Opened(sheet, seed, _started(text, allow_weak), tuple(remarks))
    from grader.written.student import Written

    documents = [(item.file, document or _of_code(item.file, text)), *beside]
    named = [(file, *_named(found)) for file, found in documents]
    sheet, seed = _variant(item, asked, named, remarks)
    whole = _together(item.name, documents, remarks)
    find = whole.sheet_and_seed if whole.tells else partial(sheet_and_seed, item.name, whole.code)
    sheet, seed = find(sheet, seed)
    # The child starts before the sheet is read: both take about as long.
    code = _started(whole.code, allow_weak) if whole.code.strip() else None
    try:
        return Opened(sheet, seed, Written(whole, _names(sheet), code), tuple(remarks))
    except BaseException:
        if code is not None:
            code.close()
        raise


def choose(submission: Sandbox | Written, *, files: bool) -> tuple[str, ...]:
    """Decide what counts where text and code answer the same part, and say what was decided.

    Within one file a function counts before the text, and the text before a variable. Of two files
    the code counts: what is beside it may be a remark on it.

    Args:
        submission: the answers; those in words that do not count are taken out.
        files: whether the text is in another file than the code.
    """
    from grader.written.student import Written

    if not isinstance(submission, Written) or submission.code is None:
        return ()
    code = submission.load().code
    said = []
    for name, passage in list(submission.passages.items()):
        if code is None or not passage.strip() or name not in code.names:
            continue
        function = code.names[name] == "function"
        if not function and _is_blank(code, name):
            continue
        if files or function:
            del submission.passages[name]
        text = f"the text at {passage.where}line {passage.line}"
        taken, left = ("the code", text) if files or function else (text, "the code")
        said.append(
            f"{clean(name, 100)} is answered in the code and again in words: {taken} was marked, "
            f"and {left} was not"
        )
    return tuple(said)


def _is_blank(code: Sandbox, name: str) -> bool:
    """Whether a variable of the code answers nothing, as on a blank sheet."""
    reply = code.text(name)
    if reply.failure is not None or reply.value is None:
        return True
    return isinstance(reply.value, str) and reply.value.strip() in BLANK


def _variant(
    item: HandIn, asked: Asked, named: Sequence[tuple[str, str, str]], remarks: list[str]
) -> tuple[str | None, str | None]:
    """The sheet and the seed to mark by, as far as they are known.

    The seed that the course gave to the student outranks the one that the submission names: a
    student who could choose would choose the easiest variant, or a neighbour's.

    Args:
        item: the hand-in.
        asked: which sheet and variant.
        named: of each file, the sheet and the seed that it names.
        remarks: what is to be said of the hand-in; a seed that is not the student's is added.

    Raises:
        SubmissionError: its files disagree.
    """
    sheet = asked.sheet or _agreed(item, "sheet", [(file, name) for file, name, _ in named])
    issued = asked.seed or item.seed
    if not issued and sheet and asked.secret and item.listed:
        from exercises.seeds import student_seed

        issued = student_seed(asked.secret, sheet, item.student)
    if not issued:
        return sheet, _agreed(item, "seed", [(file, seed) for file, _, seed in named])
    for own in dict.fromkeys(seed for _, _, seed in named if seed not in ("", issued)):
        whose = "--seed" if asked.seed else f"the seed of {item.student}"
        is_said = "says" if asked.seed else "is"
        remarks.append(
            f"names the seed {clean(own, 64)}, and {whose} {is_said} {issued}: marked on {issued}"
        )
    return sheet, issued


def _agreed(item: HandIn, what: str, named: Sequence[tuple[str, str]]) -> str | None:
    """The one value that the files of a hand-in name, if any does."""
    said = {value: file for file, value in named if value}
    if len(said) > 1:
        shown = ", ".join(f"{value} in {file}" for value, file in said.items())
        raise SubmissionError(
            f"{item.name}: its files name different {what}s ({clean(shown)}); make them one, or "
            f"use --{what}"
        )
    return next(iter(said), None)


def _named(document: Document) -> tuple[str, str]:
    """The sheet and the seed that a document names; a notebook may say them in code, too."""
    sheet, seed = ("", "") if document.tells else named_in(document.code)
    return sheet or document.sheet, seed or document.seed


def _beside(item: HandIn, remarks: list[str]) -> list[tuple[str, Document]]:
    """The written answers beside a file; of one that cannot be read a remark says so."""
    found = []
    for other in item.beside:
        try:
            text, said = other.read()
        except SubmissionError as error:
            if not other.problem and not other.content().strip():
                continue  # a blank file answers nothing
            remarks.append(f"not read: {error}")
            continue
        remarks += [said] if said else []
        if (document := _document(other.file, text)) is not None:
            found.append((other.file, document))
    return found


def _together(name: str, documents: Sequence[tuple[str, Document]], remarks: list[str]) -> Document:
    """Several documents as one; the code of the first that has some is run."""
    from grader.written.document import Document

    (first_file, first), *rest = documents
    if not rest:
        return replace(first, name=name)
    with_code = [(file, found) for file, found in documents if found.code.strip()]
    for file, _ in with_code[1:]:
        remarks.append(f"the Python in {file} was not run: the code in {with_code[0][0]} was")
    code = with_code[0][1].code if with_code else ""

    def pieces(is_name: IsName) -> Iterator[tuple[str, Passage]]:
        for file, found in documents:
            yield from _placed(file, found.pieces(is_name))

    tells = first.tells if ending(first_file) != ".py" else ""
    codes = first.codes or next((found.codes for _, found in rest if found.codes), "")
    return Document(name, "", "", code, pieces, tells, codes)


def _placed(file: str, pieces: Iterable[tuple[str, Passage]]) -> Iterator[tuple[str, Passage]]:
    """The answers of a file with its name in their places."""
    from grader.written.document import Passage

    for key, passage in pieces:
        yield key, Passage(str(passage), passage.line, f"{file}, {passage.where}")


def _of_code(file: str, text: str) -> Document:
    """A script as a document without answers in words."""
    from grader.written.document import Document

    sheet, seed = named_in(text)
    return Document(file, sheet, seed, text, lambda _: (), codes="the script")


def _started(code: str, allow_weak: bool) -> Sandbox:
    from grader.sandbox import Sandbox

    return Sandbox(code, allow_weak=allow_weak or None)


def _names(sheet: str) -> tuple[str, ...]:
    """What a sheet asks for; nothing of one that is unknown, which is said when it is graded."""
    from exercises.sheet import SheetError, load_sheet

    try:
        return tuple(part.name for part in load_sheet(sheet).parts)
    except SheetError:
        return ()


def _document(file: str, text: str) -> Document | None:
    """What is written in a file, or nothing when it is code alone."""
    kind = ending(file)
    if kind == ".md":
        from grader.written import markdown

        return markdown.read(file, text)
    if kind == ".tex":
        from grader.written import tex

        return tex.read(file, text)
    if kind == ".ipynb":
        from grader import notebook

        return notebook.read(file, text)
    return None
