"""Photos of customers: checked, turned upright, made smaller, and stripped of all metadata before they are kept."""

from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kernel.errors import DomainError

LONGEST_SIDE = 2000
MOST_PIXELS = 60_000_000
JPEG_QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")


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
        with Image.open(upload, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise PhotoTooLarge
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPhoto from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = BytesIO()
    upright.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue()
