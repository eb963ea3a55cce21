"""What a teacher sees while a class is graded: how far it is, and how the class does.

It stands on standard error, is redrawn when a result comes in, and is gone at the end. It says
everything in words and numbers: colours carry nothing.
"""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from grader.batch import Result, summary
from grader.grading import Report

SECONDS_BETWEEN = 0.2
MOST_PARTS = 12
MOST_SLIPS = 3


class LiveSummary:
    """Progress and summary of a class; a context, which shows nothing unless on a terminal."""

    def __init__(self, total: int, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self.reports: list[Report] = []
        self.problems = 0
        self._shown = 0.0
        self._progress = Progress(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self.console,
            auto_refresh=False,
        )
        self._task = self._progress.add_task("grading", total=total)
        # No thread redraws it: the workers are forked from this process.
        self._live = Live(
            console=self.console,
            auto_refresh=False,
            transient=True,
            get_renderable=self.render,
        )

    def __enter__(self) -> LiveSummary:
        if self.console.is_terminal:
            self._live.start(refresh=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live.is_started:
            self._live.stop()

    def done(self, result: Result) -> None:
        """Take in a result."""
        if isinstance(result, Report):
            self.reports.append(result)
        else:
            self.problems += 1
        self._progress.advance(self._task)
        now = time.monotonic()
        if self._live.is_started and now - self._shown > SECONDS_BETWEEN:
            self._shown = now
            self._live.refresh()

    def render(self) -> RenderableType:
        """The bar, the means of the parts and the commonest slips so far."""
        found = summary(self.reports)
        flagged = sum(any(m.flagged for m in report.marks) for report in self.reports)
        head = f"mean {found.mean:.1f} %, {flagged} to look at, {self.problems} not graded"
        table = Table.grid(padding=(0, 2))
        for name, mean, out_of in found.means[:MOST_PARTS]:
            table.add_row(Text(name, overflow="ellipsis", no_wrap=True), f"{mean:.2f} / {out_of}")
        slips = [
            Text(f"{count:>4}  {slip}", overflow="ellipsis", no_wrap=True)
            for slip, count in found.slips[:MOST_SLIPS]
        ]
        return Group(self._progress.get_renderable(), Text(head), table, *slips)
