"""A PostgreSQL, a Valkey and a mail catcher out of wheels, and the process runner behind ``make run``.

Knows nothing of Django. Servers that the environment names (DATABASE_URL, CELERY_BROKER_URL, CACHE_URL, EMAIL_URL)
are used as they are and not started.
"""
