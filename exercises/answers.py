"""What an answer can be: a formula, a derivation, numbers, a function, or a mended line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from exercises.credit import Credit

if TYPE_CHECKING:
    import numpy as np

Inputs: TypeAlias = "Callable[[np.random.Generator], list[tuple[Any, ...]]]"


@dataclass(frozen=True)
class Chain:
    """The reference of a derivation, as lines of parseable text.

    Attributes:
        lines: the start, the steps, and last the form that is asked for.
        arrow: what stands between them: = between expressions, <=> or => between equations.
    """

    lines: tuple[str, ...]
    arrow: Literal["=", "<=>", "=>"] = "="

    def __post_init__(self) -> None:
        if self.arrow not in ("=", "<=>", "=>"):
            raise ValueError(f"Chain: the arrow is =, <=> or =>; got {self.arrow!r}")
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
        return f"\n {self.arrow} ".join(self.lines)

    @property
    def equations(self) -> bool:
        """Whether the lines are equations."""
        return self.arrow != "="


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
    """A chain of lines that follow from each other, in a string; the reference is a `Chain`.

    Attributes:
        given: relations that hold throughout, besides the symbols' own assumptions: `p < 1`.
        credit: how the points are shared out.
    """

    name: str
    symbols: tuple[Any, ...]
    given: tuple[Any, ...] = ()
    credit: Credit = field(default_factory=Credit)

    @property
    def blank(self) -> str:
        """The answer not yet given."""
        return f'{self.name} = """\n"""'

    def instruction(self, reference: Chain) -> str:
        """How to write the answer down, with the two ends of the chain."""
        least = self.credit.least(len(reference.lines) - 1)
        behind = "`<=>` (or `=>`, where it is not equivalent)" if reference.equations else "`=`"
        holds = " and ".join(f"`{relation}`" for relation in self.given)
        shown = f" Show {least} steps or more." if least > 1 else ""
        return (
            f"Set `{self.name}` to a multi-line string: first the start, then one step a line, "
            f"each behind {behind}{f', for {holds}' if holds else ''}.{shown}\n\n"
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
        condition: how many times the relative error of the data and of rounded intermediate
            results comes out in the answer (its condition number, such as abs(x f'(x) / f(x))).
            Every allowance above is taken so many times: who rounds on the way to as many figures
            as are asked for is not wrong because the question is ill-conditioned.
    """

    name: str
    digits: int = 0
    rtol: float = 1e-9
    atol: float = 0.0
    condition: float = 1.0

    def __post_init__(self) -> None:
        if not self.condition >= 1:
            raise ValueError(f"Number: the condition is 1 at least; got {self.condition:g}")

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

    An entry may also be written exactly, as a string such as "1/3".

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


Kind: TypeAlias = Expression | Derivation | Number | Array | Code | Gradient | Erratum


def _listed(symbols: tuple[Any, ...]) -> str:
    return " and ".join(f"`{symbol}`" for symbol in symbols)
