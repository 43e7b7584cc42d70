"""Writes of the catalogue besides the form of a package. Run inside the tenant."""

from collections.abc import Collection

from django.db import transaction

from catalog.models import Package


@transaction.atomic
def offer_packages(*, chosen: Collection[int], among: Collection[int]) -> int:
    """Open the chosen packages among those that were shown and close the others; return how many are open then."""
    Package.objects.filter(pk__in=set(among) - set(chosen)).update(is_open=False)
    Package.objects.filter(pk__in=set(among) & set(chosen)).update(is_open=True)
    return Package.objects.filter(is_open=True).count()
