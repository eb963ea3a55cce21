"""Finding what the topics state: the package is walked, and nothing is registered by hand."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import derivations
from derivations import ledger
from derivations.claims import Claim, ClaimError, Definition

_ENGINE = (
    "derivations.kernel",
    "derivations.reading",
    "derivations.sources",
    "derivations.cli",
    "derivations.__main__",
)


@cache
def modules() -> tuple[ModuleType, ...]:
    """The modules of the package that may state claims."""
    found = pkgutil.walk_packages(derivations.__path__, "derivations.")
    return tuple(import_module(m.name) for m in found if not m.name.startswith(_ENGINE))


def _stated(store: str) -> Iterator[Any]:
    for module in modules():
        yield from getattr(module, store, ())


@cache
def claims() -> tuple[Claim, ...]:
    """All claims, numeric examples included, in the order of their modules.

    Raises:
        ClaimError: a function name is used twice in a module, or two statements name one row.
    """
    found: tuple[Claim, ...] = tuple(_stated("__claims__"))
    names: set[tuple[str, str]] = set()
    for item in found:
        if (item.module, item.name) in names:
            raise ClaimError(f"{item.name} is the name of two claims", item.file, item.line)
        names.add((item.module, item.name))
    _unique(found)
    return found


@cache
def definitions() -> tuple[Definition, ...]:
    """All definitions."""
    return tuple(_stated("__definitions__"))


@cache
def not_checkable() -> Mapping[str, str]:
    """The rows that cannot be checked, each with its reason."""
    return {row_id: m for module in modules() for row_id, m in _reasons(module).items()}


def _reasons(module: ModuleType) -> Mapping[str, str]:
    return getattr(module, "__not_checkable__", {})


def covered(claim: Claim) -> tuple[str, ...]:
    """The rows that a claim settles: those it names and their printed lines."""
    lines = [step.id for i in claim.ids if claim.chain for step in ledger.steps_of(i)]
    return (*claim.ids, *lines)


def _unique(found: tuple[Claim, ...]) -> None:
    owner: dict[str, str] = {}

    def own(row_id: str, name: str, file: str, line: int) -> None:
        if row_id in owner:
            said = f"{row_id} is stated by {owner[row_id]} already"
            raise ClaimError(said, file, line)
        owner[row_id] = name

    for item in found:
        for row_id in covered(item):
            own(row_id, item.name, item.file, item.line)
    for notation in definitions():
        for row_id in notation.ids:
            own(row_id, notation.name, notation.file, notation.line)
    for module in modules():
        for row_id in _reasons(module):
            own(row_id, "not_checkable", module.__file__ or module.__name__, 1)
