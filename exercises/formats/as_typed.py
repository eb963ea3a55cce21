"""A typed formula in LaTeX, step for step as typed: `0 + 1*x` stays what it is.

SymPy's printer shows what SymPy makes of a formula, and loses a step that it evaluates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from derivations.reading.grammar import RELATIONS, Node, Reader
from derivations.reading.tokens import ParseError, Source
from derivations.reading.vocabulary import BINDERS, CALLABLE

# How tightly the outermost sign of a formula binds; a looser one is set in brackets.
SUM, NEGATIVE, LARGE, PRODUCT, FRACTION, POWER, ATOM = range(7)
_SIGNS = {"<=": r"\le", ">=": r"\ge"}
_WORDS = {"ln": r"\log", "E": r"\mathrm{E}", "Var": r"\mathrm{Var}", "Cov": r"\mathrm{Cov}"}
_COMMANDS = ("log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min", "sigma", "Gamma")


class UnsetError(ValueError):
    """A formula holds something that this module does not set."""


def as_typed(text: str, names: Mapping[str, Any]) -> str:
    """A typed formula, or relation between two, in LaTeX; empty when it is none.

    Args:
        text: as typed, in one line or several.
        names: what the question calls by name.
    """
    reader = Reader(Source(text, 1), names, CALLABLE)
    reader.brackets += 1  # a formula has no lines of its own
    setter = _Setter(names)
    try:
        made = setter.loose(reader.formula())
        if reader.is_next(*RELATIONS):
            sign = reader.take().value
            made += f" {_SIGNS.get(sign, sign)} {setter.loose(reader.formula())}"
    except (ParseError, UnsetError):
        return ""
    return made if reader.peek().kind == "end" else ""


class _Setter:
    """Sets the trees of one question."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def loose(self, node: Node) -> str:
        """A formula where nothing stands beside it."""
        return self._set(node)[0]

    def _tight(self, node: Node, least: int) -> str:
        """A formula, in brackets unless it binds as tightly as asked."""
        made, binds = self._set(node)
        return made if binds >= least else rf"\left({made}\right)"

    def _set(self, node: Node) -> tuple[str, int]:
        """A formula, and how tightly it binds."""
        match node.kind, node.parts:
            case "number", _:
                return node.value, ATOM
            case "name", _:
                return self._name(node.value), ATOM
            case "entry", indices:
                inner = ", ".join(map(self.loose, indices))
                return f"{{{self._name(node.value)}}}_{{{inner}}}", ATOM
            case "neg", (inner,):
                return f"-{self._tight(inner, LARGE)}", NEGATIVE
            case ("+" | "-") as sign, (left, right):
                return f"{self.loose(left)} {sign} {self._tight(right, LARGE)}", SUM
            case "*", (left, right):
                return self._product(left, right)
            case "/", (above, below):
                return rf"\frac{{{self.loose(above)}}}{{{self.loose(below)}}}", FRACTION
            case "**", (base, exponent):
                return f"{self._tight(base, ATOM)}^{{{self.loose(exponent)}}}", POWER
            case "!", (inner,):
                return f"{self._tight(inner, ATOM)}!", POWER
            case "call", arguments if node.value in BINDERS:
                return self._bound(BINDERS[node.value], arguments)
            case "call", arguments:
                return self._call(node.value, arguments)
        raise UnsetError(node.kind)

    def _product(self, left: Node, right: Node) -> tuple[str, int]:
        first, binds = self._set(left)
        if binds < PRODUCT and binds != NEGATIVE:
            first, binds = rf"\left({first}\right)", ATOM
        second, follows = self._set(right)
        if follows in (SUM, NEGATIVE, PRODUCT):
            second, follows = rf"\left({second}\right)", ATOM
        # Digits side by side would read as one number, and 2 beside a fraction as a mixed one.
        numbers = first[-1].isdigit() and (second[0].isdigit() or _is_number(right))
        sign = r" \cdot " if numbers or second[0].isdigit() else " "
        return f"{first}{sign}{second}", min(PRODUCT, follows, binds)

    def _call(self, name: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        inner = ", ".join(map(self.loose, arguments))
        if name == "exp":
            return f"e^{{{inner}}}", POWER
        if name == "sqrt":
            return rf"\sqrt{{{inner}}}", POWER
        if name == "abs":
            return rf"\left|{inner}\right|", ATOM
        if name in _COMMANDS:
            word = f"\\{name}"
        elif name in _WORDS:
            word = _WORDS[name]
        elif name in self._names:
            word = self._name(name)
        else:
            word = rf"\operatorname{{{name}}}"
        return rf"{word}\left({inner}\right)", ATOM

    def _bound(self, kind: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        body, variable, *rest = arguments
        name = self.loose(variable)
        if kind == "derivative":
            d = r"\partial" if len(set(_letters(body))) > 1 else r"\mathrm{d}"
            power = f"^{{{self.loose(rest[0])}}}" if rest else ""
            under = f"{d} {name}{power}"
            return rf"\frac{{{d}{power}}}{{{under}}} {self._tight(body, FRACTION)}", LARGE
        if len(rest) != 2:
            raise UnsetError(kind)
        low, high = (self._limit(end) for end in rest)
        inner = self._tight(body, LARGE)
        if kind == "integral":
            return rf"\int_{{{low}}}^{{{high}}} {inner} \, \mathrm{{d}} {name}", LARGE
        sign = {"sum": r"\sum", "product": r"\prod"}[kind]
        return rf"{sign}_{{{name} = {low}}}^{{{high}}} {inner}", LARGE

    def _limit(self, node: Node) -> str:
        if node.kind == "neg":
            return f"-{self._limit(node.parts[0])}"
        infinite = node.kind == "name" and node.value in ("oo", "inf", "infinity")
        return r"\infty" if infinite else self.loose(node)

    def _name(self, name: str) -> str:
        from sympy import IndexedBase, Symbol, latex

        known = self._names.get(name)
        symbol = known if isinstance(known, Symbol | IndexedBase) else Symbol(name)
        return str(latex(symbol))


def _is_number(node: Node) -> bool:
    return node.kind == "number" or (node.kind == "/" and all(map(_is_number, node.parts)))


def _letters(node: Node) -> Iterator[str]:
    """The names in a formula; an entry of a family counts as one."""
    if node.kind in ("name", "entry"):
        yield node.value
    for part in node.parts:
        yield from _letters(part)
