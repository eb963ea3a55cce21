"""Rung 2: refute at exact points, in ball arithmetic, with the trees as given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flint import acb, arb

from derivations.kernel.balls import Point, Undecided, Undefined, evaluated
from derivations.kernel.verdict import Witness

PRECISIONS = (64, 192, 640)
AGREEMENT = arb(10) ** -50
SHOWN = 8  # entries of families in a witness


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one point says.

    `refutes` and `holds` are certain; `agrees` is to 50 digits; else `undefined` or `undecided`.
    """

    kind: str
    witness: Witness | None = None
    reason: str = ""


def try_point(lhs: Any, rhs: Any, relation: str, point: Point, *, quick: bool = False) -> Outcome:
    """Compare both sides at one point; precision doubles until the balls separate.

    With `quick`, one low precision only: it can refute but never count as agreement.
    """
    outcome = Outcome("undecided", reason="the balls do not separate")
    for bits in PRECISIONS[:1] if quick else PRECISIONS:
        try:
            left, under_left = evaluated(lhs, point, bits)
            right, under_right = evaluated(rhs, point, bits)
        except Undefined as error:
            return Outcome("undefined", reason=str(error))
        except Undecided as error:
            outcome = Outcome("undecided", reason=str(error))
            continue
        except (OverflowError, ValueError, MemoryError, RecursionError) as error:
            return Outcome("undecided", reason=str(error))
        if _violates(left, right, relation):
            shown = (*_named(point), *_entries({**under_left, **under_right}))
            return Outcome("refutes", Witness(shown, *_digits(left, right)))
        if _holds(left, right, relation):
            return Outcome("holds")
        # An absolute bound: beside (x - a)**6000 a relative one would not see a missing term.
        if not quick and relation in ("=", "<=", ">=") and abs(left - right) < AGREEMENT:
            return Outcome("agrees")
    return outcome


def _violates(left: acb, right: acb, relation: str) -> bool:
    if relation == "=":
        return not (left - right).contains(acb(0))
    if not (left.imag.contains(0) and right.imag.contains(0)):
        return True
    difference = left.real - right.real
    return bool(
        {
            "<=": difference > 0,
            ">=": difference < 0,
            "<": difference > 0 or difference.is_zero(),
            ">": difference < 0 or difference.is_zero(),
            "!=": difference.is_zero(),
        }[relation]
    )


def _holds(left: acb, right: acb, relation: str) -> bool:
    """Whether the relation certainly holds here; equality of balls is never certain."""
    difference = left - right
    if relation == "!=":
        return not difference.contains(acb(0))
    if relation == "=" or not (left.imag.is_zero() and right.imag.is_zero()):
        return False
    return bool(difference.real < 0 if relation in ("<", "<=") else difference.real > 0)


def _named(point: Point) -> tuple[tuple[str, str], ...]:
    return tuple((str(symbol), _value(value)) for symbol, value in point.items())


def _entries(found: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The entries of families at the point, so that a reader can follow; the first few of many."""
    shown = [(name, str(value)) for name, value in sorted(found.items())]
    return (
        tuple(shown) if len(shown) <= SHOWN else (*shown[:SHOWN], ("further entries", "not shown"))
    )


def _value(value: Any) -> str:
    if not isinstance(value, tuple):
        return str(value)
    re, im = value
    return f"{re} {'-' if im < 0 else '+'} {abs(im)}i"


def _digits(left: acb, right: acb) -> tuple[str, str]:
    """Decimals of both sides: as many digits as make them differ, four at least."""
    for digits in (4, 6, 10, 20, 40, 80):
        a, b = decimal(left, digits), decimal(right, digits)
        if a != b:
            break
    return a, b


def decimal(value: acb, digits: int) -> str:
    """A decimal whose printed digits are certain: 0.2350, -1/4 as -0.2500, 1 + 2i."""
    real, imaginary = (_arb(part, digits) for part in (value.real, value.imag))
    if imaginary == "0":
        return real
    sign = "" if imaginary.startswith("-") else "+"
    return f"{real} {sign}{imaginary}i" if real != "0" else f"{imaginary}i"


def _arb(ball: arb, digits: int) -> str:
    if ball.is_zero():
        return "0"
    whole = ball.unique_fmpz() if ball.is_exact() else None
    if whole is not None and abs(int(whole)) < 10**12:
        return str(whole)
    text = str(ball.str(digits, radius=False))
    return "0" if text.startswith("0e-") else text
