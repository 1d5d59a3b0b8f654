"""Step: the spec author writes the spec, and mends what the linter refuses."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.agents.allowance import OwnLimits
from bot.agents.loop import Means, work
from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.agents.roles.role import Beginning, Continuation
from bot.agents.roles.spec_author import (
    NAME,
    Remark,
    SpecBriefing,
    again_message,
    drafted,
    spec_author,
    spec_author_opening,
)
from bot.core.codec import encode
from bot.core.orchestration.notes import Answers, Asked, Assignment, Drafted
from bot.core.orchestration.orders import Order
from bot.core.orchestration.questions import Answer, Question, open_ones, otherwise
from bot.core.orchestration.spec_text import SpecDraft, read_spec, spec_text, with_decisions
from bot.core.runs import Run, RunState
from bot.core.specs.conventions import MANIFESTS, MAX_MANIFEST, conventions
from bot.core.specs.layouts import place_of
from bot.core.specs.model import Finding, Severity, SpecFormat, Status
from bot.core.specs.new_spec import new_path, readable_title
from bot.core.specs.tree import TreePaths
from bot.errors import UserFault
from bot.ids import RunId, agent_key
from bot.workflows.admission import live_run
from bot.workflows.desks import desk_for, means_for
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts, find, keep, need
from bot.workflows.orchestrating.branches import newest_note
from bot.workflows.orchestrating.trees import branch_here
from bot.workflows.steps import Ended
from bot.workflows.ways import ways_for

DRAFTS = 3
"""A spec and two that mend it: most faults are one command or one word, and the linter names the line. Who cannot do it then needs a person."""

AUTHOR_TURNS = 30
"""Of one author where the owners say nothing: a dozen looks, twice as many for a large repository, and the drafts."""

EXAMPLE_BYTES = 16_384
"""Of a spec that is shown as an example; a longer one is not typical."""

FAULTS_TOLD = 4

AGAIN = "say more in the issue, then `/orchestrate` goes on; or write the spec yourself with `specbot new`"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What one round of writing is about. `settled` are the questions of the draft before, with their `answers`."""

    facts: Facts
    order: Order
    path: str
    paths: tuple[str, ...]
    settled: tuple[Question, ...]
    answers: tuple[Answer, ...]

    @property
    def task(self) -> str:
        """The task's name in the author's key: the same while nothing new was said, so that an interrupted author goes on where it stood."""
        if not self.answers:
            return "spec"
        digest = hashlib.sha256(encode(self.answers).encode()).digest()[:6]
        return "answers-" + "".join(
            chr(ord("a") + byte % 26) for byte in digest
        )  # a number would be taken for a task's


async def write_spec(house: House, run_id: RunId) -> str:
    """`written`, or `as recommended` where the answers change nothing; stores `Drafted`. Ends the run when only a person can help."""
    run = await in_thread(lambda: live_run(house, run_id))
    wanted = await in_thread(lambda: _wanted(house, run))
    if wanted.answers and not otherwise(wanted.settled, wanted.answers):
        return "as recommended"
    means = await in_thread(lambda: _means(house, run))
    beginning: Beginning = spec_author_opening(await in_thread(lambda: _briefing(house, run, wanted)))
    findings: tuple[Finding, ...] = ()
    for attempt in range(1, DRAFTS + 1):
        key = agent_key(run.run_id, NAME, wanted.task, attempt)
        async with desk_for(house, run, key, wanted.facts.base_tree) as desk:
            outcome = await work(key, spec_author(), beginning, desk, means)
        draft = drafted(outcome)
        if draft is None:
            raise _without(outcome)
        draft = replace(draft, questions=wanted.settled) if wanted.answers else draft
        findings = _errors(wanted, draft)
        if not findings:
            await in_thread(partial(keep, house, run_id, Drafted(wanted.path, draft)))
            return "written"
        await in_thread(partial(_tell, house, run, findings))
        beginning = Continuation(key, again_message(findings))
    told = "; ".join(f"line {one.position.line}: {one.message}" for one in findings[:FAULTS_TOLD])
    raise Ended(RunState.WAITING, f"the spec still has faults after it was mended twice: {told}", AGAIN)


def _wanted(house: House, run: Run) -> _Wanted:
    facts, asked = need(house, run.run_id, Facts), need(house, run.run_id, Asked)
    branch_here(house, run)
    paths = tuple(entry.path for entry in house.git.entries(run.repo, facts.base_tree))
    known, own = newest_note(house, run.repo, run.number, Drafted), find(house, run.run_id, Drafted)
    given = (find(house, run.run_id, Answers) or Answers()).given
    questions = own.draft.questions if own else ()
    complete = bool(questions) and not open_ones(questions, given)
    path = known[1].path if known else _new_path(need(house, run.run_id, Assignment).title, run, paths, facts)
    return _Wanted(facts, asked.order, path, paths, questions if complete else (), given if complete else ())


def _new_path(title: str, run: Run, paths: Sequence[str], facts: Facts) -> str:
    try:
        name = readable_title(title)
    except UserFault:
        name = f"issue {run.number}"
    return new_path(name, TreePaths.of(paths), facts.config)


def _errors(wanted: _Wanted, draft: SpecDraft) -> tuple[Finding, ...]:
    text = with_decisions(spec_text(draft, Status.READY, wanted.order.budget), draft.questions, wanted.answers)
    reading = read_spec(wanted.path, text, frozenset(wanted.paths), wanted.facts.config)
    return tuple(one for one in reading.findings if one.severity is Severity.ERROR)


def _briefing(house: House, run: Run, wanted: _Wanted) -> SpecBriefing:
    said, facts = need(house, run.run_id, Assignment), wanted.facts
    tree = TreePaths.of(wanted.paths)
    entries = {entry.path: entry for entry in house.git.entries(run.repo, facts.base_tree)}
    manifests = [entries[name] for name in MANIFESTS if name in entries and entries[name].size <= MAX_MANIFEST]
    found = conventions(tree, house.git.contents(run.repo, manifests), facts.config.protected)
    return SpecBriefing(
        path=wanted.path,
        title=said.title,
        issue=Remark(said.text.by, said.text.text),
        talk=tuple(Remark(one.by, one.text) for one in said.talk),
        found=found,
        paths=wanted.paths,
        current=said.current,
        answers=tuple(_sentence(wanted.settled[answer.number - 1], answer) for answer in wanted.answers),
        example=_example(house, run, wanted),
        agents_md=ways_for(house, run, facts, ()).root,
    )


def _sentence(question: Question, answer: Answer) -> str:
    return f"{question.text} {question.choices[answer.choice]}"


def _example(house: House, run: Run, wanted: _Wanted) -> str:
    """The newest native spec that is there: how this repository writes them says more than rules."""
    config = wanted.facts.config
    small = [
        entry
        for entry in house.git.entries(run.repo, wanted.facts.base_tree)
        if entry.size <= EXAMPLE_BYTES
        and (place := place_of(entry.path, config)) is not None
        and place.format is SpecFormat.NATIVE
        and not entry.path.rpartition("/")[2].lower().startswith("readme")
    ]
    read = house.git.contents(run.repo, small[-1:])
    return next((data.decode("utf-8", "replace") for data in read.values()), "")


def _means(house: House, run: Run) -> Means:
    means = means_for(house, run, NAME)
    turns = AUTHOR_TURNS if means.own.turns is None else means.own.turns
    return replace(means, own=OwnLimits(turns, means.own.tokens))


def _without(outcome: AgentOutcome) -> Ended:
    if outcome.status is AgentStatus.BLOCKED:
        return Ended(RunState.WAITING, f"no spec can be written of this yet: {outcome.reason}", AGAIN)
    reason = outcome.reason or outcome.summary or outcome.status.value
    return Ended(RunState.FAILED, f"the spec author did not come to an end: {reason}", "`/orchestrate` starts again")


def _tell(house: House, run: Run, findings: Sequence[Finding]) -> None:
    house.store.emit(run.run_id, "spec.faults", json.dumps([f"{one.rule}: {one.message}" for one in findings]))
