#!/usr/bin/env python
"""Django's command line for Quartett; works from any folder."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Run a management command with both source roots on the path."""
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    from config.commands import Commands  # noqa: PLC0415  # needs the path above

    Commands(sys.argv).execute()


if __name__ == "__main__":
    main()
