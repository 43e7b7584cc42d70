"""Where the demo is, and who can sign in."""

from dataclasses import dataclass

from django.conf import settings

from crowd.models import Friend
from demo.operators import OPERATOR_EMAIL
from demo.partner_money import code_for
from demo.partners import PASSWORD, manager_email
from places.countries import COUNTRIES
from tenants.models import Tenant
from tenants.selectors import host_url, partners, platform_url, tenant_url


@dataclass(frozen=True)
class Site:
    """A brand site of the demo. ``vouchers`` are the codes that anybody may enter there, one for each currency."""

    slug: str
    name: str
    url: str
    admin_url: str
    manager: str
    vouchers: list[str]
    countries: list[str]
    languages: list[str]


@dataclass(frozen=True)
class Addresses:
    """All there is to open."""

    start_url: str
    mail_url: str
    platform_url: str
    operators_url: str
    operator: str
    password: str
    sites: list[Site]
    friends: list[str]


def demo_addresses() -> Addresses:
    """Return the demo's addresses, with one friend of each country to sign in as."""
    friends = [
        Friend.objects.filter(country=country).order_by("email").values_list("email", flat=True).first()
        for country in ("CH", "DE", "AT", "PL")
    ]
    return Addresses(
        start_url=host_url(settings.BASE_DOMAIN),
        mail_url=host_url(settings.BASE_DOMAIN, "/mail/"),
        platform_url=platform_url(),
        operators_url=platform_url("/en/operators/"),
        operator=OPERATOR_EMAIL,
        password=PASSWORD,
        sites=[_site(tenant) for tenant in partners()],
        friends=[friend for friend in friends if friend],
    )


def _site(tenant: Tenant) -> Site:
    return Site(
        slug=tenant.slug,
        name=tenant.name,
        url=tenant_url(tenant),
        admin_url=tenant_url(tenant, "/admin/"),
        manager=manager_email(tenant.slug),
        vouchers=list(dict.fromkeys(code_for(tenant, COUNTRIES[code].currency) for code in tenant.countries)),
        countries=tenant.countries,
        languages=tenant.languages,
    )
