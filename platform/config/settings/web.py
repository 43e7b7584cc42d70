"""Requests: middleware, sign-in, cookies, content security policy, limits."""

from csp.constants import NONE, SELF

from config.settings.core import DEMO, SCHEME, env
from config.settings.money import STRIPE_KEY, STRIPE_PAGES, SUMUP_KEY, SUMUP_PAGES

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
