"""The instructor's pack: twelve sheets of at most 45 minutes, whole in every language."""

from lab.lessons import pack
from lab.scenarios.book import LANGUAGES, names


def test_twelve_sheets_name_a_scenario_and_fit_a_lesson() -> None:
    sheets = pack("worksheets")

    assert len(sheets) == 12
    assert [sheet["name"] for sheet in sheets if sheet["scenario"] not in names()] == []
    assert max(sheet["minutes"] for sheet in sheets) <= 45


def test_every_task_has_its_answer_in_every_language() -> None:
    tasks = [task for sheet in pack("worksheets") for task in sheet["tasks"]]

    assert [task for task in tasks if set(task["ask"]) != set(LANGUAGES)] == []
    assert [task for task in tasks if set(task["answer"]) != set(LANGUAGES)] == []
    assert [term for term in pack("glossary") if set(term) != set(LANGUAGES)] == []
