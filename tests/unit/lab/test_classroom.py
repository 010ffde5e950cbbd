"""A class: its roster, the door of a student's world, what a lesson's prediction is worth."""

import asyncio
from typing import Any

import pytest

from lab.classroom import course, register
from lab.classroom.door import Door, welcome_of
from lab.classroom.settle_in import planned

KEY = "ABCDEF2345"


def test_a_roster_is_read_from_lines_and_from_the_first_column_of_a_table() -> None:
    assert register.names_of("Li Lei\n\nZoé\n") == ["Li Lei", "Zoé"]
    assert register.names_of("name,mail\nLi Lei,a@b\nZoé,c@d\n") == ["Li Lei", "Zoé"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "has 0"), ("a\n" * 2, "twice: a"), ("\n".join(map(str, range(61))), "has 61")],
)
def test_a_roster_that_cannot_be_used_says_why(text: str, said: str) -> None:
    with pytest.raises(register.RosterInvalid, match=said):
        register.names_of(text)


def test_everybody_has_a_key_and_a_world_of_their_own() -> None:
    class_ = register.enrol(
        ["Li", "Zoé"], host="10.0.0.5", port=8100, scenario="parking", fault_seed=42
    )
    one, two = class_.students
    assert len({class_.key, one.key, two.key}) == 3
    assert class_.entrance(two) == f"http://10.0.0.5:8102/enter?key={two.key}"


def test_the_same_seed_plans_the_same_faults() -> None:
    assert planned(42) == planned(42)
    assert len({tuple(planned(seed)) for seed in range(20)}) > 10


@pytest.mark.parametrize(
    ("debit", "credit", "right"),
    [
        ("li  12.00", "baozi.pending 12.00", True),
        ("mei 1.00, li 2.00", "shop 3.00", True),
        ("baozi.pending 12.00", "li 12.00", False),
        ("", "", False),
    ],
)
def test_a_prediction_is_right_when_it_is_one_of_the_entries(
    debit: str, credit: str, *, right: bool
) -> None:
    entries = ["Dr li 12.00 / Cr baozi.pending 12.00", "Dr li 2.00, mei 1.00 / Cr shop 3.00"]
    assert course.is_right(debit, credit, entries) is right


def test_where_nothing_is_posted_two_empty_sides_are_right() -> None:
    assert course.is_right("", " ", [])
    assert not course.is_right("li 1.00", "", [])


def asked(path: str, *, query: str = "", cookie: str = "") -> tuple[str, int, dict[str, str]]:
    """Knock at a door: the path that was let in, the status, the answer's headers."""
    let_in: list[str] = []
    sent: list[dict[str, Any]] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        let_in.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"cookie", cookie.encode())] if cookie else []
    scope = {"type": "http", "path": path, "query_string": query.encode(), "headers": headers}
    door = Door(inside, KEY, 8101, welcome_of("parking-by-agreement"))
    asyncio.run(door(scope, None, send))  # type: ignore[arg-type]
    names = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
    return "".join(let_in), sent[0]["status"], names


@pytest.mark.parametrize(
    "path",
    ["/", "/admin/", "/api/v1/me", "/gateway.do", "/lab/world", "/k/WRONG/gateway.do", "/k/"],
)
def test_without_the_key_nothing_of_a_world_is_seen(path: str) -> None:
    assert asked(path)[:2] == ("", 401)
    assert asked(path, cookie="saoma_world_8101=ABCDEF2346")[:2] == ("", 401)
    assert asked(path, cookie=f"saoma_world_8102={KEY}")[:2] == ("", 401)


def test_the_roster_s_address_opens_the_door_and_leads_to_the_lesson() -> None:
    _, status, headers = asked("/enter", query=f"key={KEY.lower()}")
    assert (status, headers["location"]) == (303, "/?scenario=parking-by-agreement")
    assert "HttpOnly" in headers["set-cookie"]
    assert asked("/phone/", cookie=headers["set-cookie"].split(";")[0])[0] == "/phone/"
    assert asked("/enter", query="key=ABCDEF2346")[1] == 401


def test_a_program_has_the_key_in_its_address() -> None:
    assert asked(f"/k/{KEY}/gateway.do")[:2] == ("/gateway.do", 200)
    assert asked("/static/saoma/css/saoma.css")[1] == 200
