"""Specs that wait for other specs: what `depends` names must be in force where the work starts. Pure."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.core.specs.model import Spec, Status


@dataclass(frozen=True, slots=True)
class Unmet:
    """A spec that must not start yet, what it waits for, and why in words."""

    spec_path: str
    depends: str
    reason: str


def unmet(specs: Sequence[Spec], base: Mapping[str, Spec | None], taken_out: Collection[str] = ()) -> tuple[Unmet, ...]:
    """What the specs in force of one pull request still wait for.

    `base` has what the base's tree holds at each path that is named: its spec, None when there is none. A spec of the same pull request
    counts as met when it is in force: the two are merged together. One that the pull request takes out (`taken_out`, the paths of specs) or makes
    a draft is not met, whatever the base has.
    """
    here = {spec.path: spec for spec in specs}
    found = []
    for spec in specs:
        for path in spec.depends if spec.status is Status.READY else ():
            if any(_names(path, out) for out in taken_out):
                reason = "this pull request takes it out"
            else:
                reason = _why_not(_named(path, here), base.get(path))
            if reason and path != spec.path:
                found.append(Unmet(spec.path, path, reason))
    return tuple(found)


def _named(path: str, here: Mapping[str, Spec]) -> Spec | None:
    return next((spec for name, spec in here.items() if _names(path, name)), None)


def _names(path: str, spec_path: str) -> bool:
    """Whether `path` names the spec, or one of the files in its folder."""
    return path == spec_path or path.startswith(f"{spec_path}/")


def _why_not(beside: Spec | None, merged: Spec | None) -> str:
    if beside is not None:
        return "" if beside.status is Status.READY else "it is a draft in this pull request"
    if merged is not None and merged.status is Status.READY:
        return ""
    return "it is a draft on the base" if merged is not None else "it is not merged into the base this branch stands on"


def circle(path: str, depends: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The shortest way from a spec through those it depends on back to itself, the spec first; empty when there is none. `depends` by spec path.

    Only what can be reached is looked at.
    """
    before: dict[str, str] = {}
    todo = deque([path])
    while todo:
        current = todo.popleft()
        others = depends.get(current, ())
        if path in others:
            way = [current]
            while way[-1] != path:
                way.append(before[way[-1]])
            return tuple(reversed(way))
        for other in others:
            if other not in before:
                before[other] = current
                todo.append(other)
    return ()
