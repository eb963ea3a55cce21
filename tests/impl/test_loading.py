"""When compiled loops are loaded: at once for much work, and once little work has added up."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest

from impl._kernels import loading

LOOPS = ModuleType("loops")


@pytest.fixture
def loaded(monkeypatch):
    """The families that were asked for, with a fresh account; nothing is really imported."""
    names = []

    def load(name):
        names.append(name)
        return LOOPS

    monkeypatch.setattr(loading, "import_module", load)
    monkeypatch.setattr(loading, "has_numba", lambda: True)
    monkeypatch.setattr("impl.core.has_numba", lambda: True)
    monkeypatch.setattr(loading, "_done", {})
    return names


def test_much_work_loads_at_once(loaded):
    assert loading.kernels("one", 1e3) is None
    assert loading.kernels("one", 1e12) is LOOPS
    assert loaded == ["impl._kernels.one"]


def test_little_work_adds_up_in_its_own_family(loaded):
    share = loading.PRICE / 200
    for _ in range(199):
        assert loading.kernels("one", share) is None
        assert loading.kernels("other", share / 10) is None
    assert loading.kernels("one", share) is LOOPS
    assert loading.kernels("other", share / 10) is None


def test_what_is_loaded_is_used_for_any_work(loaded, monkeypatch):
    monkeypatch.setitem(sys.modules, "impl._kernels.one", LOOPS)
    assert loading.kernels("one", 0.0) is LOOPS


def test_without_numba_nothing_is_loaded(loaded, monkeypatch):
    monkeypatch.setattr(loading, "has_numba", lambda: False)
    monkeypatch.setattr("impl.core.has_numba", lambda: False)
    assert loading.kernels("one", 1e12) is None
    assert loading.kernels("one", 1e12) is None
    assert loaded == []


def test_threads_lose_no_work(loaded):
    share = loading.PRICE / 4000
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: loading.kernels("one", share), range(3900)))
    assert found == [None] * 3900
    assert loading._done["one"] == pytest.approx(3900 * share)


def test_importing_the_models_imports_neither_numba_nor_scipy():
    code = (
        "import pkgutil, sys, importlib, impl\n"
        "names = [m.name for m in pkgutil.walk_packages(impl.__path__, 'impl.')]\n"
        "[importlib.import_module(n) for n in names if '._kernels.' not in n]\n"
        "import impl._kernels.loading\n"
        "print(sorted({'numba', 'scipy', 'sklearn', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
