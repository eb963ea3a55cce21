"""The lines of a chain, as the body of a claim yields them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import sympy as sp

Kind = Literal["start", "eq", "le", "ge", "lt", "gt", "implies", "via", "rounds", "misprint"]

RELATION = {"eq": "=", "le": "<=", "ge": ">=", "lt": "<", "gt": ">"}


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One line of a chain, before it is judged.

    Attributes:
        kind: the name of the function that made it.
        relation: how it stands to the line before: one of = <= >= < >.
        expression: the line itself, a SymPy expression; for `implies` a SymPy relation.
        note: the reason in words, as printed beside the line; for a misprint what went wrong.
        given: for `start`, the SymPy relations that hold along the chain.
        supported: the reason why the line has no proof; empty when it must be proved.
        printed: for `rounds`, the decimal as printed.
        by: for `implies`, the factor that turns the premise into the conclusion.
        misprinted: for `misprint`, the line as printed.
        then: for `misprint`, whether the notes go on from their misprint.
    """

    kind: Kind
    relation: str = "="
    expression: Any = None
    note: str = ""
    given: tuple[Any, ...] = ()
    supported: str = ""
    printed: str = ""
    by: Any = None
    misprinted: Step | None = None
    then: Literal["corrected", "printed"] = "corrected"


def start(expression: Any, given: Sequence[Any] = ()) -> Step:
    """Where a chain begins: the left side of its first printed line.

    Args:
        expression: a SymPy expression, or a relation from which `implies` goes on.
        given: SymPy relations that hold along the chain besides the symbols' own assumptions.
    """
    return Step("start", expression=sp.sympify(expression, strict=True), given=tuple(given))


def _printed(kind: Kind, expression: Any, note: str, supported: str) -> Step:
    relation = RELATION[kind]
    return Step(kind, relation, sp.sympify(expression, strict=True), note, supported=supported)


def eq(expression: Any, note: str = "", *, supported: str = "") -> Step:
    """A printed line that equals the line before it.

    Args:
        expression: the line.
        note: the reason that the notes give.
        supported: why there is no proof; then the verdict must be `supported`, neither more
            nor less, so that the reason goes when a proof comes.
    """
    return _printed("eq", expression, note, supported)


def le(expression: Any, note: str = "", *, supported: str = "") -> Step:
    """A printed line that the line before it is at most."""
    return _printed("le", expression, note, supported)


def ge(expression: Any, note: str = "", *, supported: str = "") -> Step:
    """A printed line that the line before it is at least."""
    return _printed("ge", expression, note, supported)


def lt(expression: Any, note: str = "", *, supported: str = "") -> Step:
    """A printed line that the line before it is below."""
    return _printed("lt", expression, note, supported)


def gt(expression: Any, note: str = "", *, supported: str = "") -> Step:
    """A printed line that the line before it is above."""
    return _printed("gt", expression, note, supported)


def implies(conclusion: Any, note: str = "", *, by: Any = None) -> Step:
    """A printed relation that follows from the relation before it.

    Args:
        conclusion: a SymPy relation, unevaluated.
        note: the reason that the notes give.
        by: a factor k with `conclusion.lhs - conclusion.rhs = k (premise.lhs - premise.rhs)`:
            the certificate of the step. Without it the conclusion must hold by itself, with the
            premise among the assumptions.
    """
    factor = None if by is None else sp.sympify(by, strict=True)
    return Step("implies", expression=sp.sympify(conclusion, strict=True), note=note, by=factor)


def via(expression: Any, note: str = "") -> Step:
    """A line of our own that equals the line before it and is not in the notes."""
    return Step("via", "=", sp.sympify(expression, strict=True), note)


def rounds(printed: str, note: str = "") -> Step:
    """A printed decimal, which the line before it rounds to: within half a unit of its last place.

    Raises:
        ValueError: the text is not a finite decimal.
    """
    unit_of(printed)
    return Step("rounds", "≈", sp.Rational(printed), note, printed=printed)


def unit_of(printed: str) -> Any:
    """One unit of the last place of a decimal: 1/1000 for "0.993".

    Raises:
        ValueError: the text is not a finite decimal.
    """
    from decimal import Decimal, InvalidOperation

    try:
        exponent = Decimal(printed).as_tuple().exponent
    except InvalidOperation:
        exponent = "n"
    if not isinstance(exponent, int):
        raise ValueError(f"rounds: the printed value must be a finite decimal; got {printed!r}")
    return sp.Integer(10) ** exponent


def misprint(printed: Any, why: str, then: Literal["corrected", "printed"] = "corrected") -> Step:
    """A printed line that is wrong; the next line must be its correction.

    Args:
        printed: the line as printed: an expression that is claimed to equal the line before it, or
            another kind of line, such as `le(x)` or `rounds("0.880")`.
        why: what went wrong, for the list of errata.
        then: "printed" when the notes go on from the misprint, so that the line after the
            correction is judged against the misprint.

    Raises:
        ValueError: the reason is missing, or `printed` is not a printed line.
    """
    line = printed if isinstance(printed, Step) else eq(printed)
    if not why.strip():
        raise ValueError("misprint: say what went wrong, for the list of errata")
    if line.kind in ("start", "via", "misprint"):
        raise ValueError(f"misprint: {line.kind} is not a printed line")
    return replace(line, kind="misprint", note=why, misprinted=line, then=then)
