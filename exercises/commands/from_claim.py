"""`workings exercise from-claim`: a claim of the notes as a derivation for students.

Its start is given, its end is asked for, and the printed lines are the model solution; a line that
the notes misprint is replaced by its correction.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import click

from derivations.typed import typed
from exercises.commands.own import exercises_option
from exercises.commands.skeleton import split, write
from exercises.formats.render import filled

if TYPE_CHECKING:
    from derivations.claims import Claim

MOST_LINES = 12


class UnfitError(ValueError):
    """A claim makes no exercise; the message says why."""


@click.command("from-claim")
@click.argument("row_id", metavar="ID")
@click.option("--place", metavar="TOPIC/NAME", help="Where to write it; else by the claim's name.")
@click.option("--print", "only_print", is_flag=True, help="Print the file, and write nothing.")
@exercises_option(exists=False)
def from_claim(row_id: str, place: str | None, only_print: bool) -> None:
    """Make a derivation exercise from the claim that states the row ID."""
    claim = _claim(row_id)
    topic, name = split(place or f"{claim.topic}/{claim.name}")
    try:
        source = exercise_source(claim, name)
    except UnfitError as error:
        raise click.ClickException(f"{row_id} makes no derivation: {error}") from error
    if only_print:
        click.echo(source, nl=False)
        return
    click.echo(write(topic, name, source))


def exercise_source(claim: Claim, name: str) -> str:
    """The file of the exercise that a claim makes.

    Raises:
        UnfitError: the claim is no chain of equal lines, or a line cannot be typed or proved.
    """
    chain = longest_chain(claim)
    lines = [typed(line) for line in chain]
    symbols = _symbols(chain)
    names = {str(symbol): symbol for symbol in symbols}
    _check(chain, lines, names)
    variables = [_variable(symbol) for symbol in symbols]
    return filled(
        "derivation.py.j2",
        {},
        name=name,
        title=_title(claim.name),
        summary=claim.summary.rstrip("."),
        claims=[id for id in claim.ids if "." not in id] or list(claim.ids),
        points=max(2, min(6, len(lines))),
        level=1 if len(lines) < 4 else 2,
        lines=lines,
        question=_question(claim.summary),
        variables=", ".join(variables) + "," * (len(variables) == 1),
        symbols=[(_variable(symbol), _declared(symbol)) for symbol in symbols],
        families=any(_declared(symbol).startswith("IndexedBase") for symbol in symbols),
    )


def longest_chain(claim: Claim) -> tuple[Any, ...]:
    """The longest run of equal lines of a claim, corrected where the notes are wrong.

    Raises:
        UnfitError: no two different lines are equal by the claim.
    """
    chains: list[list[Any]] = []
    for step in claim.body():
        if step.kind == "start":
            chains.append([step.expression])
        elif step.kind in ("eq", "via") and chains:
            if step.expression != chains[-1][-1]:
                chains[-1].append(step.expression)
        elif step.kind != "misprint" and chains:
            chains.append([step.expression])
    found = max(chains, key=len, default=[])
    if len(found) < 2 or found[0] == found[-1]:
        raise UnfitError("it has no two different lines that are equal")
    if len(found) > MOST_LINES:
        raise UnfitError(f"its {len(found)} lines are more than a student would write")
    return tuple(found)


def _check(chain: Sequence[Any], lines: Sequence[str], names: dict[str, Any]) -> None:
    """Each line must be read back as it was, and follow from the one before it."""
    from derivations import decide
    from derivations.parse import parse_expression
    from derivations.reading.tokens import ParseError

    read = []
    for line, text in zip(chain, lines, strict=True):
        try:
            read.append(parse_expression(text, names))
        except ParseError as error:
            raise UnfitError(f"{text} cannot be typed ({error})") from error
        if decide(read[-1], line).status != "proved":
            raise UnfitError(f"{text} is read as {read[-1]}, which is not {line}")
    for before, after in pairwise(read):
        if (verdict := decide(before, after)).status != "proved":
            raise UnfitError(f"{before} = {after} is {verdict.status}, not proved")


def _symbols(chain: Sequence[Any]) -> list[Any]:
    """What the lines call by name: families once, and no index of a sum or variable of a limit.

    Raises:
        UnfitError: there is nothing to call by name, or it is random.
    """
    import sympy as sp

    from derivations.reading.expectations import random_variables

    atoms = {str(s): s for line in chain for s in line.atoms(sp.Symbol)}
    if random := random_variables(atoms):
        said = f"{', '.join(sorted(random))}: what is random is declared by hand, as in"
        raise UnfitError(f"{said} exercises/probability/squares_on_average.py")
    families = {f for line in chain for f in line.atoms(sp.IndexedBase)}
    labels = {family.label for family in families}
    free = {s for line in chain for s in line.free_symbols if isinstance(s, sp.Symbol)}
    bound = {v for line in chain for s in line.atoms(sp.Sum, sp.Integral) for v in s.variables}
    if not free - labels and not families:
        raise UnfitError("it holds numbers only")
    return sorted({*families, *(free - labels - bound)}, key=str)


def _variable(symbol: Any) -> str:
    text = str(symbol)
    if not text.isidentifier():
        raise UnfitError(f"{text} is not a name that can be typed")
    taken = iskeyword(text) or text in ("ex", "chain", "Chain", "Symbol")
    return f"{text}_" if taken else text


def _declared(symbol: Any) -> str:
    """The declaration of a symbol, with what is assumed of it."""
    import sympy as sp

    if isinstance(symbol, sp.IndexedBase):
        label = symbol.label
        return f'IndexedBase("{label}"{_assumed(label)})'
    return f'Symbol("{symbol}"{_assumed(symbol)})'


def _assumed(symbol: Any) -> str:
    known = symbol._assumptions_orig
    return "".join(f", {name}={value}" for name, value in sorted(known.items()) if value)


def _question(summary: str) -> str:
    from textwrap import fill

    # A name such as ReLU or LSTM keeps its capitals.
    first = summary[0].lower() if summary[1:2].islower() else summary[0]
    text = f"Show, step by step, from the start to the end: {first}{summary[1:].rstrip('.')}."
    lines = fill(text, 92).splitlines()
    return "\n    ".join(lines) + ("\n    " if len(lines) > 1 else "")


def _title(name: str) -> str:
    words = name.replace("_of_the_course", "").replace("_step_by_step", "").replace("_", " ")
    return words[0].upper() + words[1:]


def _claim(row_id: str) -> Claim:
    from derivations import discover
    from exercises.discover import suggest

    wanted = row_id.casefold()
    for claim in discover.claims():
        if wanted in (id.casefold() for id in discover.covered(claim)):
            return claim
    known = [id for claim in discover.claims() for id in claim.ids]
    said = f"no claim states {row_id!r}{suggest(row_id, known)}"
    raise click.BadParameter(said, param_hint="ID")
