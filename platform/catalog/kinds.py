"""The closed lists of the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Who may do the work (R10)."""

    FRIEND = "friend", _("Friend")
    PRO = "pro", _("Pro")


class QuestionKind(models.TextChoices):
    """The type of an answer."""

    CHOICE = "choice", _("Choice")
    TEXT = "text", _("Text")
    NUMBER = "number", _("Whole number")
    PHOTO = "photo", _("Photo")
