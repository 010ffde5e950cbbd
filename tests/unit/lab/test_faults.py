"""The catalogue of faults: each names what must hold, in every language, and who shows it."""

from healthcode.abuses.queries import abuses
from lab.scenarios import book
from lab.scenarios.acts_abuse import TRIES
from lab.scenarios.faults import catalogue


def test_each_fault_has_a_scenario_of_the_book_and_its_words() -> None:
    names = set(book.names())

    assert [one["switch"] for one in catalogue() if one["scenario"] not in names] == []
    assert all(
        set(one[part]) == set(book.LANGUAGES) for one in catalogue() for part in ("title", "holds")
    )


def test_each_scenario_of_a_fault_is_in_the_catalogue() -> None:
    shown = {one["scenario"] for one in catalogue()}

    assert {name for name in book.names() if name.startswith("fault-")} <= shown
    assert len(catalogue()) == 16


def test_the_lesson_plays_every_abuse_of_the_book_of_abuses() -> None:
    steps = [step for step in book.scenario("book-of-abuses").steps if step.do == "abuse"]

    assert sorted(step.arguments["name"] for step in steps) == [one.name for one in abuses()]
    assert set(TRIES) == {one.name for one in abuses()}
