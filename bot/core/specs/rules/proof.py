"""SB2xx: commands that prove nothing or cannot run where they are run."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from bot.core.specs.model import Command, ProofKind, Severity, Spec, Status
from bot.core.specs.rules.rule import LintContext, Remark, Rule
from bot.core.specs.rules.shell import simple_commands, why_it_cannot_fail

_TERMINAL = frozenset(
    [
        "vi",
        "vim",
        "nvim",
        "nano",
        "emacs",
        "less",
        "more",
        "top",
        "htop",
        "man",
        "ssh",
        "sudo",
        "su",
        "passwd",
        "screen",
        "tmux",
        "watch",
        "dialog",
        "whiptail",
    ]
)
_NETWORK = frozenset(
    ["curl", "wget", "ping", "ssh", "scp", "rsync", "docker", "podman", "brew", "apt", "apt-get", "yum", "dnf"]
)
_NETWORK_VERBS = {
    "pip": {"install", "download"},
    "pip3": {"install", "download"},
    "npm": {"install", "ci", "i"},
    "yarn": {"install", "add"},
    "pnpm": {"install", "add"},
    "git": {"clone", "fetch", "pull", "push"},
    "go": {"get"},
    "gem": {"install"},
}
_PATH = re.compile(r"(?<![\w./*?$-])[\w./-]{4,300}(?![\w./*?-])")
_TEST_SUFFIXES = (".py", ".js", ".ts", ".jsx", ".tsx", ".rb", ".go", ".sh")

MAX_TEST_FILES = 20
"""Files with `test` in their name that are looked up for one command; each may be a name that thousands of files have."""


def _commands(spec: Spec) -> Iterator[Command]:
    for criterion in spec.criteria:
        yield from criterion.commands
    yield from spec.keep


def _cannot_fail(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for command in _commands(spec):
        reason = why_it_cannot_fail(command.script)
        if reason:
            yield Remark(command.position, f"This command cannot fail: {reason}.", "Let the last command decide.")


CANNOT_FAIL = Rule(
    "SB201",
    "Command that cannot fail",
    Severity.ERROR,
    "A proof is red before and green after. A command that ends with status 0 whatever happens shows nothing: `true`, `… || true`, "
    "a trailing `; true`, only `echo`, or a pipe into `tee`.",
    check=_cannot_fail,
)


def _needs_terminal(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for command in _commands(spec):
        for words in simple_commands(command.script):
            name = words[0].rpartition("/")[2]
            asks = (
                name in _TERMINAL or words[:2] == ["read", "-p"] or (name.startswith("python") and "-i" in words[1:2])
            )
            if asks or (name == "tail" and "-f" in words[1:3]):
                yield Remark(
                    command.position, f"`{name[:40]}` waits for a person at a terminal.", "Use its batch form."
                )
                break


NEEDS_TERMINAL = Rule(
    "SB202",
    "Command that needs a terminal",
    Severity.WARNING,
    "Commands run without a terminal and without anybody to answer. One that waits for keys ends at the time limit and is no evidence.",
    check=_needs_terminal,
)


def _empty(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for command in _commands(spec):
        lines = (line.strip() for line in command.script.split("\n"))
        if not any(line and not line.startswith("#") for line in lines):
            yield Remark(command.position, "This command is empty.", "Write the command, or remove the block.")


EMPTY = Rule(
    "SB203",
    "Empty command",
    Severity.ERROR,
    "An empty script always succeeds, so it proves nothing.",
    check=_empty,
)


def _without_command(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for criterion in spec.criteria:
        if criterion.kind is ProofKind.NONE:
            yield Remark(
                criterion.position,
                f"{criterion.criterion_id} has no command, so it stays unproven for now.",
                "Add a block `sh verify` or `sh keep` inside its list item, or mark it `(accept)` for a person.",
            )


WITHOUT_COMMAND = Rule(
    "SB204",
    "Criterion without a command",
    Severity.NOTICE,
    "Without a command nothing can be executed for a criterion, and it is reported as unproven, never as done.",
    check=_without_command,
)


def _needs_network(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for command in _commands(spec):
        for words in simple_commands(command.script):
            name = words[0].rpartition("/")[2]
            if name in _NETWORK or (words[1:2] and words[1] in _NETWORK_VERBS.get(name, ())):
                what = " ".join(words[:2]) if name in _NETWORK_VERBS else name
                hint = "Name what must be installed under `environment` in `.github/specbot.yml`."
                yield Remark(command.position, f"`{what[:40]}` needs a network, and the sandbox has none.", hint)
                break


NEEDS_NETWORK = Rule(
    "SB205",
    "Command that needs a network",
    Severity.WARNING,
    "Proofs run without a network, so that nobody's server decides what is proven and no secret can leave. What a repository needs is installed "
    "before, from `.github/specbot.yml`.",
    check=_needs_network,
)


def _missing_test(spec: Spec, context: LintContext) -> Iterator[Remark]:
    if context.tree_paths is None or spec.status is Status.DRAFT:
        return
    for command in _commands(spec):
        for path in islice(_test_files(command.script), MAX_TEST_FILES):
            name = path.rpartition("/")[2]
            if not any(f"/{known}".endswith(f"/{path}") for known in _by_name(context.tree_paths).get(name, ())):
                hint = "Add the test to this pull request: a test that an agent writes proves nothing."
                yield Remark(command.position, f"`{path[:80]}` is not in the tree.", hint)


@lru_cache(maxsize=4)
def _by_name(tree_paths: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """The paths of a tree by their last part."""
    found: dict[str, list[str]] = {}
    for path in tree_paths:
        found.setdefault(path.rpartition("/")[2], []).append(path)
    return {name: tuple(paths) for name, paths in found.items()}


def _test_files(script: str) -> Iterator[str]:
    """Paths in the script whose file name says that it is a test."""
    for found in _PATH.finditer(script):
        path = found.group().removeprefix("./")
        if path.endswith(_TEST_SUFFIXES) and "test" in path.rpartition("/")[2].lower():
            yield path


MISSING_TEST = Rule(
    "SB206",
    "Command that names a missing test",
    Severity.WARNING,
    "Proofs use the tests as they were when the work started. A test file that is not there then cannot become evidence later.",
    check=_missing_test,
)

RULES = (CANNOT_FAIL, NEEDS_TERMINAL, EMPTY, WITHOUT_COMMAND, NEEDS_NETWORK, MISSING_TEST)
