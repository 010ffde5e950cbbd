"""The row of the heartbeat."""

from config.kernel import clock
from merchants.protocol.formats import beijing
from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

HEARTBEAT = "monitor.heartbeat.syn"


def beating(shop: Shop, _: WalletUser) -> Content:
    """What a till reports."""
    return {
        "product": "FP",
        "type": "CR",
        "equipment_id": "cr1000001",
        "equipment_status": "10",
        "time": beijing(clock.now()),
        "store_id": "S1",
        "network_type": "3G",
        "trade_info": [{"OTN": "T1", "TC": "12.3", "STAT": "S"}],
    }


ROWS = {HEARTBEAT: Row(beating, OK, {}, None, None, None, OK, "INVALID_PARAMETER")}
