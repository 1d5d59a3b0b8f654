"""A hub filled as in real life, to look at its pages.

`python -m tests.hub.pages.showcase` starts it, prints the address and stays until interrupted.
"""

import signal
import sys
import tempfile
import threading
from pathlib import Path

from bot.hub import App, Hub, Repository
from bot.hub.actor import Actor
from bot.hub.changes import checks, comments, reviews
from bot.hub.changes.checks import RunChange
from bot.hub.state.checks import Action, Annotation, Output
from bot.hub.state.issues import Issue

SPEC = """\
---
title: Cut long text at a word boundary
status: ready
scope: [src/text/**, tests/text/**]
keep: [python -m pytest -q tests]
---

# Cut long text at a word boundary

## Intent

Titles in lists are cut in the middle of a word. They shall end at a blank, with an ellipsis.

## Acceptance criteria

- **AC-1** Text no longer than the limit comes back unchanged.
  ```sh verify
  python -c "from text import cut; assert cut('abc', 3) == 'abc'"
  ```
- **AC-2** WHEN the text is longer THEN it is cut at the last blank that fits.
- **AC-3** WHEN no blank fits THEN it is cut at the limit.

## Tasks

- [ ] **T-1** Add `cut()` (owns: `src/text/**`; proves: AC-1, AC-2)
- [ ] **T-2** Document it (owns: `docs/**`; after: T-1)
"""

README = """\
# text

Small helpers for text. See the [code](src/text/__init__.py).

| function | does |
| :-- | --: |
| `cut` | shortens |
| `fold` | folds |

1. Install it.
2. Use it.

> Nothing here is fast.
"""

OLD = '''\
"""Small helpers for text."""

ELLIPSIS = "…"


def fold(text: str) -> str:
    """The text without upper case."""
    return text.casefold()


def cut(text: str, limit: int) -> str:
    """The text, not longer than `limit`."""
    return text[:limit]


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()
'''

NEW = OLD.replace(
    "    return text[:limit]\n",
    """    if len(text) <= limit:
        return text
    room = limit - len(ELLIPSIS)
    head = text[: room + 1]
    at = head.rfind(" ")
    return (head[:at] if at > 0 else text[:room]) + ELLIPSIS
""",
)

TESTS = """\
import pytest

from text import cut


def test_short_text_is_unchanged() -> None:
    assert cut("abc", 3) == "abc"


@pytest.mark.parametrize("limit", [3, 5, 8])
def test_never_longer_than_the_limit(limit: int) -> None:
    assert len(cut("one two three", limit)) <= limit
"""

STICKY = """\
<!-- specbot:status -->
### ❌ Specbot: 1 of 3 criteria failed

The work is on [`specbot/run-7`](/ada/text/commits/specbot/run-7); nothing was pushed to this branch after abc. @ada, see `/specbot retry`.

- [x] **T-1** Add `cut()` (AC-1, AC-2)
- [ ] **T-2** Document it (AC-3)

| criterion | verdict | proof |
| --- | --- | --- |
| **AC-1** Text no longer than the limit comes back unchanged. | ✅ proven | `python -c "from text import cut; assert cut('abc', 3) == 'abc'"`<br>before: exit 1 → after: exit 0 · canary held |
| **AC-2** WHEN the text is longer THEN it is cut at the last blank that fits. | ✅ proven | `python -m pytest -q tests/text`<br>before: exit 1, 2 of 4 tests failed → after: exit 0, 4 passed · canary held |
| **AC-3** WHEN no blank fits THEN it is cut at the limit. | ❌ failed | `python -m pytest -q tests/text -k limit`<br>before: exit 1 → after: exit 1, 1 of 3 tests failed |

<details open><summary>❌ <b>AC-3</b> failed: cut(&quot;onetwothree&quot;, 5) is too long</summary>

```text
>       assert len(cut("onetwothree", 5)) <= 5
E       AssertionError: assert 6 <= 5
```

</details>
<details><summary>2 more</summary>

Both *proven*, see https://example.com/runs/7 for all output.

</details>

To start again:

```
/specbot retry
```

<sub>2 min 14 s · $0.38 of $2.50 · gpt-5-codex · [`run-7`](http://127.0.0.1:9/runs/7) · `/specbot help` lists all commands</sub>
"""

SUMMARY = """\
**AC-3** is red on the branch as it was on the base.

| criterion | verdict | proof |
| --- | --- | --- |
| AC-1 | ✅ proven | red before, green after |
| AC-2 | ✅ proven | red before, green after |
| AC-3 | ❌ failed | red before, red after |

- head `abc1234`, base `def5678`
- sandbox: bubblewrap, no network
"""

TEXT = """\
<details open><summary>❌ <b>AC-3</b> failed: WHEN no blank fits THEN it is cut at the limit.</summary>

*change* · `specs/0001-cut.md:21`

```sh
python -m pytest -q tests/text -k limit
```

After, exit 1, 1.2 s:

```text
FAILED tests/text/test_cut.py::test_never_longer_than_the_limit[5] - AssertionError: assert 6 <= 5
1 failed, 2 passed in 0.31s
```

</details>
<details><summary>✅ <b>AC-1</b> proven: Text no longer than the limit comes back unchanged.</summary>

nothing more

</details>
"""


def fill(hub: Hub) -> tuple[Repository, Issue, App]:
    """Make the repository `ada/text` with pull requests in every state; the first is the one to look at."""
    repo = hub.create_repository(
        "ada/text", files={"README.md": README, "src/text/__init__.py": OLD, "setup.cfg": "[tool]\nold = 1\n"}
    )
    for login, level in (("grace", "write"), ("linus", "read"), ("barbara", "triage")):
        hub.set_permission(repo, login, level)
    permissions = {"checks": "write", "contents": "write", "issues": "write", "pull_requests": "write"}
    app = hub.register_app(
        "specbot", "Specbot", permissions, ["check_run", "issue_comment", "pull_request"], owner="ada"
    )
    hub.install(app, "ada", [repo])
    hub.protect(repo, "main", [("Specbot / acceptance", app.app_id), ("Specbot / spec", app.app_id)])
    pull = _pull_request(hub, repo)
    bot = _bot(hub, app)
    _checks(hub, bot, repo, pull.as_pull.head_sha)
    hub.commit(repo, "specbot/run-7", {"src/text/__init__.py": NEW}, "Work of run 7", "ada", start="cut-at-words")
    comments.create(hub.world, bot, pull, STICKY)
    _later(hub, bot, repo, pull)
    _others(hub, repo)
    return repo, hub.issue(repo, pull.number), app


def _bot(hub: Hub, app: App) -> Actor:
    (installation,) = (one for one in hub.store.installations if one.app_id == app.id)
    return Actor("installation", app.bot_user, app, installation, None, app.permissions)


def _pull_request(hub: Hub, repo: Repository) -> Issue:
    hub.commit(repo, "cut-at-words", {"specs/0001-cut.md": SPEC}, "Say how long text is to be cut", "ada")
    body = (
        "Titles are cut in the middle of a word.\nThe spec says how it should be:\n\n- [x] spec\n- [ ] code\n\nSee #2."
    )
    pull = hub.open_pull_request(
        repo, "cut-at-words", "Cut long text at a word boundary with `cut()`", "ada", body=body
    )
    hub.label(repo, pull.number, "ada", ["spec", "text"])
    said = hub.comment(repo, pull.number, "grace", "Looks *right* to me.\n\n/specbot plan")
    bot = hub.store.user_named("specbot[bot]")
    assert bot is not None
    comments.react(hub.world, Actor("user", bot), "comment", said.id, "eyes")
    trailers = "\n\nSpec: specs/0001-cut.md\nTask: T-1\nSpecbot-Run: run-7\nCo-authored-by: ada <1000001+ada@users.noreply.github.com>"
    hub.commit(
        repo,
        "cut-at-words",
        {"src/text/__init__.py": NEW},
        f"Cut text at the last blank that fits{trailers}",
        "specbot[bot]",
    )
    hub.commit(
        repo, "cut-at-words", {"tests/text/test_cut.py": TESTS, "setup.cfg": None, "docs/cut.bin": b"\0\1\2"},
        "Test `cut()` at its limits", "specbot[bot]",
    )  # fmt: skip
    return hub.issue(repo, pull.number)


def _checks(hub: Hub, bot: Actor, repo: Repository, head: str) -> None:
    annotations = (
        Annotation(
            "specs/0001-cut.md",
            21,
            21,
            "failure",
            "1 of 3 tests failed.\nFix the work, or `/specbot waive AC-3 reason`.",
            "AC-3 failed",
        ),
        Annotation(
            "src/text/__init__.py",
            19,
            21,
            "warning",
            "The room for the ellipsis is not kept.",
            "AC-3",
            raw_details="len 6 > 5",
        ),
    )
    buttons = (
        Action("Retry", "Start a new run at this commit", "retry"),
        Action("Verify again", "Run every proof again", "verify"),
    )
    output = Output("1 of 3 criteria failed", SUMMARY, TEXT, annotations)
    failed = RunChange(conclusion="failure", output=output, actions=buttons, details_url="http://127.0.0.1:9/runs/7")
    checks.create(hub.world, bot, repo, "Specbot / acceptance", head, failed)
    found = Output(
        "No findings in 1 spec",
        "| spec | status | criteria |\n| --- | --- | --- |\n| `specs/0001-cut.md` | ready | 3 |",
    )
    checks.create(hub.world, bot, repo, "Specbot / spec", head, RunChange(conclusion="success", output=found))
    checks.create(hub.world, bot, repo, "Slow", head, RunChange(status="in_progress"))


def _later(hub: Hub, bot: Actor, repo: Repository, pull: Issue) -> None:
    remarks = [
        reviews.Remark(
            "src/text/__init__.py",
            "**medium**\n\n> The ellipsis may be longer than the limit: `cut('abc', 0)`.",
            line=17,
        ),
        reviews.Remark(
            "tests/text/test_cut.py", "**low**\n\n> One case without any blank would be good.", line=10, start_line=8
        ),
    ]
    text = "**Review** of Specbot's own work by a model that did not write it: 2 remarks. An opinion, no verdict."
    reviews.submit(hub.world, bot, pull, "COMMENT", text, remarks)
    first = hub.review_comments(repo, pull.number)[0]
    reviews.reply(hub.world, hub.actor("grace"), first, "True. Please mend it.")
    hub.review(repo, pull.number, "grace", "REQUEST_CHANGES", "See the first remark.")
    hub.comment(repo, pull.number, "linus", "I may only read here.\n\n/specbot approve")


def _others(hub: Hub, repo: Repository) -> None:
    hub.open_issue(repo, "Titles are cut in the middle", "linus", "Look at **lists**.", ["bug"])
    hub.commit(repo, "docs", {"docs/index.md": "# Docs\n"}, "Begin the docs", "grace")
    hub.open_pull_request(repo, "docs", "Begin the docs", "grace", draft=True)
    hub.commit(repo, "typo", {"README.md": README.replace("fast", "quick")}, "Mend a word", "grace")
    closed = hub.open_pull_request(repo, "typo", "Mend a word", "grace")
    hub.close(repo, closed.number, "grace")


def main() -> None:
    """Start it and stay."""
    with tempfile.TemporaryDirectory() as folder, Hub(Path(folder)) as hub:
        repo, pull, _ = fill(hub)
        sys.stdout.write(f"{hub.url}/{repo.full_name}/pull/{pull.number}\n")
        sys.stdout.flush()
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        stop.wait()


if __name__ == "__main__":
    main()
