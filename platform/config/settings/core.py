"""Where this installation lives, and by which names."""

import tomllib
from pathlib import Path

import environ

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
DATA = Path(env("QUARTETT_DATA", default=str(ROOT / "var")))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="only-for-tests-and-offline-commands" if DEBUG else "")
if not SECRET_KEY:
    raise SystemExit(
        "Quartett does not start: SECRET_KEY is not set. `make run` starts everything with the demo, `make manage"
        ' ARGS="…"` runs a command beside it; for an installation of your own see docs/operating.md.'
    )
BASE_DOMAIN = env("QUARTETT_BASE_DOMAIN", default="localhost")
PORT = env.int("QUARTETT_PORT", default=8000)
SCHEME = env("QUARTETT_SCHEME", default="http")
# The start page, the mail reader and the demo logins exist only where this is on, as `make run` does.
DEMO = env.bool("QUARTETT_DEMO", default=False)
# How many orders the past of the demo holds, beside those that are on their way.
DEMO_ORDERS = 76
# Domains of tenants are rows; the tenant middleware answers 404 for a host that has none.
ALLOWED_HOSTS = ["*"]
