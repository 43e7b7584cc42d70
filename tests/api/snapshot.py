"""Write the schema of the API to docs/api/openapi.json: ``python -m tests.api.snapshot``. A test compares both.

A change that would break developers' programs is written with ``--breaking`` alone.
"""

import json
import os
import sys
from pathlib import Path

import django

from tests.api.breaking import breaking_changes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json"


def main() -> None:
    """Write the page, or say what it would break."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from api.documentation import schema  # noqa: PLC0415  # the apps must be there first

    found = json.loads(json.dumps(schema()))
    broken = breaking_changes(json.loads(PAGE.read_text(encoding="utf-8")), found)
    if broken and "--breaking" not in sys.argv:
        raise SystemExit("This would break developers' programs:\n" + "\n".join(broken))
    PAGE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
