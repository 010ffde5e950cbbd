"""Methods that lead to pages, and the addresses that their answers lead to."""

from typing import Final

SIGN: Final = "alipay.user.agreement.page.sign"
CERTIFY: Final = "alipay.user.certify.open.certify"
REFUND: Final = "alipay.trade.page.refund"
PAY_TRANSFERS: Final = "alipay.fund.trans.page.pay"
AGREEMENT_PATH: Final = "/agreements/"
CERTIFICATION_PATH: Final = "/certifications/"
