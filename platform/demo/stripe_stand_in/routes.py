"""Which request does what: paths of the API, the library's parameters that it takes, and the act."""

from collections.abc import Callable

from demo.stripe_stand_in.acts import (
    Service,
    close_dispute,
    create_refund,
    create_session,
    expire_session,
    list_movements,
    session_by_id,
    update_dispute,
)
from demo.stripe_stand_in.connect import (
    account_by_id,
    create_account,
    create_link,
    create_transfer,
    list_transfers,
    reverse_transfer,
)
from demo.stripe_stand_in.errors import Refused
from demo.stripe_stand_in.store import Object

Act = Callable[..., Object]
# Path below /v1/ with ``*`` for an id, module and class of the library's parameters, what is done.
WRITES: tuple[tuple[str, str, str, Act], ...] = (
    ("checkout/sessions", "checkout._session_create_params", "SessionCreateParams", create_session),
    ("checkout/sessions/*/expire", "checkout._session_expire_params", "SessionExpireParams", expire_session),
    ("refunds", "_refund_create_params", "RefundCreateParams", create_refund),
    ("disputes/*", "_dispute_update_params", "DisputeUpdateParams", update_dispute),
    ("disputes/*/close", "_dispute_close_params", "DisputeCloseParams", close_dispute),
    ("accounts", "_account_create_params", "AccountCreateParams", create_account),
    ("account_links", "_account_link_create_params", "AccountLinkCreateParams", create_link),
    ("transfers", "_transfer_create_params", "TransferCreateParams", create_transfer),
    ("transfers/*/reversals", "_transfer_create_reversal_params", "TransferCreateReversalParams", reverse_transfer),
)
LISTS: tuple[tuple[str, str, str, Act], ...] = (
    ("balance_transactions", "_balance_transaction_list_params", "BalanceTransactionListParams", list_movements),
    ("transfers", "_transfer_list_params", "TransferListParams", list_transfers),
)
READS: tuple[tuple[str, str, str, str], ...] = (
    ("checkout/sessions/*", "checkout._session_retrieve_params", "SessionRetrieveParams", "checkout.session"),
    ("payment_intents/*", "_payment_intent_retrieve_params", "PaymentIntentRetrieveParams", "payment_intent"),
    ("refunds/*", "_refund_retrieve_params", "RefundRetrieveParams", "refund"),
    ("disputes/*", "_dispute_retrieve_params", "DisputeRetrieveParams", "dispute"),
    ("accounts/*", "_account_retrieve_params", "AccountRetrieveParams", "account"),
    ("transfers/*", "_transfer_retrieve_params", "TransferRetrieveParams", "transfer"),
    ("events/*", "_event_retrieve_params", "EventRetrieveParams", "event"),
)


def read(service: Service, kind: str, name: str, expand: list[str]) -> Object:
    """Return an object, with the objects it points to where ``expand`` names them."""
    readers = {"checkout.session": session_by_id, "account": account_by_id}
    found = readers[kind](service, name) if kind in readers else service.store.get(kind, name)
    for field in expand:
        kind_of = {"payment_intent": "payment_intent", "latest_charge": "charge", "charge": "charge"}.get(field)
        if kind_of is None:
            raise Refused(400, f"This property cannot be expanded ({field}).", param="expand")
        if found.get(field):
            found[field] = service.store.get(kind_of, found[field])
    return found
