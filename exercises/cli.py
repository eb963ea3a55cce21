"""`workings`: sheets for students, and the claims of the notes, on the command line."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

_ELSEWHERE = {
    "errata": "derivations.cli",
    "find": "derivations.cli",
    "show": "derivations.cli",
    "gallery": "exercises.gallery.page",
    "ledger": "derivations.cli",
    "verify": "derivations.cli",
}


class LazyGroup(click.Group):
    """A group some of whose commands live in modules that are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return sorted({*super().list_commands(ctx), *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(_ELSEWHERE[cmd_name]), cmd_name)
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name="workings")
def main() -> None:
    """Check the mathematics of machine learning line by line."""


@main.command()
@click.argument("name")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for sheet.md and submission.py; made when missing.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Which variant to draw.")
@click.option("--force", is_flag=True, help="Overwrite a submission.py that is already there.")
def sheet(name: str, output: Path, seed: int, force: bool) -> None:
    """Write the questions of the sheet NAME, and a blank submission to fill in."""
    from exercises.sheet import SheetError, load_sheet, render_sheet, render_starter

    try:
        loaded = load_sheet(name)
    except SheetError as error:
        raise click.BadParameter(str(error), param_hint="NAME") from error
    questions, submission = output / "sheet.md", output / "submission.py"
    if submission.exists() and not force:
        # Nothing is written at all: new questions beside old answers would mislead.
        raise click.ClickException(
            f"{submission} exists and may hold your work; choose another folder, or use --force"
        )
    try:
        output.mkdir(parents=True, exist_ok=True)
        questions.write_text(render_sheet(loaded, seed), encoding="utf-8", newline="\n")
        submission.write_text(render_starter(loaded, seed), encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.ClickException(f"cannot write to {output}: {error.strerror}") from error
    click.echo(f"wrote {questions} and {submission}")
