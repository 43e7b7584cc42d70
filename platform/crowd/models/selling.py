"""As whom a friend sells, where the customer's contract is theirs."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from crowd.models.friends import Friend


class SellerDetails(models.Model):
    """What papers in a friend's name say of them from ``entered_at`` on."""

    name = models.CharField(_("name or business name"), max_length=70)
    street = models.CharField(_("street and number"), max_length=70)
    postal_code = models.CharField(_("postal code"), max_length=16)
    town = models.CharField(_("town"), max_length=35)
    country = models.CharField(_("country"), max_length=2)
    vat_id = models.CharField(_("VAT number"), max_length=20, blank=True)
    is_small_business = models.BooleanField(_("small business without VAT"))
    entered_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class SellerProfile(SellerDetails):
    """What a paper in a friend's name has to say of them. It is whole, or it is not there; papers keep their own copy.

    ``agreed_at`` is when the friend has agreed that papers are issued in their name, as the law wants it beforehand.
    """

    friend = models.OneToOneField(Friend, models.CASCADE, primary_key=True, related_name="seller_profile")
    agreed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(street="") & ~models.Q(postal_code="") & ~models.Q(town=""),
                name="seller_profile_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(is_small_business=True) | ~models.Q(vat_id=""), name="seller_profile_says_of_vat"
            ),
        ]


class FormerSellerProfile(SellerDetails):
    """What a friend had said before: what was sold until then was sold as it says. It is never changed."""

    friend = models.ForeignKey(Friend, models.CASCADE, related_name="former_seller_profiles")
