"""The worked answer of a part and its marking scheme, for teachers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from exercises.answers import (
    Array,
    Chain,
    Code,
    Derivation,
    Erratum,
    Expression,
    Fault,
    Gradient,
    Kind,
    Number,
)
from exercises.core import Part
from exercises.formats.as_typed import as_typed
from exercises.formats.source import defined, excerpt

_SMALL = 60  # entries of an array that are printed as a matrix


def worked(part: Part, variant: Mapping[str, Any]) -> str:
    """The worked answer, as Markdown."""
    reference = part.reference(variant)
    return _WORKED[type(part.answer)](part.answer, reference)


def scheme(part: Part, variant: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Points and what they are given for: the answer first, then the slips that are known."""
    if isinstance(part.answer, Derivation):
        return part.answer.credit.rows(part.points, len(part.reference(variant).lines) - 1)
    for_answer = {
        Code: "every test passed",
        Gradient: "every test passed",
        Erratum: "the line found and mended",
    }
    full = (str(part.points), for_answer.get(type(part.answer), "the answer"))
    slips = sorted(part.mistakes, key=lambda slip: -slip.credit)
    return (full, *((str(m.credit), f"{m.name.replace('_', ' ')}: {m.help}") for m in slips))


def answer_source(part: Part, variant: Mapping[str, Any]) -> str:
    """The right answer as it stands in a submission."""
    reference, name = part.reference(variant), part.name
    answer = part.answer
    if isinstance(answer, Derivation | Erratum):
        text = reference.text
        return f'{name} = """\n{text}\n"""' if isinstance(answer, Derivation) else _set(name, text)
    if isinstance(answer, Expression):
        from sympy import sstr

        return _set(name, sstr(reference))
    if isinstance(answer, Number):
        return _set(name, _written(reference))
    if isinstance(answer, Array):
        return _set(name, reference.tolist())
    return defined(name, reference, alone=True)


def _set(name: str, value: Any) -> str:
    return f"{name} = {value!r}"


def _written(number: Any) -> Any:
    """A number as a submission holds it: exact where that is short, else a float."""
    from sympy import Rational, sympify

    exact = sympify(number)
    if isinstance(exact, Rational):
        return int(exact) if exact.q == 1 else str(exact)
    return float(exact)


def _expression(_: Any, reference: Any) -> str:
    from sympy import latex, sstr

    return f"$${latex(reference)}$$\n\nTyped: `{sstr(reference)}`"


def _derivation(answer: Derivation, reference: Chain) -> str:
    typed = f"```\n{reference.text}\n```"
    lines = [as_typed(line, answer.names) for line in reference.lines]
    if not all(lines):
        return typed
    sign = {"=": "=", "<=>": r"\Leftrightarrow ", "=>": r"\Rightarrow "}[reference.arrow]
    rows = r" \\ ".join([f"& {lines[0]}", *(f"& \\quad {sign} {line}" for line in lines[1:])])
    return f"$$\\begin{{aligned}} {rows} \\end{{aligned}}$$\n\nTyped:\n\n{typed}"


def _erratum(answer: Erratum, reference: Fault) -> str:
    formula = as_typed(reference.right, answer.names)
    shown = f"$${formula}$$" if formula else f"`{reference.right}`"
    why = f": {reference.why}" if reference.why else ""
    return f"Line {reference.wrong} does not follow{why}.\n\nIt should be:\n\n{shown}"


def _number(answer: Number, reference: Any) -> str:
    from sympy import Integer, N, Rational, latex, sympify

    exact = sympify(reference)
    if isinstance(exact, Integer) or exact.is_Float:
        return f"$${latex(exact)}$$"
    decimal = N(exact, max(answer.digits, 6))
    shown = str(decimal).rstrip("0") if "e" not in str(decimal) else str(decimal)
    if Rational(shown) == exact:
        return f"$${latex(exact)} = {shown}$$"
    return f"$${latex(exact)} \\approx {latex(decimal)}$$"


def _array(_: Any, reference: Any) -> str:
    if reference.ndim > 2 or reference.size > _SMALL or reference.ndim == 0:
        return f"```python\n{reference!r}\n```"
    rows = reference if reference.ndim == 2 else [reference]
    # Adding 0 takes the sign off a zero.
    lines = r" \\ ".join(" & ".join(f"{entry + 0.0:.6g}" for entry in row) for row in rows)
    return f"$$\\begin{{pmatrix}} {lines} \\end{{pmatrix}}$$"


def _code(answer: Code | Gradient, reference: Any) -> str:
    source, left_out = excerpt(answer.name, reference)
    names = ", ".join(f"`{name}`" for name in left_out)
    note = f"\n\nIn full, with {names}, in `solutions.py`." if left_out else ""
    return f"```python\n{source}\n```{note}"


_WORKED: dict[type[Kind], Callable[[Any, Any], str]] = {
    Expression: _expression,
    Derivation: _derivation,
    Erratum: _erratum,
    Number: _number,
    Array: _array,
    Code: _code,
    Gradient: _code,
}
