"""A customer's signature on site: a name, and a drawing as the data of an SVG path. No queries."""

import re
from dataclasses import dataclass

# The field in which somebody signs, in its own units.
WIDTH, HEIGHT = 600, 200
VIEW_BOX = f"0 0 {WIDTH} {HEIGHT}"
LONGEST_DRAWING = 20_000
LONGEST_NAME = 120
# Moves and lines between whole numbers, and nothing else; the database asks for the same.
DRAWN = r"^(M[0-9]{1,3} [0-9]{1,3}(L[0-9]{1,3} [0-9]{1,3})+)+$"


@dataclass(frozen=True)
class Signed:
    """Who has signed, and what was drawn; without a drawing they have ticked that the work is done."""

    name: str
    drawing: str = ""


def is_drawing(text: str) -> bool:
    """Say whether a text is a drawing inside the field."""
    if len(text) > LONGEST_DRAWING or not re.fullmatch(DRAWN, text):
        return False
    points = re.findall(r"([0-9]+) ([0-9]+)", text)
    return all(int(across) <= WIDTH and int(down) <= HEIGHT for across, down in points)
