"""An order that an app's server signs and its payer's wallet opens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from config.kernel.errors import required
from merchants.consents.values import Scope
from merchants.funds.models import TransferBatch
from merchants.funds.values import BatchState
from merchants.gateway.errors import Words
from merchants.gateway.schema import Call, Form
from merchants.protocol.formats import CURRENCY, yuan
from wallet import public as wallet


@dataclass(frozen=True, slots=True)
class AppOrder:
    """An order as the payer is shown it: a payment, an authorisation or transfers that wait.

    `waits` is False once it is paid or given.
    """

    method: str
    payment: wallet.PaymentView | None = None
    freeze: wallet.HoldOutcome | None = None
    batch: TransferBatch | None = None

    @property
    def waits(self) -> bool:
        """Whether the payer is still to agree."""
        if self.payment is not None:
            return self.payment.status is wallet.PaymentStatus.PENDING
        if self.batch is not None:
            return self.batch.state == BatchState.WAITING
        hold = self.freeze
        return hold is not None and hold.operation.status is wallet.OperationStatus.INIT

    def shown(self) -> dict[str, object]:
        """What the payer is told: who asks for what, and what is to be confirmed."""
        payment, freeze = self.payment, self.freeze
        if payment is not None:
            names = (payment.reference, payment.payee_name, payment.description)
            amount_minor = payment.amount_minor
        elif self.batch is not None:
            batch = self.batch
            names = (batch.reference, batch.merchant.name, batch.title)
            amount_minor = batch.total_minor
        else:
            hold = required(freeze, "an app order is one or the other")
            authorisation = hold.authorisation
            names = (authorisation.reference, authorisation.payee_name, authorisation.title)
            amount_minor = hold.operation.amount_minor
        return {
            "method": self.method,
            "order": names[0],
            "merchant_name": names[1],
            "description": names[2],
            "amount": yuan(amount_minor),
            "currency": CURRENCY,
            "payment_id": str(payment.id) if payment else None,
            "authorisation_id": str(freeze.authorisation.id) if freeze else None,
            "texts": wallet.payer_texts(payment.details) if payment else {},
            "waits": self.waits,
        }


@dataclass(frozen=True, slots=True)
class AppMethod:
    """A method that only apps use: its form, how an order is opened for a payer, its words.

    `scope` is as in `Method`.
    """

    name: str
    form: type[Form]
    open: Callable[[Call, Any, Any], AppOrder]
    words: Words
    scope: Scope | None
