"""`specbot doctor REPO` says what a checkout needs, and executes nothing of it."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.commands.doctor_repo import looked_at
from bot.commands.health import Health
from bot.settings import load_settings
from tests.commands.calling import specbot

NODE = '{"scripts": {"test": "node --test"}, "dependencies": {"a": "1"}}'


def repository(folder: Path, files: Mapping[str, str]) -> Path:
    subprocess.run(["git", "init", "-q", folder], check=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def seen(folder: Path, files: Mapping[str, str], **environ: str) -> dict[str, Health]:
    found = looked_at(repository(folder, files), load_settings({"SPECBOT_STATE_DIR": "/nonexistent", **environ}))
    return {health.what: health for health in found}


def test_projects_are_named_with_what_would_run(tmp_path: Path) -> None:
    files = {"web/package.json": NODE, "web/package-lock.json": "{}", "pyproject.toml": "", "test_a.py": ""}
    found = seen(tmp_path, files)
    assert (
        found["Python with pip"].found == "packages of its manifests come from wheels, tested with `python -m pytest`"
    )
    web = found["Node with npm in web"]
    assert web.found == "set up with `npm ci`, tested with `npm test`"
    assert "environment.setup" in web.way_out
    assert not web.needed
    again = seen(tmp_path, files, SPECBOT_SETUP_HOSTS="registry.example")["Node with npm in web"]
    assert (again.found, again.way_out) == (f"{web.found}; done by itself", "")


def test_the_configuration_is_shown_and_its_faults(tmp_path: Path) -> None:
    config = (
        "environment: {setup: make deps, hosts: a.example, projects: [{path: api, test: make test}], services: redis}"
    )
    found = seen(tmp_path / "a", {".github/specbot.yml": config})
    assert found["set-up command"].found == "`make deps`"
    assert found["test command"].found == "`make test` in api"
    assert found["hosts of the set-up"].found == "a.example"
    assert found["service"].found == "redis"
    wrong = seen(tmp_path / "b", {".github/specbot.yml": "environment: {hosts: 'https://a'}"})["configuration"]
    assert "is no host's name" in wrong.found
    assert wrong.way_out


def test_links_are_not_followed_and_missing_programs_are_named(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("test:\n\techo\n")
    folder = repository(tmp_path / "repo", {"pnpm-lock.yaml": "", "package.json": NODE})
    (folder / "Makefile").symlink_to(secret)
    found = seen(folder, {})
    assert "Make" not in found
    assert "do not find pnpm" in found["Node with pnpm"].way_out


def test_no_checkout_is_said(tmp_path: Path) -> None:
    [health] = looked_at(tmp_path, load_settings({"SPECBOT_STATE_DIR": "/nonexistent"}))
    assert "is no git checkout" in health.found


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_takes_a_folder(tmp_path: Path, *, as_json: bool) -> None:
    repository(tmp_path, {"go.mod": "module a\n"})
    said = specbot("doctor", str(tmp_path), *(["--json"] if as_json else []), cwd=tmp_path)
    assert said.code == 0
    assert "go test ./..." in said.out
    if as_json:
        assert json.loads(said.out)[0]["what"] == "Go"
