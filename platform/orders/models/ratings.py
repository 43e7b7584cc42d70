"""What both sides say of each other, and what managers look into."""

from typing import Any, ClassVar

from django.db import models

from orders.models.orders import Order
from orders.states import CaseOutcome, Side, Words


class Review(models.Model):
    """The customer's rating (R13): one to five stars, the same by criterion, and words.

    Blind until ``shown_at``: both have rated, or 14 days are over. ``criteria`` maps orders.states.Criterion to stars.
    A hidden review keeps its stars and loses its words.
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="review")
    stars = models.PositiveSmallIntegerField()
    criteria: Any = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    words = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.CharField(max_length=200, blank=True, db_default="")
    hidden_reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="review_1_to_5_stars")
        ]

    def __str__(self) -> str:
        return f"{self.stars} stars for {self.order_id}"

    @property
    def shown_words(self) -> str:
        """The words, unless a manager has hidden them."""
        return "" if self.hidden_at else self.words


class CustomerReview(models.Model):
    """The friend's rating of the customer, seen by the partner's managers and, once shown, by the customer."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="customer_review")
    friend_id = models.UUIDField()
    stars = models.PositiveSmallIntegerField()
    criteria: Any = models.JSONField(default=dict)
    words = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.CharField(max_length=200, blank=True, db_default="")
    hidden_reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="customer_review_1_to_5_stars")
        ]

    def __str__(self) -> str:
        return f"{self.stars} stars for the customer of {self.order_id}"

    @property
    def shown_words(self) -> str:
        """The words, unless a manager has hidden them."""
        return "" if self.hidden_at else self.words


class WordsReport(models.Model):
    """Somebody says that words of a rating or a reply do not belong there; a manager decides, with a reason.

    Each words are looked at once. What a manager hides unasked has a report of the manager's side.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="words_reports")
    about = models.CharField(max_length=16, choices=Words)
    side = models.CharField(max_length=8, choices=Side)
    reason = models.CharField(max_length=300)
    reported_at = models.DateTimeField()
    is_hidden = models.BooleanField(default=False)
    decision = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "about"], name="words_report_once_for_each_words"),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, is_hidden=False)
                | (models.Q(decided_at__isnull=False) & ~models.Q(decision="")),
                name="words_report_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} of {self.order_id}: {self.reason[:40]}"


class RatingCase(models.Model):
    """A low rating that a manager looks into: what came of it, in words. Notes on the way are lines of the log."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="rating_case")
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=CaseOutcome, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, outcome="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="") & ~models.Q(words="")),
                name="rating_case_closed_with_words",
            )
        ]

    def __str__(self) -> str:
        return f"Case of {self.order_id} ({self.outcome or 'open'})"
