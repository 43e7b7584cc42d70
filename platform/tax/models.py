"""What friends say for the tax office, when they were asked, and what was reported."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from ledger.kinds import CURRENCIES
from places.retention import Record
from tax.kinds import BLOCK, ReportedKind, ReportKind
from tax.tins import masked

_HAS_NUMBER = ~Q(tin="")
_HAS_BIRTH_PLACE = ~Q(birth_town="") & ~Q(birth_country="")
_NOT_REMINDED = Q(reminded_at=None, reminded_again_at=None)
_REMINDED_ONCE = Q(reminded_at__gte=F("asked_at"), reminded_again_at=None)
# Said, for a comparison with NULL is no refusal.
_REMINDED_TWICE = Q(reminded_at__isnull=False, reminded_at__gte=F("asked_at"), reminded_again_at__gt=F("reminded_at"))


class SellerData(models.Model):
    """What the directive has a platform collect of a friend; the name is the friend's, the account that of payouts.

    ``country`` is where they live for the tax office, which has given them ``tin``; who has none says where they
    were born. Where the work is a company's (a legal person's), ``company`` names it, and country, number and address
    are its own.
    """

    friend_id = models.UUIDField(primary_key=True)
    country = models.CharField(max_length=2)
    tin = models.CharField(max_length=20, blank=True, db_default="")
    born_on = models.DateField()
    birth_town = models.CharField(max_length=80, blank=True, db_default="")
    birth_country = models.CharField(max_length=2, blank=True, db_default="")
    street = models.CharField(max_length=70)
    postal_code = models.CharField(max_length=12)
    town = models.CharField(max_length=70)
    company = models.CharField(max_length=120, blank=True, default="", db_default="")
    register_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_HAS_NUMBER | _HAS_BIRTH_PLACE, name="tax_number_or_birth_place"),
            models.CheckConstraint(
                condition=~Q(street="") & ~Q(postal_code="") & ~Q(town=""), name="tax_address_is_whole"
            ),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="tax_country"),
            models.CheckConstraint(
                condition=Q(company="", register_number="") | (~Q(company="") & _HAS_NUMBER),
                name="tax_company_has_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.masked}"

    @property
    def masked(self) -> str:
        """The number as pages show it."""
        return masked(self.tin)


class Asked(models.Model):
    """A friend was asked for their data and has not said it yet; the row goes when they have."""

    friend_id = models.UUIDField(primary_key=True)
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    reminded_again_at = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_NOT_REMINDED | _REMINDED_ONCE | _REMINDED_TWICE, name="tax_reminders_in_order"
            ),
            models.CheckConstraint(
                condition=Q(blocked_at=None)
                | Q(reminded_again_at__isnull=False, blocked_at__gte=F("asked_at") + BLOCK),
                name="tax_block_after_two_reminders",
            ),
        ]
        indexes: ClassVar = [
            # Who still has a step before them.
            models.Index(fields=["asked_at"], condition=Q(blocked_at=None), name="tax_asked_since"),
        ]

    def __str__(self) -> str:
        return f"{self.friend_id} asked {self.asked_at:%Y-%m-%d}"


class Report(models.Model):
    """A message to the tax office, as it was made. ``number`` counts the messages of a year, so two never meet."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=ReportKind)
    message_ref = models.CharField(max_length=170, unique=True)
    sellers_count = models.PositiveIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "number"], name="tax_one_message_a_number"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="tax_report_has_hash"),
        ]

    def __str__(self) -> str:
        return self.message_ref

    @property
    def file_name(self) -> str:
        """The name of the file that is downloaded."""
        return f"dac7-{self.year}-{self.number}.xml"


class Reported(models.Model):
    """What a message says of a friend in a currency; ``said`` is all of it, ``corrects`` what it takes the place of."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="sellers")
    friend_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=5, choices=ReportedKind)
    corrects = models.OneToOneField("self", models.CASCADE, null=True, related_name="corrected_by")
    said = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "friend_id", "currency"], name="tax_reported_once_a_message"),
            models.CheckConstraint(
                condition=Q(kind=ReportedKind.NEW, corrects=None)
                | (~Q(kind=ReportedKind.NEW) & Q(corrects__isnull=False)),
                name="tax_correction_says_of_what",
            ),
            models.CheckConstraint(condition=Q(currency__in=CURRENCIES), name="tax_reported_currency"),
        ]
        indexes: ClassVar = [models.Index(fields=["friend_id"], name="tax_reported_of_friend")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.friend_id}"


class ReportDownload(models.Model):
    """Somebody has taken a report, which holds names, tax numbers and accounts."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="downloads")
    who = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.who} took {self.report_id}"


class Kept(models.Model):
    """So many records of a kind and year, and the last day on which they have to be there; renewed each night."""

    record = models.CharField(max_length=10, choices=Record)
    country = models.CharField(max_length=2, blank=True)
    # Whose orders they are; none where they are the platform's.
    tenant_id = models.PositiveIntegerField(null=True)
    year = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    through = models.DateField()

    def __str__(self) -> str:
        return f"{self.count} {self.record} of {self.year} until {self.through}"


class Erased(models.Model):
    """So many records of a kind and year that were erased on a day, by which law; nothing else is left of them."""

    record = models.CharField(max_length=10, choices=Record)
    country = models.CharField(max_length=2, blank=True)
    tenant_id = models.PositiveIntegerField(null=True)
    year = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    law = models.CharField(max_length=200)
    on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["on", "record", "country", "tenant_id", "year"],
                nulls_distinct=False,
                name="tax_erased_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.record} of {self.year} on {self.on}"
