"""How a topic states its claims: decorated generator functions, definitions and reasons."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from derivations.steps import Step

Body = Callable[[], Iterator[Step]]


class ClaimError(Exception):
    """A claim that is put wrongly: it cannot be judged at all.

    Attributes:
        message: what must hold, and what came instead.
        file: the file of the claim.
        line: the line at fault.
    """

    def __init__(self, message: str, file: str, line: int) -> None:
        super().__init__(f"{shown(file)}:{line}: {message}")
        self.message, self.file, self.line = message, file, line


def shown(file: str) -> str:
    """A path as a reader of the project would write it."""
    path, here = Path(file), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else file


class Encoded:
    """What stands in a file as one function: its name and place."""

    __slots__ = ()
    body: Callable[[], Any]

    @property
    def name(self) -> str:
        """The name of its function."""
        return self.body.__name__

    @property
    def file(self) -> str:
        """The file that holds it."""
        return self.body.__code__.co_filename

    @property
    def line(self) -> int:
        """The line at which its function begins."""
        return self.body.__code__.co_firstlineno


@dataclass(frozen=True, slots=True, eq=False)
class Claim(Encoded):
    """One statement of the notes with its chain of lines.

    Attributes:
        ids: the rows of the ledger that it encodes.
        body: the generator function that yields its lines.
        kind: `claim`, or `run` for a numeric example that is executed.
        chain: whether the `.s1`, `.s2`, ... rows of its ids are its printed lines.
    """

    ids: tuple[str, ...]
    body: Body
    kind: Literal["claim", "run"]
    chain: bool

    @property
    def module(self) -> str:
        """The module that holds it."""
        return self.body.__module__

    @property
    def topic(self) -> str:
        """The topic, which is the name of its module, or of the package that the module is in."""
        return self.module.split(".")[1]

    @property
    def summary(self) -> str:
        """The claim in words: the first line of its docstring."""
        return (self.body.__doc__ or "").strip().partition("\n")[0]


@dataclass(frozen=True, slots=True, eq=False)
class Definition(Encoded):
    """A notation that the notes introduce.

    Calling it gives the notation: an expression, or a pair of an expression and the formula that
    it stands for, which the kernel must prove equal.
    """

    ids: tuple[str, ...]
    body: Callable[[], Any]

    def __call__(self) -> Any:
        """The notation, or the notation and its formula."""
        return self.body()


def _required(ids: tuple[str, ...], maker: str) -> None:
    if not ids or not all(isinstance(name, str) for name in ids):
        raise TypeError(f'{maker} needs the ids of its rows: @{maker}("XU-18")')


def _recorded(body: Callable[..., Any], store: str, item: Any) -> None:
    body.__globals__.setdefault(store, []).append(item)


def claim(*ids: str, chain: bool = True) -> Callable[[Body], Claim]:
    """States that the decorated generator function is the chain of these rows of the ledger.

    Args:
        ids: the rows; several when several documents print the same statement.
        chain: False when the `.s1`, `.s2`, ... rows of the ids belong to other claims.
    """
    _required(ids, "claim")

    def decorate(body: Body) -> Claim:
        made = Claim(ids, body, "claim", chain)
        _recorded(body, "__claims__", made)
        return made

    return decorate


def run(*ids: str) -> Callable[[Body], Claim]:
    """States that the decorated generator function executes these numeric examples exactly."""
    _required(ids, "run")

    def decorate(body: Body) -> Claim:
        made = Claim(ids, body, "run", chain=True)
        _recorded(body, "__claims__", made)
        return made

    return decorate


def definition(*ids: str) -> Callable[[Callable[[], Any]], Definition]:
    """States that the decorated function gives the notation that these rows define."""
    _required(ids, "definition")

    def decorate(body: Callable[[], Any]) -> Definition:
        made = Definition(ids, body)
        _recorded(body, "__definitions__", made)
        return made

    return decorate


def not_checkable(reasons: Mapping[str, str]) -> None:
    """States for rows of the calling module why they cannot be checked, in one line each.

    Raises:
        ValueError: a reason is empty, or a row is named a second time.
    """
    stored = sys._getframe(1).f_globals.setdefault("__not_checkable__", {})
    for row_id, reason in reasons.items():
        if not reason.strip() or "\n" in reason:
            raise ValueError(f"not_checkable: {row_id} needs its reason in one line")
        if row_id in stored:
            raise ValueError(f"not_checkable: {row_id} is named a second time")
        stored[row_id] = reason
