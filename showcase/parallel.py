"""Work spread over forked processes."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from errno import ECHILD
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")

_ENDED = "a process of this build was ended from outside; with fewer --jobs it needs less memory"
_WORTH_FORKING = 200  # below this many items, starting processes costs more than it saves
_PARTS = 16  # of the work, for each process: whichever is done with one takes the next
_MOST_PARTS = 256  # each is named by a byte


def default_jobs() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the cycle collector away from data that grows and makes no cycles.

    It would walk over all of a site again and again: a fifth of the time that reading takes.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # both together make all that is there old, so that it is not walked over now
        gc.unfreeze()
        gc.enable()


def is_spread(items: Sequence[object], jobs: int, least: int | None = None) -> bool:
    """Say whether work on these items is spread over processes: if they are many, or `least`."""
    many = _WORTH_FORKING if least is None else least
    return jobs > 1 and len(items) >= many and hasattr(os, "fork")


def each(
    work: Callable[[Item], Result], items: Sequence[Item], jobs: int, least: int | None = None
) -> list[Result]:
    """Return `work(item)` for every item, in order, done by `jobs` processes, this one among them.

    The others are forked, so the items reach them without being copied; only results cross back.
    This one works too, because all that a worker touches is copied for it. A system that cannot
    fork does all in this process. An exception in a worker is raised here with the worker's
    traceback as a note.
    """
    if not is_spread(items, jobs, least):
        return [work(item) for item in items]
    import multiprocessing

    context = multiprocessing.get_context("fork")
    parts = min(jobs * _PARTS, _MOST_PARTS)
    tickets, desk = os.pipe()  # a byte for each part, read by the worker that takes it
    os.write(desk, bytes(range(parts)))
    os.close(desk)
    workers = []
    for _ in range(jobs - 1):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(
            target=_serve, args=(theirs, tickets, work, items, parts), daemon=True
        )
        process.start()
        theirs.close()
        workers.append((process, ours))
    results: list[Result] = [None] * len(items)  # type: ignore[list-item]
    failure: BaseException | None = None
    try:
        for part, made in _take_parts(tickets, work, items, parts):
            results[part::parts] = made
    except Exception as error:
        failure = error
        os.read(tickets, parts)  # nobody need take another
    os.close(tickets)
    for process, ours in workers:
        try:
            outcome = ours.recv()
        except EOFError:
            outcome = ChildProcessError(ECHILD, _ENDED)
        process.join()
        if isinstance(outcome, BaseException):
            failure = failure or outcome
        else:
            for part, made in outcome:
                results[part::parts] = made
    if failure:
        raise failure
    return results


def _take_parts(
    tickets: int, work: Callable[[Item], Result], items: Sequence[Item], parts: int
) -> Iterator[tuple[int, list[Result]]]:
    """Yield what comes of one part after the other, until all are taken."""
    while ticket := os.read(tickets, 1):
        yield ticket[0], [work(item) for item in items[ticket[0] :: parts]]


def _serve(
    connection: "Connection",
    tickets: int,
    work: Callable[[Item], Result],
    items: Sequence[Item],
    parts: int,
) -> None:
    gc.disable()  # it would write to, and so copy, all there is
    try:
        connection.send(list(_take_parts(tickets, work, items, parts)))
    except BaseException as error:
        import traceback

        error.add_note(traceback.format_exc())
        connection.send(error)
    finally:
        connection.close()
