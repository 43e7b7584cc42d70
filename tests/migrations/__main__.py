"""``python -m tests.migrations``:

print which of our migrations are unsafe on a live system; what ``make lint`` runs.
"""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
django.setup()

from tenants.isolation.logins import become_owner  # noqa: E402  # Django must be set up first
from tests.migrations.gate import unsafe_migrations  # noqa: E402


def main() -> int:
    """Lint with the owner's login, which may look at every schema, and return the exit code."""
    become_owner()
    faults = list(unsafe_migrations())
    for app_label, name in faults:
        print(f"{app_label}.{name} is not safe on a live system (see above)", file=sys.stderr)  # noqa: T201
    return bool(faults)


if __name__ == "__main__":
    raise SystemExit(main())
