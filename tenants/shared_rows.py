"""Which rows of the public schema belong to a partner: one table that export, import and deletion go by.

A test compares it with the catalog, so a new shared table with a partner's rows cannot be forgotten. The order is that
of writing: a row stands below what it points to.
"""

from dataclasses import dataclass

OF_OWN_JOB = "r.job_id IN (SELECT job.id FROM public.dispatch_job job WHERE job.tenant_id = %(tenant)s)"


@dataclass(frozen=True)
class SharedRows:
    """A partner's rows ``r`` of one shared table.

    ``owned`` is the condition by ``%(tenant)s``; ``exported`` narrows it for archives, where empty nothing is exported.
    On import ``fresh`` columns get new values from the database, ``tenant`` columns the partner's new id where they
    hold the old one, and ``renewed`` ones new ids where the partner comes under another name. ``friend`` names the
    column of a friend, who may be unknown there. ``is_in_flight`` rows would act on their own, so a copy beside the
    original goes without them.
    """

    table: str
    owned: str
    exported: str = "true"
    fresh: tuple[str, ...] = ("id",)
    tenant: tuple[str, ...] = ("tenant_id",)
    renewed: tuple[str, ...] = ()
    friend: str = ""
    needs_known_friend: bool = False
    is_in_flight: bool = False


SHARED_ROWS = (
    SharedRows("tenants_domain", "r.tenant_id = %(tenant)s", exported=""),
    SharedRows("tenants_commission", "r.tenant_id = %(tenant)s"),
    SharedRows("tenants_settingschange", "r.tenant_id = %(tenant)s"),
    SharedRows("tenants_supportaccess", "r.tenant_id = %(tenant)s", fresh=(), renewed=("id",)),
    SharedRows("tenants_handover", "r.tenant_id = %(tenant)s", exported=""),
    SharedRows("crowd_membership", "r.community = %(tenant)s", tenant=("community",), friend="friend_id",
               needs_known_friend=True),
    SharedRows("crowd_block", "r.tenant_id = %(tenant)s", friend="friend_id", needs_known_friend=True),
    # Derived anew from the memberships.
    SharedRows("crowd_candidate", "r.community = %(tenant)s", exported=""),
    SharedRows("dispatch_job", "r.tenant_id = %(tenant)s", fresh=(), renewed=("id", "order_id"), friend="friend_id"),
    SharedRows("dispatch_offer", OF_OWN_JOB, tenant=("community",), renewed=("job_id",), friend="friend_id"),
    SharedRows("dispatch_jobevent", OF_OWN_JOB, tenant=(), renewed=("job_id",), friend="friend_id"),
    SharedRows("dispatch_deadline", OF_OWN_JOB, tenant=(), renewed=("job_id",), is_in_flight=True),
    # What is sent, or was given up, has left; the messages that wait go along.
    SharedRows("outbox_message", "r.tenant_id = %(tenant)s", exported="r.sent_at IS NULL AND r.gave_up_at IS NULL",
               is_in_flight=True),
)  # fmt: skip

# Columns of the partner's own schema that hold the same ids as ``renewed`` ones of public.
RENEWED_IN_SCHEMA = (("orders_order", "uuid"), ("orders_order", "job_id"))
