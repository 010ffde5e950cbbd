"""The YAML of a seed file as plain data, and the line on which each part of it stands.

Values come as they were written: 012345 is a PIN and no octal number, `no` is a name. What a
seed file has no use for is a mistake: tags, copies of other parts (`*name`), names that are no
text or stand twice in one place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

# Without libyaml a megabyte takes ten seconds and more.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_PLAIN = {"str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq"}
_NULL = f"{_TAG}null"
DEEPEST = 8


class NotRead(Exception):
    """The text is no YAML; says on which line and why."""


@dataclass
class SeedText:
    """What was read: the data, where each part stands (`people.0.name`), what is wrong."""

    data: Any = None
    lines: dict[str, int] = field(default_factory=dict)
    mistakes: list[tuple[str, str]] = field(default_factory=list)


def read(text: str) -> SeedText:
    """Read a text.

    Raises:
        NotRead: it is no YAML, or several documents.
    """
    try:
        _look_over(text)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise NotRead(f"{where}{error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotRead(f"line {line}: a character that no YAML has") from error
    except (UnicodeError, yaml.YAMLError) as error:
        raise NotRead("this is no YAML") from error
    result = SeedText()
    if root is not None:
        result.data = _Walk(result).value(root, "")
    return result


def _look_over(text: str) -> None:
    """Refuse what would be too much to build: copies of copies, and lists without end in lists."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise NotRead(f"line {line}: a copy of another part (*); write it out")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise NotRead(f"line {line}: parts within parts, more than {DEEPEST} deep")


class _Walk:
    """Goes through a document and writes down what it says where."""

    def __init__(self, result: SeedText) -> None:
        self._result = result

    def value(self, node: yaml.Node, place: str) -> Any:
        self._result.lines.setdefault(place, node.start_mark.line + 1)
        tag = node.tag.removeprefix(_TAG)
        if tag not in _PLAIN:
            return self._mistake(place, f"a seed file has no tags, and this is {node.tag}")
        if isinstance(node, yaml.MappingNode):
            return dict(self._members(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [
                self.value(part, _within(place, str(number)))
                for number, part in enumerate(node.value)
            ]
        return None if node.tag == _NULL else self._text(node.value, place)

    def _members(self, node: yaml.MappingNode, place: str) -> Iterator[tuple[str, Any]]:
        names: set[str] = set()
        for key, part in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._result.lines.setdefault(place, key.start_mark.line + 1)
                self._mistake(place, "a name is a text")
                continue
            inner = _within(place, key.value)
            if key.value in names:
                self._result.lines[inner] = key.start_mark.line + 1
                self._mistake(inner, "this name stands here twice")
                continue
            names.add(key.value)
            self._result.lines[inner] = key.start_mark.line + 1
            yield key.value, self.value(part, inner)

    def _text(self, text: str, place: str) -> str:
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            self._mistake(place, "half a character (a surrogate)")
            return ""
        return text

    def _mistake(self, place: str, what: str) -> None:
        self._result.mistakes.append((place, what))


def _within(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
