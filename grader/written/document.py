"""What a written submission holds: the sheet and seed it names, its answers by name, its code."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from grader.student import clean
from grader.submission import SubmissionError

HEAD, HEAD_LINES = 4_000, 30  # characters and lines in which sheet and seed are looked for
MAX_HEADINGS = 1_000
IsName = Callable[[str], bool]
_SAYS = {
    what: re.compile(rf"^[ \t%]*{what}[ \t]*:[ \t]*[\"']?({value}?)[\"']?[ \t]*$", re.M | re.I)
    for what, value in (("sheet", r"[^\"'\n]{1,100}"), ("seed", r"[^\"'\n#]{1,64}"))
}
_NAME = re.compile(r"(?:[0-9.]+[ \t]+)?([^\W\d]\w{0,99})[ \t]*(?:\([^()]*\))?[ \t]*[:.]?")


class Passage(str):
    """The text of one answer.

    Attributes:
        line: the line of the file, or of the notebook's cell, at which it begins.
        where: which cell of a notebook it is in; nothing in a file.
    """

    __slots__ = ("line", "where")
    line: int
    where: str

    def __new__(cls, text: str, line: int = 1, where: str = "") -> Passage:
        """The text with its place."""
        made = super().__new__(cls, text)
        made.line, made.where = line, where
        return made


@dataclass(frozen=True)
class Document:
    """A written submission.

    Attributes:
        name: what it is called in messages.
        sheet: which sheet it names, or nothing.
        seed: which variant it names, or nothing.
        code: its Python, each line where it stands in the file; or nothing.
        pieces: its answers in order, given whether a heading's word is the name of one.
        tells: how a file of this kind names sheet and seed, for messages; nothing for code.
        codes: how a file of this kind holds a function, for messages.
    """

    name: str
    sheet: str
    seed: str
    code: str
    pieces: Callable[[IsName], Iterable[tuple[str, Passage]]]
    tells: str = ""
    codes: str = ""

    def passages(self, names: Collection[str]) -> dict[str, Passage]:
        """The answers by name, to a sheet that asks for these; of two the blank one is left out.

        A name that is nearly one of the sheet's counts, so that the slip can be named.

        Raises:
            SubmissionError: a name has two answers, or there are too many headings.
        """
        found: dict[str, Passage] = {}
        seen = 0

        def is_name(word: str) -> bool:
            nonlocal seen
            seen += 1
            if seen > MAX_HEADINGS:
                raise SubmissionError(f"{self.name}: has over {MAX_HEADINGS} headings")
            return bool(close_to(word, names))

        for key, passage in self.pieces(is_name):
            before = found.get(key, "")
            if before.strip() and passage.strip():
                raise SubmissionError(
                    f"{self.name}: {clean(key, 100)} is answered twice, the second time at "
                    f"{passage.where}line {passage.line}; keep one"
                )
            found[key] = passage if passage.strip() or key not in found else found[key]
        return found

    def sheet_and_seed(self, sheet: str | None, seed: str | None) -> tuple[str, str]:
        """The sheet and the seed that it names, unless they are given.

        Raises:
            SubmissionError: it names none.
        """
        found = (sheet or self.sheet, seed or self.seed)
        for what, value in zip(("sheet", "seed"), found, strict=True):
            if not value:
                example = self.tells.format(f"{what}: {'activations' if what == 'sheet' else 1}")
                raise SubmissionError(
                    f"{self.name}: does not say its {what}; add the line {example} at its top, as "
                    f"on your sheet, or use --{what}"
                )
        return found


def head_of(text: str) -> str:
    """The top of a file, in which its sheet and seed are looked for."""
    return "\n".join(text[:HEAD].split("\n")[:HEAD_LINES])


def said(head: str, what: str) -> str:
    """The sheet or the seed that the top of a file names, or nothing."""
    found = _SAYS[what].search(head)
    return found[1] if found else ""


def answer_of(heading: str) -> str:
    """The name that a heading gives to what is below it, or nothing: `slope (4 points)`."""
    found = _NAME.fullmatch(heading.replace("`", "").replace("*", "").strip())
    return found[1] if found else ""


def close_to(word: str, names: Collection[str]) -> str:
    """The name that a word is, or was probably meant to be; or nothing."""
    return word if word in names else next(iter(get_close_matches(word, names, 1, 0.8)), "")


def blanked(text: str) -> str:
    """White space of the same shape, so that what follows keeps its line and column."""
    return re.sub(r"[^\n]", " ", text)
