"""How far each document and topic is settled: the README's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from derivations import ledger
from derivations.audit import RowVerdict

_COLUMNS = {
    "rows": lambda _: True,
    "proved": lambda v: v.verdict == "proved",
    "errata": lambda v: v.erratum,
    "supported": lambda v: v.verdict in ("supported", "unknown"),
    "definition": lambda v: v.verdict == "definition",
    "run": lambda v: v.verdict == "run",
    "not checkable": lambda v: v.verdict == "not-checkable",
    "open": lambda v: v.verdict == "open",
}


def table(verdicts: Iterable[RowVerdict]) -> str:
    """A Markdown table: the documents first, then the topics that have been begun.

    `supported` counts `unknown` too; both must stay rare. Topics that are wholly open are one line.
    """
    found = list(verdicts)
    documents = {key: [v for v in found if v.source == key] for key in ledger.documents()}
    topics: dict[str, list[RowVerdict]] = {}
    for verdict in found:
        topics.setdefault(ledger.row(verdict.id).topic, []).append(verdict)
    begun = {t: vs for t, vs in topics.items() if any(v.verdict != "open" for v in vs)}
    others = [v for t, vs in topics.items() if t not in begun for v in vs]
    titles = {str(ledger.documents()[key]): rows for key, rows in documents.items()}
    lines = [
        f"| | {' | '.join(_COLUMNS)} |",
        f"|---|{'---:|' * len(_COLUMNS)}",
        *_lines(titles),
        *_lines(dict(sorted(begun.items(), key=lambda item: (-len(item[1]), item[0])))),
        *_lines({"other topics": others} if others else {}),
        *_lines({"all": found}),
    ]
    return "\n".join(lines)


def _lines(groups: Mapping[str, list[RowVerdict]]) -> Iterable[str]:
    for name, verdicts in groups.items():
        counts = (sum(map(holds, verdicts)) for holds in _COLUMNS.values())
        yield f"| {name} | {' | '.join(map(str, counts))} |"
