"""The documentation is run: the README's session, the paths of CONTRIBUTING, the rooms' order."""

import ast
import doctest
import re
from pathlib import Path

import pytest

from derivations import eq, real, sigmoid, start
from derivations.claims import claim
from derivations.verify import verify
from exercises.answers import Expression
from exercises.core import Exercise
from grader.mark import mark_part
from grader.student import InProcess

ROOT = Path(__file__).resolve().parents[1]
# What each room may import of ours: imports point down, so the lower rooms stand alone.
BELOW = {
    "derivations": {"derivations"},
    "impl": {"impl"},
    "exercises": {"derivations", "exercises", "impl"},
    "grader": {"derivations", "exercises", "grader"},
}
FILES = [path for room in BELOW for path in sorted((ROOT / room).rglob("*.py"))]


def test_readme_session():
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert (failed, tried > 2) == (0, True)


def blocks():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return [re.sub("(?m)^   ", "", b) for b in re.findall(r"```python\n(.*?)```", text, re.DOTALL)]


def test_claim_of_contributing():
    import sympy as sp

    names = {"claim": claim, "real": real, "sigmoid": sigmoid, "start": start, "eq": eq}
    names |= {"exp": sp.exp, "__name__": "derivations.sketch"}
    exec(blocks()[0], names)
    (made,) = names["__claims__"] if "__claims__" in names else [names["one_minus_sigmoid"]]
    found = verify(made)
    assert found.ok
    assert all(step.verdict.proved for step in found.steps)


def test_exercise_of_contributing():
    names = {"Exercise": Exercise, "Expression": Expression, "sigmoid": sigmoid, "t": real("t")}
    names["__name__"] = "exercises.activations.sketch"
    exec(blocks()[1], names)
    ex = names["ex"]
    (part,) = ex.parts
    for seed in range(10):
        variant = ex.draw(seed)
        assert f"\\sigma({variant['a']} t)" in part.text(variant)
        right = {"slope": f"{variant['a']} sigma({variant['a']}t) (1 - sigma({variant['a']}t))"}
        assert mark_part(part, variant, InProcess(right)).points == 2


def test_coverage_of_the_readme_is_fresh():
    from derivations import coverage, discover
    from derivations.audit import audit
    from derivations.judging import judged

    written = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = written.split("<!-- coverage -->")[1].split("<!-- /coverage -->")[0].strip()
    assert shown == coverage.table(audit(judged(discover.claims())))


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_down(path):
    room = path.relative_to(ROOT).parts[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours = {name.split(".")[0] for name in imported(tree)} & set(BELOW)
    assert ours <= BELOW[room]


def test_sources_named_in_models_stand_in_the_ledger():
    from derivations import ledger

    known = {row.id for row in ledger.rows()}
    prefixes = tuple({row.id.split("-")[0] + "-" for row in ledger.rows()})
    named = set()
    for path in [*(ROOT / "impl").rglob("*.py"), ROOT / "derivations" / "functions.py"]:
        for line in re.findall(r"Source: ([A-Z][^\n\"]*?)\.?(?:\"|\n)", path.read_text("utf-8")):
            words = (item.strip() for item in line.split(","))
            named |= {word for word in words if word.startswith(prefixes)}
    assert named
    assert named <= known
