"""The checksum at the end of a merchant code."""

from wallet.qr.crc import checksum, crc16


def test_crc_of_the_standard_check_string() -> None:
    assert crc16(b"123456789") == 0x29B1


def test_checksum_is_zero_padded() -> None:
    text = next(str(number) for number in range(10_000) if crc16(str(number).encode()) < 0x0100)

    assert len(checksum(text)) == 4
    assert checksum(text).startswith("00")
