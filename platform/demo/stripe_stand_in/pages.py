"""The hosted page and its bank: plain HTML without script, and plainly a stand-in."""

from html import escape

from demo.stripe_stand_in.store import Object

STYLE = """
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 26rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
.demo { background: #fff3c4; color: #3d2e00; padding: .75rem 1rem; border-radius: .5rem; margin: 0 0 1.5rem; }
h1 { font-size: 1.1rem; font-weight: 500; margin: 0; }
.sum { font-size: 2.25rem; font-weight: 700; margin: 0 0 1.25rem; }
label { display: block; font-weight: 600; margin: 1rem 0 .25rem; }
input { box-sizing: border-box; width: 100%; font: inherit; padding: .7rem; border: 1px solid #767676;
  border-radius: .5rem; background: Field; color: FieldText; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
button, .back { font: inherit; min-height: 2.75rem; }
button { width: 100%; margin-top: 1.5rem; padding: .75rem; border: 0; border-radius: .5rem; background: #3f3ad6;
  color: #fff; font-weight: 600; cursor: pointer; }
button.second { background: transparent; color: inherit; border: 1px solid currentColor; margin-top: .75rem; }
.tick { font-weight: 400; display: flex; gap: .75rem; align-items: center; min-height: 2.75rem; }
.tick input { width: 1.25rem; height: 1.25rem; margin: 0; }
.back { display: inline-block; padding-top: .75rem; color: inherit; }
.fault { border: 2px solid #b3261e; border-radius: .5rem; padding: .75rem 1rem; margin: 0 0 1rem; }
table { border-collapse: collapse; font-size: .9rem; margin-top: .5rem; }
td, th { text-align: left; padding: .25rem 1rem .25rem 0; font-weight: 400; }
details { margin-top: 2rem; }
:focus-visible { outline: 3px solid #3f3ad6; outline-offset: 2px; }
"""
FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title><style>{style}</style></head>
<body><main>
<p class="demo"><strong>Demo.</strong> This page stands in for Stripe's own. No money moves; please
type no real card.</p>
{body}</main></body></html>"""
CARDS = """<details{open}><summary>Cards to try</summary><table>
<tr><th scope="row"><code>4242 4242 4242 4242</code></th><td>is paid</td></tr>
<tr><th scope="row"><code>4000 0000 0000 0002</code></th><td>is declined</td></tr>
<tr><th scope="row"><code>4000 0027 6000 3184</code></th><td>the bank asks first</td></tr>
<tr><th scope="row"><code>4000 0000 0000 0259</code></th><td>is paid, then disputed</td></tr>
</table><p>Any date to come, any three digits.</p></details>"""


def payment_page(session: Object, *, fault: str = "") -> str:
    """Return the page on which the customer pays, in the way that the session has."""
    said = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    back = session["cancel_url"] or session["success_url"]
    way = session["allowed_payment_method_types"][0]
    form, hints = _FORMS[way]
    return _framed(
        "Error: payment declined" if fault else NAMES[way],
        f"""{said}<h1>{escape(session["stand_in"]["title"])}</h1>
<p class="sum">{_amount(session)}</p>
<form method="post">
{form.format(amount=_amount(session), name=NAMES[way])}</form>
<a class="back" href="{escape(back)}">Back without paying</a>
{hints.format(open=" open" if fault else "")}""",
    )


NAMES = {
    "card": "Pay by card",
    "twint": "TWINT",
    "blik": "BLIK",
    "p24": "Przelewy24",
    "eps": "EPS",
    "sepa_debit": "SEPA direct debit",
}
_CARD = """<label for="number">Card number</label>
<input id="number" name="number" inputmode="numeric" autocomplete="cc-number" required>
<div class="pair"><div><label for="expiry">Expiry (MM/YY)</label>
<input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" value="12/34" required></div>
<div><label for="cvc">Security code</label>
<input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" value="123" required></div></div>
<button>Pay {amount}</button>
"""
_CODE = """<label for="code">BLIK code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required>
<button>Pay {amount}</button>
"""
_CODES = """<details{open}><summary>Codes to try</summary><p>Any six digits are paid, for example <code>123456</code>;
<code>999999</code> is refused.</p></details>"""
_BANK = """<p>{name} asks: do you want to pay {amount}?</p>
<button name="confirmed" value="yes">Pay {amount}</button>
<button class="second" name="confirmed" value="no">Refuse the payment</button>
"""
_DEBIT = """<label for="iban">IBAN</label>
<input id="iban" name="iban" autocomplete="off" required>
<p>By paying you let us debit this account once.</p>
<button>Pay {amount}</button>
"""
_DEBITS = """<details{open}><summary>Accounts to try</summary><table>
<tr><th scope="row"><code>DE89 3704 0044 0532 0130 00</code></th><td>is paid after a minute</td></tr>
<tr><th scope="row"><code>DE62 3704 0044 0532 0130 01</code></th><td>is refused after a minute</td></tr>
</table></details>"""
# What is typed for each way to pay, and what can be tried.
_FORMS = {
    "card": (_CARD, CARDS),
    "blik": (_CODE, _CODES),
    "sepa_debit": (_DEBIT, _DEBITS),
    **dict.fromkeys(("twint", "p24", "eps"), (_BANK, "")),
}


def setup_page(link: Object) -> str:
    """Return the page on which somebody tells Stripe about themselves; what is not ticked stays wanted."""
    parts = {
        "person": "My name, date of birth and address",
        "document": "A photo of my ID",
        "bank": "My bank account",
        "terms": "I agree to the terms",
    }
    boxes = "".join(
        f'<label class="tick"><input type="checkbox" name="{name}" value="1" checked> {words}</label>'
        for name, words in parts.items()
    )
    return _framed(
        "Your account",
        f"""<h1>Set up your account</h1><p>In truth Stripe asks for these here. Leave one out to see what happens.</p>
<form method="post">{boxes}<button>Save</button></form>
<a class="back" href="{escape(link["stand_in"]["back"])}">Back without saving</a>""",
    )


def bank_page(session: Object, number: str) -> str:
    """Return the page on which the card's bank asks whether the payment is wanted."""
    return _framed(
        "Your bank asks",
        f"""<h1>Your bank asks</h1><p class="sum">{_amount(session)}</p>
<p>Did you ask for this payment?</p>
<form method="post"><input type="hidden" name="number" value="{escape(number)}">
<button name="confirmed" value="yes">Confirm the payment</button>
<button class="second" name="confirmed" value="no">Refuse the payment</button></form>""",
    )


def over_page(session: Object) -> str:
    """Return the page of a session that is paid or expired."""
    back = session["cancel_url"] or session["success_url"]
    words = "This payment is made." if session["status"] == "complete" else "This payment page has expired."
    return _framed("Over", f'<h1>{words}</h1><a class="back" href="{escape(back)}">Back to the shop</a>')


def _framed(title: str, body: str) -> str:
    return FRAME.format(title=escape(title), style=STYLE, body=body)


def _amount(session: Object) -> str:
    whole, rest = divmod(session["amount_total"], 100)
    return f"{escape(session['currency'].upper())}&nbsp;{whole}.{rest:02}"
