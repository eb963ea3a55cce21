r"""LaTeX to the same tree as typed formulas: `\frac{a}{b}`, `\sum_{i=1}^{n} x_i`, `\sigma'(z)`.

A product is written by standing side by side, and every letter is a name of its own unless the
question knows the whole word. Where readers would differ (`\log x y`, `\frac{d}{dx} x e^x`) both
readings are named and neither is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import Any

from derivations.reading.grammar import ARROWS, RELATIONS, Node
from derivations.reading.latex_symbols import OPENS, OPERAND, whole
from derivations.reading.latex_vectors import VectorReader
from derivations.reading.tokens import Source, Token

_SPELLED = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "ln": "log"}


class LatexReader(VectorReader):
    """Reads the formulas of one text with LaTeX."""

    def __init__(self, source: Source, names: Mapping[str, Any]) -> None:
        super().__init__(source, names)
        self._commands: Mapping[str, Callable[[Token], Node]] = {
            **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), self._fraction),
            **dict.fromkeys(("binom", "dbinom", "tbinom"), self._binomial),
            **dict.fromkeys(("sum", "prod"), self._summed),
            "int": self._integral,
            "nabla": self._gradient,
            "sqrt": self._root,
            **dict.fromkeys(("hat", "widehat"), lambda token: self._accented(token, "hat")),
            **dict.fromkeys(("bar", "overline"), lambda token: self._accented(token, "bar")),
            **dict.fromkeys(("tilde", "widetilde"), lambda token: self._accented(token, "tilde")),
            "dot": lambda token: self._accented(token, "dot"),
        }

    def peek(self) -> Token:
        """The token to come; what cannot be read is refused when it is come to."""
        token = super().peek()
        if token.kind == "unread":
            raise self.error(token, token.value)
        return token

    def _goes_on(self) -> bool:
        r"""Whether the next row begins with an operator, as \\ &\quad + x does.

        Between equations -x = 2 would be one of its own: there a row that goes on has no relation.
        """
        after = self.tokens[self.place + 1]
        begins = after.kind == "sign" and after.value in ("+", "-", "*", "/")
        if not (self.continues and begins and self.tokens[self.place].value.startswith("\\\\")):
            return False
        row = takewhile(lambda t: t.kind not in ("newline", "end"), self.tokens[self.place + 1 :])
        related = any(t.kind == "sign" and t.value in (*RELATIONS, *ARROWS) for t in row)
        return self.continues == "always" or not related

    # What stands side by side

    def _juxtaposed(self, token: Token) -> bool:
        if (self.integrals and self._at_differential()) or self._at_bar(token):
            return False
        if token.kind == "sign":
            bar = (token.value == "|" and not self.bars) or (token.value == "‖" and not self.norms)
            return token.value in (*OPENS, "‖(") or bar
        return token.kind in ("number", "letter", "name", "function", "command", "matrix", "cases")

    def _check_clear(self, last: str, token: Token) -> None:
        if self.tokens[self.place - 1].kind == "newline":
            said = "a new line is no product; end the line before with an operator, or with \\cdot"
            raise self.error(token, said)
        if token.kind == "number":
            said = f"a sign is missing before {token.value}; write \\cdot for times"
            raise self.error(token, said)
        if last == "/":
            said = "it is not clear what belongs to the denominator; write \\frac{...}{...}"
            raise self.error(token, said)

    def found(self, token: Token) -> str:
        """The token in words."""
        if token.kind in ("function", "command"):
            return f"\\{token.value} came"
        if token.value == "\\mid":
            return "\\mid came"
        return "the matrix came" if "matrix" in token.kind else super().found(token)

    # Operands

    def _atom(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self._made("number", token, value=token.value)
        if token.kind == "letter":
            return self._word(token)
        if token.kind == "name":
            return self._symbol(token, token.value)
        if token.kind == "function":
            return self._function(token)
        if token.kind == "command" and token.value in self._commands:
            return self._commands[token.value](token)
        if token.kind == "sign" and token.value == "{":
            return self._braced(token)
        if token.kind == "sign" and token.value in ("[", ".("):
            return self._bracketed(token)
        if token.kind == "sign" and token.value in ("‖", "‖("):
            return self._norm(token)
        array = self.peek().value == "array" and self.peek().kind == "matrix"
        if token.kind == "sign" and token.value == "\\{" and (self.peek().kind == "cases" or array):
            return self._cases(self.take())
        if token.kind == "sign" and token.value in OPENS[:-1]:
            return self._single(token)
        if token.kind == "cases":
            return self._cases(token)
        if token.kind == "sign" and token.value in ("|", "|("):
            return self._absolute(token)
        if token.kind in ("end", "newline"):
            raise self.error(token, "the formula ends where a number, a name or ( was expected")
        if token.kind == "matrix":
            return self._grid(token)
        if token.kind == "differential" or token.value == "partial":
            said = r"a derivative is written \frac{d}{dx}, with its variable below"
            raise self.error(token, said)
        raise self.error(token, f"expected a number, a name or (; {self.found(token)}")

    def _braced(self, opening: Token) -> Node:
        """A group that prints nothing: one name or factor, which what follows belongs to."""
        before = self.tokens[max(0, self.place - 2)]
        beside = before.kind not in ("sign", "newline") or before.value in (")", "]", "}", "!")
        signed = beside and self.is_next("+")  # x{+y} shows a sum
        inner, *others = self._enclosed(opening)
        if others:
            raise self.error(opening, "a list has no place here; expected one formula")
        if before.kind == "sign" and before.value in OPENS and self.is_next(")", "]", "|)"):
            return whole(inner)  # the brackets around the braces show
        if signed:
            raise self.error(opening, "braces do not show; write brackets, ( ... )")
        self._check_seen(opening, inner, ("+", "-", "neg"))
        if self.is_next("^", "!"):
            self._check_seen(opening, inner, ("*", "/", "**"))
        return self._indexed_or_applied(inner)

    def _absolute(self, token: Token) -> Node:
        # Inside round bars a plain bar may open again; inside plain ones the next bar closes.
        outer, self.bars = self.bars, self.bars + 1 if token.value == "|" else 0
        inner = self._single(token)
        self.bars = outer
        return self._made("call", token, inner, value="abs")

    # Powers, functions, fractions

    def _powered(self, base: Node) -> Node:
        raised = False
        while True:
            token = self.peek()
            if token.kind == "sign" and token.value == "!":
                self.take()
                base, raised = self._made("!", token, base), False
            elif token.kind == "sign" and token.value == "^":
                self.take()
                if raised:
                    raise self.error(token, "two exponents follow each other; write x^{a^b}")
                base, raised = self._made("**", token, base, self._exponent()), True
            elif token.kind == "sign" and token.value == "'":
                said = r"a prime does not say the variable; write \frac{d}{dx}\left( ... \right)"
                raise self.error(token, f"{said}, or f'(x) behind a function's name")
            elif token.kind == "sign" and token.value == "_":
                if self.tokens[self.place - 1].value == ")":
                    said = r"for a value between limits write \left[ ... \right]_{a}^{b}"
                    raise self.error(token, said)
                raise self.error(token, "a subscript stands behind a name")
            else:
                return base

    def _function(self, token: Token) -> Node:
        r"""`\log`, `\sin` and their like, with or without brackets."""
        name = _SPELLED.get(token.value, token.value)
        base = self._base_of_log(token) if self.is_next("_") else None
        power = self._power_before_brackets(name) if self.is_next("^") else None
        if self.is_next("(", "[", "{", "\\{"):
            parts = self._arguments(self.take())
        else:
            parts = (self.formula(OPERAND),)
            self._check_argument_ends(token)
        call = self._made("call", token, *parts, *([base] if base else []), value=name)
        return call if power is None else self._made("**", token, call, power)

    def _base_of_log(self, token: Token) -> Node:
        under = self.take()
        if token.value != "log":
            raise self.error(under, f"\\{token.value} takes no subscript here")
        return self._argument()

    def _check_argument_ends(self, token: Token) -> None:
        r"""Refuse `\log x y`: log(x) y, or log(x y)?"""
        after = self.peek()
        product = after.kind == "sign" and after.value in ("*", "/")
        if product or (self._juxtaposed(after) and after.kind != "function"):
            name = f"\\{token.value}"
            said = f"{name} A B may be {name}(A) B or {name}(A B); write the brackets you mean"
            raise self.error(after, said)

    def _fraction(self, token: Token) -> Node:
        derivative = self._differential_quotient(token)
        if derivative is not None:
            return derivative
        first = self.peek()
        if first.kind == "number" and len(first.value) == 2 and first.value.isdigit():
            self.take()
            above, below = (self._made("number", first, value=digit) for digit in first.value)
        else:
            above, below = self._argument(last=False), self._argument()
        return self._made("/", token, above, below, value="()")

    def _binomial(self, token: Token) -> Node:
        return self._made("call", token, self._argument(), self._argument(), value="binomial")

    def _root(self, token: Token) -> Node:
        index = self._single(self.take()) if self.is_next("[") else None
        inside = self._argument()
        if index is None:
            return self._made("call", token, inside, value="sqrt")
        one = self._made("number", token, value="1")
        return self._made("**", token, inside, self._made("/", token, one, index))

    def _accented(self, token: Token, accent: str) -> Node:
        inner = self._argument()
        if inner.kind != "name":
            raise self.error(token, f"\\{token.value} stands over one letter")
        found = self.known.accented(inner.value, accent)
        if len(found) > 1:
            raise self.error(
                token, f"this may be {' or '.join(found)}; write \\mathrm{{{found[0]}}}"
            )
        return self._symbol(token, found[0] if found else f"{inner.value}{accent}")
