"""What an answer can be: a formula, a derivation, numbers, a function, or a mended line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

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


@dataclass(frozen=True)
class Fault:
    """The reference of an `Erratum`: a derivation with one wrong line, and the line mended.

    Attributes:
        lines: the derivation as it is shown, line 1 first; line `wrong` does not follow.
        wrong: the number of the wrong line, from 2.
        right: what that line should be, as parseable text.
        why: what went wrong, for the solution sheet.
    """

    lines: tuple[str, ...]
    wrong: int
    right: str
    why: str = ""

    def __post_init__(self) -> None:
        if not 2 <= self.wrong <= len(self.lines):
            raise ValueError(
                f"Fault: the wrong line is one of 2 to {len(self.lines)}; got {self.wrong}"
            )

    @property
    def shown(self) -> str:
        """The derivation with its lines numbered."""
        numbered = enumerate(self.lines, start=1)
        return "\n".join(f"{k}.  {'= ' if k > 1 else '  '}{line}" for k, line in numbered)

    @property
    def text(self) -> str:
        """The right answer as a student writes it."""
        return f"{self.wrong}: {self.right}"


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
    """A formula in the given symbols, written as a string; the reference is a SymPy expression.

    Attributes:
        form: the form asked for: `expanded`, `factored`, or nothing in particular.
        functions: the names of the only functions that may occur ("in terms of sigma alone");
            empty for any.
    """

    name: str
    symbols: tuple[Any, ...]
    form: Literal["", "expanded", "factored"] = ""
    functions: tuple[str, ...] = ()

    @property
    def blank(self) -> str:
        """The answer not yet given."""
        return f'{self.name} = ""'

    def instruction(self, reference: Any) -> str:  # noqa: ARG002 - every kind takes it
        """How to write the answer down."""
        asked = f", {self.form}" if self.form else ""
        only = f", with no other function than {' and '.join(self.functions)}"
        return (
            f"Set `{self.name}` to a string, a formula in {_listed(self.symbols)}{asked}"
            f"{only if self.functions else ''}."
        )


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
class Number:
    """One number, as a Python number or as a string such as "1/3"; the reference is exact.

    Attributes:
        digits: how many significant figures are asked for; 0 when `rtol` and `atol` decide.
        rtol: the relative error allowed.
        atol: the absolute error allowed.
    """

    name: str
    digits: int = 0
    rtol: float = 1e-9
    atol: float = 0.0

    @property
    def blank(self) -> str:
        """The answer not yet given."""
        return f"{self.name} = None"

    def instruction(self, reference: Any) -> str:  # noqa: ARG002 - every kind takes it
        """How to write the answer down."""
        if self.digits:
            return f"Set `{self.name}` to the number, to {self.digits} significant figures or more."
        return f'Set `{self.name}` to the number; an exact one such as `"1/3"` is welcome.'


@dataclass(frozen=True)
class Array:
    """Numbers in a shape, as a NumPy array or nested lists; the reference is a NumPy array.

    Attributes:
        rtol: the relative error allowed in each entry.
        atol: the absolute error allowed in each entry.
    """

    name: str
    rtol: float = 1e-6
    atol: float = 1e-9

    @property
    def blank(self) -> str:
        """The answer not yet given."""
        return f"{self.name} = None"

    def instruction(self, reference: Any) -> str:
        """How to write the answer down, with the shape."""
        return f"Set `{self.name}` to an array (or nested lists) of shape {reference.shape}."


@dataclass(frozen=True)
class Erratum(_Formula):
    """The wrong line of a derivation, found and mended; the reference is a `Fault`."""

    name: str
    symbols: tuple[Any, ...]

    @property
    def blank(self) -> str:
        """The answer not yet given."""
        return f'{self.name} = ""'

    def instruction(self, reference: Fault) -> str:
        """How to write the answer down, with the derivation."""
        return (
            f"One line of this derivation does not follow from the line before it:\n\n"
            f"```\n{reference.shown}\n```\n\n"
            f'Set `{self.name}` to its number and what it should be, as in `"2: x + 1"`.'
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


Kind: TypeAlias = Expression | Derivation | Number | Array | Code | Gradient | Erratum


def _listed(symbols: tuple[Any, ...]) -> str:
    return " and ".join(f"`{symbol}`" for symbol in symbols)
