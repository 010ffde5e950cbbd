"""What a mandate (`app_auth_token`) must allow before its app may call a method: one table.

An app that acts for its own merchant needs none of this. A method that stands in no line is
refused to whoever acts for another: a new method says here what it does to that merchant.
"""

from typing import Final

from merchants.consents.values import Scope
from merchants.gateway import errors
from merchants.onboarding.values import AppCredentials
from merchants.protocol.values import GatewayFault

_PAY: Final = (
    "alipay.fund.auth.operation.cancel",
    "alipay.fund.auth.operation.detail.query",
    "alipay.fund.auth.order.app.freeze",
    "alipay.fund.auth.order.freeze",
    "alipay.fund.auth.order.unfreeze",
    "alipay.fund.auth.order.voucher.create",
    "monitor.heartbeat.syn",
    "alipay.trade.advance.consult",
    "alipay.trade.app.pay",
    "alipay.trade.cancel",
    "alipay.trade.close",
    "alipay.trade.create",
    "alipay.trade.customs.declare",
    "alipay.trade.customs.query",
    "alipay.trade.fastpay.refund.query",
    "alipay.trade.orderinfo.sync",
    "alipay.trade.page.pay",
    "alipay.trade.page.refund",
    "alipay.trade.pay",
    "alipay.trade.precreate",
    "alipay.trade.query",
    "alipay.trade.refund",
    "alipay.trade.refund.apply",
    "alipay.trade.settle.confirm",
    "alipay.trade.wap.pay",
    "alipay.user.agreement.executionplan.modify",
    "alipay.user.agreement.page.sign",
    "alipay.user.agreement.query",
    "alipay.user.agreement.transfer",
    "alipay.user.agreement.unsign",
    "zoloz.authentication.customer.ftoken.query",
    "zoloz.authentication.customer.smilepay.initialize",
    "zoloz.authentication.smilepay.initialize",
)
_SPLIT: Final = (
    "alipay.trade.order.onsettle.query",
    "alipay.trade.order.settle",
    "alipay.trade.order.settle.query",
    "alipay.trade.royalty.rate.query",
    "alipay.trade.royalty.relation.batchquery",
    "alipay.trade.royalty.relation.bind",
    "alipay.trade.royalty.relation.unbind",
)
_TRANSFER: Final = (
    "alipay.fund.batch.close",
    "alipay.fund.batch.create",
    "alipay.fund.batch.detail.query",
    "alipay.fund.batch.uni.transfer",
    "alipay.fund.trans.app.pay",
    "alipay.fund.trans.common.query",
    "alipay.fund.trans.order.query",
    "alipay.fund.trans.page.pay",
    "alipay.fund.trans.toaccount.transfer",
    "alipay.fund.trans.uni.transfer",
)
_READ: Final = (
    "alipay.data.bill.accountlog.query",
    "alipay.data.bill.balance.query",
    "alipay.data.bill.sell.query",
    "alipay.data.bill.ereceipt.apply",
    "alipay.data.bill.ereceipt.query",
    "alipay.data.dataservice.bill.downloadurl.query",
    "alipay.fund.account.query",
)
# They touch no merchant's money: tokens, the citizen behind one, our own certificate.
_NONE: Final = (
    "alipay.open.app.alipaycert.download",
    "alipay.open.auth.token.app",
    "alipay.open.auth.token.app.query",
    "alipay.system.oauth.token",
    "alipay.user.certify.open.certify",
    "alipay.user.certify.open.initialize",
    "alipay.user.certify.open.query",
    "alipay.user.info.share",
)

SCOPES: Final[dict[str, Scope | None]] = {
    **dict.fromkeys(_PAY, Scope.PAY),
    **dict.fromkeys(_SPLIT, Scope.SPLIT),
    **dict.fromkeys(_TRANSFER, Scope.TRANSFER),
    **dict.fromkeys(_READ, Scope.READ),
    **dict.fromkeys(_NONE),
}


def check_method(app: AppCredentials, method: str) -> None:
    """Check that whoever acts for another merchant was allowed a method.

    Raises:
        GatewayFault: the mandate does not cover it, or the table does not know it.
    """
    if not app.acting_for:
        return
    if method not in SCOPES:
        raise GatewayFault(errors.MANDATE_TOO_NARROW)
    scope = SCOPES[method]
    if scope is not None:
        check_scope(app, scope)


def check_scope(app: AppCredentials, scope: Scope) -> None:
    """Check a part of a request that needs more than its method: who pays may not split.

    Raises:
        GatewayFault: the mandate does not cover it.
    """
    if app.acting_for and scope.value not in app.acting_scopes:
        raise GatewayFault(errors.MANDATE_TOO_NARROW)
