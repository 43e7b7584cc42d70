"""``python -m tests.other_dates``: run the quick part of the suite as if it were four other days; ``make dates``.

A leap day, both days on which Central European clocks change, and New Year's night, each shortly before midnight or
before the change, where a wrong guess at "today" shows most. ``--every 12`` takes one test of twelve, which ``make
check`` does. More arguments go to pytest, such as paths.
"""

import argparse
import os
import subprocess
import sys

OTHER_DATES = (
    "2028-02-29T23:30:00+01:00",
    "2027-03-28T01:30:00+01:00",
    "2027-10-31T02:30:00+02:00",
    "2026-12-31T23:59:30+01:00",
)
QUICK = ["-m", "not browser and not stack and not race"]


def main() -> int:
    """Run pytest once for each date and return the exit code of the first run that fails."""
    parser = argparse.ArgumentParser(description="Run the quick part of the suite as if it were other days.")
    parser.add_argument("--every", type=int, default=1, help="take one test of so many")
    options, passed_on = parser.parse_known_args()
    for today in OTHER_DATES:
        print(f"As if it were {today}", flush=True)  # noqa: T201  # that is what this is for
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *QUICK, *passed_on],
            env=os.environ | {"QUARTETT_TESTS_TODAY": today, "QUARTETT_TESTS_EVERY": str(options.every)},
            check=False,
        )
        if run.returncode:
            return run.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
