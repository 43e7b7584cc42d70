"""The migrated database of the tests, put into a new stack: to migrate from nothing once more would prove the same."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from embedded.postgres import wheel_binaries
from embedded.servers import running

# Rights, row limits and their mark name the roles of an installation: each has its own, and ``migrate`` gives them.
NOT_COPIED = ("--no-owner", "--no-acl", "--no-policies", "--no-comments")


def copy_template(name: str, data: Path, environ: Mapping[str, str]) -> None:
    """Copy a database of the tests' server into the one of a data folder, which is started for it and stopped.

    Raises subprocess.CalledProcessError.
    """
    template = urlunsplit(urlsplit(os.environ["OWNER_DATABASE_URL"])._replace(path=f"/{name}"))
    dump = [_program("pg_dump"), *NOT_COPIED, "--dbname", template]
    psql = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1"]
    with running(data, environ) as servers, subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:
        target = ["--dbname", servers.env["OWNER_DATABASE_URL"], "--output", os.devnull]
        subprocess.run([*psql, *target], stdin=dumping.stdout, check=True)
    if dumping.returncode:
        raise subprocess.CalledProcessError(dumping.returncode, dump)


def _program(name: str) -> str:
    return str(wheel_binaries() / name)
