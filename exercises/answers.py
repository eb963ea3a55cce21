"""What an answer can be: an expression, a derivation, a function or its gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Inputs: TypeAlias = "Callable[[np.random.Generator], list[tuple[Any, ...]]]"


@dataclass(frozen=True)
class Chain:
    """The reference of a derivation, as lines of parseable text.

    Attributes:
        lines: the start, the steps, and last the form that is asked for.
    """

    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.lines) < 2:
            raise ValueError(f"Chain: needs a start and an end; got {len(self.lines)} lines")

    @property
    def start(self) -> str:
        """What the student is given."""
        return self.lines[0]

    @property
    def end(self) -> str:
        """The form that is asked for."""
        return self.lines[-1]

    @property
    def text(self) -> str:
        """The chain as a student writes it."""
        return "\n = ".join(self.lines)


class _Formula:
    """What the answers that are text in the exercise's symbols have in common."""

    symbols: tuple[Any, ...]

    @property
    def names(self) -> dict[str, Any]:
        """The symbols by name, as the parser takes them."""
        return {str(symbol): symbol for symbol in self.symbols}


class _Function:
    """What the answers that are functions have in common."""

    name: str
    parameters: tuple[str, ...]

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
class Expression(_Formula):
    """A formula in the given symbols, written as a string; the reference is a SymPy expression."""

    name: str
    symbols: tuple[Any, ...]

    @property
    def blank(self) -> str:
        """The answer not yet given."""
        return f'{self.name} = ""'

    def instruction(self, reference: Any) -> str:  # noqa: ARG002 - every kind takes it
        """How to write the answer down."""
        return f"Set `{self.name}` to a string, a formula in {_listed(self.symbols)}."


@dataclass(frozen=True)
class Derivation(_Formula):
    """A chain of equal lines, written as a multi-line string; the reference is a `Chain`."""

    name: str
    symbols: tuple[Any, ...]

    @property
    def blank(self) -> str:
        """The answer not yet given."""
        return f'{self.name} = """\n"""'

    def instruction(self, reference: Chain) -> str:
        """How to write the answer down, with the two ends of the chain."""
        return (
            f"Set `{self.name}` to a multi-line string: first the start, then one step a line, "
            "each behind `=`.\n\n"
            f"- Start: `{reference.start}`\n"
            f"- End: `{reference.end}`"
        )


@dataclass(frozen=True)
class Code(_Function):
    """A function, run on inputs that the student has not seen; the reference is a callable.

    Attributes:
        inputs: draws the argument tuples; called by the grader after the submission is loaded.
        parameters: the names of the arguments, for the starter file and the report.
    """

    name: str
    inputs: Inputs
    rtol: float = 1e-9
    atol: float = 1e-12
    parameters: tuple[str, ...] = ()

    def instruction(self, reference: Any) -> str:  # noqa: ARG002 - every kind takes it
        """How to write the answer down."""
        return f"Define the function `{self.signature}`."


@dataclass(frozen=True)
class Gradient(_Function):
    """The backward pass of a function that the student wrote too; the reference is a callable.

    `name(*args, gradient)` returns the gradient with respect to the first argument.

    Attributes:
        forward: the name of the student's own forward function, `forward(*args)`.
        inputs: draws the argument tuples of the forward function, without the gradient.
        parameters: the names of the forward function's arguments, for the starter file.
    """

    name: str
    forward: str
    inputs: Inputs
    rtol: float = 1e-9
    atol: float = 1e-12
    parameters: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of all arguments, the gradient from above last."""
        return (*super().arguments, "gradient")

    def instruction(self, reference: Any) -> str:  # noqa: ARG002 - every kind takes it
        """How to write the answer down."""
        return (
            f"Define the function `{self.signature}`. "
            f"It is also held against small differences of your own `{self.forward}`."
        )


Kind: TypeAlias = Expression | Derivation | Code | Gradient


def _listed(symbols: tuple[Any, ...]) -> str:
    return " and ".join(f"`{symbol}`" for symbol in symbols)
