"""Whatever kind of file a bank gives: camt.053 or MT940."""

from bank.camt import read_camt
from bank.errors import NotAStatement
from bank.incoming import Statement
from bank.swift import is_mt940, read_mt940

BEGINS_XML = b"\xef\xbb\xbf \r\n\t"


def read_statements(content: bytes) -> list[Statement]:
    """Return the statements of a file.

    Raises BrokenFile, NotAStatement or IncompleteStatement; then nothing of it counts.
    """
    if content.lstrip(BEGINS_XML).startswith(b"<"):
        return read_camt(content)
    if is_mt940(content):
        return read_mt940(content)
    raise NotAStatement
