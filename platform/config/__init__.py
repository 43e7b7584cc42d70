"""Settings, URL maps and the entry points of web server and worker; the top floor, which wires all the others."""

import gc

from config.celery import app as celery_app

# Every process of ours begins here, and what a start makes mostly stays: to look through it for garbage, again and
# again, took a sixth of the start.
gc.set_threshold(50_000, 20, 20)

__all__ = ["celery_app"]
