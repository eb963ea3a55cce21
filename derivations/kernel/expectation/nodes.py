"""Random variables and the unevaluated operators on them, as SymPy nodes.

A random variable is a real symbol that carries its declaration, so equal names with different
declarations are different variables. An entry `X[i]` of a family is an `Indexed` whose label is
such a symbol. Everything else in an expression is constant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from derivations.kernel.expectation.laws import Law

SLOTS = sp.symbols("i1 i2 i3", integer=True, cls=sp.Dummy)
"""What stands for an entry's own indices in a family's declaration."""


@dataclass(frozen=True)
class Declaration:
    """What is known of a variable, or of each entry of a family.

    Attributes:
        mean: its expectation, when given.
        variance: its variance, when given.
        moments: pairs (k, E[X^k]) for k >= 2, when given.
        law: its distribution, when given.
        symmetric: whether X and 2 E[X] - X have the same distribution.
        continuous: whether no single value has positive probability.
        positive: whether it is above zero for certain.
        draw: what entries of families are drawn together; entries that differ in an index are
            independent within one draw. Empty for a single variable.
        identical: whether all entries of the family have the same distribution.
    """

    mean: Any = None
    variance: Any = None
    moments: tuple[tuple[int, Any], ...] = ()
    law: Law | None = None
    symmetric: bool = False
    continuous: bool = False
    positive: bool = False
    draw: str = ""
    identical: bool = True

    def __lt__(self, other: Declaration) -> bool:  # SymPy orders what symbols are hashed by
        return repr(self) < repr(other)

    def at(self, indices: tuple[Any, ...]) -> Declaration:
        """The declaration of one entry: its indices put in the place of the slots."""
        if self.identical and (self.law is None or not self.law.family):
            return self
        here = dict(zip(SLOTS, indices, strict=False))
        return Declaration(
            _at(self.mean, here),
            _at(self.variance, here),
            tuple((k, _at(m, here)) for k, m in self.moments),
            self.law.at(here) if self.law is not None else None,
            self.symmetric,
            self.continuous,
            self.positive,
            self.draw,
            self.identical,
        )


def _at(expression: Any, here: Mapping[Any, Any]) -> Any:
    return None if expression is None else expression.xreplace(here)


class RandomSymbol(sp.Symbol):
    """A random variable, or the label of a family of them."""

    __slots__ = ("declaration",)

    declaration: Declaration

    def __new__(cls, name: str, declaration: Declaration) -> RandomSymbol:
        """A variable; equal exactly to one of the same name and declaration."""
        kinds = {"positive": True} if declaration.positive else {"real": True}
        symbol: RandomSymbol = sp.Symbol.__xnew__(cls, name, **kinds)
        symbol.declaration = declaration
        return symbol

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.declaration), {}

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.name, self.declaration)


class _Operator(sp.Expr):
    """An operator that averages over random variables, given some of them."""

    is_commutative = True
    operands = 1

    def __new__(cls, *arguments: Any, given: Any = ()) -> Any:
        if len(arguments) == cls.operands + 1:
            *arguments, given = arguments  # type: ignore[assignment]
        if len(arguments) != cls.operands:
            raise TypeError(f"{cls.__name__} takes {cls.operands} operand(s); got {arguments}")
        variables = given if isinstance(given, Iterable) else (given,)
        return sp.Expr.__new__(cls, *map(sp.sympify, arguments), sp.Tuple(*variables))

    @property
    def given(self) -> tuple[Any, ...]:
        """The variables held fixed."""
        return tuple(self.args[-1])

    @property
    def free_symbols(self) -> set[Any]:
        """The constants that occur, and the variables held fixed."""
        inside = {s for a in self.args for s in a.free_symbols if not is_random_atom(s)}
        held: set[Any] = self.args[-1].free_symbols
        return inside | held

    def _eval_is_extended_real(self) -> bool:
        return True

    def _sympystr(self, printer: Any) -> str:
        *operands, given = self.args
        inside = ", ".join(printer.doprint(a) for a in operands)
        held = ", ".join(printer.doprint(a) for a in given)
        return f"{type(self).__name__}[{inside}{' | ' if held else ''}{held}]"

    def _latex(self, printer: Any) -> str:
        *operands, given = self.args
        inside = ", ".join(printer._print(a) for a in operands)
        held = ", ".join(printer._print(a) for a in given)
        word = type(self).__name__
        name = {"E": r"\mathbb{E}", "Prob": "P"}.get(word, rf"\operatorname{{{word}}}")
        bar = r" \mid " if held else ""
        return rf"{name}\left[{inside}{bar}{held}\right]"


class E(_Operator):
    """The expectation of an expression, given the values of some variables."""


class Var(_Operator):
    """The variance of an expression, given the values of some variables."""


class Cov(_Operator):
    """The covariance of two expressions, given the values of some variables."""

    operands = 2


class Prob(_Operator):
    """The probability of an event (a relation), given the values of some variables."""


OPERATORS = (E, Var, Cov, Prob)


class Fact(Boolean):
    """A declared property of several groups of variables; each argument is one group."""

    word = ""

    def __new__(cls, *groups: Any) -> Any:
        """A group is a variable, a family, or a tuple of them."""
        tuples = [
            sp.Tuple(*[getattr(v, "label", v) for v in g])
            if isinstance(g, tuple | list | sp.Tuple)
            else sp.Tuple(getattr(g, "label", g))
            for g in groups
        ]
        for variable in (v for group in tuples for v in group):
            if not isinstance(variable, RandomSymbol):
                raise TypeError(f"{cls.__name__}: {variable} is not declared as random")
        members = [v for group in tuples for v in set(group)]
        if len(set(members)) != len(members):
            raise ValueError(f"{cls.__name__}: the groups must have no variable in common")
        return Boolean.__new__(cls, *tuples)

    @property
    def groups(self) -> list[frozenset[Any]]:
        """The groups as sets of labels."""
        return [frozenset(group) for group in self.args]

    def sentence(self) -> str:
        """The property in words, with where it comes from."""
        return f"{self} (declared)"

    def _sympystr(self, _: Any) -> str:
        names = [", ".join(sorted(v.name for v in group)) for group in self.groups]
        texts = [f"({name})" if "," in name else name for name in names]
        return f"{', '.join(texts)} {self.word}"


class Independent(Fact):
    """Mutual independence of the groups."""

    word = "independent"


class Uncorrelated(Fact):
    """The covariance of any two variables of different groups is zero."""

    word = "uncorrelated"


class Distributed(Fact):
    """That the variables of one group are spoken of, where only masses or densities are written."""

    word = "distributed as declared"


def is_random_atom(node: Any) -> bool:
    """Whether a node is a random variable or an entry of a random family."""
    return isinstance(node, RandomSymbol) or (
        isinstance(node, sp.Indexed) and isinstance(node.base.label, RandomSymbol)
    )


def label_of(variable: Any) -> RandomSymbol:
    """The symbol that carries the declaration of a variable or an entry."""
    label: RandomSymbol = variable if variable.is_Symbol else variable.base.label
    return label


def indices_of(variable: Any) -> tuple[Any, ...]:
    """The indices of an entry; none for a single variable."""
    return () if variable.is_Symbol else tuple(variable.indices)


def declaration_of(variable: Any) -> Declaration:
    """What is known of a variable or an entry."""
    return label_of(variable).declaration.at(indices_of(variable))


def variables_in(expression: Any) -> set[Any]:
    """The random variables and entries on which the value of an expression depends.

    Those averaged over by an operator do not count; those that it holds fixed do.
    """
    if isinstance(expression, OPERATORS):
        return {v for g in expression.given for v in variables_in(g)}
    if is_random_atom(expression):
        return {expression}
    found: set[Any] = set()
    for argument in expression.args:
        if not isinstance(argument, str):
            found |= variables_in(argument)
    return found
