"""The list of what the notes print wrongly: as data, as text, and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from derivations import ledger
from derivations.audit import Outcome
from derivations.claims import Claim, ClaimError
from derivations.verify import StepResult

Severity = Literal["wrong result", "wrong step", "slip in a formula", "ambiguous", "OCR"]
SEVERITIES: tuple[Severity, ...] = Severity.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Erratum:
    """One printed line that is wrong.

    Attributes:
        id: its row of the ledger.
        document: the key of its document.
        place: where the document prints it.
        severity: how much it harms a reader; see `severity_of`.
        printed: the row as printed, in LaTeX.
        judged: the line as it was judged, in LaTeX.
        why: what is wrong.
        witness: the point that refutes, as a sentence.
        corrected: the corrected line, in LaTeX.
        method: how the correction was proved; empty when it was not.
    """

    id: str
    document: str
    place: str
    severity: Severity
    printed: str
    judged: str
    why: str
    witness: str
    corrected: str
    method: str

    def as_dict(self) -> dict[str, Any]:
        """The erratum as plain data for JSON."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def errata(outcomes: Mapping[Claim, Outcome]) -> tuple[Erratum, ...]:
    """All errata of the judged claims, by document, severity and row."""
    found: dict[str, Erratum] = {}
    for outcome in outcomes.values():
        if not isinstance(outcome, ClaimError):
            for item in _of_steps(outcome.steps):
                found.setdefault(item.id, item)
    order = {row.id: place for place, row in enumerate(ledger.rows())}
    documents = list(ledger.documents())
    return tuple(
        sorted(
            found.values(),
            key=lambda e: (documents.index(e.document), SEVERITIES.index(e.severity), order[e.id]),
        )
    )


def _of_steps(steps: tuple[StepResult, ...]) -> Iterable[Erratum]:
    for position, wrong in enumerate(steps):
        if wrong.kind != "misprint":
            continue
        right = next((s for s in steps[position:] if s.kind == "correction"), None)
        goes_on = any(s.kind not in ("via", "correction") for s in steps[position + 2 :])
        for row_id in (i for i in wrong.row_ids if ledger.has_row(i)):
            row = ledger.row(row_id)
            yield Erratum(
                row_id,
                row.source,
                row.where,
                severity_of(wrong, right, goes_on),
                row.latex,
                wrong.latex,
                wrong.note.removeprefix("OCR:").removeprefix("ambiguous:").strip(),
                wrong.verdict.sentence(),
                "" if right is None else right.latex,
                right.verdict.method if right is not None and right.verdict.proved else "",
            )


def severity_of(wrong: StepResult, right: StepResult | None, goes_on: bool) -> Severity:
    """How much a misprint harms: read from how the notes go on after it.

    A damaged scan is no error of the author. A line after which the derivation continues rightly
    is a slip in a formula; one from which it goes on wrongly, a wrong step; one that ends it, or
    that stands alone, a wrong result. A reason may begin with `OCR:` or `ambiguous:` to say so.
    """
    if wrong.note.startswith("OCR"):
        return "OCR"
    if wrong.note.startswith("ambiguous:"):
        return "ambiguous"
    if not goes_on:
        return "wrong result"
    return "slip in a formula" if right is not None and right.verdict.proved else "wrong step"


def as_markdown(found: Iterable[Erratum]) -> str:
    """The errata as Markdown, grouped by document and severity, formulas as LaTeX."""
    lines = ["# Errata", ""]
    for document, severity, items in _grouped(found):
        if document:
            lines += [f"## {document}", ""]
        lines += [f"### {severity[0].upper()}{severity[1:]}", ""]
        for e in items:
            lines += [
                f"**{e.id}** ({e.place}): {e.why}.",
                "",
                f"- as printed: $${e.printed}$$",
                f"- as judged: $${e.judged}$$",
                f"- witness: {e.witness}",
                f"- corrected: $${e.corrected}$$",
                f"- proved by {e.method}" if e.method else "- **not proved**",
                "",
            ]
    return "\n".join(lines)


def as_html(found: Iterable[Erratum]) -> str:
    """The errata as one page without scripts, formulas as MathML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from derivations.mathml import mathml

    folder = __file__.rpartition("/")[0]
    environment = Environment(
        loader=FileSystemLoader(f"{folder}/templates", encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["mathml"] = mathml
    groups = [(d, s, list(items)) for d, s, items in _grouped(found)]
    return environment.get_template("errata.html.j2").render(groups=groups)


def _grouped(found: Iterable[Erratum]) -> Iterable[tuple[str, str, list[Erratum]]]:
    """Documents' titles (empty when unchanged), severities, and the errata of both."""
    groups: dict[tuple[str, str], list[Erratum]] = {}
    for e in found:
        groups.setdefault((e.document, e.severity), []).append(e)
    last = ""
    for (document, severity), items in groups.items():
        title = str(ledger.documents()[document]) if document != last else ""
        last = document
        yield title, severity, items
