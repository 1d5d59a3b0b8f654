"""A branch's rules, as far as an App without administration may read them: those of rulesets. Older protection shows itself at the push."""

from bot.adapters.github.answers import Body
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
    return BranchRules(
        signatures="required_signatures" in kinds,
        linear="required_linear_history" in kinds,
        merge_methods=_methods(rules),
    )


def _methods(rules: list[Body]) -> tuple[str, ...]:
    """What all rules together allow."""
    allowed: set[str] | None = None
    for rule in rules:
        named = rule.maybe("parameters")
        if rule.text("type") == "pull_request" and named is not None and named.has("allowed_merge_methods"):
            these = set(named.texts("allowed_merge_methods"))
            allowed = these if allowed is None else allowed & these
    return tuple(sorted(allowed or ()))
