"""Putting other words where friends and customer read a text of a job. Callers hold the transaction.

Every function locks the job first, as all that write to it do, and returns what stood there, or nothing where there is
no such text.
"""

from typing import Any
from uuid import UUID

from dispatch.models import Job
from dispatch.moves import lock_job


def put_question(*, job_id: UUID, question_id: str, words: str) -> str:
    """Put words in place of a friend's own words."""
    return _put(lock_job(job_id).questions, question_id, "text", words)


def put_reply(*, job_id: UUID, question_id: str, words: str) -> str:
    """Put words in place of the customer's answer to a question."""
    return _put(lock_job(job_id).questions, question_id, "answer", words)


def put_note(*, job_id: UUID, offer_id: str, words: str) -> str:
    """Put words in place of what a friend says to other times."""
    return _put(lock_job(job_id).offers, offer_id, "counter_note", words)


def put_brief(*, order_id: UUID, brief: list[dict[str, Any]]) -> None:
    """Put a brief in place of that of every job of an order."""
    for job in Job.objects.select_for_update().filter(order_id=order_id).order_by("pk"):
        Job.objects.filter(pk=job.pk).update(brief=brief)


def _put(rows: Any, pk: str, field: str, words: str) -> str:
    found = next((row for row in rows.order_by("pk") if str(row.pk) == pk), None)
    if found is None:
        return ""
    before = str(getattr(found, field))
    rows.filter(pk=found.pk).update(**{field: words})
    return before
