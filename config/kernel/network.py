"""Network addresses as limits count by them. Pure."""

import ipaddress


def address_block(address: str) -> str:
    """What wrong tries from a network address are counted by.

    An IPv4 address itself; of IPv6 the /64, which is what one household or server has.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
