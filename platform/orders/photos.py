"""Photos of customers: checked, turned upright, made smaller, and stripped of all metadata before they are kept."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from kernel.files.pictures import PictureTooLarge, UnreadablePicture, as_jpeg

LONGEST_SIDE = 2000
FORMATS = ("JPEG", "PNG", "WEBP")
TOO_MANY_PIXELS = _("This photo has too many pixels. Please choose one of at most 25 megapixels.")


class PhotoTooLarge(DomainError):
    """The file, or the picture in it, is larger than we take."""

    message = _("This photo is too large. Please choose one of at most 8 MB.")
    code, status = "photo_too_large", 422


class NotAPhoto(DomainError):
    """The file is no picture that we can read."""

    message = _("This file is not a photo that we can read. Please choose a JPEG, PNG or WebP.")
    code, status = "not_a_photo", 422


def clean_photo(upload: UploadedFile) -> bytes:
    """Return the upload as a JPEG of at most 2,000 pixels a side, without its metadata.

    Raises PhotoTooLarge or NotAPhoto.
    """
    if (upload.size or 0) > settings.PHOTO_MAX_BYTES:
        raise PhotoTooLarge
    try:
        return as_jpeg(upload, formats=FORMATS, longest_side=LONGEST_SIDE)  # type: ignore[arg-type]  # a file in all but name
    except PictureTooLarge as error:
        raise PhotoTooLarge(TOO_MANY_PIXELS) from error
    except UnreadablePicture as error:
        raise NotAPhoto from error
