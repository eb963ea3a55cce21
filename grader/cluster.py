"""Grading on more than one machine: the submissions' contents go to a cluster's workers.

The unit is one hand-in. The content of its file travels, never a path, and its report comes back.
A worker that is lost has its hand-ins graded by another one; a hand-in whose worker is lost again
and again ends as a failure of ours, for that one only. The workers trust the scheduler and whoever
can reach it: keep it within a network of your own.
"""

from __future__ import annotations

import gc
import pickle
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any

from grader.batch import Done, Grade, Result, Ungraded, not_reached
from grader.cluster_worker import ClerkLostError, differences, fingerprint, grade_there
from grader.hand_in import HandIn
from grader.refusal import RefusalError

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 10.0
WORKER_SECONDS = 60.0
CLERKS_LOST = 2


class ClusterError(RefusalError):
    """The cluster cannot be used; the message says why and what to do."""


def graded_on(
    address: str,
    hand_ins: Sequence[HandIn],
    grade: Grade,
    done: Done = lambda *_: None,
    patience: float = WORKER_SECONDS,
) -> list[Result]:
    """Each hand-in's report, in their order whichever worker finishes first.

    An interrupt ends the work; what was done by then is kept.

    Args:
        address: the scheduler's, such as `tcp://10.0.0.1:8786`.
        hand_ins: what was handed in.
        grade: grades one; a function that the workers can import.
        done: told of each when it is done: its index, what came of it, and the seconds it took.
        patience: the seconds to wait for a worker while there is none.

    Raises:
        ClusterError: there is no such scheduler, no worker, or one with another version.
    """
    client = _connected(address)
    try:
        _check_cluster(client, patience)
        results = _collected(client, hand_ins, grade, done, patience)
    finally:
        client.close(timeout=CONNECT_SECONDS)
    return [results[k] for k in range(len(hand_ins))]


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "--scheduler needs the package distributed; get it with: "
            "python -m pip install 'workings[cluster]'"
        ) from error
    try:
        return Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError, TimeoutError) as error:
        said = _said(error)
    # The client that came to nothing closes itself when it is collected: now, and not while another
    # one starts and holds the lock that it would wait for. So the error keeps no hold of it either.
    gc.collect()
    raise ClusterError(
        f"no scheduler answers at {address} ({said}); start one with `dask scheduler`, "
        "and give the address that it prints, such as tcp://127.0.0.1:8786"
    )


def _check_cluster(client: Client, patience: float) -> None:
    """Refuse a cluster that cannot grade, or would mark by other rules than this machine."""
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError as error:
        raise ClusterError(
            f"the scheduler has had no worker for {patience:g} s; start one on each machine with "
            "`dask worker ADDRESS`"
        ) from error
    try:
        client.run_on_scheduler(
            fingerprint
        )  # it reads the names of the functions that it passes on
    except Exception as error:
        raise ClusterError(
            f"the scheduler cannot pass work on ({_said(error)}); install workings beside it, too"
        ) from error
    found: dict[str, Any] = client.run(fingerprint, on_error="return")
    for worker, theirs in sorted(found.items()):
        if not isinstance(theirs, Mapping):
            raise ClusterError(
                f"the worker {worker} cannot grade ({_said(theirs)}); install the same workings "
                "there as here"
            )
        if differing := differences(dict(theirs)):
            raise ClusterError(
                f"the worker {worker} would mark by another version of workings: "
                f"{'; '.join(differing)}. Install the same version on both and start it again"
            )


def _collected(
    client: Client, hand_ins: Sequence[HandIn], grade: Grade, done: Done, patience: float
) -> dict[int, Result]:
    results: dict[int, Result] = {}
    suspects: list[int] = []

    def ask(numbers: Iterable[int]) -> dict[Future, int]:
        return {
            client.submit(
                grade_there,
                pickle.dumps((grade, hand_ins[k].loaded())),
                hand_ins[k].name,
                fingerprint(),
                pure=False,
                retries=CLERKS_LOST,
            ): k
            for k in numbers
        }

    def collect(waiting: dict[Future, int], last: bool) -> None:
        for future in _finished(client, waiting, patience):
            k = waiting[future]
            if not last and _was_lost(future):
                suspects.append(k)
                continue
            results[k], seconds = _result(future, hand_ins[k], patience)
            done(k, results[k], seconds)
        for k in set(waiting.values()) - results.keys() - set(suspects):
            said = f"the cluster has had no worker for {patience:g} s"
            results[k] = Ungraded(hand_ins[k].name, said, ours=True)
            done(k, results[k], 0.0)

    try:
        collect(ask(range(len(hand_ins))), last=False)
        # A worker that is lost may have held several; by itself each shows whether it was the one.
        for k in sorted(suspects):
            suspects.remove(k)
            collect(ask([k]), last=True)
    except KeyboardInterrupt:
        pass
    return {k: results.get(k) or not_reached(item) for k, item in enumerate(hand_ins)}


def _finished(client: Client, waiting: Mapping[Future, int], patience: float) -> Iterator[Future]:
    """The futures as they end; it stops early when nobody is left to do the work."""
    ended: Queue[Future] = Queue()
    for future in waiting:
        future.add_done_callback(ended.put)
    # Their worker was lost between the end and the fetching of the report: the scheduler has them
    # graded once more, and tells nobody.
    again: set[Future] = set()
    left = len(waiting)
    since = time.monotonic()
    while left:
        for future in [f for f in again if f.status != "lost" or client.status != "running"]:
            again.discard(future)
            future.add_done_callback(ended.put)
        try:
            future = ended.get(timeout=0.5)
        except Empty:
            if not _has_worker(client):
                if time.monotonic() - since > patience:
                    return
                continue
        else:
            if future.status == "lost" and client.status == "running":
                again.add(future)
            else:
                left -= 1
                yield future
        since = time.monotonic()


def _has_worker(client: Client) -> bool:
    return client.status == "running" and bool(client.scheduler_info(n_workers=1)["workers"])


def _result(future: Future, item: HandIn, patience: float) -> tuple[Result, float]:
    if future.status == "finished":
        try:
            answer, seconds = future.result(patience)  # its worker may be lost just now
        except TimeoutError:
            said = f"the cluster has had no worker for {patience:g} s"
            return Ungraded(item.name, said, ours=True), 0.0
        result: Result = pickle.loads(answer)
        return result, seconds
    if future.status in ("cancelled", "lost"):
        said = "the cluster's scheduler was lost before it was done"
    elif _was_lost(future):
        said = "every worker that graded it was lost, one after the other"
    else:
        error = future.exception()
        said = str(error) if isinstance(error, ClerkLostError) else _said(error)
    return Ungraded(item.name, said, ours=True), 0.0


def _was_lost(future: Future) -> bool:
    """Whether workers were lost while they graded it, as often as the scheduler allows."""
    return future.status == "error" and type(future.exception()).__name__ == "KilledWorker"


def _said(error: object) -> str:
    text = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
