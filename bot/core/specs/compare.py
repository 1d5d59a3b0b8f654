"""A head's spec against the base's: what is new, what stands already and must be kept, what is gone. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.specs.digests import normal_script, normal_text
from bot.core.specs.model import Criterion, ProofKind, Spec, Status
from bot.ids import CriterionId, CriterionName, Digest


class Change(StrEnum):
    """What became of a criterion between base and head."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ComparedCriterion:
    """A criterion of the head. `reason` says in words why it counts as it does."""

    criterion_id: CriterionId
    change: Change
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All criteria of the head's spec in its order, and those of the base's that it no longer has.

    `base_in_force` is False when the base has no such spec or only a draft: then every criterion is new and none can be gone.
    """

    spec_path: str
    base_in_force: bool
    criteria: tuple[ComparedCriterion, ...]
    gone: tuple[Criterion, ...] = ()

    def change(self, criterion_id: CriterionId) -> Change:
        """NEW for criteria that the comparison does not know."""
        found = next((c for c in self.criteria if c.criterion_id == criterion_id), None)
        return found.change if found is not None else Change.NEW

    @property
    def gone_names(self) -> tuple[CriterionName, ...]:
        return tuple(criterion.name for criterion in self.gone)


def compare(head: Spec | None, base: Spec | None) -> Comparison:
    """The head's spec against the same file of the base. `head` is None when the file was deleted, `base` when it is new.

    A spec that is turned back into a draft claims nothing any more, so all that the base had is gone. A criterion keeps its identity under another id when its text and commands are the same. A typing mistake mended in the text while the
    commands stay is no change.
    """
    if head is None and base is None:
        raise ValueError("nothing to compare")
    path = head.path if head is not None else base.path if base is not None else ""
    in_force = base is not None and base.status is Status.READY
    before = base.criteria if base is not None and in_force else ()
    now = head.criteria if head is not None else ()
    by_id = {criterion.criterion_id: criterion for criterion in before}
    kept_ids = {criterion.criterion_id for criterion in now}
    movable = {criterion.digest: criterion for criterion in before if criterion.criterion_id not in kept_ids}
    compared: list[ComparedCriterion] = []
    moved: set[CriterionId] = set()
    for criterion in now:
        old = by_id.get(criterion.criterion_id)
        source = movable.get(criterion.digest)
        if (old is None or old.digest != criterion.digest) and source is not None:
            moved.add(source.criterion_id)
            reason = f"the base has it as {source.criterion_id}"
            compared.append(ComparedCriterion(criterion.criterion_id, Change.UNCHANGED, reason))
        else:
            compared.append(_compared(criterion, old))
    withdrawn = head is None or head.status is Status.DRAFT
    gone = tuple(c for c in before if withdrawn or not (c.criterion_id in kept_ids or c.criterion_id in moved))
    return Comparison(path, in_force, tuple(compared), gone)


def compare_all(pairs: Sequence[tuple[Spec | None, Spec | None]]) -> tuple[Comparison, ...]:
    """Each head's spec against the base's, and all of them together: a criterion that left one spec and stands word for word in another has
    moved and is not gone, so that renaming a spec or archiving a change demands nothing new."""
    compared = [compare(head, base) for head, base in pairs]
    left = {criterion.digest: criterion for comparison in compared for criterion in comparison.gone}
    in_force = [head for head, _ in pairs if head is not None and head.status is Status.READY]
    still_demanded = {criterion.digest for head in in_force for criterion in head.criteria}
    return tuple(
        replace(
            comparison,
            criteria=_moved_here(comparison, head, left),
            gone=tuple(criterion for criterion in comparison.gone if criterion.digest not in still_demanded),
        )
        for comparison, (head, _) in zip(compared, pairs, strict=True)
    )


def _moved_here(
    comparison: Comparison, head: Spec | None, left: Mapping[Digest, Criterion]
) -> tuple[ComparedCriterion, ...]:
    """The head's criteria, those that came from another spec as unchanged ones."""
    digests = {criterion.criterion_id: criterion.digest for criterion in head.criteria} if head is not None else {}

    def seen(one: ComparedCriterion) -> ComparedCriterion:
        source = left.get(digests[one.criterion_id]) if one.change is not Change.UNCHANGED else None
        if source is None:
            return one
        return ComparedCriterion(one.criterion_id, Change.UNCHANGED, f"the base has it as {source.name}")

    return tuple(map(seen, comparison.criteria))


def effective_kind(criterion: Criterion, comparison: Comparison) -> ProofKind:
    """How the criterion is to be proven: KEEP when the base's spec has it unchanged, whatever command it says; else as it says. What a person
    accepted before, a person still has to look at."""
    unchanged = comparison.change(criterion.criterion_id) is Change.UNCHANGED
    return ProofKind.KEEP if unchanged and criterion.kind is not ProofKind.ACCEPT else criterion.kind


def _compared(criterion: Criterion, old: Criterion | None) -> ComparedCriterion:
    if old is None:
        return ComparedCriterion(criterion.criterion_id, Change.NEW, "the base has no such criterion")
    if old.digest == criterion.digest:
        return ComparedCriterion(criterion.criterion_id, Change.UNCHANGED, "the base has it word for word")
    same_proof = old.kind is criterion.kind and _scripts(old) == _scripts(criterion)
    if same_proof and old.commands and is_mended(old.text, criterion.text):
        return ComparedCriterion(criterion.criterion_id, Change.UNCHANGED, "only a typing mistake was mended")
    what = "its text" if same_proof else "how it is proven"
    return ComparedCriterion(criterion.criterion_id, Change.CHANGED, f"{what} differs from the base")


def _scripts(criterion: Criterion) -> tuple[str, ...]:
    return tuple(normal_script(command.script) for command in criterion.commands)


SMALLEST_MENDED_WORD = 5
"""In shorter words one letter often makes another meaning (`not`/`now`, `less`/`lest`), so they must stay as they are."""


def is_mended(old: str, new: str) -> bool:
    """True when two texts differ only as a typing mistake does: the same words but for case and punctuation around them, or one letter (wrong, missing,
    extra, or two swapped) in long words without digits."""
    before, after = normal_text(old).split(), normal_text(new).split()
    return len(before) == len(after) and all(map(_same_word, before, after))


def _same_word(old: str, new: str) -> bool:
    a, b = old.strip(".,;:!?").casefold(), new.strip(".,;:!?").casefold()
    if a == b:
        return True
    if min(len(a), len(b)) < SMALLEST_MENDED_WORD or not (a.isalpha() and b.isalpha()):
        return False
    return _one_slip(a, b)


def _one_slip(a: str, b: str) -> bool:
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])
