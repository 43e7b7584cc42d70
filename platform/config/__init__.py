"""Settings, URL maps and the entry points of web server and worker; the top floor, which wires all the others."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
