"""Functions applied to every entry: letters that know their argument."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivations.kernel.matrices.inverses import frozen
from derivations.kernel.matrices.words import NOTHING, Algebra, Element, Letter, same_size

ARGUMENT = sp.Symbol("entry", real=True)


def body_of(function: Any) -> Any:
    """What a function of one number does to `ARGUMENT`."""
    return function(ARGUMENT)


def applied(algebra: Algebra, body: Any, a: Element) -> Element:
    """The function whose value at `ARGUMENT` is `body`, at every entry."""
    if all(same_size(size, sp.S.One) for size in a.shape):
        c = algebra.field.reduce(a.terms.get((), NOTHING))
        value = algebra.field.expression(c.num) / algebra.field.expression(c.den)
        number = algebra.field.of(body.xreplace({ARGUMENT: value}))
        return Element(a.rows, a.columns, {} if number.is_zero() else {(): number})
    body = _canonical(algebra, body)
    if body == ARGUMENT:
        return a
    flipped = algebra.transpose(a)
    key, flipped_key = (body, algebra.key(a)), (body, algebra.key(flipped))
    known = algebra.index.get(("map key", key))
    if known is None:
        data = (body, frozen(a))
        symmetric = key == flipped_key
        turned = data if symmetric else (body, frozen(flipped))
        properties = ("symmetric",) if symmetric else ()
        known = algebra.letter("map", data, turned, a.shape, properties)
        algebra.index["map key", key] = known
        algebra.index["map key", flipped_key] = algebra.flipped[known]
    return algebra.of_letter(known)


def _canonical(algebra: Algebra, body: Any) -> Any:
    """One form for equal functions; the derivative of an unknown function stays as it is."""
    return body if body.has(sp.Derivative) else algebra.field.canonical(body)


def argument(letter: Letter) -> Element:
    """What the function is applied to."""
    return Element(letter.rows, letter.columns, dict(letter.data[1]))


def rate(algebra: Algebra, letter: Letter) -> Element:
    """The derivative of the function, at every entry."""
    return applied(algebra, sp.diff(letter.data[0], ARGUMENT), argument(letter))
