"""Answers as a written submission holds them: LaTeX in Markdown or in a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from exercises.answers import Array, Derivation, Erratum, Expression, Kind, Number
from exercises.core import ExerciseError, Part
from exercises.formats.as_typed import as_typed


def filters(form: str) -> dict[str, Callable[..., str]]:
    """What the templates of submissions in words apply to a question, or to text."""
    if form == "py":
        return {}
    from exercises.formats.tex import line

    fitting = _in_markdown if form == "md" else str
    return {
        "latex": lambda question: fitting(latex_answer(question.part, question.variant)),
        "how": lambda question: fitting(how(question.part)),
        "plain": line,
        "heading": lambda name: rf"\texttt{{{name}}}".replace("_", r"\_"),
    }


def latex_answer(part: Part, variant: Mapping[str, Any]) -> str:
    """The right answer in LaTeX, as it stands below its heading; nothing for a function."""
    write = _WRITTEN.get(type(part.answer))
    return write(part.answer, part.reference(variant)) if write else ""


def how(part: Part) -> str:
    """How the answer may be written, in one line."""
    return _HOW.get(type(part.answer), "")


def latex(expression: Any) -> str:
    """A formula in LaTeX that reads back as itself; d is upright, as it may be a symbol."""
    from sympy import Derivative
    from sympy.printing.latex import LatexPrinter

    class Printer(LatexPrinter):
        # SymPy prints (d/dx f) g and d/dx (f g) alike.
        def _needs_mul_brackets(self, factor: Any, first: bool = False, last: bool = False) -> bool:
            alone = first and last
            return (isinstance(factor, Derivative) and not alone) or bool(
                super()._needs_mul_brackets(factor, first, last)
            )

    return str(Printer({"diff_operator": "rd"}).doprint(expression))


def _in_markdown(text: str) -> str:
    """LaTeX with the signs that Markdown knows for formulas."""
    signs = {"\\[": "$$", "\\]": "$$", "\\(": "$", "\\)": "$"}
    ends = {"\\begin{align*}": "$$\n\\begin{aligned}", "\\end{align*}": "\\end{aligned}\n$$"}
    for latex_sign, sign in (signs | ends).items():
        text = text.replace(latex_sign, sign)
    return text


def _expression(_: Expression, reference: Any) -> str:
    return f"\\[ {latex(reference)} \\]"


def _derivation(answer: Derivation, reference: Any) -> str:
    lines = [_line(answer, line) for line in reference.lines]
    sign = {"=": "=", "<=>": r"\iff", "=>": r"\implies"}[reference.arrow]
    rows = [lines[0], *(f"&{sign} {line}" for line in lines[1:])]
    body = " \\\\\n".join(rows)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def _number(_: Number, reference: Any) -> str:
    from sympy import Rational, sympify

    exact = sympify(reference)
    return f"\\( {latex(exact) if isinstance(exact, Rational) else _decimal(float(exact))} \\)"


def _array(_: Array, reference: Any) -> str:
    if reference.ndim > 2:
        return _nested(reference)
    rows = reference.reshape(-1, 1) if reference.ndim < 2 else reference
    lines = " \\\\\n".join(" & ".join(_decimal(entry) for entry in row) for row in rows)
    return f"\\[\n\\begin{{pmatrix}}\n{lines}\n\\end{{pmatrix}}\n\\]"


def _nested(array: Any) -> str:
    if array.ndim == 0:
        return _decimal(array)
    return f"[{', '.join(_nested(item) for item in array)}]"


def _erratum(answer: Erratum, reference: Any) -> str:
    return f"{reference.wrong}: \\( {_line(answer, reference.right)} \\)"


def _line(answer: Derivation | Erratum, typed: str) -> str:
    """A line of a model solution in LaTeX.

    Raises:
        ExerciseError: it is no formula.
    """
    if not (made := as_typed(typed, answer.names)):
        raise ExerciseError(f"{answer.name}: {typed!r} in the model solution cannot be read")
    return made


def _decimal(number: float) -> str:
    """A number without a power of ten."""
    from numpy import format_float_positional

    return str(format_float_positional(float(number), trim="-"))


_WRITTEN: dict[type[Kind], Callable[[Any, Any], str]] = {
    Expression: _expression,
    Derivation: _derivation,
    Erratum: _erratum,
    Number: _number,
    Array: _array,
}
_HOW: dict[type[Kind], str] = {
    Expression: r"a formula in a display, \[ ... \]",
    Derivation: r"\begin{align*} start &= first step \\ &= second step \end{align*}",
    Erratum: r"the line's number, a colon and what it should be: 2: \( x + 1 \)",
    Number: r"the number, as 0.25 or \( \frac{1}{4} \)",
    Array: r"\[ \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \], or [[1, 2], [3, 4]]",
}
