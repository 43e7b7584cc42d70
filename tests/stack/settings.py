"""Settings of the running stack: those of ``make run``, with password hashes that cost nothing.

Its tests sign in hundreds of times, and the shipped hash is made to take half a second of processor time for each.
"""

from config.settings.base import *  # noqa: F403  # as they are

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
