"""A course's own sheets and exercises, outside the package: made, tried, printed and graded."""

import json
import os
import re
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from exercises import course, discover
from exercises import sheet as sheets
from exercises.cli import main
from exercises.core import ExerciseError
from exercises.formats.ipynb import script
from exercises.formats.render import file_name
from exercises.sheet import SheetError, load_sheet
from exercises.sheet_file import read_sheet
from grader import cli as grader_cli

FORMS = ("md", "html", "pdf", "ipynb", "tex", "typst", "moodle")
SHEET = 'title = "Week 1"\nexercises = ["knots.slope", "activations.tanh_at"]\n'
SCRIPT = """
SHEET = "week1"
SEED = 1
slope = "{slope}"
tanh_gradient = ""
"""
# One value for every variant, so that what is right can be said here: 2 x.
OWN = """
from sympy import Symbol
from exercises.answers import Expression
from exercises.core import Exercise

x = Symbol("x", real=True)
ex = Exercise("A slope")


@ex.part(points=2, answer=Expression("slope", (x,)))
def slope():
    "Give the derivative of $x^2$."
    return 2 * x
"""


def invoke(*arguments, typed=None):
    return CliRunner().invoke(main, [str(word) for word in arguments], input=typed)


def grade(*arguments):
    return CliRunner().invoke(grader_cli.main, [str(word) for word in arguments])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A course's folder, and a working directory that is another."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    own = tmp_path / "course"
    (own / "exercises" / "knots").mkdir(parents=True)
    (own / "exercises" / "knots" / "slope.py").write_text(OWN, encoding="utf-8")
    (own / "week1.toml").write_text(SHEET, encoding="utf-8")
    return own


@pytest.fixture
def used(folder):
    """The folder, in use."""
    with course.using(sheets=folder):
        yield folder


def test_from_an_empty_folder_to_a_graded_sheet(tmp_path):
    exercises = tmp_path / "new" / "exercises"
    made = invoke("exercises", "new", "knots/trefoil", "--exercises", exercises)
    assert made.exit_code == 0, made.output
    assert "workings exercises try knots.trefoil --exercises" in made.output
    assert [path.name for path in exercises.rglob("*.py")] == ["trefoil.py"]
    source = (exercises / "knots" / "trefoil.py").read_text(encoding="utf-8")
    (exercises / "knots" / "trefoil.py").write_text(source.replace("v.integer(2, 5)", "3"))
    # the skeleton asks for the derivative of a x^2, with a = 3
    at = ("--exercises", exercises)
    tried = invoke("exercises", "try", "knots.trefoil", *at, typed="3x\n6x\n")
    assert "partial: 1 of 2" in tried.output
    assert "right: 2 of 2" in tried.output
    sheet = tmp_path / "new" / "week1.toml"
    sheet.write_text('title = "Week 1"\nexercises = ["knots.trefoil"]\n', encoding="utf-8")
    formats = [word for form in FORMS for word in ("--format", form)]
    out = tmp_path / "out"
    wrote = invoke("sheet", sheet, "-o", out, *formats, "--solutions")
    assert wrote.exit_code == 0, wrote.output
    assert all((out / file_name(form)).stat().st_size > 300 for form in FORMS)
    assert "Trefoil" in (out / "sheet.html").read_text(encoding="utf-8")
    for file, points in (("solutions.py", 2), ("submission.py", 0), ("sheet.ipynb", 0)):
        report = json.loads(grade("--json", "--sheet", sheet, out / file).output)
        assert (report["points"], report["sheet"]) == (points, "week1"), file
    (out / "filled.py").write_text(script((out / "solutions.ipynb").read_text(encoding="utf-8")))
    assert json.loads(grade("--json", "--sheet", sheet, out / "filled.py").output)["points"] == 2


def test_students_are_told_to_hand_in_what_they_cannot_grade(folder, tmp_path):
    for form in ("py", "md", "tex"):
        out = tmp_path / form
        assert invoke("sheet", folder / "week1.toml", "-o", out, "--starter", form).exit_code == 0
        for name in ("sheet.md", f"submission.{form}"):
            assert "grade submission" not in (out / name).read_text(encoding="utf-8")
        assert f"`submission.{form}`" in (out / "sheet.md").read_text(encoding="utf-8")


def test_class_is_graded_by_a_file_in_several_processes_and_views(folder, tmp_path):
    with ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("ada/submission.py", SCRIPT.format(slope="2x"))
        archive.writestr("ben/submission.py", SCRIPT.format(slope="x"))
    common = ("--sheet", folder / "week1.toml", "--no-cache", "--view", "teacher")
    found = grade(tmp_path / "class.zip", "--json", "--jobs", 2, *common)
    reports = [json.loads(line) for line in found.stdout.splitlines()]
    assert {r["student"]: r["points"] for r in reports} == {"ada": 2, "ben": 0}
    (tmp_path / "one.py").write_text(SCRIPT.format(slope="x"), encoding="utf-8")
    page = grade(tmp_path / "one.py", "--format", "html", *common)
    assert page.exit_code == 0, page.output
    assert "2*x" in page.output.replace(" ", "")  # teachers see the reference


def test_marks_are_kept_until_the_course_changes_an_exercise(folder, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.py").write_text(SCRIPT.format(slope="2x"), encoding="utf-8")

    def again():
        at = ("--sheet", folder / "week1.toml", "--cache", tmp_path / "kept")
        found = grade(tmp_path / "in", "--json", *at)
        report = json.loads(found.stdout)
        return report["cached"], report["points"]

    assert again() == (False, 2)
    assert again() == (True, 2)
    harder = OWN.replace("x^2$", "x^3$").replace("return 2 * x", "return 3 * x**2")
    (folder / "exercises" / "knots" / "slope.py").write_text(harder, encoding="utf-8")
    discover._own.cache_clear()  # another process would not have read the file before
    sheets._loaded.cache_clear()
    assert again() == (False, 0)


def test_nothing_is_used_unless_a_person_names_it(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(folder)  # a folder one happens to be in counts for nothing
    assert "knots.slope" not in discover.exercise_ids()
    (tmp_path / "one.py").write_text(SCRIPT.format(slope="2x"), encoding="utf-8")
    refused = grade(tmp_path / "one.py")
    assert refused.exit_code == 2
    assert "given by its file" in refused.output
    by_path = SCRIPT.format(slope="2x").replace('"week1"', repr(str(folder / "week1.toml")))
    (tmp_path / "one.py").write_text(by_path, encoding="utf-8")
    assert "no sheet is called" in grade(tmp_path / "one.py").output
    monkeypatch.setenv(course.COURSE, str(folder))
    assert "no sheet is called" in grade(tmp_path / "one.py").output  # still a name, never a path


def test_command_leaves_no_folder_behind(folder):
    assert invoke("sheet", folder / "week1.toml", "-o", "out").exit_code == 0
    assert not {course.COURSE, course.EXERCISES} & set(os.environ)


def test_environment_names_the_folder_for_every_command(folder, tmp_path, monkeypatch):
    monkeypatch.setenv(course.COURSE, str(folder))
    assert "knots.slope" in invoke("exercises", "--topic", "knots").output
    (tmp_path / "one.py").write_text(SCRIPT.format(slope="2x"), encoding="utf-8")
    assert json.loads(grade("--json", tmp_path / "one.py").output)["points"] == 2


def test_exercises_may_stand_in_any_folder(folder, tmp_path):
    (folder / "exercises").rename(tmp_path / "bank")
    sheet = folder / "week1.toml"
    assert "knots.slope" in invoke("sheet", sheet, "-o", "out").output
    wrote = invoke("sheet", sheet, "-o", "out", "--exercises", tmp_path / "bank")
    assert wrote.exit_code == 0, wrote.output


def test_names_of_the_bank_are_refused(used):
    topic = used / "exercises" / "activations"
    topic.mkdir()
    (topic / "tanh_at.py").write_text(OWN, encoding="utf-8")
    with pytest.raises(ExerciseError, match=r"tanh_at\.py: the bank has an exercise"):
        discover.exercise("activations.tanh_at")
    assert discover.exercise("knots.slope").points == 2  # the others go on
    (used / "softmax.toml").write_text(SHEET, encoding="utf-8")
    with pytest.raises(SheetError, match=r"softmax\.toml: the bank has a sheet softmax"):
        load_sheet("softmax")
    assert invoke("exercises", "new", "activations/elu").exit_code == 1
    refused = invoke("exercises", "new", "formats/x").output
    assert "formats is part of the engine" in refused


@pytest.mark.parametrize(
    ("place", "said"),
    [("core/x", "part of the engine"), ("Knots/x", "small letters"), ("knots/1x", "small letters")],
)
def test_names_that_no_exercise_can_have_are_said(used, place, said):
    path = used / "exercises" / f"{place}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(OWN, encoding="utf-8")
    with pytest.raises(ExerciseError, match=said):
        discover.exercise(place.replace("/", "."))


def test_names_of_sheets_can_stand_in_a_submission(used):
    (used / "week 2.toml").write_text(SHEET, encoding="utf-8")
    with pytest.raises(SheetError, match="rename the file"):
        load_sheet("week 2")


def test_new_writes_nothing_into_an_installed_package(tmp_path, monkeypatch):
    from exercises.commands import skeleton

    monkeypatch.setattr(skeleton, "HERE", tmp_path / "site-packages" / "exercises")
    refused = invoke("exercises", "new", "knots/trefoil")
    assert (refused.exit_code, "--exercises FOLDER" in refused.output) == (1, True)


BROKEN = [
    ("def (", "line 1: SyntaxError: "),
    ("x = 1\ny = x / 0", "line 2: ZeroDivisionError: "),
    (OWN.replace('"A slope"', '"A slope", minutes=0'), "line 7: 'A slope': minutes must be"),
    (OWN.replace("points=2", "points=0"), "line 10: knots.broken: slope must be worth 1 or more"),
    ("import nothing_of_this_name", "line 1: ModuleNotFoundError: "),
    ("y = 1", "must define `ex`"),
]


@pytest.mark.parametrize(("source", "said"), BROKEN, ids=range(len(BROKEN)))
def test_broken_file_is_named_with_its_line_and_stops_no_other(used, source, said):
    path = used / "exercises" / "knots" / "broken.py"
    path.write_text(source, encoding="utf-8")
    listed = invoke("exercises")
    assert listed.exit_code == 1
    assert all(id in listed.stdout for id in ("knots.slope", "softmax.by_hand"))
    assert "knots.broken" not in listed.stdout
    (left_out,) = listed.stderr.splitlines()
    assert str(path) in left_out
    assert said in left_out
    assert invoke("exercises", "--topic", "softmax").exit_code == 0
    assert invoke("exercises", "show", "knots.slope").exit_code == 0
    assert invoke("sheet", "week1", "-o", "out").exit_code == 0
    shown = invoke("exercises", "show", "knots.broken")
    assert said in shown.output


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (OWN.replace("return 2 * x", "return 2 * y"), "line 13: NameError: name 'y'"),
        (OWN.replace("$x^2$", "{{ n }}"), "the question of slope: 'n' is undefined"),
    ],
)
def test_what_fails_when_it_is_drawn_is_named_with_its_line(used, source, said):
    path = used / "exercises" / "knots" / "late.py"
    path.write_text(source, encoding="utf-8")
    (used / "week2.toml").write_text('title = "W"\nexercises = ["knots.late"]\n', encoding="utf-8")
    for words in (
        ("exercises", "show", "knots.late", "--solutions"),
        ("sheet", "week2", "-o", "o"),
    ):
        result = invoke(*words, *(["--solutions"] if words[0] == "sheet" else []))
        assert result.exit_code == 1, result.output
        assert str(path) in result.output
        assert said in result.output
        assert not (used.parent / "elsewhere" / "o").exists()


def test_sheet_of_the_readme_is_sound():
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    made = read_sheet("readme", tomllib.loads(source))
    assert (made.hints, len(made.exercises)) == ("on request", 3)


def test_one_sheet_of_the_bank_gives_its_hints_on_request():
    asked = [name for name in sheets.sheet_names() if load_sheet(name).hints == "on request"]
    assert asked == ["errata"]
