"""What a tenant's role may do in the public schema: all of it, in one table that a test compares with the catalog.

In its own schema a tenant may read and write every row; in public only what stands here. ``rows`` limits a table to
the tenant's own rows by row-level security; in it ``{tenant}`` is the tenant's id, ``{schema}`` its schema, and
``{partner}`` the id of whose sandbox it is, if it is one. What
PostgreSQL itself lets everybody do is taken back by tenants/isolation/postgresql/close.sql.
"""

from dataclasses import dataclass

TENANT = "tenant_id = {tenant}"
# Reading a job's parts asks the jobs table, whose own policy lets only the tenant's jobs through.
OF_OWN_JOB = "EXISTS (SELECT 1 FROM public.dispatch_job job WHERE job.id = job_id)"


@dataclass(frozen=True)
class Grant:
    """The right of every tenant's role on one shared table. No ``columns`` means all, no ``rows`` every row."""

    table: str
    privilege: str
    columns: tuple[str, ...] = ()
    rows: str = ""


GRANTS = (
    # What every schema looks up.
    Grant("places_postalcode", "SELECT"),
    # Of the skills the general ones and its own, in a sandbox its partner's; those for others' products are theirs.
    Grant("skills_skill", "SELECT", rows="owner IS NULL OR owner = {tenant} OR owner = {partner}"),
    # The tenant's own rows of the platform's books.
    Grant("tenants_tenant", "SELECT", rows="schema_name = {schema}"),
    Grant("tenants_domain", "SELECT", rows=TENANT),
    Grant("tenants_commission", "SELECT", rows=TENANT),
    Grant("tenants_settingschange", "SELECT", rows=TENANT),
    Grant("tenants_supportaccess", "SELECT", rows=TENANT),
    # Its jobs, and of the friends who were asked or belong to its community what its managers see.
    Grant("dispatch_job", "SELECT", rows=TENANT),
    Grant("dispatch_offer", "SELECT", rows=OF_OWN_JOB),
    Grant("dispatch_jobevent", "SELECT", rows=OF_OWN_JOB),
    Grant("dispatch_contactattempt", "SELECT", rows=OF_OWN_JOB),
    Grant("dispatch_owed", "SELECT", rows=OF_OWN_JOB),
    # What is agreed on passing jobs on, and what passed: to the taker a crossing tells figures, but not the job's row.
    Grant(
        "dispatch_overflowcontract",
        "SELECT",
        rows="tenant_id IS NULL OR tenant_id = {tenant} OR community = {tenant}",
    ),
    Grant("dispatch_crossing", "SELECT", rows=f"community = {{tenant}} OR {OF_OWN_JOB}"),
    Grant("crowd_membership", "SELECT", rows="community = {tenant}"),
    Grant(
        "crowd_friend",
        "SELECT",
        columns=("id", "first_name", "last_name", "is_pro", "is_active", "town", "ratings_count", "ratings_sum"),
        rows=(
            "EXISTS (SELECT 1 FROM public.crowd_membership own WHERE own.friend_id = crowd_friend.id)"
            " OR EXISTS (SELECT 1 FROM public.dispatch_offer own WHERE own.friend_id = crowd_friend.id)"
        ),
    ),
    # What it has published of its friends' work, with their replies.
    Grant("crowd_rating", "SELECT", rows=TENANT),
    # What a sandbox would have sent.
    Grant("notifications_heldback", "SELECT", rows=TENANT),
    # What leaves the database is written where it happens, and read only by the platform.
    Grant("outbox_message", "INSERT", rows=TENANT),
)

# The platform's own role reads and writes all of public but for these.
PLATFORM_LIMITS = {
    # Partners are made and deleted by the owner.
    "tenants_tenant": "SELECT, UPDATE",
    "tenants_template": "",
    # What was agreed stays on record; its end is all that changes.
    "tenants_commission": "SELECT, INSERT, UPDATE",
    "django_migrations": "SELECT",
    # The books are written and never changed; what is carried forward the database writes itself.
    "ledger_account": "SELECT, INSERT",
    "ledger_transaction": "SELECT, INSERT",
    "ledger_entry": "SELECT, INSERT",
    "ledger_closing": "SELECT, INSERT",
    "ledger_carried": "SELECT",
    # What was paid, where to and to which entries stays on record.
    "payouts_bankaccount": "SELECT, INSERT, UPDATE",
    "payouts_run": "SELECT, INSERT, UPDATE",
    "payouts_payout": "SELECT, INSERT, UPDATE",
    "payouts_transfer": "SELECT, INSERT, UPDATE",
    "stripe_gateway_connectaccount": "SELECT, INSERT, UPDATE",
    "payouts_line": "SELECT, INSERT",
    # An invoice is issued once and never changed; a trigger lets it be deleted only once its period may be over.
    "payouts_commissioninvoice": "SELECT, INSERT, DELETE",
    "payouts_hold": "SELECT, INSERT, UPDATE",
    "payouts_download": "SELECT, INSERT",
    # What partners were billed stays as it was; that it is paid, and its PDF, come later.
    "dues_invoiceyear": "SELECT, INSERT, UPDATE",
    "dues_partnerinvoice": "SELECT, INSERT, UPDATE",
    "dues_billedentry": "SELECT, INSERT",
    "dues_reminder": "SELECT, INSERT",
    # As whom a friend has sold before stays as it was; papers of then go by it.
    "crowd_formersellerprofile": "SELECT, INSERT, DELETE",
    # What was reported is not changed; a trigger lets it be deleted only once its period may be over.
    "tax_report": "SELECT, INSERT, DELETE",
    "tax_reported": "SELECT, INSERT, DELETE",
    "tax_reportdownload": "SELECT, INSERT, DELETE",
    # In what others differed from the books, and who has set it aside.
    "reconciliation_movement": "SELECT, INSERT, UPDATE",
    "reconciliation_comparison": "SELECT, INSERT, UPDATE",
    "reconciliation_difference": "SELECT, INSERT, UPDATE",
}

# Of the catalog: the gate's trigger sees by it who owns the table, and lets the owner pass; operators are told that a
# partner's name is taken.
PLATFORM_CATALOG = (
    "SELECT ON pg_catalog.pg_class",
    "SELECT ON pg_catalog.pg_namespace",
    "EXECUTE ON FUNCTION pg_catalog.pg_get_userbyid(oid)",
)
