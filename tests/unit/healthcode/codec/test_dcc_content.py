"""What is odd in an EU certificate, and under what it may be revoked."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from healthcode.codec import hc1, revocation
from healthcode.codec.dcc_schema import warnings
from healthcode.codec.revocation import Batch, HashType, RevocationListMalformed
from tests.factories import hc1 as eu
from tests.factories.certificates import NOON
from tests.samples.make import DCC
from tests.vectors import cases

UCI = DCC["t"][0]["ci"]


def test_good_content_warns_of_nothing() -> None:
    assert warnings(DCC) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ver": "1"}, ("ver",)),
        ({"dob": "14.02.1990"}, ("dob",)),
        ({"nam": {}}, ("nam",)),
        ({"nam": {"fnt": "zhang"}}, ("nam.fnt",)),
        ({"t": [{**DCC["t"][0], "tg": "6142004"}]}, ("t.0.tg",)),
        ({"t": [{**DCC["t"][0], "sc": "2022-06-01T09:00:00"}]}, ("t.0.sc",)),
        ({"t": [{**DCC["t"][0], "tt": 7, "ci": "x" * 81}]}, ("t.0.ci", "t.0.tt")),
        ({"t": [DCC["t"][0], DCC["t"][0]]}, ("t",)),
        ({"v": [{"dn": 0}]}, ("groups", "v.0.tg", "v.0.co", "v.0.is", "v.0.ci", "v.0.vp", "v.0.mp",
                              "v.0.ma", "v.0.dn", "v.0.sd", "v.0.dt")),
    ],
)  # fmt: skip
def test_odd_content_is_named_and_not_refused(
    changes: dict[str, Any], expected: tuple[str, ...]
) -> None:
    result = hc1.verify(eu.issued({**DCC, **changes}), [eu.KEY], at=NOON)
    assert result.notes == expected


VACCINATION: dict[str, Any] = {
    "tg": "840539006", "co": "FR", "is": "Ministry", "ci": "URN:UVCI:01:FR:A", "vp": "1119349007",
    "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 1, "sd": 2, "dt": "2022-01-31",
}  # fmt: skip
RECOVERY: dict[str, Any] = {
    "tg": "840539006", "co": "FR", "is": "Ministry", "ci": "URN:UVCI:01:FR:A", "fr": "2022-01-01",
    "df": "2022-01-12", "du": "2022-06-30",
}  # fmt: skip
ROWS: dict[str, dict[str, Any]] = {"v": VACCINATION, "t": DCC["t"][0], "r": RECOVERY}
PLAIN = {name: DCC[name] for name in ("ver", "dob", "nam")}


def content(group: str, **changes: Any) -> dict[str, Any]:
    return {**PLAIN, group: [{**ROWS[group], **changes}]}


@pytest.mark.parametrize("group", ROWS)
def test_each_member_that_is_missing_is_named(group: str) -> None:
    assert warnings(content(group)) == ()
    named = {"v": 10, "t": 7, "r": 7}[group]
    assert len(warnings({**PLAIN, group: [{}]})) == named
    assert warnings({**PLAIN, group: ["row"]}) == warnings({**PLAIN, group: [{}]})
    assert warnings({**PLAIN, group: "rows"}) == (group,)
    assert warnings({**PLAIN, group: []}) == (group,)


@pytest.mark.parametrize(
    ("group", "name", "good", "odd"),
    [
        ("v", "dn", [1, 9], [0, -1, True, "1", 1.0, None]),
        ("v", "sd", [1, 9], [0, True]),
        ("v", "dt", ["2022-02-28"], ["2022-02-29", "20220228", "2022-02-28T00:00:00", 7, None]),
        ("v", "vp", ["1119305005", "J07BX03"], ["1", 7, ["J07BX03"]]),
        ("v", "mp", ["x" * 80, ""], ["x" * 81, 7, None]),
        ("v", "co", ["F", "ABCDEFGHIJ"], ["", "fr", "ABCDEFGHIJK", "FR\n", 7]),
        ("t", "tg", ["840539006"], ["840539007", 840539006]),
        ("t", "tt", ["LP6464-4", "LP217198-3"], ["LP6464", None]),
        ("t", "tr", ["260415000", "260373001"], ["260415001"]),
        ("t", "sc", ["2022-06-01T09:00:00+02:00"], ["2022-06-01T09:00:00", "2022-06-01", "x", 7]),
        ("r", "fr", ["2022-01-01"], ["x", None]),
        ("r", "df", ["2022-01-01"], ["2022-13-01"]),
        ("r", "du", ["2022-01-01"], ["2022-1-1"]),
    ],
)
def test_a_member_is_odd_outside_its_kind_and_its_bounds(
    group: str, name: str, good: list[object], odd: list[object]
) -> None:
    for value in good:
        assert warnings(content(group, **{name: value})) == ()
    for value in odd:
        assert warnings(content(group, **{name: value})) == (f"{group}.0.{name}",)


@pytest.mark.parametrize(
    ("name", "good", "odd"),
    [
        ("ver", ["1.3.0", "10.20.30"], ["1.3", "1.3.0.1", "v1.3.0", "١.٣.٠", 7, None]),
        ("dob", ["", "1990", "1990-02", "1990-02-14", "2022"], ["1890", "1990-2", 1990, None]),
        ("nam", [{"fnt": "A"}, {"gnt": "A<B"}], [{"fn": "A"}, "A", None]),
    ],
)
def test_version_birthday_and_names_are_odd_by_themselves(
    name: str, good: list[object], odd: list[object]
) -> None:
    for value in good:
        assert warnings({**content("t"), name: value}) == ()
    for value in odd:
        assert warnings({**content("t"), name: value}) == (name,)


def test_each_name_that_is_odd_is_named_in_order() -> None:
    names = {"fn": "x" * 81, "gn": 7, "fnt": "É", "gnt": "a"}
    assert warnings({**content("t"), "nam": names}) == ("nam.fn", "nam.gn", "nam.fnt", "nam.gnt")


def test_a_certificate_is_of_one_group() -> None:
    assert warnings({**content("t"), "v": None}) == ()
    assert warnings({**content("t"), **content("r")}) == ("groups",)
    assert warnings(PLAIN) == ("groups",)


@pytest.mark.parametrize("case", cases("dgc-testdata-sample.json"), ids=lambda case: case["source"])
def test_the_public_samples_schema_verdict_is_ours(case: dict[str, Any]) -> None:
    content, verdict = case.get("json"), case["expected"].get("schemavalidation")
    if content is None or verdict is None:
        pytest.skip("the case says nothing of its schema")
    # Codes change, and older schemas left the country open and let doses carry a time.
    open_ = {"tg", "tt", "tr", "vp", "co", "dt"}
    odd = [path for path in warnings(content) if path.rpartition(".")[2] not in open_]
    assert not verdict or odd == []


def test_a_certificate_is_found_by_identifier_country_and_signature() -> None:
    result = hc1.verify(eu.issued(DCC, issuer="FR"), [eu.KEY], at=NOON)
    short = {
        kind: base64.b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode()
        for kind, text in (("UCI", UCI), ("COUNTRYCODEUCI", f"FR{UCI}"))
    }
    signature = hc1.read(eu.issued(DCC)).signature
    assert set(short.items()) < result.fingerprints
    assert len(result.fingerprints) == 3
    assert result.kid == base64.b64encode(eu.KEY.kid).decode()
    # The second half of an ECDSA signature can be negated by anybody.
    one, other = (
        revocation.fingerprints(dcc={}, issuer="", alg=-7, signature=signature[:32] + half)
        for half in (bytes(32), bytes(31) + b"\x01")
    )
    assert one == other


BATCH = {
    "country": "FR", "expires": "2022-11-01T00:00:00Z", "kid": "AAAAAAAAAAA=", "hashType": "UCI",
    "entries": [{"hash": "AAAAAAAAAAAAAAAAAAAAAA=="}],
}  # fmt: skip


def test_a_batch_goes_there_and_back() -> None:
    batch = revocation.read_batch(json.dumps(BATCH))
    assert batch == Batch(
        "FR", "AAAAAAAAAAA=", HashType.UCI, datetime(2022, 11, 1, tzinfo=UTC),
        frozenset({"AAAAAAAAAAAAAAAAAAAAAA=="}),
    )  # fmt: skip
    assert revocation.read_batch(revocation.write_batch(batch)) == batch


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"country": "France"}, "country"), ({"kid": "AA=="}, "kid"), ({"kid": 7}, "kid"),
        ({"hashType": "MD5"}, "hashType"), ({"hashType": []}, "hashType"),
        ({"entries": []}, "entries"), ({"entries": [{"hash": "AA=="}]}, "entries"),
        ({"entries": ["x"]}, "entries"), ({"expires": "soon"}, "expires"),
        ({"expires": 7}, "expires"),
    ],
)  # fmt: skip
def test_what_is_no_batch_says_why(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RevocationListMalformed) as refused:
        revocation.read_batch(json.dumps({**BATCH, **changes}))
    assert refused.value.field == field


CRL = {"kid": "k", "method": "rid", "ctr": 1, "rids": ["Aa-_9", "bb.1650000000"]}


@pytest.mark.parametrize(
    ("rid", "nbf", "listed"),
    [("Aa-_9", 1, True), ("bb", 1649999999.5, True), ("bb", 1650000000, False), ("cc", 1, False),
     (None, 1, False), ("bb", "x", True)],
)  # fmt: skip
def test_a_card_is_listed_by_its_id_and_time(rid: object, nbf: object, listed: bool) -> None:
    crl = revocation.read_crl(json.dumps(CRL))
    payload = {"nbf": nbf, "vc": {"rid": rid}}
    assert revocation.is_listed(crl, kid="k", payload=payload) is listed
    assert not revocation.is_listed(crl, kid="other", payload=payload)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kid": ""}, "kid"), ({"method": "x"}, "method"), ({"ctr": True}, "ctr"), ({"ctr": 0}, "ctr"),
     ({"rids": ["a b"]}, "rids"), ({"rids": [7]}, "rids"), ({"rids": "a"}, "rids")],
)  # fmt: skip
def test_what_is_no_crl_says_why(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RevocationListMalformed) as refused:
        revocation.read_crl(json.dumps({**CRL, **changes}))
    assert refused.value.field == field


@pytest.mark.parametrize("data", ["\ufeff{}", "[]", '{"kid":"a","kid":"b"}', "{"])
def test_a_list_that_is_no_plain_json_is_refused(data: str) -> None:
    for read in (revocation.read_batch, revocation.read_crl):
        with pytest.raises(RevocationListMalformed) as refused:
            read(data)
        assert refused.value.field is None
        why = refused.value.fields.get("reason", "")
        assert (why == "") is (data == "[]")
        assert why != "None"
