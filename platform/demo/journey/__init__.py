"""``make journey``: an order's whole way over HTTP, against the processes of ``make run``, ending at the first untruth.

Pages are used as people use them; mails are read where the mail catcher puts them. The database is asked only where
a person could not know better: which place to choose, and whose community a friend belongs to.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
django.setup()
