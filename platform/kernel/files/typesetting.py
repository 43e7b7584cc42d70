"""HTML set as PDF/A-3 with the theme's fonts. Importing this loads Pango; ``kernel.files.pdf`` does it, late."""

import re
from datetime import UTC
from functools import cache, lru_cache, partial
from io import BytesIO
from typing import Any

from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from PIL import ImageFile
from pydyf import PDF, Stream
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from kernel.files.pdf import Embedded, as_data

FONTS = (
    ("quartett/fonts/figtree-latin-wght-normal.woff2", "Figtree"),
    ("quartett/fonts/figtree-latin-ext-wght-normal.woff2", "Figtree Ext"),
)
WEIGHTS = (400, 600, 700)
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
# As many as there are papers, and some.
MOST_STYLES = 16

# WeasyPrint tells Pillow to take damaged pictures; those that people upload are refused.
ImageFile.LOAD_TRUNCATED_IMAGES = False


class OnlyData(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
    """Opens nothing but what a page carries with it: no file, no network."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Return what a data address holds.

        Raises FatalURLFetchingError for every other address.
        """
        if not url.startswith("data:"):
            raise FatalURLFetchingError(f"A paper loads nothing: {url}")
        return super().fetch(url, headers)


def set_pages(page: str, *, identifier: bytes, embedded: Embedded | None = None) -> bytes:
    """Return a page of HTML as PDF/A-3b, with a file inside where there is one."""
    configuration, faces = _fonts()
    styles = [_style(found) for found in STYLE.findall(page)]
    content = HTML(string=STYLE.sub("", page), url_fetcher=OnlyData()).write_pdf(
        pdf_variant="pdf/a-3b",
        pdf_identifier=identifier,
        font_config=configuration,
        stylesheets=[faces, *styles],
        attachments=[_attachment(embedded)] if embedded else None,
        finisher=partial(_say, embedded.metadata) if embedded else None,
    )
    return bytes(content)


def _attachment(embedded: Embedded) -> Attachment:
    made_at = embedded.made_at.astimezone(UTC)
    return Attachment(
        file_obj=BytesIO(embedded.content),
        name=embedded.name,
        description=embedded.description,
        relationship=embedded.relationship,
        created=made_at,
        modified=made_at,
    )


def _say(metadata: bytes, _document: Document, pdf: PDF) -> None:
    """Add to the one description that a PDF has of itself, before it is written."""
    (xmp,) = (one for one in pdf.objects if isinstance(one, Stream) and one.extra.get("Type") == "/Metadata")
    (packet,) = xmp.stream
    head, end, tail = packet.rpartition(b"</rdf:RDF>")
    xmp.stream = [head + metadata + end + tail]


@lru_cache(MOST_STYLES)
def _style(text: str) -> CSS:
    """Return a template's own style, read once: that takes as long as setting a page."""
    return CSS(string=text, font_config=_fonts()[0], url_fetcher=OnlyData())


@cache
def _fonts() -> tuple[FontConfiguration, CSS]:
    """Return the theme's fonts as WeasyPrint knows them, in the weights of papers.

    Taking a weight out of a variable font costs more than drawing a bill, so it is done once.
    """
    configuration = FontConfiguration()
    faces = (
        f"@font-face{{font-family:'{family}';font-weight:{weight};src:url({_font(path, weight)})}}"
        for path, family in FONTS
        for weight in WEIGHTS
    )
    return configuration, CSS(string="".join(faces), font_config=configuration, url_fetcher=OnlyData())


def _font(path: str, weight: int) -> str:
    found, out = finders.find(path), BytesIO()
    if not found:
        raise LookupError(path)
    with TTFont(found) as font:
        single = instantiateVariableFont(font, {"wght": weight})
        single.flavor = None
        single.save(out)
    return as_data(out.getvalue(), "font/ttf")
