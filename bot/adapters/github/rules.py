"""A branch's rules, as far as an App without administration may read them: those of rulesets. Older protection shows itself at the push."""

from bot.adapters.github.client import Client, repo_path
from bot.core.policy.branch_rules import BranchRules
from bot.core.pulls import RepoRef
from bot.errors import NotThere


def branch_rules(client: Client, repo: RepoRef, branch: str) -> BranchRules:
    """No rules where the server knows no rulesets yet, or shows none. Raises as reads do."""
    try:
        rules = list(client.pages(repo, repo_path(repo, "rules", "branches", branch)))
    except NotThere:
        return BranchRules()
    kinds = {rule.text("type") for rule in rules}
    return BranchRules(signatures="required_signatures" in kinds)
