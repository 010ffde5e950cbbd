"""The deals API: offers, what buyers take of them, and what moves it."""

import uuid
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, answer_once
from config.http.operations import Operations
from config.http.pagination import CursorPage
from merchants.deals import queries, rules
from merchants.deals import serializers as shapes
from merchants.deals.carrier_signature import CarrierSignature
from merchants.deals.models import Deal
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

operation = Operations("deals")


def _shown(request: Request, deal_id: uuid.UUID) -> Deal:
    return queries.deal_of(deal_id, caller_id=caller_id(request))


def _check_side(request: Request, deal_id: uuid.UUID, side: DealParty) -> None:
    if queries.party_of(deal_id, caller_id=caller_id(request)) is not side:
        raise rules.DealNotYours()


class Offers(APIView):
    """Offers of the caller's merchants."""

    pagination_class = CursorPage

    @operation("list_offers", gives=shapes.OfferSerializer, paged=True)
    def get(self, request: Request) -> Any:
        return queries.offers_of(caller_id(request))

    @operation(
        "publish_offer",
        takes=shapes.OfferRequest,
        gives=shapes.OfferSerializer,
        status=201,
        description="Once for the merchant's reference. The policy decides what moves a deal.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return publish_offer(
            merchant_number=values["merchant_id"],
            owner_id=caller_id(request),
            new=NewOffer(**shapes.offer_values(values)),
        )


class OneOffer(APIView):
    """One offer, for anybody who is signed in."""

    @operation("read_offer", gives=shapes.OfferSerializer)
    def get(self, request: Request, offer_id: uuid.UUID) -> Any:
        return queries.offer(offer_id)


class CancelLot(APIView):
    """The seller gives a lot up."""

    @operation(
        "cancel_lot",
        gives=shapes.OfferSerializer,
        description="Everybody gets all back, deposits too.",
    )
    def post(self, request: Request, offer_id: uuid.UUID) -> Any:
        if queries.offer(offer_id).merchant.owner_id != caller_id(request):
            raise rules.OfferUnknown()
        decide_lot(offer_id=offer_id, cancel=True)
        return queries.offer(offer_id)


class Deals(APIView):
    """The caller's deals, as buyer or as seller."""

    pagination_class = CursorPage

    @operation("list_deals", gives=shapes.DealSerializer, paged=True)
    def get(self, request: Request) -> Any:
        return queries.deals_of(caller_id(request))

    @operation(
        "take_offer",
        takes=shapes.DealRequest,
        gives=shapes.DealSerializer,
        status=201,
        description="Once for the buyer's reference. Its payment waits in the payments API.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return _shown(request, take_offer(buyer_id=caller_id(request), **values).id)


class OneDeal(APIView):
    """One deal with its timeline."""

    @operation("read_deal", gives=shapes.DealSerializer)
    def get(self, request: Request, deal_id: uuid.UUID) -> Any:
        return _shown(request, deal_id)


class DealPayments(APIView):
    """The balance of a staged deal."""

    @operation(
        "pay_deal_balance",
        gives=shapes.DealSerializer,
        status=201,
        description="In the balance's window alone: 409 before, 410 after.",
    )
    def post(self, request: Request, deal_id: uuid.UUID) -> Any:
        _check_side(request, deal_id, DealParty.BUYER)
        pay_balance(deal_id=deal_id)
        return _shown(request, deal_id)


class DealMoves(APIView):
    """Moves of a deal's policy."""

    @operation(
        "move_deal",
        takes=shapes.MoveRequest,
        gives=shapes.DealSerializer,
        parameters=[IDEMPOTENCY_KEY],
        description="confirm (with PIN), extend, accept, complete, cancel, close, withdraw, "
        "give_back, redeem (with code): what the policy allows the caller in this state.",
    )
    def post(self, request: Request, values: dict[str, Any], deal_id: uuid.UUID) -> Any:
        side = queries.party_of(deal_id, caller_id=caller_id(request))
        policy = rules.policy_of(_shown(request, deal_id).offer.policy)
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
            shape = shapes.DealSerializer(_shown(request, deal_id), context={"request": request})
            return HTTPStatus.OK, dict(shape.data)

        fingerprint = {"deal": str(deal_id), "move": values["move"], "days": values.get("days", 0)}
        with try_proof(deal_id=deal_id) if "code" in values else nullcontext():
            return answer_once(request, endpoint="deal-moves", run=run, body=fingerprint)


class Shipments(APIView):
    """The seller has sent the goods."""

    @operation("ship_deal", takes=shapes.ShipmentRequest, gives=shapes.DealSerializer, status=201)
    def post(self, request: Request, values: dict[str, Any], deal_id: uuid.UUID) -> Any:
        _check_side(request, deal_id, DealParty.SELLER)
        ship(deal_id=deal_id, carrier_id=values["carrier_id"], number=values["parcel"])
        return _shown(request, deal_id)


class RefundRequests(APIView):
    """The buyer asks for money that still waits."""

    @operation(
        "ask_deal_refund",
        takes=shapes.DealRefundRequest,
        gives=shapes.DealSerializer,
        status=201,
        description="The deal's timer stands still until the request is answered.",
    )
    def post(self, request: Request, values: dict[str, Any], deal_id: uuid.UUID) -> Any:
        _check_side(request, deal_id, DealParty.BUYER)
        ask_refund(deal_id=deal_id, amount_minor=values.pop("amount"), **values)
        return _shown(request, deal_id)


class RefundAnswers(APIView):
    """An answer to a refund request."""

    @operation("answer_deal_refund", takes=shapes.AnswerToRefund, gives=shapes.DealSerializer)
    def post(self, request: Request, values: dict[str, Any], request_id: uuid.UUID) -> Any:
        deal_id = queries.request(request_id).deal_id
        side = queries.party_of(deal_id, caller_id=caller_id(request))
        answer_request(request_id=request_id, by=side, actor=actor(request), **values)
        return _shown(request, deal_id)


class DealRefunds(APIView):
    """The seller gives money back."""

    @operation(
        "refund_deal",
        takes=shapes.SellerRefund,
        gives=shapes.DealSerializer,
        status=201,
        description="Of a deal that has ended the shares of others come back in proportion.",
    )
    def post(self, request: Request, values: dict[str, Any], deal_id: uuid.UUID) -> Any:
        _check_side(request, deal_id, DealParty.SELLER)
        refund_deal(deal_id=deal_id, amount_minor=values["amount"], request_no=values["request_no"])
        return _shown(request, deal_id)


class ParcelEvents(APIView):
    """What carriers and their devices say."""

    authentication_classes = [CarrierSignature]
    permission_classes: list[Any] = []

    @operation(
        "receive_parcel_event",
        takes=shapes.ParcelEventRequest,
        gives=shapes.ParcelEventSerializer,
        status=201,
        description="Signed by the carrier. Once for its event number; never moves money.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        carrier: Any = request.auth
        number, state = values.pop("parcel"), ParcelState(values.pop("state"))
        event = receive_event(
            carrier_id=carrier.merchant_id, word=ParcelWord(number=number, state=state, **values)
        )
        parcel = queries.parcel_of(event.carrier_id, event.number)
        return {
            "id": event.id,
            "parcel_state": "" if parcel is None else parcel.state,
            "orphan": parcel is None,
        }


class Prescriptions(APIView):
    """A consultation's end that unlocks an order."""

    @operation(
        "issue_prescription",
        takes=shapes.PrescriptionRequest,
        gives=shapes.PrescriptionSerializer,
        status=201,
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        _check_side(request, values["deal_id"], DealParty.SELLER)
        return issue_prescription(**values)


class Redemptions(APIView):
    """A partner gives a bundle's buyer what the bundle holds."""

    @operation(
        "redeem_entitlement",
        takes=shapes.RedemptionRequest,
        gives=shapes.EntitlementSerializer,
        status=201,
    )
    def post(self, request: Request, values: dict[str, Any], entitlement_id: uuid.UUID) -> Any:
        return redeem_entitlement(
            entitlement_id=entitlement_id, owner_id=caller_id(request), **values
        )
