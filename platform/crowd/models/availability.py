"""Days on which a friend's week is another one."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from crowd.models.friends import Friend


class _Days(Func):
    """The days from the first to the last, both included."""

    function, output_field = "DATERANGE", DateRangeField()


class AvailabilityException(models.Model):
    """From the first to the last day the friend is free at these parts of the day only, whatever the week says.

    ``parts`` has the bit ``1 << part`` (kernel.slots.Part) of each free part of a day; 0 means away, 7 all day.
    """

    friend = models.ForeignKey(Friend, models.CASCADE, related_name="exceptions")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    parts = models.PositiveSmallIntegerField(_("free parts of the day"), default=0)
    note = models.CharField(_("note"), max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="exception_has_days"),
            models.CheckConstraint(condition=models.Q(parts__lte=7), name="exception_parts_of_a_day"),
            # Two exceptions for one day would contradict each other.
            ExclusionConstraint(
                name="exception_no_overlap",
                expressions=[
                    (
                        _Days("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                    ("friend", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.friend_id}: {self.starts_on} to {self.ends_on}"
