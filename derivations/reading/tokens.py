"""Characters to tokens, each with its line and column; and the one error that reading raises."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MAX_DIGITS = 30

# What keyboards, tablets and word processors write for the same sign.
SAME_SIGNS = {
    **dict.fromkeys("·×⋅∗", "*"),
    **dict.fromkeys("÷⁄", "/"),
    **dict.fromkeys("−–", "-"),
    **dict.fromkeys("≤⩽", "<="),
    **dict.fromkeys("≥⩾", ">="),
    "^": "**",
    "==": "=",
    **dict.fromkeys(("<==>", "⇔", "⟺"), "<=>"),
    **dict.fromkeys(("==>", "⇒", "⟹"), "=>"),
    "√": "sqrt",
    "∞": "oo",
    "∑": "sum",
}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LETTERS = "αβγδεζηθικλμνξπρσςτυφχψωΓΔΘΛΞΠΣΦΨΩϵϕµ"
_SPELLED = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma sigma tau
upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega epsilon phi mu
"""
GREEK = dict(zip(_LETTERS, _SPELLED.split(), strict=True))
_PATTERN = re.compile(
    r"(?P<space>[ \t\r\f\u00a0]+|\#[^\n]*|\\[ \t]*\n)"
    r"|(?P<newline>\n)"
    r"|(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"|(?P<name>[^\W\d⁰¹²³⁴⁵⁶⁷⁸⁹](?:(?![⁰¹²³⁴⁵⁶⁷⁸⁹])\w)*)"
    r"|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)"
    r"|(?P<sign>\*\*|<==>|<=>|==>|<=|>=|==|!=|:=|=>|<|>|=|[-+*/^()\[\],!|{}'√∞∑·×⋅∗÷⁄−–≤≥⩽⩾⇔⟺⇒⟹])"
)


class ParseError(ValueError):
    """Text that is not a formula here; says where, what was expected, and what to write.

    Attributes:
        message: what is wrong, without the place.
        line: the line, from 1.
        column: the column, from 1.
        text: the whole line of the source.
        before: the lines of a chain that were read before the error.
    """

    before: tuple[Any, ...] = ()

    def __init__(self, message: str, line: int = 1, column: int = 1, text: str = "") -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.message, self.line, self.column, self.text = message, line, column, text

    def pointed(self) -> str:
        """The message, and below it the line with a mark under the column."""
        if not self.text:
            return self.message
        # Only the neighbourhood of a long line is shown, so that the mark stays below its column.
        first = max(0, self.column - 60)
        shown = self.text[first : first + 100]
        return f"{self.message}\n  {shown}\n  {' ' * (self.column - 1 - first)}^"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text.

    Attributes:
        kind: number, name, raised, sign, newline or end.
        value: the text in its plain spelling: `**` for `^`, `sigma` for σ.
        line: the line, from 1.
        column: the column, from 1.
        spaced: whether white space stands before it.
    """

    kind: str
    value: str
    line: int
    column: int
    spaced: bool = False


class Source:
    """The text with its lines, for messages."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.text = text.replace("\r\n", "\n")
        self.lines = self.text.split("\n")
        self.first_line = first_line
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def quoted(self, lines: Sequence[str]) -> str:
        """Lines of a formula in one, without comments."""
        return " ".join(line.partition("#")[0].strip() for line in lines).strip()

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column of a character, by its number from 0."""
        line = bisect_right(self._starts, offset, hi=len(self.lines)) - 1
        return self.first_line + line, offset - self._starts[line] + 1

    def error(self, message: str, line: int, column: int) -> ParseError:
        """An error at a place."""
        text = self.lines[line - self.first_line] if line >= self.first_line else ""
        return ParseError(message, line, column, text.replace("\t", " "))

    def at(self, token: Token, message: str) -> ParseError:
        """An error at a token."""
        return self.error(message, token.line, token.column)

    def tokens(self) -> Iterator[Token]:
        """The tokens, an `end` last.

        Raises:
            ParseError: a character that no formula has, or a number with too many digits.
        """
        place, line, start, spaced = 0, self.first_line, 0, False
        while place < len(self.text):
            column = place - start + 1
            match = _PATTERN.match(self.text, place)
            if match is None:
                raise self.unknown(self.text[place], line, column)
            kind, text = match.lastgroup or "", match.group()
            if kind == "number":
                self._check_number(text, place, line, column)
            if kind != "space":
                plain = _plain(kind, text)
                word = "name" if kind == "sign" and plain.isalpha() else kind
                yield Token(word, plain, line, column, spaced)
            spaced = kind == "space"
            place = match.end()
            if text.endswith("\n"):
                line, start = line + 1, place
        yield Token("end", "", line, place - start + 1)

    def check_digits(self, text: str, line: int, column: int) -> None:
        """Refuse a number with too many digits."""
        if len(text) > MAX_DIGITS:
            said = f"a number may have {MAX_DIGITS} digits; this one has {len(text)}"
            raise self.error(said, line, column)

    def _check_number(self, text: str, place: int, line: int, column: int) -> None:
        self.check_digits(text, line, column)
        after = self.text[place + len(text) :][:2]
        if re.match(r"[eE][-+]?[0-9]", self.text[place + len(text) :][:3]):
            said = (
                f"{text}{after[0]}... may mean a power of ten or {text}*e; write 0.001 or 10^(-3)"
            )
            raise self.error(said, line, column)

    def unknown(self, character: str, line: int, column: int) -> ParseError:
        """An error at a character that no formula has."""
        if character in "\"'`“”‘’":
            said = f"a quotation mark {character} has no place in a formula"
        elif character in "$&;:":
            said = f"{character} has no place in a formula"
        else:
            said = f"{character!r} is not known here; write formulas as in 2*x + exp(-t)"
        return self.error(said, line, column)


def _plain(kind: str, text: str) -> str:
    if kind == "name":
        return "".join(GREEK.get(c, c) for c in text)
    if kind == "raised":
        return text.translate(_RAISED)
    return SAME_SIGNS.get(text, text)
