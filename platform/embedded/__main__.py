"""``python -m embedded run | exec -- COMMAND``."""

import argparse
import os
import signal
import sys
from pathlib import Path

from embedded import processes, runner
from embedded.errors import UnableToStart
from embedded.servers import running


def main() -> int:
    """Parse the command line, do it, and return the exit code."""
    parser = argparse.ArgumentParser(prog="embedded", description="Servers out of wheels for Quartett.")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("QUARTETT_DATA", runner.ROOT / "var")))
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="run everything until Ctrl-C")
    run.add_argument("--port", type=int, default=int(os.environ.get("QUARTETT_PORT", "8000")))
    execute = verbs.add_parser("exec", help="run a command with the servers up")
    execute.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if options.verb == "run":
        return runner.run(options.data, options.port)
    return _execute(options.data, [part for part in options.command if part != "--"])


def _execute(data: Path, command: list[str]) -> int:
    """Run a command with the servers up; Ctrl-C goes to the command, and the servers are stopped after it."""
    try:
        with running(data, os.environ) as servers:
            process = processes.start(command, env=os.environ | servers.env, reads_terminal=True)
            for sig in (signal.SIGINT, signal.SIGTERM):
                signal.signal(sig, lambda number, _frame: process.send_signal(number))
            return process.wait()
    except UnableToStart as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
