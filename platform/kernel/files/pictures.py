"""Pictures as people send them: read by their content, turned upright, made smaller, stripped of what nobody sees."""

import struct
import threading
import zlib
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

# What phones send is 12 or 24 megapixels; unpacked, so many take 100 MB.
MOST_PIXELS = 25_000_000
JPEG_QUALITY = 82
# What Pillow lets through where a file was damaged or made up.
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)
# A process unpacks one picture at a time, so that many at once take time and not memory.
_one_at_a_time = threading.Lock()


class UnreadablePicture(ValueError):
    """The file is no picture of a known kind."""


class PictureTooLarge(ValueError):
    """The picture has more pixels than we unpack."""


def as_jpeg(upload: IO[bytes], *, formats: tuple[str, ...], longest_side: int, is_square: bool = False) -> bytes:
    """Return the picture anew as a JPEG of at most so many pixels a side; ``is_square`` cuts its middle out.

    Takes at most some 300 MB for a moment. Raises UnreadablePicture or PictureTooLarge.
    """
    with _one_at_a_time:
        small = _unpacked(upload, formats, longest_side, is_square=is_square)
        small.thumbnail((longest_side, longest_side))
        out = BytesIO()
        small.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue()


def _unpacked(upload: IO[bytes], formats: tuple[str, ...], side: int, *, is_square: bool) -> Image.Image:
    """Return the picture in RGB, upright, not much larger than wanted, and with nothing beside its pixels."""
    try:
        with Image.open(upload, formats=formats) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise PictureTooLarge
            scale = min(1.0, side / (min if is_square else max)(width, height))
            # A JPEG is unpacked in an eighth, a quarter or half of its size where that is enough.
            image.draft("RGB", (round(width * scale), round(height * scale)))
            small = image.convert("RGB") if image.mode != "RGB" else image
            if is_square:
                edge = min(side, *small.size)
                small = ImageOps.fit(small, (edge, edge))
            else:
                small.thumbnail((side, side))
            small = ImageOps.exif_transpose(small)
    except PictureTooLarge:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise PictureTooLarge from error
    except UNREADABLE as error:
        raise UnreadablePicture from error
    # Comments and the like would be written again.
    small.info = {}
    return small
