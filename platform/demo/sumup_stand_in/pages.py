"""The hosted page and the screen of a reader: plain HTML without script, and plainly a stand-in."""

from html import escape

from demo.sumup_stand_in.store import Object

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
button { width: 100%; min-height: 2.75rem; margin-top: 1.5rem; padding: .75rem; border: 0; border-radius: .5rem;
  background: #0f131a; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
@media (prefers-color-scheme: dark) { button { background: #e8ecf2; color: #0f131a; } }
button.second { background: transparent; color: inherit; border: 1px solid currentColor; margin-top: .75rem; }
a { display: inline-block; padding-top: .75rem; color: inherit; }
.fault { border: 2px solid #b3261e; border-radius: .5rem; padding: .75rem 1rem; margin: 0 0 1rem; }
table { border-collapse: collapse; font-size: .9rem; margin-top: .5rem; }
td, th { text-align: left; padding: .25rem 1rem .25rem 0; font-weight: 400; }
details { margin-top: 2rem; }
:focus-visible { outline: 3px solid #3063e9; outline-offset: 2px; }
"""
FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title><style>{style}</style></head>
<body><main>
<p class="demo"><strong>Demo.</strong> This page stands in for SumUp. No money moves; please type no real card.</p>
{body}</main></body></html>"""
CARDS = """<details{open}><summary>Cards to try</summary><table>
<tr><th scope="row"><code>4242 4242 4242 4242</code></th><td>is paid</td></tr>
<tr><th scope="row"><code>4000 0000 0000 0002</code></th><td>is declined</td></tr>
<tr><th scope="row"><code>4000 0000 0000 0259</code></th><td>is paid, then charged back</td></tr>
</table><p>Any date to come, any three digits.</p></details>"""


def payment_page(checkout: Object, *, fault: str = "") -> str:
    """Return the page on which a card is typed."""
    said = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    sum_ = _amount(checkout["amount"], checkout["currency"])
    return _framed(
        "Error: payment declined" if fault else "Pay by card",
        f"""{said}<h1>{escape(checkout["description"])}</h1>
<p class="sum">{sum_}</p>
<form method="post">
<label for="number">Card number</label>
<input id="number" name="number" inputmode="numeric" autocomplete="cc-number" required>
<div class="pair"><div><label for="expiry">Expiry (MM/YY)</label>
<input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" value="12/34" required></div>
<div><label for="cvc">Security code</label>
<input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" value="123" required></div></div>
<button>Pay {sum_}</button>
</form>
{CARDS.format(open=" open" if fault else "")}""",
    )


def over_page(checkout: Object) -> str:
    """Return the page of a checkout that is paid or expired."""
    words = "This payment is made." if checkout["status"] == "PAID" else "This payment link has expired."
    return _framed("Over", f'<h1>{words}</h1><a href="{escape(checkout["redirect_url"])}">Go on</a>')


def reader_page(reader: Object) -> str:
    """Return the screen of a reader, with the card that a customer would hold to it."""
    asked = reader["asked"]
    if asked is None:
        return _framed(reader["name"], f'<h1>{escape(reader["name"])}</h1><p class="sum">Ready</p>')
    amount = asked["total_amount"]
    return _framed(
        reader["name"],
        f"""<h1>{escape(asked["description"])}</h1>
<p class="sum">{_amount(amount["value"] / 100, amount["currency"])}</p>
<form method="post"><button name="tap" value="SUCCESSFUL">Hold a card to it that is paid</button>
<button class="second" name="tap" value="FAILED">Hold a card to it that is declined</button></form>""",
    )


def _framed(title: str, body: str) -> str:
    return FRAME.format(title=escape(title), style=STYLE, body=body)


def _amount(amount: float, currency: str) -> str:
    return f"{escape(currency)}&nbsp;{amount:.2f}"
