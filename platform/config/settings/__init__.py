"""Settings used by the server, the worker and the command line; everything that differs comes from the environment."""

from config.settings.base import *  # noqa: F403
