"""Which migrations the code has, told from file names: importing all of them takes a good part of a second."""

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

Name = tuple[str, str]


@cache
def migrations_on_disk() -> frozenset[Name]:
    """Return (app label, migration name) of every migration of the installed apps."""
    found: set[Name] = set()
    for config in apps.get_app_configs():
        module, _explicit = MigrationLoader.migrations_module(config.label)
        spec = importlib.util.find_spec(module) if module and _has_parent(module) else None
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            files = Path(folder).glob("[!_~]*.py")
            found |= {(config.label, file.stem) for file in files if file.stem != "max_migration"}
    return frozenset(found)


@cache
def fingerprint() -> str:
    """Return a hash over the names of all migrations; the template and what is made of it are bound to it."""
    names = sorted(f"{app}.{name}" for app, name in migrations_on_disk())
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _has_parent(module: str) -> bool:
    """Say whether the package around a migrations module exists; ``find_spec`` raises where it does not."""
    parent = module.rpartition(".")[0]
    return not parent or importlib.util.find_spec(parent) is not None
