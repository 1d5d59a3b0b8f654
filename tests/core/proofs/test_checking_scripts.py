"""TP210: scripts with which a criterion's command checks, and programs that are the work itself."""

import pytest

from bot.core.ports.git import ChangedFile, ChangeKind
from bot.core.proofs.model import TamperWeight
from bot.core.proofs.tamper import Guarded, tampering
from bot.core.proofs.trusted import trusted_paths

PACKAGE = """\
diff --git a/package.json b/package.json
--- a/package.json
+++ b/package.json
@@ -1,5 +1,5 @@
 {
   "scripts": {
-    "check": "node check.js"
+    "check": "true"
   }
 }
"""


def rules(
    command: str, path: str, diff: str = "", kind: ChangeKind = ChangeKind.MODIFIED, scope: tuple[str, ...] = ()
) -> list[str]:
    change = ChangedFile(kind, path, "100644", "100644", "0" * 40)
    found = tampering([change], diff, Guarded(trusted_paths(), commands=(command,), scope=scope))
    assert all(one.weight is TamperWeight.SOFT for one in found if one.rule == "TP210")
    return [one.rule for one in found]


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("sh scripts/check.sh", "scripts/check.sh"),
        ("bash -eu ./run", "run"),
        ("./scripts/check", "scripts/check"),
        ("./verify.bash --all", "verify.bash"),
        (". ./lib.sh && works", "lib.sh"),
        ("python3 tools/check_cli.py", "tools/check_cli.py"),
        ("python -W error verify_all.py", "verify_all.py"),
        ("node scripts/smoke.mjs | grep ok", "scripts/smoke.mjs"),
        ("cd web && sh check.sh", "web/check.sh"),
        ("make check", "Makefile"),
        ("make -C web check", "web/rules.mk"),
        ("just check", "justfile"),
    ],
)
@pytest.mark.parametrize("kind", [ChangeKind.ADDED, ChangeKind.MODIFIED, ChangeKind.DELETED])
def test_a_script_that_checks_is_not_for_the_agent_to_change(command: str, path: str, kind: ChangeKind) -> None:
    assert rules(command, path, kind=kind) == ["TP210"]


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("python cli.py --loud", "cli.py"),
        ("python -m text.cli --loud", "text/cli.py"),
        ("node bin/greet.js Ada", "bin/greet.js"),
        ("./greet Ada", "greet"),
        ("sh scripts/check.sh", "scripts/other.sh"),
        ("python -m pytest -q tests", "Makefile"),
        ("true  # sh scripts/check.sh", "scripts/check.sh"),
        ("npm run check", "package.json"),
    ],
)
def test_what_a_command_tries_out_is_the_work_itself(command: str, path: str) -> None:
    assert rules(command, path) == []


@pytest.mark.parametrize("command", ["npm run check", "npm run --silent check", "pnpm check", "node --run check"])
def test_a_package_script_counts_by_its_line(command: str) -> None:
    assert "TP210" in rules(command, "package.json", PACKAGE)
    assert "TP210" not in rules(command.replace("check", "build"), "package.json", PACKAGE)


def test_what_a_spec_names_as_its_scope_is_the_work_itself() -> None:
    assert rules("sh install.sh --dry-run", "install.sh", scope=("install.sh",)) == []
    assert rules("sh install.sh --dry-run", "install.sh", scope=("/install.sh",)) == []
    assert rules("sh install.sh --dry-run", "install.sh", scope=("*.sh",)) == ["TP210"]


def test_trusted_files_have_rules_of_their_own() -> None:
    assert rules("sh tests/check.sh", "tests/check.sh") == ["TP201"]
