"""The cost of a function: loops are named, right answers never, and no machine's speed counts."""

import subprocess
import sys
from contextlib import contextmanager

import numpy as np
import pytest

from exercises.answers import Code, Growth
from exercises.core import Exercise
from exercises.discover import exercises
from grader.grading import grade
from grader.isolation.host import Host
from grader.kinds import growth
from grader.mark import mark_part
from grader.sandbox import Limits, Sandbox
from grader.student import Failure, InProcess, Reply

LIMITS = Limits(load=10.0, call=1.0, total=60.0)
VECTORISED = {
    "the reference's own": "return x - x.mean(axis=1, keepdims=True)",
    "in two steps": "means = np.sum(x, axis=1) / x.shape[1]\n    return x - means[:, None]",
    "einsum": "return x - np.einsum('ij->i', x)[:, None] / x.shape[1]",
    "a loop over the few columns": "total = 0.0\n    for j in range(x.shape[1]):\n"
    "        total = total + x[:, j]\n    return x - (total / x.shape[1])[:, None]",
    "a few times the work": "for _ in range(5):\n        y = x - x.mean(axis=1, keepdims=True)\n"
    "    return y",
}
SLOW = {
    "a loop over the rows": "return np.array([row - row.mean() for row in x]).reshape(x.shape)",
    "a loop over the entries": "out = np.empty(x.shape)\n    for i in range(len(x)):\n"
    "        m = sum(x[i]) / len(x[i])\n        for j in range(len(x[i])):\n"
    "            out[i, j] = x[i, j] - m\n    return out",
    "every pair of rows": "eye = np.eye(len(x))\n    return eye @ (x - x.mean(axis=1)[:, None])",
    "never ends": "import time\n    while len(x) > 1000: time.sleep(0.01)\n"
    "    return x - x.mean(axis=1, keepdims=True)",
}


def at(rng, n):
    return (rng.normal(size=(n, 6)),)


def part_of(policy, reference=lambda x: x - x.mean(axis=1, keepdims=True)):
    ex = Exercise("An exercise")
    ex.variant(lambda v: {})

    def value():
        """What is it?"""
        return reference

    answer = Code("f", lambda rng: [at(rng, 2), at(rng, 5)], parameters=("x",), growth=policy)
    return ex.part(points=4, answer=answer)(value)


PART = part_of(Growth(at, sizes=(300, 3_000), credit=0.5, over="rows"))


def marked(body):
    source = f"import numpy as np\ndef f(x):\n    {body}\n"
    with Sandbox(source, LIMITS, allow_weak=True).load() as student:
        return mark_part(PART, {}, student)


@contextmanager
def busy(count):
    """So many processes that want the processor all the time."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


@pytest.mark.parametrize("name", VECTORISED)
def test_vectorised_answers_keep_their_points(name):
    assert marked(VECTORISED[name]).points == 4


@pytest.mark.parametrize("name", SLOW)
def test_slow_answers_keep_the_declared_share(name):
    mark = marked(SLOW[name])
    assert (mark.points, mark.outcome) == (2, "partial")
    finding = mark.findings[0]
    assert "n = 3,000" in finding.message
    assert "times as long as a vectorised solution" in finding.message
    assert finding.diagnosis.startswith("Look for a loop over the rows")


def test_a_loaded_machine_changes_nothing():
    with busy(3):
        for _ in range(3):
            assert [marked(body).points for body in VECTORISED.values()] == [4] * len(VECTORISED)
        assert marked(SLOW["a loop over the rows"]).points == 2


REAL = {  # right answers with a loop, to the parts that declare how the cost may grow
    "softmax": "def softmax(z):\n"
    "    rows = z.reshape(-1, z.shape[-1])\n"
    "    powers = [np.exp(row - row.max()) for row in rows]\n"
    "    return np.array([p / p.sum() for p in powers]).reshape(z.shape)\n",
    "batch_norm": "def batch_norm(x, gamma, beta):\n"
    "    out = np.empty(x.shape)\n"
    "    for j in range(x.shape[1]):\n"
    "        c = x[:, j]\n"
    "        out[:, j] = gamma[j] * (c - c.mean()) / np.sqrt(c.var() + 1e-5) + beta[j]\n"
    "    return out\n",
    "all_distances": "def all_distances(X, Q):\n"
    "    pairs = [[np.sqrt(np.sum((x - q) ** 2)) for x in X] for q in Q]\n"
    "    return np.array(pairs, dtype=float).reshape(len(Q), len(X))\n",
    "multinomial_loss": "def multinomial_loss(W, X, y):\n"
    "    total = 0.0\n"
    "    for x, k in zip(X, y):\n"
    "        z = W @ x\n"
    "        total += z.max() + np.log(np.exp(z - z.max()).sum()) - z[k]\n"
    "    return float(total)\n",
}
DECLARED = {
    part.name: part
    for exercise in exercises()
    for part in exercise.parts
    if isinstance(part.answer, Code) and part.answer.growth is not None
}


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_every_declared_policy_tells_a_loop_from_none(name):
    part = DECLARED[name]
    for _ in range(3):  # in doubt, as on a machine that is busy, a loop is let pass
        with Sandbox(f"import numpy as np\n{REAL[name]}", LIMITS, allow_weak=True) as student:
            mark = mark_part(part, {}, student.load())
        if mark.findings:
            break
    assert mark.points == part.points * part.answer.growth.credit
    assert part.answer.growth.over in mark.findings[0].diagnosis
    assert mark_part(part, {}, InProcess({name: part.reference({})})).points == part.points


class Timed(InProcess):
    """A right answer that takes as long as a test says."""

    def __init__(self, ratios, stopped=()):
        super().__init__({"f": lambda x: x - x.mean(axis=1, keepdims=True)})
        self.ratios, self.stopped, self.calls = ratios, stopped, 0

    def call(self, name, args):
        self.calls += 1
        n = len(args[0])
        if n in self.stopped:
            return Reply(failure=Failure("timeout", "was stopped"), seconds=5.0)
        ratio = self.ratios.get(n, 1.0)
        ratio = ratio(self.calls) if callable(ratio) else ratio
        return Reply(super().call(name, args).value, seconds=ratio * 1e-3)


@pytest.mark.parametrize(
    ("ratios", "points"),
    [
        ({300: 29, 3000: 29}, 4),
        ({300: 20, 3000: 31}, 4),  # slow, and neither far over the limit nor ever slower
        ({300: 31, 3000: 31}, 2),
        ({300: 10, 3000: 31}, 2),
        ({300: 500, 3000: 2}, 4),  # a constant that larger inputs do not notice
        ({300: 500, 3000: lambda call: 500 if call % 2 else 2}, 4),  # an interruption
    ],
    ids=str,
)
def test_two_sizes_have_to_agree(ratios, points, monkeypatch):
    monkeypatch.setattr(growth, "_timed", lambda f, args: (f(*args), 1e-3))
    assert mark_part(PART, {}, Timed(ratios)).points == points


def test_a_call_that_is_stopped_counts_until_then(monkeypatch):
    monkeypatch.setattr(growth, "_timed", lambda f, args: (f(*args), 1e-3))
    mark = mark_part(PART, {}, Timed({300: 40}, stopped={3000}))
    assert mark.points == 2
    assert "more than 5,000 times" in mark.findings[0].message
    assert "(about 40 times for n = 300)" in mark.findings[0].message


def test_what_goes_wrong_only_for_many_is_said():
    def many_fail(x):
        if len(x) > 1000:
            raise MemoryError("too many")
        return x - x.mean(axis=1, keepdims=True)

    mark = mark_part(PART, {}, InProcess({"f": many_fail}))
    assert mark.points == 2
    assert "MemoryError" in mark.findings[0].message
    assert "n = 3,000" in mark.findings[0].message


def test_no_submission_can_set_its_own_clock():
    source = (
        "import time, numpy as np\n"
        "time.process_time = time.thread_time = time.perf_counter = time.monotonic = lambda: 0.0\n"
        f"def f(x):\n    {SLOW['a loop over the rows']}\n"
    )
    with Sandbox(source, LIMITS, allow_weak=True).load() as student:
        assert mark_part(PART, {}, student).points == 2


def test_a_policy_that_would_be_unfair_is_refused():
    with pytest.raises(ValueError, match="two growing sizes"):
        Growth(at, sizes=(100,))
    with pytest.raises(ValueError, match="two growing sizes"):
        Growth(at, sizes=(100, 10))
    with pytest.raises(ValueError, match="would fail right answers"):
        Growth(at, factor=2.0)
    with pytest.raises(ValueError, match="from 0 to 1"):
        Growth(at, credit=1.5)


def test_without_a_clock_of_the_processor_the_walls_is_read(monkeypatch):
    monkeypatch.setattr(Host, "processor_clock", None)
    body = "import time; time.sleep(0.2)\n    return x"
    with Sandbox(f"def f(x):\n    {body}\n", LIMITS, allow_weak=True).load() as student:
        assert student.call("f", [np.zeros(3)]).seconds >= 0.2


def test_seconds_are_the_processors_and_the_transport_is_small():
    body = "import time; time.sleep(0.2)\n    return x"
    with Sandbox(f"def f(x):\n    {body}\n", LIMITS, allow_weak=True).load() as student:
        slept = student.call("f", [np.zeros(3)])
    assert slept.seconds < 0.1 or not sys.platform.startswith("linux")


def test_a_mark_that_rests_on_a_measured_time_is_not_final():
    loop = f'SHEET = "softmax"\nSEED = 1\nimport numpy as np\n{REAL["softmax"]}'
    with Sandbox(loop, LIMITS, allow_weak=True) as student:
        slow = grade("slow.py", "softmax", "1", student)
    assert next(mark for mark in slow.marks if mark.name == "softmax").outcome == "partial"
    assert not slow.steady
