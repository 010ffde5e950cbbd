"""A request to sign."""

from merchants.onboarding.models import App
from merchants.protocol import rules


def params(app: App) -> dict[str, str]:
    """A request without its signature."""
    return {
        "method": "alipay.trade.query",
        "app_id": app.app_number,
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": "2026-01-02 03:04:05",
        "version": "1.0",
        "biz_content": '{"out_trade_no":"包子 1+2&3"}',
    }


def canonical(values: dict[str, str]) -> str:
    """The string that is to be signed."""
    raw = {name.encode(): value.encode() for name, value in values.items()}
    return rules.request_canonical(raw).decode()
