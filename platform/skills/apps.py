"""App configuration."""

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    """The tree of skills."""

    name = "skills"
