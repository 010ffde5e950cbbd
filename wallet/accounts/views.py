"""The accounts API: each view reads a request, calls one use case, writes an answer."""

import base64
import uuid
from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.address import client_address
from config.http.idempotency import (
    IDEMPOTENCY_KEY,
    answer_once,
    is_answered,
    key_of,
    once_answer,
    own_key,
)
from config.http.pagination import CursorPage, page
from config.http.serializers import NOTHING, read
from config.kernel import clock
from wallet.accounts import queries
from wallet.accounts import serializers as wire
from wallet.accounts.authentication import session_of, wallet_user
from wallet.accounts.usecases.apply_for_kyc import apply_for_kyc
from wallet.accounts.usecases.change_password import change_password
from wallet.accounts.usecases.close_session import close_session
from wallet.accounts.usecases.open_session import open_session
from wallet.accounts.usecases.prove_identity import prove_identity
from wallet.accounts.usecases.register_device import register_device
from wallet.accounts.usecases.register_user import admit_registration, register_user
from wallet.accounts.usecases.request_topup import request_topup
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.usecases.revoke_device import revoke_device
from wallet.accounts.usecases.set_pin import set_pin
from wallet.accounts.usecases.update_profile import update_profile
from wallet.ledger import queries as ledger


class UsersView(APIView):
    """Registration."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="register_user",
        summary="Register a customer",
        tags=["users"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.RegistrationRequest,
        responses={201: wire.UserAnswer},
    )
    def post(self, request: Request) -> Response:
        values = {"code": None, **read(wire.RegistrationRequest, request.data)}
        proven = False
        if not is_answered(request, endpoint="users"):
            proven = admit_registration(**values, address=client_address(request.META))
        del values["code"]
        return answer_once(
            request,
            endpoint="users",
            body={"phone": values["phone"], "name": values["name"]},
            run=lambda: (
                201,
                wire.UserAnswer(register_user(**values, phone_proven=proven)).data,
            ),
        )


class MeView(APIView):
    """The customer who asks."""

    @extend_schema(
        operation_id="get_me", summary="Who I am", tags=["users"], responses=wire.UserAnswer
    )
    def get(self, request: Request) -> Response:
        return Response(wire.UserAnswer(wallet_user(request)).data)

    @extend_schema(
        operation_id="update_me",
        summary="Change my name, my time zone, or where refunds go",
        tags=["users"],
        request=wire.ProfileRequest,
        responses=wire.UserAnswer,
    )
    def patch(self, request: Request) -> Response:
        values = read(wire.ProfileRequest, request.data)
        user = update_profile(user_id=wallet_user(request).id, **values)
        return Response(wire.UserAnswer(user).data)


class PasswordView(APIView):
    """The login password."""

    @extend_schema(
        operation_id="change_password",
        summary="Change my login password; other sessions end",
        tags=["users"],
        request=wire.PasswordRequest,
        responses={204: NOTHING},
    )
    def put(self, request: Request) -> Response:
        values = read(wire.PasswordRequest, request.data)
        change_password(
            user_id=wallet_user(request).id,
            session_id=session_of(request).id,
            address=client_address(request.META),
            **values,
        )
        return Response(status=204)


class PinView(APIView):
    """The payment PIN."""

    @extend_schema(
        operation_id="set_pin",
        summary="Set my payment PIN; unlocks a locked one",
        tags=["users"],
        request=wire.PinRequest,
        responses={204: NOTHING},
    )
    def put(self, request: Request) -> Response:
        values = read(wire.PinRequest, request.data)
        set_pin(user_id=wallet_user(request).id, address=client_address(request.META), **values)
        return Response(status=204)


class SessionsView(APIView):
    """Logins."""

    pagination_class = CursorPage

    def get_permissions(self) -> Sequence[BasePermission]:
        """Anybody may log in; only a logged-in customer sees the list."""
        return [AllowAny() if self.request.method == "POST" else IsAuthenticated()]

    @extend_schema(
        operation_id="open_session",
        summary="Log in",
        description="The token is in this answer only. Five wrong passwords lock the phone "
        "number for 15 minutes (423); thirty from one address lock the address (429).",
        tags=["sessions"],
        auth=[],
        request=wire.SessionRequest,
        responses={201: wire.OpenedSessionAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.SessionRequest, request.data)
        session, token = open_session(address=client_address(request.META), **values)
        session_facts = wire.SessionAnswer(session).data
        user = wire.UserAnswer(session.user).data
        return Response(
            {**session_facts, "token": token, "token_type": "Bearer", "user": user}, status=201
        )

    @extend_schema(
        operation_id="list_sessions",
        summary="My open sessions",
        tags=["sessions"],
        responses=wire.SessionAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = queries.live_sessions(wallet_user(request).id, at=clock.now())
        return page(self, request, rows, wire.SessionAnswer)


class SessionView(APIView):
    """One login."""

    @extend_schema(
        operation_id="close_session",
        summary="End one of my sessions",
        tags=["sessions"],
        responses={204: NOTHING},
    )
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        close_session(user_id=wallet_user(request).id, session_id=session_id)
        return Response(status=204)


class CurrentSessionView(APIView):
    """The login the request came with."""

    @extend_schema(
        operation_id="close_current_session",
        summary="Log out",
        tags=["sessions"],
        responses={204: NOTHING},
    )
    def delete(self, request: Request) -> Response:
        close_session(user_id=wallet_user(request).id, session_id=session_of(request).id)
        return Response(status=204)


class WalletView(APIView):
    """Balance and limits."""

    @extend_schema(
        operation_id="get_wallet",
        summary="My balance and limits",
        tags=["wallet"],
        responses=wire.WalletAnswer,
    )
    def get(self, request: Request) -> Response:
        user = wallet_user(request)
        balance = ledger.balance(user.available_account_id)
        answer = {
            **balance._asdict(),
            "user_id": user.user_number,
            "state": user.state,
            "limits": queries.limits(user.id),
        }
        return Response(wire.WalletAnswer(answer).data)


class StatementView(APIView):
    """What moved in the wallet."""

    @extend_schema(
        operation_id="list_statement",
        summary="My statement, newest first",
        tags=["wallet"],
        parameters=[wire.StatementRequest],
        responses=wire.StatementAnswer,
    )
    def get(self, request: Request) -> Response:
        values = read(wire.StatementRequest, request.query_params)
        statement = ledger.statement(wallet_user(request).available_account_id, **values)
        return Response(wire.StatementAnswer(statement).data)


class TopupsView(APIView):
    """Money from the bank."""

    pagination_class = CursorPage

    @extend_schema(
        operation_id="request_topup",
        summary="Top up from my bank",
        description="The bank answers later: poll the top-up or read the statement.",
        tags=["wallet"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.AmountRequest,
        responses={201: wire.TopupAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.AmountRequest, request.data)
        topup, replayed = request_topup(
            user_id=wallet_user(request).id, key=own_key(request), **values
        )
        return once_answer(wire.TopupAnswer(topup).data, replayed=replayed)

    @extend_schema(
        operation_id="list_topups",
        summary="My top-ups",
        tags=["wallet"],
        responses=wire.TopupAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = queries.topups(wallet_user(request).id)
        return page(self, request, rows, wire.TopupAnswer)


class TopupView(APIView):
    """One top-up."""

    @extend_schema(
        operation_id="get_topup",
        summary="One of my top-ups",
        tags=["wallet"],
        responses=wire.TopupAnswer,
    )
    def get(self, request: Request, topup_id: uuid.UUID) -> Response:
        return Response(wire.TopupAnswer(queries.topup(wallet_user(request).id, topup_id)).data)


class WithdrawalsView(APIView):
    """Money to the bank."""

    pagination_class = CursorPage

    @extend_schema(
        operation_id="request_withdrawal",
        summary="Withdraw to my bank",
        description="From 50,000.00 yuan on the money is held and the withdrawal waits in REVIEW.",
        tags=["wallet"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.WithdrawalRequest,
        responses={201: wire.WithdrawalAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.WithdrawalRequest, request.data)
        withdrawal, replayed = request_withdrawal(
            user_id=wallet_user(request).id, key=own_key(request), **values
        )
        return once_answer(wire.WithdrawalAnswer(withdrawal).data, replayed=replayed)

    @extend_schema(
        operation_id="list_withdrawals",
        summary="My withdrawals",
        tags=["wallet"],
        responses=wire.WithdrawalAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = queries.withdrawals(wallet_user(request).id)
        return page(self, request, rows, wire.WithdrawalAnswer)


class WithdrawalView(APIView):
    """One withdrawal."""

    @extend_schema(
        operation_id="get_withdrawal",
        summary="One of my withdrawals",
        tags=["wallet"],
        responses=wire.WithdrawalAnswer,
    )
    def get(self, request: Request, withdrawal_id: uuid.UUID) -> Response:
        withdrawal = queries.withdrawal(wallet_user(request).id, withdrawal_id)
        return Response(wire.WithdrawalAnswer(withdrawal).data)


class KycView(APIView):
    """Where the verification stands."""

    @extend_schema(
        operation_id="get_kyc",
        summary="My verification and its limits",
        tags=["kyc"],
        responses=wire.KycAnswer,
    )
    def get(self, request: Request) -> Response:
        user = wallet_user(request)
        answer = {
            "state": queries.kyc_state(user),
            "tier": user.kyc_tier,
            "limits": queries.limits(user.id),
        }
        return Response(wire.KycAnswer(answer).data)


class IdentityProofsView(APIView):
    """One signed bit for the health code."""

    @extend_schema(
        operation_id="prove_identity",
        summary="A proof that an identity card is mine, to be carried to the health code",
        tags=["kyc"],
        request=wire.IdentityProofRequest,
        responses={201: wire.IdentityProofAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.IdentityProofRequest, request.data)
        proof, expires_at = prove_identity(user_id=wallet_user(request).id, **values)
        answer = {"identity_proof": proof, "expires_at": expires_at}
        return Response(wire.IdentityProofAnswer(answer).data, status=201)


class ApplicationsView(APIView):
    """Applications for verification."""

    pagination_class = CursorPage

    @extend_schema(
        operation_id="apply_for_kyc",
        summary="Apply for a higher tier",
        tags=["kyc"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.KycRequest,
        responses={201: wire.ApplicationAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.KycRequest, request.data)
        user_id = wallet_user(request).id
        return answer_once(
            request,
            endpoint="kyc/applications",
            body={"tier": values["tier"], "legal_name": values["legal_name"]},
            run=lambda: (
                201,
                wire.ApplicationAnswer(apply_for_kyc(user_id=user_id, **values)).data,
            ),
        )

    @extend_schema(
        operation_id="list_kyc_applications",
        summary="My applications",
        tags=["kyc"],
        responses=wire.ApplicationAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = queries.applications(wallet_user(request).id)
        return page(self, request, rows, wire.ApplicationAnswer)


class ApplicationView(APIView):
    """One application."""

    @extend_schema(
        operation_id="get_kyc_application",
        summary="One of my applications",
        tags=["kyc"],
        responses=wire.ApplicationAnswer,
    )
    def get(self, request: Request, application_id: uuid.UUID) -> Response:
        rows = queries.applications(wallet_user(request).id).filter(id=application_id)
        return Response(wire.ApplicationAnswer(queries.own(rows)).data)


class DevicesView(APIView):
    """Phones that make payment codes."""

    pagination_class = CursorPage

    @extend_schema(
        operation_id="register_device",
        summary="Register a phone and get its key, once",
        description="The same Idempotency-Key gives the same device and key again.",
        tags=["devices"],
        parameters=[IDEMPOTENCY_KEY],
        request=wire.DeviceRequest,
        responses={201: wire.RegisteredDeviceAnswer},
    )
    def post(self, request: Request) -> Response:
        values = read(wire.DeviceRequest, request.data)
        device, secret, replayed = register_device(
            user_id=wallet_user(request).id, key=key_of(request), **values
        )
        text = base64.urlsafe_b64encode(secret).decode().rstrip("=")
        answer = {**wire.DeviceAnswer(device).data, "key": text}
        return once_answer(answer, replayed=replayed)

    @extend_schema(
        operation_id="list_devices",
        summary="My phones",
        tags=["devices"],
        responses=wire.DeviceAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = queries.live_devices(wallet_user(request).id)
        return page(self, request, rows, wire.DeviceAnswer)


class DeviceView(APIView):
    """One phone."""

    @extend_schema(
        operation_id="get_device",
        summary="One of my phones",
        tags=["devices"],
        responses=wire.DeviceAnswer,
    )
    def get(self, request: Request, device_id: uuid.UUID) -> Response:
        rows = queries.devices(wallet_user(request).id).filter(id=device_id)
        return Response(wire.DeviceAnswer(queries.own(rows)).data)

    @extend_schema(
        operation_id="revoke_device",
        summary="Revoke a phone; its payment codes stop working",
        tags=["devices"],
        responses={204: NOTHING},
    )
    def delete(self, request: Request, device_id: uuid.UUID) -> Response:
        revoke_device(user_id=wallet_user(request).id, device_id=device_id)
        return Response(status=204)
