"""`specbot new`: the skeleton of a spec, from the repository's own conventions."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.conventions import MANIFESTS, MAX_MANIFEST, Conventions, conventions, project_folder, samples
from bot.core.specs.layouts import place_of, places_of
from bot.core.specs.model import SpecFormat
from bot.core.specs.new_spec import new_path, readable_title, skeleton
from bot.core.specs.tree import TreePaths
from bot.core.specs.writing import to_markdown
from bot.errors import UserFault
from bot.local_lint import Bench

_TOOLS = {SpecFormat.SPECKIT: "spec-kit", SpecFormat.KIRO: "Kiro", SpecFormat.OPENSPEC: "OpenSpec"}


@click.command(name="new")
@click.argument("title")
@click.option(
    "--path", "wanted", type=click.Path(path_type=Path), help="Where to write it, instead of the next number."
)
def command(title: str, wanted: Path | None) -> None:
    """Write the skeleton of a spec, a draft, and print its path. Nothing is ever overwritten."""
    bench = Bench.at(Path.cwd())
    root, tree, config = bench.folder.root, bench.tree, bench.config
    name = readable_title(title)
    path = new_path(name, tree, config) if wanted is None else _wanted(wanted, bench)
    found = _conventions(bench)
    bench.folder.inside((root / path).resolve())
    shown = os.path.relpath(root / path)
    _write(Path(shown), to_markdown(skeleton(path, name, found)))
    click.echo(shown)
    for line in (*_remarks(path, tree, config), *_next_steps(shown, found)):
        click.echo(line, err=True)


def _conventions(bench: Bench) -> Conventions:
    """Those of the repository, or of the project that is meant where its root is none."""
    near = bench.folder.inside(Path.cwd())
    found = _of_folder(bench, "")
    folder = project_folder(bench.tree, near) if found.test is None else ""
    return _of_folder(bench, folder) if folder else found


def _of_folder(bench: Bench, folder: str) -> Conventions:
    tree = TreePaths.of(bench.tree.below(folder)) if folder else bench.tree
    manifests = [f"{folder}/{name}" if folder else name for name in MANIFESTS]
    named = [path for path in (*manifests, *samples(tree)) if path in bench.tree]
    texts = {path: _beginning(bench.folder.root / path) for path in named}
    return conventions(bench.tree, texts, bench.config.protected, folder)


def _wanted(path: Path, bench: Bench) -> str:
    relative = bench.folder.inside(path.resolve())
    place = place_of(relative, bench.config)
    if place is not None and place.format is not SpecFormat.NATIVE:
        tool = _TOOLS[place.format]
        raise UserFault(f"{relative} is a place for {tool}'s own files", hint=f"name another one, or use {tool}'s tool")
    return relative


def _beginning(file: Path) -> bytes:
    """As much of a manifest as is looked at; nothing of what is no readable file."""
    try:
        if not file.is_file():
            return b""
        with file.open("rb") as opened:
            return opened.read(MAX_MANIFEST)
    except OSError:
        return b""


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError:
        raise UserFault(f"there is a {file} already", hint="name another place with `--path`") from None
    except OSError as error:
        raise UserFault(
            f"{file} cannot be written: {error.strerror}", hint="name another place with `--path`"
        ) from None


def _remarks(path: str, tree: TreePaths, config: RepositoryConfig) -> Iterator[str]:
    """What the author may not expect about the place."""
    formats = {place.format for place in places_of(tree.paths, config)}
    if formats and SpecFormat.NATIVE not in formats:
        tools = " and ".join(sorted(_TOOLS[one] for one in formats))
        yield f"The specs here are {tools}'s, whose own tool makes new ones; this one is in Specbot's format."
    if place_of(path, config) is None:
        yield f"No pattern of this repository's `specs` names this file, so it counts for nothing: {', '.join(config.specs)}."


def _next_steps(shown: str, found: Conventions) -> tuple[str, str]:
    if found.test is not None:
        tests = f"its tests run with `{found.test.script}`, because {found.test.reason}"
    else:
        tests = "no test command was found, so write how its criterion is proven"
    return (
        f"Next: write what says TBD; {tests}.",
        f"Then set `status: ready` and run `specbot lint {shown}`, which names what is still open.",
    )
