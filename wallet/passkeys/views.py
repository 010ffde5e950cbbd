"""The passkeys API: each view reads a request, calls one use case, writes an answer."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, key_of, once_answer, own_key
from config.http.pagination import CursorPage, page
from config.http.serializers import NOTHING, read
from wallet.accounts.authentication import wallet_user
from wallet.passkeys import queries
from wallet.passkeys import serializers as wire
from wallet.passkeys.usecases.assert_challenge import assert_challenge
from wallet.passkeys.usecases.end_passkey import revoke_passkey
from wallet.passkeys.usecases.offer_challenge import offer_challenge, signing_options
from wallet.passkeys.usecases.offer_passkey import offer_passkey
from wallet.passkeys.usecases.register_passkey import register_passkey
from wallet.payments.values import ConfirmationKind

TAGS = ["passkeys"]


class PasskeyOptionsView(APIView):
    """The first half of registering."""

    @extend_schema(
        operation_id="offer_passkey",
        summary="What my browser makes a passkey of",
        description="Good for five minutes; asking again meanwhile gives the same challenge.",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.PasskeyOptionsRequest,
        responses=wire.PasskeyOptionsAnswer,
    )
    def post(self, request: Request) -> Response:
        read(wire.PasskeyOptionsRequest, request.data)
        key_of(request)
        offer, options = offer_passkey(user_id=wallet_user(request).id)
        answer = {"expires_at": offer.expires_at, "public_key": options}
        return Response(wire.PasskeyOptionsAnswer(answer).data)


class PasskeysView(APIView):
    """My passkeys."""

    pagination_class = CursorPage

    @extend_schema(
        operation_id="list_passkeys",
        summary="My passkeys, newest first",
        tags=TAGS,
        responses=wire.PasskeyAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = queries.passkeys_of(wallet_user(request).id)
        return page(self, request, rows, wire.PasskeyAnswer)

    @extend_schema(
        operation_id="register_passkey",
        summary="Register the passkey my device made",
        description="With the PIN, for which it stands from now on. What the device checks of "
        "the person stays on the device.",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.PasskeyRequest,
        responses={201: wire.PasskeyAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.PasskeyRequest, request.data)
        key_of(request)  # A credential is registered once, whatever the key.
        passkey, replayed = register_passkey(
            user_id=wallet_user(request).id,
            pin=values["pin"],
            response=values["credential"],
            label=values["label"],
        )
        return once_answer(wire.PasskeyAnswer(passkey).data, replayed=replayed)


class PasskeyView(APIView):
    """One passkey of mine."""

    @extend_schema(
        operation_id="get_passkey",
        summary="One of my passkeys",
        tags=TAGS,
        responses=wire.PasskeyAnswer,
    )
    def get(self, request: Request, passkey_id: uuid.UUID) -> Response:
        row = queries.passkey_of(wallet_user(request).id, passkey_id)
        return Response(wire.PasskeyAnswer(row).data)

    @extend_schema(
        operation_id="revoke_passkey",
        summary="Revoke a passkey; it signs nothing any more",
        tags=TAGS,
        responses={204: NOTHING},
    )
    def delete(self, request: Request, passkey_id: uuid.UUID) -> Response:
        revoke_passkey(user_id=wallet_user(request).id, passkey_id=passkey_id)
        return Response(status=204)


class ChallengesView(APIView):
    """What is to be signed."""

    @extend_schema(
        operation_id="offer_challenge",
        summary="Have a payment or a freeze signed by a passkey",
        description="The WebAuthn challenge is the SHA-256 of `transaction`: payee, amount, "
        "currency, number and a nonce. Good for five minutes.",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.ChallengeRequest,
        responses={201: wire.ChallengeAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.ChallengeRequest, request.data)
        challenge, replayed = offer_challenge(
            user_id=wallet_user(request).id,
            key=own_key(request),
            kind=ConfirmationKind(values["kind"]),
            subject_id=values["subject_id"],
        )
        context = {"options": signing_options(challenge)}
        answer = wire.ChallengeAnswer(challenge, context=context).data
        return once_answer(answer, replayed=replayed)


class AssertView(APIView):
    """The payer's yes, signed."""

    @extend_schema(
        operation_id="assert_challenge",
        summary="Confirm with my passkey what it signed",
        description="Judged as with the PIN: limits, risk, money. A signature confirms once; "
        "after a lost answer read the payment or the authorisation.",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=wire.AssertionRequest,
        responses=wire.AssertionAnswer,
    )
    def post(self, request: Request, challenge_id: uuid.UUID) -> Response:
        values = read(wire.AssertionRequest, request.data)
        key_of(request)  # A signature is used once, whatever the key.
        challenge = assert_challenge(
            user_id=wallet_user(request).id,
            challenge_id=challenge_id,
            response=values["credential"],
        )
        return Response(wire.AssertionAnswer(challenge).data)
