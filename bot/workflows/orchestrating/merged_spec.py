"""Work on a spec that is merged already: a branch whose one commit brings it into force, or only names it, and a draft pull request."""

from bot.core.events.model import Command
from bot.core.orchestration.notes import Ordered, Source
from bot.core.orchestration.orders import Order, spec_branch_name
from bot.core.orchestration.spec_text import brought_into_force, is_draft
from bot.core.pulls import PullDraft
from bot.core.specs.layouts import place_of
from bot.core.specs.model import Severity, Spec, SpecFormat
from bot.core.specs.read import format_of
from bot.core.specs.source import MAX_BYTES
from bot.errors import Refused
from bot.ids import PrNumber, Sha
from bot.reporting.commit_message import decision_message
from bot.reporting.masking import Redactor
from bot.reporting.orchestration import pull_title, spec_body, work_begins
from bot.workflows.admission import configuration_of
from bot.workflows.commands.reconcile import reconcile_pull
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.landing import Landing, land
from bot.workflows.orchestrating.branches import keep_ordered
from bot.workflows.orchestrating.publishing import commit_text, commit_tree


def work_on(house: House, engine: Engine, command: Command, order: Order) -> str:
    """The answer to post. Safe to repeat: branch and commit follow from the command, and the pull request is found again by its branch."""
    repo, number, path = command.repo, command.number or PrNumber(0), order.spec_path
    default = house.github.repository(repo.installation_id, repo.repo_id).default_branch
    target = order.target or default
    head = house.git.branch_head(repo, target)
    if head is None:
        raise Refused(f"there is no branch {target}", hint="name one that is there: `target=BRANCH`")
    house.git.fetch(repo, [head], branch=target)
    text, spec = _spec(house, command, head, path, target)
    branch = spec_branch_name(number, path)
    keep_ordered(house, repo, branch, Ordered(Source.SPEC, number, command.actor, path, order.model))
    flipped = is_draft(text)
    there = house.git.branch_head(repo, branch)
    if there in (None, head):
        commit, message = _commit(house, command, head, path, text)
        policy = configuration_of(house, repo, target).commits
        land(house, policy, Landing(repo, branch, target, head, commit, message, new=there is None))
    address = f"{house.repo_url(repo)}/blob/{target}/{path}" if house.github_url else ""
    body = spec_body(path, address, number, command.actor.login, flipped=flipped)
    title = pull_title(Redactor(house.secrets).mask(spec.title), number)
    pull = house.github.open_pull_request(repo, PullDraft(branch, target, title, body))
    reconcile_pull(house, engine, repo, pull.number, None)
    return work_begins(pull.number, path)


def _spec(house: House, command: Command, head: Sha, path: str, target: str) -> tuple[str, Spec]:
    config = configuration_of(house, command.repo, target)
    place = place_of(path, config)
    data = house.git.read(command.repo, house.git.tree(command.repo, head), path, limit=8 * MAX_BYTES)
    if place is None or data is None:
        raise Refused(
            f"there is no spec {path} on {target}",
            hint="name the path of a merged spec, such as `/orchestrate specs/0007-name.md`",
        )
    if place.format is not SpecFormat.NATIVE:
        raise Refused(
            f"{path} belongs to another tool's spec",
            hint="open a pull request that changes one of its files: that starts the work",
        )
    reading = format_of(place).read(place, {path: data}, config)
    if reading.spec is None or any(one.severity is Severity.ERROR for one in reading.findings):
        raise Refused(f"{path} cannot be read as a spec", hint=f"`specbot lint {path}` says why")
    return data.decode("utf-8", "replace"), reading.spec


def _commit(house: House, command: Command, head: Sha, path: str, text: str) -> tuple[Sha, str]:
    """A draft is brought into force. One that is in force already is left as it is: the commit holds nothing but its message."""
    message = decision_message(
        f"Work on {path}",
        f"{command.actor.login} asked for the work on this merged spec.",
        spec=path,
        by=command.actor,
        redactor=Redactor(house.secrets),
    )
    if is_draft(text):
        in_force = brought_into_force(text)
        return commit_text(house, command.repo, head, path, in_force, message, command.given_at), message
    return commit_tree(house, command.repo, head, message, command.given_at), message
