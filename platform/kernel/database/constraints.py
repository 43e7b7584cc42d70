"""Which constraint of the database has said no."""

from django.db import IntegrityError


def constraint_of(error: IntegrityError) -> str:
    """Return the name of the constraint that an error is about; empty where it is about none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
