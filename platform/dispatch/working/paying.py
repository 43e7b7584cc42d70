"""How the customer of a job pays, which may still change at the door. Callers hold the transaction."""

from uuid import UUID

from dispatch.models import Job


def hold_job(job_id: UUID) -> Job:
    """Lock a job before its friend and its order, and return it; rows that name it may be written meanwhile."""
    return Job.objects.select_for_update(no_key=True).get(pk=job_id)


def pay_job_by(job_id: UUID, method: str) -> None:
    """Record another way to pay, which the friend reads."""
    Job.objects.filter(pk=job_id).update(payment_method=method)
