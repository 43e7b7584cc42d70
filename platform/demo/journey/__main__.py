"""``python -m demo.journey`` plays all stories, and exits non-zero at the first untruth."""

import sys

from demo.addresses import demo_addresses
from demo.journey.stage import UntruthError
from demo.journey.stories import Journey


def main() -> int:
    """Play, and return the exit code."""
    addresses = demo_addresses()
    try:
        Journey(addresses).customer_sees_health()
    except OSError:
        print(f"Nothing answers at {addresses.start_url}. Start it first: make run", file=sys.stderr)  # noqa: T201
        return 2
    journey = Journey(addresses)
    try:
        journey.play()
    except (UntruthError, LookupError) as untruth:
        journey.say(f"UNTRUE: {untruth}")
        return 1
    journey.say("All of it is true.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
