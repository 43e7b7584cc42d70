"""Mask the briefs of jobs that nobody has accepted yet and that were opened when answers were copied as typed.

In batches of their own transactions: each job is locked for a moment, and only while nobody has accepted it. Masking a
masked text changes nothing, so a migration that was stopped begins again and does what is missing.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, migrations, transaction

from kernel.hiding.masking import Person, mask

OPEN = ("searching", "unfilled")
BATCH = 200


def mask_open_briefs(apps: Any, schema_editor: Any) -> None:
    """Mask batch by batch, in the order of the jobs' ids."""
    Job = apps.get_model("dispatch", "Job")
    last: UUID | None = None
    while True:
        rows = Job.objects.filter(state__in=OPEN)
        rows = rows if last is None else rows.filter(pk__gt=last)
        batch = list(rows.order_by("pk").values_list("pk", "tenant_id", "order_id")[:BATCH])
        if not batch:
            return
        _mask_batch(Job, batch)
        last = batch[-1][0]


def _mask_batch(job_model: Any, batch: list[tuple[UUID, int, UUID]]) -> None:
    customers = _customers({(tenant_id, order_id) for _pk, tenant_id, order_id in batch})
    with transaction.atomic():
        # Whoever accepts waits for these few; what was accepted meanwhile is not locked and stays as it is.
        jobs = job_model.objects.select_for_update().filter(pk__in=[pk for pk, *_ in batch], state__in=OPEN)
        for job in jobs.order_by("pk"):
            people = [customers[job.order_id]] if job.order_id in customers else []
            masked = [_masked(row, people) for row in job.brief]
            if masked != job.brief:
                job_model.objects.filter(pk=job.pk).update(brief=masked)


def _masked(row: dict[str, Any], people: list[Person]) -> dict[str, Any]:
    answer = row["answer"]
    # A choice has the package's own words.
    return {**row, "answer": mask(answer.strip(), people=people).text} if isinstance(answer, str) else row


def _customers(orders: set[tuple[int, UUID]]) -> dict[UUID, Person]:
    """Return what is known of the customers, by order; they stand in the partners' schemas, which the owner reads."""
    found: dict[UUID, Person] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, schema_name FROM tenants_tenant WHERE id = ANY(%s)", [[tenant for tenant, _ in orders]])
        for tenant_id, schema in cursor.fetchall():
            table = f"{connection.ops.quote_name(schema)}.orders_order"
            cursor.execute(
                f"SELECT uuid, name, email, phone, street FROM {table} WHERE uuid = ANY(%s::uuid[])",
                [[str(order) for tenant, order in orders if tenant == tenant_id]],
            )
            for order_id, name, email, phone, street in cursor.fetchall():
                found[order_id] = Person(names=(name,), email=email, phone=phone, street=street)
    return found


class Migration(migrations.Migration):
    atomic = False

    dependencies: ClassVar = [
        ("dispatch", "0007_few_and_short_checks"),
        ("tenants", "0001_initial"),
    ]

    operations: ClassVar = [migrations.RunPython(mask_open_briefs, migrations.RunPython.noop)]
