"""SB2xx: commands that prove nothing or cannot run where they are run."""

import re
from collections.abc import Iterator
from itertools import chain, islice, pairwise

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.model import Command, ProofKind, Severity, Spec, SpecFormat, Status
from bot.core.specs.rules.rule import LintContext, Remark, Rule
from bot.core.specs.rules.shell import simple_commands
from bot.core.specs.rules.status import why_it_cannot_fail
from bot.core.specs.rules.trees import Tree, tree_of

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

_FOLDER = re.compile(r"[\w.-]{1,100}(?:/[\w-]{1,100}){1,20}")
_FLAGS = frozenset({"-q", "-qq", "-v", "-vv", "-x", "-s", "--"})
_DOTTED = re.compile(r"[A-Za-z_]\w{0,100}(?:\.\w{1,100}){1,20}")

MAX_TEST_FILES = 20
"""Tests that are looked up for one command; one command names a few, and what names more is a program."""


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
                name in _TERMINAL or words[:2] == ("read", "-p") or (name.startswith("python") and "-i" in words[1:2])
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


def _what_then(config: RepositoryConfig) -> str:
    if config.implement and config.contracts:
        return "where agents implement, a test is written from the spec's words alone"
    return "it stays unproven"


def _without_command(spec: Spec, context: LintContext) -> Iterator[Remark]:
    if spec.format is SpecFormat.NATIVE and spec.status is Status.DRAFT:
        return
    without = [criterion for criterion in spec.criteria if criterion.kind is ProofKind.NONE]
    if spec.format is SpecFormat.NATIVE:
        for criterion in without:
            yield Remark(
                criterion.position,
                f"{criterion.criterion_id} has no command: {_what_then(context.config)}.",
                "Add a block `sh verify` or `sh keep` inside its list item, or mark it `(accept)` for a person.",
            )
    elif without:
        some = (
            f"{len(without):,} of {len(spec.criteria):,} criteria have"
            if len(without) > 1
            else f"{without[0].criterion_id} has"
        )
        yield Remark(
            spec.home,
            f"{some} no command: {_what_then(context.config)}.",
            "Say it under `proofs:` in this file's front matter, one line a criterion: `ID: command`, or `ID: {accept: true}` for a person.",
        )


WITHOUT_COMMAND = Rule(
    "SB204",
    "Criterion without a command",
    Severity.NOTICE,
    "Without a command nothing can be executed for a criterion. A test author may write one from its words; else it is reported as unproven, never as done.",
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
    tree = tree_of(context.tree_paths)
    for command in _commands(spec):
        base = _starting_folder(command.script)
        named = chain(
            ((path, tree.has_file(f"{base}{path}")) for path in _test_files(command.script)),
            (
                (path, tree.has_file(f"{base}{path}") or tree.has_folder(f"{base}{path}"))
                for path in _pytest_folders(command.script)
            ),
            ((name, _is_module(name, tree, base)) for name in _unittest_modules(command.script)),
        )
        for name, there in islice(named, MAX_TEST_FILES):
            if not there:
                hint = "Add the test to this pull request: a test that an agent writes proves nothing."
                yield Remark(command.position, f"`{name[:80]}` is not in the tree.", hint)


def _starting_folder(script: str) -> str:
    """The folder that a script goes into first, with its `/`; "" for the root."""
    first = next(iter(simple_commands(script)), ())
    path = first[1].strip("'\"").removeprefix("./").rstrip("/") if first[:1] == ("cd",) and len(first) == 2 else ""
    return f"{path}/" if path and ".." not in path else ""


def _test_files(script: str) -> Iterator[str]:
    """Paths in the script whose file name says that it is a test."""
    for found in _PATH.finditer(script):
        path = found.group().removeprefix("./")
        if path.endswith(_TEST_SUFFIXES) and "test" in path.rpartition("/")[2].lower():
            yield path


def _pytest_folders(script: str) -> Iterator[str]:
    """Folders with `test` in their path that pytest is to look into. What stands behind an option may be the option's."""
    for words in simple_commands(script):
        if "pytest" in (words[0].rpartition("/")[2], *words[2:3]):
            for before, word in pairwise(words):
                path = word.removeprefix("./").rstrip("/")
                plain = "test" in path.lower() and _FOLDER.fullmatch(path) is not None
                if plain and (not before.startswith("-") or before in _FLAGS):
                    yield path


def _unittest_modules(script: str) -> Iterator[str]:
    """Dotted names with `test` in them that unittest is to load."""
    for words in simple_commands(script):
        if words[1:3] == ("-m", "unittest"):
            yield from (word for word in words[3:] if "test" in word.lower() and _DOTTED.fullmatch(word) is not None)


def _is_module(name: str, tree: Tree, base: str) -> bool:
    """True when a dotted name, or what is left of it without its classes and methods, is a file or a folder."""
    parts = name.split(".")
    paths = [base + "/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(tree.has_file(f"{path}.py") for path in paths) or tree.has_folder(paths[-1])


MISSING_TEST = Rule(
    "SB206",
    "Command that names a missing test",
    Severity.WARNING,
    "Proofs use the tests as they were when the work started. A test file that is not there then cannot become evidence later.",
    check=_missing_test,
)

RULES = (CANNOT_FAIL, NEEDS_TERMINAL, EMPTY, WITHOUT_COMMAND, NEEDS_NETWORK, MISSING_TEST)
