"""A fork's pull request carried on in this repository: its commits as they are, one of ours on top, and a pull request of its own."""

from bot.core.events.model import Command
from bot.core.orchestration.notes import Ordered, Source
from bot.core.orchestration.orders import Order, fork_branch_name
from bot.core.pulls import PullDraft, PullRequest
from bot.errors import Refused
from bot.reporting.commit_message import decision_message
from bot.reporting.masking import Redactor
from bot.reporting.orchestration import carried_on_text, fork_body, pull_title
from bot.reporting.signed_commits import forks_are_unsigned, forks_may_be_unsigned, forks_way_out
from bot.workflows.admission import configuration_of
from bot.workflows.commands.guard import meant_for_this_head
from bot.workflows.commands.reconcile import reconcile_pull
from bot.workflows.commands.rule import SHA_DIGITS
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.landing import Landing, Unsignable, demands_signatures, land
from bot.workflows.orchestrating.branches import keep_ordered
from bot.workflows.orchestrating.publishing import commit_tree


def carry_on(house: House, engine: Engine, command: Command, order: Order, pull: PullRequest) -> str:
    """The answer to post. A branch of this repository starts its own workflows, with its secrets: so whoever brings a stranger's code there names the
    commit that was looked at. Safe to repeat."""
    meant_for_this_head(house, command, pull)
    if not order.sha or not pull.head_sha.startswith(order.sha):
        raise Refused(
            "this brings a fork's commits to a branch of this repository, so it names the commit that was looked at",
            hint=f"look at the changes and write `/orchestrate {pull.head_sha[:SHA_DIGITS]}`",
        )
    repo, redactor = pull.repo, Redactor(house.secrets)
    branch = fork_branch_name(pull.number, pull.title)
    keep_ordered(house, repo, branch, Ordered(Source.FORK, pull.number, command.actor, model=order.model))
    there = house.git.branch_head(repo, branch)
    if there in (None, pull.head_sha):
        house.git.fetch(repo, [pull.head_sha], pull=pull.number)
        message = decision_message(
            f"Carry on with the pull request {pull.number}",
            f"The commits below are {pull.author.login}'s, as they are. {command.actor.login} asked for the rest.",
            spec="",
            by=pull.author,
            redactor=redactor,
        )
        commit = commit_tree(house, repo, pull.head_sha, message, command.given_at)
        _land(house, pull, Landing(repo, branch, pull.base_ref, pull.head_sha, commit, message, new=there is None))
    limits = _what_the_base_demands(house, pull)
    body = fork_body(pull.number, pull.author.login, pull.title, pull.head_sha, command.actor.login, limits)
    draft = PullDraft(branch, pull.base_ref, pull_title(redactor.mask(pull.title), pull.number), redactor.mask(body))
    own = house.github.open_pull_request(repo, draft)
    reconcile_pull(house, engine, repo, own.number, None)
    return carried_on_text(own.number, pull.author.login, limits)


def _land(house: House, pull: PullRequest, wanted: Landing) -> None:
    """Our own commit can be signed, what it stands on cannot: that is somebody else's."""
    policy = configuration_of(house, pull.repo, pull.base_ref).commits
    try:
        land(house, policy, wanted)
    except Refused as fault:
        if not demands_signatures(fault):
            raise
        author = pull.author.login
        raise Unsignable(forks_are_unsigned(wanted.branch, author), hint=forks_way_out(author)) from None


def _what_the_base_demands(house: House, pull: PullRequest) -> str:
    """What will keep the work from being merged, said before it begins; "" when nothing is known to."""
    if not house.github.branch_rules(pull.repo, pull.base_ref).signatures:
        return ""
    return forks_may_be_unsigned(pull.base_ref, pull.author.login)
