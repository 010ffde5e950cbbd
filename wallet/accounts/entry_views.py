"""Proving a phone, a forgotten password, and the end of an account."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.address import client_address
from config.http.serializers import NOTHING, read
from wallet.accounts import serializers as wire
from wallet.accounts.authentication import wallet_user
from wallet.accounts.usecases.close_user import close_user
from wallet.accounts.usecases.prove_phone import prove_phone
from wallet.accounts.usecases.reset_password import reset_password
from wallet.accounts.usecases.send_phone_code import send_phone_code
from wallet.accounts.values import CodePurpose


class PhoneCodesView(APIView):
    """Codes sent to phones."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="send_phone_code",
        summary="Send a code to a phone, to register, to prove it or to reset a password",
        tags=["users"],
        request=wire.PhoneCodeRequest,
        responses={202: wire.PhoneCodeAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.PhoneCodeRequest, request.data)
        expires_at = send_phone_code(
            phone=values["phone"],
            purpose=CodePurpose(values["purpose"]),
            address=client_address(request.META),
        )
        return Response(wire.PhoneCodeAnswer({"expires_at": expires_at}).data, status=202)


class PasswordResetView(APIView):
    """A forgotten password."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="reset_password",
        summary="Set a new login password with a code sent to my phone; all sessions end",
        tags=["users"],
        request=wire.ResetRequest,
        responses={204: NOTHING},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.ResetRequest, request.data)
        reset_password(**values, address=client_address(request.META))
        return Response(status=204)


class PhoneProofView(APIView):
    """Proof of my phone number."""

    @extend_schema(
        operation_id="prove_phone",
        summary="Prove my phone with the code sent to it",
        tags=["users"],
        request=wire.PhoneProofRequest,
        responses=wire.UserAnswer,
    )
    def post(self, request: Request) -> Response:
        values = read(wire.PhoneProofRequest, request.data)
        user = prove_phone(user_id=wallet_user(request).id, code=values["code"])
        return Response(wire.UserAnswer(user).data)


class ClosingView(APIView):
    """The end of my account."""

    @extend_schema(
        operation_id="close_account",
        summary="Close my account for good; it must be empty",
        tags=["users"],
        request=wire.ClosingRequest,
        responses=wire.UserAnswer,
    )
    def post(self, request: Request) -> Response:
        values = read(wire.ClosingRequest, request.data)
        return Response(
            wire.UserAnswer(close_user(user_id=wallet_user(request).id, pin=values["pin"])).data
        )
