"""Changes outside of an agent's territory, dealt with right after the call that made them.

Files that the checkout was made with are put back at once: nothing that comes later builds on a change that will not be part of the work. New
files stay, for builds and test runs leave them and later commands may need them; the agent is told once, when they appear, that they do not
count. What is enforced in the end is enforced on the diff; this only spares the agent work in vain.
"""

from collections.abc import Mapping, Sequence

from bot.agents.desk import Desk
from bot.agents.material import one_line
from bot.agents.threads import in_thread
from bot.core.plans.territory import to_put_back
from bot.ids import TreeSha

SHOWN_PATHS = 10
"""Named in one notice; more of them are the output of one tool, and a few tell which."""

NOTHING = "000000"
"""The mode of a file that is not there."""


async def strayed(desk: Desk, old: TreeSha, new: TreeSha) -> str:
    """Put back what of the changes between two snapshots may not be; the words for the agent, "" when all of it may be."""
    land = desk.territory
    if land is None:
        return ""
    changes = await in_thread(desk.snapshots.changed_in, desk.checkout, old, new)
    faults = {change.path: land.judge((change,)) for change in changes}
    reasons = {path: " ".join(dict.fromkeys(fault.reason for fault in said)) for path, said in faults.items() if said}
    foreign = [change for change in changes if to_put_back(faults[change.path])]
    locked = [path for path in reasons if not to_put_back(faults[path])]
    notice = f"\n[you changed {_listed(locked, reasons)}]" if locked else ""
    if not foreign:
        return notice
    back = await in_thread(desk.snapshots.put_back, desk.checkout, [change.path for change in foreign])
    new_files = [
        c.path for c in foreign if c.old_mode == NOTHING and not any(_in_the_way(c.path, other) for other in back)
    ]
    notices = []
    if back:
        notices.append(f"put back, for you may not write there: {_listed(back, reasons)}")
    if new_files:
        notices.append(
            f"new files where you may not write, which will not be part of your work: {_listed(new_files, reasons)}"
        )
    return "".join(f"\n[{one}]" for one in notices) + notice


def _in_the_way(path: str, other: str) -> bool:
    """Whether `path` had to go for `other` to be put back: it is the same, lies below it, or is a file in the place of a folder above it."""
    return path == other or path.startswith(f"{other}/") or other.startswith(f"{path}/")


def _listed(paths: Sequence[str], reasons: Mapping[str, str]) -> str:
    """Path by path with the reason, each reason once for the paths that share it."""
    shown = paths[:SHOWN_PATHS]
    sharing: dict[str, list[str]] = {}
    for path in shown:
        sharing.setdefault(reasons[path], []).append(one_line(path))
    told = "; ".join(f"{', '.join(names)} ({one_line(reason, 500)})" for reason, names in sharing.items())
    more = len(paths) - len(shown)
    return f"{told} and {more:,} more" if more else told
