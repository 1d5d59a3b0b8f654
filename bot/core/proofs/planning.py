"""Which executions a verification needs: each command on the base, on the candidate, on the candidate with its own tests, and
as a canary. Equal executions are run once, however many criteria share them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.proofs.canary import needs_canary
from bot.core.proofs.doubts import CommandProof, again, looks_proven, looks_worse, stubbed
from bot.core.proofs.executions import execution
from bot.core.proofs.model import (
    CriterionVerdict,
    Executed,
    Execution,
    Harness,
    Shown,
    TamperFinding,
    Verification,
)
from bot.core.proofs.since_base import since_the_base
from bot.core.proofs.stood import as_it_stood
from bot.core.proofs.trusted import TrustedPaths
from bot.core.proofs.verdicts import judge_criterion
from bot.core.specs.compare import WORD_FOR_WORD, Change, ComparedCriterion, Comparison, effective_kind
from bot.core.specs.keep_commands import keep_criteria
from bot.core.specs.model import Criterion, ProofKind, Spec, Status
from bot.ids import Digest, TreeSha


@dataclass(frozen=True, slots=True)
class Claim:
    """A criterion and what it counts as here: unchanged ones of the base's spec are KEEP, whatever they say.

    `settled`: it has no command, the base demands it word for word, and nothing but specs changed since. `compared` is what became of it since the
    base, None for what the base's specs cannot have.
    """

    criterion: Criterion
    kind: ProofKind
    settled: bool = False
    compared: ComparedCriterion | None = None

    @property
    def demanded(self) -> bool:
        """The base demands it already."""
        return self.compared is not None and self.compared.change is Change.UNCHANGED


@dataclass(frozen=True, slots=True)
class Trees:
    """`base` and `candidate` carry the starting head's trusted files; `own` is the candidate exactly as it is, `stood` the base (None: it
    plays no part)."""

    base: TreeSha
    candidate: TreeSha
    own: TreeSha
    stood: TreeSha | None = None


@dataclass(frozen=True, slots=True)
class ClaimProof:
    claim: Claim
    commands: tuple[CommandProof, ...]


@dataclass(frozen=True, slots=True)
class ProofPlan:
    """What is to be executed for all claims on one candidate.

    Run `reports()` first, then `canaries(results)` and `doubts(results, trusted)`, the latter until it gives nothing new: what is needed follows
    from what was shown before. `removed` are files of the base that are meant to be gone.
    """

    trees: Trees
    environment: Digest
    claims: tuple[ClaimProof, ...]
    removed: frozenset[str] = frozenset()

    def with_own_environment(self, environment: Digest) -> "ProofPlan":
        """The same plan with everything on the candidate in an environment of its own; the base stays in its own."""

        def moved(one: Execution) -> Execution:
            return execution(one.tree, one.script, environment, one.harness)

        def there(command: CommandProof) -> CommandProof:
            return replace(
                command,
                candidate=moved(command.candidate),
                canary=moved(command.canary),
                own=moved(command.own) if command.own else None,
            )

        claims = tuple(replace(claim, commands=tuple(map(there, claim.commands))) for claim in self.claims)
        return replace(self, environment=environment, claims=claims)

    def reports(self) -> tuple[Execution, ...]:
        """Each execution in the report harness, once, the candidate's first: when they fail, the rest can wait."""
        commands = [command for claim in self.claims for command in claim.commands]
        found = [
            *(command.candidate for command in commands),
            *(command.base for command in commands),
            *(one for command in commands for one in (command.own, command.stood) if one is not None),
        ]
        return tuple(dict.fromkeys(found))

    def executions(self) -> Mapping[Digest, Execution]:
        """Everything that this plan may execute, by key: what ran on which tree."""
        commands = [command for claim in self.claims for command in claim.commands]
        repeated = (one for command in commands for one in again(command))
        found = [*self.reports(), *(command.canary for command in commands), *repeated]
        return {one.key: one for one in found}

    def canaries(self, results: Mapping[Digest, Executed]) -> tuple[Execution, ...]:
        """The canary of each command whose result may come to count. `results` by execution key."""
        commands = [command for claim in self.claims for command in claim.commands]
        needed = [one.canary for one in commands if needs_canary(results.get(one.candidate.key))]
        return tuple(dict.fromkeys(needed))

    def doubts(self, results: Mapping[Digest, Executed], trusted: TrustedPaths) -> tuple[Execution, ...]:
        """What is still to be run before a red and a green may count as a proof: both once more, because a flaky test shows both
        too, and the red with stand-ins where only missing names made it; and before what must not get worse may count as failed. Empty when all of it is among the results."""
        commands = [(claim.claim.kind, command) for claim in self.claims for command in claim.commands]
        found = [
            wanted
            for kind, command in commands
            if kind is ProofKind.CHANGE and looks_proven(command, results, trusted)
            for wanted in (*again(command), *stubbed(command, results))
        ]
        found += [
            wanted
            for kind, command in commands
            if kind is ProofKind.KEEP and looks_worse(command, results, trusted)
            for wanted in again(command)
        ]
        return tuple(dict.fromkeys(one for one in found if one.key not in results))

    def judge(
        self, results: Mapping[Digest, Executed], trusted: TrustedPaths, tampering: Sequence[TamperFinding] = ()
    ) -> Verification:
        """The verdicts, from the results by execution key. A result that is missing is no evidence, never a defect."""
        verdicts = tuple(_judge(claim, results, trusted, tampering, self.removed) for claim in self.claims)
        return Verification(self.trees.own, self.trees.base, self.environment, verdicts, tuple(tampering))


def claims_of(
    specs: Iterable[Spec], comparisons: Mapping[str, Comparison], *, only_specs: bool = False
) -> tuple[Claim, ...]:
    """All claims of the specs in force, with their `keep` commands as criteria of their own, and what the base demanded and the head took
    out. A draft claims nothing.

    `comparisons` by spec path say what the base's spec had already; a spec without one is new as a whole. `only_specs`: nothing but specs
    changed since the base.
    """
    in_force = [spec for spec in specs if spec.status is Status.READY]
    ready = tuple(claim for spec in in_force for claim in _claims(spec, comparisons.get(spec.path), only_specs))
    return (*ready, *(claim for comparison in comparisons.values() for claim in _gone(comparison)))


def _gone(comparison: Comparison) -> Iterator[Claim]:
    for criterion in comparison.gone:
        compared = ComparedCriterion(criterion.criterion_id, Change.CHANGED, comparison.why_gone, criterion)
        yield Claim(criterion, ProofKind.GONE, compared=compared)


def _claims(spec: Spec, comparison: Comparison | None, only_specs: bool) -> Iterator[Claim]:
    for criterion in spec.criteria:
        kind = effective_kind(criterion, comparison) if comparison else criterion.kind
        compared = comparison.of(criterion.criterion_id) if comparison else None
        unchanged = compared is not None and compared.change is Change.UNCHANGED
        settled = only_specs and unchanged and not criterion.commands
        yield Claim(criterion, ProofKind.KEEP if settled else kind, settled, compared)
    for criterion in keep_criteria(spec):
        stood = comparison is not None and criterion.digest in comparison.keeps
        same = ComparedCriterion(criterion.criterion_id, Change.UNCHANGED, WORD_FOR_WORD, criterion)
        yield Claim(criterion, ProofKind.KEEP, compared=same if stood else None)


def plan_of_proofs(
    claims: Sequence[Claim], trees: Trees, environment: Digest, removed: Collection[str] = ()
) -> ProofPlan:
    """What has to be executed for these claims. Claims without a command, and those that need a person, need nothing."""
    plans = tuple(_plan(claim, trees, environment) for claim in claims)
    return ProofPlan(trees, environment, plans, frozenset(removed))


def _plan(claim: Claim, trees: Trees, environment: Digest) -> ClaimProof:
    if claim.kind not in (ProofKind.CHANGE, ProofKind.KEEP):
        return ClaimProof(claim, ())
    with_own = claim.kind is ProofKind.KEEP and trees.own != trees.candidate
    stood = trees.stood if claim.demanded and trees.stood != trees.base else None
    commands = tuple(
        CommandProof(
            script=command.script,
            base=execution(trees.base, command.script, environment, Harness.REPORT),
            candidate=execution(trees.candidate, command.script, environment, Harness.REPORT),
            canary=execution(trees.candidate, command.script, environment, Harness.CANARY),
            own=execution(trees.own, command.script, environment, Harness.REPORT) if with_own else None,
            stood=execution(stood, command.script, environment, Harness.REPORT) if stood else None,
        )
        for command in claim.criterion.commands
    )
    return ClaimProof(claim, commands)


def _shown(command: CommandProof, results: Mapping[Digest, Executed]) -> Shown:
    base_again, candidate_again = (results.get(one.key) for one in again(command))
    runs = (results.get(one.key) for one in stubbed(command, results))
    return Shown(
        script=command.script,
        base=results.get(command.base.key),
        candidate=results.get(command.candidate.key),
        canary=results.get(command.canary.key),
        stubbed=tuple(one for one in runs if one is not None),
        base_again=base_again,
        candidate_again=candidate_again,
        stood=results.get(command.stood.key) if command.stood else None,
    )


def _judge(
    proof: ClaimProof,
    results: Mapping[Digest, Executed],
    trusted: TrustedPaths,
    tampering: Sequence[TamperFinding],
    removed: Collection[str],
) -> CriterionVerdict:
    shown = tuple(_shown(command, results) for command in proof.commands)
    own = tuple(Shown(one.script, None, results.get(one.own.key), None) for one in proof.commands if one.own)
    claim = proof.claim
    verdict = judge_criterion(
        claim.criterion, claim.kind, shown, trusted=trusted, own=own, tampering=tampering, settled=claim.settled
    )
    verdict = as_it_stood(verdict, shown, trusted, removed)
    return since_the_base(verdict, claim.criterion, claim.compared) if claim.compared is not None else verdict
