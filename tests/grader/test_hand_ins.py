"""What students really hand in: several files, scans, old encodings, seeds that they chose."""

import json
import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from exercises.seeds import student_seed
from grader.cli import main
from grader.hand_ins import hand_ins, one_hand_in
from grader.submission import SubmissionError, ending, read_text

PERFECT = (Path(__file__).resolve().parents[2] / "exercises/examples/perfect.py").read_text("utf-8")
HEAD = 'SHEET = "activations"\nSEED = 1\n'
RIGHT = "-3 (1 - tanh(-3x + 1)^2)"
WORDS = f"sheet: activations\nseed: 1\n\n## tanh_gradient\n\n```\n{RIGHT}\n```\n"


def grade(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def marked(*arguments):
    """The reports and the messages of a class, by student."""
    result = grade(*arguments, "--format", "json", "--no-cache", "--jobs", 1)
    assert result.exit_code in (0, 2), result.output
    lines = result.stdout.strip()
    if lines.startswith("{\n"):
        lines = json.dumps(json.loads(lines))
    reports = [json.loads(line) for line in lines.splitlines()]
    return {report["student"]: report for report in reports}, result.stderr


def points(report):
    return {part["name"]: part["points"] for part in report["parts"]}


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "class"
    path.mkdir()
    return path


def put(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def without(name, text=PERFECT):
    return "\n".join(line for line in text.splitlines() if not line.startswith(name))


# Several files


def test_code_and_written_answers_of_one_student_are_marked_together(folder):
    put(folder, {"ada/submission.py": without("tanh_gradient"), "ada/answers.md": WORDS})
    found, said = marked(folder)
    assert found["ada"]["points"] == 14
    assert found["ada"]["remarks"] == []
    assert "look at" not in said


def test_an_answer_in_both_files_is_marked_from_the_code_and_it_is_said(folder):
    put(folder, {"ada/submission.py": PERFECT, "ada/answers.md": WORDS.replace("-3 (", "7 (")})
    found, said = marked(folder)
    assert points(found["ada"])["tanh_gradient"] == 2
    (remark,) = found["ada"]["remarks"]
    assert remark == (
        "tanh_gradient is answered in the code and again in words: the code was marked, and the "
        "text at answers.md, line 5 was not"
    )
    assert f"look at ada/submission.py: {remark}" in said


def test_a_blank_answer_in_the_code_leaves_it_to_the_text(folder):
    blank = without("tanh_gradient") + '\ntanh_gradient = ""\n'
    put(folder, {"ada/submission.py": blank, "ada/answers.md": WORDS})
    found, _ = marked(folder)
    assert points(found["ada"])["tanh_gradient"] == 2
    assert found["ada"]["remarks"] == []


def test_markdown_and_latex_of_one_student_are_marked_together(folder):
    tex = (
        "% sheet: activations\n% seed: 1\n\\section{sigmoid\\_derivative}\n\\begin{align}\n"
        "\\frac{d}{dt} \\frac{1}{1 + e^{-4t}} &= \\frac{4 e^{-4t}}{(1 + e^{-4t})^2} \\\\\n"
        "&= 4 \\sigma(4t) (1 - \\sigma(4t))\n\\end{align}\n"
    )
    put(folder, {"ada/a.md": WORDS, "ada/b.tex": tex})
    found, _ = marked(folder)
    earned = points(found["ada"])
    assert (earned["tanh_gradient"], earned["sigmoid_derivative"]) == (2, 4)
    put(folder, {"ada/c.md": WORDS})
    _, said = marked(folder)
    assert "tanh_gradient is answered twice, the second time at c.md, line 5; keep one" in said


def test_files_that_disagree_are_asked_about(folder):
    put(folder, {"ada/a.py": PERFECT, "ada/a.md": WORDS.replace("seed: 1", "seed: 2")})
    _, said = marked(folder)
    assert "its files name different seeds (1 in a.py, 2 in a.md); make them one" in said
    found, _ = marked(folder, "--seed", 1)
    assert found["ada"]["points"] == 14


def test_what_cannot_be_read_beside_the_code_is_said(folder):
    put(folder, {"ada/a.py": PERFECT, "ada/a.md": b"\xff\xfe\xfa", "ada/blank.tex": "\n"})
    found, _ = marked(folder)
    assert found["ada"]["points"] == 14
    assert found["ada"]["remarks"] == ["not read: a.md: line 1 is not UTF-8 text; save the file "
                                       "as UTF-8"]  # fmt: skip


def test_a_files_name_cannot_paint_the_terminal(folder):
    put(folder, {"ada/a.py": PERFECT, "ada/\x1b[2Jb.md": b"\xff\xfe\xfa"})
    found, said = marked(folder)
    assert "not read: ?[2Jb.md" in found["ada"]["remarks"][0]
    assert "\x1b" not in said


def test_the_python_of_a_written_file_beside_a_script_is_not_run_without_a_word(folder):
    fence = "\n```python\ntanh_gradient = '0'\n```\n"
    put(folder, {"ada/a.py": PERFECT, "ada/a.md": "sheet: activations\nseed: 1\n" + fence})
    found, _ = marked(folder)
    assert found["ada"]["points"] == 14
    assert found["ada"]["remarks"] == ["the Python in a.md was not run: the code in a.py was"]


def test_written_answers_in_an_archive_are_marked_with_the_code_in_it(folder):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("hw/submission.py", without("tanh_gradient"))
        made.writestr("hw/answers.md", WORDS)
        made.writestr("__MACOSX/hw/._answers.md", b"\0")
    put(folder, {"ada.zip": buffer.getvalue()})
    found, _ = marked(folder)
    assert found["ada"]["points"] == 14


def test_a_change_beside_the_code_is_another_attempt(folder, tmp_path):
    put(folder, {"ada/a.py": without("tanh_gradient"), "ada/a.md": WORDS})
    cache, book = tmp_path / "cache", tmp_path / "m.db"
    options = ("--cache", cache, "--book", book, "--jobs", 1, "--format", "csv")
    assert ",14,14," in grade(folder, *options).stdout
    put(folder, {"ada/a.md": WORDS.replace("-3 (", "7 (")})
    assert ",12,14," in grade(folder, *options).stdout
    assert grade("book", book, "history", "ada").stdout.count("/ 14") == 2


def test_all_files_of_a_folder_may_be_one_hand_in(folder):
    put(folder, {"a.py": without("tanh_gradient"), "b.md": WORDS, "data.csv": "1"})
    item = one_hand_in([folder])
    assert (item.file, [other.file for other in item.beside]) == ("a.py", ["b.md"])
    put(folder, {"c.py": PERFECT})
    assert "holds several submissions (a.py, b.md, c.py)" in one_hand_in([folder]).problem
    (folder / "empty").mkdir()
    with pytest.raises(SubmissionError, match="no file to grade"):
        one_hand_in([folder / "empty"])


# What nobody can mark


def test_a_scan_is_kept_for_a_person_and_is_not_nothing(folder, tmp_path):
    put(folder, {"ada.pdf": b"%PDF", "bo.py": PERFECT, "bo.pdf": b"%PDF", "cy.txt": "mine",
                 "sheet.pdf": b"%PDF", "notes.txt": "the teacher's"})  # fmt: skip
    roster = tmp_path / "roster.csv"
    roster.write_text("student,name\nad1,Ada\nbo,\ncy,\ndi,\n", "utf-8")
    result = grade(folder, "--roster", roster, "--format", "csv", "--no-cache", "--jobs", 1)
    assert "handed in nothing: di\n" in result.stderr
    assert "a PDF cannot be marked, so a person has to read it" in result.stderr
    rows = [line.split(",") for line in result.stdout.splitlines()[1:]]
    assert {row[1]: row[4] for row in rows} == {"bo": "14", "di": "0", "ad1": "", "cy": ""}
    assert "notes" not in result.output
    assert "sheet" not in result.stderr
    assert "ada.pdf" in grade(folder, "--no-cache", "--jobs", 1).stderr  # and without a roster


@pytest.mark.parametrize("name", ["ada.pdf", "ada.JPG", "ada.docx"])
def test_a_scan_that_is_named_is_said_to_be_one(tmp_path, name):
    (tmp_path / name).write_bytes(b"%PDF-1.7 SHEET = 'activations'")
    result = grade(tmp_path / name)
    assert result.exit_code == 2
    assert "cannot be marked, so a person has to read it" in result.stderr
    assert ".ipynb" in result.stderr


def test_a_scan_in_a_classs_wrapped_archive_is_seen(tmp_path):
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in ("class/ada.pdf", "class/bo.py", "class/cy.py", "class/log.txt"):
            made.writestr(name, HEAD)
    found = {item.student: bool(item.problem) for item in hand_ins([path])}
    assert found == {"ada": True, "bo": False, "cy": False}


# How files are written


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_editors_write_is_read(encoding, end):
    text = f"x = 'é'{end}y = 1{end}"
    assert read_text("a.py", text.encode(encoding)) == (text, "")


def test_an_old_encoding_is_read_and_said():
    data = (HEAD + "# fin\nx = 'déjà'\n").encode("cp1252")
    text, said = read_text("a.py", data)
    assert "déjà" in text
    assert said.startswith("line 4 of a.py is not UTF-8; the file was read as Windows-1252")
    for binary in (bytes(range(1, 256)), b"\xff\xd8\xff\xe0" * 20, HEAD.encode() + b"\x81"):
        with pytest.raises(SubmissionError, match="not UTF-8"):
            read_text("a.py", binary)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("a.PY", ".py"), ("a.py.txt", ".py"), ("a.MD.TXT", ".md"), ("a.txt", ".txt"), ("a", "")],
)
def test_endings_as_windows_writes_them(name, meant, folder):
    assert ending(name) == meant
    put(folder, {name: PERFECT, "z.py": PERFECT})
    students = [item.student for item in hand_ins([folder])]
    assert students == (["a", "z"] if meant in (".py", ".md") else ["z"])


# Whose variant

SECRET = "0123456789abcdef"


@pytest.fixture
def own(folder, tmp_path, monkeypatch):
    """Ada on her own variant, Bo on one that he chose, Cy on one of the roster's."""
    monkeypatch.delenv("WORKINGS_SECRET", raising=False)
    seed = student_seed(SECRET.encode(), "activations", "ad1")
    put(folder, {"ada.py": PERFECT.replace("SEED = 1", f'SEED = "{seed}"'), "bo.py": PERFECT,
                 "cy.py": PERFECT})  # fmt: skip
    roster = tmp_path / "roster.csv"
    roster.write_text("student,name,seed\nad1,ada,\nbo,,\ncy,,1\n", "utf-8")
    (tmp_path / "secret").write_text(SECRET, "utf-8")
    return folder, roster, tmp_path / "secret"


def test_a_seed_that_a_student_chose_is_flagged_and_not_used(own):
    folder, roster, secret = own
    found, said = marked(folder, "--roster", roster, "--secret", secret)
    due = {name: student_seed(SECRET.encode(), "activations", name) for name in ("ad1", "bo")}
    assert {name: r["seed"] for name, r in found.items()} == {**due, "cy": "1"}
    assert found["cy"]["points"] == 14
    assert (found["ad1"]["remarks"], found["cy"]["remarks"]) == ([], [])
    expected = f"names the seed 1, and the seed of bo is {due['bo']}: marked on {due['bo']}"
    assert found["bo"]["remarks"] == [expected]
    assert points(found["bo"])["sigmoid_derivative"] < 4
    assert f"look at bo.py: {expected}" in said


def test_the_secret_may_be_in_the_environment_but_needs_a_roster(own, monkeypatch):
    folder, roster, secret = own
    monkeypatch.setenv("WORKINGS_SECRET", SECRET)
    assert marked(folder, "--roster", roster)[0]["bo"]["remarks"]
    assert not marked(folder)[0]["bo"]["remarks"]
    refused = grade(folder, "--secret", secret)
    assert refused.exit_code == 2
    assert "--secret needs --roster" in refused.output


def test_a_seed_on_the_command_line_outranks_all_and_the_cache_knows(own, tmp_path):
    folder, roster, secret = own
    options = ("--cache", tmp_path / "cache", "--format", "csv", "--jobs", 1)

    def seeds(*more):
        rows = grade(folder, *options, *more).stdout.splitlines()[1:]
        return [row.split(",")[3] for row in rows]

    assert seeds("--seed", 5) == ["5", "5", "5"]
    assert seeds()[1:] == ["1", "1"]
    bo = student_seed(SECRET.encode(), "activations", "bo")
    assert seeds("--roster", roster, "--secret", secret)[1:] == [bo, "1"]
    assert seeds("--roster", roster)[1:] == ["1", "1"]


def test_a_hand_in_without_a_seed_is_marked_on_the_rosters(folder, tmp_path):
    put(folder, {"cy.py": without("SEED")})
    roster = tmp_path / "roster.csv"
    roster.write_text("student,seed\ncy,1\n", "utf-8")
    found, said = marked(folder, "--roster", roster)
    assert (found["cy"]["points"], found["cy"]["remarks"]) == (14, [])
    assert "look at" not in said


def test_lateness_is_counted_without_a_gradebook_too(folder, tmp_path, monkeypatch):
    sheet = tmp_path / "late1.toml"
    sheet.write_text(
        'title = "L"\nexercises = ["activations.tanh_at"]\ndue = 2027-05-11T00:00:00Z\n'
        "late = { percent_per_day = 25, days = 2 }\n",
        "utf-8",
    )
    put(folder, {"ada.py": f'SEED = 1\ntanh_gradient = "{RIGHT}"\n'})
    for time, counted, days in (
        ("2027-05-10", 2, 0), ("2027-05-11T10:00Z", 1.5, 1), ("2027-05-20T00:00Z", 0, 9),
    ):  # fmt: skip
        result = grade(
            folder, "--sheet", sheet, "--received", time, "--format", "csv", "--no-cache"
        )
        head, row = (line.split(",") for line in result.stdout.splitlines())
        found = dict(zip(head, row, strict=True))
        assert (found["points"], found["counted"], found["days_late"]) == (
            "2", f"{counted:g}", str(days),
        )  # fmt: skip
        assert ("late: ada.py: 2 points count" in result.stderr) is (days > 0)
    result = grade(
        folder, "--sheet", sheet, "--received", "2027-05-11T10:00Z", "--format", "canvas"
    )
    assert result.stdout.splitlines()[2].endswith(",1.5")
    os.utime(folder / "ada.py", (0, 0))
    assert "late" not in grade(folder, "--sheet", sheet, "--format", "csv").stderr
