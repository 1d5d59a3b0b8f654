"""What in a change would make its proofs worthless, and what a person should hear of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ports.git import ChangedFile, ChangeKind
from bot.core.proofs.diff_lines import file_diffs
from bot.core.proofs.model import TamperWeight
from bot.core.proofs.tamper import FINDINGS_PER_RULE, RULES, Guarded, tampering
from bot.core.proofs.trusted import trusted_paths
from bot.errors import ConfigFault

GUARDED = Guarded(
    trusted_paths(),
    protected=(".github/**", "**/CODEOWNERS"),
    specs=("specs/0001-cut.md",),
    contracts=("tests/contracts/test_ac_1.py",),
    removes=("tests/old/**",),
)


def change(path: str, kind: ChangeKind = ChangeKind.MODIFIED) -> ChangedFile:
    return ChangedFile(kind, path, "100644", "100644", "0" * 40)


def diff_of(path: str, *added: str, start: int = 1) -> str:
    head = f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -{start},0 +{start},{len(added)} @@\n"
    return head + "".join(f"+{line}\n" for line in added)


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        (change("tests/test_a.py", ChangeKind.DELETED), ["TP101"]),
        (change("tests/data.json", ChangeKind.DELETED), ["TP101"]),
        (change("tests/old/test_a.py", ChangeKind.DELETED), []),
        (change(".github/specbot.yml"), ["TP102"]),
        (change("docs/CODEOWNERS", ChangeKind.ADDED), ["TP102"]),
        (change("specs/0001-cut.md"), ["TP103"]),
        (change("specs/0001-cut.md", ChangeKind.DELETED), ["TP103"]),
        (change("tests/contracts/test_ac_1.py"), ["TP104"]),
        (change("tests/test_a.py"), ["TP201"]),
        (change("tests/test_a.py", ChangeKind.TYPE), ["TP201"]),
        (change("tests/old/test_a.py"), ["TP201"]),
        (change("tests/test_new.py", ChangeKind.ADDED), []),
        (change("conftest.py", ChangeKind.ADDED), ["TP202"]),
        (change("tests/conftest.py", ChangeKind.DELETED), ["TP202"]),
        (change("pyproject.toml"), ["TP202"]),
        (change("pytest.py", ChangeKind.ADDED), ["TP202"]),
        (change("text/cut.py"), []),
        (change("text/cut.py", ChangeKind.DELETED), []),
        (change("README.md", ChangeKind.ADDED), []),
    ],
)
def test_the_rule_of_a_changed_path(changed: ChangedFile, rules: list[str]) -> None:
    found = tampering([changed], "", GUARDED)
    assert [finding.rule for finding in found] == rules
    for finding in found:
        assert finding.path == changed.path
        assert finding.message
        assert finding.weight is (TamperWeight.HARD if finding.rule.startswith("TP1") else TamperWeight.SOFT)
        assert finding.line == 0


@pytest.mark.parametrize(
    ("path", "line", "rule"),
    [
        ("requirements.txt", "left-pad>=1", "TP203"),
        ("requirements-dev.txt", "requests", "TP203"),
        ("requirements.txt", "# a comment", ""),
        ("pyproject.toml", '  "requests>=2",', "TP203"),
        ("pyproject.toml", 'dependencies = ["requests"]', "TP203"),
        ("pyproject.toml", 'requests = "^2.0"', "TP203"),
        ("pyproject.toml", 'version = "0.2.0"', ""),
        ("pyproject.toml", "line-length = 120", ""),
        ("package.json", '    "left-pad": "^1.3.0",', "TP203"),
        ("package.json", '    "test": "jest",', "TP202"),
        ("package.json", '    "start": "node .",', ""),
        ("sub/Cargo.toml", 'serde = { version = "1" }', "TP203"),
        ("go.mod", "\tgithub.com/x/y v1.2.3", "TP203"),
        ("text/cut.py", "requests", ""),
        ("tests/test_a.py", "@pytest.mark.skip(reason='later')", "TP106"),
        ("tests/test_a.py", "    @pytest.mark.xfail", "TP106"),
        ("conftest.py", "    pytest.skip('no')", "TP204"),
        ("tests/test_a.py", "@unittest.skipIf(True, '')", "TP106"),
        ("tests/test_a.py", "        self.skipTest('x')", "TP106"),
        ("a.test.js", "it.skip('x', () => {})", "TP204"),
        ("a_test.go", "\tt.Skip()", "TP106"),
        ("text/cut.py", "skip = True", ""),
        ("text/cut.py", "where = os.environ['SPECBOT_REPORT']", "TP105"),
        ("tests/conftest.py", "import specbot_pytest", "TP105"),
        ("tests/old/harness.py", "import specbot_pytest", ""),
        ("docs/use.md", "`SPECBOT_REPORT` is where the harness writes", ""),
        ("text/cut.py", "SPECBOT_STATE_DIR = '/var/lib/specbot'", ""),
        ("text/cut.py", "if 'pytest' in sys.modules:", "TP205"),
        ("text/cut.py", "if 'pytest' in str(sys.argv):", "TP205"),
        ("text/cut.py", "if 'pytest' in requirements:", ""),
        ("text/cut.py", "runner = sys.modules['pytest']", "TP205"),
        ("text/cut.py", "pytest.exit('well', returncode=0)", "TP205"),
        ("text/cut.py", "unittest.TestCase.assertEqual = same", "TP205"),
        ("text/cut.py", "if unittest.runner.name == 'x':", ""),
        ("text/cut.py", "sys.settrace(skip)", "TP205"),
        ("text/cut.py", "sys.meta_path.insert(0, Easy())", "TP205"),
        ("text/cut.py", "caller = sys._getframe(1)", "TP205"),
        ("text/cut.py", "caller = inspect.stack()[1]", "TP205"),
        ("text/cut.py", "for one in gc.get_objects():", "TP205"),
        ("text/cut.py", "atexit.register(os._exit, 0)", "TP205"),
        ("text/cut.py", "atexit.register(cache.close)", ""),
        ("text/cut.py", "builtins.AssertionError = Skipped", "TP205"),
        ("text/cut.py", "    __eq__ = lambda self, other: True", "TP205"),
        ("text/cut.py", "    os._exit(0)", "TP205"),
        ("text/cut.py", "sys.excepthook = quiet", "TP205"),
        ("text/cut.py", "    def __eq__(self, other): return True", "TP205"),
        ("text/cut.py", "    def __eq__(self, other): return self.x == other.x", ""),
        ("tests/test_a.py", "    os._exit(0)", "TP209"),
    ],
)
def test_the_rule_of_an_added_line(path: str, line: str, rule: str) -> None:
    found = tampering([], diff_of(path, "x" * 0, line, start=41), GUARDED)
    assert [finding.rule for finding in found] == ([rule] if rule else [])
    if rule:
        assert (found[0].path, found[0].line, found[0].message) == (path, 42, f"`{line.strip()}`")


def test_what_is_equal_to_everything_takes_two_lines() -> None:
    lines = ("class Any:", "    def __eq__(self, other: object) -> bool:", "        return True")
    assert [found.rule for found in tampering([], diff_of("text/cut.py", *lines), GUARDED)] == ["TP205"]
    assert tampering([], diff_of("text/cut.py", *reversed(lines)), GUARDED) == ()


def test_one_path_may_break_several_rules_and_the_order_is_fixed() -> None:
    guarded = Guarded(trusted_paths(), protected=("tests/**",))
    changes = [change("tests/test_b.py", ChangeKind.DELETED), change("tests/test_a.py")]
    found = tampering(changes, diff_of("tests/test_a.py", "@pytest.mark.skip"), guarded)
    assert [(finding.rule, finding.path) for finding in found] == [
        ("TP101", "tests/test_b.py"),
        ("TP102", "tests/test_a.py"),
        ("TP102", "tests/test_b.py"),
        ("TP106", "tests/test_a.py"),
    ]
    assert found == tampering(list(reversed(changes)), diff_of("tests/test_a.py", "@pytest.mark.skip"), guarded)


def test_a_flood_is_counted() -> None:
    found = tampering([change(f"tests/test_{number:03}.py") for number in range(100)], "", GUARDED)
    assert len(found) == FINDINGS_PER_RULE + 1
    assert found[-1].message == f"and {100 - FINDINGS_PER_RULE} more: {RULES['TP201'][1]}"


def test_an_unreadable_protected_pattern_stops_everything() -> None:
    with pytest.raises(ConfigFault):
        tampering([], "", Guarded(trusted_paths(), protected=("[",)))


REAL_DIFF = """diff --git a/text/cut.py b/text/cut.py
index 111..222 100644
--- a/text/cut.py
+++ b/text/cut.py
@@ -1,3 +1,4 @@ def cut
 one
-two
+TWO
+++ b/not/a/header
 three
@@ -9 +10,2 @@
-nine
+nine
+ten
\\ No newline at end of file
diff --git "a/na\\303\\257ve \\"x\\".py" "b/na\\303\\257ve \\"x\\".py"
new file mode 100644
--- /dev/null
+++ "b/na\\303\\257ve \\"x\\".py"
@@ -0,0 +1 @@
+pass
diff --git a/gone.py b/gone.py
deleted file mode 100644
--- a/gone.py
+++ /dev/null
@@ -1 +0,0 @@
-pass
diff --git a/x.bin b/x.bin
Binary files a/x.bin and b/x.bin differ
"""


def test_the_files_of_a_real_diff() -> None:
    cut, name, gone, *_ = files = file_diffs(REAL_DIFF)
    assert [(file.old, file.new) for file in files] == [
        ("text/cut.py", "text/cut.py"),
        ("", 'naïve "x".py'),
        ("gone.py", ""),
    ]
    assert [(line.new, line.text) for line in cut.added] == [
        (2, "TWO"),
        (3, "++ b/not/a/header"),
        (10, "nine"),
        (11, "ten"),
    ]
    assert [(line.old, line.text) for line in cut.removed] == [(2, "two"), (9, "nine")]
    assert [line.text for line in name.added] == ["pass"]
    assert [line.old for line in gone.removed] == [1]


def test_a_move_without_a_change_has_both_names() -> None:
    said = 'diff --git a/a b.py b/c.py\nsimilarity index 100%\nrename from a b.py\nrename to "\\303\\257.py"\n'
    (file,) = file_diffs(said)
    assert (file.old, file.new, file.moved, file.hunks) == ("a b.py", "ï.py", True, ())


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            [*REAL_DIFF.splitlines(), "+x", "-x", " x", "@@ -1 +1 @@", '+++ "\\', "rename to x", "rename from "]
        ),
        max_size=30,
    ).map("\n".join)
)
def test_any_text_is_a_diff(text: str) -> None:
    for file in file_diffs(text):
        assert file.old or file.new
        assert all("\n" not in line.text for line in file.lines)
    assert isinstance(tampering([], text, GUARDED), tuple)
