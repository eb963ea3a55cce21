"""A tree to a SymPy expression, with caps on what SymPy would evaluate at once."""

from __future__ import annotations

import operator
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivations.reading.expectations import random_variables
from derivations.reading.grammar import Node, Reader
from derivations.reading.pieces import between, cases
from derivations.reading.sizes import MAX_SIZE, MAX_USED, size, size_with
from derivations.reading.vectors import (
    TRANSPOSE,
    gradient,
    grid,
    is_matrix,
    norm,
    number,
    transposed,
)
from derivations.reading.vocabulary import (
    BINDERS,
    CALLABLE,
    CONSTANTS,
    DOMAINS,
    FUNCTIONS,
    unknown,
)

MAX_EXPONENT = 100
MAX_BITS = 1200
MAX_FACTORIAL = 200


_JOINS = {"/": operator.truediv, "+": operator.add, "-": operator.sub, "*": operator.mul}
_FORMS = {
    "between": between,
    "cases": cases,
    "norm": norm,
    "gradient": gradient,
    **dict.fromkeys(("grid", "determinant"), grid),
}
_FAST = (sp.factorial, sp.binomial, sp.gamma, sp.beta)


class Meaning:
    """Evaluates the trees of one reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.names: dict[str, Any] = dict(reader.names)
        self.needs: list[Any] = []
        self._variables = [self.names[name] for name in random_variables(self.names)]
        self._used = 0
        self._inside = 0  # how many sums, products and integrals we are in

    def needed(self) -> tuple[Any, ...]:
        """What must hold for the formulas read since the last call to have a value, as written.

        SymPy builds x/x as 1; the divisor of the text is kept here.
        """
        needed, self.needs = tuple(dict.fromkeys(self.needs)), []
        return needed

    def _need(self, condition: Any) -> None:
        # Under a sum or an integral the condition would speak of the bound variable.
        if not self._inside and isinstance(condition, sp.Rel):
            self.needs.append(condition)

    def of(self, node: Node) -> Any:
        """The expression that a tree stands for.

        Raises:
            ParseError: an unknown name, a wrong number of arguments, or a number too large.
        """
        value = self._value(node)
        if value in (sp.nan, sp.zoo, sp.oo, -sp.oo) and node.kind != "name":
            raise self.error(node, "this has no value: something is divided by zero")
        return value

    def error(self, node: Node, message: str) -> Exception:
        """An error at a node."""
        return self.reader.error(node.token, message)

    def _value(self, node: Node) -> Any:
        if node.kind == "number":
            return sp.Rational(node.value)
        if node.kind == "name":
            return self._named(node)
        if node.kind == "entry":
            return self._entry(node)
        if node.kind == "call":
            return self._called(node)
        if node.kind in _FORMS:
            return _FORMS[node.kind](self, node)
        if node.kind == "prime":
            return self._primed(node)
        if node.kind in ("neg", "!"):
            inner = self.of(node.parts[0])
            return -inner if node.kind == "neg" else self._applied(node, sp.factorial, [inner])
        if node.kind == "**":
            self._check_family(node)
        left = self.of(node.parts[0])
        if node.kind == "**":
            turned = transposed(self, node, left, node.parts[1])
            return self._power(node, left, self.of(node.parts[1])) if turned is None else turned
        right = self.of(node.parts[1])
        if node.kind == "/":
            if right == 0:
                raise self.error(node, "this divides by zero")
            if is_matrix(right):
                raise self.error(
                    node, "nothing is divided by a matrix; write A^{-1} for its inverse"
                )
            self._need(sp.Ne(right, 0))
        try:
            value = number(_JOINS[node.kind](left, right))
        except (TypeError, AttributeError, ValueError) as error:
            raise self.error(node, f"{node.kind} cannot join these two") from error
        if is_matrix(value):
            self._check_size(node, value)
        return self._sized(node, value)

    def _check_size(self, node: Node, value: Any) -> None:
        if sum(size(entry, MAX_SIZE) for entry in value.args) > MAX_SIZE:
            raise self.error(node, "this matrix is too large a formula")

    def _check_family(self, node: Node) -> None:
        base, exponent = node.parts
        family = isinstance(self.names.get(base.value), sp.IndexedBase) and base.kind == "name"
        if family and exponent.kind == "name" and exponent.value == TRANSPOSE:
            said = f"{base.value} is known by its entries here"
            raise self.error(
                node, f"{said}; write \\sum_{{i=1}}^{{n}} {base.value}_i y_i and so on"
            )

    def _sized(self, node: Node, value: Any) -> Any:
        if (
            not is_matrix(value)
            and value.is_Rational
            and max(abs(int(value.p)), int(value.q)).bit_length() > MAX_BITS
        ):
            raise self.error(node, "this number is too large")
        return value

    def _power(self, node: Node, base: Any, exponent: Any) -> Any:
        if is_matrix(base) or is_matrix(exponent):
            return self._matrix_power(node, base, exponent)
        size = self._exponent_size(exponent)
        inner = self._exponent_size(base.exp) if base.is_Pow else 1
        if base != sp.E and size * max(1, inner) > MAX_EXPONENT:
            raise self.error(node, f"exponents may be up to {MAX_EXPONENT} in size")
        if base == 0 and exponent.is_negative:
            raise self.error(node, "this divides by zero")
        if exponent.is_negative:
            self._need(sp.Ne(base, 0))
        if base.is_Rational and exponent.is_Rational:
            bits = max(abs(int(base.p)), int(base.q)).bit_length()
            if bits * max(1, size) > MAX_BITS:
                raise self.error(node, "this number is too large")
        return base**exponent

    def _matrix_power(self, node: Node, base: Any, exponent: Any) -> Any:
        if exponent not in (sp.Integer(-1), sp.Integer(2), sp.Integer(3)):
            raise self.error(node, "of a matrix the powers -1, 2 and 3 are read, and ^\\top")
        try:
            self._check_size(node, base)
            value = base**exponent
            self._check_size(node, value)
            return number(value)
        except (TypeError, ValueError, sp.ShapeError) as error:
            raise self.error(node, "this matrix has no such power") from error

    def _exponent_size(self, exponent: Any) -> Any:
        """How large the numbers in an exponent are; a symbol counts 1."""
        numbers = [abs(n) for n in exponent.atoms(sp.Rational)]
        return max(numbers, default=1)

    def _named(self, node: Node) -> Any:
        name = node.value
        known = self.names.get(name)
        if isinstance(known, sp.IndexedBase):
            raise self.error(node, f"{name} is a family; write {name}[i] for one entry")
        if name in self.reader.defined:
            self._use(node, size(known))
        if isinstance(known, sp.Lambda) and name in self.reader.defined:
            return known.expr  # L, where L(w) was given a meaning
        if known is not None and not callable(known):
            return known
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in ("oo", "inf", "infinity"):
            raise self.error(node, "infinity stands only as a limit of a sum or an integral")
        family, _, index = name.partition("_")
        if index and isinstance(self.names.get(family), sp.IndexedBase):
            return self.names[family][self._subscript(node, index)]
        if name in CALLABLE or name in self.names:
            raise self.error(node, f"{name} takes an argument: {name}(...)")
        raise self.error(node, unknown(name, self.names))

    def _use(self, node: Node, parts: int) -> None:
        """Count what the names of the text's own bring in, which no cap on the text sees."""
        self._used += parts
        if self._used > MAX_USED:
            raise self.error(node, "written out, the names defined here make too long a text")

    def _subscript(self, node: Node, index: str) -> Any:
        if index.isdigit():
            return sp.Integer(index)
        if index in self.names:
            return self.names[index]
        raise self.error(node, f"the index {index} is not known here")

    def _entry(self, node: Node) -> Any:
        family = self.names.get(node.value)
        if not isinstance(family, sp.IndexedBase):
            raise self.error(node, f"{node.value} has no entries; use round brackets for grouping")
        indices = [self.of(part) for part in node.parts]
        try:
            return family[tuple(indices)]
        except (IndexError, TypeError) as error:
            raise self.error(node, f"{node.value}[...] takes other indices") from error

    def _called(self, node: Node) -> Any:
        name = node.value
        own = self.names.get(name)
        if name in self.reader.operators:
            return self._averaged(node, own)
        if own is not None and callable(own):
            return self._applied(node, own, [self.of(part) for part in node.parts])
        if name in BINDERS:
            return self._bound(node, BINDERS[name])
        if name not in FUNCTIONS:
            raise self.error(node, unknown(name, self.names))
        function, fewest, most = FUNCTIONS[name]
        self._check_count(node, fewest, most)
        arguments = [self.of(part) for part in node.parts]
        if name in DOMAINS and arguments[0].is_real is not False:
            self._need(DOMAINS[name](arguments[0]))
        return self._applied(node, function, arguments)

    def _check_count(self, node: Node, fewest: int, most: int) -> None:
        if not fewest <= len(node.parts) <= most:
            wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
            said = f"{node.value} takes {wanted} argument{'s' * (most > 1)}"
            raise self.error(node, f"{said}; it has {len(node.parts)}")

    def _averaged(self, node: Node, operator: Any) -> Any:
        """An expectation, a variance or a covariance, left as it stands."""
        self._check_count(node, operator.operands, operator.operands)
        before = len(self.needs)
        value = operator(*(self.of(part) for part in node.parts))
        # What must hold of a variable that is averaged over is no condition on the line.
        self.needs[before:] = [n for n in self.needs[before:] if not n.has(*self._variables)]
        return value

    def _applied(self, node: Node, function: Any, arguments: list[Any]) -> Any:
        if any(is_matrix(argument) for argument in arguments) and node.value in FUNCTIONS:
            said = f"{node.value} takes a number here; this is a vector or a matrix"
            raise self.error(node, f"{said}: write it with the entries")
        if isinstance(function, sp.Lambda):
            parts = [size_with(function.expr, function.variables[0], a) for a in arguments]
            self._use(node, max(parts))
            if max(parts) > MAX_SIZE:
                raise self.error(node, f"written out, {node.value} makes too long a formula here")
        if function in _FAST:
            # These compute large integers at once.
            for argument in arguments:
                if argument.is_number and not abs(argument) <= MAX_FACTORIAL:
                    raise self.error(node, f"an argument may be up to {MAX_FACTORIAL} here")
        try:
            return sp.sympify(function(*arguments))
        except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
            raise self.error(node, f"{node.value or '!'} cannot be applied here") from error

    def _bound(self, node: Node, kind: str) -> Any:
        if kind == "derivative":
            return self._derivative(node)
        if len(node.parts) != 4:
            said = f"{node.value} takes 4 arguments, as in {node.value}(x, i, 1, n)"
            raise self.error(node, f"{said}; it has {len(node.parts)}")
        body, index, *ends = node.parts
        if index.kind != "name":
            raise self.error(index, "the second argument must be the name of the index")
        low, high = (self.limit(end) for end in ends)
        variable = self.variable(index.value, integer=kind != "integral")
        outer = self.names
        self.names = {**outer, index.value: variable}
        self._inside += 1
        try:
            inside = self.of(body)
        finally:
            self.names = outer
            self._inside -= 1
        make = {"sum": sp.Sum, "product": sp.Product, "integral": sp.Integral}[kind]
        return make(inside, (variable, low, high))

    def variable(self, name: str, *, integer: bool) -> Any:
        """The variable that a sum or an integral binds."""
        known = self.names.get(name)
        if isinstance(known, sp.Symbol) and (known.is_integer if integer else known.is_real):
            return known
        return sp.Symbol(name, integer=True) if integer else sp.Symbol(name, real=True)

    def limit(self, node: Node) -> Any:
        """A limit of a sum or an integral, which may be infinite."""
        if node.kind == "name" and node.value in ("oo", "inf", "infinity"):
            return sp.oo
        if node.kind == "neg" and node.parts[0].value in ("oo", "inf", "infinity"):
            return -sp.oo
        return self.of(node)

    def _derivative(self, node: Node) -> Any:
        if not 2 <= len(node.parts) <= 3:
            raise self.error(node, f"write {node.value}(f, x), or {node.value}(f, x, 2)")
        body, variable, *times = (self.of(part) for part in node.parts)
        if not isinstance(variable, sp.Symbol | sp.Indexed):
            raise self.error(node.parts[1], "the second argument must be a variable")
        order = times[0] if times else sp.S.One
        if not (order.is_Integer and 1 <= order <= 6):
            raise self.error(node.parts[2], "the order of a derivative is a number from 1 to 6")
        return sp.Derivative(body, (variable, order)) if times else sp.Derivative(body, variable)

    def _primed(self, node: Node) -> Any:
        """The derivative of a function at a place: f'(2x) is not that of f(2x)."""
        (call,), order = node.parts, int(node.value)
        place = self.of(call.parts[0])
        for symbol in sorted(place.free_symbols, key=str):
            slope = sp.diff(place, symbol)
            if isinstance(symbol, sp.Symbol) and slope.is_Rational and slope != 0:
                return sp.Derivative(self.of(call), (symbol, order)) / slope**order
        variable = sp.Dummy("u", real=True)
        outer = self.names
        self.names = {**outer, "": variable}
        try:
            applied = self.of(Node("call", call.token, (Node("name", call.token),), call.value))
        finally:
            self.names = outer
        derivative = sp.Subs(sp.Derivative(applied, (variable, order)), variable, place)
        return derivative if isinstance(applied, AppliedUndef) else derivative.doit()
