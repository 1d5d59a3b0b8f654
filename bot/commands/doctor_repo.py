"""`specbot doctor REPO`: which projects a checkout holds, what would make them runnable, and what this machine lacks for it."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.adapters.sandbox.beneath import read_beneath
from bot.adapters.sandbox.box_programs import SERVER, box_program, service_program
from bot.adapters.sandbox.rust import Rust
from bot.adapters.sandbox.setups import AUTOMATIC, MANIFEST_BYTES
from bot.commands.health import Health
from bot.core.environments.detect import detect
from bot.core.environments.kinds import Kind, Project
from bot.core.policy.configuration import PATH, read_configuration
from bot.core.policy.model import EnvironmentConfig
from bot.errors import SpecbotError
from bot.settings import Settings

GIT_SECONDS = 60
"""Listing the files of the largest repositories takes a second or two."""


def looked_at(repo: Path, settings: Settings) -> Iterator[Health]:
    """Of the files that git tracks or would track in `repo`; nothing of them is executed."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=repo,
            capture_output=True,
            check=True,
            timeout=GIT_SECONDS,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        yield Health("repository", f"{repo} is no git checkout", "name the folder of a clone")
        return
    paths = [path for path in listed.decode("utf-8", "surrogateescape").split("\0") if path]

    def read(path: str) -> bytes:
        try:
            return read_beneath(repo, path, MANIFEST_BYTES)
        except SpecbotError:
            return b""

    config = EnvironmentConfig()
    if PATH in paths:
        try:
            config = read_configuration(read(PATH), read(PATH)).environment
        except SpecbotError as fault:
            yield Health("configuration", fault.message, fault.hint)
    yield from _configured(config, settings)
    projects = detect(paths, read)
    if not projects:
        yield Health(
            "projects", "none of a known kind", "say how to set up and test it in .github/specbot.yml", needed=False
        )
    rust = Rust(settings.state_dir, os.environ)
    for project in projects:
        missing = [tool for tool in project.tools if box_program(tool) is None and tool not in rust.tools]
        yield _project(project, config, settings, missing)


def _configured(config: EnvironmentConfig, settings: Settings) -> Iterator[Health]:
    for folder, command in config.commands:
        yield Health("set-up command", f"`{command}`{_where(folder)}")
    for project in config.projects:
        if project.test:
            yield Health("test command", f"`{project.test}`{_where(project.path)}")
    hosts = (*config.hosts, *settings.setup_hosts)
    if config.commands:
        yield Health("hosts of the set-up", ", ".join(hosts) or "none: the set-up has no network at all")
    for service in config.services:
        missing = service_program(service) is None
        yield Health("service", service.value, f"install {SERVER[service]} below /usr" if missing else "")


def _project(project: Project, config: EnvironmentConfig, settings: Settings, missing: Sequence[str]) -> Health:
    what = f"{project.kind.value}{_where(project.path)}"
    said = f"set up with `{'; '.join(project.setup)}`" if project.setup else "needs no set-up"
    if project.kind is Kind.PIP and not project.setup:
        said = "packages of its manifests come from wheels"
    said += f", tested with `{project.test}`" if project.test else ", no tests seen"
    if missing:
        return Health(what, said, f"boxes do not find {', '.join(missing)}: install it below /usr", needed=False)
    if config.setup is not None or any(own.path == project.path for own in config.projects) or not project.setup:
        return Health(what, said)
    if project.kind in AUTOMATIC and settings.setup_hosts:
        return Health(what, f"{said}; done by itself")
    way_out = f"to have it done, write the commands as environment.setup and the hosts as environment.hosts in {PATH}"
    if project.kind in AUTOMATIC:
        way_out += ", or name its registry in SPECBOT_SETUP_HOSTS"
    return Health(what, said, way_out, needed=False)


def _where(folder: str) -> str:
    return "" if folder == "." else f" in {folder}"
