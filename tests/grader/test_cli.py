"""`grade` as a new user meets it: good files, nonsense, exit codes, and the documented JSON."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import grading
from grader.cli import main

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "exercises" / "examples"
HEAD = 'SHEET = "activations"\nSEED = 1\n'


@pytest.fixture(autouse=True)
def _any_level_will_do(monkeypatch):
    monkeypatch.setenv("WORKINGS_ALLOW_WEAK_ISOLATION", "1")


def grade(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def report(*arguments):
    result = grade("--json", *arguments)
    return result.exit_code, json.loads(result.output)


@pytest.mark.parametrize(("name", "points"), [("perfect", 14), ("submission", 11), ("hopeless", 0)])
def test_examples(name, points):
    code, found = report(EXAMPLES / f"{name}.py")
    assert (code, found["points"], found["out_of"]) == (0, points, 14)


def test_text_shows_the_wrong_line_the_witness_and_the_failing_input():
    output = grade(EXAMPLES / "submission.py").output
    for words in (
        "line 3 does not equal line 2",
        "4 (1 - exp(-4t) - 1) / (1 + exp(-4t))^2",
        "at t = ",
        "input    z = [",
        "expected [1]",
        "given    [nan]",
        "total  11 / 14  (78.6 %)",
    ):
        assert words in output


def test_fail_under():
    assert grade(EXAMPLES / "submission.py", "--fail-under", 79).exit_code == 1
    assert grade(EXAMPLES / "submission.py", "--fail-under", 78).exit_code == 0


def test_json_fields_are_those_that_are_documented():
    documented = (ROOT / "grader" / "README.md").read_text(encoding="utf-8")
    fields = set(re.findall(r"^\| `(\w+)` \|", documented, re.M))
    used = set()
    for name in ("submission", "hopeless"):
        _, found = report(EXAMPLES / f"{name}.py")
        used |= set(found)
        for part in found["parts"]:
            used |= set(part)
            for finding in part["findings"]:
                used |= set(finding)
    assert used <= fields
    assert {"points", "outcome", "witness", "diagnosis", "input"} <= used


UNUSABLE = {
    "empty": (b"", "is empty"),
    "syntax": ((HEAD + "x = = 3\n").encode(), "line 3 is not Python"),
    "notebook": (b'{"cells": [], "nbformat": 4}', "Jupyter notebook"),
    "big": (b"a" * (50 << 20), "50 MB"),
    "no sheet": (b"x = 1\n", 'SHEET = "activations"'),
    "no seed": (b'SHEET = "activations"\n', "SEED = 1"),
    "odd sheet": (b'SHEET = "activation"\nSEED = 1\n', "did you mean activations"),
    "path as sheet": (b'SHEET = "../x"\nSEED = 1\n', "no sheet is called"),
    "zip": (b"PK\x03\x04", "zip archive"),
    "not text": (b"\xff\xfe\xfa", "not UTF-8"),
    "nul": (b"x\0", "NUL"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_unusable_input_is_named_in_one_message(case, tmp_path):
    content, said = UNUSABLE[case]
    path = tmp_path / "mine.py"
    path.write_bytes(content)
    result = grade(path)
    assert result.exit_code == 2
    assert said in result.output
    assert "mine.py" in result.output
    assert "Traceback" not in result.output


def test_folder_and_missing_file(tmp_path):
    assert "is a folder" in grade(tmp_path).output
    missing = grade(tmp_path / "none.py")
    assert missing.exit_code == 2
    assert "no such file" in missing.output


@pytest.mark.parametrize(
    ("source", "name", "said"),
    [
        ('tanh_gradiant = "1"', "tanh_gradient", "did you mean tanh_gradient where you wrote"),
        ("tanh_gradient = 3.5", "tanh_gradient", "must be a string"),
        ("def softmax(z): return list(z)", "softmax", "return a NumPy array"),
        ("while True: pass", "softmax", "was not reached"),
        ("import os; os._exit(0)", "softmax", "was not reached"),
    ],
)
def test_a_bad_part_costs_itself(source, name, said, tmp_path):
    steps = "D(1/(1 + exp(-4t)), t) = 4exp(-4t)/(1 + exp(-4t))^2 = 4sigma(4t)(1 - sigma(4t))"
    good = f'sigmoid_derivative = "{steps}"\n'
    path = tmp_path / "mine.py"
    path.write_text(HEAD + good + source + "\n", encoding="utf-8")
    code, found = report(path)
    assert code == 0
    parts = {part["name"]: part for part in found["parts"]}
    assert parts[name]["points"] == 0
    assert said in parts[name]["findings"][0]["message"]
    assert parts["sigmoid_derivative"]["points"] == (0 if "_exit" in source else 4)


def test_seed_and_sheet_can_be_given(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text('tanh_gradient = "1"\n', encoding="utf-8")
    code, found = report(path, "--sheet", "activations", "--seed", "abc")
    assert (code, found["sheet"], found["seed"]) == (0, "activations", "abc")


def test_our_failure_exits_with_3(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr(grading, "grade", fail)
    result = grade(EXAMPLES / "perfect.py")
    assert result.exit_code == 3
    assert "our failure" in result.output
    assert "Traceback" not in result.output


def test_help_imports_nothing_heavy():
    statement = (
        "import sys\nfrom grader.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'sympy', 'rich', 'jinja2', 'numba'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True)
    assert done.stdout.strip().endswith("[]"), done.stdout + done.stderr


def test_help_lists_the_other_commands_and_each_has_its_own():
    said = grade("--help").output
    for word in ("watch", "book", "doctor"):
        assert re.search(rf"^  grade {word} +\S", said, re.M)
        assert f"Usage: grade {word}" in grade(word, "--help").output


def test_a_blank_sheet_is_missing_and_not_wrong(tmp_path):
    from exercises.sheet import load_sheet, render_starter

    path = tmp_path / "submission.py"
    path.write_text(render_starter(load_sheet("activations"), 5), encoding="utf-8")
    code, found = report(path)
    assert (code, found["points"]) == (0, 0)
    assert {part["outcome"] for part in found["parts"]} == {"missing"}
    assert all("left blank" in part["findings"][0]["message"] for part in found["parts"])


def test_doctor_names_the_level_and_what_is_refused(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    result = grade("doctor")
    assert re.search(r"^isolation: (strong|default|weak) ", result.output, re.M)
    assert "reading the reference answers" in result.output
    assert result.exit_code == ("isolation: weak" in result.output)
    (tmp_path / "doctor").write_text(HEAD, encoding="utf-8")
    assert "total" in grade("doctor").output


def test_weak_isolation_must_be_allowed(monkeypatch):
    from grader import sandbox
    from grader.isolation.ways import Policy

    monkeypatch.setattr(sandbox, "POLICY", Policy(seccomp=False))
    monkeypatch.delenv(sandbox.ALLOW_WEAK, raising=False)
    refused = grade(EXAMPLES / "perfect.py")
    assert refused.exit_code == 2
    assert "--allow-weak-isolation" in refused.output
    code, found = report(EXAMPLES / "perfect.py", "--allow-weak-isolation")
    assert (code, found["points"], found["isolation"]) == (0, 14, "weak")
    monkeypatch.setenv(sandbox.ALLOW_WEAK, "1")
    assert grade(EXAMPLES / "perfect.py").exit_code == 0
