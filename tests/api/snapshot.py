"""Write the schema of the API to docs/api/openapi.json: ``python -m tests.api.snapshot``. A test compares both."""

import json
import os
from pathlib import Path

import django

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json"


def main() -> None:
    """Write the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from api.documentation import schema  # noqa: PLC0415  # the apps must be there first

    PAGE.write_text(json.dumps(schema(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
