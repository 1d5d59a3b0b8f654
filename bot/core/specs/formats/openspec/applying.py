"""A delta laid over the living spec: what will stand, and what does not fit. Pure.

In the order of OpenSpec's own tool (1.10): RENAMED, REMOVED, MODIFIED, ADDED. What somebody has carried over into the living spec already is no
misfit: a requirement that was added word for word, removed, or renamed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core.specs.formats.openspec.delta import Delta, Removal, Renaming
from bot.core.specs.formats.openspec.requirements import Requirement, short, twice_named
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign, reading

Living = Mapping[str, Requirement]
"""The requirements of a living spec by name, in its order."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A requirement as the change leaves it. `line` is where the delta names it; `before` is its block in the living spec, under whatever name.

    `renamed_only`: the block stands in the living spec and gets another name.
    """

    name: str
    requirement: Requirement
    line: int
    before: Requirement | None = None
    renamed_only: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """What stands after the delta, and what does not fit."""

    standing: tuple[Standing, ...]
    findings: tuple[Finding, ...]


def renamed(living: Living, renamings: Sequence[Renaming]) -> Living:
    """The living spec's blocks by the names that they get. Renamings that do not fit change nothing."""
    if not renamings:
        return living
    blocks = dict(living)
    for one in renamings:
        if one.old in blocks and one.new not in blocks:
            blocks[one.new] = blocks.pop(one.old)
    return blocks


def standing(delta: Delta, living: Living | None) -> tuple[Standing, ...]:
    """What stands after the delta, in the order of its lines; what does not fit counts as it is written."""
    blocks = renamed(living or {}, delta.renamed)
    written = [Standing(one.name, one, one.line, blocks.get(one.name)) for one in (*delta.modified, *delta.added)]
    names = {one.name for one in written}
    moved = {one.new: one.line for one in delta.renamed if one.new in blocks and one.new not in names}
    written += [Standing(new, blocks[new], line, blocks[new], renamed_only=True) for new, line in moved.items()]
    return tuple(sorted(written, key=lambda one: one.line))


def apply(delta: Delta, living: Living | None, *, retires: bool = False) -> Applied:
    """Lay a delta over the living spec of its capability; None when there is none. `retires`: the change says that the capability may go."""
    blocks = renamed(living or {}, delta.renamed)
    findings = [
        *_twice(delta),
        *_contradictions(delta),
        *_misfits(delta, living, blocks, retires=retires),
        *(lost for one in delta.modified for lost in _lost_scenarios(delta, one, blocks.get(one.name))),
    ]
    return Applied(standing(delta, living), tuple(findings))


def _twice(delta: Delta) -> Iterator[Finding]:
    yield from twice_named(delta.added)
    yield from twice_named(delta.modified)
    yield from _named_twice(delta, [(one.name, one.line) for one in delta.removed], "removed")
    yield from _named_twice(delta, [(one.old, one.line) for one in delta.renamed], "renamed")
    yield from _named_twice(delta, [(one.new, one.line) for one in delta.renamed], "the new name of another")


def _named_twice(delta: Delta, named: Iterable[tuple[str, int]], what: str) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for name, line in named:
        known = first.setdefault(name, line)
        if known != line:
            message = f"The requirement “{short(name)}” is {what} on line {known} already."
            yield reading.DUPLICATE_ID.finding(delta.sheet.place(line), message, "Keep one of them.")


def _contradictions(delta: Delta) -> Iterator[Finding]:
    """Requirements of which the delta says two things."""
    added = {one.name for one in delta.added}
    modified = {one.name for one in delta.modified}
    old = {one.old: one.new for one in delta.renamed}
    old_folded = {folded(name) for name in old}
    new = {one.new for one in delta.renamed}
    for one in delta.modified:
        if one.name in added:
            yield _misfit(delta, one.line, f"“{short(one.name)}” is both modified and added", "Keep one of them.")
        if one.name in old:
            hint = f"Modify it under its new name, “{short(old[one.name])}”."
            yield _misfit(delta, one.line, f"“{short(one.name)}” is modified under the name that it loses", hint)
    for gone in delta.removed:
        others = [("modified", modified), ("added", added)]
        for what in (word for word, names in others if gone.name in names):
            yield _misfit(delta, gone.line, f"“{short(gone.name)}” is both removed and {what}", "Keep one of them.")
        if folded(gone.name) in old_folded:
            yield _misfit(delta, gone.line, f"“{short(gone.name)}” is both removed and renamed", "Keep one of them.")
    for one in delta.added:
        if one.name in new:
            yield _misfit(
                delta, one.line, f"“{short(one.name)}” is both added and the new name of another", _OTHER_NAME
            )


_OTHER_NAME = "Give it another name."
_SAME_NAME = "Write its name as the living spec does, or add it under ADDED Requirements."


def _misfits(
    delta: Delta, living: Living | None, blocks: Mapping[str, Requirement], *, retires: bool
) -> Iterator[Finding]:
    near = {folded(name): name for name in living or {}}
    where = f"`openspec/specs/{delta.capability[:80]}/spec.md`"
    removed = {one.name for one in delta.removed}
    renamed_away = {one.old for one in delta.renamed}
    yield from _renaming_misfits(delta, living or {}, near, where)
    for gone in delta.removed:
        if gone.name not in blocks:
            yield _not_removed(delta, gone, near, where, spec_there=living is not None or retires)
    for one in delta.modified:
        if one.name not in blocks and one.name not in renamed_away:
            hint = _did_you_mean(near, one.name) or _SAME_NAME
            yield _misfit(delta, one.line, f"“{short(one.name)}” is modified, and {where} does not have it", hint)
    for one in delta.added:
        there = blocks.get(one.name)
        if there is not None and one.name not in removed and there.words != one.words:
            message = f"“{short(one.name)}” is added, and {where} has it already, in other words"
            yield _misfit(delta, one.line, message, "Put it under MODIFIED Requirements, or give it another name.")


def _renaming_misfits(delta: Delta, living: Living, near: Mapping[str, str], where: str) -> Iterator[Finding]:
    names = set(living)
    for one in delta.renamed:
        if one.old not in names:
            close = near.get(folded(one.old), one.new)
            if one.new not in names or close != one.new:
                hint = _did_you_mean(near, one.old) or _SAME_NAME
                yield _misfit(delta, one.line, f"“{short(one.old)}” is renamed, and {where} does not have it", hint)
        elif one.new in names:
            message = f"“{short(one.old)}” is renamed to “{short(one.new)}”, which {where} has already"
            yield _misfit(delta, one.line, message, _OTHER_NAME)
        else:
            names.discard(one.old)
            names.add(one.new)


def _not_removed(delta: Delta, one: Removal, near: Mapping[str, str], where: str, *, spec_there: bool) -> Finding:
    """A removal of what is not there: done already, or misspelt. OpenSpec's tool passes over it unless the name is nearly there."""
    hint = _did_you_mean(near, one.name)
    if hint:
        return _misfit(delta, one.line, f"“{short(one.name)}” is removed, and {where} does not have it", hint)
    if not spec_there:
        message = f"“{short(one.name)}” is removed, and there is no {where}"
        return _misfit(delta, one.line, message, "Correct the path of the capability.")
    message = f"“{short(one.name)}” is removed, and {where} does not have it."
    place = delta.sheet.place(one.line)
    return foreign.DANGLING.finding(place, message, "If it was not taken out already, correct its name.")


def _lost_scenarios(delta: Delta, new: Requirement, old: Requirement | None) -> Iterator[Finding]:
    kept = Counter(scenario.title for scenario in new.scenarios)
    for scenario in old.scenarios if old is not None else ():
        if kept[scenario.title] > 0:
            kept[scenario.title] -= 1
            continue
        message = f"The modified “{short(new.name)}” loses its scenario “{short(scenario.title)}”."
        hint = "Copy it into the block: MODIFIED replaces the whole requirement."
        yield foreign.LOST_SCENARIO.finding(delta.sheet.place(new.line), message, hint)


def folded(name: str) -> str:
    """A name for finding typing mistakes: two that differ only by case or blanks are meant as one."""
    return " ".join(name.lower().split())


def _did_you_mean(near: Mapping[str, str], name: str) -> str:
    close = near.get(folded(name))
    return f"Did you mean “{short(close)}”?" if close is not None else ""


def _misfit(delta: Delta, line: int, message: str, hint: str) -> Finding:
    return foreign.DELTA_MISFIT.finding(delta.sheet.place(line), f"{message}.", hint)
