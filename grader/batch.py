"""Grading a class: every submission in a folder, on several cores, nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from grader.grading import Report
from grader.submission import SubmissionError

ENDINGS = (".py", ".ipynb")
MAX_SUBMISSIONS = 5_000


@dataclass(frozen=True, slots=True)
class Ungraded:
    """A file that could not be graded, and why: unusable, or a failure of ours."""

    name: str
    reason: str
    ours: bool = False


def submissions(folder: Path) -> tuple[Path, ...]:
    """The submissions of a folder: its files, and the one file of each student's own folder.

    Raises:
        SubmissionError: there are none, a student's folder holds several, or there are too many.
    """
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")):
            continue
        if path.is_dir():
            own = sorted(p for p in path.iterdir() if p.suffix in ENDINGS and p.is_file())
            if len(own) > 1:
                names = ", ".join(p.name for p in own)
                raise SubmissionError(f"{path.name}: holds several submissions ({names}); keep one")
            found += own
        elif path.suffix in ENDINGS:
            found.append(path)
    if not found:
        raise SubmissionError(
            f"{folder.name}: is a folder; it holds no .py or .ipynb file to grade"
        )
    if len(found) > MAX_SUBMISSIONS:
        raise SubmissionError(f"{folder.name}: holds {len(found)} files; at most {MAX_SUBMISSIONS}")
    return tuple(found)


def name_of(path: Path, folder: Path) -> str:
    """How a submission is called in the report: the student's folder, or the file."""
    return path.name if path.parent == folder else f"{path.parent.name}/{path.name}"


def graded(
    paths: Sequence[Path],
    names: Sequence[str],
    grade: Callable[[Path, str], Report],
    jobs: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[Report | Ungraded]:
    """Each submission's report, in the order of the paths whatever finishes first.

    Args:
        paths: the submissions.
        names: how each is called.
        grade: grades one; a module-level function, for it travels to other processes.
        jobs: how many processes.
        progress: told each name when it is done.
    """
    results: dict[int, Report | Ungraded] = {}
    if jobs == 1 or len(paths) == 1:
        for k, (path, name) in enumerate(zip(paths, names, strict=True)):
            results[k] = _one(grade, path, name)
            progress(name)
    else:
        with ProcessPoolExecutor(jobs) as pool:
            futures = {
                pool.submit(_one, grade, path, name): k
                for k, (path, name) in enumerate(zip(paths, names, strict=True))
            }
            for future in as_completed(futures):
                k = futures[future]
                try:
                    results[k] = future.result()
                except Exception as error:
                    said = f"{type(error).__name__}: {error}"
                    results[k] = Ungraded(names[k], said, ours=True)
                progress(names[k])
    return (results[k] for k in range(len(paths)))


def _one(grade: Callable[[Path, str], Report], path: Path, name: str) -> Report | Ungraded:
    try:
        return grade(path, name)
    except SubmissionError as error:
        return Ungraded(name, str(error))
    except Exception as error:
        return Ungraded(name, f"{type(error).__name__}: {error}", ours=True)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a class came to.

    Attributes:
        means: each part's mean points and what it is out of.
        slips: the commonest findings with how many had them.
        mean: the mean percentage.
    """

    means: tuple[tuple[str, float, int], ...]
    slips: tuple[tuple[str, int], ...]
    mean: float


def summary(reports: Sequence[Report]) -> Summary:
    """Means of the parts and the commonest slips."""
    points: dict[str, list[float]] = {}
    out_of: dict[str, int] = {}
    slips: Counter[str] = Counter()
    for report in reports:
        for mark in report.marks:
            points.setdefault(mark.name, []).append(mark.points)
            out_of[mark.name] = mark.out_of
            slips.update({f"{mark.name}: {f.diagnosis}" for f in mark.findings if f.diagnosis})
    means = tuple((name, sum(p) / len(p), out_of[name]) for name, p in points.items())
    mean = sum(report.percent for report in reports) / len(reports) if reports else 0.0
    return Summary(means, tuple(slips.most_common(5)), mean)
