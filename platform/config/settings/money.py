"""Stripe, SumUp, payouts, cash, and the tax office."""

from config.settings.core import DEMO, env

# Card payments are offered where there is a key. `make run` brings a key, and a server that stands in for Stripe.
STRIPE_KEY = env("QUARTETT_STRIPE_KEY", default="")
STRIPE_WEBHOOK_SECRET = env("QUARTETT_STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API = env("QUARTETT_STRIPE_API", default="https://api.stripe.com")
STRIPE_PAGES = env.list("QUARTETT_STRIPE_PAGES", default=["https://checkout.stripe.com", "https://connect.stripe.com"])
# Card payments on site. A merchant account at SumUp has one currency; each is named with its code.
SUMUP_KEY = env("QUARTETT_SUMUP_KEY", default="")
SUMUP_MERCHANTS = env.dict("QUARTETT_SUMUP_MERCHANTS", default={})
SUMUP_API = env("QUARTETT_SUMUP_API", default="https://api.sumup.com")
SUMUP_PAGES = env("QUARTETT_SUMUP_PAGES", default="https://checkout.sumup.com")
# With which application card readers are asked: its id and its affiliate key.
SUMUP_AFFILIATE = env("QUARTETT_SUMUP_AFFILIATE", default="")
# By whom cards are taken on site in a country, where the partner says nothing else; elsewhere SumUp comes first.
ON_SITE_PROVIDERS = env.dict("QUARTETT_ON_SITE_PROVIDERS", default={})
# From where friends are paid: an IBAN and the bank's BIC for each currency, CHF=IBAN/BIC,EUR=IBAN/BIC. The demo has the
# samples of the IBANs' registry.
_SAMPLE_ACCOUNTS = {
    "CHF": "CH9300762011623852957/POFICHBEXXX",
    "EUR": "DE89370400440532013000/COBADEFFXXX",
    "PLN": "PL61109010140000071219812874/WBKPPLPPXXX",
}
PAYOUT_ACCOUNTS = env.dict("QUARTETT_PAYOUT_ACCOUNTS", default=_SAMPLE_ACCOUNTS if DEMO else {})
# Who pays, as bank statements and files name it.
PAYOUT_SENDER = env("QUARTETT_PAYOUT_SENDER", default="Quartett")
# So many days after they have earned it friends have their money, or an alarm stands on the operators' desk.
PAYOUT_PROMISED_DAYS = env.int("QUARTETT_PAYOUT_PROMISED_DAYS", default=14)
# So many days after an invoice to a partner was due they are reminded of it; an empty list is never.
PARTNER_REMINDER_DAYS = sorted(env.list("QUARTETT_PARTNER_REMINDER_DAYS", cast=int, default=[7, 21, 35]))

# Whose debt from cash is above this, in whole units of each currency, is only offered cashless jobs until it is less.
# A currency that is left out has no limit.
CASH_LIMITS = {
    currency: int(limit)
    for currency, limit in env.dict("QUARTETT_CASH_LIMITS", default={"CHF": "500", "EUR": "500", "PLN": "2000"}).items()
}
# Who reports friends' earnings to which tax office (DAC7), as JSON: name, country (of the Union, where the platform is
# registered for it), tin, street, postal_code, town; residence where the platform sits elsewhere, business_name. The
# invoices to partners, and to friends who sell, are in its name and address too; vat_id stands on them, and
# is_small_business leaves VAT off the invoices to partners.
_SAMPLE_OPERATOR = {
    "name": "Quartett Demo GmbH",
    "country": "DE",
    "tin": "26954371827",
    "street": "Musterstrasse 1",
    "postal_code": "10115",
    "town": "Berlin",
    "business_name": "Quartett",
}
TAX_OPERATOR = env.json("QUARTETT_TAX_OPERATOR", default=_SAMPLE_OPERATOR if DEMO else {})
# The function that asks a register about a VAT id whose form is right; crowd.vat.ask_vies asks the European Union's.
VAT_CHECK = env("QUARTETT_VAT_CHECK", default="crowd.vat.not_asked")
VIES_URL = env("QUARTETT_VIES_URL", default="https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number")
