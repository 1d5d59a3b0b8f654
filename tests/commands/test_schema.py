"""`specbot schema` prints one JSON document, or which ones there are."""

import json
from pathlib import Path

from bot.core.schemas import SCHEMAS, json_schema
from tests.commands.calling import specbot


def test_a_schema_is_printed_as_json(tmp_path: Path) -> None:
    said = specbot("schema", "config", cwd=tmp_path)
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == json_schema("config")


def test_without_a_name_all_names_are_said(tmp_path: Path) -> None:
    said = specbot("schema", cwd=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert all(name in said.err for name in SCHEMAS)
    assert all(f"{name}: " in specbot("schema", "--help", cwd=tmp_path).out for name in SCHEMAS)
