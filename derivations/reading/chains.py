"""Lines that follow from each other: expressions joined by =, or equations joined by arrows.

A line that begins with a side of its own is read where one reading alone is possible: in a chain
when it repeats the start or the line before, between equations as following from the one before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.reading.conditions import MAKES, pass_over
from derivations.reading.grammar import ARROWS, RELATIONS, Node, Reader
from derivations.reading.meaning import Meaning
from derivations.reading.sizes import MAX_DEFINED, size
from derivations.reading.tokens import ParseError, Token
from derivations.reading.vocabulary import CALLABLE, CONSTANTS

MAX_LINES = 200
_WRONG_RELATIONS = {
    "!=": "a chain is made of =, <= and >=; != is not one of them",
    ":=": "write = for equality",
    "=>": "=> joins equations; between expressions write =, each line as = ...",
    "<=>": "<=> joins equations; between expressions write =, each line as = ...",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chain.

    Attributes:
        relation: how it follows from the line before: =, <=, >=, < or >, or the arrow <=> or =>
            before an equation; empty on the first.
        expression: what stands behind the relation, as SymPy; behind an arrow a relation.
        text: the same, as typed.
        line: the line of the text, from 1.
        needs: what must hold for it to have a value, as typed: of x/x that x is not 0.
        terms: the terms as typed, where SymPy puts some together: 3*x and -x for 3*x - x.
    """

    relation: str
    expression: Any
    text: str
    line: int
    needs: tuple[Any, ...] = ()
    terms: tuple[Any, ...] = ()


def formula(reader: Reader) -> Node:
    """The formula that comes next."""
    reader.depth = 0
    return reader.formula()


def value(meaning: Meaning, tree: Node) -> Any:
    """What a tree stands for.

    Raises:
        ParseError: nothing, or it is too large.
    """
    try:
        return meaning.of(tree)
    except RecursionError as error:
        raise meaning.reader.error(tree.token, "the formula is nested too deeply") from error


class _Lines:
    """What both sorts of lines have in common: names that are given first, and the lines read."""

    continues: str

    def __init__(self, reader: Reader, lines: list[Line], given: Sequence[Any]) -> None:
        self.reader, self.lines, self.meaning = reader, lines, Meaning(reader)
        self.given = given
        reader.continues = self.continues
        reader.skip_newlines()
        token = reader.peek()
        if token.kind == "end":
            raise reader.source.error("there is no formula here", reader.source.first_line, 1)
        if reader.is_next(*RELATIONS, *ARROWS):
            said = f"the first line is the start; it has no {token.value} before it"
            raise reader.error(token, said)

    def _begin(self) -> int:
        """Where the next formula begins."""
        self.reader.skip_newlines()
        if len(self.lines) >= MAX_LINES:
            raise self.reader.error(self.reader.peek(), f"a derivation may have {MAX_LINES} lines")
        self.reader.nodes = 0
        return self.reader.place

    def _after(self) -> tuple[Token, bool]:
        """What comes behind a formula, and whether it stands on a line of its own."""
        pass_over(self.reader, self.meaning, self.given)
        place = self.reader.place
        broken = self.reader.peek().kind == "newline"
        self.reader.skip_newlines()
        token, self.reader.place = self.reader.peek(), place
        return token, broken

    def _goes_on(self) -> bool:
        """Whether a relation or the end comes next, here or on the next line."""
        token, broken = self._after()
        related = token.kind == "sign" and token.value in (*RELATIONS, *ARROWS)
        return related or not broken or token.kind == "end"

    def _relation(self, *signs: str) -> bool:
        """Take one of these signs if it comes next, on this line or the next."""
        place = self.reader.place
        self.reader.skip_newlines()
        if self.reader.is_next(*signs):
            self.reader.take()
            return True
        self.reader.place = place
        return False

    def _is_new(self, tree: Node) -> bool:
        """Whether a tree is a name of the student's own, `L`, `L(w)` or `dL/dw`."""
        name = _named(tree)
        known = (*self.reader.names, *CONSTANTS, *CALLABLE, "oo", "inf", "infinity", "d")
        return name != "" and name not in known and name.partition("_")[0] not in known

    def _define(self, tree: Node, body: Any) -> None:
        """Let a name of the student's own stand for a formula from here on."""
        if tree.kind == "name":
            self._know(tree.value, body)
        elif tree.kind == "*":
            variable = self.reader.names.get(tree.parts[1].value)
            if isinstance(variable, sp.Symbol):
                self._know(tree.parts[0].value, sp.Lambda(variable, body))

    def _know(self, name: str, meaning: Any) -> None:
        if size(meaning, MAX_DEFINED) > MAX_DEFINED:
            said = f"what {name} stands for is too long; write it out where you use it"
            raise self.reader.error(self.reader.peek(), said)
        self.reader.names[name] = self.meaning.names[name] = meaning
        self.reader.defined[name] = {str(symbol) for symbol in meaning.free_symbols}

    def _keep(
        self,
        relation: str,
        expression: Any,
        begin: int,
        terms: tuple[Any, ...] = (),
        left: str = "",
    ) -> None:
        written = self.reader.source.quoted(self._typed(begin, left)).strip()
        place, needs = self.reader.tokens[begin].line, self.meaning.needed()
        self.lines.append(Line(relation, expression, written, place, needs, terms))

    def _typed(self, begin: int, left: str = "") -> list[str]:
        """What stood from one token to the one that comes next, behind what is put before it."""
        source = self.reader.source
        first, after = self.reader.tokens[begin], self.reader.peek()
        lines = source.lines[first.line - source.first_line : after.line - source.first_line + 1]
        lines[-1] = lines[-1][: after.column - 1].rstrip()
        lines[0] = left + lines[0][first.column - 1 :]
        return lines


class Expressions(_Lines):
    """Reads a chain `a = b = c`."""

    continues = "always"
    title: Any = None  # the student's own name for the start

    def read(self) -> None:
        """Append the lines to the list, one by one."""
        begin, tree = self._first()
        relation = ""
        while True:
            expression = value(self.meaning, tree)
            terms = _uncollected(self.meaning, tree, expression)
            self._keep(relation, expression, begin, terms)
            token, broken = self._after()
            if token.kind == "end":
                return
            self.reader.skip_newlines()
            if token.kind == "sign" and token.value in RELATIONS:
                relation = self.reader.take().value
            elif token.kind == "sign" and token.value in _WRONG_RELATIONS:
                raise self.reader.error(token, _WRONG_RELATIONS[token.value])
            elif broken:
                relation = self._restated(token)
            else:
                said = f"expected an operator or =; {self.reader.found(token)}"
                raise self.reader.error(token, said)
            begin = self._begin()
            tree = formula(self.reader)

    def _first(self) -> tuple[int, Node]:
        """The start, behind the definitions before it and the name that it is given."""
        while True:
            begin = self._begin()
            tree = formula(self.reader)
            if not (self._is_new(tree) and self._relation("=")):
                return begin, tree
            begin = self._begin()
            body = formula(self.reader)
            if self._goes_on():
                self.title = _shape(tree)
                return begin, body
            self._define(tree, value(self.meaning, body))

    def _restated(self, token: Token) -> str:
        """The relation behind a left side that repeats the start, or the line before."""
        reader = self.reader
        said = f"this line does not follow: begin it with =, as in = {token.value}..."
        try:
            tree = formula(reader)
        except ParseError as error:
            raise reader.error(token, said) from error
        if not reader.is_next(*RELATIONS):
            raise reader.error(token, said)
        exact = all(line.relation == "=" for line in self.lines[1:])
        if not (exact and _shape(tree) == self.title):
            side = value(self.meaning, tree)
            if side != self.lines[-1].expression and not (
                exact and side == self.lines[0].expression
            ):
                said = "this line has a left side that is neither the start nor the line before"
                raise reader.error(token, f"{said}; begin the line with =, or repeat one of these")
        return reader.take().value


class Equations(_Lines):
    """Reads a chain of equations, `a = b <=> c = d => ...`."""

    continues = "alone"

    def read(self) -> None:
        """Append the lines to the list, one by one."""
        arrow = ""
        while True:
            begin = self._begin()
            left = formula(self.reader)
            if not self.lines and self._is_new(left) and self._named_only(left):
                continue
            self.reader.skip_newlines()
            middle = self.reader.peek()
            if not self.reader.is_next(*RELATIONS):
                said = f"an equation is expected, as in x = 2; {self.reader.found(middle)}"
                raise self.reader.error(middle, said)
            self._equation(arrow, left, begin)
            token, broken = self._after()
            if token.kind == "end":
                return
            self.reader.skip_newlines()
            if token.kind == "sign" and token.value in ARROWS:
                arrow = self.reader.take().value
            elif broken and not (token.kind == "sign" and token.value in ("+", *RELATIONS)):
                arrow = "=>"
            else:
                raise self._no_arrow(token)

    def _named_only(self, left: Node) -> bool:
        """Whether the line only gives a name to a formula; of `L' = f = 0` the rest is read."""
        place = self.reader.place
        if not self._relation("="):
            return False
        body = formula(self.reader)
        token, broken = self._after()
        if token.kind == "sign" and token.value in RELATIONS:
            # The name is new, so that L' = f says nothing; f = 0 is the equation.
            self.reader.place = self.reader.place if broken else place
            self._relation("=")
            return True
        if broken and token.kind != "end":
            self._define(left, value(self.meaning, body))
            return True
        self.reader.place = place
        return False

    def _equation(self, arrow: str, left: Node, begin: int) -> None:
        written = " ".join(self._typed(begin)).strip()
        middle = self.reader.take()
        self.reader.skip_newlines()
        second = self.reader.place
        sides = (value(self.meaning, left), value(self.meaning, formula(self.reader)))
        if middle.value == "=" and not isinstance(sides[0], sp.Symbol) and self._relation("="):
            # a = b = c says a = c and b = c, as in L' = 5/p - 3 = 0.
            self._begin()
            last = value(self.meaning, formula(self.reader))
            for sign, side, place in zip((arrow, "=>"), sides, (begin, second), strict=True):
                self._keep(sign, sp.Eq(side, last, evaluate=False), place)
            return
        self._keep(arrow, MAKES[middle.value](*sides, evaluate=False), begin)
        # x = a = b says x = a and x = b, as long as what stands left is one symbol.
        while middle.value == "=" and isinstance(sides[0], sp.Symbol) and self._relation("="):
            begin = self._begin()
            right = value(self.meaning, formula(self.reader))
            equation = sp.Eq(sides[0], right, evaluate=False)
            self._keep("=>", equation, begin, left=f"{written} = ")

    def _no_arrow(self, token: Token) -> ParseError:
        if token.kind == "sign" and token.value in RELATIONS:
            said = (
                "this line has another relation, so it says several things; write each as an "
                "equation of its own, with both its sides, and => between them"
            )
        elif token.value == "+":
            said = (
                "this may go on with the line before or begin a new equation; put the + at the end "
                "of the line before, or => before the new equation"
            )
        else:
            said = "begin the next equation with <=> (equivalent) or => (follows)"
        return self.reader.error(token, said)


def _named(tree: Node) -> str:
    """The name in `L`, `L(w)`, `L'(w)` and `dL/dw`; or nothing."""
    if tree.kind == "*" and tree.token.value == "(":
        first, argument = tree.parts
        return first.value if first.kind == argument.kind == "name" else ""
    if tree.kind in ("prime", "gradient") or (tree.kind == "call" and tree.value == "D"):
        inner = tree.parts[0]
        return inner.value if inner.kind == "call" and tree.kind == "prime" else _named(inner)
    return tree.value if tree.kind == "name" else ""


def _shape(tree: Node) -> Any:
    """The tree without the places of its parts."""
    return (tree.kind, tree.value, *(_shape(part) for part in tree.parts))


def _uncollected(meaning: Meaning, tree: Node, expression: Any) -> tuple[Any, ...]:
    """The terms as typed, when the expression has fewer."""
    typed = tuple(_addends(tree))
    if len(typed) <= len(sp.Add.make_args(expression)):
        return ()
    return tuple(-value(meaning, n) if minus else value(meaning, n) for n, minus in typed)


def _addends(tree: Node, minus: bool = False) -> Iterator[tuple[Node, bool]]:
    """The terms of a sum, each with whether it is taken off."""
    if tree.kind == "neg":
        yield from _addends(tree.parts[0], not minus)
    elif tree.kind in ("+", "-"):
        left, right = tree.parts
        yield from _addends(left, minus)
        yield from _addends(right, minus != (tree.kind == "-"))
    else:
        yield tree, minus
