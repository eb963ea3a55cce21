"""Zip archives: those of learning platforms, and those made to hurt."""

import io
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import archive
from grader.cli import main
from grader.hand_ins import hand_ins
from grader.submission import MAX_BYTES, SubmissionError

WORK = b'SHEET = "activations"\nSEED = 1\n'


def zipped(files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as made:
        warnings.simplefilter("ignore", UserWarning)  # a name twice
        for name, data in files:
            made.writestr(name, data)
    return buffer.getvalue()


def found(tmp_path, data, name="class.zip"):
    """Student, file and problem of each hand-in of an archive."""
    path = tmp_path / name
    path.write_bytes(data)
    return [(item.student, item.file, item.problem) for item in hand_ins([path])]


def refused(tmp_path, data):
    with pytest.raises(SubmissionError) as error:
        found(tmp_path, data)
    assert str(error.value).startswith("class.zip: ")
    return str(error.value)


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["ada.py", "grace.ipynb"], ["ada", "grace"]),
        (["hand-ins/ada.py", "hand-ins/grace.py"], ["ada", "grace"]),
        (["hand-ins/ada/a.py", "hand-ins/grace/b.py", "hand-ins/notes.txt"], ["ada", "grace"]),
        (["ada/work.py", "grace/deep/er/work.py", "ada/data.csv"], ["ada", "grace"]),
        (
            [
                "Ada Lovelace_12345_assignsubmission_file_/answer.py",
                "Grace Hopper_12346_assignsubmission_file/answer.py",
            ],
            ["Ada Lovelace", "Grace Hopper"],
        ),
        (["lovelaceada_12_345_answer.py", "hoppergrace_LATE_13_346_answer-1.py"],
         ["hoppergrace", "lovelaceada"]),
        (["submission_1/a.py", "submission_2/a.py", "submission_metadata.json"],
         ["submission_1", "submission_2"]),
        (["ada.py", "__MACOSX/._ada.py", ".hidden.py", "grace.py", "x/__pycache__/y.py"],
         ["ada", "grace"]),
    ],
)  # fmt: skip
def test_the_exports_of_learning_platforms(names, students, tmp_path):
    items = found(tmp_path, zipped((name, WORK) for name in names))
    assert [student for student, _, _ in items] == students
    assert not any(problem for _, _, problem in items)


def test_the_same_layout_is_read_from_a_folder(tmp_path):
    for name in ("Ada L_1_assignsubmission_file_/a.py", "grace.py", "__MACOSX/b.py", ".x/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(WORK)
    (tmp_path / "zoe.zip").write_bytes(zipped([("inner/work.py", WORK), ("inner/data.csv", "1")]))
    items = hand_ins([tmp_path])
    assert [(item.student, item.text()) for item in items] == [
        (student, WORK.decode()) for student in ("Ada L", "grace", "zoe")
    ]


def test_one_students_archive_is_that_students(tmp_path):
    (item,) = found(tmp_path, zipped([("answer.py", WORK), ("data.csv", "1,2")]), "ada.zip")
    assert item == ("ada", "answer.py", "")


def test_two_candidates_are_named_and_the_others_are_graded(tmp_path):
    for name, files in (("ada.zip", ["a.py", "b.ipynb"]), ("grace.zip", ["c.py"])):
        (tmp_path / name).write_bytes(zipped((file, WORK) for file in files))
    ada, grace = hand_ins([tmp_path])
    assert ada.problem == "ada: holds several submissions (a.py, b.ipynb); keep one"
    assert grace.text().encode() == WORK


def test_the_same_name_twice_is_no_choice_of_ours(tmp_path):
    data = zipped([("ada/work.py", WORK), ("ada/work.py", WORK + b"x = 1"), ("bo/x.py", WORK)])
    ada, bo = found(tmp_path, data)
    assert "holds several submissions (ada/work.py, ada/work.py)" in ada[2]
    assert not bo[2]


def test_a_students_archive_in_the_classs_is_opened_and_one_in_that_is_not(tmp_path):
    inner = zipped([("work.py", WORK), ("__MACOSX/._work.py", b"x")])
    deeper = zipped([("work.zip", inner)])
    path = tmp_path / "class.zip"
    path.write_bytes(zipped([("ada.zip", inner), ("bo.ZIP", deeper), ("eve/a.zip", inner)]))
    ada, bo, eve = hand_ins([path])
    assert (ada.student, ada.file, ada.text()) == ("ada", "work.py", WORK.decode())
    assert (eve.student, eve.text()) == ("eve", WORK.decode())
    assert "archive within an archive" in bo.problem


def test_an_inner_archive_has_a_cap_of_its_own(tmp_path, monkeypatch):
    inner = zipped([("work.py", WORK)])
    monkeypatch.setattr("grader.hand_ins.MAX_INNER", len(inner) - 1)
    ada, bo = found(tmp_path, zipped([("ada.zip", inner), ("bo.py", WORK)]))
    assert "hand in the files to mark alone" in ada[2]
    assert not bo[2]


@pytest.mark.parametrize(
    "name", ["../evil.py", "/etc/evil.py", "a/../../evil.py", "C:\\evil.py", "..\\..\\evil.py"]
)
def test_a_name_that_leads_outside_is_refused_and_nothing_is_written(name, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    items = found(folder, zipped([(name, WORK), ("good.py", WORK)]))
    problems = [problem for _, _, problem in items if problem]
    assert len(problems) == 1
    assert "leads out of the archive" in problems[0]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["class.zip", "in"]


def test_a_symbolic_link_is_not_followed(tmp_path):
    link = zipfile.ZipInfo("ada.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    ((_, _, ada), (_, _, bo)) = found(tmp_path, zipped([(link, "/etc/passwd"), ("bo.py", WORK)]))
    assert "is a link to another file" in ada
    assert not bo


def test_a_linked_folder_is_not_walked(tmp_path):
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    for folder in (outside, inside):
        folder.mkdir()
        (folder / "work.py").write_bytes(WORK)
    (inside / "link").symlink_to(outside)
    assert [item.student for item in hand_ins([inside])] == ["work"]


def test_a_link_in_a_folder_is_not_marked(tmp_path):
    (tmp_path / "ada.py").write_bytes(WORK)
    (tmp_path / "bo.py").symlink_to("ada.py")
    ada, bo = hand_ins([tmp_path])
    assert not ada.problem
    assert "is a link to another file" in bo.problem


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = zipped([("bomb.py", b"\0" * (64 << 20)), ("good.py", WORK)])
    assert len(bomb) < 1 << 20
    ((_, _, said), (_, _, good)) = found(tmp_path, bomb)
    assert "claims to be 64 MB when unpacked" in said
    assert not good


def test_a_bomb_that_lies_about_its_size_is_read_to_the_cap(tmp_path):
    data = bytearray(zipped([("a.py", b"# " * (8 << 20)), ("b.py", WORK)]))
    entry = data.index(archive.ENTRY)
    data[entry + 24 : entry + 28] = struct.pack("<I", 100)  # the size when unpacked
    path = tmp_path / "class.zip"
    path.write_bytes(data)
    first, second = hand_ins([path])
    assert len(first.data) <= MAX_BYTES + 1
    assert "damaged" in first.problem or first.data == b""  # its checksum is another
    assert second.text().encode() == WORK


def test_the_whole_archive_has_a_cap_too(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_READ", 3 * len(WORK))
    problems = [p for _, _, p in found(tmp_path, zipped((f"s{k}.py", WORK) for k in range(5)))]
    assert [bool(p) for p in problems] == [False, False, False, True, True]
    assert "split it" in problems[-1]


def test_members_that_overlap_are_refused(tmp_path):
    data = bytearray(zipped([("a.py", WORK * 9), ("b.py", WORK * 9)], zipfile.ZIP_STORED))
    second = data.index(archive.ENTRY, data.index(archive.ENTRY) + 4)
    data[second + 42 : second + 46] = struct.pack("<I", 0)  # begins where the first one does
    assert "overlap" in refused(tmp_path, data)


def test_a_wrong_checksum_costs_its_own_hand_in(tmp_path):
    data = bytearray(zipped([("a.py", WORK), ("b.py", WORK)], zipfile.ZIP_STORED))
    data[data.index(WORK)] ^= 1
    ((_, _, damaged), (_, _, good)) = found(tmp_path, data)
    assert "is damaged or incomplete" in damaged
    assert not good


def test_an_encrypted_member_and_an_odd_method_are_refused(tmp_path):
    data = bytearray(zipped([("a.py", WORK)]))
    entry = data.index(archive.ENTRY)
    data[entry + 8] |= 1
    assert "is encrypted" in found(tmp_path, data)[0][2]
    odd = zipped([("a.py", WORK)], zipfile.ZIP_LZMA)
    assert "unusual way" in found(tmp_path, odd)[0][2]


@pytest.mark.parametrize("cut", [1, 10, 30, 100])
def test_a_truncated_archive_says_so(cut, tmp_path):
    assert "damaged or incomplete" in refused(tmp_path, zipped([("a.py", WORK)])[:-cut])


def test_too_many_members_are_refused_before_they_are_listed(tmp_path):
    count = 65_000
    header = archive.ENTRY + b"\0" * 42
    said = refused(tmp_path, b"PK\x03\x04" + header * count)
    assert f"more than {archive.MAX_MEMBERS} members" in said


def test_names_that_are_not_unicode_are_shown_and_do_no_harm(tmp_path):
    data = bytearray(zipped([("\u00e9\u00e9.py", WORK)]))
    wrong = data.replace("\u00e9\u00e9".encode(), b"\xff\xfe\xff\xfe")
    assert "damaged" in refused(tmp_path, wrong)  # it says that its names are UTF-8
    ((student, _, problem),) = found(tmp_path, zipped([("a\x1b[31m\u202e.py", WORK)]))
    assert not problem
    assert "\x1b" not in student
    path = tmp_path / "class.zip"
    path.write_bytes(zipped([("a\x1b[31m\u202e.py", b""), ("b.py", b"")]))
    said = CliRunner().invoke(main, [str(path), "--jobs", "1"]).output
    assert said.count("is empty") == 2
    assert not {"\x1b", "\u202e"} & set(said)


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"PK\x03\x04", b"not a zip", b"PK\x05\x06" + b"\0" * 18]
)
def test_nonsense_is_named_in_one_message(data, tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(data)
    result = CliRunner().invoke(main, [str(path)])
    assert result.exit_code == 2
    assert "class.zip" in result.output
    assert "Traceback" not in result.output


def test_flipped_bytes_never_raise_anything_else(tmp_path):
    import random

    good = zipped([("ada/a.py", WORK), ("bo.zip", b"PK"), ("c.py", WORK)])
    draw = random.Random(5)
    path = tmp_path / "class.zip"
    for _ in range(400):
        data = bytearray(good)
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        path.write_bytes(data)
        try:
            items = hand_ins([path])
        except SubmissionError:
            continue
        assert all(
            isinstance(item.problem, str) and len(item.data) <= MAX_BYTES + 1 for item in items
        )


def test_a_zip_is_graded_like_the_folder_that_it_holds(tmp_path):
    examples = Path(__file__).resolve().parents[2] / "exercises" / "examples"
    folder = tmp_path / "class"
    folder.mkdir()
    files = [
        (f"{name}.py", (examples / f"{name}.py").read_bytes()) for name in ("perfect", "hopeless")
    ]
    for name, data in files:
        (folder / name).write_bytes(data)
    (tmp_path / "class.zip").write_bytes(zipped(files))
    options = ["--format", "csv", "--no-cache", "--jobs", "1"]
    one, two = (
        CliRunner().invoke(main, [str(tmp_path / name), *options]).stdout
        for name in ("class", "class.zip")
    )
    assert one == two
    assert one.count("\n") == 3
