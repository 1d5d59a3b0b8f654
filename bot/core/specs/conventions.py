"""How a repository is tested and where its code lies, told by the names of its files and a few manifests. Pure.

The root is asked; where it says nothing, the one project below it, or the one in whose folder the author stands. A `Makefile` speaks last: its
`test` mostly calls what the other files say already, and often installs things first, for which a proof has no network.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from shlex import quote

from bot.core.patterns import readable_patterns
from bot.core.specs.invisible import remove_invisible
from bot.core.specs.rules.patterns import example
from bot.core.specs.runners import MANIFESTS, RUNNERS, Repository, Suite
from bot.core.specs.source import Files
from bot.core.specs.tree import TreePaths

__all__ = [
    "MANIFESTS",
    "MAX_FOLDERS",
    "MAX_MANIFEST",
    "Conventions",
    "Suite",
    "conventions",
    "project_folder",
    "samples",
]

MAX_MANIFEST = 262_144
"""256 KiB of a manifest are read; honest ones have ten, and what is cut off is only not found."""

MAX_FOLDERS = 6
"""Source folders named in a scope. Where there are more, the author knows better which of them are meant."""

MAX_DEPTH = 3
"""Folders above a project that is looked for: `packages/group/name`."""

MAX_SAMPLES = 5
"""Test files whose beginning is looked at to tell one runner from another."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """`test` is None where no test command was found. `sources` and `tests` are gitignore patterns of folders that are there."""

    test: Suite | None
    sources: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    @property
    def scope(self) -> tuple[str, ...]:
        """What an agent would write: code and its tests."""
        return tuple(dict.fromkeys((*self.sources, *self.tests)))


def samples(tree: TreePaths) -> tuple[str, ...]:
    """A few test files that tell one runner from another; `conventions` takes their beginnings among the manifests."""
    return tuple(islice((path for path in tree.paths if _PYTHON_TEST.search(path)), MAX_SAMPLES))


def project_folder(tree: TreePaths, near: str = "") -> str:
    """The project that is meant where the root is none: the one around the folder `near`, or the only one there is. "" for none."""
    folders = {path.rpartition("/")[0] for path in tree.paths if path.rpartition("/")[2] in PROJECT_SIGNS}
    own = sorted(
        f for f in folders if f and f.count("/") < MAX_DEPTH and _ASIDE.isdisjoint(f.split("/")) and f[0] != "."
    )
    around = [folder for folder in own if near == folder or near.startswith(f"{folder}/")]
    if around:
        return around[-1]
    return own[0] if len(own) == 1 else ""


def conventions(tree: TreePaths, manifests: Files, protected: Sequence[str] = (), folder: str = "") -> Conventions:
    """What the files say. `manifests` holds those of `MANIFESTS` that are there, by their paths in the tree, and those of `samples`; what cannot
    be read in them counts for nothing. `folder`: of a project below the root; its commands then begin with `cd`.

    No pattern names what `protected` (gitignore patterns) forbids to write. Never raises; takes time linear in the paths and the manifests.
    """
    above = f"{folder}/" if folder else ""
    inner = TreePaths.of(path.removeprefix(above) for path in (tree.below(folder) if folder else tree.paths))
    texts = {
        name.removeprefix(above): data[:MAX_MANIFEST].decode("utf-8-sig", "replace")
        for name, data in manifests.items()
        if name.startswith(above)
    }
    repository = Repository(inner, frozenset(path for path in inner.paths if "/" not in path), texts)
    found = (runner(repository) for runner in RUNNERS)
    test = next((command for command in found if command is not None), None)
    forbidden = readable_patterns(protected)

    def allowed(patterns: Sequence[str]) -> tuple[str, ...]:
        below = (f"{above}{pattern}" for pattern in patterns) if _is_plain(folder.replace("/", "") or "x") else ()
        return tuple(pattern for pattern in below if not forbidden.matches(example(pattern)))

    return Conventions(_inside(test, folder), allowed(_sources(inner)), allowed(_tests(inner)))


def _inside(test: Suite | None, folder: str) -> Suite | None:
    """The suite of a project below the root, called from the root."""
    if test is None or not folder:
        return test
    into = f"cd {quote(folder)} && "
    braced = into.replace("{", "{{").replace("}", "}}")
    one = f"{braced}{test.of_file}" if test.of_file else ""
    return replace(test, script=f"{into}{test.script}", reason=f"in `{folder}` {test.reason}", of_file=one)


_PYTHON_TEST = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py\Z")

PROJECT_SIGNS = frozenset({"pyproject.toml", "setup.py", "package.json", "go.mod", "Cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts", "Gemfile", "composer.json", "mix.exs"})  # fmt: skip
"""Names by which a folder says that it is a project of its own."""

_CODE = re.compile(
    r"\.(?:py|[cm]?[jt]sx?|vue|svelte|go|rs|java|kts?|scala|rb|php|cc?|cpp|hh?|hpp|cs|swift|exs?|lua|zig|dart)\Z"
)
_USUAL = ("src", "lib", "app", "cmd", "internal", "pkg", "crates", "packages")
"""Folders whose name says that they hold the code."""

_TESTS = ("tests", "test", "__tests__", "spec")
_ASIDE = frozenset({
    "bench", "benchmarks", "bin", "build", "ci", "deploy", "dist", "doc", "docs", "example", "examples", "node_modules", "out", "scripts", "site",
    "specs", "target", "third_party", "tools", "vendor", "venv",
})  # fmt: skip
"""Folders that may hold code and are not what a spec is about."""


def _sources(tree: TreePaths) -> tuple[str, ...]:
    """Folders with the usual names and Python's packages; without those any that hold code; without any the files at the root."""
    holding = tuple(dict.fromkeys(folder for folder in _folders_with_code(tree) if _is_plain(folder)))
    named = tuple(folder for folder in holding if folder in _USUAL or f"{folder}/__init__.py" in tree)
    others = tuple(folder for folder in holding if folder not in _ASIDE)
    folders = named or others
    if len(folders) > MAX_FOLDERS:
        return ()
    if folders:
        return tuple(f"{folder}/**" for folder in folders)
    endings = sorted({match.group() for path in tree.paths if "/" not in path and (match := _CODE.search(path))})
    return tuple(f"*{ending}" for ending in endings[:MAX_FOLDERS])


def _folders_with_code(tree: TreePaths) -> Iterator[str]:
    for path in tree.paths:
        folder, slash, _ = path.partition("/")
        if slash and folder not in _TESTS and not folder.startswith(".") and _CODE.search(path):
            yield folder


def _is_plain(name: str) -> bool:
    """True for a name that is its own pattern and looks like what it is."""
    return re.fullmatch(r"[\w.-]+", name) is not None and not remove_invisible(name)[1]


def _tests(tree: TreePaths) -> tuple[str, ...]:
    return tuple(f"{folder}/**" for folder in _TESTS if any(_CODE.search(path) for path in tree.below(folder)))
