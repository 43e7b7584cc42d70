"""Settings of the test run: the same servers as everywhere, faster password hashes, mail kept in memory."""

import os

os.environ.setdefault("SECRET_KEY", "test-only")
os.environ.setdefault("QUARTETT_DEMO", "true")

from config.settings.base import *  # noqa: F403  # the key must exist first

# Each process of a shared run ("", "gw0", "gw1" …) has a database, roles, files and a Valkey database of its own.
TEST_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")
# Roles belong to the whole server, on which a developer's own installation may be.
TENANT_ROLE_PREFIX = f"quartett_test{TEST_PROCESS}"
# Tests ask some million times, and a socket file costs two thirds of what TCP on the loopback costs, on either side.
SOCKETS = DATA / "postgres"  # noqa: F405
for _login in (APP_DATABASE, OWNER_DATABASE, DATABASES["default"]):  # noqa: F405
    if _login and (SOCKETS / f".s.PGSQL.{_login['PORT']}").exists():
        _login["HOST"] = str(SOCKETS)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Here listens the tests' own push service.
PUSH_HOSTS = [*PUSH_HOSTS, "127.0.0.1"]  # noqa: F405
# Each test's rows vanish with its transaction; a cache shared by tests would outlive it.
CACHES["default"] |= {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tests"}  # noqa: F405
MEDIA_ROOT = DATA / f"test-media{TEST_PROCESS}"  # noqa: F405
# No test reads a static file, and looking through all of them takes a second for each client.
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")  # noqa: F405
# The browser driver keeps an event loop in the main thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
