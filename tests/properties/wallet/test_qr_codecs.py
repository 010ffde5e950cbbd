"""Any text may be scanned: codecs never fall over, and what is written is read back."""

import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.wallet.qr.builders import merchant_code
from wallet.payments.management.commands.decode_qr import decode_lines
from wallet.qr import ber, tlv
from wallet.qr.classify import NOBODY, House, classify
from wallet.qr.emvco_cpm import NESTED, Node, decode, encode, read_customer_code
from wallet.qr.emvco_mpm import parse, seal
from wallet.qr.mpm_reader import read_merchant_code

HOUSE = House(hosts=("pay.test",), guid="host", prefix="28")
IDS = st.integers(0, 99).map(lambda number: f"{number:02d}")
VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=99)
PAIRS = st.lists(st.tuples(IDS, VALUES), max_size=20)
TAGS = st.sampled_from(["4F", "50", "57", "5A", "5F20", "9F26", "9F8101"])
LEAVES = st.builds(Node, TAGS, st.binary(max_size=300))


def template(tag: str, children: tuple[Node, ...]) -> Node:
    """A template whose own value agrees with its children."""
    return Node(tag, ber.encode([ber.Object(c.tag, c.value) for c in children]), children)


CHILDREN = st.lists(LEAVES, min_size=1, max_size=4).map(tuple)
TEMPLATES = st.builds(template, st.sampled_from(sorted(NESTED)), CHILDREN)
STARTS = st.sampled_from(
    ["", "0002", "000201", "BCD\n", "SPC\n", "hQVDUFY", "upi://pay?", "28", "0040000600000101"]
)


@given(PAIRS)
def test_pairs_survive_writing_and_walking(pairs: list[tlv.Pair]) -> None:
    assert tlv.walk(tlv.write(pairs)) == pairs


@given(PAIRS)
def test_a_sealed_payload_has_a_right_checksum(pairs: list[tlv.Pair]) -> None:
    assert parse(seal(tlv.write(pairs))).crc_right


@given(st.integers(0, 60), st.characters(codec="ascii"))
def test_one_changed_character_is_noticed(position: int, character: str) -> None:
    payload = merchant_code()
    changed = payload[:position] + character + payload[position + 1 :]

    assert changed == payload or not read_merchant_code(changed).valid


@given(st.lists(st.one_of(LEAVES, TEMPLATES), max_size=5).map(tuple))
def test_a_customer_code_survives_the_round_trip(nodes: tuple[Node, ...]) -> None:
    assert decode(encode(nodes)) == nodes


@given(st.binary(max_size=200))
def test_any_bytes_are_ber_or_refused(data: bytes) -> None:
    try:
        objects = ber.decode(data)
    except ber.BerInvalid:
        return
    assert ber.decode(ber.encode(objects)) == objects


@given(STARTS, st.text(max_size=300))
def test_any_text_gets_a_verdict(start: str, rest: str) -> None:
    reading = classify(start + rest, house=HOUSE)

    assert reading.valid is (not reading.errors)
    assert (reading.level is None) is reading.valid
    json.dumps([reading.fields, dict(reading.details)])


@given(PAIRS)
def test_any_sealed_pairs_get_a_verdict(pairs: list[tlv.Pair]) -> None:
    payload = seal(tlv.write([("00", "01"), *pairs]))

    json.dumps(classify(payload, house=HOUSE).fields)


@given(st.binary(max_size=150))
def test_any_base64_gets_a_verdict(data: bytes) -> None:
    json.dumps(read_customer_code(base64.b64encode(data).decode()).fields)


@given(st.lists(st.binary(max_size=120), max_size=5))
def test_every_line_is_answered(lines: list[bytes]) -> None:
    answers = list(decode_lines(lines, house=NOBODY))

    assert len(answers) == len(lines)
    assert all(json.loads(answer)["kind"] for answer in answers)
