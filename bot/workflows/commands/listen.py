"""`listen`: others have reported on a commit. It is shown where a run of ours is about it; what is red on a commit that we published is mended, once.

Whatever is reported is read afresh, so that a lost, late or doubled report changes nothing. Nothing in it is obeyed.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.ci import REPAIRS_A_LINE, Ci, CiCheck, CiFailure, CiRepair, repair_record, repairs_of
from bot.core.events.model import Command, Verb
from bot.core.policy.model import CiPolicy, RepositoryConfig, StartPolicy
from bot.core.pulls import Permission, PullRequest, RepoRef
from bot.core.runs import Run
from bot.errors import Transient
from bot.ids import PrNumber, Sha
from bot.reporting.masking import Redactor
from bot.workflows.account import agents_may
from bot.workflows.admission import configuration_of
from bot.workflows.commands.reconcile import newest_at
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import begin, next_id
from bot.workflows.notes import Facts, Specs, find, keep
from bot.workflows.others_checks import line_of, look, maker_of, place_of
from bot.workflows.posting import show_again

LOGS_READ = 3
"""Of the checks that are red at once: they mostly fail for the same cause, and while logs are read no other command is carried out."""


def listen(house: House, engine: Engine, command: Command) -> str:
    """What became of it, in words for the log."""
    head = command.head_sha
    if head is None:
        return "no commit was named"
    numbers = sorted({run.number for run in house.store.runs_at(command.repo.repo_id, head)})
    return "; ".join(_heard(house, engine, command.repo, one, head) for one in numbers) or "no run is about this commit"


def said_again_later(waiting: Sequence[Command]) -> tuple[Command, ...]:
    """Those of `waiting` after which another one says the same: a dozen checks that end together are looked at once."""
    last = {(one.repo.repo_id, one.head_sha): one.command_id for one in waiting if one.verb is Verb.LISTEN}
    return tuple(
        one for one in waiting if one.verb is Verb.LISTEN and last[one.repo.repo_id, one.head_sha] != one.command_id
    )


def _heard(house: House, engine: Engine, repo: RepoRef, number: PrNumber, head: Sha) -> str:
    pull = house.github.pull_request(repo, number)
    run = newest_at(house, pull) if pull.is_open and pull.head_sha == head else None
    specs = find(house, run.run_id, Specs) if run is not None else None
    if run is None or specs is None or not specs.readings:
        return f"nothing to show on #{number}"
    config = configuration_of(house, repo, pull.base_ref)
    if config.ci is CiPolicy.IGNORE:
        return "others' checks are not looked at here"
    if run.state.live and run.candidate == head:
        raise Transient("the run is still saying what it published", hint="it is tried again in a moment")
    maker = maker_of(house, repo, number, head)
    ci = look(house, run, head, maker)
    if maker is not None and _is_to_be_mended(house, config, pull, run, maker, ci):
        return _mend(house, engine, pull, maker, ci)
    show_again(house, run.run_id, head)
    return f"#{number}: {len(ci.red)} red of {len(ci.counted)}"


def _is_to_be_mended(house: House, config: RepositoryConfig, pull: PullRequest, run: Run, maker: Run, ci: Ci) -> bool:
    """Where agents may work without being asked again, by whoever asked for the work, and as often as a line allows."""
    facts, specs = find(house, maker.run_id, Facts), find(house, maker.run_id, Specs)
    wanted = config.ci is CiPolicy.REPAIR and config.implement and config.start is not StartPolicy.ON_APPROVE
    if not (ci.red and ci.decided and wanted and agents_may(facts, specs)) or run.state.live or run.from_fork:
        return False
    begun = repairs_of(house.store.ledger(run.repo.repo_id, run.number), line_of(house, maker))
    if ci.head in begun:  # counted, and a crash may have kept it from beginning
        return house.store.run(next_id(house, pull, _asked_by(ci.head))) is None
    if len(begun) >= REPAIRS_A_LINE:
        return False
    return house.github.permission(run.repo, maker.requester).at_least(Permission.WRITE)


def _mend(house: House, engine: Engine, pull: PullRequest, maker: Run, ci: Ci) -> str:
    """A run of its own at this head. The ledger counts it before it begins; repeated after a crash, it is the very same run."""
    asked_by = _asked_by(ci.head)
    failures = tuple(_failure(house, pull.repo, one, number < LOGS_READ) for number, one in enumerate(ci.red))
    repair = CiRepair(maker.run_id, line_of(house, maker), ci.head, failures)
    run_id = next_id(house, pull, asked_by)
    keep(house, run_id, repair)
    keep(house, place_of(pull.repo, pull.number), replace(ci, repair="begun"), ci.head)
    house.store.append_ledger(pull.repo.repo_id, pull.number, f"ci repair/{ci.head}", repair_record(repair, run_id))
    begin(house, engine, pull, maker.requester, asked_by=asked_by)
    return f"{run_id} is to mend {len(failures)} red checks"


def _asked_by(head: Sha) -> str:
    return f"ci/{head}"


def _failure(house: House, repo: RepoRef, red: CiCheck, with_log: bool) -> CiFailure:
    if red.check is None:
        return CiFailure(red.name, red.title, red.summary)
    places = house.github.annotations(repo, red.check)
    log = house.github.check_log(repo, red.check) if with_log else None
    return CiFailure(red.name, red.title, red.summary, places, Redactor(house.secrets).mask(log or ""))
