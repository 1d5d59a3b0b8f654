"""The events of a run as people read them: one line each, with what is folded below it. The same words for page and terminal.

Events are data that was stored by any version of the code, and hold what models and tools wrote: reading is total, and everything that
comes out is visible text.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.core.feedback.work import REVIEW
from bot.core.plans.progress import TaskProgress, TaskState
from bot.core.proofs.model import TamperWeight, Verification
from bot.core.visible import visible
from bot.ids import agent_parts
from bot.reporting.counting import count
from bot.reporting.sanitize import one_line
from bot.reporting.words import money, task_is

LINE_CHARS = 160
"""Of a call, a result or a text on an event's own line; all of it is folded below."""

SHOWN_CALLS = 4
"""Calls of one answer named on its line."""

HEAD_LINES = 3
"""Of a tool's output in a terminal: enough to see how it went; the page and `--json` have more."""

OUTPUT = "output"
"""The title of what a tool printed."""

INDENT = " " * 10
"""Below an event's time."""

VERDICTS, PUBLISHED, KEPT, TASK, CONFLICT = "verdicts", "published", "kept", "task", "conflict"
CONTRACTS, ENVIRONMENT = "contracts", "environment"
"""Kinds of events whose data is made for this module. `published` has the commit, `kept` the branch, `conflict` a task and what git says of it."""

Event = tuple[int, datetime, str, str]
"""(number, time, kind, data), as the store keeps it."""


class Tone(StrEnum):
    """What kind of news an event is, for colours and for what a terminal leaves out."""

    STEP = "step"
    TURN = "turn"
    TOOL = "tool"
    TASK = "task"
    GOOD = "good"
    BAD = "bad"
    PAUSE = "pause"
    PLAIN = "plain"


HEADS_FOR = (Tone.TOOL, Tone.BAD, Tone.GOOD, Tone.PLAIN)
"""Events whose folded text a terminal shows the head of; of a turn the calls are on its line already."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Text that is shown when somebody wants it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. `who` is the agent's name as people say it, "" for the run itself; `agent` its key."""

    number: int
    at: datetime
    tone: Tone
    line: str
    who: str = ""
    agent: str = ""
    folds: tuple[Fold, ...] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    tone: Tone
    line: str
    folds: tuple[Fold, ...] = ()


def agent_name(key: str) -> str:
    """`implementer T-2`, `implementer T-2, try 3`, `reviewer`."""
    role, task, attempt = agent_parts(key)
    name = f"{role} {task}".strip() if any(char.isalnum() for char in task) and task != REVIEW else role
    return visible(f"{name}, try {attempt}" if attempt > 1 else name)


def verdicts_event(what: str, verification: Verification) -> str:
    """The data of a `verdicts` event: what was proven (`the candidate`) and what came of it."""
    found = [{"name": verdict.name, "verdict": verdict.verdict.value} for verdict in verification.verdicts]
    done = sum(verdict.verdict.done for verdict in verification.verdicts)
    tampered = any(finding.weight is TamperWeight.HARD for finding in verification.tampering)
    return json.dumps({"what": what, "done": done, "tampered": tampered, "verdicts": found})


def task_event(progress: TaskProgress) -> str:
    """The data of a `task` event: where a task of the plan stands now."""
    return json.dumps(
        {
            "task": progress.task_id,
            "state": progress.state.value,
            "attempt": progress.attempt,
            "reason": progress.reason,
        }
    )


def happening(event: Event) -> Happening | None:
    """An event as it is shown; None for one that says nothing new (a step's end is the next one's beginning)."""
    number, at, kind, data = event
    if kind == "step.finished":
        return None
    fields = _fields(data)
    try:
        told = _TELLERS[kind](fields, data) if kind in _TELLERS else None
    except (KeyError, TypeError, ValueError, AttributeError):
        told = None
    if told is None:
        told = _Told(Tone.PLAIN, one_line(f"{kind}: {data}", LINE_CHARS), _fold("all of it", data, LINE_CHARS))
    agent = str(fields.get("agent", "")) if kind.startswith("agent.") else ""
    return Happening(number, at, told.tone, told.line, agent_name(agent) if agent else "", agent, told.folds)


def terminal_lines(told: Happening) -> tuple[str, ...]:
    """An event for a terminal: its line, and below it the head of what is folded."""
    who = f"{told.who}: " if told.who else ""
    lines = [f"{told.at:%H:%M:%S}  {who}{told.line}"]
    for fold in told.folds if told.tone in HEADS_FOR else ():
        text = [line.rstrip() for line in fold.text.split("\n") if line.strip()]
        if fold.title == OUTPUT:
            text = text[1:]  # its first line stands on the event's own
        shown = text[:HEAD_LINES] if fold.title == OUTPUT else text
        lines += [f"{INDENT}{_cut(line)}" for line in shown]
        lines += [f"{INDENT}… {count(len(text) - len(shown), 'more line')}"] if len(text) > len(shown) else []
    return tuple(lines)


def _cut(line: str) -> str:
    return line if len(line) <= LINE_CHARS else f"{line[: LINE_CHARS - 1]}…"


def _step(fields: Mapping[str, Any], data: str) -> _Told:
    return _Told(Tone.STEP, one_line(data, LINE_CHARS))


def _turn(fields: Mapping[str, Any], data: str) -> _Told:
    text, calls = str(fields["text"]), [(str(c["name"]), str(c["arguments"])) for c in fields["calls"]]
    named = " · ".join(_call(name, arguments) for name, arguments in calls[:SHOWN_CALLS])
    more = f" and {count(len(calls) - SHOWN_CALLS, 'more call')}" if len(calls) > SHOWN_CALLS else ""
    line = f"{named}{more}" if calls else one_line(text, LINE_CHARS) or "said nothing"
    price = [f"{int(fields['tokens']):,} tokens"] + (
        [money(float(fields["usd"]))] if fields.get("usd") is not None else []
    )
    folds = (
        *_fold("what it said", text, 0 if calls else LINE_CHARS),
        *(_arguments(n, a) for n, a in calls if not _is_told(a)),
    )
    return _Told(Tone.TURN, f"turn {int(fields['turn'])}: {line} ({', '.join(price)})", folds)


def _tool(fields: Mapping[str, Any], data: str) -> _Told:
    name, result = visible(str(fields["name"])), str(fields["result"])
    first = next((line for line in visible(result).split("\n") if line.strip()), "nothing")
    changed = ", files changed" if fields.get("changed") else ""
    tone = Tone.BAD if result.startswith("error:") else Tone.TOOL
    return _Told(tone, f"{name}{changed} → {one_line(first, LINE_CHARS)}", _fold(OUTPUT, result, len(first)))


def _agent(fields: Mapping[str, Any], data: str) -> _Told:
    status, reason = visible(str(fields["status"])), str(fields["reason"])
    tone = Tone.GOOD if status == "finished" else Tone.BAD
    said = f": {one_line(reason, LINE_CHARS)}" if reason.strip() else ""
    line = f"{status} after {count(int(fields['turns']), 'turn')}{said}"
    return _Told(tone, line, _fold("why", reason, LINE_CHARS))


def _nudge(fields: Mapping[str, Any], data: str) -> _Told:
    text = str(fields["text"])
    return _Told(Tone.PAUSE, f"nudged: {one_line(text, LINE_CHARS)}", _fold("all of it", text, LINE_CHARS))


def _task(fields: Mapping[str, Any], data: str) -> _Told:
    state, reason = TaskState(fields["state"]), str(fields.get("reason") or "")
    attempt = int(fields.get("attempt") or 0)
    again = f" (try {attempt})" if attempt > 1 else ""
    said = f": {one_line(reason, LINE_CHARS)}" if reason.strip() else ""
    tone = {TaskState.MERGED: Tone.GOOD, TaskState.BLOCKED: Tone.BAD, TaskState.FAILED: Tone.BAD}.get(state, Tone.TASK)
    line = f"{one_line(task_is(str(fields['task'])), LINE_CHARS)} {state.value}{again}{said}"
    return _Told(tone, line, _fold("why", reason, LINE_CHARS))


def _conflict(fields: Mapping[str, Any], data: str) -> _Told:
    paths = [(str(path), str(words)) for path, words in fields["conflicts"]]
    line = f"{one_line(str(fields['task']), LINE_CHARS)} does not fit to what was merged before it, in {count(len(paths), 'file')}; the fixer is asked"
    return _Told(Tone.PAUSE, line, (Fold("conflicts", visible("\n".join(words for _, words in paths))),))


def _environment(fields: Mapping[str, Any], data: str) -> _Told:
    paths = [str(path) for path in fields["changed"]]
    what = count(len(paths), "manifest or lock file", "manifests and lock files")
    line = f"{what} changed; proven in the base's environment: an environment of its own needs a person's approval"
    return _Told(Tone.PLAIN, line, (Fold("changed", visible("\n".join(paths))),))


def _contracts(fields: Mapping[str, Any], data: str) -> _Told:
    locked = [f"{one['criterion']}: {one['path']}, SHA-256 {one['digest']}" for one in fields["locked"]]
    without = [f"{name}: none, {why}" for name, why in fields["without"].items()]
    more = f", {count(len(without), 'criterion', 'criteria')} without one" if without else ""
    tone = Tone.BAD if without and not locked else Tone.GOOD
    return _Told(
        tone,
        f"{count(len(locked), 'contract')} locked{more}",
        (Fold("contracts", visible("\n".join((*locked, *without)))),),
    )


def _pause(fields: Mapping[str, Any], data: str) -> _Told:
    return _Told(Tone.PAUSE, f"waiting: {one_line(data, LINE_CHARS)}", _fold("all of it", data, LINE_CHARS))


def _verdicts(fields: Mapping[str, Any], data: str) -> _Told:
    found = [(str(v["name"]), str(v["verdict"])) for v in fields["verdicts"]]
    done = int(fields["done"])
    text = "\n".join(f"{verdict}: {name}" for name, verdict in found)
    line = f"proofs of {one_line(str(fields['what']), LINE_CHARS)}: {done} of {count(len(found), 'criterion', 'criteria')} done"
    tone = Tone.GOOD if done == len(found) and not fields.get("tampered") else Tone.PLAIN
    return _Told(tone, line, (Fold("verdicts", visible(text)),) if found else ())


def _published(fields: Mapping[str, Any], data: str) -> _Told:
    return _Told(Tone.GOOD, f"published {one_line(data, LINE_CHARS)[:12]}")


def _kept(fields: Mapping[str, Any], data: str) -> _Told:
    return _Told(Tone.PLAIN, f"not published; the work is kept on {one_line(data, LINE_CHARS)}")


def _ended(fields: Mapping[str, Any], data: str) -> _Told:
    tone = {"done": Tone.GOOD, "failed": Tone.BAD}.get(data, Tone.PLAIN)
    return _Told(tone, f"ended: {one_line(data, LINE_CHARS)}")


_TELLERS: dict[str, Callable[[Mapping[str, Any], str], _Told]] = {
    "step.started": _step,
    "agent.turn": _turn,
    "agent.tool": _tool,
    "agent.agent": _agent,
    "agent.nudge": _nudge,
    TASK: _task,
    CONFLICT: _conflict,
    ENVIRONMENT: _environment,
    CONTRACTS: _contracts,
    "pause": _pause,
    VERDICTS: _verdicts,
    PUBLISHED: _published,
    KEPT: _kept,
    "ended": _ended,
}


def _fields(data: str) -> Mapping[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _call(name: str, arguments: str) -> str:
    """The tool and what it is used on: the first argument, which is a path or a command in all our tools."""
    values = list(_fields(arguments).values())
    return one_line(f"{name} {values[0]}" if values else name, LINE_CHARS // 2)


def _is_told(arguments: str) -> bool:
    """Whether a call's own line says all of it: one short argument, or none."""
    values = [str(value) for value in _fields(arguments).values()]
    return not values or (len(values) == 1 and "\n" not in values[0] and len(values[0]) < LINE_CHARS // 4)


def _arguments(name: str, arguments: str) -> Fold:
    """A call as it was meant: long texts on lines of their own instead of JSON's escapes."""
    fields = _fields(arguments)
    text = "\n".join(f"{key}: {value}" for key, value in fields.items()) if fields else arguments
    return Fold(one_line(name, LINE_CHARS), visible(text))


def _fold(title: str, text: str, told: int) -> tuple[Fold, ...]:
    """The text below its line, unless the line (which shows up to `told` characters) has all of it."""
    shown = visible(text).strip()
    return (Fold(title, shown),) if shown and (len(shown) > told or "\n" in shown) else ()
