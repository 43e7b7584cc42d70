"""The blocks of a newsletter. Each has a template for mails and one for the archive, both by its name."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from catalog.selectors import package_names
from kernel.wording.texts import pick

FEATURES = ["bold", "italic", "ol", "ul", "link"]


def package_choices() -> list[tuple[str, str]]:
    """Return slug and name of the partner's packages."""
    return [(slug, pick(names, get_language() or "en")) for slug, names in package_names()]


class NewsBlock(blocks.StructBlock):
    """News of a product or of the brand, with a picture and a link."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=FEATURES)
    picture = ImageChooserBlock(label=_("Picture"), required=False)
    picture_text = blocks.CharBlock(
        label=_("What the picture shows"),
        required=False,
        max_length=200,
        help_text=_("For readers who do not see it, and for inboxes that show no pictures."),
    )
    link = blocks.URLBlock(label=_("Link"), required=False)
    link_words = blocks.CharBlock(label=_("Words of the button"), required=False, max_length=60)

    class Meta:
        icon = "doc-full"
        label = _("News")

    def clean(self, value: Any) -> Any:
        """Refuse a picture without words, and a link without a button."""
        cleaned, faults = super().clean(value), {}
        if cleaned.get("picture") and not cleaned.get("picture_text"):
            faults["picture_text"] = ValidationError(_("Please say what the picture shows."))
        if cleaned.get("link") and not cleaned.get("link_words"):
            faults["link_words"] = ValidationError(_("Please enter the text of the button."))
        if faults:
            raise StructBlockValidationError(faults)
        return cleaned


class LinkBlock(blocks.StructBlock):
    """An article or another page, and why to read it."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.CharBlock(label=_("Why read it"), required=False, max_length=220)
    url = blocks.URLBlock(label=_("Link"))

    class Meta:
        icon = "link"
        label = _("Link")


class LinksBlock(blocks.StructBlock):
    """A list of articles."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    links = blocks.ListBlock(LinkBlock(), label=_("Links"), min_num=1, max_num=8)

    class Meta:
        icon = "list-ul"
        label = _("Articles and links")


class PackagesBlock(blocks.StructBlock):
    """Packages out of the catalogue, with their prices of the day on which the newsletter is prepared."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    packages = blocks.ListBlock(blocks.ChoiceBlock(choices=package_choices), label=_("Packages"), min_num=1, max_num=6)

    class Meta:
        icon = "tag"
        label = _("Packages")


class EventsBlock(blocks.StructBlock):
    """The next events that everybody may come to, as they stand on the day on which the newsletter is prepared."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    count = blocks.IntegerBlock(label=_("How many"), default=3, min_value=1, max_value=10)

    class Meta:
        icon = "date"
        label = _("Next events")


class NumbersBlock(blocks.StructBlock):
    """What the community has done: the numbers are the platform's, of the day on which the newsletter is prepared."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)

    class Meta:
        icon = "group"
        label = _("Numbers of the community")


def newsletter_blocks() -> list[tuple[str, blocks.Block]]:
    """Return all blocks by name."""
    return [
        ("news", NewsBlock()),
        ("links", LinksBlock()),
        ("packages", PackagesBlock()),
        ("events", EventsBlock()),
        ("numbers", NumbersBlock()),
    ]
