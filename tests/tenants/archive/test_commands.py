"""The owner's worker and a terminal export, import and delete."""

from pathlib import Path

import pytest
from django.core.management import CommandError
from pytest_django.fixtures import Settings

from journeys.partner.operations import carry_out
from kernel.clock import now
from kernel.errors import DomainError
from tenants.lifecycle.life_cycle import request_owner
from tenants.models import Operation, OperationKind, OperationState, Tenant
from tests.tenants.archive.archives import WHO, tenant, traces_of

REFUSED = {
    "suspend nobody": "no partner “nobody”",
    "resume ost": "not suspended",
    "rename ost --slug app": "reserved",
    "domain add ost nonsense": "host name",
    "domain verify ost nobody.example": "no such domain",
    "domain remove ost ost.localhost": "cannot be removed",
    "export nobody": "no partner",
    "import nowhere.zip": "no such archive",
    "delete ost": "jobs of this partner are still open",
    "delete ost --days 0": "--confirm ost",
    "delete ost --days -1": "0 days or more",
    "undelete ost": "not to be deleted",
}


def test_the_owners_worker_exports(ost: Tenant, settings: Settings) -> None:
    asked = request_owner(kind=OperationKind.EXPORT, tenant=ost, who=WHO, now=now())
    assert request_owner(kind=OperationKind.EXPORT, tenant=ost, who=WHO, now=now()) == asked

    carry_out(now=now())

    done = Operation.objects.get()
    assert (done.state, done.error, done.percent) == (OperationState.DONE, "", 100)
    assert (Path(settings.ARCHIVES) / done.result["file"]).stat().st_size == done.result["size"]


def test_the_worker_imports_and_says_what_is_wrong(good: Path) -> None:
    for request in ({"file": good.name, "slug": "app"}, {"file": f"../{good.name}x"}, {"file": good.name}):
        Operation.objects.create(kind=OperationKind.IMPORT, request=request, who=WHO, created_at=now())

    carry_out(now=now())

    by_request = {one.request.get("slug", one.request["file"]): one for one in Operation.objects.all()}
    assert "reserved" in by_request["app"].error
    assert "no such archive" in by_request[f"../{good.name}x"].error
    assert by_request[good.name].result["slug"] == "ost"


def test_a_terminal_goes_the_whole_way(ost: Tenant, tmp_path: Path) -> None:
    assert "ost  active  Ost  ost.localhost" in tenant("list")
    assert "suspended" in tenant("suspend", "ost")
    assert "active" in tenant("resume", "ost")
    assert "http://osten.localhost:8000/" in tenant("rename", "ost", "--slug", "osten", "--name", "Osten")
    assert "_quartett-verify.www.ost.example. TXT" in tenant("domain", "add", "osten", "www.ost.example")
    assert "is removed" in tenant("domain", "remove", "osten", "www.ost.example")
    assert ".zip" in tenant("export", "osten", "--folder", str(tmp_path))
    assert "will be deleted on 2026-12-24" in tenant("delete", "osten", "--even-with-open-jobs")
    assert "stays" in tenant("undelete", "osten")
    assert "is deleted" in tenant("delete", "osten", "--even-with-open-jobs", "--days", "0", "--confirm", "osten")
    assert traces_of("t_ost") == []
    assert "http://osten.localhost:8000/" in tenant("import", str(next(tmp_path.glob("*.zip"))))


def test_a_terminal_says_what_is_wrong_in_one_line(ost: Tenant) -> None:
    for words, said in REFUSED.items():
        with pytest.raises(CommandError) as refused:
            tenant(*words.split())

        assert said in str(refused.value)
        assert "\n" not in str(refused.value)
        assert refused.value.returncode == 1
        assert not isinstance(refused.value, DomainError)
