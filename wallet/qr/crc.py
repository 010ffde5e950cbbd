"""CRC-16/CCITT-FALSE, the checksum at the end of an EMVCo merchant code.

Polynomial 0x1021, start 0xFFFF, no reflection, no final XOR; "123456789" gives 29B1.
It finds slips of the pen, not forgers: anyone can recompute it.
"""

import binascii


def crc16(data: bytes) -> int:
    """Checksum bytes; the standard library's `crc_hqx` is this function, in C."""
    return binascii.crc_hqx(data, 0xFFFF)


def checksum(text: str) -> str:
    """Checksum the UTF-8 bytes of a text: four upper-case hex digits, zero padded."""
    return f"{crc16(text.encode()):04X}"
