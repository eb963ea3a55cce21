"""Answers that are functions: code, and the gradient of code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Inputs: TypeAlias = "Callable[[np.random.Generator], list[tuple[Any, ...]]]"


@dataclass(frozen=True)
class Growth:
    """How the cost of a function may grow: it is timed beside the reference, on growing inputs.

    What counts is how many times as long as the reference it takes, at two sizes at least.

    Attributes:
        at: draws the arguments of size n.
        sizes: at least two, growing. The reference should take a few milliseconds at the last.
        factor: so many times as long as the reference is too slow. A loop in Python takes a
            hundred times as long as the same in NumPy, another vectorised solution a few times.
        credit: the share of the points that a right but slow function keeps.
        over: what a slow function probably loops over, for the message.
    """

    at: Callable[[np.random.Generator, int], tuple[Any, ...]]
    sizes: tuple[int, ...] = (300, 3_000)
    factor: float = 30.0
    credit: float = 0.5
    over: str = "entries"

    def __post_init__(self) -> None:
        if len(self.sizes) < 2 or list(self.sizes) != sorted(set(self.sizes)):
            raise ValueError(f"Growth: needs two growing sizes at least; got {self.sizes}")
        if self.factor < 10:
            raise ValueError(
                f"Growth: a factor under 10 would fail right answers; got {self.factor:g}"
            )
        if not 0 <= self.credit < 1:
            raise ValueError(f"Growth: the credit is a share from 0 to 1; got {self.credit:g}")


@dataclass(frozen=True)
class _Function:
    """What the answers that are functions have in common.

    Attributes:
        rtol: the relative error allowed in each entry.
        atol: the absolute error allowed in each entry.
        parameters: the names of the arguments, for the starter file and the report.
        valid: whether arguments are legal, for what the marking makes of the drawn ones (smaller
            inputs to show). What all the drawn ones have in common holds anyway.
        integers: whether arrays may come with an integer dtype.
        in_place: the share of the points that changing an argument costs.
        unusual: the share that it costs when only unusual arrays fail: views, other dtypes, none or
            one row.
        growth: how the cost may grow, or nothing.
    """

    name: str
    _: KW_ONLY
    rtol: float = 1e-9
    atol: float = 1e-12
    parameters: tuple[str, ...] = ()
    valid: Callable[..., bool] | None = None
    integers: bool = False
    in_place: float = 0.25
    unusual: float = 0.25
    growth: Growth | None = None

    @property
    def _careful(self) -> str:
        dtypes = "floats or integers" if self.integers else "floats"
        return f"Arrays may be views, of any {dtypes}; leave the arguments as they are."

    def accepts(self, args: Sequence[Any]) -> bool:
        """Whether arguments are legal, as far as the exercise says."""
        return self.valid is None or self.valid(*args)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of all arguments."""
        return self.parameters or ("*args",)

    @property
    def signature(self) -> str:
        """The function as it is called."""
        return f"{self.name}({', '.join(self.arguments)})"

    @property
    def blank(self) -> str:
        """The answer not yet given."""
        return f"def {self.signature}:\n    raise NotImplementedError"


@dataclass(frozen=True)
class Code(_Function):
    """A function, run on inputs that the student has not seen; the reference is a callable.

    Attributes:
        inputs: draws the argument tuples; called by the grader after the submission is loaded.
        returns: the names of the values, where the function returns several as a tuple.
    """

    inputs: Inputs
    returns: tuple[str, ...] = ()

    def instruction(self, reference: Any) -> str:  # noqa: ARG002 - every kind takes it
        """How to write the answer down."""
        values = ", ".join(f"`{name}`" for name in self.returns)
        several = f" It returns a tuple: {values}." if values else ""
        return f"Define the function `{self.signature}`. {self._careful}{several}"


@dataclass(frozen=True)
class Gradient(_Function):
    """The backward pass of a function that the student wrote too; the reference is a callable.

    `name(*args, gradient)` returns the gradient with respect to the first argument. `parameters`
    and `valid` are those of the forward function.

    Attributes:
        forward: the name of the student's own forward function, `forward(*args)`.
        inputs: draws the argument tuples of the forward function, without the gradient.
    """

    forward: str
    inputs: Inputs

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of all arguments, the gradient from above last."""
        return (*super().arguments, "gradient")

    def accepts(self, args: Sequence[Any]) -> bool:
        """Whether arguments are legal, as far as the exercise says."""
        return super().accepts(args[:-1])

    def instruction(self, reference: Any) -> str:  # noqa: ARG002 - every kind takes it
        """How to write the answer down."""
        return (
            f"Define the function `{self.signature}`. {self._careful} "
            f"It is also held against small differences of your own `{self.forward}`."
        )
