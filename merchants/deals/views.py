"""The deals API: offers, what buyers take of them, and what moves it."""

import uuid
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, answer_once
from config.http.serializers import read
from merchants.deals import queries, rules
from merchants.deals import serializers as shapes
from merchants.deals.carrier_signature import CarrierSignature
from merchants.deals.models import Deal, Offer
from merchants.deals.usecases.move_deal import move_deal
from merchants.deals.usecases.move_due import decide_lot
from merchants.deals.usecases.publish_offer import NewOffer, publish_offer
from merchants.deals.usecases.refund_deal import answer_request, ask_refund, refund_deal
from merchants.deals.usecases.take_offer import pay_balance, take_offer
from merchants.deals.usecases.track_parcel import ParcelWord, receive_event, ship
from merchants.deals.usecases.try_proof import try_proof
from merchants.deals.usecases.unlock import issue_prescription, redeem_entitlement
from merchants.deals.values import DealParty, ParcelState
from merchants.onboarding.callers import actor, caller_id
from wallet import public as wallet

TAGS = ["deals"]


def _shown(request: Request, deal_id: uuid.UUID, *, status: int = 200) -> Response:
    caller = caller_id(request)
    row = queries.deal_of(deal_id, caller_id=caller)
    return Response(shapes.DealSerializer(row, context={"caller_id": caller}).data, status=status)


def _check_side(request: Request, deal_id: uuid.UUID, side: DealParty) -> None:
    if queries.party_of(deal_id, caller_id=caller_id(request)) is not side:
        raise rules.DealNotYours()


class Offers(generics.ListAPIView[Offer]):
    """Offers of the caller's merchants."""

    serializer_class = shapes.OfferSerializer

    def get_queryset(self) -> QuerySet[Offer]:
        return queries.offers_of(caller_id(self.request))

    @extend_schema(operation_id="list_offers", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="publish_offer",
        tags=TAGS,
        request=shapes.OfferRequest,
        responses={201: shapes.OfferSerializer},
        description="Once for the merchant's reference. The policy decides what moves a deal.",
    )
    def post(self, request: Request) -> Response:
        values = read(shapes.OfferRequest, request.data)
        row = publish_offer(
            merchant_number=values["merchant_id"],
            owner_id=caller_id(request),
            new=NewOffer(**shapes.offer_values(values)),
        )
        return Response(shapes.OfferSerializer(row).data, status=HTTPStatus.CREATED)


class OneOffer(APIView):
    """One offer, for anybody who is signed in."""

    @extend_schema(operation_id="read_offer", tags=TAGS, responses=shapes.OfferSerializer)
    def get(self, request: Request, offer_id: uuid.UUID) -> Response:
        return Response(shapes.OfferSerializer(queries.offer(offer_id)).data)


class CancelLot(APIView):
    """The seller gives a lot up."""

    @extend_schema(
        operation_id="cancel_lot",
        tags=TAGS,
        request=None,
        responses=shapes.OfferSerializer,
        description="Everybody gets all back, deposits too.",
    )
    def post(self, request: Request, offer_id: uuid.UUID) -> Response:
        if queries.offer(offer_id).merchant.owner_id != caller_id(request):
            raise rules.OfferUnknown()
        decide_lot(offer_id=offer_id, cancel=True)
        return Response(shapes.OfferSerializer(queries.offer(offer_id)).data)


class Deals(generics.ListAPIView[Deal]):
    """The caller's deals, as buyer or as seller."""

    serializer_class = shapes.DealSerializer

    def get_queryset(self) -> QuerySet[Deal]:
        return queries.deals_of(caller_id(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "caller_id": caller_id(self.request)}

    @extend_schema(operation_id="list_deals", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="take_offer",
        tags=TAGS,
        request=shapes.DealRequest,
        responses={201: shapes.DealSerializer},
        description="Once for the buyer's reference. Its payment waits in the payments API.",
    )
    def post(self, request: Request) -> Response:
        values = read(shapes.DealRequest, request.data)
        deal = take_offer(buyer_id=caller_id(request), **values)
        return _shown(request, deal.id, status=HTTPStatus.CREATED)


class OneDeal(APIView):
    """One deal with its timeline."""

    @extend_schema(operation_id="read_deal", tags=TAGS, responses=shapes.DealSerializer)
    def get(self, request: Request, deal_id: uuid.UUID) -> Response:
        return _shown(request, deal_id)


class DealPayments(APIView):
    """The balance of a staged deal."""

    @extend_schema(
        operation_id="pay_deal_balance",
        tags=TAGS,
        request=None,
        responses={201: shapes.DealSerializer},
        description="In the balance's window alone: 409 before, 410 after.",
    )
    def post(self, request: Request, deal_id: uuid.UUID) -> Response:
        _check_side(request, deal_id, DealParty.BUYER)
        pay_balance(deal_id=deal_id)
        return _shown(request, deal_id, status=HTTPStatus.CREATED)


class DealMoves(APIView):
    """Moves of a deal's policy."""

    @extend_schema(
        operation_id="move_deal",
        tags=TAGS,
        request=shapes.MoveRequest,
        responses=shapes.DealSerializer,
        parameters=[IDEMPOTENCY_KEY],
        description="confirm (with PIN), extend, accept, complete, cancel, close, withdraw, "
        "give_back, redeem (with code): what the policy allows the caller in this state.",
    )
    def post(self, request: Request, deal_id: uuid.UUID) -> Response:
        values = read(shapes.MoveRequest, request.data)
        side = queries.party_of(deal_id, caller_id=caller_id(request))
        row = queries.deal_of(deal_id, caller_id=caller_id(request))
        policy = rules.policy_of(row.offer.policy)
        rules.check_mover(policy, values["move"], side)
        if rules.needs_pin(policy, values["move"]):
            if "pin" not in values:
                raise wallet.PinRequired(field="pin")
            wallet.check_pin(user_id=caller_id(request), pin=values["pin"])

        def run() -> tuple[int, Any]:
            move_deal(
                deal_id=deal_id,
                name=values["move"],
                by=side,
                code=values.get("code", ""),
                days=values.get("days", 0),
            )
            return HTTPStatus.OK, dict(_shown(request, deal_id).data)

        fingerprint = {"deal": str(deal_id), "move": values["move"], "days": values.get("days", 0)}
        with try_proof(deal_id=deal_id) if "code" in values else nullcontext():
            return answer_once(request, endpoint="deal-moves", run=run, body=fingerprint)


class Shipments(APIView):
    """The seller has sent the goods."""

    @extend_schema(
        operation_id="ship_deal",
        tags=TAGS,
        request=shapes.ShipmentRequest,
        responses={201: shapes.DealSerializer},
    )
    def post(self, request: Request, deal_id: uuid.UUID) -> Response:
        values = read(shapes.ShipmentRequest, request.data)
        _check_side(request, deal_id, DealParty.SELLER)
        ship(deal_id=deal_id, carrier_id=values["carrier_id"], number=values["parcel"])
        return _shown(request, deal_id, status=HTTPStatus.CREATED)


class RefundRequests(APIView):
    """The buyer asks for money that still waits."""

    @extend_schema(
        operation_id="ask_deal_refund",
        tags=TAGS,
        request=shapes.DealRefundRequest,
        responses={201: shapes.DealSerializer},
        description="The deal's timer stands still until the request is answered.",
    )
    def post(self, request: Request, deal_id: uuid.UUID) -> Response:
        values = read(shapes.DealRefundRequest, request.data)
        _check_side(request, deal_id, DealParty.BUYER)
        ask_refund(
            deal_id=deal_id,
            amount_minor=values["amount"],
            reason=values["reason"],
            returns=values["returns"],
        )
        return _shown(request, deal_id, status=HTTPStatus.CREATED)


class RefundAnswers(APIView):
    """An answer to a refund request."""

    @extend_schema(
        operation_id="answer_deal_refund",
        tags=TAGS,
        request=shapes.AnswerToRefund,
        responses=shapes.DealSerializer,
    )
    def post(self, request: Request, request_id: uuid.UUID) -> Response:
        values = read(shapes.AnswerToRefund, request.data)
        deal_id = queries.request(request_id).deal_id
        side = queries.party_of(deal_id, caller_id=caller_id(request))
        answer_request(
            request_id=request_id, answer=values["answer"], by=side, actor=actor(request)
        )
        return _shown(request, deal_id)


class DealRefunds(APIView):
    """The seller gives money back."""

    @extend_schema(
        operation_id="refund_deal",
        tags=TAGS,
        request=shapes.SellerRefund,
        responses={201: shapes.DealSerializer},
        description="Of a deal that has ended the shares of others come back in proportion.",
    )
    def post(self, request: Request, deal_id: uuid.UUID) -> Response:
        values = read(shapes.SellerRefund, request.data)
        _check_side(request, deal_id, DealParty.SELLER)
        refund_deal(deal_id=deal_id, amount_minor=values["amount"], request_no=values["request_no"])
        return _shown(request, deal_id, status=HTTPStatus.CREATED)


class ParcelEvents(APIView):
    """What carriers and their devices say."""

    authentication_classes = [CarrierSignature]
    permission_classes: list[Any] = []

    @extend_schema(
        operation_id="receive_parcel_event",
        tags=TAGS,
        request=shapes.ParcelEventRequest,
        responses={201: shapes.ParcelEventSerializer},
        description="Signed by the carrier. Once for its event number; never moves money.",
    )
    def post(self, request: Request) -> Response:
        values = read(shapes.ParcelEventRequest, request.data)
        carrier: Any = request.auth
        event = receive_event(
            carrier_id=carrier.merchant_id,
            word=ParcelWord(
                event_no=values["event_no"],
                number=values["parcel"],
                state=ParcelState(values["state"]),
                occurred_at=values["occurred_at"],
                proof=values["proof"],
            ),
        )
        parcel = queries.parcel_of(event.carrier_id, event.number)
        facts = {
            "id": event.id,
            "parcel_state": "" if parcel is None else parcel.state,
            "orphan": parcel is None,
        }
        return Response(shapes.ParcelEventSerializer(facts).data, status=HTTPStatus.CREATED)


class Prescriptions(APIView):
    """A consultation's end that unlocks an order."""

    @extend_schema(
        operation_id="issue_prescription",
        tags=TAGS,
        request=shapes.PrescriptionRequest,
        responses={201: shapes.PrescriptionSerializer},
    )
    def post(self, request: Request) -> Response:
        values = read(shapes.PrescriptionRequest, request.data)
        _check_side(request, values["deal_id"], DealParty.SELLER)
        row = issue_prescription(**values)
        return Response(shapes.PrescriptionSerializer(row).data, status=HTTPStatus.CREATED)


class Redemptions(APIView):
    """A partner gives a bundle's buyer what the bundle holds."""

    @extend_schema(
        operation_id="redeem_entitlement",
        tags=TAGS,
        request=shapes.RedemptionRequest,
        responses={201: shapes.EntitlementSerializer},
    )
    def post(self, request: Request, entitlement_id: uuid.UUID) -> Response:
        values = read(shapes.RedemptionRequest, request.data)
        row = redeem_entitlement(
            entitlement_id=entitlement_id,
            owner_id=caller_id(request),
            request_no=values["request_no"],
        )
        return Response(shapes.EntitlementSerializer(row).data, status=HTTPStatus.CREATED)
