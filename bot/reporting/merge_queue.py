"""What a pull request is told when what a merge queue made of it did not pass."""

from bot.core.merge_groups import MergeGroup
from bot.reporting.cut import cut
from bot.reporting.limits import COMMENT_BYTES
from bot.reporting.masking import Redactor
from bot.reporting.sanitize import code, inline
from bot.reporting.words import short

QUEUE_MARKER = "<!-- specbot:queue -->"
"""First line of the one comment about the merge queue; stored outside, so it never changes."""


def queue_comment(group: MergeGroup, title: str, repo_url: str, redactor: Redactor) -> str:
    """Why the group of a pull request was not accepted. `title` is that of its check."""
    commit = f"[`{short(group.head)}`]({repo_url}/commit/{group.head})" if repo_url else f"`{short(group.head)}`"
    said = inline(redactor.clean(title), 500).removeprefix("Merge queue: ")
    body = (
        f"{QUEUE_MARKER}\n❌ **Not merged: what the merge queue made of it did not pass.** The commit {commit} is this pull request together"
        f" with what {code(group.base_ref)} has by now; the check on it says:\n\n> {said}\n\n"
        f"{how_to_go_on(group)}"
    )
    return cut(redactor.mask(body), COMMENT_BYTES, "(cut)")


def how_to_go_on(group: MergeGroup) -> str:
    """The way out of a queue."""
    return (
        f"Bring the branch up to date with {code(group.base_ref)} and push: there it is proven together with what was merged meanwhile."
        " Then add it to the queue again."
    )
