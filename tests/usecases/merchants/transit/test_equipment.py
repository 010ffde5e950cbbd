"""Who may carry, ride and open a gate: what is refused, and that it writes nothing."""

import base64

import pytest

from merchants.transit import rules
from merchants.transit.models import TransitCertificate, TransitGate, TransitOperator
from merchants.transit.usecases.equip import issue_certificate, register_gate, set_operator
from merchants.transit.usecases.take_upload import take_upload
from merchants.transit.values import Fares
from tests.factories.merchants import make_app
from tests.factories.settlement import make_payer
from tests.factories.transit import WEST, Metro
from wallet.accounts.usecases.freeze_user import freeze_user

pytestmark = pytest.mark.django_db
SHORT = base64.b64encode(b"short").decode()


@pytest.mark.parametrize("key", ["", "no base64!", SHORT])
def test_what_is_no_key_of_a_phone_gets_no_certificate(key: str) -> None:
    with pytest.raises(rules.TransitKeyUnfit):
        issue_certificate(user_id=make_payer().id, public_key=key)
    assert not TransitCertificate.objects.exists()


def test_a_frozen_wallet_gets_no_certificate() -> None:
    rider = make_payer()
    freeze_user(user_id=rider.id, reason="lost", actor="operator:a")
    with pytest.raises(rules.WalletNotInUse):
        issue_certificate(user_id=rider.id, public_key=base64.b64encode(bytes(32)).decode())


@pytest.mark.parametrize("fares", [Fares(0, 1, 9), Fares(10, 1, 9), Fares(2, -1, 9)])
def test_fares_that_make_no_sense_are_refused(fares: Fares) -> None:
    metro = Metro()
    before = TransitOperator.objects.values().get()
    with pytest.raises(rules.FaresInvalid):
        set_operator(
            app_number=make_app(metro.merchant).app_number,
            owner_id=metro.merchant.owner_id,
            fares=fares,
        )
    assert TransitOperator.objects.values().get() == before


def test_a_gate_stays_at_its_station_and_with_its_operator() -> None:
    metro = Metro()
    operator = TransitOperator.objects.get()
    register_gate(operator=operator, serial=WEST, station=WEST, stop=0)
    with pytest.raises(rules.GateTaken):
        register_gate(operator=operator, serial=WEST, station="moved", stop=5)
    assert TransitGate.objects.get(serial=WEST).stop == 0
    with pytest.raises(rules.GateUnknown):
        take_upload(serial=WEST, owner_id=make_payer().id, taps=[])
    with pytest.raises(rules.GateUnknown):
        take_upload(serial="north", owner_id=metro.merchant.owner_id, taps=[])
