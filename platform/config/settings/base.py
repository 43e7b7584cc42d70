"""Settings of server, worker and command line; docs/settings.md lists the environment variables that are read here."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
DATA = Path(env("QUARTETT_DATA", default=str(ROOT / "var")))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="only-for-tests-and-offline-commands" if DEBUG else "")
if not SECRET_KEY:
    raise SystemExit(
        "Quartett does not start: SECRET_KEY is not set. `make run` starts everything with the demo, `make manage"
        ' ARGS="…"` runs a command beside it; for an installation of your own see docs/operating.md.'
    )
BASE_DOMAIN = env("QUARTETT_BASE_DOMAIN", default="localhost")
PORT = env.int("QUARTETT_PORT", default=8000)
SCHEME = env("QUARTETT_SCHEME", default="http")
# The start page, the mail reader and the demo logins exist only where this is on, as `make run` does.
DEMO = env.bool("QUARTETT_DEMO", default=False)
# How many orders the demo's past holds, beside those that are on their way.
DEMO_ORDERS = 76
# Domains of tenants are rows; the tenant middleware answers 404 for a host that has none.
ALLOWED_HOSTS = ["*"]

# --- Apps: which schema holds what -------------------------------------------------------------------------

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

# --- Servers -----------------------------------------------------------------------------------------------

# The owner's login migrates and makes tenants; it is given to commands and to the owner's worker, never to the web.
OWNER_DATABASE = env.db("OWNER_DATABASE_URL") if env("OWNER_DATABASE_URL", default="") else None
DATABASE_LOGIN = env("QUARTETT_LOGIN", default="app")
# Roles belong to the whole PostgreSQL server: two installations on one server need two prefixes.
TENANT_ROLE_PREFIX = env("QUARTETT_ROLE_PREFIX", default="quartett")
APP_DATABASE = env.db("DATABASE_URL", default="postgres://quartett_app@127.0.0.1:5432/quartett")
APP_LOGIN = APP_DATABASE["USER"]
DATABASES = {
    "default": {
        **(OWNER_DATABASE if DATABASE_LOGIN == "owner" and OWNER_DATABASE else APP_DATABASE),
        "ENGINE": "tenants.isolation.postgresql",
        "LOGIN": DATABASE_LOGIN,
        # A backend grows with every schema it serves, so connections are persistent but not for ever.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c jit=off -c idle_in_transaction_session_timeout=60s"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "kernel.web.caches.ForgivingRedisCache",
        "LOCATION": env("CACHE_URL", default="redis://127.0.0.1:6379/1"),
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    }
}

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120, "socket_keepalive": True}
CELERY_TIMEZONE = "UTC"
# Its worker is the only process with the owner's login.
CELERY_TASK_ROUTES = {"journeys.tasks.carry_out_operations": {"queue": "owner"}}
# Ticks expire before the next but one, so a worker that was away does not find a heap of them.
CELERY_BEAT_SCHEDULE = {
    "forget-drafts": {
        "task": "journeys.tasks.forget_drafts",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600},
    },
    "tell-covered-places": {
        "task": "journeys.tasks.tell_covered_places",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600},
    },
    "sweep-leavers": {
        "task": "journeys.tasks.sweep_leavers",
        "schedule": timedelta(hours=1),
        "options": {"expires": 1800},
    },
    "forget-handovers": {
        "task": "journeys.tasks.forget_old_handovers",
        "schedule": timedelta(hours=1),
        "options": {"expires": 1800},
    },
    "forget-notices": {
        "task": "journeys.tasks.forget_notices",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600},
    },
    "forget-unconfirmed": {
        "task": "journeys.tasks.forget_unconfirmed",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600},
    },
    "remind-pros": {
        "task": "journeys.tasks.remind_pros",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600},
    },
    "close-overdue-attempts": {
        "task": "journeys.tasks.close_overdue_attempts",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    # More than daily, for a day begins at another moment than the scheduler; nothing is said or done twice.
    "sweep-certificates": {
        "task": "journeys.tasks.sweep_certificates",
        "schedule": timedelta(hours=6),
        "options": {"expires": 1800},
    },
    "publish-scheduled": {
        "task": "cms.tasks.publish_scheduled",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "remind-operators-of-reviews": {
        "task": "journeys.tasks.remind_operators_of_reviews",
        "schedule": timedelta(hours=1),
        "options": {"expires": 1800},
    },
    "carry-out-payouts": {
        "task": "journeys.tasks.carry_out_payouts",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "note-waiting-money": {
        "task": "journeys.tasks.note_waiting_money",
        "schedule": timedelta(hours=6),
        "options": {"expires": 1800},
    },
    "collect-seller-data": {
        "task": "journeys.tasks.collect_seller_data",
        "schedule": timedelta(hours=6),
        "options": {"expires": 1800},
    },
    # One comparison a night; the later ones go on where a provider could not be asked, or a worker was killed.
    "reconcile": {
        "task": "journeys.tasks.reconcile",
        "schedule": crontab(minute="*/20", hour="1-6"),
        "options": {"expires": 900},
    },
    "carry-out-operations": {
        "task": "journeys.tasks.carry_out_operations",
        "schedule": timedelta(seconds=1),
        "options": {"expires": 5},
    },
    "look-after-cards": {
        "task": "journeys.tasks.look_after_cards",
        "schedule": timedelta(seconds=1),
        "options": {"expires": 5},
    },
    "look-after-stripe-accounts": {
        "task": "journeys.tasks.look_after_stripe_accounts",
        "schedule": timedelta(seconds=2),
        "options": {"expires": 10},
    },
    "relay-outbox": {
        "task": "notices.tasks.relay_outbox",
        "schedule": timedelta(seconds=1),
        "options": {"expires": 5},
    },
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = EMAIL_CONFIG["EMAIL_HOST"], EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_USER"], EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
PLATFORM_SENDER = env("QUARTETT_SENDER", default="Quartett <friends@quartett.example>")
# The platform's own key towards the browsers' push services; push is off without it.
VAPID_PRIVATE_KEY = env("QUARTETT_VAPID_PRIVATE_KEY", default="")
# Where a browser may ask us to send pushes: nowhere else, or anybody could make us call any address.
PUSH_HOSTS = env.list(
    "QUARTETT_PUSH_HOSTS",
    default=["fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"],
)

# --- Money --------------------------------------------------------------------------------------------------

# Card payments are offered where there is a key. `make run` brings a key, and a server that stands in for Stripe.
STRIPE_KEY = env("QUARTETT_STRIPE_KEY", default="")
STRIPE_WEBHOOK_SECRET = env("QUARTETT_STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API = env("QUARTETT_STRIPE_API", default="https://api.stripe.com")
STRIPE_PAGES = env.list("QUARTETT_STRIPE_PAGES", default=["https://checkout.stripe.com", "https://connect.stripe.com"])
# Card payments on site. A merchant account at SumUp has one currency; each is named with its code.
SUMUP_KEY = env("QUARTETT_SUMUP_KEY", default="")
SUMUP_MERCHANTS = env.dict("QUARTETT_SUMUP_MERCHANTS", default={})
SUMUP_API = env("QUARTETT_SUMUP_API", default="https://api.sumup.com")
SUMUP_PAGES = env("QUARTETT_SUMUP_PAGES", default="https://checkout.sumup.com")
# With which application card readers are asked: its id and its affiliate key.
SUMUP_AFFILIATE = env("QUARTETT_SUMUP_AFFILIATE", default="")
# By whom cards are taken on site in a country, where the partner says nothing else; elsewhere SumUp comes first.
ON_SITE_PROVIDERS = env.dict("QUARTETT_ON_SITE_PROVIDERS", default={})

# --- Requests ----------------------------------------------------------------------------------------------

MIDDLEWARE = [
    "kernel.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.TenantMiddleware",
    "tenants.middleware.OwnDomainMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tenants.middleware.TenantLocaleMiddleware",
    "kernel.web.inputs.InputMiddleware",
    "tenants.middleware.PrimaryHostMiddleware",
    "tenants.middleware.UpdateMiddleware",
    "tenants.middleware.SuspensionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionGuardMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "console.middleware.AdminPolicyMiddleware",
    "console.middleware.SupportSessionMiddleware",
    "console.middleware.StaffInputMiddleware",
    "accounts.middleware.FormLimitMiddleware",
    "kernel.web.answers.RefusalMiddleware",
]
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "first_name", "last_name")},
    },
    {"NAME": "accounts.passwords.HouseWordsValidator"},
]
# The staff's door, on both kinds of hosts; friends have one of their own.
LOGIN_URL = LOGOUT_REDIRECT_URL = WAGTAILADMIN_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
STAFF_HOME = "wagtailadmin_home"
OPERATORS_HOME = "operators:desk"
OPERATORS_NEED_SECOND_FACTOR = env.bool("QUARTETT_OPERATORS_NEED_SECOND_FACTOR", default=not DEMO)

ACCOUNT_ADAPTER = "accounts.adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Addresses are written by whoever invites, and the invitation's link proves them.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
# All limits are ours (kernel.web.limits): allauth's count by the Host header and fail with the cache.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
# The code before and the one after count too, for clocks that are half a minute wrong.
MFA_TOTP_TOLERANCE = 1
# A passkey is bound to the host either way; the scheme can only be checked where there is TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SCHEME == "http"

# Cookies belong to one host: no cookie domain, so a browser never shows one tenant's cookie to another.
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SCHEME == "https"
if SCHEME == "https":
    # A browser takes a cookie of such a name only from the host itself, never from a sister or for a whole domain.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kernel.web.answers.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SCHEME == "https" else None
# Nothing is framed but the admin's previews and the demo's mails, whose views say so.
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    # Wagtail's admin prints inline scripts without a nonce; its own policy is set in console.middleware.
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        # A form of ours may lead on to the pages where somebody pays, or tells Stripe how to be paid, and nowhere else.
        "form-action": [SELF, *(STRIPE_PAGES if STRIPE_KEY else []), *([SUMUP_PAGES] if SUMUP_KEY else [])],
        "frame-ancestors": [NONE],
    },
}

# How many proxies stand before the web server; where there is TLS there is one.
TRUSTED_PROXIES = env.int("QUARTETT_TRUSTED_PROXIES", default=1 if SCHEME == "https" else 0)
# The net below all limits of single views: so many forms in ten minutes.
FORMS_FROM_ADDRESS = env.int("QUARTETT_FORMS_FROM_ADDRESS", default=600)
LINKS_FROM_ADDRESS, FORMS_OF_STAFF, FORMS_OF_FRIEND, FORMS_BY_LINK, UPLOADS_FROM_ADDRESS = 1200, 1200, 300, 60, 60

# Photos of the intake questions: at most 8 MB each (the form says so), the request a little more.
PHOTO_MAX_BYTES = 8 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Payouts -----------------------------------------------------------------------------------------------

# From where friends are paid: an IBAN and the bank's BIC for each currency, CHF=IBAN/BIC,EUR=IBAN/BIC. The demo has the
# samples of the IBANs' registry.
_SAMPLE_ACCOUNTS = {
    "CHF": "CH9300762011623852957/POFICHBEXXX",
    "EUR": "DE89370400440532013000/COBADEFFXXX",
    "PLN": "PL61109010140000071219812874/WBKPPLPPXXX",
}
PAYOUT_ACCOUNTS = env.dict("QUARTETT_PAYOUT_ACCOUNTS", default=_SAMPLE_ACCOUNTS if DEMO else {})
# Who pays, as bank statements and files name it.
PAYOUT_SENDER = env("QUARTETT_PAYOUT_SENDER", default="Quartett")
# So many days after they have earned it friends have their money, or an alarm stands on the operators' desk.
PAYOUT_PROMISED_DAYS = env.int("QUARTETT_PAYOUT_PROMISED_DAYS", default=14)

# Whose debt from cash is above this, in whole units of each currency, is only offered cashless jobs until it is less.
# A currency that is left out has no limit.
CASH_LIMITS = {
    currency: int(limit)
    for currency, limit in env.dict("QUARTETT_CASH_LIMITS", default={"CHF": "500", "EUR": "500", "PLN": "2000"}).items()
}
# Who reports friends' earnings to which tax office (DAC7), as JSON: name, country (of the Union, where the platform is
# registered for it), tin, street, postal_code, town; residence where the platform sits elsewhere, business_name.
_SAMPLE_OPERATOR = {
    "name": "Quartett Demo GmbH",
    "country": "DE",
    "tin": "26954371827",
    "street": "Musterstrasse 1",
    "postal_code": "10115",
    "town": "Berlin",
    "business_name": "Quartett",
}
TAX_OPERATOR = env.json("QUARTETT_TAX_OPERATOR", default=_SAMPLE_OPERATOR if DEMO else {})

# --- Pros --------------------------------------------------------------------------------------------------

# The function that asks a register about a VAT id whose form is right; crowd.vat.ask_vies asks the European Union's.
VAT_CHECK = env("QUARTETT_VAT_CHECK", default="crowd.vat.not_asked")
VIES_URL = env("QUARTETT_VIES_URL", default="https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number")

# --- Templates, static files, media ------------------------------------------------------------------------

THEME = "base"
# The pages that a customer's mails lead to at their foot: ``() -> [(title, address)]``, inside the tenant.
LEGAL_LINKS = "cms.selectors.legal_links"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "themes" / THEME / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenants.context_processors.brand",
                "config.context_processors.frame",
                "friendhub.inbox.context_processors.inbox",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "themes" / THEME / "static"]
STYLES = ROOT / "themes" / THEME / "styles" / "index.css"
STATICFILES_FINDERS = [
    "kernel.web.styles.StyleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_USE_FINDERS = env.bool("QUARTETT_STATIC_FROM_SOURCE", default=True)
MEDIA_ROOT = DATA / "media"
MEDIA_URL = "/media/"
STORAGES: dict[str, dict[str, Any]] = {
    # Identity documents and customers' photos lie here: for the process's own user only.
    "default": {
        "BACKEND": "tenants.isolation.storage.TenantStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Partners come and go ---------------------------------------------------------------------------------

# Who answers for the proof of partners' domains; the system's own name servers where nothing is set.
DNS_SERVERS = env.list("QUARTETT_DNS_SERVERS", default=[])
# Exported partners; they hold personal data, so only the process's user may read them.
ARCHIVES = DATA / "archives"
ARCHIVE_MAX_BYTES = env.int("QUARTETT_ARCHIVE_MAX_GB", default=50) * 1024**3
DELETION_GRACE = timedelta(days=30)

# --- Languages ---------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("de", _("German")),
    ("en", _("English")),
    ("fr", _("French")),
    ("it", _("Italian")),
    ("pl", _("Polish")),
]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["kernel.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Zurich"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_LANGUAGES = ("de", "en", "fr", "it", "pl")
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "de", "fr", "it", "pl")
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES

# --- Wagtail -----------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Quartett"
WAGTAILADMIN_BASE_URL = f"{SCHEME}://{BASE_DOMAIN}:{PORT}"
# Debian's "localtime" is no zone that a browser knows.
WAGTAIL_USER_TIME_ZONES = sorted(available_timezones() - {"localtime"})
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# As for everybody else's pictures (kernel.files.pictures).
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "console.rich_text.RichTextArea"}}
# Password and address are the business of the staff's door.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Documents go through Wagtail's view, which asks for the rights of their collection.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- Logs --------------------------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "kernel.logs.LineFormatter",
            "format": "%(levelname)s %(name)s [%(schema_name)s %(request_id)s %(user_id)s] %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
