"""The verbs of ``manage.py tenant``, by name: each is a module with HELP, ``add_arguments`` and ``handle``."""

from types import ModuleType

from config.tenant_verbs import (
    create,
    delete,
    domain,
    export,
    import_,
    list_,
    rename,
    resume,
    suspend,
    undelete,
)

VERBS: dict[str, ModuleType] = {
    "list": list_,
    "create": create,
    "suspend": suspend,
    "resume": resume,
    "rename": rename,
    "domain": domain,
    "export": export,
    "import": import_,
    "delete": delete,
    "undelete": undelete,
}
