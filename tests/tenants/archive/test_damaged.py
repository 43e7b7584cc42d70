"""An archive that was damaged, bent or made up leaves nothing behind, and no name in it leads out of its folder."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from dispatch.models import Job
from journeys.partner.leave_platform import restore_partner
from kernel.clock import now
from tenants.errors import (
    ArchiveDamaged,
    ArchiveMissing,
    ArchiveOfAnotherVersion,
    ArchiveTooLarge,
    UnableToCreateTenant,
)
from tenants.lifecycle import archive
from tests.tenants.archive.archives import Change, rewritten, traces_of


def spoil_row(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["data/orders_order.copy"] = members["data/orders_order.copy"].replace(b"Ada", b"Eva")


def lose_member(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del members["data/orders_order.copy"]


def add_stranger(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["data/zz_stranger.copy"] = b""


DAMAGES: dict[str, Change] = {"row": spoil_row, "member": lose_member, "stranger": add_stranger}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_the_manifest_does_not_vouch_for_is_refused(good: Path, damage: str) -> None:
    with pytest.raises(ArchiveDamaged, match="Nothing was restored"):
        restore_partner(source=rewritten(good, DAMAGES[damage], seal=False), now=now())

    assert traces_of("t_ost") == []


@pytest.mark.parametrize(
    "name",
    ["media/../../escape.txt", "media/../t_nord/x.jpg", "/etc/escape.txt", "media//etc/escape.txt",
     "media/a\\..\\b.txt", "media/c:x.txt", "media/.hidden", "../escape.txt", "media/", "media/a/../b.txt",
     "data/../x.copy", "other.txt"],
)  # fmt: skip
def test_no_name_leads_out_of_the_partners_folder(good: Path, tmp_path: Path, name: str) -> None:
    def slip(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members[name] = b"escaped"

    with pytest.raises(ArchiveDamaged):
        restore_partner(source=rewritten(good, slip), now=now())

    assert traces_of("t_ost") == []
    assert not list(tmp_path.rglob("*escape*"))


def drop_orders_job(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["public/dispatch_job.jsonl"] = b""


def drop_order_rows(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["data/orders_order.copy"] = b""


def garble_copy(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["data/orders_order.copy"] = b"not\ta\trow\n"


def garble_lines(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["public/dispatch_job.jsonl"] = b"{not json\n"


def add_column(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    rows = [json.loads(line) | {"extra": 1} for line in members["public/dispatch_job.jsonl"].splitlines()]
    members["public/dispatch_job.jsonl"] = b"\n".join(json.dumps(row).encode() for row in rows)


def add_table(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["tables"]["public.accounts_user"] = ["id"]


def add_sequence(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["sequences"]['x"; DROP SCHEMA public CASCADE; --'] = 1


def spoil_tenant(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["tenant.json"] = b"[]"


LIES: dict[str, Change] = {
    "offers without their job": drop_orders_job,
    "answers without their order": drop_order_rows,
    "no rows": garble_copy,
    "no lines": garble_lines,
    "a column too many": add_column,
    "a table too many": add_table,
    "a sequence too many": add_sequence,
    "no partner": spoil_tenant,
}


def test_rows_that_do_not_fit_leave_nothing_behind(good: Path) -> None:
    for lie, change in LIES.items():
        with pytest.raises(ArchiveDamaged):
            restore_partner(source=rewritten(good, change), now=now())

        assert traces_of("t_ost") == [], lie
        assert not Job.objects.exists(), lie
    # The same archive, as it was made, is fine.
    assert restore_partner(source=good, now=now()).tenant.slug == "ost"


def test_brand_settings_that_are_not_right_are_refused(good: Path) -> None:
    def paint(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members["tenant.json"] = members["tenant.json"].replace(b"#336699", b"red;} b")

    with pytest.raises(UnableToCreateTenant):
        restore_partner(source=rewritten(good, paint), now=now())

    assert traces_of("t_ost") == []


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"no archive at all" * 100])
def test_another_file_is_no_archive(owner: None, folders: None, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.zip"
    file.write_bytes(content)

    with pytest.raises(ArchiveDamaged):
        restore_partner(source=file, now=now())


def test_a_file_that_ends_too_early_or_was_bent_is_refused(good: Path) -> None:
    whole = good.read_bytes()
    short, bent = good.with_name("short.zip"), good.with_name("bent.zip")
    short.write_bytes(whole[: len(whole) // 2])
    bent.write_bytes(whole[:2000] + bytes(byte ^ 0xFF for byte in whole[2000:2400]) + whole[2400:])

    for source in (short, bent):
        with pytest.raises(ArchiveDamaged):
            restore_partner(source=source, now=now())
    assert traces_of("t_ost") == []


def test_a_missing_file_is_said_to_be_missing(owner: None, folders: None, tmp_path: Path) -> None:
    for source in (tmp_path / "nowhere.zip", tmp_path):
        with pytest.raises(ArchiveMissing):
            restore_partner(source=source, now=now())


def test_what_would_burst_is_refused_before_it_is_unpacked(good: Path, settings: Settings) -> None:
    def inflate(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members["media/bomb.jpg"] = bytes(100 * 1024 * 1024)

    with pytest.raises(ArchiveTooLarge):
        restore_partner(source=rewritten(good, inflate), now=now())
    settings.ARCHIVE_MAX_BYTES = 1000
    with pytest.raises(ArchiveTooLarge):
        restore_partner(source=good, now=now())
    assert traces_of("t_ost") == []


def test_newer_older_and_unknown_archives_say_what_to_do(good: Path, settings: Settings) -> None:
    def newer(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest.update(version="9.9.9", fingerprint="0", migrations=[*manifest["migrations"], "orders.0099_more"])

    def older(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest.update(version="0.0.1", fingerprint="0", migrations=manifest["migrations"][:-1])

    def unknown(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest.update(format=2)

    for change, words in ((newer, "newer version.*9.9.9"), (older, "older version.*0.0.1"), (unknown, "format 2")):
        with pytest.raises(ArchiveOfAnotherVersion, match=words) as refused:
            restore_partner(source=rewritten(good, change), now=now())
        if change is not unknown:
            assert settings.VERSION in str(refused.value)
    assert traces_of("t_ost") == []


def test_a_failure_at_the_very_end_takes_the_files_away_again(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(reader: object, folder: Path) -> None:
        (folder / "half.jpg").write_bytes(b"half")
        raise OSError("the disk is full")

    monkeypatch.setattr(archive, "_load_media", fail)
    with pytest.raises(OSError, match="full"):
        restore_partner(source=good, now=now())

    assert traces_of("t_ost") == []
