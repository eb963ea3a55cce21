"""The corpus of attacks: no marks, no side effects, nothing left behind, at every level we have.

Each file in `attacks/` is one kind of attack. An attack may define the answers of the sheet, or a
function `evil` that says BROKE OUT when it got through; `only` names the levels at which the kernel
is to refuse it, and marks are denied at all of them.
"""

import contextlib
import ctypes
import dataclasses
import os
import platform
import socket
import stat
import sys
import tomllib
import unicodedata
from pathlib import Path

import pytest

from exercises.sheet import load_sheet
from grader import sandbox
from grader.isolation import pool
from grader.isolation.ways import Policy
from grader.mark import mark_part
from grader.sandbox import Limits, Sandbox

HERE = Path(__file__).resolve()
PROJECT = HERE.parents[2]
CASES = {
    f"{path.stem}:{name}": case
    for path in sorted((HERE.parent / "attacks").glob("*.toml"))
    for name, case in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
ATTACKS = {name: case for name, case in CASES.items() if not name.startswith("controls")}
CONTROLS = {name: case for name, case in CASES.items() if name.startswith("controls")}
POLICIES = {
    "strong": Policy(),
    "default": Policy(namespaces=False),
    "weak": Policy(namespaces=False, landlock=False, seccomp=False),
}
SAME_LEVEL_OTHERWISE = {
    "strong-same-user": ("strong", Policy(change_user=False)),
    "unforked": ("weak", Policy(fork=False)),
}
TIGHT = Limits(load=0.8, call=0.4, total=1.5, memory=1 << 30, output=200_000)
EASY = Limits(load=10.0, call=10.0, total=60.0)
SECRET = "PRIZE-5e1f"
TRAILER = """
try: softmax
except NameError:
    try: softmax = cross_entropy = cross_entropy_gradient = lambda *args: evil()
    except NameError: pass
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")


def level_here(policy):
    zygote = pool.lease(policy)
    try:
        return zygote.greeting(20).level
    finally:
        pool.give_back(zygote)


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left():
    """Orphans become children of this process, and in the end there are none."""
    pr_set_child_subreaper = 36
    libc = ctypes.CDLL(None)
    before = set(children())
    libc.prctl(pr_set_child_subreaper, 1, 0, 0, 0)
    yield
    pool.close_all()
    libc.prctl(pr_set_child_subreaper, 0, 0, 0, 0)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    assert set(children()) <= before


def children():
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == os.getpid():
                    yield int(entry.name)


@pytest.fixture(scope="module")
def sheet():
    return [(p, e.draw("1")) for e in load_sheet("activations").exercises for p in e.parts]


@pytest.fixture
def world(tmp_path_factory):
    """A secret, a folder that anybody may write, and a server; all must stay as they were."""
    folder = tmp_path_factory.mktemp("world")
    for above in (folder, *folder.parents[:2]):
        with contextlib.suppress(PermissionError):
            above.chmod(above.stat().st_mode | 0o755)
    canary, outside = folder / "canary", folder / "outside"
    canary.write_text(SECRET)
    outside.mkdir()
    outside.chmod(0o777)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        before = canary.stat()
        yield {
            "@CANARY@": str(canary),
            "@OUTSIDE@": str(outside),
            "@PORT@": str(server.getsockname()[1]),
            "@PROJECT@": str(PROJECT),
            "@REFERENCE@": str(PROJECT / "exercises" / "sheet.py"),
            "@GRADER@": str(os.getpid()),
        }
        with pytest.raises(BlockingIOError):
            server.accept()
    after = canary.stat()
    assert stat.S_IMODE(before.st_mode) == stat.S_IMODE(after.st_mode)
    assert (before.st_uid, before.st_mtime) == (after.st_uid, after.st_mtime)
    assert canary.read_text() == SECRET
    assert os.listdir(outside) == []  # noqa: PTH208


def source_of(case, world):
    text = case["source"]
    for name, value in world.items():
        text = text.replace(name, value)
    if "deep" in case:
        text = text.replace("{deep}", "-" * case["deep"] + "1")
    if "brackets" in case:
        text = text.replace("{brackets}", "[" * case["brackets"] + "]" * case["brackets"])
    if "lines" in case:
        text = text.replace("{lines}", "x = 1\n" * case["lines"])
    return text + TRAILER


def applies(case, level):
    if case.get("machine", platform.machine()) != platform.machine():
        return False
    return {"isolated": level != "weak", "strong": level == "strong"}.get(case.get("only"), True)


def assert_beaten(case, level, policy, world, sheet, monkeypatch):
    monkeypatch.setattr(sandbox, "POLICY", policy)
    with Sandbox(source_of(case, world), TIGHT, allow_weak=level == "weak") as attack:
        attack.load()
        marks = [mark_part(part, variant, attack) for part, variant in sheet]
        said = ""
        if "evil" in attack.names:
            reply = attack.call("evil", [])
            said = f"{reply.value!r}"
    assert [(mark.name, mark.points) for mark in marks if mark.points] == []
    assert [mark for mark in marks if mark.outcome == "failed"] == []
    said += attack.output.decode("utf-8", "replace")
    shown = "".join(str(value) for m in marks for f in m.findings for value in f.as_dict().values())
    assert "BROKE OUT" not in said
    assert SECRET not in said + shown
    assert not {c for c in shown if unicodedata.category(c) in ("Cc", "Cs")} - {"\n", "\t"}
    with Sandbox("def f(x): return x + 1", TIGHT, allow_weak=level == "weak").load() as honest:
        assert honest.isolation == level
        assert honest.call("f", [1]).value == 2


def levels_and_cases(cases):
    params = []
    for level in POLICIES:
        for name, case in cases.items():
            if applies(case, level):
                slow = case.get("slow") or level == "weak"
                marks = [pytest.mark.slow] if slow else []
                params.append(pytest.param(level, case, id=f"{level}-{name}", marks=marks))
    return params


@pytest.mark.parametrize(("level", "case"), levels_and_cases(ATTACKS))
def test_attack(level, case, world, sheet, monkeypatch):
    if level_here(POLICIES[level]) != level:
        pytest.skip(f"this machine does not reach {level}")
    assert_beaten(case, level, POLICIES[level], world, sheet, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("way", SAME_LEVEL_OTHERWISE)
@pytest.mark.parametrize("name", ATTACKS)
def test_attack_otherwise(way, name, world, sheet, monkeypatch):
    level, policy = SAME_LEVEL_OTHERWISE[way]
    if not applies(ATTACKS[name], level) or level_here(policy) != level:
        pytest.skip("not tried at this level")
    assert_beaten(ATTACKS[name], level, policy, world, sheet, monkeypatch)


@pytest.mark.parametrize(("level", "case"), levels_and_cases(CONTROLS))
def test_honest_work_earns_everything(level, case, sheet, monkeypatch):
    policy = POLICIES[level]
    if level_here(policy) != level:
        pytest.skip(f"this machine does not reach {level}")
    monkeypatch.setattr(sandbox, "POLICY", policy)
    answers = (PROJECT / "exercises" / "examples" / "perfect.py").read_text(encoding="utf-8")
    source = case["source"].replace("@ANSWERS@", answers)
    with Sandbox(source, EASY, allow_weak=level == "weak").load() as honest:
        assert honest.stopped is None
        marks = [mark_part(part, variant, honest) for part, variant in sheet]
    assert [mark for mark in marks if mark.points != mark.out_of] == []


@pytest.mark.parametrize(
    "without", [{"namespaces": False, "landlock": False}, {"seccomp": False}], ids=str
)
def test_without_a_wall_the_level_is_weak_and_nothing_is_run(without, monkeypatch):
    policy = dataclasses.replace(Policy(), **without)
    if level_here(Policy()) == "weak":
        pytest.skip("nothing is refused here anyway")
    monkeypatch.setattr(sandbox, "POLICY", policy)
    monkeypatch.delenv(sandbox.ALLOW_WEAK, raising=False)
    with (
        Sandbox("print('ran')", TIGHT) as refused,
        pytest.raises(sandbox.WeakIsolationError, match="--allow-weak-isolation"),
    ):
        refused.load()
    assert refused.output == b""
    with Sandbox("print('ran')", TIGHT, allow_weak=True) as allowed:
        assert allowed.load().isolation == "weak"


def test_the_corpus_is_large_and_of_every_kind():
    kinds = {name.partition(":")[0] for name in ATTACKS}
    assert len(ATTACKS) >= 100
    assert kinds >= {"comparison", "importing", "introspection", "files", "network", "processes"}
    assert kinds >= {"resources", "protocol", "parsing", "archives"}
