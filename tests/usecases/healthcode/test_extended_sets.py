"""A rule set that extends another: whole in itself, sound, and compared rule by rule."""

from typing import Any

import pytest

from healthcode.rules import library, publication
from healthcode.rules.difference import differences, in_words

pytestmark = pytest.mark.django_db
BASE = "teaching"


def draft(**content: Any) -> Any:
    return publication.draft_rule_set(content=content, author="author")


def rules(version: str = BASE) -> list[dict[str, Any]]:
    return list(publication.content_of(version)["rules"])


def test_rules_are_taken_over_replaced_left_out_and_added() -> None:
    first, second, third = rules()[:3]
    worse = {**second, "version": 9, "reason": {**second["reason"], "en": "Another reason."}}
    new = {**third, "id": "t-new"}
    row = draft(version="e1", extends=BASE, without=[first["id"]], rules=[worse, new])
    found = [rule["id"] for rule in row.content["rules"]]
    assert found == [rule["id"] for rule in rules()[1:]] + ["t-new"]
    assert (row.region, row.content["title"]) == ("000000", publication.content_of(BASE)["title"])
    said = in_words(differences(library.shipped(BASE), library.read(row.content)))
    assert list(said) == [second["id"], "t-new", first["id"]]
    assert (said["t-new"], said[first["id"]]) == ("added", "removed")
    assert said[second["id"]].startswith("reason (en): ")
    assert "Another reason." in said[second["id"]]


def test_a_set_extends_a_draft_and_stays_whole_when_that_one_goes() -> None:
    draft(version="e1", extends=BASE, rules=[])
    row = draft(version="e2", extends="e1", rules=[])
    assert row.content["rules"] == rules()
    assert draft(version="e2", extends="e1", rules=[]).id == row.id


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ({"extends": "none"}, library.RuleSetUnknown),
        ({"extends": BASE, "without": ["none"]}, library.RuleSetUnsound),
        ({"extends": BASE, "without": "t"}, library.RuleSetUnsound),
        ({"extends": BASE, "rules": {}}, library.RuleSetUnsound),
        ({"extends": BASE, "rules": [{"id": []}]}, library.RuleSetUnsound),
        ({"extends": BASE, "rules": ["x"]}, library.RuleSetUnsound),
        ({"extends": BASE, "version": BASE}, publication.VersionTaken),
    ],
)
def test_what_cannot_be_extended_is_refused(content: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        draft(**{"version": "e1", **content})
