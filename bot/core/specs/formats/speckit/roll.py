"""Who is who in a task list: the tasks that `T012`, `Phase 3`, `US4` or `all user stories` mean, as sets of bits. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.specs.formats.speckit.dependencies import Statement
from bot.core.specs.formats.speckit.numbered import Numbered, bits, union
from bot.core.specs.formats.speckit.order import Saying
from bot.core.specs.formats.speckit.phrases import Names
from bot.core.specs.formats.speckit.references import OPEN, Key, Kind, Reference, key_of
from bot.core.specs.formats.speckit.task_lines import Phase, TaskLine

_GENERAL = (Kind.STORIES, Kind.EVERYTHING)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A statement as sets of tasks, and those of its names that mean nothing here."""

    saying: Saying
    unknown: Names


class Roll:
    """The tasks of a file by index, in the phases that hold any."""

    def __init__(self, phases: Sequence[Phase]) -> None:
        self.phases = tuple(phase for phase in phases if phase.tasks)
        self.tasks: tuple[TaskLine, ...] = tuple(task for phase in self.phases for task in phase.tasks)
        self.masks: dict[int, int] = {}
        start = 0
        for phase in phases:
            self.masks[phase.line] = ((1 << len(phase.tasks)) - 1) << start
            start += len(phase.tasks)
        self._everything = (1 << start) - 1
        self._index = {task.task_id: index for index, task in enumerate(self.tasks)}
        self._stories = union(self.masks[phase.line] for phase in self.phases if is_story(phase))
        self._named = [(phase.title.lower(), self.masks[phase.line]) for phase in phases]
        self._by_task = Numbered({key_of(task.task_id[1:]): 1 << index for index, task in enumerate(self.tasks)})
        self._by_phase = Numbered(self._phases(phases))
        self._by_story = Numbered(self._story_tasks())

    def mask_of(self, task: TaskLine) -> int:
        return 1 << self._index[task.task_id]

    def resolve(self, statement: Statement, about: int) -> Resolved:
        """The statement as sets of tasks; `about` are those that its line belongs to."""
        unknown: list[Reference] = []
        later = self._particular(statement.later, unknown) if statement.later else about
        earlier = self._particular(statement.earlier, unknown) if statement.earlier else about
        later |= self._general(statement.later, earlier, behind=True)
        earlier |= self._general(statement.earlier, later, behind=False)
        later, earlier = _apart(later, earlier)
        firm = all(name.kind is Kind.TASK for name in statement.earlier)
        return Resolved(Saying(later, earlier, firm), tuple(unknown))

    def _particular(self, names: Names, unknown: list[Reference]) -> int:
        tasks = 0
        for name in names:
            if name.kind not in _GENERAL:
                found = self._one(name)
                if found is None:
                    unknown.append(name)
                tasks |= found or 0
        return tasks

    def _one(self, name: Reference) -> int | None:
        if name.kind is Kind.NAMED:
            named = [mask for title, mask in self._named if name.name in title]
            return union(named) if named else None
        if name.kind is Kind.TASK:
            return self._by_task.named(name.low, name.high)
        if name.kind is Kind.STORY:
            return self._by_story.named(name.low, name.high)
        if name.high == OPEN:
            return self._by_phase.between(name.low, OPEN)
        whole = self._by_phase.named(name.low, name.high)
        return self._by_phase.between(name.low, (name.high[0], OPEN[0], "")) if whole is None else whole

    def _general(self, names: Names, beside: int, *, behind: bool) -> int:
        """`all user stories` but those that it is said of; `everything` behind or before it in the file."""
        kinds = {name.kind for name in names}
        tasks = self._stories & ~beside if Kind.STORIES in kinds else 0
        if Kind.EVERYTHING in kinds:
            first, end = next(bits(beside), 0), beside.bit_length()
            tasks |= self._everything >> end << end if behind else (1 << first) - 1
        return tasks

    def _phases(self, phases: Iterable[Phase]) -> dict[Key, int]:
        found: dict[Key, int] = defaultdict(int)
        for phase in phases:
            if phase.number[:1].isdigit():
                found[key_of(phase.number)] |= self.masks[phase.line]
        return found

    def _story_tasks(self) -> dict[Key, int]:
        """A story is the phases whose headings name it; of one that several share, the tasks marked with it; without any phase, its marked tasks."""
        marked: dict[Key, int] = defaultdict(int)
        for index, task in enumerate(self.tasks):
            for key in story_keys(task.stories):
                marked[key] |= 1 << index
        headed: dict[Key, int] = defaultdict(int)
        for phase in self.phases:
            mask, keys = self.masks[phase.line], story_keys(phase.stories)
            for key in keys:
                headed[key] |= (marked[key] & mask or mask) if len(keys) > 1 else mask
        return {**marked, **headed}


def _apart(later: int, earlier: int) -> tuple[int, int]:
    """The two sets without what both hold. A task of a phase that waits for that phase waits for what stands before it there; one task that
    waits for itself stays as it is, a circle."""
    both = later & earlier
    if not both or later == earlier == both & -both:
        return later, earlier
    if both == later:
        return later, earlier & ((later & -later) - 1)
    return later & ~both, earlier


def is_story(phase: Phase) -> bool:
    """True for a phase whose heading names a story, or all whose tasks are marked with one."""
    return bool(phase.stories) or (bool(phase.tasks) and all(task.stories for task in phase.tasks))


MAX_STORY_RANGE = 50
"""Stories that a range such as `US3–US5` may span; public specs have ten."""


def story_keys(stories: Iterable[Reference]) -> tuple[Key, ...]:
    """The stories that marks name, ranges written out."""
    found: dict[Key, None] = {}
    for story in stories:
        found[story.low] = None
        for number in range(story.low[0] + 1, min(story.high[0], story.low[0] + MAX_STORY_RANGE)):
            found[(number, 0, "")] = None
        found[story.high] = None
    return tuple(found)
