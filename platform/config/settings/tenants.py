"""Which schema holds which app, what tenants begin with, and how they come and go."""

from datetime import timedelta

from config.settings.core import DATA, env

BOTH_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "accounts",
    "django.contrib.sessions",
    # Who signs in is a row of either kind of schema, and what they sign in with points to it.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
SHARED_APPS = [
    # Before django_tenants, whose `migrate` ours replaces.
    "config.apps.QuartettConfig",
    "django_tenants",
    "tenants",
    *BOTH_APPS,
    "modeltranslation",
    "django.contrib.postgres",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "template_partials",
    "csp",
    "kernel",
    "places",
    "skills",
    "outbox",
    "notifications",
    "stripe_gateway",
    "bank",
    "crowd",
    "ledger",
    "payouts",
    "tax",
    "reconciliation",
    "dues",
    "dispatch",
    "journeys",
    "notices",
    "storefront",
    "memberhub",
    "friendhub",
    "operators",
    "staffroom",
    "signin",
    "demo",
]
TENANT_APPS = [
    *BOTH_APPS,
    "catalog",
    "orders",
    "billing",
    "communities",
    "events",
    "newsletters",
    "developers",
    "api",
    "cms",
    "console",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]

TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
PUBLIC_SCHEMA_URLCONF = "config.urls_platform"
ROOT_URLCONF = "config.urls_tenant"
# What a new tenant begins with, as functions: of the template schema, and of each new tenant.
TENANT_TEMPLATE_ROWS = ["cms.starter.plant_groups", "cms.starter.plant_pages", "catalog.starter.plant_packages"]
TENANT_STARTERS = ["catalog.starter.keep_own_countries", "cms.starter.adopt_pages"]
# Functions that take a tenant, run inside it, whenever its main host or its name has changed.
TENANT_HOST_CHANGED = ["cms.services.follow_host"]
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter", "tenants.isolation.routers.SchemaRouter"]

# Who answers for the proof of partners' domains; the system's own name servers where nothing is set.
DNS_SERVERS = env.list("QUARTETT_DNS_SERVERS", default=[])
# Exported partners; they hold personal data, so only the process's user may read them.
ARCHIVES = DATA / "archives"
ARCHIVE_MAX_BYTES = env.int("QUARTETT_ARCHIVE_MAX_GB", default=50) * 1024**3
DELETION_GRACE = timedelta(days=30)
