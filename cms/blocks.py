"""The parts a page is put together from, with the words that each has of itself, and what templates read of them.

What is left empty has the usual words, which stand in the templates and so in every language of the platform.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.rich_text import expand_db_html

FEATURES = ["bold", "italic", "ol", "ul", "link"]
MOST_PACKAGES = 12


class Scene(TextChoices):
    """The drawings of the platform: templates/scenes/ of the themes."""

    TABLE = "table", _("Two people at a table")
    DEVICES = "devices", _("Devices")
    HOUSE = "house", _("A house and its neighbours")
    EVENING = "evening", _("An evening in front of the television")
    DOOR = "door", _("A friend at the door")
    QUIET = "quiet", _("A quiet corner")
    REPAIR = "repair", _("A computer being repaired")


@dataclass(frozen=True)
class ShownBlock:
    """A part of a page as its template reads it; ``text`` and answers are HTML, ``items`` question and answer."""

    kind: str
    heading: str = ""
    text: str = ""
    count: int = 0
    scene: str = ""
    items: tuple[tuple[str, str], ...] = ()

    @property
    def template(self) -> str:
        """The template that draws it; themes may have another."""
        return f"cms/blocks/{self.kind}.html"

    @property
    def scene_template(self) -> str:
        """The template of its drawing."""
        return f"scenes/{self.scene}.html"


def _heading() -> blocks.CharBlock:
    return blocks.CharBlock(
        label=_("Heading"), required=False, max_length=120, help_text=_("If empty, the usual one in each language.")
    )


class Packages(blocks.StructBlock):
    """The first packages of the catalogue with their prices."""

    heading = _heading()
    count = blocks.IntegerBlock(label=_("How many"), min_value=1, max_value=MOST_PACKAGES, default=6)

    class Meta:
        label, icon = _("Packages"), "tag"


class Promises(blocks.StaticBlock):
    """Three promises: a fixed price, somebody near, when it suits."""

    class Meta:
        label, icon = _("Three promises"), "check"
        admin_text = _("A fixed price, someone near, when it suits the customer. With the usual texts.")


class Steps(blocks.StructBlock):
    """How a booking goes, in four steps."""

    heading = _heading()

    class Meta:
        label, icon = _("How it works"), "list-ol"


class Ratings(blocks.StructBlock):
    """What customers have rated, with their number; nothing where nobody has yet."""

    heading = _heading()

    class Meta:
        label, icon = _("Ratings by customers"), "pick"


class Question(blocks.StructBlock):
    """A question with its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=FEATURES)


class Questions(blocks.StructBlock):
    """Questions and answers."""

    heading = _heading()
    items = blocks.ListBlock(
        Question(),
        label=_("Own questions"),
        default=[],
        help_text=_("Without any, the usual questions of customers are answered, in each language."),
    )

    class Meta:
        label, icon = _("Questions and answers"), "help"


class BecomeFriend(blocks.StructBlock):
    """A call to become a friend; shown where the partner has a community."""

    heading = _heading()

    class Meta:
        label, icon = _("Become a friend"), "user"


class Words(blocks.StructBlock):
    """Words of the partner's own, with a drawing beside them if wished."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=FEATURES)
    scene = blocks.ChoiceBlock(choices=Scene.choices, label=_("Drawing"), required=False)

    class Meta:
        label, icon = _("Text and a drawing"), "pilcrow"


PARTS: list[tuple[str, blocks.Block]] = [
    ("packages", Packages()),
    ("promises", Promises()),
    ("steps", Steps()),
    ("ratings", Ratings()),
    ("questions", Questions()),
    ("become_friend", BecomeFriend()),
    ("words", Words()),
]
# What a home page begins with, as the database keeps it: a migration gives it to those that were there before.
USUAL: list[dict[str, Any]] = [
    {"type": "packages", "value": {"heading": "", "count": 6}},
    {"type": "promises", "value": None},
    {"type": "steps", "value": {"heading": ""}},
    {"type": "ratings", "value": {"heading": ""}},
    {"type": "questions", "value": {"heading": "", "items": []}},
    {"type": "become_friend", "value": {"heading": ""}},
]


def usual_parts() -> list[tuple[str, Any]]:
    """Return what a new home page begins with."""
    return [(part["type"], part["value"]) for part in USUAL]


class Shows:
    """A page with a body of parts."""

    body: StreamValue

    @property
    def parts(self) -> tuple[ShownBlock, ...]:
        """What templates read of the body; nothing of it can change, so that it may be kept."""
        return tuple(_shown(part) for part in self.body)


def _shown(part: Any) -> ShownBlock:
    value = part.value or {}
    items: Iterable[Any] = value.get("items", ())
    return ShownBlock(
        kind=part.block_type,
        heading=value.get("heading") or "",
        text=_html(value.get("text")),
        count=value.get("count") or 0,
        scene=value.get("scene") or "",
        items=tuple((item["question"], _html(item["answer"])) for item in items),
    )


def _html(text: Any) -> str:
    return expand_db_html(text.source) if text else ""
