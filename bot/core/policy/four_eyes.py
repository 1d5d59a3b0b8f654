"""Four eyes: where the owners ask for it, nobody decides about work that they stand behind themselves. Pure.

Who stands behind it is what GitHub said when it happened: who opened the pull request, who pushed its heads, who asked for the agents' work.
Names in commits count for nothing, because anybody can write any name there.
"""

from collections.abc import Iterable

from bot.core.events.model import Verb
from bot.core.policy.model import Decision, RepositoryConfig
from bot.core.pulls import Person, PullRequest
from bot.core.runs import Run

DECIDING = frozenset({Verb.ACCEPT, Verb.WAIVE, Verb.ALLOW, Verb.APPROVE, Verb.DISMISS, Verb.PUBLISH})
"""What gives power over the verdict or over the agents. To prove again, to stop or to pay decides nothing."""


def four_eyes(verb: Verb, actor: Person, pull: PullRequest, runs: Iterable[Run], config: RepositoryConfig) -> Decision:
    """May `actor` decide this about `pull`? `runs` are all of the pull request's; one that only proved says nothing about who made what."""
    if not config.four_eyes or verb not in DECIDING:
        return Decision(True, ("no second person is asked for",))
    if actor.user_id == pull.author.user_id:
        return Decision(False, (_refusal(verb, actor, "opened this pull request"),))
    if any(run.requester.user_id == actor.user_id for run in runs if not run.verify_only):
        return Decision(False, (_refusal(verb, actor, "pushed to it or asked for its work"),))
    return Decision(True, (f"{actor.login} has no part in the change",))


def _refusal(verb: Verb, actor: Person, part: str) -> str:
    return f"here two people are needed (`four_eyes` in the configuration), and {actor.login} {part}: `{verb}` is for somebody else"
