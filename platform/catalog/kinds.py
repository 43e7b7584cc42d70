"""The closed lists of the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Who may do the work (R10)."""

    FRIEND = "friend", _("Friend")
    PRO = "pro", _("Pro")


class Icon(models.TextChoices):
    """The icons of packages; each is in the sprite."""

    WIFI = "wifi", _("Wi-Fi")
    ROUTER = "router", _("Router")
    TV = "tv", _("TV")
    PHONE = "phone", _("Phone")
    LAPTOP = "laptop", _("Computer")
    PRINTER = "printer", _("Printer")
    SMART_HOME = "smart-home", _("Smart home")
    THERMOSTAT = "thermostat", _("Thermostat")
    PLUG = "plug", _("Plug")
    METER = "meter", _("Meter")


class VoucherKind(models.TextChoices):
    """What a voucher takes off the price."""

    AMOUNT = "amount", _("A fixed amount")
    PERCENT = "percent", _("A share of the price")


class QuestionKind(models.TextChoices):
    """The type of an answer."""

    CHOICE = "choice", _("Choice")
    TEXT = "text", _("Text")
    NUMBER = "number", _("Whole number")
    PHOTO = "photo", _("Photo")
