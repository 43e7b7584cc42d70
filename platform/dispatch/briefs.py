"""What a job is written from, and what another job of the same order takes over from it: one list for both."""

from dataclasses import dataclass, fields
from typing import Any, Self
from uuid import UUID

from dispatch.models import Job, JobQuestion
from kernel.money import Split


@dataclass(frozen=True, kw_only=True)
class JobBrief:
    """All that a job knows of its order, as the columns of Job; what happens to the job is not part of it.

    The job's figures are those of the work in ``split``; a diagnosis before it is the first friend's.
    ``follows_id`` and ``diagnosis`` are set where a friend has handed over to a pro.
    """

    tenant_id: int
    tenant_name: str
    order_id: UUID
    order_number: str
    package_name: dict[str, str]
    package_icon: str
    package_slug: str
    included: dict[str, str]
    minutes: int
    brief: list[dict[str, Any]]
    windows: list[list[Any]]
    week: int
    languages: list[str]
    skill_ids: list[int]
    grades: list[int]
    needs_pro: bool
    country: str
    postal_code: str
    town: str
    position: Any
    split: Split
    commission_version: UUID | None
    overflow_commission_bp: int | None
    overflow_commission_version: UUID | None
    payment_method: str
    rules: dict[str, Any]
    follows_id: UUID | None = None
    diagnosis: tuple[dict[str, Any], ...] = ()

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return the brief of a job that exists."""
        return cls(**{field.name: getattr(job, field.name) for field in fields(cls)})

    def columns(self) -> dict[str, Any]:
        """Return the columns of a new job."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        split = named.pop("split")
        return named | {
            "diagnosis": list(self.diagnosis),
            "currency": split.currency,
            "price_minor": split.work_minor,
            "commission_bp": split.commission_bp,
            "commission_minor": split.commission_minor,
            "friend_minor": split.friend_minor,
        }


def empty_briefs(order_id: UUID) -> None:
    """Take out of an order's jobs what was said of the problem, once the order itself is erased; figures stay."""
    jobs = Job.objects.filter(order_id=order_id)
    JobQuestion.objects.filter(job__in=jobs).delete()
    jobs.update(brief=[], diagnosis=[])
