"""What tests of joining need: documents, pictures, and the four steps of signing up."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from crowd.documents import DocumentFile
from skills.models import Skill
from tests.responses import Response

PDF = b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
DOCUMENT = DocumentFile(PDF, ".pdf")
PASSWORD = "a-long-new-password"
HOME = {"country": "DE", "postal_code": "10115", "radius_km": "15", "travel_mode": "bicycle"}
ACCOUNT = {
    "first_name": "Nele",
    "last_name": "Neu",
    "born_on": "1995-05-05",
    "email": "Nele@friends.example",
    "phone": "030 7654321",
    "password": PASSWORD,
    "language": "en",
}


def picture(kind: str = "PNG", size: tuple[int, int] = (90, 60), name: str = "document.png") -> SimpleUploadedFile:
    """Return an upload that holds a picture, whatever its name says."""
    out = BytesIO()
    Image.new("RGB", size, "#336699").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue())


def upload(content: bytes = PDF, name: str = "document.pdf") -> SimpleUploadedFile:
    """Return an upload of these bytes."""
    return SimpleUploadedFile(name, content)


def stranger() -> Client:
    """Return somebody on the platform host who is not signed in."""
    return Client(headers={"host": "app.localhost"})


def skills_and_languages(**changed: Any) -> dict[str, Any]:
    """Return what is posted in the third step."""
    skills = [str(Skill.objects.get(slug="wifi").pk)]
    return {"languages": ["de", "en"], "skill_ids": skills, "free_week": ["2", "5"]} | changed


def join(client: Client, *, partner: str = "", **steps: dict[str, Any]) -> Response:
    """Go through the steps of signing up, or differently where ``steps`` says so; return the last answer."""
    client.get("/en/join/", {"partner": partner} if partner else {})
    filled: dict[str, dict[str, Any]] = {
        "home": HOME,
        "account": ACCOUNT,
        "skills": skills_and_languages(),
        "communities": {"communities": ["nord"], "in_shared_crowd": "on"},
    }
    answer = Response()
    for step, values in (filled | steps).items():
        answer = client.post(f"/en/join/{step}/", values)
        assert answer.status_code == 302, answer.content.decode()
    return answer
