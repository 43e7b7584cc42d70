"""A row and the lines about it are written together, or neither is."""

from typing import Any

import pytest
from django.db import DataError, transaction
from django.db.models import F

from dispatch.models import Deadline, Job, JobEvent
from kernel.clock import now
from kernel.database.logged import update_and_log
from tenants.models import Tenant
from tests.cast import Cast, book


@pytest.fixture
def job(nord: Tenant, four_near: Cast) -> Job:
    """Return a job that four friends were asked for."""
    return Job.objects.get(pk=book(nord).placed_job_id)


def line(**given: Any) -> JobEvent:
    """Return a line of a job's log that names no job yet."""
    return JobEvent(at=now(), **{"kind": "tried", "detail": {"words": "it’s 5 %"}, **given})


def test_the_row_comes_back_as_it_is_now_and_each_line_is_there_in_order(job: Job) -> None:
    lines = [line(), line(kind="again"), Deadline(kind="later", search=F("search"), due_at=now())]

    changed = update_and_log(Job.objects.filter(pk=job.pk), lines, about="job", search=F("search") + 1, rested_s=7)

    assert changed is not None
    assert (changed.pk, changed.search, changed.rested_s, changed.brief) == (job.pk, 2, 7, job.brief)
    kept = list(job.events.order_by("id").values_list("kind", "detail"))[-2:]
    assert kept == [("tried", {"words": "it’s 5 %"}), ("again", {"words": "it’s 5 %"})]
    assert job.deadlines.get(kind="later").search == 2


def test_where_no_row_is_found_no_line_is_written(job: Job) -> None:
    before = JobEvent.objects.count()

    assert update_and_log(Job.objects.filter(pk=job.pk, state="done"), [line()], about="job", rested_s=7) is None

    assert JobEvent.objects.count() == before


def test_what_is_too_long_for_its_column_is_refused_and_not_cut_off(job: Job) -> None:
    with pytest.raises(DataError), transaction.atomic():
        update_and_log(Job.objects.filter(pk=job.pk), [line(kind="x" * 31)], about="job", rested_s=7)

    job.refresh_from_db()
    assert job.rested_s == 0
