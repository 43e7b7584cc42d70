"""Code that is ahead of the database: billing's migrations and one more, in a package made for a test."""

import itertools
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from tenants.isolation import content_types
from tenants.migrating import behind
from tenants.migrating.migrations_on_disk import fingerprint, migrations_on_disk

OWN = Path(__file__).resolve().parents[2] / "platform" / "billing" / "migrations"
_serial = itertools.count()

NEWEST = max(file.stem for file in OWN.glob("[0-9]*.py"))

HEAD = f"""
import django.db.models.deletion
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [('billing', '{NEWEST}')]
"""
# A table with keys, a constraint and an index, and a column of a table that exists.
PLAIN = (
    HEAD
    + """
    operations = [
        migrations.AddField('payment', 'note', models.CharField(max_length=40, null=True)),
        migrations.CreateModel('Extra', fields=[
            ('id', models.BigAutoField(primary_key=True)),
            ('code', models.CharField(max_length=20, unique=True)),
            ('payment', models.ForeignKey('billing.payment', django.db.models.deletion.CASCADE)),
        ]),
        migrations.AddConstraint('extra', models.UniqueConstraint(fields=['code', 'payment'], name='extra_once')),
        migrations.AddIndex('extra', models.Index(fields=['code', '-id'], name='extra_by_code')),
    ]
"""
)
PYTHON = (
    HEAD
    + f"""
    def write(apps, editor):
        apps.get_model('auth', 'Group').objects.create(name='Made in Python')

    dependencies = [('billing', '{NEWEST}'), ('auth', '0012_alter_user_first_name_max_length')]
    operations = [migrations.RunPython(write)]
"""
)
CONCURRENT = (
    HEAD
    + """
    atomic = False
    operations = [migrations.RunSQL('CREATE INDEX CONCURRENTLY payment_by_day ON billing_payment (created_at)')]
"""
)
COLUMN = (
    HEAD
    + """
    operations = [migrations.AddField('payment', 'note', models.CharField(max_length=40, null=True))]
"""
)


@contextmanager
def code_ahead(folder: Path, migration: str) -> Iterator[None]:
    """Let the code have one more migration of billing, ``0002_ahead``, inside the block."""
    name = f"billing_migrations_{next(_serial)}"
    shutil.copytree(OWN, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / name / "0002_ahead.py").write_text(migration)
    sys.path.insert(0, str(folder))
    try:
        with override_settings(MIGRATION_MODULES={**getattr(settings, "MIGRATION_MODULES", {}), "billing": name}):
            _look_again()
            yield
    finally:
        sys.path.remove(str(folder))
        _look_again()


def _look_again() -> None:
    migrations_on_disk.cache_clear()
    fingerprint.cache_clear()
    behind.forget()
    content_types.forget()
