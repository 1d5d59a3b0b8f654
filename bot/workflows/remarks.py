"""The review of a run's published work, put on its pull request once, and remembered finding by finding so that none is said twice."""

from bot.core.diffs import commentable_lines
from bot.core.runs import RunReport
from bot.reporting.masking import Redactor
from bot.reporting.review import review_draft
from bot.workflows.examining import keep_posted
from bot.workflows.house import House
from bot.workflows.notes import Facts, Work, find


def put_review(house: House, account: RunReport, facts: Facts | None) -> None:
    """Nothing where there is no remark, or where the work is not on the pull request's branch."""
    run = account.run
    work = find(house, run.run_id, Work)
    if facts is None or work is None or not run.published or account.head != run.candidate:
        return
    lines = commentable_lines(house.git.diff(run.repo, facts.base_tree, work.tree))
    draft = review_draft(account, lines, Redactor(house.secrets))
    if draft is not None:
        keep_posted(house, run, account.review, house.github.put_review(run.repo, run.number, draft))
