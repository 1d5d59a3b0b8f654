"""The plan of a repair after others' red checks: one task for one agent. What the checks say is told beside it, as data."""

from collections.abc import Sequence

from bot.core.ci import CiRepair
from bot.core.plans.from_spec import ONLY_TASK
from bot.core.plans.model import Plan, Task
from bot.ids import CriterionName


def ci_plan(repair: CiRepair, keeps: Sequence[CriterionName]) -> Plan:
    """One task that has to leave all of `keeps` as proven as it is."""
    task = Task(
        task_id=ONLY_TASK,
        title=f"Mend what the repository's own checks say of {repair.head[:7]}",
        instructions=(
            "The work is proven and published, and then checks of the repository failed on it that had not failed before. "
            "What they say is shown below. Find the cause in the change, and mend it with as small a change as does it; "
            "every criterion must hold as before. When the cause is not in the files that you may write, call `blocked`."
        ),
        owns=(),
        proves=tuple(keeps),
    )
    return Plan((task,), ("One agent, once, for what the repository's own checks say.",))
