"""Which files of an `openspec/` folder belong together. Told by paths alone; pure.

Places that start with a dot are not looked into, as in OpenSpec's own tool.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.core.specs.layouts import SpecPlace
from bot.core.specs.tree import TreePaths

PROPOSAL = "proposal.md"
DESIGN = "design.md"
TASKS = "tasks.md"
METADATA = ".openspec.yaml"
CONFIG = "openspec/config.yaml"
CHANGES = "openspec/changes"
SPECS = "openspec/specs"
_SPEC = "spec.md"


def is_change(place: SpecPlace) -> bool:
    return place.path.startswith(f"{CHANGES}/")


def living_path(capability: str) -> str:
    """Where a capability's living spec stands."""
    return f"{SPECS}/{capability}/{_SPEC}"


def capability_of(place: SpecPlace) -> str:
    """The capability of a living spec."""
    return place.path.removeprefix(f"{SPECS}/").removesuffix(f"/{_SPEC}")


def delta_capability(path: str) -> str:
    """The capability that the delta at `path` is for, "" when it is no delta of an open change."""
    parts = path.split("/")
    match parts:
        case ["openspec", "changes", change, "specs", *capability, name] if change != "archive" and name == _SPEC:
            return "" if any(part.startswith(".") for part in capability) else "/".join(capability)
        case _:
            return ""


def change_of(path: str) -> str:
    """The folder of the change that the file at `path` belongs to."""
    return "/".join(path.split("/")[:3])


def own_files(place: SpecPlace, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The files among `paths` that a change is read from, in reading order: what is asked, how, in which steps, and the deltas."""
    named = [f"{place.path}/{name}" for name in (PROPOSAL, DESIGN, TASKS, METADATA)]
    under = f"{place.path}/specs/"
    texts = (path for path in paths if path.startswith(under) and path.endswith(".md") and "/." not in path)
    there = frozenset(paths)
    return (*(name for name in named if name in there), *sorted(texts))


@dataclass(frozen=True, slots=True)
class OpenSpecFiles:
    """What the tree has besides one change: all living specs, the open changes' deltas by capability."""

    living: tuple[str, ...]
    deltas: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def openspec_files(tree: TreePaths) -> OpenSpecFiles:
    """Looked up once for a tree: a pull request may bring many changes."""
    living = tuple(
        path
        for path in tree.below(SPECS)
        if path.endswith(f"/{_SPEC}") and path != f"{SPECS}/{_SPEC}" and "/." not in path
    )
    deltas: dict[str, list[str]] = {}
    for path in tree.below(CHANGES):
        capability = delta_capability(path)
        if capability:
            deltas.setdefault(capability, []).append(path)
    return OpenSpecFiles(living, {capability: tuple(paths) for capability, paths in deltas.items()})


def wanted_by_change(place: SpecPlace, tree: TreePaths) -> tuple[str, ...]:
    """Its own files; every living spec, because a base's tree does not say which ones the head's change is about; the other open changes' deltas
    for its capabilities; the project's configuration."""
    own = own_files(place, tree.below(place.path))
    files = openspec_files(tree)
    capabilities = [capability for path in own if (capability := delta_capability(path))]
    rivals = [path for capability in capabilities for path in files.deltas[capability] if not place.holds(path)]
    config = (CONFIG,) if CONFIG in tree else ()
    return (*own, *files.living, *rivals, *config)


def wanted_by_living(place: SpecPlace, tree: TreePaths) -> tuple[str, ...]:
    """The file, and what open changes are about to make of it: their deltas, and their proposals, which may call them drafts."""
    deltas = openspec_files(tree).deltas.get(capability_of(place), ())
    proposals = (f"{change_of(path)}/{PROPOSAL}" for path in deltas)
    own = (place.path,) if place.path in tree else ()
    return (*own, *deltas, *(path for path in proposals if path in tree))
