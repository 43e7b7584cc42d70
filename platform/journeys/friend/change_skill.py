"""A skill of the tree is renamed or moved: never so that a commission would change with it unannounced (R21)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from skills.errors import UnableToKeepSkill
from skills.models import Skill
from skills.selectors import skill_by_id
from skills.services import change_skill
from tenants.settings.commissions import has_rate_of_category


@transaction.atomic
def rename_or_move_skill(
    *,
    skill_id: int,
    names: Mapping[str, str],
    parent_id: int | None,
    needs_certificate: bool,
    owner: int | None = None,
    who: str,
    now: datetime,
) -> Skill:
    """Change a skill of everybody's, or with ``owner`` one of a partner's own. Run on the platform.

    Raises ``Skill.DoesNotExist`` for anybody else's, or UnableToKeepSkill, also where its present or new group has a
    rate of commission: packages would get another one at once.
    """
    left = skill_by_id(skill_id).parent
    skill = change_skill(
        skill_id=skill_id,
        names=names,
        parent_id=parent_id,
        needs_certificate=needs_certificate,
        owner=owner,
        who=who,
        now=now,
    )
    if skill.parent != left:
        moved_between = [group.slug for group in (left, skill.parent) if group]
        if has_rate_of_category(moved_between, owner=owner, today=now.date()):
            fault = _("One of these groups has a commission of its own. The skill cannot be moved while it applies.")
            raise UnableToKeepSkill({"parent": fault})
    return skill
