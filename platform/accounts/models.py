"""The user model."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Whom a user row stands for."""

    FRIEND = "friend", _("Friend")
    STAFF = "staff", _("Community manager")
    OPERATOR = "operator", _("Operator")


class UserManager(BaseUserManager["User"]):
    """Creates users by mail address; addresses are compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password nobody can sign in as them."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user with all rights of this schema."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a user by mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person who signs in with a mail address. ``uuid`` is what other schemas and apps refer to."""

    username = None  # type: ignore[assignment]
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField(_("email"), unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.STAFF)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")

    objects = UserManager()  # type: ignore[misc, assignment]  # ours differs from AbstractUser's on purpose

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []  # Django's own way to declare it

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email
