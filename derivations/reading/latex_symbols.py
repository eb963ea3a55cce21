r"""Groups and names in LaTeX: `{...}`, `x_{ij}`, `w^{(1)}`, `\sigma'(z)`, and words of letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from derivations.reading.grammar import Node, Reader
from derivations.reading.latex_names import Names
from derivations.reading.tokens import Source, Token
from derivations.reading.vocabulary import CALLABLE, WRITTEN_OUT, unknown

OPENS = ("(", "[", "{", "\\{", ".(", "|(")
_LONGEST = 40  # letters of a word
OPERAND = 25  # binds as tightly as one signed operand


class SymbolReader(Reader):
    """Reads groups and names; every letter is a name unless the question knows the word."""

    def __init__(self, source: Source, names: Mapping[str, Any]) -> None:
        super().__init__(source, names, CALLABLE)
        self.known = Names(self.names)
        self.bars = 0  # plain bars that are open
        self.norms = 0  # signs \\| that are open
        self.rounds = 0  # bars from \\lvert or \\left| that are open
        self.integrals = 0

    def _single(self, opening: Token) -> Node:
        inner = self._enclosed(opening)
        if len(inner) != 1:
            raise self.error(opening, "a list has no place here; expected one formula in brackets")
        return whole(inner[0])

    def _enclosed(self, opening: Token) -> tuple[Node, ...]:
        if opening.value == "|":
            return super()._enclosed(opening)
        outer = self.bars, self.rounds, self.norms
        self.bars, self.rounds = 0, int(opening.value in ("|(", ".("))
        self.norms = int(opening.value == "‖")
        found = super()._enclosed(opening)
        self.bars, self.rounds, self.norms = outer
        return found

    def _arguments(self, opening: Token) -> tuple[Node, ...]:
        r"""What a function is applied to; of `\log{a + b}` nobody sees the braces."""
        parts = self._enclosed(opening)
        if opening.value == "{":
            for part in parts:
                self._check_seen(opening, part, ("+", "-", "*", "/"))
        return parts

    def _check_seen(self, opening: Token, inner: Node, kinds: tuple[str, ...]) -> None:
        """Refuse braces that would have to be brackets."""
        if inner.kind in kinds and not inner.value:
            raise self.error(opening, "braces do not show; write brackets, ( ... )")

    def _argument(self, *, last: bool = True) -> Node:
        r"""What a command takes: a group in braces, or one sign.

        Args:
            last: whether it is the command's last one; of `\frac7p` the 7 is not.
        """
        token = self.take()
        if token.kind == "sign" and token.value == "{":
            return self._single(token)
        if token.kind == "number" and len(token.value) > 1:
            said = f"only {token.value[0]} of {token.value} would be taken; write {{{token.value}}}"
            raise self.error(token, said)
        if token.kind in ("number", "letter", "name"):
            if last:
                self._check_one_sign(token)
            return self._one_sign(token)
        if token.kind == "command":
            self.place -= 1
            return self.formula(OPERAND)
        raise self.error(token, f"braces are expected, {{...}}; {self.found(token)}")

    def _one_sign(self, token: Token) -> Node:
        kind = "number" if token.kind == "number" else "name"
        return self._made(kind, token, value=token.value)

    def _check_one_sign(self, token: Token) -> None:
        """Refuse `x^ab`, which prints as x^a b and may be meant as x^{ab}."""
        after = self.tokens[self.place]
        joined = token.kind != "name" and after.kind in ("letter", "number") and not after.spaced
        if self._ends_clearly(token, after):
            return
        if joined and (after.line, after.column) == (token.line, token.column + 1):
            said = (
                f"{token.value}{after.value} is not one here; write {{{token.value}{after.value}}}"
            )
            raise self.error(token, f"{said} or a space between them")

    def _ends_clearly(self, token: Token, after: Token) -> bool:
        """Whether nobody reads what follows as a part of this: `x^2e^{-x}`, `e^ze^z`.

        A slip such as `e^2t` for `e^{2t}` is common, so what follows e^ is in doubt.
        """
        base = self.tokens[max(0, self.place - 3)].value
        raised = self.tokens[min(self.place + 1, len(self.tokens) - 1)]
        own = raised.kind == "sign" and raised.value in ("^", "_")
        if base == "e":
            return after.value == "e" and own
        return after.kind == "letter" and (token.kind == "number" or own)

    def _exponent(self) -> Node:
        if self.is_next("-", "+"):
            raise self.error(self.peek(), "an exponent with a sign needs braces: x^{-1}")
        return self._argument()

    def _word(self, token: Token) -> Node:
        """One letter, or the word that the question knows by these letters."""
        word = self._run()
        after = self.tokens[self.place + len(word) - 1]
        if len(word) > 1 or self.known.is_function(word):
            applied = after.kind == "sign" and after.value in ("(", "[")
            whole = word in self.names or (applied and self.known.is_function(word))
            if whole and self.known.spells(word) and len(word) > 1:
                said = f"{word} may be the one name or the product {' '.join(word)}"
                raise self.error(token, f"{said}; write \\mathrm{{{word}}}, or \\cdot for times")
            unknown = len(word) > 2 and not self.integrals and not self.known.spells(word)
            if whole or unknown:
                self.place += len(word) - 1
                return self._symbol(token, word)
        return self._symbol(token, token.value)

    def _run(self) -> str:
        """The letters that stand together from the one just taken."""
        first = self.tokens[self.place - 1]
        word = first.value
        for token in self.tokens[self.place : self.place + _LONGEST]:
            joined = (token.line, token.column) == (first.line, first.column + len(word))
            if token.kind != "letter" or not joined:
                break
            word += token.value
        return word

    def _symbol(self, token: Token, name: str) -> Node:
        """A name with its subscript, its label, its primes and its arguments."""
        if name in WRITTEN_OUT and len(name) > 1 and name not in self.names:
            raise self.error(token, unknown(name, self.names))
        primes = 0
        while self.is_next("'"):
            self.take()
            primes += 1
        node = self._indexed_or_applied(self._made("name", token, value=name))
        if primes and name in self.operators:
            raise self.error(token, f"{name}' is not read; write {name}[...]")
        if not primes:
            return node
        if node.kind == "name" and name not in self.names and self.is_next("("):
            # A name of the student's own: only the left side of the start may have one.
            argument = self._single(self.take())
            node = self._made("call", token, argument, value=name)
        if node.kind != "call" or len(node.parts) != 1:
            said = f"{name}' needs its argument, {name}'(x); or write \\frac{{d {name}}}{{d x}}"
            raise self.error(token, said)
        return self._made("prime", token, node, value=str(primes))

    def _indexed_or_applied(self, node: Node) -> Node:
        if node.kind != "name":
            return node
        if node.value in self.operators:
            return self._averaged(replace(node.token, value=node.value))
        if self.is_next("_"):
            node = self._subscripted(node)
        if self.is_next("^") and node.kind == "name":
            node = self._labelled(node)
        if node.kind != "name":
            return node
        name, opening = node.value, self.peek()
        if self.known.is_function(name) and self.is_next("^", "(", "{"):
            power = self._power_before_brackets(name) if self.is_next("^") else None
            call = self._made("call", node.token, *self._arguments(self._opened()), value=name)
            return call if power is None else self._made("**", opening, call, power)
        if not self.is_next("(", "["):
            return node
        if opening.value == "[":
            indexed = self.known.is_family(name)
            return self._entry(node, self._enclosed(self.take())) if indexed else node
        if name == "sigma" and name in self.names:
            said = r"\sigma(...) may be \sigma times the bracket or the sigmoid of it"
            raise self.error(
                opening, rf"{said}; write \sigma \cdot (...), or \mathrm{{sigmoid}}(...)"
            )
        return node

    def _averaged(self, token: Token) -> Node:
        r"""`\mathbb{E}[...]` and its like; `\mathbb{E}^2[...]` is the square of all of it."""
        if self.is_next("_"):
            said = f"{token.value} takes no subscript here; write {token.value}[...]"
            raise self.error(self.peek(), said)
        if not self.is_next("^"):
            return super()._averaged(token)
        sign = self.peek()
        power = self._power_before_brackets(token.value)
        return self._made("**", sign, super()._averaged(token), power)

    def _opened(self) -> Token:
        """The bracket that begins arguments, consumed."""
        if not self.is_next("(", "{"):
            raise self.error(self.peek(), f"expected (; {self.found(self.peek())}")
        return self.take()

    def _power_before_brackets(self, name: str) -> Node:
        r"""The exponent in `\sin^2(x)`; -1 would be read in two ways."""
        sign = self.take()
        power = self._exponent()
        if power.kind == "neg":
            said = f"this may be the inverse function or 1/{name}; write the one you mean"
            raise self.error(sign, said)
        return power

    def _entry(self, node: Node, indices: tuple[Node, ...]) -> Node:
        return self._made("entry", node.token, *indices, value=node.value)

    def _subscripted(self, node: Node) -> Node:
        under = self.take()
        raw, end = self._raw()
        symbol = self._looked_up(under, node.value, raw)
        if symbol is not None:
            self.place = end
            return self._made("name", node.token, value=symbol)
        if self.known.is_family(node.value):
            return self._entry(node, self._indices(under, raw, end))
        if node.value == "delta" and "delta" not in self.names:
            return self._made("call", node.token, *self._indices(under, raw, end), value="delta")
        if not raw:
            raise self.error(under, f"{node.value} has no entries here")
        self.place = end
        return self._made("name", node.token, value=f"{node.value}_{raw}")

    def _labelled(self, node: Node) -> Node:
        """A name with a number or an index in brackets above it, `w^{(1)}`."""
        start, above = self.place, self.take()
        raw, end = self._raw()
        label = raw[1:-1]
        if not (raw.startswith("(") and raw.endswith(")") and label.isalnum()):
            self.place = start
            return node
        symbol = self._looked_up(above, node.value, label)
        if symbol is not None and node.value not in self.names:
            self.place = end
            return self._made("name", node.token, value=symbol)
        if self.known.is_family(node.value):
            self.take()  # the brace
            indices = self._enclosed(self.take())
            self.place = end
            return self._entry(node, indices)
        said = f"{node.value}^{{({label})}} may be a power or a name with a label"
        raise self.error(above, f"{said}; write {node.value}^{{{label}}} for the power")

    def _looked_up(self, token: Token, name: str, raw: str) -> str | None:
        """The question's own name for a name with a label."""
        found = self.known.labelled(name, raw) if raw else []
        if len(found) > 1 or (found and self.known.is_family(name)):
            readings = " or ".join(found if len(found) > 1 else [*found, f"{name}[{raw}]"])
            raise self.error(token, f"this may be {readings}; write \\mathrm{{{found[0]}}} or so")
        return found[0] if found else None

    def _raw(self) -> tuple[str, int]:
        """The letters, digits and brackets that come next in braces, and the place behind them."""
        if not self.is_next("{"):
            token = self.peek()
            plain = token.kind in ("letter", "name", "number")
            return (token.value if plain else "", self.place + 1)
        place, raw, plain, depth = self.place + 1, "", True, 1
        while place < len(self.tokens):
            token = self.tokens[place]
            depth += {"{": 1, "}": -1}.get(token.value, 0) if token.kind == "sign" else 0
            place += 1
            if not depth:
                break
            plain &= token.kind in ("letter", "name", "number") or token.value in ("(", ")", ",")
            raw += token.value
        return (raw if plain else "", place)

    def _indices(self, under: Token, raw: str, end: int) -> tuple[Node, ...]:
        if raw.isdigit() and len(raw) > 1:
            said = f"{raw} may be one index or several; write [{raw}] or {{{','.join(raw)}}}"
            raise self.error(under, said)
        token = self.tokens[self.place]
        if not self.is_next("{"):
            return (self._argument(),)
        inside = self.tokens[self.place + 1 : end - 1]
        if len(inside) > 1 and all(_is_index(t) for t in inside):
            self.place = end
            return tuple(self._one_sign(t) for t in inside)
        self.take()
        return self._enclosed(token)


def whole(node: Node) -> Node:
    """An operation that brackets or a fraction make one factor of what is around it."""
    return replace(node, value="()") if node.kind in ("+", "-", "*", "/", "**", "neg") else node


def _is_index(token: Token) -> bool:
    return token.kind in ("letter", "name") or (token.kind == "number" and len(token.value) == 1)
