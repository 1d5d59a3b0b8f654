"""Files of canaries and reports around one command, on a real folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from bot.adapters.sandbox.beneath import read_beneath, write_beneath
from bot.adapters.sandbox.listing import paths_beneath
from bot.core.patterns import readable_patterns
from bot.core.ports import Checkout
from bot.core.ports.git import TreeEntry
from bot.core.proofs.executions import execution
from bot.core.proofs.model import Execution, Harness
from bot.core.proofs.runners.registry import FILES, told_by_command
from bot.core.pulls import RepoRef
from bot.ids import Digest, InstallationId, RepoId, TreeSha
from bot.workflows.canaries import plant_canary, written_reports
from bot.workflows.house import House

REPO = RepoRef(InstallationId(1), RepoId(1), "ada", "text")


@dataclass
class Folder:
    """As much of a house as is needed: a tree's paths, and a checkout's files."""

    root: Path
    tracked: tuple[str, ...]

    @property
    def git(self) -> "Folder":
        return self

    @property
    def sandbox(self) -> "Folder":
        return self

    def entries(self, repo: RepoRef, tree: TreeSha) -> list[TreeEntry]:
        return [TreeEntry(path, "100644", "0" * 40, 1) for path in self.tracked]

    def read(self, checkout: Checkout, path: str, *, limit: int) -> bytes:
        return read_beneath(self.root, path, limit)

    def paths(self, checkout: Checkout, patterns: Sequence[str], *, most: int) -> tuple[str, ...]:
        return paths_beneath(self.root, readable_patterns(patterns), most)

    def write(self, checkout: Checkout, path: str, data: bytes) -> None:
        write_beneath(self.root, path, data, None)


def laid_out(root: Path, files: dict[str, str]) -> tuple[House, Checkout]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return cast(House, Folder(root, tuple(files))), cast(Checkout, None)


def wanted(script: str, harness: Harness = Harness.CANARY) -> Execution:
    return execution(TreeSha("a" * 40), script, Digest("e"), harness)


def there(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_only_a_canary_run_gets_files_and_no_two_the_same(tmp_path: Path) -> None:
    files = {"cut.go": "package text\n", "cut_test.go": "package text\n"}
    house, checkout = laid_out(tmp_path, files)
    plant_canary(house, REPO, wanted("go test ./...", Harness.REPORT), checkout)
    plant_canary(house, REPO, wanted("pytest"), checkout)
    assert there(tmp_path) == set(files)
    for _ in range(2):
        plant_canary(house, REPO, wanted("go test ./..."), checkout)
    planted = there(tmp_path) - set(files)
    assert len(planted) == 2
    assert all(path.startswith("specbot_canary_") and path.endswith("_test.go") for path in planted)


def test_a_rust_source_keeps_its_text(tmp_path: Path) -> None:
    house, checkout = laid_out(tmp_path, {"Cargo.toml": "", "src/lib.rs": "pub fn cut() {}\n"})
    plant_canary(house, REPO, wanted("cargo test"), checkout)
    text = (tmp_path / "src/lib.rs").read_text()
    assert text.startswith("pub fn cut() {}\n")
    assert "_specbot_canary_" in text


@pytest.mark.parametrize("link", [False, True])
def test_a_report_that_was_there_before_is_not_read(tmp_path: Path, link: bool) -> None:
    house, checkout = laid_out(tmp_path, {"old.xml": "<testsuite/>"})
    one = wanted("x --junitxml=old.xml; y --junitxml=new.xml", Harness.REPORT)
    before = plant_canary(house, REPO, one, checkout)
    assert before == {"old.xml"}
    if link:
        (tmp_path / "new.xml").symlink_to("/etc/passwd")
    else:
        (tmp_path / "new.xml").write_text("<testsuite/>")
    assert written_reports(house, one, checkout, before) == ({} if link else {"new.xml": b"<testsuite/>"})


def test_configured_reports_are_found_by_their_patterns_and_only_new_ones_are_read(tmp_path: Path) -> None:
    house, checkout = laid_out(tmp_path, {"out/old.xml": "<testsuite/>", "pom.xml": "<project/>"})
    one, patterns = wanted("make check", Harness.REPORT), ("out/**/*.xml", "[broken")
    before = plant_canary(house, REPO, one, checkout, patterns)
    assert before == {"out/old.xml"}
    for name in ("out/a.xml", "out/deep/b.xml", ".git/out/c.xml", "else.xml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<testsuite/>")
    (tmp_path / "out/link.xml").symlink_to("/etc/passwd")
    (tmp_path / "out/elsewhere").symlink_to("/usr")
    assert set(written_reports(house, one, checkout, before, patterns)) == {"out/a.xml", "out/deep/b.xml"}
    assert written_reports(house, one, checkout, before) == {}


def test_too_many_reports_are_as_good_as_a_torn_one(tmp_path: Path) -> None:
    house, checkout = laid_out(tmp_path, {})
    for number in range(FILES + 1):
        (tmp_path / f"{number}.xml").write_text("<testsuite><testcase name='a'/></testsuite>")
    found = written_reports(house, wanted("make check", Harness.REPORT), checkout, frozenset(), ("*.xml",))
    (told,) = told_by_command("", found, whole=True)
    assert told.sessions[0].exit_status is None
    assert told.tests == ()
