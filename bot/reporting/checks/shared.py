"""The acceptance check on a commit that is the head of several pull requests: one verdict must not unlock another."""

from dataclasses import replace

from bot.core.pulls import CheckDraft, Conclusion
from bot.ids import PrNumber
from bot.reporting.headline import Headline
from bot.reporting.limits import CHECK_TITLE_CHARS
from bot.reporting.sanitize import inline, one_line


def held_back(draft: CheckDraft, other: PrNumber, line: Headline) -> CheckDraft:
    """The check, ended as that of the other pull request is: GitHub has one check for one commit, whatever it is to be merged into."""
    undecided = line.conclusion is None
    says = "is not decided yet" if undecided else f"says: {line.title}"
    note = (
        f"**This commit is also the head of #{other}, which {inline(says, 500)}.** A check belongs to a commit, so the worst of them counts;"
        " push another commit to one of them, or close one, to part them."
    )
    return replace(
        draft,
        conclusion=Conclusion.ACTION_REQUIRED if undecided else line.conclusion,
        title=one_line(f"#{other} has the same commit and {says}", CHECK_TITLE_CHARS),
        summary=f"{note}\n\n{draft.summary}",
    )
