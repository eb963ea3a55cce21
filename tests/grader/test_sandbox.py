"""The sandbox: what a submission does costs its own parts, and values are all that comes back."""

import time

import numpy as np
import pytest

from grader import frames
from grader.frames import Foreign, FrameError
from grader.sandbox import Limits, Sandbox

QUICK = Limits(load=1.0, call=0.6, total=8.0, output=100_000, memory=1 << 30)
GOOD = "\ndef good(x):\n    return x + 1\n"


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
    assert values[3] == Foreign("a tuple")
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


def test_the_folder_is_removed_and_the_process_ended():
    sandbox = loaded("import subprocess\np = subprocess.Popen(['sleep', '60'])\n")
    process = sandbox._child
    with sandbox:
        pass
    assert process.process.poll() is not None
    from pathlib import Path

    assert not Path(process.folder).exists()


def test_a_submission_has_a_total_time():
    limits = Limits(load=1.0, call=0.5, total=0.7, memory=1 << 30)
    with Sandbox("import time\ndef f(): time.sleep(0.3)\n", limits).load() as sandbox:
        start = time.monotonic()
        replies = [sandbox.call("f", []) for _ in range(20)]
        assert time.monotonic() - start < 3
    assert "used up" in replies[-1].failure.sentence()


def test_a_forged_frame_is_interference():
    source = (
        "import os, struct\n"
        "def f():\n"
        "    os.write(3, struct.pack('>II', 2, 0) + b'[]')\n"
    )
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
