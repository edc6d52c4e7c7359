"""A script's YAML as plain values, with the line on which each value stands.

Only what scripts need is read: mappings, lists, strings, numbers, true, false and null. Keys are always
strings, so `yes:` and `no:` mean themselves. Anchors, aliases and tags are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from .errors import Problem, ScriptError

MAX_BYTES = 64 * 1024
MAX_DEPTH = 12

Path = tuple[str | int, ...]


@dataclass
class Source:
    """The values of one script and, for each path into them, its line (counted from 1)."""

    file: str
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """The line of `path`, or of its nearest parent that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_source(file: str, text: str) -> Source:
    """Parse `text`; raises ScriptError with a line for anything that is not a plain script."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise ScriptError(
            [Problem(file, 1, f"the script is larger than {MAX_BYTES // 1024} kB; split it in two")]
        )
    source = Source(file)
    try:
        _refuse_surprises(file, text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            raise ScriptError([Problem(file, 1, "the script is empty; start with `id:` and `title:`")])
        source.value = _plain(source, node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"this is not YAML: {error.problem or error.context}; check quotes, colons and indentation"
        raise ScriptError([Problem(file, mark.line + 1 if mark else 1, message)]) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = f"this is not YAML: {first}; save the file as plain UTF-8 text"
        raise ScriptError([Problem(file, 1, message)]) from None
    return source


def _refuse_surprises(file: str, text: str) -> None:
    """Refuse anchors, tagged lists and mappings, and deep nesting, before time is spent on any of them."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        message = None
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                message = "this is nested too deeply; a step has at most four levels"
            elif event.tag:
                message = f'the tag "{event.tag}" is not used in scripts; leave it out'
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        anchor = getattr(event, "anchor", None)
        if anchor:
            message = f'"{anchor}" is an anchor or alias; write the text out instead'
        if message:
            raise ScriptError([Problem(file, event.start_mark.line + 1, message)])


def _plain(source: Source, node: yaml.Node, path: Path) -> Any:
    source.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(source, node, path)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(source, child, (*path, i)) for i, child in enumerate(node.value)]
    return _scalar(source, node)


def _mapping(source: Source, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise ScriptError([Problem(source.file, line, "a key is one plain word")])
        if key.value in result:
            raise ScriptError(
                [Problem(source.file, line, f'"{key.value}" stands here twice; keep one of them')]
            )
        source.lines[(*path, key.value)] = line
        result[key.value] = _plain(source, child, (*path, key.value))
    return result


def _scalar(source: Source, node: yaml.Node) -> Any:
    tag, text = node.tag.rpartition(":")[2], node.value
    if tag == "null":
        return None
    if tag == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if tag in ("int", "float"):
        try:
            return int(text) if tag == "int" else float(text)
        except ValueError:
            return text
    if tag in ("str", "bool", "timestamp", "merge", "value"):
        return text
    line = node.start_mark.line + 1
    raise ScriptError(
        [Problem(source.file, line, f'the tag "{node.tag}" is not used in scripts; leave it out')]
    )
