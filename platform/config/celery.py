"""The Celery application. Messages carry the tenant's schema; periodic work runs on the platform (public)."""

import os

from tenant_schemas_celery.app import CeleryApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = CeleryApp("quartett")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
