"""Databases, cache, queue, mail, push and logs."""

from typing import Any

from config.settings.core import env

# The owner's login migrates and makes tenants; it is given to commands and to the owner's worker, never to the web.
OWNER_DATABASE = env.db("OWNER_DATABASE_URL") if env("OWNER_DATABASE_URL", default="") else None
DATABASE_LOGIN = env("QUARTETT_LOGIN", default="app")
# Roles belong to the whole PostgreSQL server: two installations on one server need two prefixes.
TENANT_ROLE_PREFIX = env("QUARTETT_ROLE_PREFIX", default="quartett")
APP_DATABASE = env.db("DATABASE_URL", default="postgres://quartett_app@127.0.0.1:5432/quartett")
APP_LOGIN = APP_DATABASE["USER"]
DATABASES = {
    "default": {
        **(OWNER_DATABASE if DATABASE_LOGIN == "owner" and OWNER_DATABASE else APP_DATABASE),
        "ENGINE": "tenants.isolation.postgresql",
        "LOGIN": DATABASE_LOGIN,
        # A backend grows with every schema it serves, so connections are persistent but not for ever.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c jit=off -c idle_in_transaction_session_timeout=60s"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "kernel.web.caches.ForgivingRedisCache",
        "LOCATION": env("CACHE_URL", default="redis://127.0.0.1:6379/1"),
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    }
}

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120, "socket_keepalive": True}
CELERY_TIMEZONE = "UTC"
# Its worker is the only process with the owner's login.
CELERY_TASK_ROUTES = {"journeys.tasks.carry_out_operations": {"queue": "owner"}}
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = EMAIL_CONFIG["EMAIL_HOST"], EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_USER"], EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
# So many mails of one partner's newsletters go out in a minute; mail services take no more from one sender.
NEWSLETTERS_PER_MINUTE = env.int("QUARTETT_NEWSLETTERS_PER_MINUTE", default=600)
# What comes back goes here, `{name}` in it says which mail it was; without it to the sender's own address.
BOUNCES = env("QUARTETT_BOUNCES", default="")
# The platform's key for signing newsletters, and under which name its DNS holds the other half.
DKIM_KEY = env.str("QUARTETT_DKIM_KEY", default="", multiline=True)
DKIM_SELECTOR = env("QUARTETT_DKIM_SELECTOR", default="q1")
PLATFORM_SENDER = env("QUARTETT_SENDER", default="Quartett <friends@quartett.example>")
# The platform's own key towards the browsers' push services; push is off without it.
VAPID_PRIVATE_KEY = env("QUARTETT_VAPID_PRIVATE_KEY", default="")
# Where a browser may ask us to send pushes: nowhere else, or anybody could make us call any address.
PUSH_HOSTS = env.list(
    "QUARTETT_PUSH_HOSTS",
    default=["fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"],
)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "kernel.logs.LineFormatter",
            "format": "%(levelname)s %(name)s [%(schema_name)s %(request_id)s %(user_id)s] %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
