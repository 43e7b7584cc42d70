"""Settings of server, worker and command line; docs/settings.md lists the environment variables that are read here."""

from config.settings.core import *  # noqa: F403  # one subject each
from config.settings.money import *  # noqa: F403  # one subject each
from config.settings.pages import *  # noqa: F403  # one subject each
from config.settings.schedule import *  # noqa: F403  # one subject each
from config.settings.servers import *  # noqa: F403  # one subject each
from config.settings.tenants import *  # noqa: F403  # one subject each
from config.settings.web import *  # noqa: F403  # one subject each
