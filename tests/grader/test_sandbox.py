"""The sandbox: what a submission does costs its own parts, and values are all that comes back."""

import contextlib
import os
import select
import signal
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import frames, sandbox
from grader.frames import Foreign, FrameError
from grader.isolation import bubblewrap, host, places, pool, scratch, ways
from grader.isolation.ways import Policy
from grader.sandbox import Limits, Sandbox

QUICK = Limits(load=1.0, call=0.6, total=8.0, output=100_000, memory=1 << 30)
GOOD = "\ndef good(x):\n    return x + 1\n"
linux = pytest.mark.skipif(not Policy().fork, reason="each child is a fresh process here")


@pytest.fixture(autouse=True)
def _any_level_will_do(monkeypatch):
    monkeypatch.setenv("WORKINGS_ALLOW_WEAK_ISOLATION", "1")


def loaded(source):
    return Sandbox(source, QUICK).load()


def good(sandbox):
    return sandbox.call("good", [1]).value == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("while True: pass", "too long"),
        (
            "import time\n    while True:\n        try: time.sleep(9)\n"
            "        except BaseException: pass",
            "over 0.6 s",
        ),
        ("import sys; sys.exit(0)", "call to exit"),
        ("import os; os._exit(3)", "exit code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("return f(x)", "RecursionError"),
        ("print('a' * 200_000)", "printed more"),
        ("return bytearray(4 << 30)", "out of memory"),
        ("import os; os.close(3)", "ended the process"),
        ("raise ValueError('mine')", "raised ValueError: mine at line 2"),
        ("import impl", "write the function yourself"),
        ("return [[[[[[[[x]]]]]]]]", None),
        ("return 10 ** 1000", None),
        ("return {1: 2}", None),
    ],
)
def test_a_bad_call_costs_itself_and_nothing_else(body, said):
    with loaded(f"def f(x):\n    {body}\n" + GOOD) as sandbox:
        reply = sandbox.call("f", [1.0])
        if said is None:
            assert isinstance(reply.value, Foreign) or reply.value[0]
        else:
            assert said in reply.failure.sentence()
        assert good(sandbox)


@pytest.mark.parametrize(
    ("ending", "kind"),
    [("while True: pass", "timeout"), ("exit()", "exit"), ("1/0", "raised"), ("x = = 1", "syntax")],
)
def test_what_was_defined_before_the_file_stopped_still_counts(ending, kind):
    with loaded(GOOD + ending) as sandbox:
        assert sandbox.stopped.kind == kind
        assert good(sandbox) == (kind != "syntax")


def test_a_file_that_kills_its_process_is_named():
    with loaded(GOOD + "import os; os._exit(0)") as sandbox:
        assert sandbox.stopped.kind == "crash"
        assert sandbox.names == {}


def test_values_cross_and_code_does_not():
    source = (
        "import numpy as np\n"
        "class Odd:\n    def __eq__(self, other): return True\n"
        "def f(x): return {0: x, 1: np.float32(0.5), 2: Odd(), 3: (1, 2), 4: np.ones((2, 3), 'f4'),"
        " 5: np.array([Odd()]), 6: True, 7: None}[x]\n"
    )
    with loaded(source) as sandbox:
        values = [sandbox.call("f", [k]).value for k in range(8)]
    assert values[0] == 0
    assert values[1] == 0.5
    assert values[2] == Foreign("an object of type Odd")
    assert values[3] == (1, 2)
    np.testing.assert_array_equal(values[4], np.ones((2, 3)))
    assert values[5] == Foreign("an array of Python objects")
    assert values[6] is True
    assert values[7] is None


def test_the_child_holds_no_environment_and_an_empty_folder(monkeypatch):
    monkeypatch.setenv("SECRET", "42")
    source = (
        "import os\ndef f(): return [os.environ.get('SECRET', ''), str(len(os.listdir('.')))]\n"
    )
    with loaded(source) as sandbox:
        assert sandbox.call("f", []).value == ["", "0"]


@linux
@pytest.mark.parametrize("namespaces", [True, False])
def test_what_a_submission_wrote_is_gone_before_the_next_one(namespaces, monkeypatch):
    monkeypatch.setattr(sandbox, "POLICY", Policy(namespaces=namespaces))
    writer = (
        "import os\nopen('left', 'w').write('x')\n"
        "def pid(): return os.getpid()\ndef seen(): return os.listdir('.')\n"
    )
    with loaded(writer) as first:
        zygote, handle = first._host, os.dup(first._host.child)
        assert first.call("seen", []).value == ["left"]
    ready, _, _ = select.select([handle], [], [], 0)
    os.close(handle)
    assert ready  # the process has ended
    with loaded("import os\ndef seen(): return os.listdir('.')\n") as second:
        assert second._host is zygote
        assert second.call("seen", []).value == []


def test_a_tree_that_no_recursion_can_remove(tmp_path):
    handle = os.open(tmp_path, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=handle)
        inner = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)
    outside = tmp_path.with_name("outside")
    outside.mkdir()
    (outside / "kept").touch()
    (tmp_path / "link").symlink_to(outside)
    (tmp_path / ".1").mkdir()
    (tmp_path / ".1" / "closed").mkdir(mode=0)
    assert scratch.empty(str(tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert (outside / "kept").exists()


def test_a_way_to_start_that_fails_is_followed_by_the_next(monkeypatch):
    monkeypatch.setattr(bubblewrap, "program", lambda: "/bin/false")
    monkeypatch.setattr(ways, "hopeless", set())
    monkeypatch.setattr(sandbox, "POLICY", Policy(change_user=not Policy().change_user))
    with Sandbox(GOOD, QUICK, allow_weak=True).load() as mine:
        assert mine.isolation != "strong"
        assert good(mine)
        assert ways.hopeless
    pool.close_all()


@linux
def test_a_lost_zygote_is_our_failure_and_the_next_one_works():
    with loaded(GOOD) as mine:
        mine._host._launched.process.kill()
        signal.pidfd_send_signal(mine._host._zygote, signal.SIGKILL)
        mine._host._launched.process.wait()
        while mine.call("good", [1]).failure is None:  # the child goes when the zygote has gone
            time.sleep(0.01)
        assert good(mine)


def test_random_numbers_differ_between_children():
    source = "import numpy as np, random\ndef f(): return [np.random.rand(), random.random()]\n"
    seen = set()
    for _ in range(3):
        with loaded(source) as mine:
            seen |= set(mine.call("f", []).value)
    assert len(seen) == 6


@linux
def test_a_forged_truth_is_a_plain_one():
    header = {"t": "array", "dtype": "|b1", "shape": [3]}
    array = frames.decode(header, b"\x00\x01\xff")
    assert array.view("u1").tolist() == [0, 1, 1]


def test_text_that_crosses_can_be_shown():
    shown = frames.decode({"t": "str", "v": "a\n\x1b[2J\ud800\u202e"}, b"")
    assert shown == "a\n\N{REPLACEMENT CHARACTER}[2J" + 2 * "\N{REPLACEMENT CHARACTER}"


def test_a_submission_has_a_total_time():
    limits = Limits(load=1.0, call=0.5, total=0.7, memory=1 << 30)
    with Sandbox("import time\ndef f(): time.sleep(0.3)\n", limits).load() as sandbox:
        start = time.monotonic()
        replies = [sandbox.call("f", []) for _ in range(20)]
        assert time.monotonic() - start < 3
    assert "used up" in replies[-1].failure.sentence()


def test_a_forged_frame_is_interference():
    source = "import os, struct\ndef f():\n    os.write(3, struct.pack('>II', 2, 0) + b'[]')\n"
    with loaded(source + GOOD) as sandbox:
        assert "interfered" in sandbox.call("f", []).failure.sentence()
        assert good(sandbox)


@pytest.mark.parametrize(
    "header",
    [
        None,
        {"t": "int", "v": "9" * 500},
        {"t": "float", "v": "banana"},
        {"t": "array", "dtype": "|O8", "shape": [1]},
        {"t": "array", "dtype": "<f8", "shape": [2]},
        {"t": "array", "dtype": "<f8", "shape": [-1]},
        {"t": "array", "dtype": "<f8", "shape": [0] + [1 << 25] * 7},
        {"t": "list", "v": 3},
        {"t": "code", "v": "x"},
    ],
)
def test_what_is_not_a_value_is_refused(header):
    with pytest.raises(FrameError):
        frames.decode(header, b"")


def test_frames_have_a_largest_size():
    with pytest.raises(FrameError, match="too large"):
        frames.read(lambda count: b"\xff" * count)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("tv"), inner),
    max_leaves=8,
)
SHAPED = st.fixed_dictionaries(
    {
        "t": st.sampled_from(["bool", "int", "float", "str", "list", "array", "other", "none"]),
        "v": JSON,
        "dtype": st.sampled_from(["|b1", "<f8", "<i8", "<f2", "|u1", "|O8", ">f8", ""]) | JSON,
        "shape": st.lists(st.integers(-1, 1 << 26), max_size=9) | JSON,
    }
)


@settings(deadline=None, max_examples=300)
@given(header=SHAPED | JSON, body=st.binary(max_size=64))
def test_no_reply_can_make_the_grader_stumble(header, body):
    with contextlib.suppress(FrameError):
        frames.decode(header, body)


def test_answers_installed_beside_other_packages_are_left_out(tmp_path):
    for name in ("numpy/core", "exercises/softmax", "scipy"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "six.py").touch()
    readable, listable = [], []
    places._around(str(tmp_path), (str(tmp_path / "exercises"),), readable, listable)
    assert sorted(readable) == [str(tmp_path / name) for name in ("numpy", "scipy", "six.py")]
    assert listable == [str(tmp_path)]


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for processes in /proc")  # noqa: PTH112
def test_a_host_that_is_closed_while_it_starts_leaves_no_process():
    started = []
    for pause in [0.0, 0.0005, 0.001, 0.0015, 0.002, 0.003] * 6:
        zygote = host.Host(Policy())
        started.append(zygote._launched.process.pid)
        time.sleep(pause)
        zygote.close()
    deadline = time.monotonic() + 5
    while (left := running_in(started)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert left == []


def running_in(sessions):
    """The processes of some sessions that have not ended."""
    found = []
    for entry in os.listdir("/proc"):  # noqa: PTH208
        if entry.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{entry}/stat") as file:  # noqa: PTH123
                state, _, group, session = file.read().rpartition(")")[2].split()[:4]
                if state != "Z" and {int(group), int(session)} & set(sessions):
                    found.append(int(entry))
    return found
