"""The specs of the head against those of the base: what is new, what stands already and must be kept, what is gone. Pure.

What a criterion demands is its words and its commands; its id and its place are only how it is called. So the same demand is looked for first,
wherever it went, and only what is left is compared by its id. No demand of the base answers for two of the head: otherwise one of them
could go without anybody being asked.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.specs.digests import normal_script
from bot.core.specs.keep_commands import keep_criteria
from bot.core.specs.model import Criterion, ProofKind, Spec, Status
from bot.core.specs.slips import is_mended, slips_in_words
from bot.ids import CriterionId, CriterionName, Digest

Pair = tuple[Spec | None, Spec | None]
"""A spec of the head and what the base had in its place; None where there is none."""

BASE_PREFIX = "base-"
"""Before the id of a criterion that is gone while the head has another one of that id."""


WORD_FOR_WORD = "the base has it word for word"


class Change(StrEnum):
    """What became of a criterion between base and head."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ComparedCriterion:
    """A criterion of the head. `reason` says in words why it counts as it does; `before` is the base's that it stands for, None for a new one."""

    criterion_id: CriterionId
    change: Change
    reason: str
    before: Criterion | None = None

    @property
    def note(self) -> str:
        """The reason where people have to know it: what the base has word for word, and what it never had, explains itself."""
        return self.reason if self.before is not None and self.reason != WORD_FOR_WORD else ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All criteria of the head's spec in its order, and those of the base's that it no longer has, `keep` commands among them.

    `base_in_force` is False when the base has no such spec, only a draft, or one whose work is only to come. `why_gone` says in words
    what takes all that is gone out, "" where single criteria were taken out of the spec. `keeps` has
    the digests of the `keep` commands that the compared bases demand.
    """

    spec_path: str
    base_in_force: bool
    criteria: tuple[ComparedCriterion, ...]
    gone: tuple[Criterion, ...] = ()
    why_gone: str = ""
    keeps: tuple[Digest, ...] = ()

    def of(self, criterion_id: CriterionId) -> ComparedCriterion | None:
        return next((one for one in self.criteria if one.criterion_id == criterion_id), None)

    def change(self, criterion_id: CriterionId) -> Change:
        """NEW for criteria that the comparison does not know."""
        found = self.of(criterion_id)
        return found.change if found is not None else Change.NEW

    @property
    def known(self) -> bool:
        """The base has this spec in force, under whatever name: at least one of its criteria stood there already."""
        return self.base_in_force or any(one.change is Change.UNCHANGED for one in self.criteria)

    @property
    def gone_names(self) -> tuple[CriterionName, ...]:
        return tuple(criterion.name for criterion in self.gone)


def compare(head: Spec | None, base: Spec | None) -> Comparison:
    """The head's spec against the same file of the base. `head` is None when the file was deleted, `base` when it is new."""
    (comparison,) = compare_all([(head, base)])
    return comparison


def compare_all(pairs: Sequence[Pair]) -> tuple[Comparison, ...]:
    """Each head's spec against the base's, and all of them together: a criterion that left one spec and stands word for word in another has
    moved and is not gone, so that renaming a spec or archiving a change demands nothing new.

    A spec that is turned back into a draft claims nothing any more, so all that the base had is gone. A criterion keeps its identity under
    another id when its text and commands are the same. A typing mistake mended in the text while the commands stay is no change.
    """
    matched = _Matching(pairs)
    compared = [
        tuple(_compared(one, matched.before(index, number)) for number, one in enumerate(_criteria(head)))
        for index, (head, _) in enumerate(pairs)
    ]
    demanded = {one.digest for head, _ in pairs if _in_force(head) for one in _demands(head)}
    keeps = tuple(
        one.digest for _, base in pairs if base is not None and _in_force(base) for one in keep_criteria(base)
    )
    return tuple(
        Comparison(
            _path(head, base),
            _in_force(base),
            criteria,
            tuple(named_apart(one, head) for one in matched.left(index) if one.digest not in demanded),
            _why_gone(head),
            keeps,
        )
        for index, ((head, base), criteria) in enumerate(zip(pairs, compared, strict=True))
    )


def proven_anew(comparison: Comparison) -> Comparison:
    """The same for a merged spec that a pull request is there to fulfil: every criterion is to be shown as if it were new, and none may go."""
    criteria = (replace(c, change=Change.NEW) if c.change is Change.UNCHANGED else c for c in comparison.criteria)
    return replace(comparison, base_in_force=False, criteria=tuple(criteria))


def effective_kind(criterion: Criterion, comparison: Comparison) -> ProofKind:
    """How the criterion is to be proven: KEEP when the base's spec has it unchanged, whatever command it says; else as it says. What a person
    accepted before, a person still has to look at. One that only lost its commands is KEEP too: no test of it could be red on the base."""
    compared = comparison.of(criterion.criterion_id)
    if compared is None or criterion.kind is ProofKind.ACCEPT:
        return criterion.kind
    stood = compared.change is Change.UNCHANGED or _lost_its_commands(criterion, compared)
    return ProofKind.KEEP if stood else criterion.kind


def _lost_its_commands(criterion: Criterion, compared: ComparedCriterion) -> bool:
    before = compared.before
    if before is None or compared.change is not Change.CHANGED or criterion.kind is not ProofKind.NONE:
        return False
    return bool(before.commands) and is_mended(before.text, criterion.text)


def asks_otherwise(criterion: Criterion, compared: ComparedCriterion) -> bool:
    """True when the base's demand is to be shown by other commands that need not be red before: whether they ask as much, no command can tell."""
    before = compared.before
    changed = compared.change is Change.CHANGED and criterion.kind is ProofKind.KEEP
    return changed and before is not None and _scripts(before) != _scripts(criterion)


class _Matching:
    """Which demand of the base each criterion of a head stands for: the same one in its place, the same one under another id, the same one of
    another spec, and at last another one of its id."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._heads = [_criteria(head) for head, _ in pairs]
        self._left = [dict(enumerate(_demands(base))) if _in_force(base) else {} for _, base in pairs]
        self._before: dict[tuple[int, int], Criterion] = {}
        heads = [index for index, (head, _) in enumerate(pairs) if _in_force(head)]
        for index in heads:
            self._take([index], [index], lambda one: one.digest + one.criterion_id)
            self._take([index], [index], lambda one: one.digest)
        self._take(heads, range(len(pairs)), lambda one: one.digest)
        for index in heads:
            self._take([index], [index], lambda one: one.criterion_id)

    def before(self, index: int, number: int) -> Criterion | None:
        """The base's demand behind the head's criterion of that number in the spec at `index`."""
        return self._before.get((index, number))

    def left(self, index: int) -> tuple[Criterion, ...]:
        """What the base demanded in that place and nothing stands for."""
        return tuple(self._left[index].values())

    def _take(self, heads: Iterable[int], bases: Iterable[int], key: Callable[[Criterion], str]) -> None:
        """What of these heads stands for nothing yet takes what is left of these bases and has the same key, in order."""
        left: dict[str, deque[tuple[int, int]]] = defaultdict(deque)
        for base in bases:
            for number, old in self._left[base].items():
                left[key(old)].append((base, number))
        for head in heads:
            for number, now in enumerate(self._heads[head]):
                if (head, number) not in self._before and left[key(now)]:
                    base, place = left[key(now)].popleft()
                    self._before[head, number] = self._left[base].pop(place)


def _compared(criterion: Criterion, old: Criterion | None) -> ComparedCriterion:
    change, reason = _change(criterion, old)
    return ComparedCriterion(criterion.criterion_id, change, reason, old)


def _change(criterion: Criterion, old: Criterion | None) -> tuple[Change, str]:
    if old is None:
        return Change.NEW, "the base has no such criterion"
    if _same(criterion, old):
        if criterion.name == old.name:
            return Change.UNCHANGED, WORD_FOR_WORD
        name = old.criterion_id if criterion.spec_path == old.spec_path else old.name
        return Change.UNCHANGED, f"the base has it as {name}"
    if not _proven_alike(criterion, old):
        return Change.CHANGED, f"how it is proven differs from the base, {_way(old)}"
    if is_mended(old.text, criterion.text):
        slips = slips_in_words(old.text, criterion.text)
        return Change.UNCHANGED, f"only a typing mistake was mended ({slips})" if slips else "the same words"
    return Change.CHANGED, "its text differs from the base"


def _way(old: Criterion) -> str:
    """How the base proves it, in words that follow a comma."""
    if old.kind is ProofKind.ACCEPT:
        return "where a person accepts it"
    if not old.commands:
        return "where it has no command"
    more = f" and {len(old.commands) - 1} more" if len(old.commands) > 1 else ""
    word = "keep" if old.kind is ProofKind.KEEP else "verify"
    return f"where `{word}` runs `{old.commands[0].one_line}`{more}"


def _proven_alike(criterion: Criterion, old: Criterion) -> bool:
    return old.kind is criterion.kind and _scripts(old) == _scripts(criterion)


def _scripts(criterion: Criterion) -> tuple[str, ...]:
    return tuple(normal_script(command.script) for command in criterion.commands)


def _same(now: Criterion, old: Criterion) -> bool:
    return now.digest == old.digest


def _in_force(spec: Spec | None) -> bool:
    return spec is not None and spec.status is Status.READY


def _criteria(spec: Spec | None) -> tuple[Criterion, ...]:
    return spec.criteria if spec is not None else ()


def _demands(spec: Spec | None) -> tuple[Criterion, ...]:
    return (*spec.criteria, *keep_criteria(spec)) if spec is not None else ()


def _path(head: Spec | None, base: Spec | None) -> str:
    spec = head or base
    if spec is None:
        raise ValueError("nothing to compare")
    return spec.path


def _why_gone(head: Spec | None) -> str:
    if head is None:
        return "its spec is not there any more"
    return "" if _in_force(head) else "its spec is a draft here, which claims nothing"


def named_apart(gone: Criterion, head: Spec | None) -> Criterion:
    """Under a name of its own where the head has given its id to another one: a word about one must not be taken for a word about both."""
    taken = {one.criterion_id for one in _demands(head)} if _in_force(head) else set()
    name = gone.criterion_id
    while name in taken:
        name = CriterionId(f"{BASE_PREFIX}{name}")
    return replace(gone, criterion_id=name) if name != gone.criterion_id else gone
