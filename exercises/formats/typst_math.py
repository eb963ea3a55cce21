"""LaTeX formulas as Typst formulas: the part of LaTeX that questions and solutions use.

What it does not know raises: a formula is set right or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from exercises.formats.typst_names import ACCENTS, DELIMITERS, OPERATORS, SPACES, STYLES, SYMBOLS

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|\s+|\d+(?:\.\d+)?|.", re.S)
_SIZES = re.compile(r"\\([Bb]igg?)[lrm]?")
_MATRICES = {
    "matrix": "#none",
    "smallmatrix": "#none",
    "array": "#none",
    "pmatrix": '"("',
    "bmatrix": '"["',
    "Bmatrix": '"{"',
    "vmatrix": '"|"',
    "Vmatrix": '"||"',
}
_ALIGNED = ("aligned", "align", "align*", "split", "gathered", "gather*")
# Typst gives these a meaning; escaped, they are the characters.
_ESCAPED = "()[]{}|,;/\"'#$&*~`@<>!?.:-="
_IGNORED = (r"\displaystyle", r"\textstyle", r"\limits", r"\nolimits", r"\nonumber")


class FormulaError(ValueError):
    """A formula cannot be set; the message says which part of it."""


@lru_cache(maxsize=8192)
def typst_math(latex: str) -> str:
    """The formula in Typst's notation, without the dollar signs.

    Raises:
        FormulaError: a command is unknown, or a brace, a fence or an environment is not closed.
    """
    reader = _Reader(latex)
    text = reader.until(None)
    return text or '""'


class _Reader:
    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.texts: list[str] = []
        # A run of spaces means something in \text{...} alone, which is cut out whole.
        self.tokens = self._with_texts(_TOKEN.findall(latex))
        self.place = 0

    def fail(self, said: str) -> FormulaError:
        return FormulaError(f"{said} in the formula {self.latex!r}")

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise self.fail("it ends too early")
        self.place += 1
        return token

    def until(self, end: str | None) -> str:
        """Everything up to a token, which is consumed; None: to the end of the formula."""
        parts = []
        while (token := self.peek()) != (end or ""):
            if not token:
                raise self.fail(f"{end} is missing")
            if token in ("}", r"\right", r"\end"):
                raise self.fail(f"{token} closes nothing")
            parts.append(self.atom_with_scripts())
        if end is not None:
            self.take()
        return _joined(parts)

    def atom_with_scripts(self) -> str:
        is_group = self.peek() == "{"
        nucleus = '""' if self.peek() in ("^", "_", "'") else self.atom()
        primes, low, high = 0, "", ""
        while self.peek() in ("^", "_", "'", r"\limits", r"\nolimits"):
            sign = self.take()
            if sign == "'":
                primes += 1
            elif sign == "^":
                if high:
                    raise self.fail("two exponents")
                high = self.argument()
            elif sign == "_":
                if low:
                    raise self.fail("two indices")
                low = self.argument()
        high = " ".join(["prime"] * primes + ([high] if high else []))
        if not low and not high:
            return nucleus
        if is_group:
            scripts = (f", b: {low}" if low else "") + (f", t: {high}" if high else "")
            return f"attach({nucleus or chr(34) * 2}{scripts})"
        return nucleus + (f"_({low})" if low else "") + (f"^({high})" if high else "")

    def argument(self) -> str:
        """A braced group, or one token."""
        if self.peek() == "{":
            self.take()
            return self.until("}") or '""'
        if re.fullmatch(r"\d{2,}.*", self.peek()):
            digits = self.take()
            self.place -= 1
            self.tokens[self.place : self.place + 1] = [digits[0], digits[1:]]
        return self.atom() or '""'

    def atom(self) -> str:
        token = self.take()
        if token == "{":
            return self.until("}")
        if token.startswith("\\") and len(token) > 1:
            return self.command(token)
        if token == "&":
            return "&"
        if token.startswith("\0"):
            return f'"{self.texts[int(token[1:])]}"'
        if token == "~":
            return "space.nobreak"
        if token == "-":
            return "-"
        if token == "*":
            return "*"
        if token == "|":
            return 'class("normal", \\|)'
        if token in "=+:.!" or token.isalnum():
            return token
        if token in _ESCAPED:
            return "\\" + token
        if token in "%\\":
            raise self.fail(f"{token!r} has no meaning")
        return token

    def command(self, token: str) -> str:
        name = token[1:]
        if token == r"\\":
            return "\\"
        if token in _IGNORED:
            return ""
        if name in SPACES:
            return SPACES[name]
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name in OPERATORS:
            return OPERATORS[name]
        if name in ACCENTS:
            return f"{ACCENTS[name]}({self.argument()})"
        if name in STYLES:
            return self.styled(name)
        if name in DELIMITERS:
            return _classed(name, DELIMITERS[name])
        if _SIZES.fullmatch(token):
            return self.delimiter()
        reader = _COMMANDS.get(name)
        if reader is None:
            raise self.fail(f"{token} is not known")
        return reader(self)

    def styled(self, name: str) -> str:
        inner = self.argument()
        letters = inner.replace(" ", "")
        if name == "mathrm" and len(letters) > 1 and letters.isalpha():
            return f'op("{letters}")'  # the name of a function: softmax, Var
        return STYLES[name].replace("_", inner, 1)

    def operator(self) -> str:
        if self.take() != "{":
            raise self.fail(r"\operatorname needs braces")
        starred = self.tokens[self.place - 2].endswith("*")
        name = ""
        while (token := self.take()) != "}":
            if token == r"\,":
                token = " "
            elif not token.isalnum():
                raise self.fail(rf"\operatorname holds {token}")
            name += token
        return f'op("{name}", limits: #{"true" if starred else "false"})'

    def delimiter(self) -> str:
        token = self.take()
        if token == ".":
            return ""
        if token.startswith("\\") and len(token) > 1:
            if token[1:] not in DELIMITERS:
                raise self.fail(f"{token} is no delimiter")
            return DELIMITERS[token[1:]]
        if token not in "()[]|/<>":
            raise self.fail(f"{token} is no delimiter")
        return {"<": "chevron.l", ">": "chevron.r"}.get(token, "\\" + token)

    def fenced(self) -> str:
        left = self.delimiter()
        parts = []
        while self.peek() != r"\right":
            if not self.peek():
                raise self.fail(r"\right is missing")
            if self.peek() == r"\middle":
                self.take()
                parts.append(f"mid({self.delimiter()})")
            else:
                parts.append(self.atom_with_scripts())
        self.take()
        return f"lr({left} {_joined(parts)} {self.delimiter()})"

    def fraction(self) -> str:
        return f"frac({self.argument()}, {self.argument()})"

    def choose(self) -> str:
        return f"binom({self.argument()}, {self.argument()})"

    def root(self) -> str:
        if self.peek() != "[":
            return f"sqrt({self.argument()})"
        self.take()
        return f"root({self.until(']')}, {self.argument()})"

    def stacked(self) -> str:
        over, base = self.argument(), self.argument()
        return f"attach(limits({base}), t: {over})"

    def braced_below(self) -> str:
        return self._braced("underbrace", "_")

    def braced_above(self) -> str:
        return self._braced("overbrace", "^")

    def _braced(self, name: str, sign: str) -> str:
        inner = self.argument()
        if self.peek() != sign:
            return f"{name}({inner})"
        self.take()
        return f"{name}({inner}, {self.argument()})"

    def negated(self) -> str:
        token = self.take()
        known = {"=": "eq.not", r"\in": "in.not", r"\equiv": "equiv.not", r"\sim": "tilde.not"}
        if token not in known:
            raise self.fail(rf"\not{token} is not known")
        return known[token]

    def environment(self) -> str:
        name = self._name()
        if name == "array":
            self.argument()  # the columns' alignment
        rows: list[list[str]] = []
        cells: list[str] = []
        parts: list[str] = []
        while self.peek() != r"\end":
            token = self.peek()
            if not token:
                raise self.fail(rf"\end{{{name}}} is missing")
            if token == "&":
                self.take()
                cells.append(_joined(parts))
                parts = []
            elif token == r"\\":
                self.take()
                rows.append([*cells, _joined(parts)])
                cells, parts = [], []
            elif token == r"\hline":
                raise self.fail(r"\hline is not known")
            else:
                parts.append(self.atom_with_scripts())
        self.take()
        if (closed := self._name()) != name:
            raise self.fail(rf"\end{{{closed}}} closes {name}")
        if cells or parts:
            rows.append([*cells, _joined(parts)])
        return self._set(name, rows)

    def _set(self, name: str, rows: list[list[str]]) -> str:
        if name in _MATRICES:
            lines = "; ".join(", ".join(cell or '""' for cell in row) for row in rows)
            return f"mat(delim: {_MATRICES[name]}, {lines})"
        if name == "cases":
            return f"cases({', '.join(' quad & '.join(row) for row in rows)})"
        if name in _ALIGNED:
            return " \\ ".join(" & ".join(row) for row in rows)
        raise self.fail(f"the environment {name} is not known")

    def _name(self) -> str:
        if self.take() != "{":
            raise self.fail("an environment needs its name")
        name = ""
        while (token := self.take()) != "}":
            name += token
        return name

    def _with_texts(self, raw: list[str]) -> list[str]:
        """The tokens without spaces; each text command is one token that names its text."""
        tokens: list[str] = []
        place = 0
        while place < len(raw):
            token = raw[place]
            place += 1
            if token in (r"\text", r"\textrm", r"\textit", r"\textbf", r"\mbox"):
                while place < len(raw) and raw[place].isspace():
                    place += 1
                end = raw.index("}", place) if "}" in raw[place:] else -1
                if place >= len(raw) or raw[place] != "{" or end < 0:
                    raise self.fail(f"{token} needs braces")
                text = "".join(raw[place + 1 : end])
                if bad := re.search(r"[\\${]", re.sub(r"\\([ _%&#-])", r"\1", text)):
                    raise self.fail(f"{bad[0]} inside {token}")
                text = re.sub(r"\\([ _%&#-])", r"\1", text)
                self.texts.append(text.replace('"', '\\"'))
                tokens.append(f"\0{len(self.texts) - 1}")
                place = end + 1
            elif not token.isspace():
                tokens.append(token)
        return tokens


def _classed(name: str, sign: str) -> str:
    """A fence that stands alone: bars are neither left nor right unless their name says so."""
    if name in ("lvert", "lVert", "rvert", "rVert"):
        return f'class("{"opening" if name[0] == "l" else "closing"}", {sign})'
    return f'class("normal", {sign})' if name in ("|", "vert", "Vert") else sign


def _joined(parts: list[str]) -> str:
    """The parts side by side; a space beside quoted text would be printed, so there is none."""
    text = ""
    for part in filter(None, parts):
        touching = not text or part.startswith('"') or text.endswith('"')
        text += part if touching else f" {part}"
    return text


_COMMANDS: dict[str, Callable[[_Reader], str]] = {
    "frac": _Reader.fraction,
    "dfrac": _Reader.fraction,
    "tfrac": _Reader.fraction,
    "binom": _Reader.choose,
    "sqrt": _Reader.root,
    "left": _Reader.fenced,
    "begin": _Reader.environment,
    "operatorname": _Reader.operator,
    "operatorname*": _Reader.operator,
    "stackrel": _Reader.stacked,
    "overset": _Reader.stacked,
    "underbrace": _Reader.braced_below,
    "overbrace": _Reader.braced_above,
    "not": _Reader.negated,
}
