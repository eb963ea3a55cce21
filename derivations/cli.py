"""`verify`, `errata` and `ledger`: what the claims come to, on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from derivations.audit import Outcome
    from derivations.claims import Claim


@click.command()
@click.argument("target", metavar="[TOPIC|ID]", required=False)
@click.option("--durations", is_flag=True, help="List the slowest claims.")
def verify(target: str | None, durations: bool) -> None:
    """Judge every claim, those of a TOPIC, or the one that states the row ID.

    Exits with 1 when a claim fails, naming the file and line.
    """
    chosen = _chosen(target)
    outcomes = _judged(chosen)
    console = _console()
    for claim, outcome in outcomes.items():
        _print_claim(console, claim, outcome)
    unused = [] if target else _definition_problems(outcomes)
    for place, problem in unused:
        console.print(f"FAIL  {place}: {problem}", markup=False, style="red")
    failed = sum(not _ok(outcome) for outcome in outcomes.values())
    printed = sum(len(getattr(outcome, "steps", ())) for outcome in outcomes.values())
    noun = "claim" if len(outcomes) == 1 else "claims"
    said = f"{len(outcomes)} {noun}, {printed} lines: {len(outcomes) - failed} hold, {failed} fail"
    if unused:
        said += f"; {len(unused)} bad definition{'s' * (len(unused) > 1)}"
    console.print(said, style="red" if failed or unused else "green")
    if durations:
        _print_durations(console, outcomes)
    if failed or unused:
        raise SystemExit(1)


@click.command()
def errata() -> None:
    """List what is printed wrong, with the witness and the proved correction."""
    from derivations import ledger
    from derivations.claims import ClaimError

    outcomes = _judged(_chosen(None))
    console, count = _console(), 0
    for outcome in outcomes.values():
        if isinstance(outcome, ClaimError):
            continue
        steps = outcome.steps
        for position, wrong in enumerate(steps):
            if wrong.kind == "misprint":
                count += 1
                right = next(s for s in steps[position:] if s.kind == "correction")
                _print_erratum(console, wrong, right, ledger)
    console.print(f"{count} errata")
    failed = [outcome for outcome in outcomes.values() if not _ok(outcome)]
    for claim, outcome in outcomes.items():
        if not _ok(outcome):
            _print_claim(console, claim, outcome)
    if failed:
        raise SystemExit(1)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one line a row.")
def ledger(as_json: bool) -> None:
    """Count the verdicts on the rows of the ledger, document by document."""
    from derivations.audit import audit

    verdicts = audit(_judged(_chosen(None)))
    if as_json:
        import json

        for verdict in verdicts:
            click.echo(json.dumps(verdict.as_dict(), ensure_ascii=False))
        return
    _print_counts(_console(), verdicts)


commands: tuple[click.Command, ...] = (verify, errata, ledger)


def _console(stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def _chosen(target: str | None) -> Sequence[Claim]:
    """The claims that a topic or an id names; none is a usage error, with suggestions."""
    from derivations import discover
    from derivations import ledger as rows
    from derivations.claims import ClaimError

    try:
        claims = discover.claims()
    except ClaimError as error:
        raise click.ClickException(str(error)) from error
    if target is None:
        return claims
    wanted = target.casefold()
    found = [
        claim
        for claim in claims
        if wanted.replace("-", "_") in (claim.topic, claim.name.casefold())
        or wanted in (row_id.casefold() for row_id in discover.covered(claim))
    ]
    if found:
        return found
    by_folded = {row.id.casefold(): row.id for row in rows.rows()}
    if wanted in by_folded:
        raise click.UsageError(_without_claim(by_folded[wanted]))
    names = {row_id: row_id for row_id in by_folded.values()}
    names |= {claim.topic: claim.topic for claim in claims}
    names |= {claim.name: claim.name for claim in claims}
    raise click.UsageError(f"no topic or row is called {target!r}{_suggestions(wanted, names)}")


def _without_claim(row_id: str) -> str:
    from derivations import discover

    if row_id in discover.not_checkable():
        return f"{row_id} is not checkable: {discover.not_checkable()[row_id]}"
    for item in discover.definitions():
        if row_id in item.ids:
            return f"{row_id} is a definition ({item.name}); there is nothing to judge"
    return f"{row_id} is open: no claim states it yet"


def _suggestions(wanted: str, names: Any) -> str:
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in names}
    close = [folded[name] for name in get_close_matches(wanted, folded, n=3, cutoff=0.6)]
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _judged(claims: Sequence[Claim]) -> dict[Claim, Outcome]:
    from rich.progress import Progress

    from derivations.audit import verify_all

    console = _console(stderr=True)
    if not console.is_terminal:
        return verify_all(claims)
    bar: AbstractContextManager[Progress] = Progress(console=console, transient=True)
    with bar as progress:
        task = progress.add_task("verifying", total=len(claims))
        return verify_all(claims, lambda *_: progress.advance(task))


def _ok(outcome: Outcome) -> bool:
    return bool(getattr(outcome, "ok", False))


def _print_claim(console: Console, claim: Claim, outcome: Outcome) -> None:
    from derivations.claims import ClaimError, shown

    title = f"{' '.join(claim.ids)}  {claim.summary}"
    if isinstance(outcome, ClaimError):
        console.print(f"FAIL  {title}\n      {outcome}", markup=False, style="red")
        return
    if outcome.ok:
        errors = sum(step.kind == "misprint" for step in outcome.steps)
        said = f"  [{errors} {'erratum' if errors == 1 else 'errata'}]" if errors else ""
        console.print(f"ok    {title}{said}", markup=False, style="yellow" if errors else None)
        return
    console.print(f"FAIL  {title}", markup=False, style="red")
    for step in outcome.failures:
        place = f"{shown(step.file)}:{step.line}"
        console.print(f"      {place}: {step.row_id} {step.problem}", markup=False, style="red")


def _definition_problems(outcomes: dict[Claim, Outcome]) -> list[tuple[str, str]]:
    from derivations import discover
    from derivations.audit import definition_problem
    from derivations.claims import ClaimError, shown

    results = [outcome for outcome in outcomes.values() if not isinstance(outcome, ClaimError)]
    checked = ((item, definition_problem(item, results)) for item in discover.definitions())
    return [(f"{shown(item.file)}:{item.line} {item.name}", said) for item, said in checked if said]


def _print_durations(console: Console, outcomes: dict[Claim, Outcome]) -> None:
    timed = [(getattr(outcome, "ms", 0.0), claim) for claim, outcome in outcomes.items()]
    for ms, claim in sorted(timed, key=lambda pair: -pair[0])[:10]:
        console.print(f"{ms:9.1f} ms  {claim.topic}.{claim.name}", markup=False)


def _print_erratum(console: Console, wrong: Any, right: Any, rows: Any) -> None:
    for row_id in (i for i in wrong.row_ids if rows.has_row(i)):
        row = rows.row(row_id)
        console.print(f"{row_id}: {rows.documents()[row.source]}, {row.where}", markup=False)
        console.print(f"  printed    {row.latex}", markup=False)
    console.print(f"  judged     {wrong.latex}", markup=False)
    console.print(f"  why        {wrong.note}", markup=False)
    console.print(f"  witness    {wrong.verdict.sentence()}", markup=False)
    proved = "proved" if right.verdict.proved else "NOT PROVED"
    console.print(f"  correction {right.latex} ({proved})\n", markup=False)


def _print_counts(console: Console, verdicts: Sequence[Any]) -> None:
    from rich.table import Table

    from derivations import ledger as rows
    from derivations.audit import STATUSES

    keys = tuple(rows.documents())
    table = Table("verdict", *keys, "all")
    for status in STATUSES:
        table.add_row(status, *_counts(keys, [v for v in verdicts if v.verdict == status]))
    table.add_row("all", *_counts(keys, verdicts), style="bold")
    table.add_row("errata", *_counts(keys, [v for v in verdicts if v.erratum]), style="yellow")
    console.print(table)


def _counts(keys: Sequence[str], verdicts: Sequence[Any]) -> list[str]:
    return [str(sum(v.source == key for v in verdicts)) for key in keys] + [str(len(verdicts))]
