"""Rules of customs declarations. Pure."""

from datetime import datetime, timedelta

from config.kernel.errors import Conflict, InvalidRequest
from merchants.customs.values import Declaration

# The simulated office answers so long after a declaration reached it.
ANSWER_AFTER = timedelta(seconds=5)
# Offices that take declarations of payments, by the names that merchants send.
PLACES = frozenset(
    {
        "CHANGSHA", "CHONGQING", "FUZHOU", "GUANGZHOU", "GUANGZHOU_HP", "GUANGZHOU_NS",
        "HANGZHOU", "HANGZHOU_ZS", "HENAN", "JINAN", "NANJING", "NINGBO", "QINGDAO",
        "SHANGHAI", "SHENZHEN", "SUZHOU", "TIANJIN", "XIAMEN", "XIAN", "ZHENGZHOU", "ZONGSHU",
    }
)  # fmt: skip


class PlaceUnknown(InvalidRequest):
    """No customs office goes by that name."""

    code = "customs_place_unknown"
    message = "There is no such customs office."


class DeclarationConflict(Conflict):
    """The merchant's number stands for another declaration."""

    code = "customs_declaration_conflict"
    message = "This number was used for another declaration."


class TradeNotDeclarable(Conflict):
    """The trade is not paid, or was refunded whole."""

    code = "customs_trade_not_paid"
    message = "Only a paid trade can be declared."


class DeclaredTooMuch(InvalidRequest):
    """All declarations of a trade together are more than was paid."""

    code = "customs_amount_too_large"
    message = "More is declared than was paid."


def check_declaration(
    declaration: Declaration, *, kept_minor: int, declared_minor: int, others: int
) -> None:
    """Check a new declaration against its trade.

    Args:
        declaration: what is declared.
        kept_minor: what was paid and not refunded, in minor units.
        declared_minor: what other declarations of the trade come to.
        others: how many there are.

    Raises:
        PlaceUnknown: there is no such office.
        TradeNotDeclarable: nothing is paid, or nothing is left.
        DeclaredTooMuch: the declarations come to more than is left.
        InvalidRequest: several declarations of one trade, and this one does not name its part.
    """
    if declaration.place not in PLACES:
        raise PlaceUnknown(field="customs_place")
    if kept_minor <= 0:
        raise TradeNotDeclarable()
    if others and not declaration.part:
        raise InvalidRequest(field="sub_out_biz_no")
    if declared_minor + declaration.amount_minor > kept_minor:
        raise DeclaredTooMuch(field="amount")


def number(at: datetime, random_digits: str) -> str:
    """Our number of a declaration: its day and ten random digits."""
    return f"{at:%Y%m%d}{random_digits}"
