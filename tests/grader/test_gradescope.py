"""Gradescope: whose an export's folders are, and what an autograder writes where."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import marking
from grader.cli import main
from grader.hand_ins import hand_ins
from grader.submission import SubmissionError

PERFECT = (Path(__file__).resolve().parents[2] / "exercises/examples/perfect.py").read_text("utf-8")
BLANK = 'SHEET = "activations"\nSEED = 1\n'
# As Gradescope writes it: Ruby's symbols as keys, a tag of Ruby's, and a group of two.
EXPORT = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1815'
    :email: ada@example.edu
  :created_at: 2027-05-10 17:32:03.441412000 Z
  :score: 0.0
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    output: "submission_12:\\n  :submitters: []"
submission_12:
  :submitters:
  - :name: Grace Hopper
    :sid:
    :email: grace@example.edu
  - :name: Mary Jackson
    :sid: '1921'
    :email: mary@example.edu
  :created_at: 2027-05-11 09:00:00.0 -04:00
"""


def grade(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def export(tmp_path):
    pytest.importorskip("yaml", reason="needs PyYAML: pip install 'workings[gradescope]'")
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("assignment_9_export/submission_metadata.yml", EXPORT)
        made.writestr("assignment_9_export/submission_11/work.py", PERFECT)
        made.writestr("assignment_9_export/submission_12/work.py", BLANK)
        made.writestr("assignment_9_export/submission_13/work.py", BLANK)
    return path


def test_an_export_says_whose_its_folders_are_and_when_they_came(export):
    found = {item.student: item for item in hand_ins([export])}
    assert set(found) == {"1815", "grace@example.edu", "1921", "submission_13"}
    assert found["1815"].labels == ("1815", "ada@example.edu", "Ada Lovelace")
    assert found["1815"].received == "2027-05-10T17:32:03.441412+00:00"
    assert found["1921"].received == "2027-05-11T09:00:00-04:00"
    assert found["1815"].text() == PERFECT


def test_the_same_from_a_folder_with_a_roster_and_a_group_is_marked_once(export, tmp_path):
    with zipfile.ZipFile(export) as made:
        made.extractall(tmp_path)
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "student,name\nad1,Ada Lovelace\nmary@example.edu,\ngh,Grace Hopper\n", "utf-8"
    )
    folder = tmp_path / "assignment_9_export"
    options = ("--roster", roster, "--format", "csv", "--jobs", 1, "--no-cache")
    result = grade(folder, *options, "--book", tmp_path / "m.db")
    rows = [line.split(",") for line in result.stdout.splitlines()[1:]]
    assert {row[1]: row[4] for row in rows} == {
        "ad1": "14", "gh": "0", "mary@example.edu": "0", "submission_13": "0",
    }  # fmt: skip
    assert "not on the roster: submission_13" in result.stderr
    listed = grade("book", tmp_path / "m.db").stdout
    assert all(name in listed for name in ("ad1", "gh", "mary@example.edu"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1", "line 2: is not YAML"),
        ("- 1", "lists no submissions"),
        pytest.param("[" * 100_000, "nested too deeply", id="brackets"),
        pytest.param("- " * 100_000, "nested too deeply", id="dashes"),
        ("a: &a [*a]", ""),
        ("submission_1: {':submitters': [{':name': [1]}], ':created_at': soon}", ""),
        ("submission_1: !!python/object/apply:os.system ['touch pwned']", ""),
    ],
)
def test_metadata_that_is_odd_does_no_harm(text, said, tmp_path, monkeypatch):
    pytest.importorskip("yaml", reason="needs PyYAML: pip install 'workings[gradescope]'")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "export"
    (folder / "submission_1").mkdir(parents=True)
    (folder / "submission_1" / "a.py").write_text(BLANK, "utf-8")
    (folder / "submission_metadata.yml").write_text(text, "utf-8")
    if said:
        with pytest.raises(SubmissionError, match=said):
            hand_ins([folder])
    else:
        assert [item.student for item in hand_ins([folder])] == ["submission_1"]
    assert not (tmp_path / "pwned").exists()


def test_without_pyyaml_it_is_said_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    (tmp_path / "submission_1").mkdir()
    (tmp_path / "submission_1" / "a.py").write_text(BLANK, "utf-8")
    (tmp_path / "submission_metadata.yml").write_text(EXPORT, "utf-8")
    with pytest.raises(SubmissionError, match=r"pip install 'workings\[gradescope\]', or take"):
        hand_ins([tmp_path])


@pytest.fixture
def autograder(tmp_path):
    folder = tmp_path / "autograder"
    (folder / "submission").mkdir(parents=True)
    (folder / "submission" / "my work.py").write_text(PERFECT, "utf-8")
    metadata = {
        "id": 1,
        "created_at": "2027-05-11T10:00:00.365935-07:00",
        "assignment": {"title": "W", "due_date": "2027-05-01T00:00:00-07:00"},
        "users": [{"email": "ada@example.edu", "id": 7, "name": "Ada Lovelace"}],
        "previous_submissions": [{"submission_time": "2027-05-09", "score": 1}],
    }
    (folder / "submission_metadata.json").write_text(json.dumps(metadata), "utf-8")
    return folder


def results(folder):
    return json.loads((folder / "results" / "results.json").read_text("utf-8"))


def test_an_autograder_writes_its_results_where_gradescope_reads_them(autograder):
    result = grade("gradescope", "--folder", autograder)
    assert result.exit_code == 0, result.output
    found = results(autograder)
    assert found["score"] == sum(test["score"] for test in found["tests"]) == 14
    assert found["output"] == ""


def test_an_autograder_knows_the_time_and_the_students_own_variant(autograder, tmp_path):
    sheet = tmp_path / "late2.toml"
    sheet.write_text(
        'title = "L"\nexercises = ["activations.tanh_at"]\ndue = 2027-05-11T00:00:00Z\n'
        "late = { percent_per_day = 25, days = 2 }\n",
        "utf-8",
    )
    roster = tmp_path / "roster.csv"
    roster.write_text("student,name,seed\nad1,Ada Lovelace,1\n", "utf-8")
    work = autograder / "submission" / "my work.py"
    work.write_text(PERFECT.replace("SEED = 1", "SEED = 2"), "utf-8")
    result = grade(
        "gradescope", "--folder", autograder, "--sheet", sheet, "--roster", roster
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    found = results(autograder)
    assert (found["score"], [test["score"] for test in found["tests"]]) == (1.5, [2])
    assert found["output"].splitlines() == [
        "names the seed 2, and the seed of ad1 is 1: marked on 1",
        "1 day late, less 25 %: 2 points count 1.5",
    ]


def test_an_unusable_submission_has_results_that_say_why(autograder):
    work = autograder / "submission" / "my work.py"
    for data, said in ((b"", "is empty"), (b"x = = 1\n" + BLANK.encode(), "is not Python")):
        work.write_bytes(data)
        assert grade("gradescope", "--folder", autograder).exit_code == 0
        found = results(autograder)
        assert found["score"] == 0
        assert said in found["output"]
    work.rename(work.with_suffix(".pdf"))
    assert grade("gradescope", "--folder", autograder).exit_code == 0
    assert "no file to grade" in results(autograder)["output"]


def test_a_failure_of_ours_or_the_courses_leaves_no_results(autograder, tmp_path, monkeypatch):
    assert grade("gradescope", "--folder", autograder).exit_code == 0
    place = autograder / "results" / "results.json"
    result = grade("gradescope", "--folder", autograder, "--sheet", "activation")
    assert result.exit_code == 1
    assert "did you mean activations" in result.output
    assert not place.exists()
    (tmp_path / "roster.csv").write_text("name\nAda\n", "utf-8")
    result = grade("gradescope", "--folder", autograder, "--roster", tmp_path / "roster.csv")
    assert (result.exit_code, place.exists()) == (1, False)

    def fail(*_):
        raise RuntimeError("boom")

    monkeypatch.setattr(marking, "grade_file", fail)
    result = grade("gradescope", "--folder", autograder)
    assert (result.exit_code, place.exists()) == (1, False)
    assert "our failure, not the submission's: RuntimeError: boom" in result.output


def test_weak_isolation_is_the_courses_to_allow(autograder, monkeypatch):
    from grader import sandbox
    from grader.isolation.ways import Policy

    monkeypatch.setattr(sandbox, "POLICY", Policy(seccomp=False))
    monkeypatch.delenv(sandbox.ALLOW_WEAK, raising=False)
    result = grade("gradescope", "--folder", autograder)
    assert (result.exit_code, (autograder / "results" / "results.json").exists()) == (1, False)
    assert "--allow-weak-isolation" in result.output
    assert grade("gradescope", "--folder", autograder, "--allow-weak-isolation").exit_code == 0
    assert results(autograder)["score"] == 14


def test_help_is_instant_here_too():
    statement = (
        "import sys\nfrom grader.gradescope import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'sympy', 'rich', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True)
    assert done.stdout.strip().endswith("[]"), done.stdout + done.stderr
