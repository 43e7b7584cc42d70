"""Whether this machine has the library that drawing bills needs, found without loading all that draws."""

import ctypes
import os

NAMES = ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0.dylib", "libpango-1.0-0.dll")


def can_draw() -> bool:
    """Say whether Pango is here; the rest comes with it."""
    return any(_loads(name) for name in NAMES)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name, mode=os.RTLD_LAZY)
    except OSError:
        return False
    return True
