"""Skill: what a friend can do, in a tree of two levels."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Skill(models.Model):
    """A skill. Packages refer to it by slug, since a tenant's row has no foreign key into public.

    A skill with others below it is a group: it puts the tree in order, and nobody has it.
    """

    slug = models.SlugField(_("short name"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    needs_certificate = models.BooleanField(_("needs a certificate"), default=False)
    # The partner (tenant id) for whose products alone the skill is, which then certifies it; None for all.
    owner = models.PositiveIntegerField(null=True, blank=True)
    # Kept for the jobs and certificates that name it, offered nowhere any more.
    is_retired = models.BooleanField(_("retired"), default=False, db_default=False)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="skill_is_not_below_itself")
        ]

    def __str__(self) -> str:
        return self.name
