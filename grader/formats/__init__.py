"""Reports for other programs: each file writes one format from the same marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from grader.grading import Report
from grader.roster import Person
from grader.submission import SubmissionError

# The name on the command line, and the module that writes it.
FORMATS: Mapping[str, str] = {
    "json": "json_lines",
    "junit": "junit",
    "csv": "spreadsheet",
    "gradescope": "gradescope",
    "moodle": "moodle",
    "canvas": "canvas",
    "html": "page",
}


# The formats that are a list of students: who handed in nothing has a line in them.
LISTS = ("csv", "moodle", "canvas")
NOTHING = "nothing handed in"


def write(
    name: str,
    reports: Sequence[Report],
    absent: Sequence[Person] = (),
    missed: Sequence[tuple[str, str]] = (),
) -> str:
    """The reports in a format.

    Args:
        name: the format.
        reports: at least one.
        absent: who handed in nothing.
        missed: who handed in what could not be graded, and why; they have no points yet.

    Raises:
        SubmissionError: the format cannot hold these reports.
    """
    module = import_module(f"grader.formats.{FORMATS[name]}")
    render: Callable[..., str] = module.render
    if name == "csv":
        return render(reports, absent, missed)
    return render(reports, absent) if name in LISTS else render(reports)


def one_sheet(reports: Sequence[Report], system: str) -> Report:
    """The first report, when all are on one sheet.

    Raises:
        SubmissionError: they are not, so that one column cannot hold their points.
    """
    sheets = sorted({report.sheet for report in reports})
    if len(sheets) > 1:
        raise SubmissionError(
            f"--format {system} has one column for one sheet; these are on {', '.join(sheets)}. "
            "Grade each sheet's hand-ins by themselves, or add --sheet"
        )
    return reports[0]
