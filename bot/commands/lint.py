"""`specbot lint`: read and lint spec files, here and now."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from bot.core.policy.configuration import read_configuration
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.layouts import SpecPlace, place_of, places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Reading, SpecFormat
from bot.core.specs.read import format_of
from bot.core.specs.tree import TreePaths
from bot.errors import UserFault
from bot.reporting.masking import Redactor
from bot.reporting.terminal import lint_lines

IGNORED = frozenset({".git", ".venv", "node_modules", "__pycache__"})
"""Folders that no repository means when it says its files."""


@click.command(name="lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print findings as JSON.")
def command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check spec files (all specs of this folder when none is named). Exit status 1 when a finding is an error."""
    root = _root(Path.cwd())
    config = _configuration(root)
    tree = TreePaths.of(_files(root))
    places = tuple(dict.fromkeys(_place(path, root, config) for path in paths)) or places_of(tree.paths, config)
    if not places:
        raise UserFault("there is no spec here", hint=f"specs match {', '.join(config.specs)}")
    context = LintContext(tree_paths=frozenset(tree.paths), config=config)
    readings = tuple(_linted(root, place, tree, context) for place in places)
    if as_json:
        click.echo(json.dumps([_finding(reading) for reading in readings], indent=1))
    else:
        for line in lint_lines(readings, Redactor()):
            click.echo(line)
    sys.exit(1 if any(reading.blocked for reading in readings) else 0)


def _place(path: Path, root: Path, config: RepositoryConfig) -> SpecPlace:
    """The spec that a named file or folder belongs to. A file that stands in no spec's place is read as a native one: it was named."""
    relative = _relative(path, root)
    file = root / relative
    if not file.exists():
        raise UserFault(f"there is no file {relative}", hint="name a spec")
    place = place_of(f"{relative}/spec.md" if file.is_dir() else relative, config)
    if place is not None and place.holds(relative):
        return place
    if file.is_dir():
        raise UserFault(
            f"{relative} is the folder of no spec", hint="name a spec, or run `specbot lint` for all of them"
        )
    return SpecPlace(relative, SpecFormat.NATIVE)


def _linted(root: Path, place: SpecPlace, tree: TreePaths, context: LintContext) -> Reading:
    reader = format_of(place)
    names = reader.wanted(place, tree) or (place.path,)
    files = {name: (root / name).read_bytes() for name in names if (root / name).is_file()}
    reading = reader.read(place, files, context.config)
    return replace(reading, findings=lint(reading, context))


def _finding(reading: Reading) -> dict[str, object]:
    return {
        "path": reading.path,
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity.value,
                "path": finding.position.path,
                "line": finding.position.line,
                "column": finding.position.column,
                "end_line": finding.position.end_line,
                "message": finding.message,
                "hint": finding.hint,
            }
            for finding in reading.findings
        ],
    }


def _root(start: Path) -> Path:
    """The repository's top folder, or the folder itself outside of one."""
    return next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), start)


def _configuration(root: Path) -> RepositoryConfig:
    file = root / ".github" / "specbot.yml"
    data = file.read_bytes() if file.is_file() else None
    return read_configuration(data, data)


def _files(root: Path) -> list[str]:
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in IGNORED]
        found += [(Path(folder) / name).relative_to(root).as_posix() for name in names]
    return found


def _relative(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise UserFault(f"{path} lies outside of {root}", hint="go to its repository first") from None
