"""An installation starts with what it needs, or says in one line what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django.fixtures import Settings

from config.checks import check_demo
from embedded import processes
from embedded.runner import environment
from tenants.models import Domain, Tenant

ROOT = Path(__file__).resolve().parents[2]
# Nothing of what the test run itself has set.
OURS = {"SECRET_KEY", "DJANGO_SETTINGS_MODULE", "DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE"}
KEY = "aB3-xY9_qw" * 6


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("QUARTETT_")}
    return subprocess.run(
        [sys.executable, *command], env=bare | env, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command", [("manage.py",), ("manage.py", "check"), ("-c", "import config.wsgi"), ("-m", "celery", "-A",
                "config.celery", "worker")],
)  # fmt: skip
def test_without_a_key_nothing_starts_and_one_line_says_how(command: tuple[str, ...]) -> None:
    ended = run(*command)

    assert ended.returncode == 1
    [line] = ended.stderr.strip().splitlines()
    assert line.startswith("Quartett does not start: SECRET_KEY is not set.")
    assert "make run" in line
    assert "make manage" in line


def test_the_demo_is_on_where_the_runner_starts_it_and_nowhere_else() -> None:
    asked = "from django.conf import settings; print(settings.DEMO, settings.OPERATORS_NEED_SECOND_FACTOR)"
    by_itself = run("-c", asked, SECRET_KEY=KEY, DJANGO_SETTINGS_MODULE="config.settings.base")
    by_runner = run(
        "-c", asked, DJANGO_SETTINGS_MODULE="config.settings.base", **environment({"SECRET_KEY": KEY}, {}, 8000)
    )

    assert by_itself.stdout.split() == ["False", "True"]
    assert by_runner.stdout.split() == ["True", "False"]
    assert environment({"QUARTETT_DEMO": "false"}, {}, 8000)["QUARTETT_DEMO"] == "false"


def test_the_production_profile_leaves_nothing_to_say() -> None:
    ended = run(
        "manage.py", "check", "--deploy", "--fail-level", "DEBUG",
        SECRET_KEY=KEY, DJANGO_SETTINGS_MODULE="config.settings.production",
    )  # fmt: skip

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.strip() == "System check identified no issues (0 silenced)."


def test_without_the_profile_the_same_check_complains() -> None:
    ended = run(
        "manage.py", "check", "--deploy", SECRET_KEY=KEY, QUARTETT_DEMO="true",
        DJANGO_SETTINGS_MODULE="config.settings.base",
    )  # fmt: skip

    for fault in ("security.W004", "security.W008", "config.W001", "config.W002"):
        assert fault in ended.stderr


@pytest.mark.parametrize("wrong", [{"QUARTETT_DEMO": "true"}, {"DEBUG": "true"}, {"QUARTETT_SCHEME": "http"}])
def test_the_production_profile_refuses_what_it_rules_out(wrong: dict[str, str]) -> None:
    ended = run(
        "-c", "import config.wsgi", SECRET_KEY=KEY, DJANGO_SETTINGS_MODULE="config.settings.production", **wrong
    )

    assert ended.returncode == 1
    [line] = ended.stderr.strip().splitlines()
    assert line.startswith("Quartett does not start: config.settings.production")


def test_the_demo_is_complained_about(settings: Settings) -> None:
    settings.DEMO, settings.OPERATORS_NEED_SECOND_FACTOR = False, True
    assert check_demo(None) == []


def serve_by_https(settings: Settings) -> None:
    """Serve as the production profile does."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 100, True
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^tls-check/$"]


def test_browsers_are_led_to_https_and_kept_there(settings: Settings, nord: Tenant) -> None:
    serve_by_https(settings)
    Domain.objects.create(tenant=nord, domain="help.nord.example", is_primary=False, is_verified=True)
    plain = Client(headers={"host": "nord.localhost"})
    sealed = Client(headers={"host": "nord.localhost", "x-forwarded-proto": "https"})
    own = Client(headers={"host": "help.nord.example", "x-forwarded-proto": "https"})

    led = plain.get("/en/packages/")
    assert (led.status_code, led["Location"]) == (301, "https://nord.localhost/en/packages/")
    assert plain.get("/health/").status_code == 200
    assert sealed.get("/en/packages/")["Strict-Transport-Security"] == "max-age=100; includeSubDomains; preload"
    # What lies below a partner's own domain is none of our business.
    assert own.get("/en/packages/")["Strict-Transport-Security"] == "max-age=100"


def test_no_page_may_be_framed_but_the_previews_of_the_admin(manager_client: Client, visitor: Client) -> None:
    page = visitor.get("/en/")
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert manager_client.get("/admin/")["X-Frame-Options"] == "DENY"


def test_uploads_and_logs_are_for_the_process_alone(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    name = default_storage.save("documents/passport.pdf", ContentFile(b"%PDF-"))
    left_open = tmp_path / "web.log"
    left_open.touch(mode=0o644)
    processes.log(left_open).close()

    path = Path(default_storage.path(name))
    assert [oct(file.stat().st_mode & 0o777) for file in (path, path.parent, left_open)] == ["0o600", "0o700", "0o600"]
