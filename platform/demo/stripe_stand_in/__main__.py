"""``python -m demo.stripe_stand_in``: serve until SIGTERM."""

import argparse
import logging
import os
from pathlib import Path

from demo.stripe_stand_in.acts import Service, settle_debits
from demo.stripe_stand_in.server import StandIn
from demo.stripe_stand_in.store import Store
from demo.stripe_stand_in.webhooks import Webhooks


def main() -> None:
    """Read the command line and serve. Key and secret come from the environment, as the product's do."""
    parser = argparse.ArgumentParser(prog="stripe_stand_in", description="Answers like Stripe; no money moves.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, help="what is remembered; in memory where none is given")
    parser.add_argument("--webhook", default="", help="where events are delivered")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    store = Store(options.file)
    webhooks = Webhooks(store, url=options.webhook, secret=os.environ["QUARTETT_STRIPE_WEBHOOK_SECRET"])
    service = Service(store, webhooks, f"http://localhost:{options.port}")
    webhooks.start(before=lambda: settle_debits(service))
    StandIn(("127.0.0.1", options.port), service, key=os.environ["QUARTETT_STRIPE_KEY"]).serve_forever()


if __name__ == "__main__":
    main()
