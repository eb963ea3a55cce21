"""The first word of `grade ...`: a file to mark, or one of the other commands."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

# The word of `grade WORD ...`, the command that it is, and what it does; a file of that name
# wins.
WORDS = {
    "watch": ("grader.watch", "Mark a file again whenever it is saved."),
    "book": ("grader.book_cli", "Read a gradebook that --book keeps: list, review, override."),
    "gradescope": ("grader.gradescope", "Mark the submission on a Gradescope autograder."),
    "doctor": ("grader.isolation.doctor", "Say how well code is kept apart on this machine."),
}


Command = TypeVar("Command", bound=Callable[..., Any])


class Front(click.Command):
    """`grade FILE`, and next to it `grade book` and its like."""

    def main(self, args: Sequence[str] | None = None, **options: Any) -> Any:  # type: ignore[override]
        """Run the command that the first word names, or mark files."""
        words = list(sys.argv[1:] if args is None else args)
        if words and words[0] in WORDS and not Path(words[0]).exists():
            command = import_module(WORDS[words[0]][0]).main
            return command.main(words[1:], **{**options, "prog_name": f"grade {words[0]}"})
        return super().main(words, **options)

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and then the other commands."""
        super().format_options(context, formatter)
        with formatter.section("Other commands"):
            formatter.write_dl([(f"grade {word}", said) for word, (_, said) in WORDS.items()])


def hints_option(command: Command) -> Command:
    """The option that asks for hints."""
    return click.option(
        "--hints",
        type=click.IntRange(0, 20),
        default=0,
        metavar="N",
        help="Give the first N hints of each part that is not right; unless the sheet lists them, "
        "their price is taken off.",
    )(command)


class Pattern(click.ParamType["re.Pattern[str]"]):
    """A regular expression with a group called student."""

    name = "regex"

    def convert(self, value: Any, param: Any, context: Any) -> re.Pattern[str]:
        """The compiled expression."""
        if isinstance(value, re.Pattern):
            return value
        try:
            pattern = re.compile(value)
        except re.error as error:
            self.fail(f"{value!r} is not a regular expression: {error}", param, context)
        if "student" not in pattern.groupindex:
            self.fail(
                f"{value!r} has no group (?P<student>...), such as '(?P<student>[a-z]+)_.*'",
                param,
                context,
            )
        return pattern
