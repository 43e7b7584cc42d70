"""The Celery application. Messages carry the tenant's schema; periodic work runs on the platform (public)."""

import os
from typing import Any

from celery.signals import worker_init
from tenant_schemas_celery.app import CeleryApp

from config.starting import refuse_or_leave

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

app = CeleryApp("quartett", task_cls="tenants.isolation.tasks_base:SchemaTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def look_before_working(**kwargs: Any) -> None:
    """Refuse to work on a database that would mix tenants up."""
    refuse_or_leave()
