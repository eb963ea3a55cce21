"""`workings`: sheets for students, and the claims of the notes, on the command line."""

from __future__ import annotations

from importlib import import_module

import click

_ELSEWHERE = {
    "errata": "derivations.cli",
    "exercise": "exercises.commands.bank",
    "exercises": "exercises.commands.bank",
    "find": "derivations.cli",
    "show": "derivations.cli",
    "gallery": "exercises.gallery.page",
    "ledger": "derivations.cli",
    "sheet": "exercises.commands.sheet",
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
