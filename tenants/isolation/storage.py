"""Files of a tenant: kept in a folder for each schema, and shown only by addresses that the schema has sealed."""

from posixpath import normpath
from typing import Any
from urllib.parse import urlencode

from django.core.files.storage import FileSystemStorage
from django_tenants.files.storage import TenantFileSystemStorage

from tenants.access.tokens import seal

PURPOSE = "media"
# What pages may show. Everything else, customers' photos above all, has views of its own that ask who wants it.
SHOWN_FOLDERS = ("images/", "original_images/")


class TenantStorage(TenantFileSystemStorage):
    """Django-tenants' storage with sealed addresses."""

    def _clear_cached_properties(self, setting: Any, **kwargs: Any) -> None:
        """Look up the folder again where a setting changes, as tests do; django-tenants' own never forgets it."""
        FileSystemStorage._clear_cached_properties(self, setting, **kwargs)
        if setting == "MEDIA_ROOT":
            self.__dict__.pop("relative_media_root", None)

    def url(self, name: str | None) -> str:
        """Return the address of a picture of the pages; it holds on this tenant's hosts only.

        Raises NotImplementedError for any other file: Django's way to say that it has no address.
        """
        if not name or not is_shown(name):
            raise NotImplementedError("This file is shown by a view of its own only.")
        return f"/media/{name}?{urlencode({'seal': seal(name, purpose=PURPOSE)})}"


def is_shown(name: str) -> bool:
    """Say whether a file is a picture of the pages; a name that leads out of its folder by dots is none."""
    return name.startswith(SHOWN_FOLDERS) and normpath(name) == name
