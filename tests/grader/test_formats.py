"""Reports for other programs, as those programs read them."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from grader.formats import LISTS, write
from grader.formats.spreadsheet import rows
from grader.grading import Report
from grader.outcome import Finding, PartMark
from grader.policies import Lateness
from grader.roster import Person
from grader.submission import SubmissionError

OUTCOMES = ("right", "partial", "wrong", "missing", "not-checked", "failed")
GRACE = Person("gh1", "Grace Hopper")


def report(name="ada/work.py", student="ada", outcomes=("partial", "right"), **changes):
    finding = Finding("wrong", "line 2 does not equal line 1", 2, "x = 1", "at t = 1", "a sign")
    marks = tuple(
        PartMark(f"a.b.p{k}", f"p{k}", 2.0 if o == "right" else 0.5, 2, o, (finding,))
        for k, o in enumerate(outcomes)
    )
    return replace(Report(name, "week1", "Week one", "7", marks, "", "strong", student), **changes)


def table(text):
    return list(csv.reader(io.StringIO(text)))


def test_canvas_has_its_columns_and_points_possible_second():
    lines = table(write("canvas", [report()], [GRACE]))
    fixed = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert lines[0] == [*fixed, "Week one"]
    assert lines[1] == ["Points Possible", "", "", "", "", "4"]
    assert lines[2] == ["ada", "", "ada", "", "", "2.5"]
    assert lines[3] == ["Grace Hopper", "", "gh1", "", "", "0"]


def test_moodle_identifies_by_one_column_and_brings_feedback():
    lines = table(write("moodle", [report()], [GRACE]))
    assert lines[0] == ["ID number", "Grade", "Feedback comments"]
    assert lines[1][:2] == ["ada", "2.5"]
    assert "p0: 0.5/2" in lines[1][2]
    assert lines[2] == ["gh1", "0", "nothing handed in"]


def test_platforms_get_the_points_that_count_and_tables_show_both():
    late = replace(report(), lateness=Lateness(2, 20.0), remarks=("names the seed 1",))
    assert table(write("canvas", [late], []))[2][-1] == "2"
    (_, moodle) = table(write("moodle", [late], []))
    assert moodle[1] == "2"
    assert "2 days late, less 20 %: 2.5 points count 2" in moodle[2]
    found = json.loads(write("gradescope", [late]))
    assert found["score"] == 2
    assert "names the seed 1" in found["output"]
    (row,) = csv.DictReader(io.StringIO(write("csv", [late])))
    assert [row[c] for c in ("points", "counted", "days_late", "note")] == [
        "2.5", "2", "2", "names the seed 1",
    ]  # fmt: skip
    one = json.loads(write("json", [late]))
    assert (one["points"], one["counted"], one["days_late"]) == (2.5, 2, 2)
    page = write("html", [late])
    assert "2 days late, less 20 %" in page
    assert "names the seed 1" in page


def test_who_could_not_be_graded_has_a_line_without_points():
    (_, row) = csv.DictReader(io.StringIO(write("csv", [report()], [], [("gh1", "is empty")])))
    assert (row["student"], row["points"], row["counted"]) == ("gh1", "", "")
    assert row["note"] == "not graded: is empty"


@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_one_column_is_not_for_two_sheets(form):
    with pytest.raises(SubmissionError, match="week1, week2"):
        write(form, [report(), report(sheet="week2")])


def test_csv_has_a_line_for_everyone():
    lines = list(csv.DictReader(io.StringIO(write("csv", [report()], [GRACE]))))
    assert lines[0]["submission"] == "ada/work.py"
    assert [lines[0][c] for c in ("student", "points", "percent", "p0")] == [
        "ada",
        "2.5",
        "62.5",
        "0.5",
    ]
    assert [lines[1][c] for c in ("student", "points", "out_of", "note")] == [
        "gh1", "0", "4", "nothing handed in",
    ]  # fmt: skip


@pytest.mark.parametrize("form", LISTS)
@pytest.mark.parametrize(
    "name", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "\uff1d1"]
)
def test_no_cell_starts_a_formula(form, name):
    person = Person(name, name)
    for lines in (write(form, [report(name, name)]), write(form, [report()], [person])):
        cells = [cell for line in table(lines) for cell in line]
        assert not [c for c in cells if c.lstrip(" ").startswith(tuple("=+-@\t\r\n\uff1d"))]
        assert f"'{name}".replace("\r", "\n") in cells


def test_numbers_stay_numbers():
    assert rows([[-1.5, "-2", "-2.5", "2"]]) == "-1.5,-2,-2.5,2"
    assert rows([["-2-3", "-", "-1e"]]) == "'-2-3,'-,'-1e"


def test_gradescope_has_the_fields_of_its_results_file():
    found = json.loads(write("gradescope", [report(outcomes=OUTCOMES)]))
    allowed = {
        "score", "execution_time", "output", "output_format", "test_output_format", "visibility",
        "stdout_visibility", "extra_data", "tests", "leaderboard",
    }  # fmt: skip
    of_a_test = {
        "name", "number", "score", "max_score", "status", "output", "output_format", "tags",
        "visibility", "extra_data",
    }  # fmt: skip
    assert set(found) <= allowed
    assert all(set(test) <= of_a_test for test in found["tests"])
    assert found["score"] == sum(test["score"] for test in found["tests"])
    status = {t["extra_data"]["outcome"]: t.get("status") for t in found["tests"]}
    assert status == {
        "right": "passed", "partial": "failed", "wrong": "failed", "missing": "failed",
        "not-checked": None, "failed": None,
    }  # fmt: skip
    with pytest.raises(SubmissionError, match="one submission"):
        write("gradescope", [report(), report()])


def test_junit_counts_add_up_and_our_failure_is_an_error():
    root = ET.fromstring(write("junit", [report(outcomes=OUTCOMES), report("b.py")]))
    assert root.tag == "testsuites"
    for suite in root:
        cases = list(suite)
        assert suite.get("tests") == str(len(cases))
        for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert suite.get(count) == str(sum(case.find(tag) is not None for case in cases))
    assert (root.get("tests"), root.get("failures")) == ("8", "4")
    (first, *_) = root
    said = {case.get("name"): [child.tag for child in case] for case in first}
    assert said == {
        "p0": [], "p1": ["failure"], "p2": ["failure"], "p3": ["failure"],
        "p4": ["skipped"], "p5": ["error"],
    }  # fmt: skip
    failure = first.find("testcase/failure")
    assert failure is not None
    assert (failure.get("message"), failure.get("type")) == ("0.5 of 2 points", "partial")


def test_json_is_one_object_or_one_a_line():
    assert json.loads(write("json", [report()]))["student"] == "ada"
    many = write("json", [report(), report("b.py")]).splitlines()
    assert [json.loads(line)["submission"] for line in many] == ["ada/work.py", "b.py"]
