"""A member: a friend inside one partner's schema."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Member(models.Model):
    """A friend who has entered the community. ``friend_id`` is the uuid of their user on the platform."""

    friend_id = models.UUIDField(unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="member")
    name = models.CharField(_("name"), max_length=130)
    joined_at = models.DateTimeField(_("first entered at"))
    entered_at = models.DateTimeField(_("last entered at"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self) -> str:
        return self.name
