"""The file that an archive is: a zip whose manifest knows size and SHA-256 of every member.

What is read was made by others, so it is believed only after it has been looked at: names, sizes, checksums.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from tenants.errors import ArchiveDamaged, ArchiveMissing, ArchiveTooLarge

MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
# The manifest names every file; half a million of them fit.
LONGEST_MANIFEST = 64 * 1024 * 1024
LONGEST_LINE = 16 * 1024 * 1024
# What Linux lets a file be called, and a little less than the longest path, for the folder before it.
LONGEST_NAME, LONGEST_PATH = 255, 3_000
# Rows shrink to a tenth or a twentieth; what shrinks much more was made to burst.
GREATEST_RATIO = 200
RATIO_FROM_BYTES = 64 * 1024 * 1024

_OWN_NAME = re.compile(r"(tenant\.json|(domains|friends)\.jsonl|data/[a-z0-9_]+\.copy|public/[a-z0-9_]+\.jsonl)\Z")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Writer:
    """Writes an archive member by member; the manifest comes last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._members: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> "Writer":
        """Make the file, for our own eyes only."""
        self._path.touch(mode=0o600)
        self._zip = zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file."""
        self._zip.close()

    @contextmanager
    def member(self, name: str, *, compression: int = zipfile.ZIP_DEFLATED) -> Iterator["_Counted"]:
        """Write one member as a stream."""
        info = zipfile.ZipInfo(name)
        info.compress_type = compression
        with self._zip.open(info, "w", force_zip64=True) as target:
            counted = _Counted(target)
            yield counted
        self._members[name] = {"size": counted.size, "sha256": counted.digest.hexdigest()}

    def file(self, name: str, source: IO[bytes]) -> None:
        """Write a file as it is; photos do not get smaller."""
        with self.member(name, compression=zipfile.ZIP_STORED) as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)

    def json(self, name: str, value: Any) -> None:
        """Write one value."""
        with self.member(name) as target:
            target.write(_encoded(value))

    def lines(self, name: str, values: Iterable[Any]) -> int:
        """Write one value a line and return how many."""
        count = 0
        with self.member(name) as target:
            for value in values:
                target.write(_encoded(value) + b"\n")
                count += 1
        return count

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest."""
        self._zip.writestr(MANIFEST, json.dumps(manifest | {"members": self._members}, ensure_ascii=False))


class _Counted:
    """A stream that counts and hashes what is written to it."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.size, self.digest = 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write, count, hash."""
        self.size += len(data)
        self.digest.update(data)
        return self._target.write(data)


class Reader:
    """Reads an archive, and says in words what is wrong with it.

    Raises ArchiveMissing, ArchiveDamaged or ArchiveTooLarge, on opening and from every method.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> "Reader":
        """Open the file, read the manifest, and compare it with what the zip says of its members."""
        try:
            is_there = self._path.is_file()
        except OSError as error:
            # A name that no file can have.
            raise ArchiveMissing from error
        if not is_there:
            raise ArchiveMissing
        with _readable(_("it is no zip file")):
            self._zip = zipfile.ZipFile(self._path)
        try:
            self.manifest = self._manifest()
            self._check_names()
            self._check_sizes()
        except BaseException:
            self._zip.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file."""
        self._zip.close()

    def check_members(self) -> None:
        """Read every member once and compare its checksum."""
        for name, told in self.manifest["members"].items():
            digest = hashlib.sha256()
            with self.member(name) as source:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
            if digest.hexdigest() != told["sha256"]:
                raise ArchiveDamaged(name)

    @contextmanager
    def member(self, name: str) -> Iterator["_Source"]:
        """Read one member as a stream; never more than the zip says that it holds."""
        if name not in self.manifest["members"]:
            raise ArchiveDamaged(name)
        with _readable(name):
            opened = self._zip.open(name)
        with opened:
            yield _Source(opened, name)

    def record(self, name: str) -> dict[str, Any]:
        """Return one row."""
        with self.member(name) as source, _readable(name):
            found = json.loads(source.read(LONGEST_LINE))
        if not isinstance(found, dict):
            raise ArchiveDamaged(name)
        return found

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """Return one row a line."""
        with self.member(name) as source:
            while line := source.readline(LONGEST_LINE):
                with _readable(name):
                    found = json.loads(line)
                if not isinstance(found, dict):
                    raise ArchiveDamaged(name)
                yield found

    def media(self) -> list[str]:
        """Return the names of the files."""
        return [name for name in self.manifest["members"] if name.startswith("media/")]

    def _manifest(self) -> dict[str, Any]:
        with _readable(MANIFEST):
            found = self._zip.NameToInfo.get(MANIFEST)
            if found is None or found.file_size > LONGEST_MANIFEST:
                raise ArchiveDamaged(MANIFEST)
            manifest = json.loads(self._zip.read(MANIFEST))
        if not _is_manifest(manifest):
            raise ArchiveDamaged(MANIFEST)
        return manifest

    def _check_names(self) -> None:
        names = self._zip.namelist()
        for name in names:
            if name != MANIFEST and not _is_safe(name):
                raise ArchiveDamaged(name)
        told = set(self.manifest["members"])
        if odd := (told ^ (set(names) - {MANIFEST})):
            raise ArchiveDamaged(min(odd))
        if len(names) != len(set(names)):
            raise ArchiveDamaged(_("a name occurs twice"))

    def _check_sizes(self) -> None:
        total = 0
        for info in self._zip.infolist():
            total += info.file_size
            if info.filename != MANIFEST and info.file_size != self.manifest["members"][info.filename]["size"]:
                raise ArchiveDamaged(info.filename)
        packed = self._path.stat().st_size
        if total > settings.ARCHIVE_MAX_BYTES or total > RATIO_FROM_BYTES + GREATEST_RATIO * packed:
            raise ArchiveTooLarge


class _Source:
    """A member as a stream, whose faults are the archive's and not those of whoever reads it."""

    def __init__(self, source: IO[bytes], name: str) -> None:
        self._source, self._name = source, name

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes."""
        with _readable(self._name):
            return self._source.read(size)

    def readline(self, size: int = -1) -> bytes:
        """Read a line."""
        with _readable(self._name):
            return self._source.readline(size)


def _is_safe(name: str) -> bool:
    """Say whether a member's name is one that we write, and leads out of no folder on any system."""
    if _OWN_NAME.match(name):
        return True
    parts = PurePosixPath(name).parts
    return (
        name.startswith("media/")
        and len(parts) > 1
        and "/".join(parts) == name
        and not any(part.startswith(".") or len(part.encode()) > LONGEST_NAME for part in parts)
        and len(name) < LONGEST_PATH
        and not re.search(r"[\\:\x00-\x1f]", name)
    )


def _is_manifest(manifest: Any) -> bool:
    kinds = {
        "format": int, "version": str, "fingerprint": str, "migrations": list, "schema_name": str, "slug": str,
        "tenant_id": int, "tables": dict, "sequences": dict, "members": dict,
    }  # fmt: skip
    return (
        isinstance(manifest, dict)
        and all(isinstance(manifest.get(name), kind) for name, kind in kinds.items())
        and all(isinstance(told, dict) and {"size", "sha256"} <= set(told) for told in manifest["members"].values())
    )


@contextmanager
def _readable(where: str) -> Iterator[None]:
    """Say that the archive is damaged, and where, instead of how Python puts it."""
    try:
        yield
    except _UNREADABLE as error:
        raise ArchiveDamaged(where) from error


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
