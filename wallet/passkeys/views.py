"""The passkeys API: each view reads a request, calls one use case, writes an answer."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, key_of, own_key
from config.http.operations import Operations
from config.http.pagination import CursorPage
from wallet.accounts.authentication import wallet_user
from wallet.passkeys import queries
from wallet.passkeys import serializers as wire
from wallet.passkeys.usecases.assert_challenge import assert_challenge
from wallet.passkeys.usecases.end_passkey import revoke_passkey
from wallet.passkeys.usecases.offer_challenge import offer_challenge
from wallet.passkeys.usecases.offer_passkey import offer_passkey
from wallet.passkeys.usecases.register_passkey import register_passkey
from wallet.payments.values import ConfirmationKind

operation = Operations("passkeys")


class PasskeyOptionsView(APIView):
    """The first half of registering."""

    @operation(
        "offer_passkey",
        takes=wire.PasskeyOptionsRequest,
        gives=wire.PasskeyOptionsAnswer,
        parameters=[IDEMPOTENCY_KEY],
        summary="What my browser makes a passkey of",
        description="Good for five minutes; asking again meanwhile gives the same challenge.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        key_of(request)
        offer, options = offer_passkey(user_id=wallet_user(request).id)
        return {"expires_at": offer.expires_at, "public_key": options}


class PasskeysView(APIView):
    """My passkeys."""

    pagination_class = CursorPage

    @operation(
        "list_passkeys", gives=wire.PasskeyAnswer, paged=True, summary="My passkeys, newest first"
    )
    def get(self, request: Request) -> Any:
        return queries.passkeys_of(wallet_user(request).id)

    @operation(
        "register_passkey",
        takes=wire.PasskeyRequest,
        gives=wire.PasskeyAnswer,
        status=201,
        once=True,
        summary="Register the passkey my device made",
        description="With the PIN, for which it stands from now on. What the device checks of "
        "the person stays on the device.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        key_of(request)  # A credential is registered once, whatever the key.
        return register_passkey(
            user_id=wallet_user(request).id, response=values.pop("credential"), **values
        )


class PasskeyView(APIView):
    """One passkey of mine."""

    @operation("get_passkey", gives=wire.PasskeyAnswer, summary="One of my passkeys")
    def get(self, request: Request, passkey_id: uuid.UUID) -> Any:
        return queries.passkey_of(wallet_user(request).id, passkey_id)

    @operation("revoke_passkey", status=204, summary="Revoke a passkey; it signs nothing any more")
    def delete(self, request: Request, passkey_id: uuid.UUID) -> Any:
        return revoke_passkey(user_id=wallet_user(request).id, passkey_id=passkey_id)


class ChallengesView(APIView):
    """What is to be signed."""

    @operation(
        "offer_challenge",
        takes=wire.ChallengeRequest,
        gives=wire.ChallengeAnswer,
        status=201,
        once=True,
        summary="Have a payment or a freeze signed by a passkey",
        description="The WebAuthn challenge is the SHA-256 of `transaction`: payee, amount, "
        "currency, number and a nonce. Good for five minutes.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return offer_challenge(
            user_id=wallet_user(request).id,
            key=own_key(request),
            kind=ConfirmationKind(values["kind"]),
            subject_id=values["subject_id"],
        )


class AssertView(APIView):
    """The payer's yes, signed."""

    @operation(
        "assert_challenge",
        takes=wire.AssertionRequest,
        gives=wire.AssertionAnswer,
        parameters=[IDEMPOTENCY_KEY],
        summary="Confirm with my passkey what it signed",
        description="Judged as with the PIN: limits, risk, money. A signature confirms once; "
        "after a lost answer read the payment or the authorisation.",
    )
    def post(self, request: Request, values: dict[str, Any], challenge_id: uuid.UUID) -> Any:
        key_of(request)  # A signature is used once, whatever the key.
        return assert_challenge(
            user_id=wallet_user(request).id,
            challenge_id=challenge_id,
            response=values["credential"],
        )
