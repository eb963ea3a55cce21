"""The comparison of both sides in one world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from flint import acb, ctx, fmpq

from derivations.kernel.balls import Undecided, Undefined
from derivations.kernel.expectation.enumeration import MAX_OUTCOMES, Enumerator
from derivations.kernel.expectation.worlds import Key, World
from derivations.kernel.field import GiveUp
from derivations.kernel.verdict import Witness
from derivations.kernel.witness import _digits, _violates

PRECISIONS = (64, 192)


def compared(lhs: Any, rhs: Any, relation: str, world: World) -> tuple[str, Witness | None]:
    """Whether one world `refutes` or `holds`, or is `undecided`; with the witness."""
    certain = True
    for bits in PRECISIONS:
        previous, ctx.prec = ctx.prec, bits
        world.averages.clear()
        try:
            evaluator = Enumerator(world, world.point, {})
            keys: set[Key] = evaluator.keys(lhs) | evaluator.keys(rhs)
            for outcome in _possible(world, keys):
                here = Enumerator(world, world.point, outcome)
                left, right = here.number(lhs), here.number(rhs)
                if _clash(left, right, relation):
                    return "refutes", _witness(world, outcome, left, right)
                certain = certain and isinstance(left, fmpq) and isinstance(right, fmpq)
        except Undefined:
            return "undecided", None
        except (Undecided, GiveUp, ArithmeticError, ValueError):
            certain = False
            continue
        finally:
            ctx.prec = previous
        if certain:
            return "holds", None
    return "undecided", None


def _possible(world: World, keys: set[Key]) -> Iterator[dict[Key, fmpq]]:
    """Outcomes of the variables outside all operators; some, where they are infinitely many."""
    rolled = {label for die in world.dice for label in die.labels}
    loose = sorted((k for k in keys if k[0] not in rolled), key=str)
    values = {s: sp.Rational(int(v.p), int(v.q)) for s, v in world.point.items()}
    for _, outcome in world.outcomes({k for k in keys if k[0] in rolled}, MAX_OUTCOMES):
        for step in (1, 2):
            chosen = {}
            for place, (label, indices) in enumerate(loose):
                law = label.declaration.law
                if law is None or law.family:
                    raise Undecided(f"{label} has no values here")
                chosen[label, indices] = _inside(law.at(values), step + place)
            yield outcome | chosen
            if not loose:
                break


def _inside(law: Any, number: int) -> fmpq:
    """A value inside a distribution's support, by its number from 1."""
    low, high = law.support()
    if low == -sp.oo:
        value = sp.Integer(number)
    elif law.discrete or high == sp.oo:
        value = low + number
    else:
        value = low + (high - low) / (number + 1)
    if not (value.is_Rational and value <= high):
        raise Undecided("no rational value inside the support")
    return fmpq(int(value.p), int(value.q))


def _clash(left: Any, right: Any, relation: str) -> bool:
    if isinstance(left, fmpq) and isinstance(right, fmpq):
        holds = {
            "=": left == right,
            "!=": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }
        return not holds[relation]
    return _violates(acb(left), acb(right), relation)


def _witness(world: World, outcome: dict[Key, fmpq], left: Any, right: Any) -> Witness:
    point = [*world.described(), *((str(s), str(v)) for s, v in world.point.items())]
    for (label, indices), value in sorted(world.entries.items(), key=str):
        point.append((f"{label}[{', '.join(map(str, indices))}]", str(value)))
    for (label, indices), value in outcome.items():
        place = f"[{', '.join(map(str, indices))}]" if indices else ""
        point.append((f"the outcome {label.name}{place}", str(value)))
    if isinstance(left, fmpq) and isinstance(right, fmpq):
        return Witness(tuple(point), str(left), str(right))
    return Witness(tuple(point), *_digits(acb(left), acb(right)))
