"""What the names of a question are called in LaTeX: with labels, with accents, or spelled out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sympy as sp

from derivations.reading.vocabulary import CALLABLE

# Greek letters that alone are never the functions of these names, unlike \sigma and \Gamma.
_NOT_FUNCTIONS = ("gamma", "beta", "delta")


class Names:
    """The names of one question, and the indices that a formula binds."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names = names
        self._bound: list[str] = []

    @contextmanager
    def bound(self, index: str) -> Iterator[None]:
        """Know an index for as long as its sum is read."""
        self._bound.append(index)
        yield
        self._bound.pop()

    def is_family(self, name: str) -> bool:
        """Whether a name has entries."""
        return isinstance(self.names.get(name), sp.IndexedBase)

    def is_function(self, name: str) -> bool:
        """Whether a name takes arguments in this question."""
        if name in self.names:
            return callable(self.names[name]) and not self.is_family(name)
        return name in CALLABLE and name not in _NOT_FUNCTIONS

    def spells(self, word: str) -> bool:
        """Whether each letter of a word is a name of its own."""
        return all(c in self.names or c in self._bound or c == "e" for c in word)

    def labelled(self, name: str, label: str) -> list[str]:
        """The question's names for a name with a label: `w_1` and `w1` for w and 1."""
        plain = label.replace(",", "")
        spelled = (f"{name}_{label}", f"{name}{label}", f"{name}_{plain}", f"{name}{plain}")
        return [s for s in dict.fromkeys(spelled) if s in self.names]

    def accented(self, name: str, accent: str) -> list[str]:
        """The question's names for a letter with an accent: `yhat`, `y_hat`, `hat_y`."""
        spelled = (f"{name}{accent}", f"{name}_{accent}", f"{accent}_{name}", f"{accent}{name}")
        return [s for s in spelled if s in self.names]
