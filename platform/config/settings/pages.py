"""Templates, static files, media, languages and Wagtail."""

from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from config.settings.core import BASE_DOMAIN, DATA, PORT, ROOT, SCHEME, env

# A partner chooses one of the folders in it (docs/themes.md).
THEMES = ROOT / "themes"
# The pages that a customer's mails lead to at their foot: ``() -> [(title, address)]``, inside the tenant.
LEGAL_LINKS = "cms.selectors.legal_links"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
LOADERS = ["tenants.isolation.themed.ThemeLoader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("tenants.isolation.themed.CachedByTheme", LOADERS)])],
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
# Each theme's files lie in a folder of its own name.
STATICFILES_DIRS = sorted(THEMES.glob("*/static"))
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
