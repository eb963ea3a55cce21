"""The benchmark's pairs: their labels hold by numbers of another library, and no verdict is wrong.

The evaluator here is mpmath's: sums are unrolled, integrals integrated, derivatives differenced,
limits approached, all to 50 digits at points drawn inside each pair's domain.
"""

import random
import re
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy as sp

from derivations import decide
from tests.benchmarks import pairs as reading
from tests.benchmarks.compare import OURS, Result, report
from tests.benchmarks.pairs import Pair, drawn, free_symbols, kinds, load, points

PAIRS = load()
DIGITS = 50
FAR = 10**40
NEAR_DIGITS = 12
"""Digits to which a body stands at its limit, FAR away or 1/FAR beside the target."""


class Undefined(Exception):
    """A side has no finite value at this point."""


class Evaluator:
    """The value of an expression at a point: symbols and entries of families by their numbers."""

    def __init__(self, point: dict[Any, Any], entries: dict[Any, Any]) -> None:
        self.point, self.entries = point, entries

    def at(self, changes: dict[Any, Any]) -> "Evaluator":
        return Evaluator({**self.point, **changes}, self.entries)

    def value(self, node: Any) -> Any:
        try:
            result = self._value(node)
        except (ZeroDivisionError, ValueError) as error:
            raise Undefined(str(error)) from error
        if not mpmath.isfinite(result):
            raise Undefined(f"{node} is not finite")
        return result

    def _value(self, node: Any) -> Any:
        if node.is_Symbol:
            return self.number(self.point[node])
        if node.is_Rational:
            return mpmath.mpf(int(node.p)) / int(node.q)
        special = SPECIAL_NODES.get(node.func)
        if special is not None:
            return special(self, node)
        if node in CONSTANTS:
            return CONSTANTS[node]()
        return FUNCTIONS[node.func](*[self.value(a) for a in node.args])

    @staticmethod
    def number(value: Any) -> Any:
        if isinstance(value, Fraction):
            return mpmath.mpf(value.numerator) / value.denominator
        if isinstance(value, tuple):
            return mpmath.mpc(*(Evaluator.number(part) for part in value))
        return value

    def whole(self, node: Any) -> int:
        value = self.value(node)
        nearest = int(mpmath.nint(mpmath.re(value)))
        assert abs(value - nearest) < 1e-20, f"{node} is not an integer"
        return nearest

    def truth(self, condition: Any) -> bool:
        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.And):
            return all(self.truth(c) for c in condition.args)
        if isinstance(condition, sp.Or):
            return any(self.truth(c) for c in condition.args)
        if isinstance(condition, sp.Not):
            return not self.truth(condition.args[0])
        difference = self.value(condition.lhs) - self.value(condition.rhs)
        return holds(difference, condition.rel_op.replace("==", "="))


def holds(difference: Any, relation: str, digits: int = DIGITS - 8) -> bool:
    """Whether left minus right, to so many digits, stands in the relation to 0."""
    tolerance = mpmath.mpf(10) ** -digits
    if relation in ("=", "!="):
        return bool(abs(difference) < tolerance) == (relation == "=")
    if abs(mpmath.im(difference)) > tolerance:
        return False
    difference = mpmath.re(difference)
    if relation.startswith(">"):
        relation, difference = relation.replace(">", "<"), -difference
    return bool(difference < (tolerance if relation == "<=" else -tolerance))


def total(evaluator: Evaluator, node: Any, combine: Any, start: int) -> Any:
    body, *limits = node.args
    return over(evaluator, body, limits, combine, start)


def over(evaluator: Evaluator, body: Any, limits: Any, combine: Any, start: int) -> Any:
    if not limits:
        return evaluator.value(body)
    *inner, (index, low, high) = limits  # SymPy lists the innermost limit first
    first = evaluator.whole(low)

    def term(k: Any) -> Any:
        return over(evaluator.at({index: mpmath.mpf(k)}), body, inner, combine, start)

    if high == sp.oo:
        return series(term, first)
    result = mpmath.mpf(start)
    for k in range(first, evaluator.whole(high) + 1):
        result = combine(result, term(k))
    return result


def series(term: Any, first: int) -> Any:
    """An infinite sum: its terms until they vanish, or an extrapolation when they are slow."""
    result, small = mpmath.mpf(0), 0
    for k in range(first, first + 2000):
        value = term(k)
        result += value
        small = small + 1 if abs(value) < mpmath.eps * mpmath.eps else 0
        if small == 5:
            return result
    return mpmath.nsum(term, [first, mpmath.inf])


def integral(evaluator: Evaluator, node: Any) -> Any:
    body, *limits = node.args
    return integrated(evaluator, body, limits)


def integrated(evaluator: Evaluator, body: Any, limits: Any) -> Any:
    if not limits:
        return evaluator.value(body)
    *inner, (variable, low, high) = limits
    ends = [
        mpmath.mpf(f"{'-' * (end == -sp.oo)}inf")
        if end in (sp.oo, -sp.oo)
        else evaluator.value(end)
        for end in (low, high)
    ]
    low, high = sorted(map(mpmath.re, ends))
    # Kinks of these bodies lie at 0, at 1 and at the values of the symbols.
    inside = {evaluator.number(v) for v in (*evaluator.point.values(), Fraction(0), Fraction(1))}
    places = [low, *sorted(p for p in map(mpmath.re, inside) if low < p < high), high]
    value, error = mpmath.quad(
        lambda t: integrated(evaluator.at({variable: t}), body, inner), places, error=True
    )
    if error > mpmath.mpf(10) ** (8 - mpmath.mp.dps):
        raise Undefined("the quadrature does not settle here")
    return value if ends[0] == low else -value


def derivative(evaluator: Evaluator, node: Any) -> Any:
    body, *counts = node.args
    return differenced(evaluator, body, [tuple(c) for c in counts])


def differenced(evaluator: Evaluator, body: Any, counts: Any) -> Any:
    if not counts:
        return evaluator.value(body)
    *inner, (variable, count) = counts
    if isinstance(variable, sp.Indexed):
        key = entry_key(evaluator, variable)

        def moved(t: Any) -> Any:
            return Evaluator(evaluator.point, evaluator.entries.moved(key, t))

    else:

        def moved(t: Any) -> Any:
            return evaluator.at({variable: t})

    place = evaluator.value(variable)
    left, right = (
        mpmath.diff(lambda t: differenced(moved(t), body, inner), place, int(count), direction=side)
        for side in (-1, 1)
    )
    if abs(left - right) > mpmath.mpf(10) ** (10 - mpmath.mp.dps) * max(1, abs(left)):
        raise Undefined("a kink")
    return left


def limit(evaluator: Evaluator, node: Any) -> Any:
    body, variable, target, direction = node.args
    far = mpmath.mpf(FAR)
    if target in (sp.oo, -sp.oo):
        place = far if target == sp.oo else -far
    else:
        place = evaluator.value(target) + (-1 / far if str(direction) == "-" else 1 / far)
    with mpmath.workdps(4 * DIGITS):
        return evaluator.at({variable: place}).value(body)


def piecewise(evaluator: Evaluator, node: Any) -> Any:
    for branch, condition in node.args:
        if evaluator.truth(condition):
            return evaluator.value(branch)
    raise Undefined("no case applies")


def entry_key(evaluator: Evaluator, node: Any) -> Any:
    return (node.base, *map(evaluator.whole, node.indices))


class Entries(dict[Any, Any]):
    """Numbers for the entries of families, drawn when first asked for, or one entry moved."""

    def __init__(self, draw: random.Random, beneath: "Entries | None" = None) -> None:
        super().__init__()
        self.draw, self.beneath = draw, beneath

    def __missing__(self, key: Any) -> Any:
        if self.beneath is not None:
            return self.beneath[key]
        self[key] = drawn(key[0].label, self.draw)
        return self[key]

    def moved(self, key: Any, value: Any) -> "Entries":
        result = Entries(self.draw, self)
        result[key] = value
        return result


def power(base: Any, exponent: Any) -> Any:
    if base == 0 and mpmath.re(exponent) < 0:
        raise Undefined("a power of 0")
    return mpmath.power(base, exponent)


def logarithm(x: Any) -> Any:
    if x == 0:
        raise Undefined("log 0")
    return mpmath.log(x)


def reciprocal(function: Any) -> Any:
    return lambda x: 1 / function(x)


SPECIAL_NODES: dict[Any, Any] = {
    sp.Sum: lambda e, n: total(e, n, lambda a, b: a + b, 0),
    sp.Product: lambda e, n: total(e, n, lambda a, b: a * b, 1),
    sp.Integral: integral,
    sp.Derivative: derivative,
    sp.Limit: limit,
    sp.Piecewise: piecewise,
    sp.Indexed: lambda e, n: e.number(e.entries[entry_key(e, n)]),
}
CONSTANTS: dict[Any, Any] = {
    sp.pi: lambda: +mpmath.pi,
    sp.E: lambda: +mpmath.e,
    sp.I: lambda: mpmath.mpc(0, 1),
    sp.EulerGamma: lambda: +mpmath.euler,
    sp.GoldenRatio: lambda: +mpmath.phi,
    sp.Catalan: lambda: +mpmath.catalan,
}
SAME_NAME = (
    "exp sin cos tan sec csc cot sinh cosh tanh sech csch coth asin acos atan asinh acosh atanh "
    "gamma loggamma erf erfc factorial binomial floor harmonic zeta beta atan2 sign arg"
)
FUNCTIONS: dict[Any, Any] = {
    **{getattr(sp, name): getattr(mpmath, name) for name in SAME_NAME.split()},
    sp.Add: lambda *terms: mpmath.fsum(terms),
    sp.Mul: lambda *factors: mpmath.fprod(factors),
    sp.Pow: power,
    sp.log: logarithm,
    sp.acsch: reciprocal(mpmath.asinh),
    sp.digamma: mpmath.digamma,
    sp.polygamma: mpmath.polygamma,
    sp.ff: mpmath.ff,
    sp.rf: mpmath.rf,
    sp.ceiling: mpmath.ceil,
    sp.Abs: abs,
    sp.re: mpmath.re,
    sp.im: mpmath.im,
    sp.conjugate: mpmath.conj,
    sp.Max: lambda *values: max(map(mpmath.re, values)),
    sp.Min: lambda *values: min(map(mpmath.re, values)),
    sp.Heaviside: lambda x, middle: middle if x == 0 else mpmath.mpf(x > 0),
    sp.KroneckerDelta: lambda i, j: mpmath.mpf(i == j),
}


def heavy(pair: Pair) -> bool:
    return bool((pair.lhs - pair.rhs).atoms(sp.Integral))


def outcomes(pair: Pair, wanted: int) -> list[tuple[bool, dict[Any, Any]]]:
    """Whether the relation holds, at each of so many points where both sides are defined."""
    draw = random.Random(pair.name)
    constant = not free_symbols(pair) and not pair.lhs.has(sp.Indexed)
    found: list[tuple[bool, dict[Any, Any]]] = []
    # An integral costs 1,000 values of its body at each point.
    precision = 30 if heavy(pair) else DIGITS
    digits = NEAR_DIGITS if (pair.lhs - pair.rhs).atoms(sp.Limit) else precision - 8
    for point in points(pair, draw):
        evaluator = Evaluator(point, Entries(draw))
        with mpmath.workdps(precision):
            try:
                if not all(map(evaluator.truth, pair.given)):
                    continue
                sides = [evaluator.value(side) for side in (pair.lhs, pair.rhs)]
            except Undefined:
                continue
            size = max(1, *map(abs, sides))
            found.append((holds((sides[0] - sides[1]) / size, pair.relation, digits), point))
        if len(found) >= wanted or constant or (not pair.truth and not found[-1][0]):
            break
    return found


def test_the_pairs_are_many_and_none_is_empty_and_a_third_are_false():
    false = sum(not pair.truth for pair in PAIRS)
    assert len(PAIRS) >= 420
    assert 0.3 <= false / len(PAIRS) <= 0.4
    read_as_one_tree = [pair.name for pair in PAIRS if pair.lhs == pair.rhs]
    assert not read_as_one_tree, "SymPy makes these identical while reading: they ask nothing"
    for kind in kinds():
        assert {pair.truth for pair in PAIRS if pair.kind == kind} == {True, False}, kind


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_the_label_is_right(pair):
    wanted = 6 if heavy(pair) else 60
    found = outcomes(pair, wanted)
    assert found, f"{pair.text}: no point at which both sides are defined"
    if pair.truth:
        failing = [point for holds_here, point in found if not holds_here]
        assert not failing, f"{pair.text}: fails at {failing[0]}"
    else:
        assert not all(holds_here for holds_here, _ in found), f"{pair.text}: never fails"
        assert not pair.at or not found[0][0], f"{pair.text}: holds at {pair.at}"


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_the_kernel_is_never_wrong(pair):
    verdict = decide(pair.lhs, pair.rhs, pair.relation, pair.given, budget=1.0)
    wrong = verdict.refuted if pair.truth else verdict.proved
    assert not wrong, f"{pair.text}: {verdict.sentence()}"


GOOD = {"name": "p", "symbols": ["x real"], "lhs": "x + 1", "rhs": "x", "truth": False, "why": "1"}
BAD = [
    ({"lhs": "x + y"}, "missing: {y}"),
    ({"lhs": "x +"}, "must be SymPy notation"),
    ({"relation": "~"}, "relation must be one of"),
    ({"why": ""}, "a false pair says why"),
    ({"truth": True}, "a false pair says why"),
    ({"colour": "red"}, "keys must be among"),
    ({"symbols": ["x(y) real"]}, "must be names, then assumptions"),
]


@pytest.mark.parametrize(("change", "message"), BAD)
def test_a_pair_that_is_not_well_formed_is_named(change, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        reading._pair("kind", {**GOOD, **change})


def test_declarations_carry_their_assumptions():
    row = {**GOOD, "symbols": ["x real", "z[] positive family"], "rhs": "z[i] + log(x**2)"}
    pair = reading._pair("kind", row)
    (entry,) = pair.rhs.atoms(sp.Indexed)
    assert entry.is_positive
    assert [s.is_real for s in pair.lhs.free_symbols] == [True]


def test_the_report_shouts_what_is_wrong_and_lists_what_is_undecided():
    pair = reading._pair("kind", GOOD)
    found = {
        OURS: [Result(pair, "yes", "", 1.0), Result(pair, "unknown", "no rule for p", 3.0)],
        "simplify": [Result(pair, "no", "", 8.0), Result(pair, "timeout", "over 5 s", 5000.0)],
    }
    text = report(found, 5.0)
    assert "WRONG: WORKINGS says YES to p, which is FALSE (1)" in text
    assert "false p: no rule for p" in text
    assert "simplify / workings: 1252.0" in text
    rows = {line.split()[0]: line.split()[3:8] for line in text.splitlines() if "%" in line}
    assert rows["workings"] == ["0", "1", "1", "1", "0"]
    assert rows["simplify"] == ["1", "0", "0", "0", "1"]
