"""The people of the demo: three citizens, four merchants, one venue, nine operators.

Fixed, named and the same everywhere, so that lessons and tests can speak of Li's
breakfast. Everything here is made up; the passwords are printed on purpose.
"""

from dataclasses import dataclass

PASSWORD = "demo-saoma"  # noqa: S105
PIN = "271828"
OPERATOR_PASSWORD = "demo-operator"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Citizen:
    """A wallet user of the demo."""

    name: str
    phone: str
    id_number: str
    topup_minor: int


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant of the demo: its names, trade and prices' order of size."""

    slug: str
    name: str
    short_name: str
    mcc: str
    city: str


def identity_number(first17: str) -> str:
    """Complete a resident identity number with its check character (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(first17, weights, strict=True))
    return first17 + "10X98765432"[total % 11]


CITIZENS = (
    Citizen("李伟 Li Wei", "+8613800000001", identity_number("33010619900214123"), 2_000_00),
    Citizen("韩梅 Han Mei", "+8613800000002", identity_number("33010619920305224"), 300_00),
    Citizen("王芳 Wang Fang", "+8613800000003", identity_number("33010619880816325"), 300_00),
)
OWNER = Citizen("陈老板 Chen", "+8613900000000", identity_number("33010619750101111"), 0)
SHOPS = (
    Shop("baozi", "巷口包子铺 Alley Baozi", "ALLEY BAOZI", "5812", "HANGZHOU"),
    Shop("noodles", "西湖面馆 West Lake Noodles", "WEST LAKE NOODLES", "5812", "HANGZHOU"),
    Shop("fresh", "盒子鲜生 Box Fresh", "BOX FRESH", "5411", "HANGZHOU"),
    Shop("books", "晓风书屋 Dawn Wind Books", "DAWN WIND BOOKS", "5942", "HANGZHOU"),
)
VENUE = "杭州图书馆 Hangzhou Library"
# Who asks and who decides are two people, and nobody is a superuser: rights come from roles.
# `teacher` lets both look at what they may not do.
# Each role has a login of its own name besides.
OPERATOR_ROLES = {
    "operator": ("payments_ops", "finance_ops", "merchant_ops", "health_officer", "teacher"),
    "checker": ("finance_approver", "merchant_approver", "health_approver", "teacher"),
}
OPERATORS = tuple(OPERATOR_ROLES)
