"""What customers ask everywhere, answered in every language; a partner's own questions take the place of these."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.models import Tenant


def usual_questions(tenant: Tenant) -> tuple[tuple[str, str], ...]:
    """Return questions with their answers as HTML, in the language of the moment."""
    contact = ngettext(
        "You choose times that suit you, evenings and weekends too. The first friend to accept gets in touch with you "
        "within %(hours)d hour to agree on one of them.",
        "You choose times that suit you, evenings and weekends too. The first friend to accept gets in touch with you "
        "within %(hours)d hours to agree on one of them.",
        tenant.contact_hours,
    ) % {"hours": tenant.contact_hours}
    said = (
        (
            _("What does it cost?"),
            _(
                "The fixed price of the package, with VAT and travel. You see it before you book. Anything beyond "
                "that costs extra only if you agree to it first."
            ),
        ),
        (
            _("Who comes to me?"),
            _(
                "A friend: somebody from your neighbourhood with technical skill, whose age is checked and who has "
                "passed our tests. Difficult work is done by certified pros."
            ),
        ),
        (_("When does somebody come?"), contact),
        (
            _("How do I pay?"),
            _("You choose when you book: you see all ways to pay in your country there. You don't need an account."),
        ),
        (
            _("What if it does not work afterwards?"),
            _(
                "Say so on the page of your order before you confirm the work. Then somebody looks into it, and "
                "nothing is settled until that is done."
            ),
        ),
    )
    return tuple((question, format_html("<p>{}</p>", answer)) for question, answer in said)
