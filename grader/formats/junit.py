"""JUnit XML, as continuous integration shows it: a suite a submission, a case a part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grader.formats.words import feedback
from grader.grading import Report
from grader.outcome import PartMark

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML 1.0


def render(reports: Sequence[Report]) -> str:
    """A test case fails when points are missing, errs when we failed, is skipped when unchecked."""
    root = Element("testsuites", {"name": "grade", **_counts(m for r in reports for m in r.marks)})
    for report in reports:
        name = _FORBIDDEN.sub("?", report.submission)
        suite = SubElement(root, "testsuite", {"name": name, **_counts(report.marks)})
        for mark in report.marks:
            case = SubElement(suite, "testcase", name=mark.name, classname=mark.part_id)
            kind = {"right": "", "failed": "error", "not-checked": "skipped"}.get(
                mark.outcome, "failure"
            )
            if kind:
                said = f"{mark.points:g} of {mark.out_of} points"
                details = {} if kind == "skipped" else {"type": str(mark.outcome)}
                element = SubElement(case, kind, {"message": said, **details})
                element.text = _FORBIDDEN.sub("?", feedback(mark))
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True)


def _counts(marks: Iterable[PartMark]) -> dict[str, str]:
    outcomes = [mark.outcome for mark in marks]
    return {
        "tests": str(len(outcomes)),
        "failures": str(sum(o in ("wrong", "partial", "missing") for o in outcomes)),
        "errors": str(outcomes.count("failed")),
        "skipped": str(outcomes.count("not-checked")),
    }
