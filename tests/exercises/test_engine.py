"""The engine: draws that never change, checked declarations, sheets that say what is wrong."""

import itertools
import runpy

import pytest
from click.testing import CliRunner

from exercises import sheet as sheets
from exercises.answers import Chain, Derivation, Expression
from exercises.cli import main
from exercises.core import Exercise, ExerciseError, factor, signed
from exercises.discover import exercise, exercise_ids
from exercises.variant import Draws


def test_draws_are_the_hash_of_exercise_and_seed():
    # printf 'softmax.temperature\n7\n0' | sha256sum, and with a 1 at the end
    draws = Draws("softmax.temperature", 7)
    assert [draws._next(), draws._next()] == [0x2F33B94A7CA572C2, 0xCD949BF3CE7F59DF]


def test_draws_cover_their_range_and_nothing_else():
    draws = Draws("x", 1)
    assert {draws.integer(-1, 2, exclude=[0]) for _ in range(200)} == {-1, 1, 2}
    assert {draws.sign() for _ in range(50)} == {-1, 1}
    for _ in range(50):
        assert len(set(draws.distinct_integers(0, 5, 4))) == 4
        weights = draws.weights(3, denominator=5)
        assert sum(weights) == 1
        assert min(weights) > 0


def test_until_draws_again_and_changes_nothing_that_is_sound():
    plain, until = Draws("x", 3), Draws("x", 3)
    drawn = [plain.integer(1, 6) for _ in range(40)]
    sound = [k for k in drawn if k % 3]
    assert [until.until(lambda: until.integer(1, 6), lambda k: k % 3) for _ in sound] == sound
    assert len(sound) < len(drawn)


def test_permutations_are_uniform():
    draws = Draws("x", 2)
    counts = dict.fromkeys(itertools.permutations("abc"), 0)
    for _ in range(6000):
        counts[draws.shuffled("abc")] += 1
    assert all(850 < count < 1150 for count in counts.values())  # 1000 expected, deviation 29


@pytest.mark.parametrize(
    "draw",
    [
        lambda v: v.integer(1, 0),
        lambda v: v.distinct_integers(0, 2, 4),
        lambda v: v.weights(4, denominator=3),
        lambda v: v.choice([]),
        lambda v: v.until(lambda: v.integer(1, 3), lambda k: k > 3),
    ],
)
def test_impossible_draws_say_so(draw):
    with pytest.raises(ValueError, match=r"draw|fit|exceed"):
        draw(Draws("x", 1))


def test_formatting_of_numbers_in_texts():
    assert [factor(n) for n in (1, -1, 3)] == ["", "-", "3"]
    assert [signed(n) for n in (2, -2)] == ["+ 2", "- 2"]


def declared():
    ex = Exercise("A title")
    ex.variant(lambda v: {"a": v.integer(1, 3)})
    return ex


def part_of(ex, docstring, points=2, name="y"):
    def value(a):
        return a

    value.__doc__ = docstring
    return ex.part(points=points, answer=Expression(name, ()))(value)


def derivation(ex):
    def chain():
        """Show it."""
        return Chain(("x", "y"))

    return ex.part(points=2, answer=Derivation("y", ()))(chain)


def test_a_question_that_names_an_unknown_value_fails():
    part = part_of(declared(), "What is {{ b }}?")
    with pytest.raises(ExerciseError, match=r"line \d+: .*'b' is undefined; the variant draws a"):
        part.text({"a": 1})


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        (lambda ex: ex.variant(lambda v: {}), "second"),
        (lambda ex: part_of(ex, None), "docstring"),
        (lambda ex: part_of(ex, "Q", points=0), "1 or more"),
        (lambda ex: (part_of(ex, "Q"), part_of(ex, "Q")), "two parts"),
        (lambda ex: part_of(ex, "Q").mistake(credit=2, help="h")(lambda a: a), "from 0 to 1"),
        (lambda ex: part_of(ex, "Q").reference({"c": 1}), "asks for a"),
        (lambda ex: derivation(ex).mistake(credit=0, help="h")(lambda: 0), "would never be used"),
        (lambda ex: (ex.figure(alt="A")(str), ex.figure(alt="B")(str)), "one figure"),
        (lambda ex: ex.figure(alt=" ")(str), "alt="),
        (lambda _: Exercise("E", minutes=0), "minutes must be from 1"),
        (lambda _: Exercise("E", prerequisites="svm"), "must be a list"),
    ],
)
def test_bad_declarations_are_named(declare, said):
    with pytest.raises(ExerciseError, match=said):
        declare(declared())


def test_a_chain_has_two_ends():
    with pytest.raises(ValueError, match="start and an end"):
        Chain(("x",))


def test_discovery_finds_each_file_under_its_own_name():
    assert "softmax.stable_softmax" in exercise_ids()
    assert all(exercise(id).id == id for id in exercise_ids())
    with pytest.raises(ExerciseError, match=r"did you mean softmax\.stable_softmax"):
        exercise("softmax.stable_sotfmax")


def test_sheet_is_the_same_for_the_same_seed_and_differs_between_seeds():
    sheet = sheets.load_sheet("activations")
    texts = [sheets.render_sheet(sheet, seed) for seed in (1, "1", 2)]
    assert texts[0] == texts[1] != texts[2]
    assert all(f"`{part.name}`" in texts[0] for part in sheet.parts)
    assert f"{sheet.points} points" in texts[0]


@pytest.mark.parametrize("name", sheets.sheet_names())
def test_starter_runs_and_defines_every_name(name, tmp_path):
    sheet = sheets.load_sheet(name)
    path = tmp_path / "submission.py"
    path.write_text(sheets.render_starter(sheet, 3), encoding="utf-8")
    defined = runpy.run_path(str(path))
    assert {part.name for part in sheet.parts} <= set(defined)
    assert (defined["SHEET"], defined["SEED"]) == (name, 3)


def test_unknown_sheet_suggests():
    with pytest.raises(sheets.SheetError, match="did you mean activations"):
        sheets.load_sheet("activation")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "A"', "list of exercises"),
        ("title = ", "Invalid value"),
        ('title = "A"\nexercises = ["a.b"]', "a.b"),
        ('title = "A"\nexercises = ["softmax.stable_softmax"]\npoints = 3', "points"),
        ('title = "A"\nexercises = ["softmax.stable_softmax", "softmax.stable_softmax"]', "two"),
    ],
)
def test_bad_sheet_files_are_named(text, said, tmp_path, monkeypatch):
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "odd.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sheets, "HERE", tmp_path)
    with pytest.raises(sheets.SheetError, match=said) as caught:
        sheets.load_sheet("odd")
    assert "odd" in str(caught.value)
    sheets._loaded.cache_clear()


def test_command_writes_both_files_and_keeps_work(tmp_path):
    runner = CliRunner()
    arguments = ["sheet", "activations", "-o", str(tmp_path / "new" / "folder")]
    assert runner.invoke(main, arguments).exit_code == 0
    submission = tmp_path / "new" / "folder" / "submission.py"
    submission.write_text("my work", encoding="utf-8")
    again = runner.invoke(main, arguments)
    assert again.exit_code == 1
    assert "may hold your work" in again.output
    assert submission.read_text(encoding="utf-8") == "my work"
    assert runner.invoke(main, [*arguments, "--force"]).exit_code == 0
    assert "SHEET" in submission.read_text(encoding="utf-8")


def test_command_names_an_unknown_sheet():
    result = CliRunner().invoke(main, ["sheet", "actvations", "-o", "x"])
    assert result.exit_code == 2
    assert "did you mean activations" in result.output


def test_all_commands_are_listed():
    output = CliRunner().invoke(main, ["--help"]).output
    assert all(name in output for name in ("errata", "ledger", "sheet", "verify"))
