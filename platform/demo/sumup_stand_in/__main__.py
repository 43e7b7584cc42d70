"""``python -m demo.sumup_stand_in``: serve until SIGTERM."""

import argparse
import logging
import os
from pathlib import Path

from demo.sumup_stand_in.acts import Service
from demo.sumup_stand_in.hints import Hints
from demo.sumup_stand_in.server import StandIn
from demo.sumup_stand_in.store import Store


def main() -> None:
    """Read the command line and serve. The key comes from the environment, as the product's does."""
    parser = argparse.ArgumentParser(prog="sumup_stand_in", description="Answers like SumUp; no money moves.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, help="what is remembered; in memory where none is given")
    parser.add_argument("--silent", action="store_true", help="tell nobody that something has happened")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    store = Store(options.file)
    service = Service(store, Hints(is_silent=options.silent), f"http://localhost:{options.port}")
    StandIn(("127.0.0.1", options.port), service, key=os.environ["QUARTETT_SUMUP_KEY"]).serve_forever()


if __name__ == "__main__":
    main()
