"""Pictures as people send them: read by their content, turned upright, made smaller, stripped of all metadata."""

from io import BytesIO
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 60_000_000
JPEG_QUALITY = 82


class UnreadablePicture(ValueError):
    """The file is no picture of a known kind."""


class PictureTooLarge(ValueError):
    """The picture has more pixels than we unpack."""


def as_jpeg(upload: IO[bytes], *, formats: tuple[str, ...], longest_side: int, is_square: bool = False) -> bytes:
    """Return the picture anew as a JPEG of at most so many pixels a side; ``is_square`` cuts its middle out.

    Raises UnreadablePicture or PictureTooLarge.
    """
    try:
        with Image.open(upload, formats=formats) as image:
            if image.width * image.height > MOST_PIXELS:
                raise PictureTooLarge
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except PictureTooLarge:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadablePicture from error
    if is_square:
        side = min(upright.width, upright.height, longest_side)
        upright = ImageOps.fit(upright, (side, side))
    upright.thumbnail((longest_side, longest_side))
    out = BytesIO()
    upright.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue()
