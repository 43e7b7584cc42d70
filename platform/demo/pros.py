"""Some pros in two countries: insured ones with a certificate, and one each who waits for an operator's answer."""

from datetime import datetime, timedelta
from io import BytesIO

from django.db import transaction
from PIL import Image, ImageDraw

from crowd.certificates import issue_by_operator
from crowd.documents import DocumentFile, approve_document
from crowd.models import Friend
from crowd.pros import approve_pro, ask_to_be_pro, enable_pros, pro_countries
from crowd.selectors import certificates_of
from crowd.states import Grade

WHO = "Demo"
# Of the right shape with the right check digit, and too regular to be given out.
VAT_IDS = {
    "CH": ("CHE111111118", "CHE222222225", "CHE333333332", "CHE555555557"),
    "DE": ("DE111111117", "DE222222220", "DE333333339", "DE444444443"),
}
INSURED = timedelta(days=300)
# Soon enough for the app to offer a renewal, and not so soon that mails go out.
CERTIFIED = timedelta(days=45)


@transaction.atomic
def plant_pros(*, now: datetime) -> int:
    """Plant the pros unless a country has some; return how many were planted."""
    if pro_countries().exists():
        return 0
    planted = 0
    for country, vat_ids in VAT_IDS.items():
        enable_pros(country=country, who=WHO, now=now)
        friends = Friend.objects.filter(country=country).order_by("email")[: len(vat_ids)]
        for friend, vat_id in zip(friends, vat_ids, strict=True):
            _plant(friend, vat_id, is_approved=vat_id != vat_ids[-1], now=now)
            planted += 1
    return planted


def _plant(friend: Friend, vat_id: str, *, is_approved: bool, now: datetime) -> None:
    check = ask_to_be_pro(
        friend_id=friend.pk,
        company=f"{friend.last_name} Technik (Demo)",
        country=friend.country,
        vat_id=vat_id,
        vat_checked_at=None,
        insurer="Versicherung (Demo)",
        policy_number=vat_id[-4:],
        insured_until=(now + INSURED).date(),
        file=_document_file(),
        now=now,
    )
    if not is_approved:
        return
    approve_document(check_id=check.pk, who=WHO, now=now)
    approve_pro(friend_id=friend.pk, who=WHO, now=now)
    issue_by_operator(
        friend_id=friend.pk,
        skill_id=certificates_of(friend.pk, today=now.date())[0].skill_id,
        grade=Grade.PRO,
        valid_from=None,
        valid_until=(now + CERTIFIED).date(),
        who=WHO,
        why="Demo",
        now=now,
    )


def _document_file() -> DocumentFile:
    picture, made = Image.new("RGB", (640, 240), "white"), BytesIO()
    ImageDraw.Draw(picture).text((40, 100), "Demo: this is no real proof of insurance.", fill="black", font_size=24)
    picture.save(made, "JPEG")
    return DocumentFile(made.getvalue(), ".jpg")
