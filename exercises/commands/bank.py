"""`workings exercises`: find an exercise, look at a variant, try it, write a new one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from exercises.commands.own import exercises_blamed, exercises_option

if TYPE_CHECKING:
    from rich.console import Console

    from exercises.core import Exercise

KINDS = ("Expression", "Derivation", "Number", "Array", "Code", "Gradient", "Erratum")
_ELSEWHERE = {
    "from-claim": ("exercises.commands.from_claim", "from_claim"),
    "new": ("exercises.commands.skeleton", "new"),
    "try": ("grader.attempt", "attempt"),  # it marks, so it stands in the room above
}


class _Group(click.Group):
    """A group whose larger commands are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return sorted({*super().list_commands(ctx), *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, name = _ELSEWHERE[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=_Group, invoke_without_command=True)
@click.option("--topic", help="Only those of a topic.")
@click.option("--level", type=click.IntRange(1, 3), help="Only those of a level.")
@click.option(
    "--kind",
    type=click.Choice(KINDS, case_sensitive=False),
    help="Only those with an answer of a kind.",
)
@click.option("--json", "as_json", is_flag=True, help="List them as JSON.")
@exercises_option()
@click.pass_context
def exercises(
    ctx: click.Context, topic: str | None, level: int | None, kind: str | None, as_json: bool
) -> None:
    """List the exercises, all or some; or show, try and write one."""
    chosen = (topic, level, kind) != (None, None, None)
    if ctx.invoked_subcommand is not None:
        if chosen or as_json:
            given = f"`{ctx.info_name} {ctx.invoked_subcommand}`"
            raise click.UsageError(f"--topic, --level, --kind and --json list; {given} does not")
        return
    every, problems = _of_topic(topic)
    found = [item for item in every if _fits(item, level, kind)]
    if as_json:
        click.echo(json.dumps([_as_dict(item) for item in found], indent=1, ensure_ascii=False))
    else:
        _list(found)
    for problem in problems:
        click.echo(f"left out: {problem}", err=True)
    if problems or not (found or as_json):
        raise SystemExit(1)


def _list(found: Sequence[Exercise]) -> None:
    console = _console()
    width = max((len(item.id) for item in found), default=0)
    for item in found:
        answers = ", ".join(dict.fromkeys(_kind(part) for part in item.parts))
        facts = f"level {item.level}  {item.points:>2} p  {item.minutes:>2} min"
        line = f"{item.id:<{width}}  {facts}  {item.title}"
        console.print(f"{line}  [{answers}]", markup=False)
    console.print(f"{len(found)} exercise{'' if len(found) == 1 else 's'}")


exercise = exercises  # `workings exercise from-claim` reads better in the singular


@exercises.command()
@click.argument("exercise_id", metavar="ID")
@click.option("--variant", "seed", default="1", metavar="SEED", help="Which variant to draw.")
@click.option("--solutions", is_flag=True, help="Show the answers and the marking scheme.")
@exercises_option()
def show(exercise_id: str, seed: str, solutions: bool) -> None:
    """Show one variant of the exercise ID."""
    item = named(exercise_id)
    with exercises_blamed():
        _show(item, seed, solutions)


def _show(item: Exercise, seed: str, solutions: bool) -> None:
    from exercises.formats.page import Question, worth

    console = _console()
    variant = item.draw(seed)
    facts = f"{item.id}, level {item.level}, {worth(item.points)}, about {item.minutes} minutes"
    console.print(f"{item.title}  ({facts})", markup=False)
    if item.prerequisites:
        console.print(f"builds on {', '.join(item.prerequisites)}", style="dim", markup=False)
    if item.claims:
        console.print(f"rests on {', '.join(item.claims)}", style="dim", markup=False)
    if item.picture:
        console.print(f"\nFigure: {item.picture.words(variant)}", markup=False)
    for part in item.parts:
        question = Question(part, variant)
        console.print(f"\n{part.name}  ({question.worth}, {_kind(part)})", style="bold")
        console.print(f"{question.text}\n\n{question.instruction}", markup=False)
        if solutions:
            scheme = "\n".join(f"- {points}: {reason}" for points, reason in question.scheme)
            console.print(f"\n{question.solution}\n\n{scheme}", markup=False)


def named(exercise_id: str) -> Exercise:
    """The exercise of an id.

    Raises:
        click.BadParameter: there is none; with the nearest ids.
    """
    from exercises.core import ExerciseError
    from exercises.discover import exercise as found

    try:
        return found(exercise_id)
    except ExerciseError as error:
        raise click.BadParameter(str(error), param_hint="ID") from error


def _of_topic(topic: str | None) -> tuple[Sequence[Exercise], Sequence[str]]:
    """The exercises of a topic, or all; and what is wrong with those that cannot be read.

    Raises:
        click.BadParameter: there is no such topic; with the nearest, and all that there are.
    """
    from exercises.discover import exercise_ids, readable, suggest, topic_of, topics

    known = topics()
    if topic is None:
        return readable(exercise_ids())
    if topic not in known:
        said = f"no topic is called {topic!r}{suggest(topic, known)}"
        if "; known: " not in said:
            said += f" Known: {', '.join(known)}"
        raise click.BadParameter(said, param_hint="--topic")
    return readable([id for id in exercise_ids() if topic_of(id) == topic])


def _as_dict(item: Exercise) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "level": item.level,
        "points": item.points,
        "minutes": item.minutes,
        "prerequisites": list(item.prerequisites),
        "claims": list(item.claims),
        "parts": [
            {
                "name": part.name,
                "kind": _kind(part),
                "points": part.points,
                "after": [earlier.name for earlier in part.after],
            }
            for part in item.parts
        ],
    }


def _fits(item: Exercise, level: int | None, kind: str | None) -> bool:
    kinds = {_kind(part) for part in item.parts}
    return (level is None or item.level == level) and (kind is None or kind in kinds)


def _kind(part: Any) -> str:
    return type(part.answer).__name__


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)
