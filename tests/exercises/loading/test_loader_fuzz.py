"""Whatever a file holds, it loads or it gets a ScriptError that names the file and a line. Nothing else happens."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.errors import ScriptError
from exercises.library import load_library, load_script, parse_script
from exercises.lint import lint
from exercises.loading.source import MAX_BYTES, read_source
from tests.support.scripts import FILE, LOOKING, QUIET, changed

SEEDS = range(1000)
BASES = (QUIET, LOOKING)
ODDITIES = (
    "!!python/object/apply:os.system ['true']", "!!python/name:os.system", "!!binary aGVsbG8=", "!!set {a, b}",
    "!!int seven", "!!float x", "!!null x", "!!timestamp x", "!own {a: 1}", "&a [1]", "*a", "<<: {a: 1}",
    "1e999", "-1e999", ".nan", ".inf", "nan", "9" * 5000, "0x1F", "0o17", "1_000", "1:30", "0.0000001", "-0",
    "~", "null", "yes", "no", "on", "[]", "{}", "''", '""', "[[[[[[]]]]]]", "{a: {b: {c: {d: 1}}}}", "2024-02-30",
    '"\\uD800"', '"\\0"', '"\\x85"', '"\\e"', "\x00", "\x1b[31m", "\x85", "\u2028", "\ufeff", "\U0001f56f",
    "? [a]\n: 1", "? {a: 1}\n: 1", "|\n  a", ">-\n  a", "%YAML 9.9", "---", "...", "#", "@", "`", "\t",
)  # fmt: skip


def check(text: str) -> None:
    """Load `text` as a script, and lint it if it loads."""
    try:
        exercise = parse_script(text, FILE)
    except ScriptError as error:
        check_error(error, text)
    else:
        for problem in lint(exercise, read_source(FILE, text)):
            assert problem.line >= 1
            str(problem).encode("utf-8")


def check_error(error: ScriptError, text: str, file: str = FILE) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.file == file
        assert 1 <= problem.line <= len(text) + 1
        assert problem.message
    str(error).encode("utf-8")


def flip(rng: random.Random, text: str) -> str:
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(rng.randint(1, 6)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return data.decode("utf-8", rng.choice(("replace", "ignore", "surrogateescape")))


def swap_lines(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    for _ in range(rng.randint(1, 4)):
        a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
    return "".join(lines)


def lose_lines(rng: random.Random, text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if rng.random() > 0.1)


def cut(rng: random.Random, text: str) -> str:
    return text[: rng.randrange(len(text))]


def mistype_a_key(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    i = rng.choice([i for i, line in enumerate(lines) if ":" in line] or [0])
    at = rng.randrange(lines[i].find(":") + 1 or 1)
    lines[i] = lines[i][:at] + rng.choice(["", "x", " ", ":", "-", "é", '"']) + lines[i][at + 1 :]
    return "".join(lines)


def odd_value(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    i = rng.choice([i for i, line in enumerate(lines) if ":" in line] or [0])
    lines[i] = lines[i][: lines[i].find(":") + 1] + " " + rng.choice(ODDITIES) + "\n"
    return "".join(lines)


def odd_line(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(rng.randrange(len(lines)), " " * rng.randrange(8) + rng.choice(ODDITIES) + "\n")
    return "".join(lines)


def indent(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    i = rng.randrange(len(lines))
    lines[i] = rng.choice(["", " ", "   ", "\t"]) + lines[i].lstrip()
    return "".join(lines)


def other_numbers(rng: random.Random, text: str) -> str:
    return re.sub(r"\d+", lambda m: m[0] if rng.random() > 0.1 else str(rng.randrange(1, 40)), text)


def other_words(rng: random.Random, text: str) -> str:
    return re.sub(
        r"[a-z](?=[^:\n]*\")", lambda m: m[0] if rng.random() > 0.02 else rng.choice("aé ,.;(7-’"), text
    )


MUTATIONS = (
    flip, swap_lines, lose_lines, cut, mistype_a_key, odd_value, odd_line, indent, other_numbers, other_words,
)  # fmt: skip


def damaged(seed: int) -> str:
    """A good script after one to three mutations."""
    rng = random.Random(seed)
    text = rng.choice(BASES)
    for _ in range(rng.choice((1, 1, 2, 3))):
        text = rng.choice(MUTATIONS)(rng, text) or text
    return text


@pytest.mark.parametrize("block", range(10))
def test_a_thousand_damaged_scripts(block: int) -> None:
    for seed in SEEDS[block::10]:
        text = damaged(seed)
        try:
            check(text)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}\n{text!r}") from error


def test_some_damaged_scripts_still_load() -> None:
    # else the thousand would only ever test the first check that refuses
    loaded = 0
    for seed in SEEDS[:200]:
        try:
            parse_script(damaged(seed), FILE)
            loaded += 1
        except ScriptError:
            pass
    assert loaded >= 10


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    check(text)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("{}[]:,-?&*!|>'\"#%@` \n\tab1"), max_size=60))
def test_text_made_of_the_signs_of_yaml(text: str) -> None:
    check(text)


# written as JSON, which is YAML; surrogates and odd numbers stay in
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["id", "level", "lengths", "reviewed", "therapist", "voice", "steps"]), values)
def test_any_value_under_any_key(key: str, value: object) -> None:
    lines = [line for line in QUIET.splitlines() if not line.startswith(f"{key}:")]
    check("\n".join([f"{key}: {json.dumps(value)}", *lines]))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["say", "rest", "breath", "gaze", "reach", "choice", "cue", "part", "bell", "x"]), values
)
def test_any_value_in_any_step(step: str, value: object) -> None:
    check(changed(QUIET, "  - rest: 10\n", f"  - {step}: {json.dumps(value)}\n"))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 30_000,
        "{a: " * 12_000,
        "- " * 30_000,
        "? " * 30_000,
        "\n".join(" " * i + "a:" for i in range(340)),
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "a: &a [*a]",
        "steps: [" + "a, " * 20_000 + "]",
        "\n".join(f"k{i}: 1" for i in range(6_000)),
        '"' + "a" * 60_000 + '": 1',
        "? " + "k" * 60_000 + "\n: 1",
        "a: " + "9" * 60_000,
        "x" * (MAX_BYTES + 1),
        "",
        "# nothing",
        "\ud800",
    ],
    ids=lambda text: text[:16].encode("unicode_escape").decode() or "empty",
)
def test_large_and_deep_files_are_refused_soon(text: str) -> None:
    started = time.process_time()
    with pytest.raises(ScriptError) as caught:
        parse_script(text, FILE)
    assert time.process_time() - started < 5
    check_error(caught.value, text)


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system ['exit 1']", "!own {a: 1}", "!!set {a, b}"])
def test_tags_are_named_and_refused(tag: str) -> None:
    text = changed(QUIET, "  - rest: 10\n", f"  - rest: {tag}\n")
    with pytest.raises(
        ScriptError, match=r"quiet\.yaml:27: the tag \"\S+\" is not used in scripts; leave it out"
    ):
        parse_script(text, FILE)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_in_a_file(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    with pytest.raises(ScriptError) as caught:
        load_script(path)
    check_error(caught.value, data.decode("latin-1"), str(path))


def test_one_broken_file_does_not_silence_the_others(tmp_path: Path) -> None:
    (tmp_path / "quiet.yaml").write_text(QUIET, "utf-8")
    (tmp_path / "twin.yaml").write_text(QUIET, "utf-8")
    (tmp_path / "broken.yaml").write_bytes(b"id: \xff\n")
    (tmp_path / "folder.yaml").mkdir()
    library = load_library(tmp_path)
    assert [e.id for e in library] == ["quiet"]
    assert [(Path(p.file).name, p.line) for p in library.problems] == [
        ("broken.yaml", 1), ("folder.yaml", 1), ("twin.yaml", 1),
    ]  # fmt: skip
