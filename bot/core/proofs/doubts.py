"""What a proof still has to stand before it counts: the same red and green once more, and the red with stand-ins for missing names. What got worse is
looked at once more too, before anybody is blamed."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.proofs.colours import colour
from bot.core.proofs.comparison import lost, newly_red
from bot.core.proofs.executions import execution
from bot.core.proofs.missing import ROUNDS, STOOD_IN_FOR, Missing, StandIn, only_missing, stand_ins
from bot.core.proofs.model import Colour, Executed, Execution, Harness
from bot.core.proofs.trusted import TrustedPaths
from bot.ids import Digest


@dataclass(frozen=True, slots=True)
class CommandProof:
    """What one command needs. `own` is None where the candidate's own tests play no part or are the trusted ones, `stood` where the base's own do."""

    script: str
    base: Execution
    candidate: Execution
    canary: Execution
    own: Execution | None
    stood: Execution | None = None


def looks_proven(command: CommandProof, results: Mapping[Digest, Executed], trusted: TrustedPaths) -> bool:
    """Red on the base and green on the candidate, so far."""
    base, candidate = results.get(command.base.key), results.get(command.candidate.key)
    if base is None or candidate is None:
        return False
    red = colour(base, command.script, trusted).colour is Colour.RED
    return red and colour(candidate, command.script, trusted).colour is Colour.GREEN


def looks_worse(command: CommandProof, results: Mapping[Digest, Executed], trusted: TrustedPaths) -> bool:
    """What must not get worse did, so far: before the change is blamed for it, chance is asked."""
    base, candidate = results.get(command.base.key), results.get(command.candidate.key)
    if base is None or candidate is None:
        return False
    if lost(base, candidate):
        return True
    before, after = (colour(one, command.script, trusted).colour for one in (base, candidate))
    return after is Colour.RED and (before is not Colour.RED or bool(newly_red(base, candidate)))


def again(command: CommandProof) -> tuple[Execution, Execution]:
    """Base and candidate once more: red twice, and green three times with the canary's run."""
    base, candidate = (
        execution(one.tree, one.script, one.environment, one.harness, again=1)
        for one in (command.base, command.candidate)
    )
    return base, candidate


def stubbed(command: CommandProof, results: Mapping[Digest, Executed]) -> tuple[Execution, ...]:
    """The base with stand-ins of both kinds; once more with what is missing then, as far as the results are known."""
    missing = only_missing(results.get(command.base.key))
    if missing is None or missing.language not in STOOD_IN_FOR:
        return ()
    found: list[Execution] = []
    for kind in StandIn:
        so_far = missing
        for _ in range(ROUNDS):
            one = execution(
                command.base.tree,
                command.script,
                command.base.environment,
                Harness.REPORT,
                stubs=stand_ins(kind, so_far),
            )
            found.append(one)
            more = only_missing(results.get(one.key))
            if more is None or more.language is not missing.language or more.names <= so_far.names:
                break
            so_far = Missing(missing.language, so_far.names | more.names)
    return tuple(found)
