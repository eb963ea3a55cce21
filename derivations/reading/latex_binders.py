r"""What binds a variable in LaTeX: `\frac{d}{dx}`, `\sum_{i=1}^{n}`, `\prod`, `\int ... dx`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import sympy as sp

from derivations.reading.grammar import Node
from derivations.reading.latex_symbols import SymbolReader
from derivations.reading.tokens import Token

_TERM = 10  # binds as tightly as a term of a sum


class BindingReader(SymbolReader):
    """Reads derivatives, sums, products and integrals."""

    def _differential_quotient(self, token: Token) -> Node | None:
        r"""`\frac{d}{dx}`, `\frac{\partial L}{\partial w}` and their like, when this is one."""
        start, brackets = self.place, self.brackets
        if not (self._opens_differential(start) and self._closes_above(start)):
            return None
        self.take()
        if (sign := self.take()).kind == "letter" and "d" in self.names:
            said = (
                r"this may be a derivative or a fraction with d; write \frac{\partial}{\partial x}"
            )
            raise self.error(sign, said)
        self.brackets += 1
        order = self._order()
        body = None if self.is_next("}") else self.formula()
        self._closing("}")
        self._opening_brace()
        variables: list[tuple[Node, int]] = []
        while not self.is_next("}"):
            if not self._is_differential(self.place):
                raise self.error(
                    self.peek(), f"expected d and a variable; {self.found(self.peek())}"
                )
            self.take()
            variable = self._variable()
            variables.append((variable, self._order()))
        self._closing("}")
        self.brackets = brackets
        if sum(times for _, times in variables) != order:
            raise self.error(token, "the orders above and below do not agree")
        if body is not None:
            self._check_depends(body, variables)
            return self._derived(token, body, variables)
        names = [variable.value for variable, _ in variables]
        return self._up_to_last(
            token,
            self.formula(_TERM),
            names,
            r"\frac{d}{dx}",
            lambda body: self._derived(token, body, variables),
        )

    def _up_to_last(
        self,
        token: Token,
        term: Node,
        names: Sequence[str],
        sign: str,
        change: Callable[[Node], Node],
    ) -> Node:
        """A term, differentiated up to the last factor that has one of the variables."""
        factors = _factors(term)
        for name in names:
            if sum(_mentions(factor, self._with(name)) for factor in factors) > 1:
                said = "this may differentiate the whole product or its first factors only"
                raise self.error(token, rf"{said}; write {sign}\left( ... \right)")
        return _up_to(term, {other for name in names for other in self._with(name)}, change)

    def _with(self, name: str) -> Collection[str]:
        """A variable, and the names of the student's own that stand for something with it."""
        return {name, *(own for own, within in self.defined.items() if name in within)}

    def _derived(self, token: Token, body: Node, variables: list[tuple[Node, int]]) -> Node:
        for variable, times in reversed(variables):
            count = self._made("number", token, value=str(times))
            parts = (body, variable, count) if times > 1 else (body, variable)
            body = self._made("call", token, *parts, value="D")
        return body

    def _is_differential(self, place: int) -> bool:
        token = self.tokens[min(place, len(self.tokens) - 1)]
        return token.kind == "differential" or (token.kind, token.value) in (
            ("letter", "d"),
            ("command", "partial"),
        )

    def _opens_differential(self, place: int) -> bool:
        return self.tokens[place].value == "{" and self._is_differential(place + 1)

    def _closes_above(self, place: int) -> bool:
        """Whether a group with a differential follows the group that opens here."""
        depth = 0
        for at in range(place, len(self.tokens)):
            token = self.tokens[at]
            depth += {"{": 1, "}": -1}.get(token.value, 0) if token.kind == "sign" else 0
            if not depth:
                return self._opens_differential(min(at + 1, len(self.tokens) - 1))
        return False

    def _opening_brace(self) -> None:
        if not self.is_next("{"):
            raise self.error(self.peek(), f"expected {{; {self.found(self.peek())}")
        self.take()

    def _closing(self, sign: str) -> None:
        if not self.is_next(sign):
            raise self.error(self.peek(), f"expected {sign}; {self.found(self.peek())}")
        self.take()

    def _order(self) -> int:
        if not self.is_next("^"):
            return 1
        sign = self.take()
        times = self._exponent()
        if times.kind != "number" or not times.value.isdigit() or not 1 <= int(times.value) <= 6:
            raise self.error(sign, "the order of a derivative is a number from 1 to 6")
        return int(times.value)

    def _variable(self) -> Node:
        token = self.take()
        if token.kind not in ("letter", "name"):
            raise self.error(token, f"expected a variable; {self.found(token)}")
        return self._indexed_or_applied(self._made("name", token, value=token.value))

    def _check_depends(self, body: Node, variables: list[tuple[Node, int]]) -> None:
        known = self.names.get(body.value) if body.kind == "name" else None
        if isinstance(known, sp.Symbol) and all(v.value != body.value for v, _ in variables):
            said = f"{body.value} is a symbol of its own here, and its derivative would be 0"
            raise self.error(body.token, f"{said}; write what {body.value} stands for")

    def _summed(self, token: Token) -> Node:
        name = token.value
        low = high = None
        while self.is_next("_", "^") and (low is None or high is None):
            if self.take().value == "_":
                low = self._index_and_start(token)
            else:
                high = self._exponent()
        if low is None or high is None:
            raise self.error(token, f"\\{name} needs its limits here: \\{name}_{{i=1}}^{{n}}")
        index, start = low
        with self.known.bound(index.value):
            body = self.formula(_TERM)
        others = _factors(body)[1:]
        if name == "prod" and not all(_mentions(f, {index.value}) for f in others):
            said = "not every factor has the index, so it is not clear where the product ends"
            raise self.error(token, rf"{said}; write \prod_{{i=1}}^{{n}} \left( ... \right)")
        return self._made("call", token, body, index, start, high, value=name)

    def _index_and_start(self, token: Token) -> tuple[Node, Node]:
        said = f"\\{token.value} needs an index and its start, \\{token.value}_{{i=1}}^{{n}}"
        if not self.is_next("{"):
            raise self.error(token, said)
        self.take()
        self.brackets += 1
        index = self.take()
        if index.kind not in ("letter", "name") or not self.is_next("="):
            raise self.error(index, said)
        self.take()
        start = self.formula()
        self.brackets -= 1
        self._closing("}")
        return self._made("name", index, value=index.value), start

    def _integral(self, token: Token) -> Node:
        limits: dict[str, Node] = {}
        while self.is_next("_", "^") and len(limits) < 2:
            sign = self.take().value
            limits[sign] = self._exponent()
        if len(limits) < 2:
            raise self.error(token, r"\int needs its limits here: \int_{0}^{1} x \, dx")
        self.integrals += 1
        body = self.formula()
        if not self._at_differential():
            said = f"expected the variable of the integral, dx; {self.found(self.peek())}"
            raise self.error(self.peek(), said)
        self.integrals -= 1
        self.take()
        variable = self._variable()
        self.integrated.append(variable.value)
        return self._made("call", token, body, variable, limits["_"], limits["^"], value="int")

    def _at_differential(self) -> bool:
        after = self.tokens[min(self.place + 1, len(self.tokens) - 1)]
        token = self.peek()
        if token.kind == "differential":
            return True
        is_d = (token.kind, token.value) == ("letter", "d") and "d" not in self.names
        return is_d and after.kind in ("letter", "name")


def _factors(node: Node) -> list[Node]:
    """The factors of a product from left to right, those below a slash too."""
    if node.kind == "neg" and not node.value:
        return _factors(node.parts[0])
    found: list[Node] = []
    while node.kind in ("*", "/") and not node.value:
        found.append(node.parts[1])
        node = node.parts[0]
    return [node, *reversed(found)]


def _up_to(node: Node, names: Collection[str], change: Callable[[Node], Node]) -> Node:
    """A product with its factors changed up to the last one that mentions one of the names."""
    if node.kind not in ("*", "/") or node.value:
        return change(node)
    first, last = node.parts
    if _mentions(last, names):
        return change(node)
    return replace(node, parts=(_up_to(first, names, change), last))


def _mentions(node: Node, names: Collection[str]) -> bool:
    return node.value in names or any(_mentions(part, names) for part in node.parts)
