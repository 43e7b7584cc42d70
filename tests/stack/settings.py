"""Settings of the running stack: those of ``make run``, with password hashes that cost nothing and a shorter past.

Its tests sign in hundreds of times, and the shipped hash is made to take half a second of processor time for each. No
test counts the past's orders; there are enough for each ending, each partner, and lists of more than one.
"""

from config.settings.base import *  # noqa: F403  # as they are

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEMO_ORDERS = 16
