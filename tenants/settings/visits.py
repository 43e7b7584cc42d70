"""When visits usually are: within a partner's horizon and visiting hours. Other times are asked about once more."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from tenants.models import Tenant


def doubt_about(starts_at: datetime, *, tenant: Tenant, now: datetime) -> str:
    """Return what is unusual about a time for a visit, in the partner's time zone, or an empty string."""
    if starts_at > now + timedelta(days=tenant.booking_days):
        return _("Visits are usually within the next %(count)d days.") % {"count": tenant.booking_days}
    hour = starts_at.astimezone(ZoneInfo(tenant.time_zone)).hour
    if not tenant.visits_from <= hour < tenant.visits_until:
        return _("Visits are usually from %(begin)02d:00 to %(end)02d:00.") % {
            "begin": tenant.visits_from,
            "end": tenant.visits_until,
        }
    return ""
