"""`verify`, `errata`, `ledger`, `show` and `find`: the claims on the command line."""

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
@click.option("--durations", is_flag=True, help="List the ten slowest claims.")
@click.option("--no-cache", is_flag=True, help="Judge claims that did not change, too.")
@click.option("--jobs", type=click.IntRange(1), help="Processes; by default one a core.")
def verify(target: str | None, durations: bool, no_cache: bool, jobs: int | None) -> None:
    """Judge every claim, those of a TOPIC, or the one that states the row ID.

    Exits with 1 when a claim fails, naming the file and line.
    """
    chosen = _chosen(target)
    outcomes = _judged(chosen, cached=not no_cache, jobs=jobs)
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
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "md", "json", "html"]),
    default="text",
    show_default=True,
    help="How to write the list.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="A file to write it to.")
def errata(form: str, output: str | None) -> None:
    """List what is printed wrong, with the witness and the proved correction.

    Grouped by document and severity: wrong result, wrong step, slip in a formula, ambiguous, OCR.
    """
    from derivations import errata as listing

    outcomes = _judged(_chosen(None))
    found = listing.errata(outcomes)
    if form == "text":
        text = _as_text(found)
    elif form == "json":
        import json

        text = json.dumps([e.as_dict() for e in found], ensure_ascii=False, indent=2)
    else:
        text = listing.as_markdown(found) if form == "md" else listing.as_html(found)
    _write(text, output)
    failed = {c: o for c, o in outcomes.items() if not _ok(o)}
    for claim, outcome in failed.items():
        _print_claim(_console(stderr=True), claim, outcome)
    if failed:
        raise SystemExit(1)


def _as_text(found: Sequence[Any]) -> str:
    from derivations import ledger as rows

    lines = []
    for e in found:
        lines += [
            f"{e.id}: {rows.documents()[e.document]}, {e.place} ({e.severity})",
            f"  printed    {e.printed}",
            f"  judged     {e.judged}",
            f"  why        {e.why}",
            f"  witness    {e.witness}",
            f"  correction {e.corrected} ({'proved' if e.method else 'NOT PROVED'})",
            "",
        ]
    return "\n".join([*lines, f"{len(found)} errata"])


def _write(text: str, output: str | None) -> None:
    if output is None:
        click.echo(text)
        return
    from pathlib import Path

    try:
        Path(output).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from error


@click.command()
@click.argument("row_id", metavar="ID")
def show(row_id: str) -> None:
    """Print the claim that states the row ID: its lines, verdicts, evidence and times."""
    from derivations import ledger as rows
    from derivations.claims import ClaimError, shown

    console = _console()
    for claim in _chosen(row_id):
        (outcome,) = _judged([claim], cached=False, jobs=1).values()
        console.print(f"{claim.topic}.{claim.name}", style="bold", markup=False)
        console.print(f"  {claim.summary}", markup=False)
        for own in (i for i in claim.ids if rows.has_row(i)):
            row = rows.row(own)
            console.print(f"  {own}: {rows.documents()[row.source]}, {row.where}", markup=False)
            console.print(f"    {row.latex}", markup=False, style="dim")
        if isinstance(outcome, ClaimError):
            console.print(f"FAIL  {outcome}", style="red", markup=False)
            raise SystemExit(1)
        for step in outcome.steps:
            _print_step(console, step)
        console.print(f"  {shown(claim.file)}:{claim.line}, {outcome.ms:.0f} ms", markup=False)


def _print_step(console: Console, step: Any) -> None:
    rows = f" [{', '.join(step.row_ids)}]" if step.row_ids else ""
    verdict = step.verdict
    style = {"proved": "green", "refuted": "red"}.get(verdict.status, "magenta")
    relation = step.relation if step.kind != "implies" else "=>"
    console.print(f"\n  {step.kind}{rows}", markup=False, style="bold")
    console.print(f"    {step.lhs}\n    {relation} {step.printed or step.rhs}", markup=False)
    if step.note:
        console.print(f"    {step.note}", markup=False)
    said = f"    {verdict.status}, {verdict.ms:.1f} ms: {verdict.sentence()}"
    console.print(said, markup=False, style=style)
    for line in verdict.evidence:
        console.print(f"      {line}", markup=False, style="dim")
    if not step.ok:
        console.print(f"    FAIL: {step.problem}", markup=False, style="red")


@click.command()
@click.argument("text")
def find(text: str) -> None:
    """Find rows and claims by id, equation number or words."""
    from derivations import discover
    from derivations import ledger as rows

    claims = _chosen(None)
    settled = {row_id: c for c in claims for row_id in discover.covered(c)}
    wanted = text.casefold().split()
    console, count = _console(), 0
    for row in rows.rows():
        claim = settled.get(row.id)
        words = f"{row.id} {row.where} {row.topic} {row.latex} {claim.summary if claim else ''}"
        if all(word in words.casefold() for word in wanted):
            count += 1
            by = f"{claim.topic}.{claim.name}: {claim.summary}" if claim else _without_claim(row.id)
            console.print(f"{row.id}  {row.where}", style="bold", markup=False)
            console.print(f"  {row.latex}\n  {by}", markup=False)
    console.print(f"{count} row{'' if count == 1 else 's'}")
    if not count:
        raise SystemExit(1)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one line a row.")
@click.option("--table", is_flag=True, help="The table of coverage by document and topic.")
def ledger(as_json: bool, table: bool) -> None:
    """Count the verdicts on the rows of the ledger, document by document."""
    from derivations.audit import audit

    verdicts = audit(_judged(_chosen(None)))
    if as_json:
        import json

        for verdict in verdicts:
            click.echo(json.dumps(verdict.as_dict(), ensure_ascii=False))
        return
    if table:
        from derivations import coverage

        click.echo(coverage.table(verdicts))
        return
    _print_counts(_console(), verdicts)


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


def _judged(
    claims: Sequence[Claim], *, cached: bool = True, jobs: int | None = None
) -> dict[Claim, Outcome]:
    from rich.progress import Progress

    from derivations.judging import judged

    console = _console(stderr=True)
    if not console.is_terminal:
        return judged(claims, cached=cached, jobs=jobs)
    bar: AbstractContextManager[Progress] = Progress(console=console, transient=True)
    with bar as progress:
        task = progress.add_task("verifying", total=len(claims))

        def advance(count: int) -> None:
            progress.advance(task, count)

        return judged(claims, cached=cached, jobs=jobs, progress=advance)


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
    from derivations.audit import definition_problem, parts_of
    from derivations.claims import ClaimError, shown

    parts = parts_of(o for o in outcomes.values() if not isinstance(o, ClaimError))
    checked = ((item, definition_problem(item, parts)) for item in discover.definitions())
    return [(f"{shown(item.file)}:{item.line} {item.name}", said) for item, said in checked if said]


def _print_durations(console: Console, outcomes: dict[Claim, Outcome]) -> None:
    timed = [(getattr(outcome, "ms", 0.0), claim) for claim, outcome in outcomes.items()]
    for ms, claim in sorted(timed, key=lambda pair: -pair[0])[:10]:
        console.print(f"{ms:9.1f} ms  {claim.topic}.{claim.name}", markup=False)


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
