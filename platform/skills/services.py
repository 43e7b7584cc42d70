"""Writes about skills."""

from skills.models import Skill


def define_skill(
    *, slug: str, names: dict[str, str], parent: Skill | None = None, needs_certificate: bool = False
) -> Skill:
    """Create the skill or bring it up to date; ``names`` holds a name for each language code."""
    fields = {f"name_{code}": name for code, name in names.items()}
    skill, _ = Skill.objects.update_or_create(
        slug=slug, defaults={**fields, "parent": parent, "needs_certificate": needs_certificate}
    )
    return skill
