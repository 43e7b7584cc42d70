"""Tenant (a partner, with its brand and its rules), its domains, and who changed what."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from kernel.web.themes import BASE
from tenants.models.kinds import PUBLIC, Feature, LastResort, OnSite, TenantState, all_features, usual_reminders

TIME_ZONES = {"CH": "Europe/Zurich", "DE": "Europe/Berlin", "AT": "Europe/Vienna", "PL": "Europe/Warsaw"}


class Tenant(TenantMixin):
    """A partner. ``slug`` names its host, ``schema_name`` its schema; neither is derived from the other at run time.

    The partner's settings stand here (R4, R17, R21); ``services.change_settings`` writes them and their history.
    """

    # Schemas are made by ``tenants.services``; saving a row must never run migrations in a web process.
    auto_create_schema = False

    slug = models.SlugField(
        _("short name"), max_length=40, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9-]*$")]
    )
    name = models.CharField(_("name"), max_length=80)
    legal_name = models.CharField(_("legal name"), max_length=120, blank=True)
    tagline = models.JSONField(_("tagline"), default=dict, blank=True)
    email = models.EmailField(_("contact email"), blank=True)
    phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    address = models.CharField(_("postal address"), max_length=200, blank=True, db_default="")
    # What differs by country: {"PL": {"phone": "…", "email": "…", "address": "…"}}; ``contacts.contact_for`` reads it.
    country_contacts: Any = models.JSONField(
        _("contacts by country"), default=dict, blank=True, db_default=Value({}, models.JSONField())
    )
    # Who sells in a country and where bills are paid: {"CH": {"name": "…"}}; ``sellers.seller_for`` reads it.
    sellers: Any = models.JSONField(
        _("sellers by country"), default=dict, blank=True, db_default=Value({}, models.JSONField())
    )
    # When a customer is reminded of an open invoice: [{"days": 7, "fees": {"CHF": 500}}, …] by days after it was due;
    # ``settings.reminders.steps_of`` reads it.
    reminders: Any = models.JSONField(
        _("reminders of open invoices"),
        default=usual_reminders,
        blank=True,
        db_default=Value([{"days": 7}, {"days": 21}, {"days": 35}], models.JSONField()),
    )
    is_demo = models.BooleanField(_("demo"), default=False)
    # Whose sandbox it is: a twin for developers, of which nothing reaches anybody (docs/api/sandbox.md).
    sandbox_of = models.OneToOneField("self", models.CASCADE, null=True, related_name="sandbox", editable=False)
    # How far its own clock is ahead; everybody else's never is.
    clock_ahead = models.DurationField(default=timedelta(0), db_default=timedelta(0), editable=False)
    is_open = models.BooleanField(_("takes orders"), default=True)
    state = models.CharField(
        _("state"), max_length=10, choices=TenantState, default=TenantState.ACTIVE, db_default=TenantState.ACTIVE
    )
    suspended_at = models.DateTimeField(null=True, editable=False)
    delete_due_at = models.DateTimeField(null=True, editable=False)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages"), default=list)
    default_language = models.CharField(_("default language"), max_length=2, default="en")
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list)
    currency = models.CharField(_("currency of reports"), max_length=3, default="EUR", db_default="EUR")
    sender_name = models.CharField(_("name of the sender of emails"), max_length=80, blank=True, db_default="")
    # Replies to mails; without it they go to the contact address.
    reply_to = models.EmailField(_("reply address of emails"), blank=True, db_default="")
    features = ArrayField(
        models.CharField(max_length=20, choices=Feature),
        verbose_name=_("features"),
        default=all_features,
        blank=True,
        db_default=Value(list(Feature.values), ArrayField(models.CharField(max_length=20))),
    )
    requires_second_factor = models.BooleanField(_("second factor required of staff"), default=False, db_default=False)

    # A folder of themes/; rules.py says which there are.
    theme = models.SlugField(_("theme"), max_length=40, default=BASE, db_default=BASE, db_index=False)
    brand_colour = models.CharField(_("brand colour"), max_length=7, default="#0a5c5c")
    accent_colour = models.CharField(_("accent colour"), max_length=7, blank=True)
    # Computed from the colours on save: AA-safe design tokens as CSS, and its hash for the immutable URL.
    theme_css = models.TextField(blank=True, editable=False)
    theme_hash = models.CharField(max_length=16, blank=True, editable=False)
    # Path below the static root; own uploads come with the brand settings page.
    logo = models.CharField(_("logo"), max_length=120, blank=True)

    wave_size = models.PositiveSmallIntegerField(_("friends in a round"), default=4, validators=[MinValueValidator(1)])
    own_waves = models.PositiveSmallIntegerField(_("rounds in the partner's own community"), default=2)
    overflows = models.BooleanField(_("overflows to the shared crowd"), default=True)
    crowd_waves = models.PositiveSmallIntegerField(_("rounds in the shared crowd"), default=2)
    wave_minutes = models.PositiveIntegerField(
        _("minutes to answer an offer"), default=30, validators=[MinValueValidator(1)]
    )
    contact_hours = models.PositiveSmallIntegerField(_("hours to contact the customer"), default=12)
    booking_days = models.PositiveSmallIntegerField(
        _("days ahead that can be booked"), default=60, db_default=60, validators=[MinValueValidator(1)]
    )
    # Whole hours, local time, in which appointments usually are.
    visits_from = models.PositiveSmallIntegerField(_("visits from"), default=7, db_default=7)
    visits_until = models.PositiveSmallIntegerField(_("visits until"), default=22, db_default=22)
    reach_m = models.PositiveIntegerField(_("maximum distance in metres"), default=50_000)
    newcomer_seat = models.BooleanField(
        _("one seat of each round is for a friend without a first job"), default=True, db_default=True
    )
    # Other minutes to answer from some hour of the day on: [[hour, minutes], …] by hour; empty means wave_minutes.
    wave_minutes_by_hour: Any = models.JSONField(
        _("minutes to answer by hour of day"),
        default=list,
        blank=True,
        db_default=Value([], models.JSONField()),
    )
    # Between these hours, local time, nobody is asked and no clock runs; both empty means never.
    quiet_from = models.PositiveSmallIntegerField(_("quiet from"), null=True, blank=True)
    quiet_until = models.PositiveSmallIntegerField(_("quiet until"), null=True, blank=True)
    question_rest_minutes = models.PositiveSmallIntegerField(
        _("minutes that a round waits for the customer's answers"), default=60, db_default=60
    )
    last_resort = models.CharField(
        _("when nobody was found"), max_length=10, choices=LastResort, default=LastResort.DESK, db_default="desk"
    )
    pro_surcharge_bp = models.PositiveIntegerField(
        _("surcharge when a pro takes over, in basis points"), default=5_000, db_default=5_000
    )
    diagnosis_bp = models.PositiveIntegerField(
        _("friend's share for a diagnosis, in basis points"), default=5_000, db_default=5_000
    )
    no_show_bp = models.PositiveIntegerField(
        _("friend's share when the customer is absent, in basis points"), default=3_000, db_default=3_000
    )
    # What cancelling costs: [[hours, basis points of the price], …] by hours; whoever cancels less than so many hours
    # before the appointment pays the first that holds. Empty means that cancelling is free.
    cancellation_fees: Any = models.JSONField(
        _("cancellation fees"), default=list, blank=True, db_default=Value([], models.JSONField())
    )
    # How customers can pay in a country: {"CH": ["twint", "card"]}; ``settings.ways.ways_in`` reads it.
    ways_to_pay: Any = models.JSONField(
        _("ways to pay by country"), default=dict, blank=True, db_default=Value({}, models.JSONField())
    )
    # Who takes cards on site; empty leaves it to the platform's choice for each country.
    on_site_provider = models.CharField(
        _("card payments on site"), max_length=8, choices=OnSite, blank=True, default="", db_default=""
    )
    # The card readers of the partner's friends, as SumUp knows them: [["rdr_…", "name"], …].
    card_readers: Any = models.JSONField(
        _("card readers"), default=list, blank=True, db_default=Value([], models.JSONField())
    )
    commission_bp = models.PositiveIntegerField(
        _("commission in basis points"), default=1500, validators=[MaxValueValidator(10_000)]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Another one whenever something changes that the brand site's pages show; triggers of the database see to it.
    pages_version = models.UUIDField(db_default=RandomUUID(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=TenantState.LEAVING) ^ models.Q(delete_due_at=None),
                name="tenant_leaving_has_a_day",
            ),
            models.CheckConstraint(condition=models.Q(commission_bp__lte=10_000), name="tenant_commission_at_most_all"),
            models.CheckConstraint(
                condition=models.Q(visits_from__lt=models.F("visits_until"), visits_until__lte=24),
                name="tenant_visiting_hours_of_a_day",
            ),
            models.CheckConstraint(condition=models.Q(wave_size__gte=1), name="tenant_wave_has_seats"),
            models.CheckConstraint(condition=models.Q(wave_minutes__gte=1), name="tenant_wave_has_time"),
            models.CheckConstraint(
                condition=models.Q(schema_name=PUBLIC)
                | models.Q(own_waves__gte=1)
                | models.Q(overflows=True, crowd_waves__gte=1),
                name="tenant_asks_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (models.Q(quiet_from__lte=23, quiet_until__lte=23) & ~models.Q(quiet_from=models.F("quiet_until"))),
                name="tenant_quiet_hours_end",
            ),
            # Both or none (a check passes where it is NULL), and at most 16 hours of a day.
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(
                    quiet_from__isnull=False,
                    quiet_until__isnull=False,
                    quiet_until__gt=models.F("quiet_from"),
                    quiet_until__lte=models.F("quiet_from") + 16,
                )
                | models.Q(
                    quiet_from__isnull=False, quiet_until__isnull=False, quiet_from__gte=models.F("quiet_until") + 8
                ),
                name="tenant_quiet_hours_leave_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(wave_minutes__lte=24 * 60, own_waves__lte=10, crowd_waves__lte=10),
                name="tenant_waves_within_bounds",
            ),
            models.CheckConstraint(
                condition=models.Q(pro_surcharge_bp__lte=50_000, diagnosis_bp__lte=10_000, no_show_bp__lte=10_000),
                name="tenant_shares_within_bounds",
            ),
            models.CheckConstraint(
                condition=models.Q(sandbox_of=None) | models.Q(overflows=False), name="tenant_sandbox_asks_nobody_else"
            ),
            models.CheckConstraint(
                condition=models.Q(clock_ahead=timedelta(0))
                | models.Q(sandbox_of__isnull=False, clock_ahead__gt=timedelta(0)),
                name="tenant_clock_of_a_sandbox_goes_ahead",
            ),
            models.CheckConstraint(
                condition=models.Q(question_rest_minutes__lte=24 * 60), name="tenant_questions_rest_a_day_at_most"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def __enter__(self) -> None:
        """Refuse ``with tenant:``, whose memory django-tenants shares between threads; use ``tenant_context``."""
        raise TypeError("Use tenant_context(tenant): `with tenant:` mixes up threads.")

    @property
    def is_sandbox(self) -> bool:
        """Say whether it is some partner's sandbox, and no partner itself."""
        return self.sandbox_of_id is not None

    @property
    def time_zone(self) -> str:
        """Time zone of the partner's first country; customers' times are shown in it."""
        return TIME_ZONES.get(self.countries[0] if self.countries else "CH", "Europe/Zurich")


class Domain(DomainMixin):
    """A host name of a tenant. The platform's own hosts belong to the row of the public schema.

    A host below the platform's own domain is verified from the start; a partner's own one by a DNS TXT record that
    holds ``verification_token``. A host that is not verified is not served.
    """

    verification_token = models.CharField(max_length=64, blank=True, editable=False, db_default="")
    is_verified = models.BooleanField(default=True, db_default=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="domain_one_primary_a_tenant"
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class SettingsChange(models.Model):
    """One setting that somebody changed at a partner: who, what, and the values before and after as JSON."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    who = models.CharField(max_length=200)
    field = models.CharField(max_length=60)
    before: Any = models.JSONField(null=True)
    after: Any = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar = [
            # A partner's history, newest first.
            models.Index(fields=["tenant", "-at"], name="settings_change_of_tenant")
        ]

    def __str__(self) -> str:
        return f"{self.field} at {self.tenant_id} by {self.who}"
