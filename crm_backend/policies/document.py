"""YAML that remembers where each value stood, so that an error can name its line.

Reads YAML as version 1.2 does: `NO` is Norway and `10:00` a time of day, not False and 600. A key given twice is an
error: YAML would silently keep the last.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
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
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document({}, {(): 1})
        lines: dict[KeyPath, int] = {}
        _remember_lines(node, (), lines, node.start_mark.line + 1)
        return Document(loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(error.problem or "not readable as YAML", mark.line + 1 if mark else 1) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DocumentError("a character that YAML does not allow", line) from error
    except RecursionError as error:
        raise DocumentError("nested too deeply", 1) from error
    finally:
        loader.dispose()


def _remember_lines(node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int], line: int) -> None:
    lines[path] = line
    if isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            if key.value in seen:
                raise DocumentError(f"'{key.value}' is given twice", key.start_mark.line + 1)
            seen.add(key.value)
            # The key's own line: a value may begin on the next.
            _remember_lines(value, (*path, key.value), lines, key.start_mark.line + 1)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _remember_lines(value, (*path, index), lines, value.start_mark.line + 1)
