"""A guest's code for the check-in, as a picture inside a page."""

from segno import make_qr

from events.models import SignUp
from journeys.links import check_in_url
from tenants.models import Tenant


def draw_code(tenant: Tenant, sign_up: SignUp) -> str:
    """Return the code as the address of a picture, which holds it itself."""
    return make_qr(check_in_url(tenant, sign_up.pk), error="m").svg_data_uri(border=3, light="#fff")
