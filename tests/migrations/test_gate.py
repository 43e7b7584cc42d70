"""The gate refuses what is unsafe on a live system and lets the rest through."""

from pathlib import Path

import pytest

from tests.migrations.gate import unsafe_migrations
from tests.tenants.ahead import COLUMN, CONCURRENT, HEAD, PLAIN, code_ahead

OPERATIONS = HEAD + "    operations = [{}]\n"
NAME = ("billing", "0002_ahead")
UNSAFE = {
    "drops a column": "migrations.RemoveField('payment', 'paid_at')",
    "renames a column": "migrations.RenameField('payment', 'method', 'way')",
    "drops a table": "migrations.DeleteModel('Payment')",
    "column without default": "migrations.AddField('payment', 'note', models.CharField(max_length=9, default=''))",
    "changes a type": "migrations.AlterField('payment', 'method', models.TextField())",
    "unique": "migrations.AddConstraint('payment', models.UniqueConstraint(fields=['method'], name='u'))",
    "index that locks": "migrations.AddIndex('payment', models.Index(fields=['method'], name='i'))",
}
DEFAULT = "migrations.AddField('payment', 'note', models.CharField(max_length=9, default='', db_default=''))"


@pytest.mark.parametrize("operation", UNSAFE.values(), ids=UNSAFE)
def test_an_unsafe_migration_is_refused(owner: None, tmp_path: Path, operation: str) -> None:
    with code_ahead(tmp_path, OPERATIONS.format(operation)):
        assert list(unsafe_migrations(app="billing", quiet=True)) == [NAME]


@pytest.mark.parametrize(
    "migration",
    [COLUMN, PLAIN, CONCURRENT, OPERATIONS.format(DEFAULT)],
    ids=["nullable column", "all of a new table", "index built concurrently", "default in the database"],
)
def test_a_safe_migration_passes(owner: None, tmp_path: Path, migration: str) -> None:
    with code_ahead(tmp_path, migration):
        assert list(unsafe_migrations(app="billing")) == []
