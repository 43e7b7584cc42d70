"""Which rows of the public schema belong to a partner: one table that export, import and deletion go by.

A test compares it with the catalog, so a new shared table with a partner's rows cannot be forgotten. The order is that
of writing: a row stands below what it points to.
"""

from dataclasses import dataclass

OWN_JOBS = "SELECT job.id FROM public.dispatch_job job WHERE job.tenant_id = %(tenant)s"
OF_OWN_JOB = f"r.job_id IN ({OWN_JOBS})"
OWN_WAVES = f"SELECT wave.id FROM public.dispatch_wave wave WHERE wave.job_id IN ({OWN_JOBS})"
OF_OWN_WAVE = f"r.wave_id IN ({OWN_WAVES})"
OF_OWN_CONSIDERED = (
    f"r.considered_id IN (SELECT c.id FROM public.dispatch_considered c WHERE c.wave_id IN ({OWN_WAVES}))"
)
OF_OWN_CARD_PAYMENT = (
    "r.payment_id IN (SELECT p.id FROM public.stripe_gateway_cardpayment p WHERE p.tenant_id = %(tenant)s)"
)
OF_OWN_CLAIM = "r.claim_id IN (SELECT c.id FROM public.bank_claim c WHERE c.tenant_id = %(tenant)s)"
OF_OWN_OFFER = f"r.offer_id IN (SELECT offer.id FROM public.dispatch_offer offer WHERE offer.job_id IN ({OWN_JOBS}))"


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
    # Nobody: who answers in a sandbox.
    SharedRows("crowd_friend", "r.simulated_for = %(tenant)s", exported=""),
    SharedRows("crowd_certificate", "r.friend_id IN (SELECT f.id FROM public.crowd_friend f"
               " WHERE f.simulated_for = %(tenant)s)", exported=""),
    SharedRows("notifications_notice", "r.friend_id IN (SELECT f.id FROM public.crowd_friend f"
               " WHERE f.simulated_for = %(tenant)s)", exported=""),
    SharedRows("crowd_membership", "r.community = %(tenant)s", tenant=("community",), friend="friend_id",
               needs_known_friend=True),
    SharedRows("crowd_block", "r.tenant_id = %(tenant)s", friend="friend_id", needs_known_friend=True),
    # Derived anew from the memberships.
    SharedRows("crowd_candidate", "r.community = %(tenant)s", exported=""),
    # Papers that wait, and what others say of a friend, stay where they are.
    SharedRows("crowd_documentcheck", "r.community = %(tenant)s", exported=""),
    SharedRows("crowd_rating", "r.tenant_id = %(tenant)s", exported=""),
    SharedRows("dispatch_job", "r.tenant_id = %(tenant)s", fresh=(), tenant=("tenant_id", "community"),
               renewed=("id", "order_id", "follows_id"), friend="friend_id"),
    # Contracts, crossings and the reasons for each wave are the books of the installation on which they were made.
    SharedRows("dispatch_overflowcontract", "r.tenant_id = %(tenant)s", exported=""),
    SharedRows("dispatch_crossing", OF_OWN_JOB, exported=""),
    SharedRows("dispatch_offer", OF_OWN_JOB, fresh=("id", "crossing_id"), tenant=("community",), renewed=("job_id",),
               friend="friend_id"),
    SharedRows("dispatch_proposedtime", OF_OWN_OFFER, exported=""),
    SharedRows("dispatch_jobquestion", OF_OWN_JOB, exported=""),
    SharedRows("dispatch_wave", OF_OWN_JOB, exported=""),
    SharedRows("dispatch_considered", OF_OWN_WAVE, exported=""),
    SharedRows("dispatch_decisionreview", OF_OWN_CONSIDERED, exported=""),
    SharedRows("dispatch_contactattempt", OF_OWN_JOB, tenant=(), renewed=("job_id",)),
    SharedRows("dispatch_owed", OF_OWN_JOB, tenant=(), renewed=("job_id",), friend="friend_id"),
    SharedRows("dispatch_jobevent", OF_OWN_JOB, tenant=(), renewed=("job_id",), friend="friend_id"),
    SharedRows("dispatch_deadline", OF_OWN_JOB, tenant=(), renewed=("job_id",), is_in_flight=True),
    # What was paid by card lies in the account at Stripe of the installation where it was paid.
    SharedRows("stripe_gateway_cardpayment", "r.tenant_id = %(tenant)s", exported=""),
    SharedRows("stripe_gateway_cardrefund", OF_OWN_CARD_PAYMENT, exported=""),
    SharedRows("stripe_gateway_carddispute", OF_OWN_CARD_PAYMENT, exported=""),
    SharedRows("stripe_gateway_stripeevent", OF_OWN_CARD_PAYMENT, exported=""),
    # What came in lies on the bank account of the installation, which keeps its books.
    SharedRows("bank_bankpayment", "r.tenant_id = %(tenant)s", exported=""),
    SharedRows("bank_claim", "r.tenant_id = %(tenant)s", exported=""),
    SharedRows("bank_reminder", OF_OWN_CLAIM, exported=""),
    # Counted anew each night.
    SharedRows("tax_kept", "r.tenant_id = %(tenant)s", exported=""),
    # What is sent, or was given up, has left; the messages that wait go along.
    SharedRows("notifications_heldback", "r.tenant_id = %(tenant)s", exported=""),
    SharedRows("outbox_message", "r.tenant_id = %(tenant)s", exported="r.sent_at IS NULL AND r.gave_up_at IS NULL",
               is_in_flight=True),
)  # fmt: skip

# Columns of the partner's own schema that hold the same ids as ``renewed`` ones of public.
RENEWED_IN_SCHEMA = (("orders_order", "uuid"), ("orders_order", "job_id"))

# Rows of the partner's own schema that would act on their own, what they become beside the original, and where.
STILLED_IN_SCHEMA = (
    ("newsletters_issue", "state = 'draft', scheduled_at = NULL", "state = 'scheduled'"),
    ("newsletters_issue", "state = 'paused'", "state = 'sending'"),
    ("events_signup", "reminded_at = now()", "reminded_at IS NULL"),
)
