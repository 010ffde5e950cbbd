"""Scenes of transfers: asked for where the installation has some, by every method that sends."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from merchants.funds.models import MerchantTransfer, TransferBatch
from tests.gateway import rows_transfer_batches as batches
from tests.gateway.rows_transfers import UNI, sending
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
Making = Callable[[Shop, WalletUser], dict[str, Any]]
METHODS: dict[str, Making] = {
    UNI: sending,
    batches.UNI: batches.batching,
    batches.CREATE: batches.creating,
}
REPORT = [{"info_type": "佣金报酬类型", "info_content": "推广佣金"}]
NAMED = {"transfer_scene_name": "佣金报酬", "transfer_scene_report_infos": REPORT}


@pytest.mark.parametrize("method", METHODS)
def test_without_scenes_nothing_is_asked(shop: Shop, buyer: WalletUser, method: str) -> None:
    assert shop.ask(method, **METHODS[method](shop, buyer)).node["code"] == "10000"


@pytest.mark.parametrize("method", METHODS)
def test_a_scene_must_be_one_that_is_open(
    shop: Shop, buyer: WalletUser, method: str, settings: Settings
) -> None:
    settings.SAOMA_TRANSFER_SCENES = ["佣金报酬", "企业赔付"]
    content = METHODS[method](shop, buyer)
    for wrong, field in (
        ({}, "transfer_scene_name"),
        (NAMED | {"transfer_scene_name": "现金营销"}, "transfer_scene_name"),
        (NAMED | {"transfer_scene_report_infos": []}, "transfer_scene_report_infos"),
        (NAMED | {"transfer_scene_report_infos": [{"info_type": "x"}]}, "info_content"),
    ):
        refused = shop.ask(method, **content | wrong)
        assert refused.sub_code == "INVALID_PARAMETER"
        assert field in str(refused.node["sub_msg"])
    assert (MerchantTransfer.objects.count(), TransferBatch.objects.count()) == (0, 0)
    assert shop.ask(method, **content | NAMED).node["code"] == "10000"
