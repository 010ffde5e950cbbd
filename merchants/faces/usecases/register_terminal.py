"""Register a face terminal in a store."""

import uuid

from django.db import IntegrityError, transaction

from config.kernel import transactions
from config.kernel.audit.chain import record
from merchants.faces import rules
from merchants.faces.models import FaceTerminal
from merchants.onboarding.queries import store as store_of


@transactions.atomic_retry
def register_terminal(
    *, store_id: uuid.UUID, owner_id: uuid.UUID, serial: str, vendor: str, public_key: str
) -> FaceTerminal:
    """Tell us of a terminal; an operator certifies it before it is believed.

    The same terminal again is returned unchanged.

    Args:
        store_id: where it stands.
        owner_id: the merchant's owner, who asks.
        serial: the maker's number for it.
        vendor: the maker.
        public_key: of the pair inside it (PEM): P-256, or RSA of at least 2048 bits.

    Raises:
        StoreNotFound: there is no such store, or it is somebody else's.
        rules.TerminalKeyUnfit: no such key.
        rules.TerminalTaken: another terminal has this number.
    """
    store = store_of(store_id, owner_id=owner_id)
    key = rules.terminal_key(public_key)
    terminal = FaceTerminal.objects.filter(serial=serial).first()
    if terminal is not None:
        if terminal.store_id != store.id or terminal.public_key != key:
            raise rules.TerminalTaken(field="serial")
        return terminal
    try:
        with transaction.atomic():
            created = FaceTerminal.objects.create(
                store=store, serial=serial, vendor=vendor, public_key=key
            )
    except IntegrityError as error:
        raise rules.TerminalTaken(field="serial") from error
    record(
        action="face_terminal.registered",
        actor=f"user:{owner_id}",
        target=f"face_terminal:{serial}",
        purpose="paying by face",
        after={"store": str(store.id), "vendor": vendor},
    )
    return created
