"""Running a parser or a tool on a file nobody has checked: bounded in time, memory and what it may see."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.reading import slots

#: What a tool sees of the environment: where programs and their data are, never this application's secrets.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "SYSTEMROOT", "VIRTUAL_ENV")
#: The largest file that a tool may write.
MAX_WRITTEN_BYTES = 512 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]


class TookTooLong(Exception):
    """The work was stopped at its limit of time."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a tool ended: its exit status (negative: the signal that ended it) and what it printed."""

    status: int
    output: bytes


def run(arguments: Sequence[str], data: bytes, *, seconds: float, folder: Path | None = None) -> Ended:
    """Run a program in a process group of its own, with `data` on its input, in one of this machine's few slots.

    Whatever it started is ended with it. Raises slots.AllTaken when too many run already; TookTooLong after `seconds`;
    FileNotFoundError when there is no such program. `folder` is where it works and keeps its settings; a temporary one
    when none is given.
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="dondoc-", ignore_cleanup_errors=True) as made:
            return run(arguments, data, seconds=seconds, folder=Path(made))
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONPATH": str(_ROOT), "OMP_THREAD_LIMIT": "1"}
    with (
        slots.one_slot() as slot,
        subprocess.Popen(
            list(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
            start_new_session=True,
            pass_fds=slot,  # held until the program has ended, even when this process ends before it
        ) as process,
    ):
        try:
            output, _ = process.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TookTooLong from None
        finally:
            _end(process)
    if process.returncode == -getattr(signal, "SIGALRM", 0) or process.returncode == -getattr(signal, "SIGXCPU", 0):
        raise TookTooLong
    return Ended(process.returncode, output)


def run_module(module: str, data: bytes, *, seconds: float) -> Ended:
    """Run one of this package's modules as a program: what it imports and breaks stays outside this process."""
    return run([sys.executable, "-m", module], data, seconds=seconds)


def limit_self(*, memory: int, seconds: int) -> None:
    """Set limits for this process and what it starts: bytes of memory, seconds of its own time, bytes it may write.

    The limits hold even when the process that waits for it is gone. Where the system has no such limits (Windows),
    the time that `run` allows is the only one.
    """
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, MAX_WRITTEN_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, allowed = resource.getrlimit(what)
        resource.setrlimit(what, (most if allowed == resource.RLIM_INFINITY else min(most, allowed), allowed))


def end_after(seconds: int) -> None:
    """End this process after so many seconds from now, even in the middle of a library's work."""
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(seconds)


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
    else:
        process.kill()


def main(arguments: Sequence[str]) -> None:
    """Become another program under limits: bytes of memory, seconds, then the program and what it is called with.

    Limits are set here and not between fork and exec of a server with threads, where Python code can hang.
    """
    limit_self(memory=int(arguments[0]), seconds=int(arguments[1]))
    os.execvp(arguments[2], list(arguments[2:]))


if __name__ == "__main__":
    main(sys.argv[1:])
