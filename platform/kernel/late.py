"""Libraries that take long to load and are seldom asked: what starts without them starts a tenth sooner."""

from importlib import import_module
from typing import Any


class Late:
    """Stands in for a module, which is loaded when somebody first asks it for something."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
