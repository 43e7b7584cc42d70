"""Skill: what a friend can do, in a tree of two levels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Skill(models.Model):
    """A skill. Packages refer to it by slug, since a tenant's row has no foreign key into public."""

    slug = models.SlugField(_("slug"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    needs_certificate = models.BooleanField(_("needs a certificate"), default=False)
    # The partner (tenant id) for whose products alone the skill is, which then certifies it; None for all.
    owner = models.PositiveIntegerField(null=True, blank=True)
    # Kept for the jobs and certificates that name it, offered nowhere any more.
    is_retired = models.BooleanField(_("retired"), default=False, db_default=False)

    def __str__(self) -> str:
        return self.name
