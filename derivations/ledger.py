"""The ledger: every statement that the five documents make, as printed, one row each."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_FILES = ("chau", "course", "su2019", "xu2022")
_STEP = re.compile(r"(?P<parent>.+)\.s(?P<number>\d+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One statement of one document.

    Attributes:
        id: its name, unique in the ledger: `XU-18.s3`.
        source: the key of its document: `xu2022`.
        where: the place in that document, as a reader would look it up.
        topic: the topic it belongs to: `activations`.
        kind: what sort of statement it is: `identity`, `derivative`, `prose-claim`, ...
        latex: the statement as printed.
        assumptions: what the document assumes for it.
        note: a remark on how it was read.
    """

    id: str
    source: str
    where: str
    topic: str
    kind: str
    latex: str
    assumptions: str
    note: str


@dataclass(frozen=True, slots=True)
class Document:
    """One set of notes; `author` and `date` are empty where the notes do not say."""

    key: str
    title: str
    author: str
    date: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.author, self.title, self.date) if part)


@cache
def rows() -> tuple[Row, ...]:
    """All rows, in the order of the documents."""
    found: list[Row] = []
    for name in _FILES:
        source = files("derivations") / "sources" / f"{name}.csv"
        with source.open(encoding="utf-8") as lines:
            found.extend(Row(**record) for record in csv.DictReader(lines))
    return tuple(found)


@cache
def _by_id() -> Mapping[str, Row]:
    return MappingProxyType({row.id: row for row in rows()})


@cache
def _steps() -> Mapping[str, tuple[Row, ...]]:
    numbered: dict[str, list[tuple[int, Row]]] = {}
    for row in rows():
        if match := _STEP.fullmatch(row.id):
            numbered.setdefault(match["parent"], []).append((int(match["number"]), row))
    return MappingProxyType(
        {
            parent: tuple(row for _, row in sorted(steps, key=lambda step: step[0]))
            for parent, steps in numbered.items()
        }
    )


def row(row_id: str) -> Row:
    """The row of that id.

    Raises:
        KeyError: the ledger has no such row.
    """
    return _by_id()[row_id]


def has_row(row_id: str) -> bool:
    """Whether the ledger has a row of exactly that id."""
    return row_id in _by_id()


def steps_of(claim_id: str) -> tuple[Row, ...]:
    """The printed lines of a chain, `.s1`, `.s2`, ..., in order; empty if it has none."""
    return _steps().get(claim_id, ())


def known(claim_id: str) -> bool:
    """Whether the ledger has a row of that id, or printed lines under it."""
    return claim_id in _by_id() or claim_id in _steps()


def rows_of(claim_id: str) -> tuple[Row, ...]:
    """The row of that id, where there is one, and its printed lines."""
    own = (_by_id()[claim_id],) if claim_id in _by_id() else ()
    return own + steps_of(claim_id)


@cache
def documents() -> Mapping[str, Document]:
    """The five documents, by key."""
    text = (files("derivations") / "sources" / "documents.toml").read_text(encoding="utf-8")
    return MappingProxyType({key: Document(key, **d) for key, d in tomllib.loads(text).items()})
