"""Which files are specs, and in which format: told by their place, never by their content. Pure.

| place | format | the spec |
| --- | --- | --- |
| `specs/NNN-slug/…` | spec-kit | the folder |
| `.kiro/specs/NAME/…` | Kiro | the folder |
| `openspec/changes/ID/…` (not `archive`) | OpenSpec | the folder |
| `openspec/specs/CAPABILITY/spec.md` | OpenSpec | the file |
| what the repository's globs name | native | the file |

The first that fits counts. Foreign layouts are read at the repository's root, as their own tools do.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.core.patterns import PathPatterns, readable_patterns
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.model import SpecFormat

NEVER = frozenset({".github", "node_modules", ".git"})
"""Folders, at any depth, in which no spec is read: GitHub's own templates, other people's packages, git itself."""

_SPECKIT_FOLDER = re.compile(r"[0-9]{3,}-.+")
"""spec-kit numbers its feature folders with three digits or more, or with a time stamp (spec-kit 1.0.1, create-new-feature)."""


@dataclass(frozen=True, slots=True, order=True)
class SpecPlace:
    """Where a spec stands. `path` is its name: a file, or the folder whose files together are the spec."""

    path: str
    format: SpecFormat

    def holds(self, path: str) -> bool:
        """True for the spec's file, and for every file in its folder."""
        return path == self.path or path.startswith(f"{self.path}/")


def place_of(path: str, config: RepositoryConfig) -> SpecPlace | None:
    """The spec that the file at `path` (relative, `/` between its parts) belongs to; None when it belongs to none."""
    parts = path.split("/")
    if not NEVER.isdisjoint(parts):
        return None
    foreign = _foreign(parts)
    if foreign is not None and foreign.format in config.formats:
        return foreign if foreign.path else None
    native = SpecFormat.NATIVE in config.formats and _globs(config.specs).matches(path)
    return SpecPlace(path, SpecFormat.NATIVE) if native else None


def places_of(paths: Iterable[str], config: RepositoryConfig) -> tuple[SpecPlace, ...]:
    """The specs that any of `paths` belongs to, each once, in order."""
    found = (place_of(path, config) for path in set(paths))
    return tuple(sorted({place for place in found if place is not None}))


def named_place(path: str, config: RepositoryConfig, *, folder: bool) -> SpecPlace | None:
    """The spec that somebody means who names a file or a folder; None for a folder that is no spec's. A file that stands in no spec's place is
    read as a native one: naming it is no guess."""
    place = place_of(f"{path}/spec.md" if folder else path, config)
    if place is not None and place.holds(path):
        return place
    return None if folder else SpecPlace(path, SpecFormat.NATIVE)


def is_spec(path: str, config: RepositoryConfig) -> bool:
    """True when the file at `path` is a spec or part of one."""
    return place_of(path, config) is not None


def _foreign(parts: list[str]) -> SpecPlace | None:
    """The place by the layout of a foreign tool; an empty path for what lies in such a layout and is no spec (archives, indexes)."""
    path = ""
    match parts:
        case ["specs", folder, _, *_] if _SPECKIT_FOLDER.fullmatch(folder):
            return SpecPlace(f"specs/{folder}", SpecFormat.SPECKIT)
        case [".kiro", *rest]:
            if rest[:1] == ["specs"] and len(rest) > 2:
                path = f".kiro/specs/{rest[1]}"
            return SpecPlace(path, SpecFormat.KIRO)
        case ["openspec", "changes", change, _, *_] if change != "archive":
            return SpecPlace(f"openspec/changes/{change}", SpecFormat.OPENSPEC)
        case ["openspec", *rest]:
            if rest[:1] == ["specs"] and len(rest) > 2 and rest[-1] == "spec.md":
                path = "/".join(parts)
            return SpecPlace(path, SpecFormat.OPENSPEC)
        case _:
            return None


@lru_cache(maxsize=64)
def _globs(specs: tuple[str, ...]) -> PathPatterns:
    return readable_patterns(specs)
