"""A partner's folder of files: where it is, and how it comes and goes together with a transaction."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tenants.models import Tenant

# Neither can be a schema's name, so no host serves them.
ARRIVING = ".arriving-"
LEAVING = ".leaving-"


def folder_of(schema_name: str) -> Path:
    """Return the folder of a partner's files; it need not exist."""
    return Path(settings.MEDIA_ROOT) / schema_name


@contextmanager
def arriving(schema_name: str) -> Iterator[Path]:
    """Yield an empty folder that becomes the partner's at the end of the block, and vanishes where that fails."""
    waiting, final = Path(settings.MEDIA_ROOT) / f"{ARRIVING}{schema_name}", folder_of(schema_name)
    # Left behind by a process that was killed: nobody has the name, or we would not be here.
    _remove(waiting)
    _remove(final)
    waiting.mkdir(parents=True)
    try:
        yield waiting
        waiting.rename(final)
    finally:
        _remove(waiting)


@contextmanager
def set_aside(schema_name: str) -> Iterator[None]:
    """Move the partner's files out of the way at the end of the block; ``remove_set_aside`` deletes them for good.

    A process that is killed in between leaves the folder under a name that ``sweep_set_aside`` understands.
    """
    yield
    folder, aside = folder_of(schema_name), Path(settings.MEDIA_ROOT) / f"{LEAVING}{schema_name}"
    if folder.exists():
        _remove(aside)
        folder.rename(aside)


def remove_set_aside(schema_name: str) -> None:
    """Delete the files that were set aside."""
    _remove(Path(settings.MEDIA_ROOT) / f"{LEAVING}{schema_name}")


def sweep_set_aside() -> None:
    """Delete what was set aside by a process that was killed after its partner was gone, and give back the rest."""
    for aside in Path(settings.MEDIA_ROOT).glob(f"{LEAVING}*"):
        schema_name = aside.name.removeprefix(LEAVING)
        if not Tenant.objects.filter(schema_name=schema_name).exists():
            _remove(aside)
        elif not folder_of(schema_name).exists():
            aside.rename(folder_of(schema_name))


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
