"""How many programs read files at once on this machine, whichever of its web processes asked for them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: So many at once: each may take a gigabyte of memory, and of four web workers two stay for other pages.
AT_ONCE = 2
#: Seconds until a reading that found no room is refused; with the time a scan may take, less than web servers wait.
WAIT_SECONDS = 15.0
_LOOK_AGAIN_SECONDS = 0.1


class AllTaken(Exception):
    """So many readings run already that this one could not begin."""


@contextmanager
def one_slot() -> Iterator[tuple[int, ...]]:
    """Take a slot and give its open file, for the program to inherit: whoever still has it open holds the slot.

    Nothing has to be cleared up after a crash. Raises AllTaken after WAIT_SECONDS. Where the system has no such locks
    (Windows) there is no limit, and no file is given.
    """
    try:
        import fcntl
    except ImportError:
        yield ()
        return
    end = time.monotonic() + WAIT_SECONDS
    while True:
        for number in range(AT_ONCE):
            descriptor = _opened(number)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                continue
            try:
                yield (descriptor,)
            finally:
                os.close(descriptor)
            return
        if time.monotonic() >= end:
            raise AllTaken
        time.sleep(_LOOK_AGAIN_SECONDS)


def _opened(number: int) -> int:
    """Open a slot's file; each user of the machine has slots of their own, which nobody else can open."""
    path = Path(tempfile.gettempdir()) / f"dondoc-{os.getuid()}-reading-{number}.lock"
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
