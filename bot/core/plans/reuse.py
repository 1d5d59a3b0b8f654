"""When may a finished task's work be taken over by a later run? When everything that the agent was told and given is the same. Pure.

A person's push supersedes a run, and what it did not touch need not be paid for again (DESIGN, *How data flows*, 12).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.codec import Format, canonical
from bot.core.patterns import readable_patterns
from bot.core.plans.model import Interface, Plan, Task
from bot.core.ports.git import TreeEntry
from bot.core.specs.model import Criterion
from bot.ids import Digest, RunId, TaskId

VERSION = 1
"""Changed when agents are told something else, so that no work is taken over that was done under other rules."""


@dataclass(frozen=True, slots=True)
class FinishedTask:
    """What one task made of its files: `put` holds the entries it wrote, `drop` the paths it removed. `summary` are the agent's words."""

    run_id: RunId
    task_id: TaskId
    summary: str
    put: tuple[TreeEntry, ...]
    drop: tuple[str, ...] = ()


FINISHED_TASK = Format(FinishedTask)


@dataclass(frozen=True, slots=True)
class Given:
    """What tasks start from: the specs' criteria by name, the files of the starting head, and what agents may write at all. `contracts` are the
    digests of the locked tests by the names of their criteria."""

    criteria: Mapping[str, Criterion]
    files: Sequence[TreeEntry]
    scope: tuple[str, ...]
    constraints: tuple[str, ...]
    contracts: Mapping[str, str] = field(default_factory=dict)


def task_keys(plan: Plan, given: Given) -> Mapping[TaskId, Digest]:
    """A key for each task: equal keys mean an equal task on equal files. What a task waits for is part of it, for it builds on that work."""
    keys: dict[TaskId, Digest] = {}
    for task in plan.tasks:  # each stands behind what it waits for
        before = [keys.get(name, name) for name in task.after]
        keys[task.task_id] = _key(task, _interfaces(plan, task), before, given)
    return keys


def _key(task: Task, interfaces: Sequence[Interface], before: Sequence[str], given: Given) -> Digest:
    told = {
        "version": VERSION,
        "title": task.title,
        "instructions": task.instructions,
        "owns": list(task.owns),
        "proves": [_criterion(name, given) for name in task.proves],
        "interfaces": [[one.name, one.text] for one in interfaces],
        "before": list(before),
        "scope": list(given.scope),
        "constraints": list(given.constraints),
        "files": [[entry.path, entry.mode, entry.blob] for entry in _own_files(task, given)],
    }
    return Digest(hashlib.sha256(canonical(told).encode()).hexdigest())


def _interfaces(plan: Plan, task: Task) -> list[Interface]:
    return [one for one in plan.interfaces if one.name in task.interfaces]


def _criterion(name: str, given: Given) -> list[str]:
    criterion = given.criteria.get(name)
    if criterion is None:
        return [name]
    locked = given.contracts.get(name)
    said = [name, criterion.text, *(command.script for command in criterion.commands)]
    return [*said, f"contract {locked}"] if locked else said


def _own_files(task: Task, given: Given) -> list[TreeEntry]:
    """The files the task may write; without patterns of its own or of the scope, all of them."""
    patterns = task.owns or given.scope
    if not patterns:
        return list(given.files)
    matching = readable_patterns(patterns)
    return [entry for entry in given.files if matching.matches(entry.path)]
