"""A script's YAML as plain values, with the line on which each value stands.

Only what scripts need is read: mappings, lists, strings, numbers, true, false and null. Keys are always
strings, so `yes:` and `no:` mean themselves. Anchors, aliases and tags are refused. Every string is one line in
composed letters; characters that nobody sees are taken out, and told as problems.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from exercises.errors import Problem, ScriptError
from exercises.text import has_words, one_line, unseen

MAX_BYTES = 64 * 1024
MAX_DEPTH = 12

_LINE_BREAKS = re.compile(r"\r\n?")
_SPACES = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000), " ")
"""YAML takes some for ends of lines and the others for letters, also before a key; they look like spaces."""

_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path = tuple[str | int, ...]


@dataclass
class Source:
    """The values of one script and, for each path into them, its line (counted from 1).

    `problems` are what has to be mended, though the values could be read.
    """

    file: str
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

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
    # editors on Windows begin a file with a mark that is no part of it
    text = _without_unseen(source, _LINE_BREAKS.sub("\n", text.removeprefix("\ufeff")).translate(_SPACES))
    try:
        node = _node(file, text)
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


def _node(file: str, text: str) -> yaml.Node | None:
    """The text as YAML reads it; by the library in C where there is one, which takes a tenth of the time.

    What that refuses is read once more in Python, which says in clearer words what is wrong.
    """
    try:
        return _composed(file, text, _QUICK)
    except (yaml.YAMLError, RecursionError, ValueError):
        return _composed(file, text, yaml.SafeLoader)


def _composed(file: str, text: str, loader: Any) -> yaml.Node | None:
    _refuse_surprises(file, text, loader)
    return yaml.compose(text, Loader=loader)


def _without_unseen(source: Source, text: str) -> str:
    """The same lines without characters that nobody sees, each of which is told with its line."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if _tell_unseen(source, number, line):
            gone = {found.at for found in unseen(line)}
            lines[number - 1] = "".join(c for at, c in enumerate(line) if at not in gone)
    return "\n".join(lines)


def _tell_unseen(source: Source, number: int, words: str) -> bool:
    """Tell of each unseen character in some words of a line; False where there is none."""
    found = list(unseen(words))
    for at, name in found:
        before = [word.strip("[\"'") for word in one_line(words[:at]).split(" ") if has_words(word)]
        before = [word for word in before[-3:] if not word.endswith(":")]
        place = f'after "{" ".join(before)}"' if before else "at the start"
        message = f"nobody can see the {name} {place}, and voices read it aloud or stumble; delete it"
        source.problems.append(Problem(source.file, number, message))
    return bool(found)


def _refuse_surprises(file: str, text: str, loader: Any) -> None:
    """Refuse anchors, tagged lists and mappings, and deep nesting, before time is spent on any of them."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
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
        name = _string(source, key)
        if name in result:
            raise ScriptError([Problem(source.file, line, f'"{name}" stands here twice; keep one of them')])
        source.lines[(*path, name)] = line
        result[name] = _plain(source, child, (*path, name))
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
            return _string(source, node)
    if tag in ("str", "bool", "timestamp", "merge", "value"):
        return _string(source, node)
    line = node.start_mark.line + 1
    raise ScriptError(
        [Problem(source.file, line, f'the tag "{node.tag}" is not used in scripts; leave it out')]
    )


def _string(source: Source, node: yaml.ScalarNode) -> str:
    """A string as one line; an escape such as "\\u200b" may stand for something that nobody sees."""
    _tell_unseen(source, node.start_mark.line + 1, node.value)
    return one_line(node.value)
