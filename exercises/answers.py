"""What an answer can be: a formula, a derivation, numbers, a function, or a mended line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from exercises.credit import Credit
from exercises.function_answers import Code, Gradient, Growth

__all__ = [
    "Array",
    "Chain",
    "Code",
    "Derivation",
    "Erratum",
    "Expression",
    "Fault",
    "Gradient",
    "Growth",
    "Kind",
    "Number",
]


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
            f"Give `{self.name}` as a formula in {_listed(self.symbols)}{asked}"
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
            f"Give `{self.name}` line by line: first the start, then one step a line, each "
            f"behind {behind}{f', for {holds}' if holds else ''}.{shown}\n\n"
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
            return f"Give `{self.name}` to {self.digits} significant figures or more."
        return f"Give `{self.name}` as a number; an exact one such as `1/3` is welcome."


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
        return f"Give `{self.name}` as an array of shape `{reference.shape}`."


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
            f"Give in `{self.name}` its number and what it should be, as in `2: x + 1`."
        )


Kind: TypeAlias = Expression | Derivation | Number | Array | Code | Gradient | Erratum


def _listed(symbols: tuple[Any, ...]) -> str:
    return " and ".join(f"`{symbol}`" for symbol in symbols)
