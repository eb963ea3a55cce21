"""The hard stop: what runs too long ends, also when one interrupt is swallowed."""

import signal

import pytest

from derivations.kernel.clock import OutOfTimeError, limited


def run_on(swallowed=0):
    """Run without end; so many interrupts are lost, as in a finaliser."""
    while True:
        try:
            while True:
                pass
        except OutOfTimeError:
            if not swallowed:
                raise
            swallowed -= 1


def after_an_inner_limit():
    with limited(0.1):
        pass
    run_on(swallowed=2)


def within_an_inner_limit():
    with limited(5):
        run_on(swallowed=2)


@pytest.mark.parametrize("work", [run_on, after_an_inner_limit, within_an_inner_limit])
def test_what_runs_on_is_ended(work):
    with pytest.raises(OutOfTimeError), limited(0.2):
        work()


def test_nothing_is_left_behind():
    with limited(1):
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
