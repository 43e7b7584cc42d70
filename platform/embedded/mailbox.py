"""An SMTP server that delivers nothing: each mail becomes one file, newest last by name.

Run as ``python -m embedded.mailbox --port P --folder F``.
"""

import argparse
import os
import signal
import threading
import time
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

_serial = count()


class FolderHandler:
    """Writes each mail as ``<nanoseconds>-<n>.eml``, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        # Mails hold links that let people in.
        folder.chmod(0o700)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep the mail and say so."""
        name = f"{time.time_ns()}-{next(_serial):04d}.eml"
        recipients = ", ".join(envelope.rcpt_tos).encode()
        part = self.folder / f".{name}.part"
        part.write_bytes(b"X-Envelope-To: " + recipients + b"\r\n" + envelope.content)
        os.replace(part, self.folder / name)
        return "250 kept"


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description="Keep mails in a folder instead of delivering them.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    controller = Controller(FolderHandler(options.folder), hostname="127.0.0.1", port=options.port)
    ended = threading.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sig, lambda *_: ended.set())
    controller.start()
    ended.wait()
    controller.stop()


if __name__ == "__main__":
    main()
