"""Which products a sale may be made under, by the method that makes it.

Each method is one product's or a few products' own; under another one it is refused as the
fields of any form are, by name. Left out it is the method's usual one.
"""

from typing import Final

BY_CODE: Final = frozenset({"FACE_TO_FACE_PAYMENT", "OFFLINE_PAYMENT"})
BY_AGREEMENT: Final = frozenset({"CYCLE_PAY_AUTH", "GENERAL_WITHHOLDING"})
BY_AUTHORISATION: Final = frozenset({"PRE_AUTH", "PRE_AUTH_ONLINE", "PREAUTH_PAY"})
PAY: Final = BY_CODE | BY_AGREEMENT | BY_AUTHORISATION
PRECREATE: Final = frozenset({"FACE_TO_FACE_PAYMENT", "QR_CODE_OFFLINE"})
CREATE: Final = frozenset({"JSAPI_PAY", "FACE_TO_FACE_PAYMENT", "QUICK_MSECURITY_PAY"})
