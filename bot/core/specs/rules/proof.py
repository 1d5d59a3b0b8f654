"""SB2xx: commands that prove nothing."""

import re
from collections.abc import Iterator
from itertools import chain, islice, pairwise

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.model import ProofKind, Severity, Spec, SpecFormat, Status
from bot.core.specs.rules.rule import LintContext, Remark, Rule
from bot.core.specs.rules.shell import simple_commands
from bot.core.specs.rules.status import why_it_cannot_fail
from bot.core.specs.rules.trees import Tree, tree_of

_PATH = re.compile(r"(?<![\w./*?$-])[\w./-]{4,300}(?![\w./*?-])")
_TEST_SUFFIXES = (
    ".py",
    ".js",
    ".ts",
    ".jsx",
    ".tsx",
    ".mjs",
    ".cjs",
    ".mts",
    ".cts",
    ".rb",
    ".go",
    ".sh",
    ".bats",
    ".php",
    ".rs",
    ".exs",
)
_SPEC_ENDING = re.compile(r"[._-]spec\.[a-z]{2,3}\Z|\.bats\Z")
_TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "spec", "e2e"})
_STARTS_FILES = frozenset({"sh", "bash", "dash", "zsh", "python", "python3", "node", "ruby"})

_FOLDER = re.compile(r"[\w.-]{1,100}(?:/[\w-]{1,100}){1,20}")
_FLAGS = frozenset({"-q", "-qq", "-v", "-vv", "-x", "-s", "--"})
_DOTTED = re.compile(r"[A-Za-z_]\w{0,100}(?:\.\w{1,100}){1,20}")

MAX_TEST_FILES = 20
"""Tests that are looked up for one command; one command names a few, and what names more is a program."""


def _cannot_fail(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for command in spec.commands:
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


def _empty(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for command in spec.commands:
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


def _missing_test(spec: Spec, context: LintContext) -> Iterator[Remark]:
    if context.tree_paths is None or spec.status is Status.DRAFT:
        return
    tree = tree_of(context.tree_paths)
    for command in spec.commands:
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
        name = path.rpartition("/")[2].lower()
        if path.endswith(_TEST_SUFFIXES) and ("test" in name or _SPEC_ENDING.search(name) is not None):
            yield path
    for words in simple_commands(script):
        path = (words[1] if words[0] in _STARTS_FILES and len(words) > 1 else words[0]).removeprefix("./")
        named_so = path.endswith(_TEST_SUFFIXES) and "test" not in path.rpartition("/")[2].lower()
        if named_so and _PATH.fullmatch(path) is not None and not _TEST_FOLDERS.isdisjoint(path.split("/")):
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


def _same_as_keep(spec: Spec, context: LintContext) -> Iterator[Remark]:
    kept = {command.script.strip() for command in spec.keep}
    kept.update(c.script.strip() for k in spec.criteria if k.kind is ProofKind.KEEP for c in k.commands)
    for criterion in spec.criteria:
        for command in criterion.commands if criterion.kind is ProofKind.CHANGE else ():
            if command.script.strip() in kept:
                yield Remark(
                    command.position,
                    f"{criterion.criterion_id} wants this command red before, and `keep` wants it green.",
                    "Let `verify` run only what is new, for example one test.",
                )


SAME_AS_KEEP = Rule(
    "SB208",
    "Command that is both `verify` and `keep`",
    Severity.WARNING,
    "`verify` is red before the work and green after it, `keep` is green before and after. One command cannot be both.",
    check=_same_as_keep,
)

RULES = (CANNOT_FAIL, EMPTY, WITHOUT_COMMAND, MISSING_TEST, SAME_AS_KEEP)
