"""Tests of the table of operations: what the service asks for and what the studio carries out are the same."""

from __future__ import annotations

import ast
from pathlib import Path

from audio.studio import client, orders
from audio.studio.operations import OPERATIONS, Pool

ASKING = [ast.parse(Path(module.__file__ or "").read_text()) for module in (client, orders)]
NODES = [node for tree in ASKING for node in ast.walk(tree)]


def test_whatever_the_service_asks_for_is_a_row() -> None:
    asked = {
        value.value
        for node in NODES
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "op" and isinstance(value, ast.Constant)
    }
    assert len(asked) > 10
    assert asked <= set(OPERATIONS)


def test_no_row_is_left_that_nobody_asks_for() -> None:
    written = {node.value for node in NODES if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert set(OPERATIONS) <= written


def test_every_pool_has_threads_of_its_own_name() -> None:
    names = [pool.value[0] for pool in Pool]
    assert len(set(names)) == len(names)
    assert {row.pool for row in OPERATIONS.values()} == {None, *Pool}
