"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    out: IO[bytes] | int | None = None,
    user: int | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    cwd: Path | None = None,
    reads_terminal: bool = False,
) -> subprocess.Popen:
    """Start a command in a session of its own, so that Ctrl-C reaches only the runner, which then stops all in order.

    On Linux the kernel sends ``stop_signal`` when this process dies, however it dies.
    """
    return subprocess.Popen(
        list(command),
        env=dict(env) if env is not None else None,
        stdin=None if reads_terminal else subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.STDOUT if out is not None else None,
        start_new_session=True,
        preexec_fn=_die_with_parent(stop_signal),
        cwd=cwd,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
    )


def stop(process: subprocess.Popen, *, sig: signal.Signals = signal.SIGTERM, timeout_s: float = 15) -> None:
    """Ask a process to end, and kill its whole group where it does not within ``timeout_s`` seconds."""
    if process.poll() is None:
        process.send_signal(sig)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout_s)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def remember(file: Path, process: subprocess.Popen) -> None:
    """Write a process's number down, so that whoever reads meanwhile finds the old one or the new one, never none."""
    new = file.with_suffix(".new")
    new.write_text(str(process.pid))
    new.replace(file)


def log(file: Path) -> IO[bytes]:
    """Open a log to write on, readable by its owner only, also where an older version has left it open to others."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    return file.open("ab")


def free_port() -> int:
    """Return a TCP port of the loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_open(port: int) -> bool:
    """Say whether somebody listens on a TCP port of the loopback."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))

    return ask_kernel
