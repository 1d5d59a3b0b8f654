"""The tamper rules on real differences: each with what trips it, at its line, and with its nearest honest neighbour."""

import difflib
from collections.abc import Sequence

import pytest

from bot.core.ports.git import ChangedFile, ChangeKind
from bot.core.proofs.model import TamperFinding, TamperWeight
from bot.core.proofs.tamper import Guarded, tampering
from bot.core.proofs.trusted import trusted_paths

Files = dict[str, str]


def found(
    before: Files, after: Files, removes: Sequence[str] = (), moved: tuple[str, str] | None = None
) -> list[TamperFinding]:
    """The findings on two sets of files; `moved` is a pair of paths that git sees as one file."""
    paths = sorted({*before, *after} - set(moved or ()))
    diff = "".join(
        one_diff(path, before.get(path), path, after.get(path)) for path in paths if before.get(path) != after.get(path)
    )
    if moved:
        diff += f"diff --git a/{moved[0]} b/{moved[1]}\nsimilarity index 90%\nrename from {moved[0]}\nrename to {moved[1]}\n"
        diff += one_diff(moved[0], before[moved[0]], moved[1], after[moved[1]]).partition("\n")[2]
    changes = [
        ChangedFile(kind(path, before, after), path, "100644", "100644", "0" * 40)
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    ]
    return list(tampering(changes, diff, Guarded(trusted_paths(), removes=removes)))


def kind(path: str, before: Files, after: Files) -> ChangeKind:
    return ChangeKind.ADDED if path not in before else ChangeKind.MODIFIED if path in after else ChangeKind.DELETED


def one_diff(old: str, before: str | None, new: str, after: str | None) -> str:
    names = ("/dev/null" if before is None else f"a/{old}", "/dev/null" if after is None else f"b/{new}")
    sides = ((text or "").splitlines(keepends=True) for text in (before, after))
    return f"diff --git a/{old} b/{new}\n" + "".join(difflib.unified_diff(*sides, *names, n=3))


def said(findings: Sequence[TamperFinding]) -> list[tuple[str, str, int]]:
    return [(finding.rule, finding.path, finding.line) for finding in findings]


PYTHON = """\
import pytest
from cut import cut


def test_short():
    assert cut("ab", 3) == "ab"


def test_long():
    assert cut("abcd", 3) == "abc"
    assert len(cut("abcd", 3)) == 3


def test_ratio():
    assert cut.ratio() == pytest.approx(0.5, abs=0.01)
"""
SCRIPT = """\
describe('cut', () => {
  it('keeps short text', () => {
    expect(cut('ab', 3)).toBe('ab');
  });
  it('cuts long text', () => {
    expect(cut('abcd', 3)).toBe('abc');
    expect(ratio()).toBeCloseTo(0.5, 3);
  });
});
"""
GO = """\
func TestShort(t *testing.T) {
\tif Cut("ab", 3) != "ab" {
\t\tt.Fatal("short")
\t}
}

func TestRatio(t *testing.T) {
\tassert.InDelta(t, 0.5, Ratio(), 0.01)
}
"""
RUST = """\
#[test]
fn short() {
    assert_eq!(cut("ab", 3), "ab");
}

#[test]
fn ratio() {
    assert!((ratio() - 0.5).abs() < 0.01);
}
"""
PY, JS, GOT, RS = "tests/test_cut.py", "src/cut.test.js", "cut_test.go", "tests/cut.rs"
STOOD = {PY: PYTHON, JS: SCRIPT, GOT: GO, RS: RUST}
HARD = {"TP101", "TP106", "TP107"}


@pytest.mark.parametrize(
    ("path", "old", "new", "rules"),
    [
        # a mark on a test that was there
        (PY, "def test_long", "@pytest.mark.skip\ndef test_long", [("TP106", 9)]),
        (PY, "def test_long", "@pytest.mark.xfail(strict=False)\ndef test_long", [("TP106", 9)]),
        (PY, 'def test_short():\n', 'def test_short():\n    pytest.skip("later")\n', [("TP106", 6)]),
        (PY, "import pytest\n", "import pytest\npytestmark = pytest.mark.skip\n", [("TP106", 2)]),
        (JS, "it('cuts", "it.skip('cuts", [("TP106", 5)]),
        (JS, "it('cuts", "it.only('cuts", [("TP106", 5)]),
        (JS, "it('cuts", "xit('cuts", [("TP106", 5)]),
        (JS, "it('cuts long text', () =>", "it('cuts long text', { skip: true }, () =>", [("TP106", 5)]),
        (JS, "describe('cut'", "describe.skip('cut'", [("TP106", 1)]),
        (GOT, "func TestRatio(t *testing.T) {\n", "func TestRatio(t *testing.T) {\n\tt.Skip()\n", [("TP106", 8)]),
        (RS, "#[test]\nfn ratio", "#[test]\n#[ignore]\nfn ratio", [("TP106", 7)]),
        # a test that was taken out or hidden
        (PY, "def test_long():", "def check_long():", [("TP107", 9)]),
        (PY, "def test_long():", "def test_longer():", [("TP107", 9)]),
        (JS, "it('cuts", "it.todo('cuts later');\n  void ('cuts", [("TP107", 5), ("TP204", 5)]),
        (GOT, "func TestRatio", "func testRatio", [("TP107", 7)]),
        (RS, "#[test]\nfn ratio", "#[allow(dead_code)]\nfn ratio", [("TP107", 7)]),
        # fewer assertions
        (PY, '    assert len(cut("abcd", 3)) == 3\n', "", [("TP206", 11)]),
        (PY, '    assert len(cut("abcd", 3)) == 3\n', '    # assert len(cut("abcd", 3)) == 3\n', [("TP206", 11)]),
        (PY, 'assert cut("ab", 3) == "ab"', 'cut("ab", 3)', [("TP206", 6)]),
        (JS, "    expect(ratio()).toBeCloseTo(0.5, 3);\n", "", [("TP206", 7)]),
        (GOT, '\t\tt.Fatal("short")\n', "", [("TP206", 3)]),
        (RS, '    assert_eq!(cut("ab", 3), "ab");\n', "", [("TP206", 3)]),
        # wider tolerances
        (PY, "abs=0.01", "abs=0.1", [("TP207", 15)]),
        (PY, "abs=0.01", "abs=0.001", [("TP208", 15)]),
        (PY, 'cut("ab", 3) == "ab"', 'cut("ab", 3) == pytest.approx("ab")', [("TP207", 6)]),
        (JS, "toBeCloseTo(0.5, 3)", "toBeCloseTo(0.5, 1)", [("TP207", 7)]),
        (GOT, "Ratio(), 0.01)", "Ratio(), 0.4)", [("TP207", 8)]),
        (RS, "abs() < 0.01", "abs() < 1e-1", [("TP207", 8)]),
        # other values
        (PY, '== "abc"', '== "abcd"', [("TP208", 10)]),
        (JS, "toBe('abc')", "toBe('abcd')", [("TP208", 6)]),
        (GOT, 'Cut("ab", 3)', 'Cut("ab", 4)', [("TP208", 2)]),
        # an early end
        (PY, "def test_short():\n", "def test_short():\n    return\n", [("TP209", 6)]),
        (JS, "    expect(cut('ab'", "    process.exit(0);\n    expect(cut('ab'", [("TP209", 3)]),
        # changed in some other way, or only added to
        (PY, "from cut import cut", "from text import cut", [("TP201", 2)]),
        (PY, "def test_long", "def test_empty():\n    assert cut('', 3) == ''\n\n\ndef test_long", [("TP301", 7)]),
        (PY, "def test_long", "@pytest.mark.skip\ndef test_new():\n    assert 0\n\n\ndef test_long", [("TP204", 9), ("TP301", 7)]),
        (JS, "  it('cuts", "  it.todo('cuts emoji');\n  it('cuts", [("TP204", 5), ("TP301", 5)]),
    ],
)  # fmt: skip
def test_what_is_done_to_a_trusted_test(path: str, old: str, new: str, rules: list[tuple[str, int]]) -> None:
    assert old in STOOD[path]
    changed = STOOD[path].replace(old, new, 1)
    findings = found({path: STOOD[path]}, {path: changed})
    assert said(findings) == [(rule, path, line) for rule, line in rules]
    for finding in findings:
        assert (finding.weight is TamperWeight.HARD) == (finding.rule in HARD)
        source = (STOOD[path] if finding.before else changed).splitlines()[finding.line - 1]
        assert finding.covers in (source.strip(), "0" * 40, "")
        assert finding.covers[:80] in finding.message or finding.rule in ("TP201", "TP301")


def test_a_test_that_moved_to_another_file_is_not_gone() -> None:
    short, _, rest = PYTHON.partition("\n\ndef test_long")
    after = {PY: short + "\n", "tests/test_long.py": "\ndef test_long" + rest}
    assert "TP107" not in {finding.rule for finding in found({PY: PYTHON}, after)}
    assert [finding for finding in found({PY: PYTHON}, after) if finding.rule == "TP206"] == []
    gutted = {**after, "tests/test_long.py": "def test_long():\n    assert True\n"}
    assert ("TP206", PY, 11) in said(found({PY: PYTHON}, gutted))
    skipped = {**after, "tests/test_long.py": "import pytest\n@pytest.mark.skip\ndef test_long" + rest}
    assert ("TP106", "tests/test_long.py", 2) in said(found({PY: PYTHON}, skipped))


def test_a_file_that_moved_is_not_deleted_as_long_as_runners_find_it() -> None:
    there = "tests/unit/test_cut.py"
    assert found({PY: PYTHON}, {there: PYTHON}, moved=(PY, there)) == []
    changed = PYTHON.replace("from cut import", "from ..cut import")
    assert said(found({PY: PYTHON}, {there: changed}, moved=(PY, there))) == [("TP201", there, 2)]
    for lost in ("tests/cut_helper.py", "docs/test_cut.txt", "attic/cut.py"):
        assert said(found({PY: PYTHON}, {lost: PYTHON}, moved=(PY, lost))) == [("TP101", PY, 0)]
    gutted = PYTHON.replace("def test_long", "def check_long")
    assert ("TP107", PY, 9) in said(found({PY: PYTHON}, {there: gutted}, moved=(PY, there)))


def test_removes_excuses_what_it_names_and_nothing_else() -> None:
    start = PYTHON.index("def test_long")
    without = PYTHON[:start] + PYTHON[PYTHON.index("def test_ratio") :]
    assert said(found({PY: PYTHON}, {PY: without})) == [("TP107", PY, 9)]
    for removes in ([f"{PY}::test_long"], ["tests/*::test_l*"], [PY], ["tests/**"]):
        left = found({PY: PYTHON}, {PY: without}, removes)
        assert [finding for finding in left if finding.weight is not TamperWeight.NOTE] == [], removes
    assert said(found({PY: PYTHON}, {PY: without}, [f"{PY}::test_short"])) == [("TP107", PY, 9)]
    weaker = without.replace('== "ab"', '== "a"')
    assert said(found({PY: PYTHON}, {PY: weaker}, [f"{PY}::test_long"])) == [("TP208", PY, 6)]
    marked = PYTHON.replace("def test_long", "@pytest.mark.skip\ndef test_long")
    assert said(found({PY: PYTHON}, {PY: marked}, [PY])) == [("TP106", PY, 9)], "skipped is not gone"


@pytest.mark.parametrize(
    "path", ["uv.lock", "sub/package-lock.json", "go.sum", "Cargo.lock", "yarn.lock", ".npmrc", "bun.lockb", "go.work"]
)
def test_a_lock_file_says_what_is_installed(path: str) -> None:
    (finding,) = found({path: "a\n"}, {path: "b\n"})
    assert (finding.rule, finding.line, finding.waits) == ("TP203", 0, True)
    assert found({path: "a\n"}, {}) == []


def test_each_new_dependency_is_a_finding_of_its_own() -> None:
    after = '{"dependencies": {\n  "left-pad": "^1.3.0",\n  "right-pad": "^1.0.0"\n}}\n'
    findings = found({"package.json": "{}\n"}, {"package.json": after})
    assert said(findings) == [("TP203", "package.json", 2), ("TP203", "package.json", 3)]
    assert len({finding.digest for finding in findings}) == 2


def test_a_finding_is_the_same_when_it_moves_and_another_when_its_content_changes() -> None:
    marked = {PY: PYTHON, "conftest.py": "x = 1\npytest.skip('a')\n"}
    (skip,) = [one for one in found({PY: PYTHON}, marked) if one.rule == "TP204"]
    lower = {PY: PYTHON, "conftest.py": "x = 1\ny = 2\npytest.skip('a')\n"}
    (moved,) = [one for one in found({PY: PYTHON}, lower) if one.rule == "TP204"]
    assert (skip.line, moved.line) == (2, 3)
    assert skip.digest == moved.digest
    other = {PY: PYTHON, "conftest.py": "pytest.skip('b')\n"}
    assert skip.digest not in {one.digest for one in found({PY: PYTHON}, other)}
