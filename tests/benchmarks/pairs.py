"""The benchmark's pairs: textbook lines, true and subtly false, read from `pairs/*.toml`.

Only our own data goes through this loader: `sympify` runs what it reads.
"""

from __future__ import annotations

import itertools
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import sympy as sp

SPECIAL = [Fraction(v) for v in ("1/2", "0", "1", "-1", "2", "-2", "3", "1/3")]
SPECIAL_TRIED = 40
"""Special points tried; what only they separate (strictness, kinks) is seen nowhere else."""
CANDIDATES = 4000
LARGEST_SIZE = 5
FOLDER = Path(__file__).parent / "pairs"
RELATIONS = ("=", "!=", "<", "<=", ">", ">=")
SIGNS = ("positive", "negative", "nonnegative", "nonpositive", "nonzero")
ASSUMPTIONS = ("real", "complex", "integer", "even", "odd", *SIGNS)
KEYS = {"name", "symbols", "lhs", "rhs", "relation", "given", "truth", "why", "at"}

NAMESPACE: dict[str, Any] = {
    "D": sp.Derivative,
    "delta": sp.KroneckerDelta,
    "sigmoid": lambda x: 1 / (1 + sp.exp(-x)),
    "softplus": lambda x: sp.log(1 + sp.exp(x)),
    "relu": lambda x: sp.Max(0, x),
    **{letter: sp.Symbol(letter, integer=True) for letter in "ijkl"},
}
"""Names beside SymPy's own; i, j, k and l are integers unless a pair declares them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides, the relation asked between them, and whether it holds wherever both are defined.

    Attributes:
        at: a point, as text, that a false pair fails at and that random points would miss.
    """

    name: str
    kind: str
    lhs: Any
    rhs: Any
    relation: str
    given: tuple[Any, ...]
    truth: bool
    why: str
    at: dict[Any, Any]

    @property
    def text(self) -> str:
        """The pair as one line."""
        where = f" where {', '.join(map(str, self.given))}" if self.given else ""
        return f"{self.lhs} {self.relation} {self.rhs}{where}"


def kinds() -> list[str]:
    """The kinds, one for each data file, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(kind: str = "") -> list[Pair]:
    """The pairs of one kind, or all of them, always in the same order.

    Raises:
        ValueError: a pair is not well formed; the message names it and says what must hold.
    """
    found = [pair for name in ([kind] if kind else kinds()) for pair in _of_file(name)]
    names = [pair.name for pair in found]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"pairs: names must be unique; repeated: {', '.join(repeated)}")
    return found


def _of_file(kind: str) -> Iterator[Pair]:
    path = FOLDER / f"{kind}.toml"
    if not path.exists():
        raise ValueError(f"pairs: kind must be one of {', '.join(kinds())}; got {kind!r}")
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["pair"]:
        yield _pair(kind, row)


def _pair(kind: str, row: dict[str, Any]) -> Pair:
    place = f"{kind}.toml, {row.get('name', 'a pair without a name')}"
    if unknown := row.keys() - KEYS:
        raise ValueError(f"{place}: keys must be among {sorted(KEYS)}; got {sorted(unknown)}")
    if row.get("relation", "=") not in RELATIONS:
        raise ValueError(f"{place}: relation must be one of {RELATIONS}; got {row['relation']!r}")
    if row["truth"] == bool(row.get("why", "")):
        raise ValueError(f"{place}: a false pair says why, and a true one does not")
    declared = dict(_declared(row.get("symbols", []), place))
    names = {**NAMESPACE, **declared}
    read = {key: _read(row[key], names, place) for key in ("lhs", "rhs")}
    given = tuple(_read(text, names, place) for text in row.get("given", []))
    known = {names[letter] for letter in "ijkl"} | {
        getattr(symbol, "label", symbol) for symbol in declared.values()
    }
    free = set().union(*(side.free_symbols for side in (*read.values(), *given)))
    if undeclared := {s for s in free if s.is_Symbol} - known:
        raise ValueError(f"{place}: every symbol must be declared; missing: {undeclared}")
    return Pair(
        name=row["name"],
        kind=kind,
        lhs=read["lhs"],
        rhs=read["rhs"],
        relation=row.get("relation", "="),
        given=given,
        truth=row["truth"],
        why=row.get("why", ""),
        at={names[key]: _read(value, names, place) for key, value in row.get("at", {}).items()},
    )


def _read(text: str, names: dict[str, Any], place: str) -> Any:
    try:
        return sp.sympify(text, locals=names)
    except (sp.SympifyError, TypeError, ValueError) as error:
        raise ValueError(f"{place}: {text!r} must be SymPy notation; {error}") from error


def _declared(declarations: list[str], place: str) -> Iterator[tuple[str, Any]]:
    """Symbols and families of declarations such as "x y real" and "z[] real family"."""
    for text in declarations:
        words = text.split()
        assumptions = {word: True for word in words if word in ASSUMPTIONS}
        for word in words:
            if word in ASSUMPTIONS or word == "family":
                continue
            if not word.removesuffix("[]").isidentifier():
                raise ValueError(f"{place}: {text!r} must be names, then assumptions")
            name = word.removesuffix("[]")
            make = sp.IndexedBase if word.endswith("[]") else sp.Symbol
            yield name, make(name, **assumptions)


def drawn(symbol: Any, draw: random.Random) -> Any:
    """A number inside the symbol's own assumptions."""
    if symbol.is_integer:
        low = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else -LARGEST_SIZE
        return Fraction(draw.randint(low, LARGEST_SIZE))
    size = Fraction(draw.randint(1, 400), draw.choice((101, 103, 211, 401)))
    if symbol.is_complex and symbol.is_extended_real is None:
        return (size, drawn(sp.Symbol("part", real=True), draw))
    return -size if not symbol.is_nonnegative and draw.random() < 0.5 else size


def _fractions(number: Any) -> Any:
    """A SymPy number as a fraction, or as the pair of its real and imaginary parts."""
    real, imaginary = (Fraction(str(part)) for part in number.as_real_imag())
    return (real, imaginary) if imaginary else real


def _allowed(symbol: Any, value: Any) -> bool:
    if isinstance(value, tuple):
        return True
    facts = {
        "integer": value.denominator == 1,
        "positive": value > 0,
        "negative": value < 0,
        "nonnegative": value >= 0,
        "nonzero": value != 0,
        "even": value.denominator == 1 and value % 2 == 0,
        "odd": value.denominator == 1 and value % 2 == 1,
    }
    return all(fact for name, fact in facts.items() if getattr(symbol, f"is_{name}"))


def free_symbols(pair: Pair) -> list[Any]:
    """The symbols that need a value, by name; entries of families are not among them."""
    sides = (pair.lhs, pair.rhs, *pair.given)
    labels = {base.label for side in sides for base in side.atoms(sp.IndexedBase)}
    free = set().union(*(side.free_symbols for side in sides)) - labels
    return sorted((s for s in free if s.is_Symbol), key=str)


def points(pair: Pair, draw: random.Random) -> Iterator[dict[Any, Any]]:
    """Points inside the symbols' own assumptions: `at`, then special ones and random ones.

    The relations of `given` are for the caller to check. A complex number is a pair of fractions.
    """
    symbols = free_symbols(pair)
    for point in itertools.islice(_candidates(pair, symbols, draw), CANDIDATES):
        if all(_allowed(symbol, value) for symbol, value in point.items()):
            yield point


def _candidates(pair: Pair, symbols: list[Any], draw: random.Random) -> Iterator[dict[Any, Any]]:
    if pair.at:
        yield {s: _fractions(pair.at[s]) for s in symbols}
    grid = list(itertools.product(SPECIAL, repeat=min(len(symbols), 3)))
    for values in draw.sample(grid, min(len(grid), SPECIAL_TRIED)):
        rest = (draw.choice(SPECIAL) for _ in symbols[3:])
        yield dict(zip(symbols, (*values, *rest), strict=True))
        yield {s: drawn(s, draw) for s in symbols}
    while True:
        yield {s: drawn(s, draw) for s in symbols}
