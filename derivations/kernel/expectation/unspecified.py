"""Distributions of which only the symbols are given: masses p[i] at values x[i], a density f.

A sum over all values weighted by the masses, or an integral weighted by the density, is an
expectation; it is read as one, so that the masses need never be summed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.kernel.expectation.laws import Law
from derivations.kernel.expectation.nodes import E, RandomSymbol
from derivations.kernel.expectation.terms import indicator


@dataclass(frozen=True)
class Discrete(Law):
    """The value values[i] with probability masses[i], for i from 1 to size."""

    values: Any
    masses: Any
    size: Any
    discrete = True
    specified = False


@dataclass(frozen=True)
class Density(Law):
    """The density f, a function of one real number."""

    function: Any
    specified = False

    @property
    def parameters(self) -> tuple[Any, ...]:
        """None: a function is not an expression."""
        return ()

    def at(self, here: Mapping[Any, Any]) -> Density:  # noqa: ARG002 - nothing to replace
        """The same density."""
        return self


def as_expectations(expression: Any, labels: Sequence[RandomSymbol]) -> Any:
    """The expression with sums over masses and integrals over densities read as expectations."""
    for label in labels:
        law = label.declaration.law
        if isinstance(law, Discrete):
            sums = expression.atoms(sp.Sum)
            found = {s: e for s in sums if (e := _from_sum(s, label, law)) is not None}
        elif isinstance(law, Density):
            integrals = expression.atoms(sp.Integral)
            found = {s: e for s in integrals if (e := _from_integral(s, label, law)) is not None}
        else:
            continue
        expression = expression.xreplace(found)
    return expression


def _from_sum(node: Any, label: RandomSymbol, law: Discrete) -> Any:
    if len(node.args) != 2 or node.args[1][1:] != (1, law.size):
        return None
    index = node.args[1][0]
    return _averaged(node.args[0], index, law.values[index], law.masses[index], label)


def _from_integral(node: Any, label: RandomSymbol, law: Density) -> Any:
    if len(node.args) != 2 or len(node.args[1]) != 3:
        return None
    z, low, high = node.args[1]
    body = node.args[0]
    value = _averaged(body, z, z, law.function(z), label)
    if value is None:
        return None
    inside = [indicator(label > low)] if low != -sp.oo else []
    inside += [indicator(label < high)] if high != sp.oo else []
    return E(value.args[0] * sp.Mul(*inside))


def _averaged(body: Any, index: Any, value: Any, mass: Any, label: RandomSymbol) -> Any:
    """E[g(X)] where the body is g(value) * mass; None where it is not of that form."""
    functions = []
    for term in sp.Add.make_args(body):
        factors = sp.Mul.make_args(term)
        if factors.count(mass) != 1:
            return None
        function = sp.Mul(*[f for f in factors if f != mass])
        if label in function.xreplace({o: sp.Dummy() for o in function.atoms(E)}).free_symbols:
            return None
        functions.append(function.xreplace({value: label}))
    total = sp.Add(*functions)
    return None if total.has(index) or total.has(mass) else E(total)
