"""A small picture."""

from io import BytesIO

from PIL import Image as Picture


def picture(colour: str = "red") -> bytes:
    """Return a small PNG."""
    out = BytesIO()
    Picture.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()
