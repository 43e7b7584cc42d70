"""Settings of an installation that people use: ``DJANGO_SETTINGS_MODULE=config.settings.production``.

Everything is served by https, and the demo, whose sign-ins everybody knows, cannot be switched on.
"""

import os

os.environ.setdefault("QUARTETT_SCHEME", "https")
os.environ.setdefault("QUARTETT_PORT", "443")

from config.settings.base import *  # noqa: F403  # scheme and port must be known first

if DEBUG or DEMO or SCHEME != "https":  # noqa: F405
    raise SystemExit(
        "Quartett does not start: config.settings.production serves by https, without DEBUG and without QUARTETT_DEMO."
    )

# A year. Browsers come by https only, below the host too; tenants.middleware leaves that out for partners' own domains.
SECURE_HSTS_SECONDS = env.int("QUARTETT_HSTS_S", default=365 * 24 * 3600)  # noqa: F405
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_SSL_REDIRECT = True
# Asked from inside, by http: whether the server lives, and whether a certificate may be fetched.
SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^tls-check/$"]
