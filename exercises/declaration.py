"""What a declaration says in words and does with a variant: texts, calls, and its errors."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

Function: TypeAlias = Callable[..., Any]
Variant: TypeAlias = Mapping[str, Any]


class ExerciseError(ValueError):
    """An exercise is declared wrongly; the message names it and says what must hold."""


def called(function: Function, variant: Variant) -> Any:
    """The function's value, given those of the variant's names that it asks for."""
    wanted = inspect.signature(function).parameters
    missing = [name for name in wanted if name not in variant]
    if missing:
        raise ExerciseError(
            f"{function.__module__}.{function.__name__} asks for {', '.join(missing)}; "
            f"the variant draws {', '.join(variant) or 'nothing'}"
        )
    return function(**{name: variant[name] for name in wanted})


def rendered(template: str, variant: Variant) -> str:
    """A text with the values of a variant in its gaps."""
    return str(_compiled(template).render(variant))


def docstring(function: Function) -> str:
    """The docstring of a function that must have one."""
    text = inspect.getdoc(function)
    if not text:
        raise ExerciseError(f"{function.__module__}.{function.__name__} needs a docstring")
    return text


@cache
def _compiled(template: str) -> Any:
    return _environment().from_string(template)


@cache
def _environment() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, autoescape=False)  # Markdown, not HTML
    environment.filters |= {"factor": factor, "signed": signed}
    return environment


def factor(number: Any) -> str:
    """A number as it stands before a symbol: 1 is left out, -1 is a sign."""
    return {1: "", -1: "-"}.get(number, str(number))


def signed(number: Any) -> str:
    """A number as it stands after another term: "+ 2", "- 2"."""
    return f"- {-number}" if number < 0 else f"+ {number}"


def place(error: BaseException, within: Callable[[str], bool]) -> tuple[str, int] | None:
    """The file and the line that an error comes from: the last ones in a file that counts.

    Args:
        error: what was raised.
        within: whether a file counts.
    """
    if isinstance(error, SyntaxError) and error.filename and within(error.filename):
        return error.filename, error.lineno or 1
    frames = [(f.filename, f.lineno or 1) for f in traceback.extract_tb(error.__traceback__)]
    return next((frame for frame in reversed(frames) if within(frame[0])), None)
