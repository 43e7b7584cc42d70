"""Questions that friends often have before they accept, ready in every language: each reads them in their own."""

from django.utils.translation import gettext_lazy as _

READY_QUESTIONS = {
    "model": _("What exactly are the make and model of the device?"),
    "message": _("What does the error message say, word for word?"),
    "since": _("Since when is the problem there, and what has been tried already?"),
    "access": _("Are the passwords and login details to hand (router, accounts)?"),
    "photo": _("Could you send a photo of the device and its connections?"),
    "material": _("Are all parts and cables there, or should something be brought along?"),
    "floor": _("Which floor is it on, and is there a lift?"),
    "parking": _("Is there a place to park near the house?"),
}
