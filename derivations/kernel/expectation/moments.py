"""The expectation of a function of one variable: moments, parity, generating functions."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import sympy as sp

from derivations.kernel.expectation.laws import CHECKED_MOMENTS, Bernoulli, Law
from derivations.kernel.expectation.nodes import (
    Declaration,
    E,
    Var,
    declaration_of,
    indices_of,
    label_of,
)
from derivations.kernel.field import GiveUp

MIN_SECONDS = 0.02
MAX_SECONDS = 0.5  # for one integral or sum; the rest of the budget is for a witness


class Moments:
    """Expectations of functions of one variable, and the notes of what they rest on.

    Attributes:
        conditions: what must hold for the formulas used.
        evidence: the properties and distributions used.
    """

    def __init__(self, given: Sequence[Any], deadline: float) -> None:
        self.given, self.deadline = tuple(given), deadline
        self.conditions: dict[str, None] = {}
        self.evidence: dict[str, None] = {}

    def of(self, variable: Any, factors: dict[Any, int]) -> Any:
        """The expectation of the product of the factors; they hold this variable and no other."""
        declaration = declaration_of(variable)
        factors = _signs_reduced(variable, factors, declaration)
        power = factors.get(variable, 0)
        rest = sp.Mul(*[f**k for f, k in factors.items() if f != variable])
        if rest == 1 and power >= 0:
            return self.raw(variable, power)
        if self._is_even(declaration) and _parity(variable, power, rest) == -1:
            self._note(f"{variable} is symmetric about 0, and the function is odd")
            return sp.S.Zero
        if declaration.law is not None and declaration.law.specified:
            value = self._under_law(variable, declaration.law, power, rest)
            if value is not None:
                return value
        return opaque(variable, variable**power * rest)

    def raw(self, variable: Any, k: int) -> Any:
        """E[X^k]."""
        declaration = declaration_of(variable)
        if k == 0:
            return sp.S.One
        if declaration.law is not None and declaration.law.specified:
            return self._table(variable, declaration.law, k)
        declared = dict(declaration.moments)
        if k == 1:
            return declaration.mean if declaration.mean is not None else opaque(variable, variable)
        if k in declared:
            return declared[k]
        mean = self.raw(variable, 1)
        if k == 2:
            variance = declaration.variance
            if variance is None:
                variance = opaque(variable, variable, Var)
            return variance + mean**2
        if declaration.symmetric and k % 2:
            self._note(f"{variable} is symmetric about its mean")
            lower = [
                sp.binomial(k, j) * (-mean) ** (k - j) * self.raw(variable, j) for j in range(k)
            ]
            return sp.expand(-sp.Add(*lower))
        return opaque(variable, variable**k)

    def _is_even(self, declaration: Declaration) -> bool:
        """Whether X and -X have the same distribution."""
        if declaration.law is not None and declaration.law.is_even():
            return True
        return declaration.symmetric and declaration.mean == 0

    def _table(self, variable: Any, law: Law, k: int) -> Any:
        if k > CHECKED_MOMENTS and not isinstance(law, Bernoulli):  # its values are 0 and 1
            raise GiveUp(f"moments of {type(law).__name__} beyond order {CHECKED_MOMENTS}")
        self._note(f"the moments of {variable} ~ {law}")
        return law.moment(k)

    def _under_law(self, variable: Any, law: Law, power: int, rest: Any) -> Any:
        if power >= 0 and isinstance(rest, sp.exp):
            value = self._generating(variable, law, power, rest.args[0])
            if value is not None:
                return value
        if law.family:
            return None
        low, high = law.support()
        if law.discrete and (high - low).is_Integer and high - low <= 20:
            self._note(f"the probabilities of {variable} ~ {law}")
            function = variable**power * rest
            values = [low + k for k in range(int(high - low) + 1)]
            return sp.Add(*[function.subs(variable, v) * law.density(v) for v in values])
        return self._integrated(variable, law, variable**power * rest)

    def _generating(self, variable: Any, law: Law, power: int, exponent: Any) -> Any:
        """E[X^k exp(c X)], the k-th derivative of the moment generating function at c."""
        c = sp.expand(exponent).coeff(variable, 1)
        if sp.expand(exponent - c * variable) != 0 or c.has(variable) or power > CHECKED_MOMENTS:
            return None
        t = sp.Dummy("t", real=True)
        function = law.mgf(t)
        if function is None:
            return None
        self._note(f"the moment generating function of {variable} ~ {law}")
        condition = law.mgf_condition(c)
        if condition == sp.false:
            raise GiveUp("the expectation is not finite")
        if condition != sp.true:
            self.conditions[str(condition)] = None
        return sp.diff(function, t, power).subs(t, c)

    def _integrated(self, variable: Any, law: Law, function: Any) -> Any:
        """The integral or sum against the distribution, in closed form with a certificate."""
        closed = certified()
        if closed is None or self.deadline - time.thread_time() < MIN_SECONDS:
            return None
        x = sp.Dummy("x", real=True, integer=True if law.discrete else None)
        low, high = law.support()
        binder = sp.Sum if law.discrete else sp.Integral
        try:
            value = closed(
                binder(function.xreplace({variable: x}) * law.density(x), (x, low, high)),
                self.given,
                min(self.deadline, time.thread_time() + MAX_SECONDS),
            )
        except GiveUp:
            return None
        self._note(f"the distribution of {variable} ~ {law}")
        self.conditions |= dict.fromkeys(value.conditions)
        self.evidence |= dict.fromkeys(value.evidence)
        return value.value

    def _note(self, text: str) -> None:
        self.evidence[text] = None


def certified() -> Callable[..., Any] | None:
    """The kernel's closed forms of integrals and sums, where that rung is present."""
    try:
        module = import_module("derivations.kernel.calculus")
    except ImportError:
        return None
    closed: Callable[..., Any] | None = getattr(module, "closed", None)
    return closed


def opaque(variable: Any, expression: Any, operator: Any = E) -> Any:
    """An expectation that stays; entries of identical families share it."""
    label = label_of(variable)
    if indices_of(variable) and label.declaration.identical:
        expression = expression.xreplace({variable: label})
    return operator(expression)


def _signs_reduced(
    variable: Any, factors: dict[Any, int], declaration: Declaration
) -> dict[Any, int]:
    """sign^3 = sign; sign^2 = 1 beside a factor X, or where no value has a probability."""
    reduced = dict(factors)
    for base, k in factors.items():
        if not (isinstance(base, sp.sign) and k >= 2):
            continue
        argument = base.args[0]
        certain = argument == variable and factors.get(variable, 0) > 0
        if declaration.continuous:
            slope = sp.expand(argument).coeff(variable, 1)
            line = not sp.expand(argument - slope * variable).has(variable)
            certain = certain or bool(line and slope.is_nonzero)
        reduced[base] = 1 if k % 2 else 2
        if reduced[base] == 2 and certain:
            del reduced[base]
    return reduced


def _parity(variable: Any, power: int, rest: Any) -> int:
    """1 for an even, -1 for an odd function of the variable, 0 for neither or unknown."""
    mirrored = rest.xreplace({variable: -variable})
    sign = 1 if mirrored == rest else -1 if mirrored == -rest else 0
    return -sign if power % 2 else sign
