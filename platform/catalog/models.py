"""Package, its price in each country, the questions a customer answers, and the vouchers that lower what they pay."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from catalog.kinds import Icon, Level, QuestionKind, VoucherKind
from catalog.languages import TextsOf, main_language
from tenants.context import current_tenant


class Package(ClusterableModel):
    """A piece of work with a fixed price (R5). Skills are slugs, for no tenant's row points into public."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    # Null where there is none: a form's empty text is no number that two packages could share.
    product_number = models.CharField(
        _("product number"),
        max_length=40,
        null=True,
        blank=True,
        unique=True,
        help_text=_("What your own shop or checkout calls it: an article number or EAN. Orders can name it instead."),
    )
    name = models.CharField(_("name"), max_length=90)
    summary = models.CharField(_("short description"), max_length=220)
    included = models.TextField(_("included"), help_text=_("One item per line."))
    not_included = models.TextField(_("not included"), blank=True, help_text=_("One item per line."))
    minutes = models.PositiveSmallIntegerField(_("minutes on site"), validators=[MinValueValidator(10)])
    level = models.CharField(_("done by"), max_length=8, choices=Level, default=Level.FRIEND)
    icon = models.CharField(_("icon"), max_length=30, choices=Icon, default=Icon.WIFI)
    skills = ArrayField(models.CharField(max_length=50), verbose_name=_("skills needed"), default=list)
    # Those of the skills that must be certified, at the level of ``level``; the others may be declared.
    certificates = ArrayField(
        models.CharField(max_length=50),
        verbose_name=_("certificates needed"),
        default=list,
        blank=True,
        db_default=models.Value([], ArrayField(models.CharField(max_length=50))),
    )
    is_open = models.BooleanField(_("can be booked"), default=True)
    is_paid_by_partner = models.BooleanField(_("you pay it, not the customer"), default=False, db_default=False)
    sort_order = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(skills__len__gte=1), name="package_needs_a_skill"),
            models.CheckConstraint(condition=models.Q(minutes__gte=10), name="package_takes_time"),
            models.CheckConstraint(
                condition=models.Q(certificates__contained_by=models.F("skills")),
                name="package_certificates_are_of_its_skills",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def texts(self) -> TextsOf:
        """The texts in all languages, by column."""
        return TextsOf(self)

    def categories(self, groups: Mapping[str, str]) -> set[str]:
        """Return the groups of the skills that it needs, out of the groups of all skills by slug."""
        return {groups[skill] for skill in self.skills if skill in groups}

    @property
    def included_items(self) -> list[str]:
        """What is included, in the language of the moment."""
        return lines(self.included)

    @property
    def not_included_items(self) -> list[str]:
        """What is not included, in the language of the moment."""
        return lines(self.not_included)


class Price(models.Model):
    """The gross price of a package in a country, in minor units of that country's currency."""

    package = ParentalKey(Package, on_delete=models.CASCADE, related_name="prices")
    country = models.CharField(_("country"), max_length=2)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.PositiveIntegerField(_("price with VAT, in cents"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "country"], name="price_once_a_country"),
            models.CheckConstraint(condition=models.Q(amount_minor__gte=1), name="price_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.amount_minor} {self.currency}"


class Question(models.Model):
    """A typed intake question (R18). ``options`` holds one choice a line, equally many in each language."""

    package = ParentalKey(Package, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(_("key"), max_length=40)
    kind = models.CharField(_("kind"), max_length=8, choices=QuestionKind)
    label = models.CharField(_("question"), max_length=160)
    help = models.CharField(_("hint"), max_length=220, blank=True)
    options = models.TextField(_("possible answers"), blank=True, help_text=_("One choice per line."))
    is_required = models.BooleanField(_("must be answered"), default=True)
    min_value = models.IntegerField(_("minimum"), null=True, blank=True)
    max_value = models.IntegerField(_("maximum"), null=True, blank=True)
    max_length = models.PositiveSmallIntegerField(_("maximum length"), default=500)
    sort_order = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("intake question")
        verbose_name_plural = _("intake questions")
        ordering: ClassVar = ["sort_order", "id"]  # Wagtail's inline panel orders by it
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "key"], name="question_key_once_a_package"),
            models.CheckConstraint(
                condition=models.Q(min_value__isnull=True)
                | models.Q(max_value__isnull=True)
                | models.Q(min_value__lte=models.F("max_value")),
                name="question_range_is_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Refuse a choice question with fewer than two choices, or with another number of them in some language."""
        if self.kind != QuestionKind.CHOICE:
            return
        main, tenant = main_language(), current_tenant()
        counts = {
            code: len(lines(getattr(self, f"options_{code}"))) for code in (tenant.languages if tenant else [main])
        }
        if counts[main] < 2:
            raise ValidationError({f"options_{main}": _("Give at least two choices, one per line.")})
        wrong = [code for code, count in counts.items() if count not in {0, counts[main]}]
        if wrong:
            fault = _("Please give as many choices as in the main language: %(count)d.") % {"count": counts[main]}
            raise ValidationError({f"options_{code}": fault for code in wrong})

    @property
    def option_items(self) -> list[str]:
        """The choices in the language of the moment; a choice's key is its place in the list."""
        return lines(self.options)


class Campaign(models.Model):
    """The rules of a batch of vouchers, in minor units and basis points. They never change; it can be stopped.

    Without ``packages`` it is for all of them. ``uses`` are those of one code, ``uses_per_customer`` those of one
    customer in the whole campaign; None is as many as they like. ``ends_on`` is the last day.
    """

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=7, choices=VoucherKind)
    amount_minor = models.PositiveIntegerField(default=0)
    basis_points = models.PositiveIntegerField(default=0)
    currency = models.CharField(_("currency"), max_length=3)
    least_price_minor = models.PositiveIntegerField(default=0)
    begins_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True)
    packages = models.ManyToManyField(Package, related_name="+", verbose_name=_("packages"))
    uses = models.PositiveIntegerField(_("uses of each code"), null=True)
    uses_per_customer = models.PositiveIntegerField(_("uses of each customer"), null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=254)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("voucher campaign")
        verbose_name_plural = _("vouchers")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind=VoucherKind.AMOUNT, amount_minor__gte=1, basis_points=0)
                | models.Q(kind=VoucherKind.PERCENT, amount_minor=0, basis_points__range=(1, 10_000)),
                name="campaign_is_worth_something",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("begins_on")),
                name="campaign_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(uses=0) & ~models.Q(uses_per_customer=0), name="campaign_can_be_used"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Voucher(models.Model):
    """A code that customers enter; ``used`` counts the orders that have it, which are never more than ``uses``."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="vouchers")
    code = models.CharField(_("code"), max_length=20, unique=True)
    uses = models.PositiveIntegerField(null=True)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(uses__isnull=True) | models.Q(used__lte=models.F("uses")),
                name="voucher_used_no_more_than_allowed",
            ),
        ]

    def __str__(self) -> str:
        return self.code


def lines(text: str | None) -> list[str]:
    """Split a text area into its non-empty lines."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
