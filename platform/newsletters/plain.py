"""A page of a newsletter as plain text, for its text part."""

import re
from html.parser import HTMLParser

BLOCKS = {"p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "div", "section", "article", "br", "hr"}
# After these stands an empty line.
APART = BLOCKS - {"li", "br", "dt"}
_SPACES = re.compile(r"\s+")
_GAPS = re.compile(r"\n{3,}")


class _Reader(HTMLParser):
    """Collects text; a link stands behind its words."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a point of a list, or a link; of a picture take its words."""
        values = dict(attrs)
        if tag in BLOCKS:
            self.parts.append("\n")
        if tag == "li":
            self.parts.append("- ")
        if tag == "a":
            self.href = values.get("href") or ""
        if tag == "img" and values.get("alt"):
            self.parts.append(f"[{values['alt']}]\n")

    def handle_endtag(self, tag: str) -> None:
        """End a line or a link."""
        if tag == "a" and self.href:
            self.parts.append(f" ({self.href})")
            self.href = ""
        if tag in APART:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        """Take words; how they are laid out is nobody's concern."""
        self.parts.append(_SPACES.sub(" ", data))


def plain_text(html: str) -> str:
    """Return the words of a piece of HTML, with its links written out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (line.strip() for line in "".join(reader.parts).splitlines())
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()
