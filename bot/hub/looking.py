"""Looking into the hub: everything as it is now, by names and numbers."""

from bot.hub.actor import Actor, as_user
from bot.hub.state.checks import CheckRun, CheckSuite
from bot.hub.state.issues import Comment, Issue
from bot.hub.state.people import User
from bot.hub.state.repositories import Repository
from bot.hub.state.reviews import Review, ReviewComment
from bot.hub.world import World


class Looking:
    """What can be seen of a world. Repositories are named by `owner/name` or by an older record of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.store = world.store

    def repository(self, repo: Repository | str) -> Repository:
        """A repository by its name, as it is now."""
        found = self.store.repository_named(repo if isinstance(repo, str) else repo.full_name)
        if found is None:
            raise LookupError(f"the hub has no repository {repo}")
        return found

    def issue(self, repo: Repository | str, number: int) -> Issue:
        """An issue or a pull request as it is now."""
        found = self.store.issue_numbered(self.repository(repo), number)
        if found is None:
            raise LookupError(f"{repo} has no #{number}")
        return found

    def comments(self, repo: Repository | str, number: int) -> list[Comment]:
        """The conversation's comments, oldest first."""
        issue = self.issue(repo, number)
        return self.store.comments.where(lambda one: one.issue_id == issue.id)

    def reviews(self, repo: Repository | str, number: int) -> list[Review]:
        """The reviews, oldest first."""
        issue = self.issue(repo, number)
        return self.store.reviews.where(lambda one: one.issue_id == issue.id)

    def review_comments(self, repo: Repository | str, number: int) -> list[ReviewComment]:
        """The comments on the diff, oldest first."""
        issue = self.issue(repo, number)
        return self.store.review_comments.where(lambda one: one.issue_id == issue.id)

    def check_runs(self, repo: Repository | str, sha: str) -> list[CheckRun]:
        """All check runs on a commit, oldest first."""
        found = self.repository(repo)
        return self.store.runs.where(lambda run: run.repository_id == found.id and run.head_sha == sha)

    def check_suites(self, repo: Repository | str, sha: str) -> list[CheckSuite]:
        """All check suites on a commit, oldest first."""
        found = self.repository(repo)
        return self.store.suites.where(lambda suite: suite.repository_id == found.id and suite.head_sha == sha)

    def actor(self, login: str) -> Actor:
        """That person, as the functions in `changes` want it."""
        return as_user(self.user(login))

    def user(self, login: str) -> User:
        """The account with this login."""
        found = self.store.user_named(login)
        if found is None:
            raise LookupError(f"the hub has no user {login}; add_user() first")
        return found
