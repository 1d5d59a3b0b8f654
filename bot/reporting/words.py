"""Small words that all texts share, so that check, comment, log and terminal call one thing by one name."""

from bot.core.feedback.work import REVIEW
from bot.core.plans.progress import TaskState
from bot.core.proofs.model import Verdict
from bot.core.runs import Budget, Spent, Stage
from bot.core.specs.model import ProofKind
from bot.ids import TaskId
from bot.reporting.counting import count

SIGNS = {
    Verdict.PROVEN: "✅",
    Verdict.KEPT: "✅",
    Verdict.ACCEPTED: "✅",
    Verdict.WAIVED: "☑️",
    Verdict.UNPROVEN: "❔",
    Verdict.VACUOUS: "❔",
    Verdict.FLAKY: "❔",
    Verdict.JUDGED: "❔",
    Verdict.NO_EVIDENCE: "❔",
    Verdict.FAILED: "❌",
    Verdict.TAMPERED: "⛔",
}
"""A verdict's sign, always next to its word: a sign alone is read differently by different people."""

STAGES = {
    Stage.ADMISSION: "looking at the pull request",
    Stage.SPEC: "writing the spec",
    Stage.LINT: "reading the spec",
    Stage.PROVE_HEAD: "proving what is there already",
    Stage.PLAN: "planning what is unproven",
    Stage.CONTRACTS: "writing tests for what has no command",
    Stage.IMPLEMENT: "implementing",
    Stage.VERIFY: "verifying the work",
    Stage.REPAIR: "repairing what failed",
    Stage.REVIEW: "reviewing the work",
    Stage.PUBLISH: "publishing",
    Stage.ENDED: "finishing",
}
"""What the bot is doing, as in “Working: …”."""

TASK_STATES = {
    TaskState.WAITING: "waiting",
    TaskState.WORKING: "working",
    TaskState.HANDED_IN: "handed in",
    TaskState.MERGED: "done",
    TaskState.BLOCKED: "blocked",
    TaskState.FAILED: "failed",
    TaskState.HELD: "held",
}
"""Where a task stands. “Done” is said of the agent's part: whether it holds is told by the box, which proofs tick."""

KINDS = {
    ProofKind.CHANGE: "must be red before and green after",
    ProofKind.KEEP: "must stay green",
    ProofKind.ACCEPT: "a person accepts it",
    ProofKind.NONE: "says no command",
    ProofKind.GONE: "demanded by the base, taken out here",
}


def task_name(task: TaskId) -> str:
    """A task as people call it: the one that answers them is none of a plan that anybody has made."""
    return "the answers" if task == REVIEW else task


def task_is(task: str) -> str:
    """The beginning of a sentence on how a task stands."""
    return f"{task_name(TaskId(task))} {'are' if task == REVIEW else 'is'}"


def short(sha: str) -> str:
    """A commit as people name it."""
    return sha[:7]


def duration(seconds: float) -> str:
    """`8 s`, `3 min 12 s`, `1 h 5 min`."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def money(usd: float | None) -> str:
    """`$0.42`, `less than $0.01`, or that the price is unknown: unknown is not zero."""
    if usd is None:
        return "cost unknown (no price is set for the model)"
    if 0 < usd < 0.01:
        return "less than $0.01"
    return f"${usd:,.2f}"


def cost(spent: Spent, budget: Budget) -> str:
    """What was used of what was allowed, in one line."""
    if not spent.calls:
        return "no model was called"
    usd = money(spent.usd)
    if budget.usd is not None and spent.usd is not None:
        usd += f" of {money(budget.usd)}"
    tokens = f"{spent.usage.total:,} of {budget.tokens:,} tokens"
    return f"{usd} · {tokens} · {count(spent.calls, 'model call')}"
