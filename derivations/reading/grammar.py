"""Tokens to a tree, by precedence climbing; nothing is evaluated here.

Juxtaposition is multiplication (`2x`, `a(1 - a)`), and refused where readers would differ (`1/2x`,
`e^2t`): a wrong guess would be marked as the student's error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from derivations.reading.expectations import operators, random_variables
from derivations.reading.tokens import ParseError, Source, Token

MAX_DEPTH = 60
MAX_NODES = 600
RELATIONS = ("=", "<=", ">=", "<", ">")
ARROWS = ("<=>", "=>")
_BINDS = {"+": 10, "-": 10, "*": 20, "/": 20}
_SIGN_BINDS, _POWER_BINDS = 25, 30
_OPENING = {
    "(": ")",
    "[": "]",
    "{": "}",
    "\\{": "\\}",
    "|": "|",
    "|(": "|)",
    ".(": "|)",
    "‖": "‖",
    "‖(": "‖)",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A number, a name, an operation or a call.

    Attributes:
        kind: number, name, call, entry, or the operator: + - * / ** neg !.
        token: where it stands.
        parts: its operands or arguments.
        value: the number's text, or the name.
    """

    kind: str
    token: Token
    parts: tuple[Node, ...] = ()
    value: str = ""


class Reader:
    """Reads the formulas of one text.

    Args:
        source: the text.
        names: what the exercise calls by name.
        functions: the names that take arguments everywhere.
    """

    def __init__(self, source: Source, names: Mapping[str, Any], functions: Iterable[str]) -> None:
        self.source = source
        self.operators = operators(names)
        self.names = {**names, **self.operators}
        self.functions = frozenset(functions)
        self.tokens = list(source.tokens())
        self.place = 0
        self.depth = 0
        self.brackets = 0
        self.nodes = 0
        self.exponent_end = -1  # the place after an exponent that has no brackets
        self.integrated: list[str] = []  # the variables of the integrals read so far
        self.defined: dict[str, set[str]] = {}  # the text's own names, with what they depend on
        self.continues = ""  # whether a line may begin with an operator: "", "always" or "alone"

    def peek(self) -> Token:
        """The token to come; newlines inside brackets are spaces."""
        while self.brackets and self.tokens[self.place].kind == "newline":
            self.place += 1
        return self.tokens[self.place]

    def take(self) -> Token:
        """The token to come, consumed."""
        token = self.peek()
        if token.kind != "end":
            self.place += 1
        return token

    def is_next(self, *signs: str) -> bool:
        """Whether one of these signs comes next."""
        token = self.peek()
        return token.kind == "sign" and token.value in signs

    def skip_newlines(self) -> None:
        """Go to the next line that holds something."""
        while self.tokens[self.place].kind == "newline":
            self.place += 1

    def formula(self, binds: int = 0) -> Node:
        """One formula, as far as its operators bind tighter than `binds`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(self.peek(), f"the formula is nested deeper than {MAX_DEPTH} levels")
        left, last = self._operand(), ""
        while True:
            token = self.peek()
            if token.kind == "newline" and self._goes_on():
                self.skip_newlines()
            elif token.kind == "sign" and _BINDS.get(token.value, 0) > binds:
                last = token.value
                self.take()
                self.skip_newlines()
                left = self._made(last, token, left, self.formula(_BINDS[last]))
            elif self._juxtaposed(token) and binds < _BINDS["*"]:
                self._check_clear(last, token)
                left = self._made("*", token, left, self.formula(_BINDS["*"]))
            elif (made := self._followed(left, token, binds)) is not None:
                left = made
            else:
                break
        self.depth -= 1
        return left

    def error(self, token: Token, message: str) -> ParseError:
        """An error at a token."""
        return self.source.at(token, message)

    def found(self, token: Token) -> str:
        """The token in words."""
        if token.kind in ("end", "newline"):
            return "the line ends"
        return f"{token.value!r} came"

    def _made(self, kind: str, token: Token, *parts: Node, value: str = "") -> Node:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.error(token, f"the formula has more than {MAX_NODES} parts")
        return Node(kind, token, parts, value)

    def _goes_on(self) -> bool:
        """Whether the next line goes on with this one."""
        return False

    def _followed(self, left: Node, token: Token, binds: int) -> Node | None:  # noqa: ARG002
        """What a sign behind a formula makes of it, if this is one."""
        return None

    def _juxtaposed(self, token: Token) -> bool:
        return token.kind in ("name", "number") or (token.kind == "sign" and token.value == "(")

    def _check_clear(self, last: str, token: Token) -> None:
        """Refuse a product without a sign that readers would read in two ways."""
        if token.kind == "number":
            raise self.error(token, f"a sign is missing before {token.value}; write * for times")
        if last == "/":
            raise self.error(
                token,
                "it is not clear what belongs to the denominator; write brackets, 1/(2*x) or "
                "(1/2)*x",
            )
        if self.place == self.exponent_end and token.kind == "name" and not token.spaced:
            raise self.error(
                token,
                "it is not clear what belongs to the exponent; write brackets, e^(2*t) or (e^2)*t",
            )

    def _operand(self) -> Node:
        """A signed operand with its powers and factorials."""
        token = self.peek()
        if token.kind == "sign" and token.value in ("+", "-"):
            self.take()
            inner = self.formula(_SIGN_BINDS)
            return inner if token.value == "+" else self._made("neg", token, inner)
        return self._powered(self._atom())

    def _powered(self, base: Node) -> Node:
        while True:
            token = self.peek()
            if token.kind == "sign" and token.value == "!":
                self.take()
                base = self._made("!", token, base)
            elif token.kind == "raised":
                self.take()
                exponent = Node("number", token, (), token.value.lstrip("-"))
                if token.value.startswith("-"):
                    exponent = Node("neg", token, (exponent,))
                base = self._made("**", token, base, exponent)
            elif token.kind == "sign" and token.value == "**":
                self.take()
                self.skip_newlines()
                exponent = self.formula(_POWER_BINDS)
                if self.tokens[self.place - 1].kind in ("number", "name"):
                    self.exponent_end = self.place
                return self._made("**", token, base, exponent)
            elif token.kind == "sign" and token.value == "'":
                said = "a prime does not say the variable; write D(f, x) for the derivative"
                raise self.error(token, said)
            else:
                return base

    def _atom(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self._made("number", token, value=token.value)
        if token.kind == "name":
            return self._named(token)
        if token.kind == "sign" and token.value in ("(", "[", "{"):
            if token.value != "(":
                raise self.error(token, f"use round brackets for grouping, not {token.value}")
            inner = self._enclosed(token)
            if len(inner) != 1:
                raise self.error(token, "a list has no place here; expected one formula in (...)")
            return inner[0]
        if token.kind == "sign" and token.value == "|":
            raise self.error(token, "bars are not read; write abs(x)")
        if token.kind in ("end", "newline"):
            raise self.error(token, "the formula ends where a number, a name or ( was expected")
        if token.value in ("*", "/"):
            raise self.error(token, f"{token.value!r} stands where a number, a name or ( belongs")
        raise self.error(token, f"expected a number, a name or (; {self.found(token)}")

    def _enclosed(self, opening: Token) -> tuple[Node, ...]:
        """The formulas up to the closing bracket; the opening one is consumed already."""
        closing = _OPENING[opening.value]
        self.brackets += 1
        items: list[Node] = []
        while True:
            if self.is_next(closing) and not items:
                raise self.error(self.peek(), "there is nothing between the brackets")
            items.append(self.formula())
            token = self.peek()
            if token.kind == "sign" and token.value == ",":
                self.take()
                continue
            if token.kind == "sign" and token.value == closing:
                break
            if token.kind == "sign" and token.value in RELATIONS:
                raise self.error(
                    token, f"{token.value} stands inside brackets; a relation goes between sides"
                )
            if token.kind == "end":
                raise self.error(opening, f"this {opening.value} is never closed")
            if token.value == "\\mid" or (self.operators and token.value == "|"):
                said = "what is given behind a bar is not read here"
                raise self.error(token, f"{said}; write what the conditional value is")
            raise self.error(token, f"expected {closing} or an operator; {self.found(token)}")
        self.brackets -= 1
        self.place += 1
        return tuple(items)

    def _named(self, token: Token) -> Node:
        name = token.value
        if name in self.operators:
            return self._averaged(token)
        if self.is_next("["):
            opening = self.take()
            return self._made("entry", token, *self._enclosed(opening), value=name)
        if name == "d" and name not in self.names and self.is_next("/"):
            return self._differentiated(token)
        if self.is_next("'"):
            return self._primed(token)
        takes = name in self.functions or callable(self.names.get(name))
        known = name in self.names and not callable(self.names[name])
        if takes and not known:
            if self.is_next("("):
                opening = self.take()
                return self._made("call", token, *self._enclosed(opening), value=name)
            after = self.peek()
            if after.kind == "sign" and after.value == "**":
                raise self.error(after, f"write the power last: {name}(x)^2")
            if name not in self.names and after.kind in ("name", "number"):
                raise self.error(after, f"write brackets: {name}({after.value})")
        return self._made("name", token, value=name)

    def _differentiated(self, token: Token) -> Node:
        """`d/dx (...)`."""
        self.take()
        below = self.take()
        variable = below.value[1:]
        if not (below.kind == "name" and below.value[0] == "d" and variable and self.is_next("(")):
            raise self.error(token, "write derivatives as D(f, x), or as d/dx (f) with brackets")
        inner = self._enclosed(self.take())
        if len(inner) != 1:
            raise self.error(token, "one formula is differentiated, d/dx (f)")
        name = self._made("name", below, value=variable)
        return self._made("call", token, inner[0], name, value="D")

    def _primed(self, token: Token) -> Node:
        """`f'(x)`."""
        primes = 0
        while self.is_next("'"):
            sign = self.take()
            primes += 1
        if primes > 3 or not self.is_next("("):
            said = "a prime stands behind a function, f'(x); write D(f, x) for the derivative"
            raise self.error(sign, said)
        argument = self._enclosed(self.take())
        if len(argument) != 1:
            raise self.error(sign, "a prime stands behind a function of one argument, f'(x)")
        call = self._made("call", token, *argument, value=token.value)
        return self._made("prime", token, call, value=str(primes))

    def _averaged(self, token: Token) -> Node:
        """`E(...)`, `Var(...)` or `Cov(..., ...)`; square brackets are as good as round ones."""
        name = token.value
        if not self.is_next("(", "[", "\\{"):
            about = ", ".join(random_variables(self.names))
            said = f"{name} needs brackets, {name}(...); the random variables here are {about}"
            if self.is_next("**"):
                said = f"write the power last: {name}(...)^2, or inside: {name}(...^2)"
            raise self.error(token, said)
        return self._made("call", token, *self._enclosed(self.take()), value=name)
