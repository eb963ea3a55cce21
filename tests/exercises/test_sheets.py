"""Sheets: seeds that never change, files that say what is wrong, answers that earn full marks."""

import hashlib

import pytest
from click.testing import CliRunner

from exercises import sheet as sheets
from exercises.cli import main
from exercises.commands.roster import RosterError, read_roster
from exercises.commands.sheet import LARGE
from exercises.discover import exercise, exercises
from exercises.formats.ipynb import script
from exercises.formats.page import Page, spoken
from exercises.formats.render import FORMATS, render
from exercises.seeds import SecretError, read_secret, student_seed
from grader.mark import mark_part
from grader.sandbox import Sandbox
from grader.student import InProcess

SECRET = "0123456789abcdef0123456789abcdef"
SEEDS = ("62939d29ced66189", *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2)))


@pytest.mark.parametrize(
    ("secret", "sheet", "student", "seed"),
    [
        # printf 'workings\n11\nactivations\nada' | openssl dgst -sha256 -hmac SECRET, 16 digits
        (SECRET.encode(), "activations", "ada", "e89751026d442250"),
        (b"a secret of the course", "softmax", "Jos\u00e9", "0aeaeaa542eb34a5"),
        # the same name with the accent as a character of its own, and with spaces around it
        (b"a secret of the course", "softmax", " Jose\u0301 ", "0aeaeaa542eb34a5"),
    ],
)
def test_seed_is_the_keyed_hash_of_sheet_and_student(secret, sheet, student, seed):
    assert student_seed(secret, sheet, student) == seed


def test_seeds_differ_by_secret_sheet_student_and_where_one_name_ends():
    arguments = [(b"k", "ab", "c"), (b"l", "ab", "c"), (b"k", "a", "bc"), (b"k", "ab", "d")]
    assert len({student_seed(*each) for each in arguments}) == len(arguments)
    with pytest.raises(ValueError, match="empty"):
        student_seed(b"k", "ab", "  ")


def test_secret_is_read_from_file_or_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKINGS_SECRET", raising=False)
    with pytest.raises(SecretError, match="--secret"):
        read_secret(None)
    monkeypatch.setenv("WORKINGS_SECRET", "short")
    with pytest.raises(SecretError, match="5 bytes"):
        read_secret(None)
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    assert read_secret(tmp_path / "secret") == SECRET.encode()
    with pytest.raises(SecretError, match="No such file"):
        read_secret(tmp_path / "other")


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes a sheet file and loads it."""

    def load(text):
        (tmp_path / "sheets").mkdir(exist_ok=True)
        (tmp_path / "sheets" / "odd.toml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(sheets, "HERE", tmp_path)
        sheets._loaded.cache_clear()
        return sheets.load_sheet("odd")

    yield load
    sheets._loaded.cache_clear()


ONE = 'title = "A"\nexercises = ["activations.tanh_at"]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = 3\nexercises = ["activations.tanh_at"]', "title must be text"),
        (f"{ONE}totl = 3", "unknown key totl; did you mean total"),
        (f"{ONE}total = 3", "total = 3, and its parts are worth 2"),
        (f"{ONE}total = true", "total must be a whole number"),
        (f'{ONE}due = "tomorrow"', "due must be a date"),
        (f"{ONE}opens = 2027-05-03\ndue = 2027-05-02T10:00:00", "due before it opens"),
        (f'{ONE}policies = "late"', "policies must be a list"),
        ('title = "A"\nexercises = [3]', "exercises must be a list"),
        ('title = "A"\nexercises = [{count = 2}]', "needs a topic"),
        ('title = "A"\nexercises = [{topic = "sofmax"}]', "did you mean softmax"),
        ('title = "A"\nexercises = [{topic = "softmax", count = 99}]', "softmax has"),
        ('title = "A"\nexercises = [{topic = "softmax", count = 0}]', "1 or more"),
        ('title = "A"\nexercises = [{topic = "softmax", level = 4}]', "1, 2 or 3"),
        ('title = "A"\nexercises = [{topic = "softmax", sort = 4}]', "unknown key sort"),
    ],
)
def test_bad_sheets_say_what_must_hold(written, text, said):
    with pytest.raises(sheets.SheetError, match=said) as caught:
        written(text)
    assert "odd" in str(caught.value)


def test_sheet_of_topics_takes_levels_and_no_exercise_twice(written):
    named = '"activations.sigmoid_derivative"'
    entry = '{ topic = "activations", count = 2, level = 1 }'
    sheet = written(f'title = "A"\nexercises = [{entry}, {named}]')
    ids = [item.id for item in sheet.exercises]
    assert len(set(ids)) == 3
    assert ids[2] == "activations.sigmoid_derivative"
    assert [item.level for item in sheet.exercises[:2]] == [1, 1]
    # The rank is the hash: no other candidate of the topic comes before those chosen.
    ranks = [hashlib.sha256(f"odd\n{id}".encode()).digest() for id in ids[:2]]
    assert ranks == sorted(ranks)


def test_dates_and_policies_stand_on_the_sheet(written):
    due = "due = 2027-05-10T23:59:00\npolicies = ['Late sheets earn *half*.']\n"
    sheet = written(f"opens = 2027-05-03\n{due}course = 'Learning machines'\ntotal = 2\n{ONE}")
    for form in ("md", "html", "tex", "typst", "ipynb"):
        text = render(Page(sheet, 1, "Ada"), form).decode()
        for words in ("3 May 2027", "10 May 2027, 23:59", "Learning machines", "Ada", "half"):
            assert words in text, form
    assert spoken(sheet.due) == "10 May 2027, 23:59"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", sheets.sheet_names())
@pytest.mark.parametrize("form", ["py", "ipynb"])
def test_model_solution_earns_every_point(name, seed, form):
    sheet = sheets.load_sheet(name)
    defined = run(exported(sheet, seed, form, solutions=True))
    for item in sheet.exercises:
        for part in item.parts:
            mark = mark_part(part, item.draw(seed), InProcess(defined))
            assert (mark.points, mark.outcome) == (part.points, "right"), mark
    assert (defined["SHEET"], defined["SEED"]) == (name, seed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", sheets.sheet_names())
@pytest.mark.parametrize("form", ["py", "ipynb"])
def test_blank_runs_and_earns_nothing(name, seed, form):
    sheet = sheets.load_sheet(name)
    defined = run(exported(sheet, seed, form, solutions=False))
    assert {part.name for part in sheet.parts} <= set(defined)
    for item in sheet.exercises:
        for part in item.parts:
            assert mark_part(part, item.draw(seed), InProcess(defined)).points == 0


@pytest.mark.parametrize("form", ["py", "ipynb"])
@pytest.mark.parametrize(("solutions", "share"), [(True, 100), (False, 0)])
def test_grade_reads_what_is_exported(form, solutions, share):
    from grader.grading import grade, sheet_and_seed

    sheet = sheets.load_sheet("activations")
    source = exported(sheet, "62939d29ced66189", form, solutions)
    named = sheet_and_seed("submission.py", source, None, None)
    assert named == ("activations", "62939d29ced66189")
    with Sandbox(source, allow_weak=True) as sandbox:
        report = grade("submission.py", *named, sandbox)
    assert report.percent == share, report


def exported(sheet, seed, form, solutions):
    if form == "ipynb":
        return script(render(Page(sheet, seed, solutions=solutions), "ipynb").decode())
    return (sheets.render_answers if solutions else sheets.render_starter)(sheet, seed)


def run(source):
    defined = {}
    exec(compile(source, "submission.py", "exec"), defined)
    defined.pop("__builtins__")
    return defined


@pytest.mark.parametrize("form", FORMATS)
def test_equal_seeds_give_equal_bytes(form):
    sheet = sheets.load_sheet("activations")
    first, again, other = (render(Page(sheet, seed), form) for seed in (1, 1, 2))
    assert first == again != other


def test_class_gets_one_folder_each(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKINGS_SECRET", SECRET)
    roster = tmp_path / "roster.csv"
    roster.write_text("\ufeffStudent;Name\nada;Ada Lovelace\nemmy;Emmy Noether\n;\n", "utf-8")
    arguments = ["sheet", "activations", "-o", str(tmp_path / "out"), "--class", str(roster)]
    result = CliRunner().invoke(main, [*arguments, "--format", "html", "--format", "md"])
    assert result.exit_code == 0, result.output
    files = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.*"))
    names = ("sheet.html", "sheet.md", "submission.py")
    assert files == [f"{who}/{name}" for who in ("ada", "emmy") for name in names]
    text = (tmp_path / "out" / "ada" / "submission.py").read_text()
    assert "SEED = 'e89751026d442250'" in text
    assert "Emmy Noether (emmy)" in (tmp_path / "out" / "emmy" / "sheet.html").read_text()
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code == 1
    assert "may hold your work" in again.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nada\n", "column student"),
        ("", "column student"),
        ("student\n", "names no student"),
        ("student\n../ada\n", "line 2: '../ada' cannot be"),
        ("student\n.ssh\n", "cannot be the name of a folder"),
        ("student\nada\nAda\n", "line 3: Ada is listed twice"),
        ("student,name\n,Ada\n", "line 2: '' cannot be"),
    ],
)
def test_bad_rosters_name_the_row(tmp_path, text, said):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RosterError, match=said):
        read_roster(path)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--seed", "1", "--class", "c.csv"], "--class stands alone"),
        (["--student", "ada", "--class", "c.csv"], "--class stands alone"),
        (["--seed", "12x"], "'12x' is no seed"),
        (["--seed", ""], "'' is no seed"),
        (["--student", " ", "--seed", "1"], "must not be empty"),
        (["--student", "ada"], "WORKINGS_SECRET"),
        (["--class", "nobody.csv"], "cannot read"),
        (["--format", "doc"], "doc"),
    ],
)
def test_sheet_command_refuses(tmp_path, monkeypatch, options, said):
    monkeypatch.delenv("WORKINGS_SECRET", raising=False)
    arguments = ["sheet", "activations", "-o", str(tmp_path / "out"), *options]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code in (1, 2)
    assert said in result.output
    assert not (tmp_path / "out").exists()


def test_a_variant_is_issued_anew_to_a_student(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKINGS_SECRET", raising=False)
    for seed in ("7", "0123456789abcdef", "0000000000000042"):
        arguments = ["--student", "Ada L.", "--seed", seed, "-o", str(tmp_path / seed)]
        result = CliRunner().invoke(main, ["sheet", "activations", *arguments])
        assert result.exit_code == 0, result.output
        text = (tmp_path / seed / "sheet.md").read_text(encoding="utf-8")
        assert text.encode() == render(Page(sheets.load_sheet("activations"), seed, "Ada L."), "md")
        assert f"seed {seed}" in text
        defined = run((tmp_path / seed / "submission.py").read_text(encoding="utf-8"))
        assert str(defined["SEED"]) == seed


def test_hints_on_request_stand_on_no_sheet_and_their_price_does(written):
    listed = written(ONE)
    asked = written(f'hints = "on request"\n{ONE}')
    (hint, *_) = exercise("activations.tanh_at").parts[0].hints
    words = " ".join(hint.split())[:20]
    for form in ("md", "html", "tex", "typst", "ipynb"):
        open_, closed = (render(Page(each, 1), form).decode() for each in (listed, asked))
        assert words in open_, form
        assert words not in closed, form
        assert "--hints 1" not in open_, form
        assert "--hints 1" in closed.replace(r"-{}-", "--"), form
        assert "10" in closed.split("Each takes ")[1][:3], form
        assert "Hints" not in render(Page(asked, 1, solutions=True), form).decode(), form


def test_hints_are_listed_or_on_request(written):
    with pytest.raises(sheets.SheetError, match="hints must be listed or on request"):
        written(f'hints = "never"\n{ONE}')


def test_solutions_are_written_apart_and_announced(tmp_path):
    arguments = ["sheet", "activations", "-o", str(tmp_path), "--format", "pdf", "--solutions"]
    result = CliRunner().invoke(main, arguments)
    assert "for teachers only" in result.output
    files = {path.name for path in tmp_path.iterdir()}
    assert files == {"sheet.pdf", "solutions.pdf", "solutions.py", "submission.py"}


def test_reference_of_an_exercise_stands_in_no_student_file():
    sheet = sheets.load_sheet("activations")
    part = exercise("activations.tanh_at").parts[0]
    answer = str(part.reference(exercise("activations.tanh_at").draw(1)))
    for form in ("md", "html", "ipynb", "tex", "typst"):
        assert answer not in render(Page(sheet, 1), form).decode()
        assert answer in render(Page(sheet, 1, solutions=True), form).decode().replace("\\*", "*")


@pytest.mark.parametrize("item", exercises(), ids=lambda item: item.id)
def test_model_solution_of_every_exercise_survives_its_export(item):
    sheet = sheets.Sheet("one", item.title, (item,))
    defined = run(sheets.render_answers(sheet, 5))
    for part in item.parts:
        mark = mark_part(part, item.draw(5), InProcess(defined))
        assert (mark.points, mark.outcome) == (part.points, "right"), mark


def test_a_large_class_is_written_by_several_processes_alike(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKINGS_SECRET", SECRET)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    students = [f"s{k}" for k in range(LARGE)]
    roster = tmp_path / "roster.csv"
    roster.write_text("\n".join(["student", *students]), "utf-8")
    arguments = ["sheet", "activations", "-o", str(tmp_path / "out"), "--class", str(roster)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    sheet = sheets.load_sheet("activations")
    for who in (students[0], students[-1]):
        seed = student_seed(SECRET.encode(), "activations", who)
        expected = render(Page(sheet, seed, who), "md")
        assert (tmp_path / "out" / who / "sheet.md").read_bytes() == expected
    (tmp_path / "out" / "s3").rename(tmp_path / "s3")
    (tmp_path / "out" / "s3").write_text("a file where a folder should be")
    failed = CliRunner().invoke(main, [*arguments, "--force"])
    assert failed.exit_code == 1
    assert "cannot write to" in failed.output
