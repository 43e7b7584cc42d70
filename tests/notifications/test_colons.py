"""A colon between a label and what it names follows the language: French keeps a space before it that never breaks."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

MAIL = {
    "heading": "",
    "paragraphs": [],
    "button": "Suivre",
    "url": "https://x.example",
    "facts": [("Forfait", "Wi-Fi")],
}


@pytest.mark.parametrize(("language", "colon"), [("fr", "\N{NO-BREAK SPACE}:"), ("de", ":"), ("en", ":")])
def test_a_plain_email_has_the_colon_of_its_language(db: None, language: str, colon: str) -> None:
    with translation.override(language):
        text = render_to_string("notifications/mail.txt", {"mail": MAIL, "sender": {"name": "", "links": []}})

    assert f"Suivre{colon}\nhttps://x.example" in text
    assert f"Forfait{colon} Wi-Fi\n" in text
