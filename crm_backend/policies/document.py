"""YAML that remembers where each value stood, so that an error can name its line.

Reads YAML as version 1.2 does: `NO` is Norway and `10:00` a time of day, not False and 600. A key given twice is an
error: YAML would silently keep the last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

KeyPath = tuple[str | int, ...]


class DocumentError(ValueError):
    """Text that is not the YAML it should be. `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class _Loader(yaml.SafeLoader):
    """SafeLoader with the plain scalars of YAML 1.2's core schema."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", list("-+0123456789")),
    ("float", r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?$", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)

_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str", "map", "seq"))


class Document:
    """A parsed document: plain `content`, and the line of each value by its path of keys and indexes."""

    def __init__(self, content: Any, lines: dict[KeyPath, int]) -> None:
        self.content = content
        self._lines = lines

    def line(self, path: Sequence[Any]) -> int:
        """The line (from 1) of the deepest part of `path` that the document has."""
        for length in range(len(path), -1, -1):
            if (line := self._lines.get(tuple(path[:length]))) is not None:
                return line
        return 1


def read_document(path: Path) -> Document:
    """The YAML file at `path`. Raises OSError, or DocumentError naming the line."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("the file is not UTF-8 text", 1) from error
    return parse_document(text)


def parse_document(text: str) -> Document:
    """YAML text as a `Document`. Raises DocumentError naming the line."""
    try:
        loader = _Loader(text)
    except yaml.reader.ReaderError as error:
        raise DocumentError("a character that YAML does not allow", _line_of(text, error.position)) from error
    try:
        node = loader.get_single_node()
        if node is None:
            return Document({}, {(): 1})
        lines: dict[KeyPath, int] = {}
        _remember_lines(node, (), lines, node.start_mark.line + 1)
        return Document(_construct(loader, node), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(error.problem or "not readable as YAML", mark.line + 1 if mark else 1) from error
    except RecursionError as error:
        raise DocumentError("nested too deeply", 1) from error
    finally:
        loader.dispose()


def _construct(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    try:
        return loader.construct_document(node)
    except (ValueError, KeyError) as error:  # `!!int abc`: PyYAML lets Python's own errors through.
        raise DocumentError("a value that does not fit its tag", node.start_mark.line + 1) from error


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _remember_lines(node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int], line: int) -> None:
    lines[path] = line
    if node.tag not in _PLAIN_TAGS:
        raise DocumentError(f"the tag {node.tag} is not used here", line)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            # The key's own line: a value may begin on the next.
            place = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise DocumentError("a key that is not a word", place)
            if key.value in seen:
                raise DocumentError(f"'{key.value}' is given twice", place)
            seen.add(key.value)
            _remember_lines(value, (*path, key.value), lines, place)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _remember_lines(value, (*path, index), lines, value.start_mark.line + 1)
