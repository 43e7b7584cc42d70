"""Rules of the house that no linter knows."""

import ast
import re
import subprocess
import tomllib
from collections import Counter
from importlib import import_module
from io import StringIO
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
OWN = ("platform", "tenants", "communities", "cms", "api")
INTERFACES = (
    "platform/storefront",
    "platform/friendhub",
    "platform/memberhub",
    "platform/console",
    "platform/operators",
    "platform/staffroom",
    "platform/signin",
    "api",
)
WRITES = re.compile(r"\.(save|create|update|delete|bulk_create|bulk_update|get_or_create|update_or_create)\(")
# Wagtail's own forms save; a file is read and dictionaries are updated elsewhere.
NO_WRITES = {"context.update("}


def test_platform_and_locale_are_no_packages() -> None:
    for folder in ("platform", "locale"):
        assert not (ROOT / folder / "__init__.py").exists()


def test_every_app_is_in_the_import_contracts() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    known = set(config["tool"]["importlinter"]["root_packages"])
    folders = {path.parent.name for path in (ROOT / "platform").glob("*/__init__.py")}
    folders |= {name for name in ("tenants", "communities", "cms", "api") if (ROOT / name / "__init__.py").exists()}

    assert folders == known


@pytest.mark.parametrize("urls", [f"{path.parent.name}.urls" for path in (ROOT / "platform").glob("*/urls.py")])
def test_every_page_has_a_name_of_its_own(urls: str) -> None:
    """Of two pages with one name, links would lead to the one that happens to take their arguments, or to none."""
    names = Counter(pattern.name for pattern in import_module(urls).urlpatterns if getattr(pattern, "name", None))

    assert [name for name, count in names.items() if count > 1] == []


# Figures and rates of which a price consists, and where reckoning with them is none of the house's splits.
FIGURES = re.compile(r"(commission|friends?|diagnosis|vat|partner|platform|work)_minor$|_bp$|^BASIS_POINTS$")
RECKONING = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
RECKONERS = {
    "platform/kernel/money.py": "the split",
    "platform/kernel/templatetags/quartett.py": "writes a rate in percent",
    "platform/staffroom/settings/fields.py": "reads a rate in percent",
    "platform/payouts/settling.py": "adds up what the books owe a friend and a pro",
    "platform/journeys/reads/payout_statement.py": "adds up what is in the books",
    "platform/payouts/models.py": "adds up an invoice for the commission",
    "platform/billing/promise.py": "guesses a price, and lets the split say what it leaves",
}


def test_a_price_is_split_in_one_place() -> None:
    """Two places that divide a price would one day round differently, and somebody would miss a Rappen."""
    found = {
        str(path.relative_to(ROOT))
        for folder in OWN
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and _reckons(path)
    }

    assert found == set(RECKONERS)


def _reckons(path: Path) -> bool:
    """Say whether a file adds, subtracts, multiplies or divides a part of a price or a rate."""
    operations = (one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.BinOp))
    sides = (side for one in operations if isinstance(one.op, RECKONING) for side in (one.left, one.right))
    names = (side.id if isinstance(side, ast.Name) else getattr(side, "attr", "") for side in sides)
    return any(FIGURES.search(name) for name in names)


# What a process remembers of a tenant would be shown to the next one. Each of these holds none of a tenant's data.
REMEMBERED = {
    ("platform/kernel/hiding/numbers.py", "_is_valid"): "a rule over digits and a country",
    ("platform/kernel/hiding/folding.py", "_fold_char"): "a rule over one character",
    ("platform/kernel/wording/dates.py", "_written"): "a rule over its arguments",
    ("platform/kernel/database/written_once.py", "written"): "the text of a query of ours, which holds no values",
    ("platform/kernel/money.py", "format_money"): "a rule over its arguments",
    ("platform/kernel/files/pdf.py", "picture"): "a file of ours",
    ("platform/kernel/files/pdf.py", "_typesetting"): "a module of ours",
    ("platform/kernel/files/typesetting.py", "_fonts"): "fonts of ours",
    ("platform/kernel/files/typesetting.py", "_style"): "styles of our templates, which hold no values",
    ("platform/billing/e_invoices/writing.py", "_loaded"): "modules of ours",
    ("platform/billing/e_invoices/writing.py", "_metadata"): "a file of factur-x",
    ("platform/kernel/templatetags/quartett.py", "icon"): "a drawing of ours",
    ("platform/catalog/starter.py", "_load"): "a file of ours",
    ("platform/demo/data/__init__.py", "load"): "a file of ours",
    ("platform/demo/mailbox.py", "_read"): "a file that never changes, by its path",
    ("platform/demo/stripe_stand_in/contract.py", "_typed"): "a class of stripe-python",
    ("platform/stripe_gateway/client.py", "_client_of"): "the platform's own key at Stripe, and its connections",
    ("cms/starter.py", "_words"): "a file of ours",
    ("api/documentation.py", "schema"): "addresses and bodies of ours",
    ("api/documentation.py", "_kinds"): "classes of ours",
    ("api/reference.py", "groups"): "the same, as the reference shows it",
    ("tenants/migrating/migrations_on_disk.py", "migrations_on_disk"): "the code's own migrations",
    ("tenants/migrating/migrations_on_disk.py", "fingerprint"): "the code's own migrations",
    ("tenants/isolation/postgresql/statements.py", "fault_of"): "texts of statements, which hold no values",
    ("tenants/isolation/routers.py", "_is_per_schema"): "the settings' lists of apps",
    ("tenants/settings/theming.py", "readable"): "arithmetic over its arguments",
    ("tenants/settings/theming.py", "theme_css"): "arithmetic over its arguments, and files of ours",
    ("platform/kernel/web/themes.py", "themes"): "files of ours",
    ("platform/kernel/web/themes.py", "lineage"): "files of ours",
}
# How a schema is entered beside the two doors, and how work leaves its thread. Where each of them may stand.
DOORS = re.compile(
    r"\b(set_tenant|set_schema|set_schema_to_public|schema_context|Thread|ThreadPoolExecutor|ProcessPoolExecutor|to_thread"
    r"|sync_to_async|async_to_sync|run_in_executor)\("
    r"|\.(activate|deactivate)\(\)"
)
DOORKEEPERS = {
    "tenants/context.py",
    "tenants/middleware.py",
    # The engine, which every door leads to.
    "tenants/isolation/postgresql/base.py",
    # Migrates as the owner, who is nobody's role, each schema on a connection of its own.
    "tenants/migrating/",
    "tenants/isolation/tasks_base.py",
    "tenants/lifecycle/template.py",
    # They know no database: what calls endpoints, the servers' runner, and the visitor who plays a journey over HTTP.
    "platform/developers/calling.py",
    "platform/developers/client.py",
    "platform/embedded",
    "platform/demo/journey/",
    "platform/demo/stand_in/",
    "platform/demo/stripe_stand_in/",
    "platform/demo/sumup_stand_in/",
}


def test_nothing_that_a_process_remembers_is_a_tenants() -> None:
    found = set()
    for path in _own_code():
        for node in ast.walk(ast.parse(path.read_text())):
            for decorator in getattr(node, "decorator_list", ()):
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if (getattr(called, "id", "") or getattr(called, "attr", "")) in {"cache", "lru_cache"}:
                    found.add((str(path.relative_to(ROOT)), node.name))  # type: ignore[attr-defined]  # a function

    assert found == set(REMEMBERED)


def test_schemas_are_entered_and_threads_started_in_known_places_only() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in _own_code()
        if not any(str(path.relative_to(ROOT)).startswith(known) for known in DOORKEEPERS)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if DOORS.search(line)
    ]

    assert found == []


def test_the_rule_about_doors_finds_them() -> None:
    for line in ("Thread(target=f)", "connection.set_schema('t_a')", "await asyncio.to_thread(f)", "tenant.activate()"):
        assert DOORS.search(line)
    assert not DOORS.search("with tenant_context(tenant):")


def _own_code() -> list[Path]:
    return [path for folder in OWN for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("folder", INTERFACES)
def test_interfaces_write_nothing_themselves(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if WRITES.search(line) and not any(allowed in line for allowed in NO_WRITES)
    ]

    assert found == []


def test_the_rule_against_writes_finds_one() -> None:
    assert WRITES.search("order.save()")
    assert WRITES.search("Order.objects.filter(pk=1).update(state=1)")
    assert not WRITES.search("found = orders.get(pk=1)")


def test_no_translated_string_is_an_f_string() -> None:
    wrong = []
    for path in [file for root in OWN for file in (ROOT / root).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "pgettext", "ngettext", "gettext"}:
                wrong += [f"{path}:{node.lineno}" for argument in node.args if isinstance(argument, ast.JoinedStr)]

    assert wrong == []


# No browser shows them, so no policy of ours applies: a mail, and the papers.
CARRY_THEIR_STYLE = {
    Path("platform/notifications/templates/notifications/mail.html"),
    Path("platform/billing/templates/billing/bill.html"),
    Path("platform/billing/templates/billing/tip.html"),
    Path("platform/billing/templates/billing/parts/style.html"),
    Path("platform/dues/templates/dues/invoice.html"),
    Path("platform/friendhub/templates/friendhub/parts/paper.html"),
    Path("platform/journeys/templates/journeys/record.html"),
    Path("platform/kernel/templates/papers/swiss.html"),
    Path("platform/kernel/templates/papers/swiss_style.html"),
}


def test_templates_hold_no_inline_script_or_style() -> None:
    wrong = [
        path.name
        for path in _templates()
        if path.relative_to(ROOT) not in CARRY_THEIR_STYLE
        if re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=\"|<style", path.read_text())
    ]

    assert wrong == []


# A stranger reads them too; what cannot be broken (an attribute, a condition) still fits.
LONGEST_LINE = 200
KINDS = re.compile(r"\buser\.kind\b|\burl \"(friendhub|operators):")


def test_templates_have_no_endless_lines() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{number} has {len(line)} characters"
        for path in _templates()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]

    assert wrong == []


def test_the_theme_knows_no_kind_of_user() -> None:
    """What friends or operators see around their pages is in their apps; the theme holds the frame for all."""
    wrong = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in (ROOT / "themes").rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if KINDS.search(line)
    ]

    assert wrong == []


def test_the_rule_about_kinds_of_users_finds_one() -> None:
    assert KINDS.search('{% if user.kind == "friend" %}')
    assert KINDS.search('<a href="{% url "operators:jobs" %}">')
    assert not KINDS.search("{% blocktranslate %}this kind of job{% endblocktranslate %}")


def _templates() -> list[Path]:
    return [path for folder in ("themes", *OWN) for path in sorted((ROOT / folder).rglob("*.html"))]


def test_every_environment_variable_is_documented() -> None:
    documented = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
    settings = "".join(path.read_text() for path in (ROOT / "platform" / "config" / "settings").glob("*.py"))
    read = set(re.findall(r"env(?:\.\w+)?\(\s*\"(\w+)\"", settings))

    assert read - documented == set()


def test_no_migration_is_missing(owner: None) -> None:
    out = StringIO()
    call_command("makemigrations", dry_run=True, stdout=out)

    assert out.getvalue().strip() == "No changes detected"


def test_catalogues_hold_exactly_what_the_code_says(tmp_path: Path) -> None:
    """Collect the messages anew and compare; a string that was added or dropped shows."""
    locale = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"
    before = locale.read_bytes()
    try:
        call_command(
            "makemessages",
            locale=["de"],
            no_location=True,
            no_obsolete=True,
            no_wrap=True,
            ignore_patterns=["tests/*", "var/*", ".venv/*"],
            verbosity=0,
        )
        # A fuzzy one is a new string for which gettext has guessed a translation.
        after = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(locale))}
    finally:
        locale.write_bytes(before)

    assert after == {(entry.msgctxt, entry.msgid) for entry in polib.pofile(before.decode())}


def test_lock_files_have_hashes_and_name_no_registry() -> None:
    for name in ("base.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        pins = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,]+\])?==", text, re.MULTILINE)
        assert len(pins) > 20
        assert "://" not in text
        assert text.count("--hash=sha256:") >= len(pins)


def test_nothing_of_this_machine_is_in_the_tree() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    wrong = [
        name
        for name in listed
        if Path(name).suffix in {".py", ".md", ".toml", ".html", ".css", ".js", ".txt", ".po", ""}
        and (ROOT / name).is_file()
        and re.search(r"/(root|work|home)/\w", (ROOT / name).read_text(errors="ignore"))
    ]

    assert wrong == []


def test_every_requirement_that_is_quoted_is_in_the_docs() -> None:
    known = set(re.findall(r"^- \*\*(R\d+)\*\*", (ROOT / "docs" / "requirements.md").read_text(), re.MULTILINE))
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    read = {
        name: (ROOT / name).read_text()
        for name in listed
        if Path(name).suffix in {".py", ".md"} and (ROOT / name).is_file() and not name.startswith("changes/")
    }

    # In the way that sentences quote them; elsewhere an R and a number may be something else.
    quoted = {number for text in read.values() for number in re.findall(r"[(, ](R\d+)[),.;:]", text)}
    assert {"R3", "R14"} <= quoted
    assert quoted - known == set()
    assert [name for name, text in read.items() if re.search(r"\b[Ii]ssue [1-9]", text)] == []
