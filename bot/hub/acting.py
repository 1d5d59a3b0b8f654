"""Acting as people at the hub: what the pages' buttons do, as methods."""

from collections.abc import Mapping, Sequence

from bot.hub.actor import Actor, as_user
from bot.hub.changes import checks, comments, issues, merging, pulls, queueing, refs, reviews, statuses
from bot.hub.changes import files as file_changes
from bot.hub.git.history import Signature
from bot.hub.setting_up import SettingUp
from bot.hub.state.apps import App
from bot.hub.state.checks import CheckRun, Output
from bot.hub.state.issues import Comment, Issue
from bot.hub.state.queues import QueueEntry
from bot.hub.state.repositories import Repository
from bot.hub.state.reviews import Review
from bot.hub.state.statuses import CommitStatus


class Acting(SettingUp):
    """What people do. Each method announces it to Apps, and raises Refused where GitHub would refuse."""

    def commit(
        self,
        repo: Repository | str,
        branch: str,
        files: Mapping[str, str | bytes | None],
        message: str,
        login: str,
        start: str | None = None,
    ) -> str:
        """Push one commit that writes files (None removes one). A new branch begins at `start`, by default the default branch.

        The commit's id.
        """
        with self.store.lock:
            found, actor = self.repository(repo), as_user(self.add_user(login))
            parent = self.store.tip(found, branch)
            if parent is None and self.store.known_refs.get(found.id):
                parent = self.store.bare(found).find_commit(start or found.default_branch)
                if parent is None:
                    raise LookupError(f"{found.full_name} has no {start or found.default_branch} to start from")
            content = {path: data.encode() if isinstance(data, str) else data for path, data in files.items()}
            author = Signature(actor.who.login, actor.who.email, self.world.now())
            return file_changes.push(self.world, actor, found, (branch, parent), content, message, author)

    def notice_pushes(self, repo: Repository | str, login: str) -> None:
        """Take note of refs that were moved in the bare repository directly, as if that person had pushed them."""
        with self.store.lock:
            refs.settle(self.world, as_user(self.user(login)), self.repository(repo))

    def open_pull_request(
        self,
        repo: Repository | str,
        head: str,
        title: str,
        login: str,
        base: str | None = None,
        body: str | None = None,
        draft: bool = False,
    ) -> Issue:
        """Open a pull request from a branch (`owner:branch` for a fork) to `base`, by default the default branch."""
        with self.store.lock:
            found = self.repository(repo)
            proposal = pulls.Proposal(title, head, base or found.default_branch, body, draft)
            return pulls.create(self.world, as_user(self.user(login)), found, proposal)

    def open_issue(
        self, repo: Repository | str, title: str, login: str, body: str | None = None, labels: Sequence[str] = ()
    ) -> Issue:
        """Open an issue."""
        with self.store.lock:
            actor = as_user(self.user(login))
            return issues.create(self.world, actor, self.repository(repo), title, body, labels)

    def comment(self, repo: Repository | str, number: int, login: str, body: str) -> Comment:
        """Comment on an issue or a pull request."""
        with self.store.lock:
            return comments.create(self.world, as_user(self.user(login)), self.issue(repo, number), body)

    def edit_comment(self, comment_id: int, login: str, body: str) -> Comment:
        """Edit a comment."""
        with self.store.lock:
            found = self.store.comments[comment_id]
            return comments.edit(self.world, as_user(self.user(login)), found, body)

    def delete_comment(self, comment_id: int, login: str) -> None:
        """Delete a comment."""
        with self.store.lock:
            comments.delete(self.world, as_user(self.user(login)), self.store.comments[comment_id])

    def label(self, repo: Repository | str, number: int, login: str, names: Sequence[str]) -> Issue:
        """Give an issue or a pull request exactly these labels."""
        with self.store.lock:
            return comments.set_labels(self.world, as_user(self.user(login)), self.issue(repo, number), names)

    def review(
        self,
        repo: Repository | str,
        number: int,
        login: str,
        event: str,
        body: str = "",
        remarks: Sequence[reviews.Remark] = (),
    ) -> Review:
        """Review: APPROVE, REQUEST_CHANGES or COMMENT."""
        with self.store.lock:
            actor = as_user(self.user(login))
            return reviews.submit(self.world, actor, self.issue(repo, number), event, body, remarks)

    def close(self, repo: Repository | str, number: int, login: str) -> Issue:
        """Close an issue, or a pull request without merging."""
        return self._set_state(repo, number, login, "closed")

    def reopen(self, repo: Repository | str, number: int, login: str) -> Issue:
        """Reopen an issue or a pull request."""
        return self._set_state(repo, number, login, "open")

    def _set_state(self, repo: Repository | str, number: int, login: str, state: str) -> Issue:
        with self.store.lock:
            found, actor = self.issue(repo, number), as_user(self.user(login))
            if found.pull is None:
                return issues.set_state(self.world, actor, found, state, None)
            return pulls.set_state(self.world, actor, found, state)

    def edit_pull_request(
        self,
        repo: Repository | str,
        number: int,
        login: str,
        title: str | None = None,
        body: str | None = None,
        base: str | None = None,
    ) -> Issue:
        """Change title, body or base."""
        with self.store.lock:
            actor = as_user(self.user(login))
            return pulls.edit(self.world, actor, self.issue(repo, number), title, body, base)

    def set_draft(self, repo: Repository | str, number: int, login: str, draft: bool) -> Issue:
        """Convert to a draft, or mark as ready for review."""
        with self.store.lock:
            return pulls.set_draft(self.world, as_user(self.user(login)), self.issue(repo, number), draft)

    def merge(self, repo: Repository | str, number: int, login: str, method: str = "merge") -> Issue:
        """Merge, squash or rebase. Raises Refused with 405 when protection or a conflict stands in the way."""
        with self.store.lock:
            return merging.merge(self.world, as_user(self.user(login)), self.issue(repo, number), method)

    def enqueue(self, repo: Repository | str, number: int, login: str) -> QueueEntry:
        """Add a pull request to its base's merge queue. Raises Refused when its required checks have not passed."""
        with self.store.lock:
            return queueing.enqueue(self.world, as_user(self.user(login)), self.issue(repo, number))

    def dequeue(self, repo: Repository | str, number: int, login: str) -> None:
        """Take a pull request out of the merge queue."""
        with self.store.lock:
            queueing.dequeue(self.world, as_user(self.user(login)), self.issue(repo, number))

    def merge_queue(self, repo: Repository | str, branch: str) -> list[QueueEntry]:
        """What waits to be merged into a branch, the first first."""
        with self.store.lock:
            return queueing.queue(self.world, self.repository(repo), branch)

    def merge_blockers(self, repo: Repository | str, number: int) -> list[str]:
        """Why it cannot be merged now; empty when it can."""
        with self.store.lock:
            return merging.blockers(self.world, self.issue(repo, number))

    def report_check(
        self,
        app: App,
        repo: Repository | str,
        sha: str,
        name: str,
        conclusion: str | None = None,
        output: Output | None = None,
        log: str | bytes | None = None,
    ) -> CheckRun:
        """What an App that is installed there reports of its check: how it ended, or None that it is running. A running one is gone on with. `log`:
        it is a job of Actions, and this is its log."""
        with self.store.lock:
            found = self.repository(repo)
            installed = next(
                one
                for one in self.store.installations
                if one.app_id == app.id and self.store.installation_covers(one, found)
            )
            actor = Actor("installation", app.bot_user, app, installed, None, app.permissions)
            running = self.store.runs.first(
                lambda run: (run.app_id, run.head_sha, run.name, run.conclusion) == (app.id, sha, name, None)
            )
            status = "in_progress" if conclusion is None else "completed"
            change = checks.RunChange(status=status, conclusion=conclusion, output=output or Output(name, name))
            if running is not None:
                run = checks.update(self.world, actor, running, change)
            else:
                run = checks.create(self.world, actor, found, name, sha, change)
            if log is not None:  # the lock keeps it from being asked for before it is there
                self.store.job_logs[run.id] = log.encode() if isinstance(log, str) else log
            return run

    def report_status(self, repo: Repository | str, sha: str, login: str, report: statuses.Report) -> CommitStatus:
        """Report a commit status."""
        with self.store.lock:
            return statuses.create(self.world, as_user(self.add_user(login)), self.repository(repo), sha, report)

    def press_button(self, check_run_id: int, identifier: str, login: str) -> None:
        """Press a button of a check run."""
        with self.store.lock:
            checks.press(self.world, as_user(self.user(login)), self.store.runs[check_run_id], identifier)

    def rerequest(self, check_run_id: int, login: str) -> None:
        """Ask for a check run to be run again."""
        with self.store.lock:
            checks.rerequest(self.world, as_user(self.user(login)), self.store.runs[check_run_id])

    def rerequest_suite(self, suite_id: int, login: str) -> None:
        """Ask for all checks of a suite to be run again."""
        with self.store.lock:
            checks.rerequest_suite(self.world, as_user(self.user(login)), self.store.suites[suite_id])
