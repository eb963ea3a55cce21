"""Discovery: list, show, try, new, and exercises made from claims."""

import importlib.util
from typing import get_args

import pytest
from click.testing import CliRunner

from exercises import discover
from exercises.answers import Kind
from exercises.cli import main
from exercises.commands import bank, skeleton
from grader.mark import mark_part
from grader.student import InProcess


def invoke(*arguments, typed=None):
    return CliRunner().invoke(main, arguments, input=typed)


def test_list_filters_by_topic_level_and_kind():
    every = invoke("exercises").output
    assert all(id in every for id in discover.exercise_ids())
    some = invoke("exercises", "--topic", "activations", "--level", "1", "--kind", "expression")
    assert "activations.tanh_at" in some.output
    assert "activations.sigmoid_derivative" not in some.output
    assert "softmax." not in some.output
    none = invoke("exercises", "--topic", "knn", "--level", "3")
    assert (none.exit_code, none.output) == (1, "0 exercises\n")


def test_unknown_topic_names_the_nearest_and_all():
    near = invoke("exercises", "--topic", "softmx")
    assert near.exit_code == 2
    assert "did you mean softmax?" in near.output
    far = invoke("exercises", "--topic", "zzz")
    for topic in ("activations", "svm"):  # the first and the last
        assert topic in near.output
        assert topic in far.output


def test_kinds_are_all_that_an_exercise_can_ask_for():
    assert sorted(bank.KINDS) == sorted(kind.__name__ for kind in get_args(Kind))


def test_engine_packages_hold_no_exercises():
    assert {"formats", "commands"}.isdisjoint(id.split(".")[0] for id in discover.exercise_ids())


def test_show_draws_the_variant_asked_for():
    item = discover.exercise("activations.tanh_at")
    variants = {seed: item.draw(seed) for seed in ("7", "8")}
    assert variants["7"] != variants["8"]
    for seed, variant in variants.items():
        output = invoke("exercises", "show", "activations.tanh_at", "--variant", seed).output
        assert item.parts[0].text(variant) in output
        assert str(item.parts[0].reference(variant)) not in output
    solved = invoke("exercises", "show", "activations.tanh_at", "--solutions").output
    assert "forgot inner" in solved
    assert "did you mean activations.tanh_at" in invoke("exercises", "show", "tanh_at").output


def test_try_marks_at_once_and_gives_hints_one_by_one():
    item = discover.exercise("activations.sigmoid_derivative")
    (part,) = item.parts
    answer = part.reference(item.draw("3")).text
    typed = f"?\n?\n?\nt\n= t\n\n{answer}\n\n"
    output = invoke("exercises", "try", item.id, "--variant", "3", typed=typed).output
    flat = " ".join(output.split())
    first, second = (flat.index(" ".join(hint.split())) for hint in part.hints)
    assert first < second < flat.index("there is no further hint") < flat.index("0 of 4")
    assert "right: 4 of 4" in flat
    assert flat.endswith("4 of 4 points")


@pytest.mark.parametrize(
    ("id", "typed"),
    [
        ("activations.tanh_at", "2*(x +"),
        ("activations.tanh_at", "tanhh(x)"),
        ("softmax.by_hand", "[1, 2"),
        ("softmax.by_hand", "one half"),
        ("errata.squared_loss", "the second line"),
        ("probability.wheel_of_fortune", "1/"),
        ("activations.sigmoid_derivative", "D(1/(1 + exp(-4*t)), t)\n= (((\n"),
    ],
)
def test_what_cannot_be_read_is_not_checked_when_tried(id, typed):
    output = invoke("exercises", "try", id, "--variant", "1", typed=f"{typed}\nquit\n").output
    assert "not checked: mend it and try again" in output
    assert "cannot be read" in output
    assert "wrong" not in output


def test_try_can_be_left_and_skipped():
    assert (
        "0 of 2 points" in invoke("exercises", "try", "activations.tanh_at", typed="skip\n").output
    )
    assert "0 of 2 points" in invoke("exercises", "try", "activations.tanh_at", typed="").output


def test_try_runs_code_in_the_sandbox():
    typed = "def softmax(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
    typed += "    return e / e.sum(axis=-1, keepdims=True)\n.\n"
    output = invoke("exercises", "try", "softmax.stable_softmax", typed=typed).output
    assert "right: 3 of 3" in output


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A source tree to write exercises of the bank into."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "exercises").mkdir()
    monkeypatch.setattr(skeleton, "HERE", tmp_path / "exercises")
    return tmp_path / "exercises"


def loaded(path):
    """The exercise of a file, imported as if it stood in the package."""
    spec = importlib.util.spec_from_file_location(f"exercises.{path.parent.name}.{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ex


def test_new_exercise_is_sound_from_the_start(package):
    result = invoke("exercises", "new", "calculus/power_rule", "--claim", "XU-13", "--level", "2")
    assert "exercises/calculus/power_rule.py" in result.output
    assert (package / "calculus" / "__init__.py").read_text().startswith('"""Exercises on calculus')
    ex = loaded(package / "calculus" / "power_rule.py")
    assert (ex.id, ex.level, ex.claims) == ("calculus.power_rule", 2, ("XU-13",))
    (part,) = ex.parts
    for seed in range(5):
        variant = ex.draw(seed)
        full = mark_part(part, variant, InProcess({part.name: str(part.reference(variant))}))
        slip = str(part.mistakes[0].value(variant))
        assert (full.points, full.outcome) == (2, "right")
        assert mark_part(part, variant, InProcess({part.name: slip})).points == 1
    again = invoke("exercises", "new", "calculus/power_rule")
    assert (again.exit_code, "exists" in again.output) == (1, True)


@pytest.mark.parametrize("place", ["softmax", "a/b/c", "Softmax/x", "a/class", "../x", "a/1b"])
def test_new_refuses_places_that_are_no_modules(package, place):
    assert invoke("exercises", "new", place).exit_code == 2


@pytest.mark.parametrize("place", ["core/x", "formats/x", "sheets/x"])
def test_new_writes_no_exercise_into_the_engine(package, place):
    result = invoke("exercises", "new", place)
    assert (result.exit_code, "part of the engine" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("row", "start", "end"),
    [
        ("XU-15", "D(sigma(t), t)", "(1 - sigma(t))*sigma(t)"),
        ("XU-17", "tanh(x)", "(1 - exp(-2*x))/(1 + exp(-2*x))"),  # two misprints left out
        ("XU-14", "1 - sigma(t)", "sigma(-t)"),
    ],
)
def test_claim_becomes_a_derivation_that_earns_full_marks(package, row, start, end):
    result = invoke("exercise", "from-claim", row, "--place", "made/here")
    assert result.exit_code == 0, result.output
    ex = loaded(package / "made" / "here.py")
    (part,) = ex.parts
    reference = part.reference({})
    assert (reference.start, reference.end) == (start, end)
    mark = mark_part(part, {}, InProcess({part.name: reference.text}))
    assert (mark.points, mark.outcome) == (part.points, "right")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("XU-13.p1", "no two different lines"),  # an inequality
        ("XU-4", "numbers only"),  # a limit
        ("CO-leaky-def", "cannot be typed"),  # cases
        ("SU-3.24a", "X: what is random is declared by hand"),
        ("XU-0", "no claim states"),
    ],
)
def test_unfit_claims_say_why(package, row, said):
    result = invoke("exercise", "from-claim", row)
    assert result.exit_code in (1, 2)
    assert said in result.output
