"""What stands at the end of a story, without what may differ between two tellings of it: commits' names, times, numbers."""

import re
import subprocess
from collections import Counter
from collections.abc import Callable

from bot.hub.state.checks import CheckRun
from bot.hub.state.issues import Issue
from bot.ids import AgentKey, PrNumber, RepoId
from tests.faults.scene import Scene

Words = Callable[[str], str]

VARYING = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "DIGEST"),
    (re.compile(r"\b\d+(\.\d+)? (ms|s|min)\b( \d+ s\b)?"), "TIME"),
    (re.compile(r"\b[34]\d{9}\b"), "ID"),
    (re.compile(r"(?<=[A-Za-z0-9]) [0-9a-f]{16}\b"), " TAG"),
    (re.compile(r"\bcall_\d+_\d+\b"), "CALL"),
    (re.compile(r"\bdelivery:[0-9a-f-]{36}\b"), "DELIVERY"),
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST"),
)


def final_state(scene: Scene, pull: Issue) -> dict[str, object]:
    """By topic, so that a difference names itself. Counts are kept: two of a thing are not one. Of the conversations and runs that of `pull` comes
    first, then those of all other issues and pull requests."""
    everywhere = [pull, *(one for one in scene.hub.store.issues if one.id != pull.id)]
    names = _names_of_commits(scene, everywhere)
    words = _plain(names)
    bot = scene.app.bot_user.id
    return {
        "checks": sorted(
            _check(check, names, words) for check in scene.hub.store.runs if check.app_id == scene.app.app_id
        ),
        "issues": [_issue(one, names, words) for one in scene.hub.store.issues],
        "comments": [words(c.body) for one in everywhere for c in scene.comments(one)],
        "reviews": [
            (words(r.body), names.get(r.commit_id), _inline(scene, pull, r.id, words))
            for r in scene.hub.reviews(scene.repo, pull.number)
        ],
        "threads": _threads(scene, words),
        "reactions": sorted((r.subject, r.content) for r in scene.hub.store.reactions if r.user_id == bot),
        "branches": sorted(_branch(scene, ref, sha, names, words) for ref, sha in _branches(scene)),
        "runs": [
            (words(r.run_id), r.state.value, r.stage.value, words(r.reason), r.published, r.attempt)
            for one in everywhere
            for r in scene.runs_at(one)
        ],
        "candidates": len(_kept_commits(scene)),
        "transcripts": {words(agent): _transcript(scene, agent, words) for agent in scene.agents()},
        "proofs in the ledger": len(scene.store.ledger(RepoId(scene.repo.id), PrNumber(pull.number))),
    }


def fingerprint(scene: Scene, pull: Issue) -> Counter[str]:
    """How often the model was asked what."""
    return Counter(seen.label for seen in scene.model.requests)


def _check(check: CheckRun, names: dict[str, str], words: Words) -> tuple[str, ...]:
    output = check.output
    shown = (output.title, output.summary, output.text, str(output.annotations), str(check.actions))
    role = names.get(check.head_sha, "?")
    return (role, check.name, check.status, str(check.conclusion), *(words(part or "") for part in shown))


def _issue(issue: Issue, names: dict[str, str], words: Words) -> tuple[object, ...]:
    """An issue or a pull request as it stands: of what the bot opens there is one, and it says the same."""
    pull = issue.pull
    branches = (pull.head_ref, pull.base_ref, pull.draft, names.get(pull.head_sha, "?")) if pull is not None else ()
    return (issue.number, issue.title, words(issue.body or ""), issue.state, len(issue.label_ids), *branches)


def _threads(scene: Scene, words: Words) -> list[tuple[object, ...]]:
    """Each thread on the diff with all that was said in it, in the order in which the threads began."""
    rows = list(scene.hub.store.review_comments)
    return [
        (
            root.resolved_by_id is not None,
            [(one.author_id, words(one.body)) for one in rows if root.id in (one.id, one.in_reply_to_id)],
        )
        for root in rows
        if root.in_reply_to_id is None
    ]


def _inline(scene: Scene, pull: Issue, review: int, words: Words) -> list[tuple[str, int | None, str]]:
    comments = scene.hub.review_comments(scene.repo, pull.number)
    return [(c.place.path, c.place.line, words(c.body)) for c in comments if c.review_id == review]


def _branches(scene: Scene) -> list[tuple[str, str]]:
    listed = _git(scene, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")
    return [(line.split()[0], line.split()[1]) for line in listed.splitlines()]


def _branch(scene: Scene, ref: str, sha: str, names: dict[str, str], words: Words) -> tuple[str, ...]:
    shown = _git(scene, "show", "-s", "--format=%T%n%P%n%an <%ae>%n%cn <%ce>%n%B", sha)
    tree, parents, rest = shown.split("\n", 2)
    return (words(ref), names.get(sha, "?"), tree, names.get(parents, parents), words(rest))


def _kept_commits(scene: Scene) -> list[str]:
    """Every commit that was ever made for this story: repeating a step must make the same one again."""
    mirror = scene.root / "state" / "mirrors" / f"{scene.repo.id}.git" / "refs" / "bot" / "commits"
    return sorted(path.name for path in mirror.glob("*"))


def _transcript(scene: Scene, agent: str, words: Words) -> list[tuple[str, ...]]:
    past = scene.store.load(AgentKey(agent))
    said = [
        (m.speaker.value, words(m.text), words(str([(c.name, c.arguments) for c in m.calls]))) for m in past.messages
    ]
    return [*said, ("turns", str(past.turns)), ("finished", words(past.finished))]


def _names_of_commits(scene: Scene, issues: list[Issue]) -> dict[str, str]:
    """A name for each commit that anything speaks of, by its place in what happened."""
    names = {sha: "MAIN" for ref, sha in _branches(scene) if ref == "refs/heads/main"}
    for issue in issues:
        for seen in scene.store.heads(RepoId(scene.repo.id), PrNumber(issue.number)):
            names.setdefault(seen.sha, f"COMMIT {len(names)}")
        for run in scene.runs_at(issue):
            for sha in (run.start_head, run.candidate):
                if sha:
                    names.setdefault(sha, f"COMMIT {len(names)}")
    return names


def _plain(names: dict[str, str]) -> Words:
    def named(found: re.Match[str]) -> str:
        return next((name for sha, name in names.items() if sha.startswith(found[0])), found[0])

    def words(text: str) -> str:
        for pattern, word in VARYING:
            text = pattern.sub(word, text)
        return re.sub(r"(?<![0-9a-zA-Z])[0-9a-f]{7,40}(?![0-9a-zA-Z])", named, text)

    return words


def _git(scene: Scene, *arguments: str) -> str:
    command = ["git", "-C", str(scene.repo.path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
