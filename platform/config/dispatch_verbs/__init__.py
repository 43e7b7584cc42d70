"""The verbs of ``manage.py dispatch``, by name: each is a module with HELP, ``add_arguments`` and ``handle``."""

from types import ModuleType

from config.dispatch_verbs import simulate

VERBS: dict[str, ModuleType] = {"simulate": simulate}
