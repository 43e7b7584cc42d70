"""Tenant (a partner, with its brand and its rules) and its domains."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

PUBLIC = "public"


class Tenant(TenantMixin):
    """A partner. ``slug`` names its host, ``schema_name`` its schema; neither is derived from the other at run time.

    The dispatch rules stand here until a partner's settings get their own history (R17, R21).
    """

    # Schemas are made by ``tenants.services``; saving a row must never run migrations in a web process.
    auto_create_schema = False

    slug = models.SlugField(_("slug"), max_length=40, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9-]*$")])
    name = models.CharField(_("name"), max_length=80)
    legal_name = models.CharField(_("legal name"), max_length=120, blank=True)
    tagline = models.JSONField(_("tagline"), default=dict, blank=True)
    email = models.EmailField(_("contact e-mail"), blank=True)
    phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    is_demo = models.BooleanField(_("demo"), default=False)
    is_open = models.BooleanField(_("takes orders"), default=True)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages"), default=list)
    default_language = models.CharField(_("default language"), max_length=2, default="en")
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list)

    brand_colour = models.CharField(_("brand colour"), max_length=7, default="#0a5c5c")
    accent_colour = models.CharField(_("accent colour"), max_length=7, blank=True)
    # Computed from the colours on save: AA-safe design tokens as CSS, and its hash for the immutable URL.
    theme_css = models.TextField(blank=True, editable=False)
    theme_hash = models.CharField(max_length=16, blank=True, editable=False)
    # Path below the static root; own uploads come with the brand settings page.
    logo = models.CharField(_("logo"), max_length=120, blank=True)

    wave_size = models.PositiveSmallIntegerField(_("friends in a wave"), default=4, validators=[MinValueValidator(1)])
    own_waves = models.PositiveSmallIntegerField(_("waves in the own community"), default=2)
    overflows = models.BooleanField(_("overflows to the shared crowd"), default=True)
    crowd_waves = models.PositiveSmallIntegerField(_("waves in the shared crowd"), default=2)
    wave_minutes = models.PositiveIntegerField(
        _("minutes to answer an offer"), default=30, validators=[MinValueValidator(1)]
    )
    contact_hours = models.PositiveSmallIntegerField(_("hours to contact the customer"), default=12)
    reach_m = models.PositiveIntegerField(_("farthest friend in metres"), default=50_000)
    commission_bp = models.PositiveIntegerField(
        _("commission in basis points"), default=1500, validators=[MaxValueValidator(10_000)]
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(commission_bp__lte=10_000), name="tenant_commission_at_most_all"),
            models.CheckConstraint(condition=models.Q(wave_size__gte=1), name="tenant_wave_has_seats"),
            models.CheckConstraint(condition=models.Q(wave_minutes__gte=1), name="tenant_wave_has_time"),
            models.CheckConstraint(
                condition=models.Q(schema_name=PUBLIC)
                | models.Q(own_waves__gte=1)
                | models.Q(overflows=True, crowd_waves__gte=1),
                name="tenant_asks_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def time_zone(self) -> str:
        """Time zone of the partner's first country; customers' times are shown in it."""
        return TIME_ZONES.get(self.countries[0] if self.countries else "CH", "Europe/Zurich")


TIME_ZONES = {"CH": "Europe/Zurich", "DE": "Europe/Berlin", "AT": "Europe/Vienna", "PL": "Europe/Warsaw"}


class Domain(DomainMixin):
    """A host name of a tenant. The platform's own hosts belong to the row of the public schema."""

    def __str__(self) -> str:
        return self.domain
