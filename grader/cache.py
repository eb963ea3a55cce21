"""Reports kept between two runs over a class, so that a second run only grades what changed.

The key is everything that a report depends on: the content of the hand-in, the options, and a
digest of the grader, the exercises and the libraries. Inputs are drawn anew whenever code is run,
so a report is a statement about one attempt; a batch that goes on where it stopped must give that
attempt the same mark. What time or our own failure had a hand in is never kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from derivations.judging import cache_folder, keep
from grader.cluster_worker import fingerprint
from grader.grading import Report
from grader.hand_in import HandIn
from grader.outcome import PartMark
from grader.submission import SubmissionError, ending


@dataclass(frozen=True)
class Cache:
    """The reports in a folder.

    Attributes:
        options: what else the reports depend on: the sheet, the seed and the like.
        folder: where they are kept; below the user's cache folder unless it is given.
    """

    options: Mapping[str, Any]
    folder: Path | None = None

    def find(self, item: HandIn) -> Report | None:
        """The report on a hand-in's content, if it was kept."""
        try:
            path = self._path(item)
            report: Report = _built(Report, json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, SubmissionError):
            return None  # absent, or written by something else: graded anew
        return replace(report, submission=item.name, student=item.student, cached=True)

    def keep(self, item: HandIn, report: Report) -> None:
        """Keep a report, unless grading again might say something else."""
        sound = report.steady and report.isolation != "weak"
        if sound and not any(_unsettled(mark) for mark in report.marks):
            keep(self._path(item), asdict(report))

    def _path(self, item: HandIn) -> Path:
        content = sha256(item.all_content()).hexdigest()
        # The names of files stand in what is said of several; a student's own seed is theirs.
        names = [item.file, *(other.file for other in item.beside)] if item.beside else []
        whose = [item.seed, item.student if item.listed else ""]
        key = json.dumps(
            [content, ending(item.file), names, whose, dict(self.options), fingerprint()],
            sort_keys=True,
        )
        folder = self.folder or cache_folder("marks")
        return folder / f"{sha256(key.encode()).hexdigest()[:40]}.json"


def _unsettled(mark: PartMark) -> bool:
    """Whether our checker failed or gave up on a part, which another run may not do."""
    return mark.outcome in ("failed", "not-checked") or any(
        finding.severity in ("failed", "not-checked") for finding in mark.findings
    )


def _built(kind: Any, data: Any) -> Any:
    """The value of a type from plain data: a report is records, tuples and scalars all the way."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(
            **{field.name: _built(hints[field.name], data[field.name]) for field in fields(kind)}
        )
    if get_origin(kind) is tuple:
        return tuple(_built(get_args(kind)[0], item) for item in data)
    if get_origin(kind) in (UnionType, Union) and data is not None:
        return _built(get_args(kind)[0], data)
    return data
