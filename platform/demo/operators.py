"""Planting the demo's operator."""

from accounts.models import Kind, User
from demo.partners import PASSWORD

OPERATOR_EMAIL = "operator@quartett.example"


def plant_operator() -> User:
    """Plant the one who runs the platform, unless they are there. Run on the platform."""
    found = User.objects.filter(email=OPERATOR_EMAIL).first()
    if found is not None:
        return found
    return User.objects.create_user(
        OPERATOR_EMAIL, PASSWORD, kind=Kind.OPERATOR, first_name="Olga", last_name="Muster", language="en"
    )
