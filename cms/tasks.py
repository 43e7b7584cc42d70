"""What the scheduler starts for pages."""

from io import StringIO
from typing import Any

from celery import shared_task
from django.core.management import call_command

from tenants.isolation.everywhere import in_each
from tenants.isolation.tasks_base import PlatformTask
from tenants.models import Tenant, TenantState
from tenants.selectors import partners


@shared_task(base=PlatformTask)
def publish_scheduled(**kwargs: Any) -> int:
    """Publish and expire pages whose time has come, at every active partner; return at how many that failed."""

    def publish(_tenant: Tenant) -> None:
        call_command("publish_scheduled", stdout=StringIO())

    return len(in_each(partners().filter(state=TenantState.ACTIVE), publish))
