"""`workings exercises try`: asks in the terminal, marks at once, gives hints one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from exercises.commands.bank import named
from exercises.commands.own import exercises_blamed, exercises_option

if TYPE_CHECKING:
    from rich.console import Console

    from exercises.core import Exercise
    from exercises.formats.page import Question

_STOP = ("?", "skip", "quit")
_HELP = "Type your answer; ? for a hint, skip for the next part, quit to leave."
_LINES = "Several lines: end with an empty line, or in code with a line that holds a single dot."


@click.command("try")
@click.argument("exercise_id", metavar="ID")
@click.option("--variant", "seed", metavar="SEED", help="Which variant; drawn when not given.")
@exercises_option()
def attempt(exercise_id: str, seed: str | None) -> None:
    """Try the exercise ID here, as often as you like; nothing is saved."""
    item = named(exercise_id)
    with exercises_blamed():
        _try(item, seed)


def _try(item: Exercise, seed: str | None) -> None:
    from secrets import randbelow

    from rich.console import Console

    from exercises.formats.page import Question, worth

    seed = str(randbelow(10_000)) if seed is None else seed
    variant = item.draw(seed)
    console = Console(highlight=False)
    console.print(f"{item.title}  ({worth(item.points)}, variant {seed})", style="bold")
    console.print(_HELP, style="dim")
    if item.picture:
        console.print(f"\nFigure: {item.picture.words(variant)}", markup=False)
    given: dict[str, str] = {}
    points = 0.0
    try:
        for part in item.parts:
            points += _ask(console, Question(part, variant), given)
    except (_QuitError, EOFError, click.Abort):
        console.print()
    console.print(f"{points:g} of {worth(item.points)}", style="bold")


class _QuitError(Exception):
    """The student leaves."""


def _ask(console: Console, question: Question, given: dict[str, str]) -> float:
    """The points for one part, asked until it is right or skipped."""
    part = question.part
    console.print(f"\n{part.name}  ({question.worth})", style="bold")
    console.print(f"{question.text}\n\n{question.instruction}", markup=False)
    if not _in_one_line(part):
        console.print(_LINES, style="dim")
    hints, best = iter(part.hints), 0.0
    while True:
        typed = _typed(part)
        if typed == "quit":
            raise _QuitError
        if typed == "skip":
            return best
        if typed == "?":
            console.print(next(hints, "there is no further hint"), style="yellow", markup=False)
            continue
        if not typed:
            continue
        given[part.name] = typed
        mark = _marked(question, given)
        _say(console, mark)
        best = max(best, mark.points)
        if mark.outcome == "right":
            found: float = best
            return found


def _typed(part: Any) -> str:
    """What is typed: a line, or lines up to an empty one or a dot."""
    first: str = click.prompt("", prompt_suffix="> ", default="", show_default=False).rstrip()
    if _in_one_line(part) or first.strip() in _STOP:
        return first.strip()
    end = "." if _is_code(part) else ""
    lines = [first]
    while (line := click.prompt("", prompt_suffix="  ", default="", show_default=False)) != end:
        lines.append(line)
    return "\n".join(lines)


def _in_one_line(part: Any) -> bool:
    from exercises.answers import Derivation

    return not isinstance(part.answer, Derivation) and not _is_code(part)


def _is_code(part: Any) -> bool:
    from exercises.answers import Code, Gradient

    return isinstance(part.answer, Code | Gradient)


def _marked(question: Question, given: dict[str, str]) -> Any:
    from grader.mark import mark_part
    from grader.sandbox import Sandbox
    from grader.student import InProcess
    from grader.written.document import Passage

    part = question.part
    if not _is_code(part):
        # Earlier answers come along: a wrong one is carried forward. They are read as what is
        # written for people is: a slip of the keyboard is not checked, and not wrong.
        answers = {p.name: Passage(given[p.name]) for p in part.exercise.parts if p.name in given}
        return mark_part(part, question.variant, InProcess(answers))
    # Code is run where everybody's is: a loop without end costs two seconds, not the terminal.
    functions = {p.name for p in part.exercise.parts if _is_code(p)}
    source = "import numpy as np\n\n" + "\n\n".join(given[n] for n in given if n in functions)
    with Sandbox(source, allow_weak=True) as sandbox:
        sandbox.load()
        return mark_part(part, question.variant, sandbox)


def _say(console: Console, mark: Any) -> None:
    if mark.outcome == "not-checked":
        console.print("not checked: mend it and try again", style="yellow")
    else:
        style = {"right": "green", "partial": "yellow"}.get(mark.outcome, "red")
        console.print(f"{mark.outcome}: {mark.points:g} of {mark.out_of}", style=style)
    for finding in mark.findings:
        # A message that points at a place quotes the line already.
        text = finding.text if finding.text not in finding.message else ""
        for said in (finding.message, text, finding.witness, finding.diagnosis):
            if said:
                console.print(f"  {said}", markup=False)
