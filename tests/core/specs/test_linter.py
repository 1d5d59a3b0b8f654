"""The linter: a good spec is left in peace, each fault is named on its line by a stable rule."""

import re

import pytest

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.linter import RULES, RULES_BY_ID, LintContext, lint
from bot.core.specs.model import Finding, Reading, Severity
from tests.core.specs.writing import GOOD, PATH, findings, only, read, told, with_criteria

TREE = frozenset(
    {"src/text/cut.py", "tests/text/test_cut.py", "tests/test_all.py", "README.md", "specs/0007-unicode.md"}
)


def rules(text: str, *, tree: frozenset[str] | None = None) -> set[str]:
    return {rule for rule, _ in told(text, tree=tree)}


def command(script: str, kind: str = "verify") -> str:
    body = script.replace("\n", "\n  ")
    return with_criteria(f"- **AC-1** It works.\n  ```sh {kind}\n  {body}\n  ```\n")


def tasks(*lines: str, front: str = "") -> str:
    body = "\n".join(f"- [ ] {line}" for line in lines)
    head = f"---\n{front}\n---\n" if front else ""
    return head + with_criteria("- **AC-1** (accept) a") + f"## Tasks\n{body}\n"


def test_a_good_spec_in_a_real_tree_is_left_in_peace() -> None:
    assert findings(GOOD, tree=TREE) == ()


def test_every_rule_has_a_stable_id_a_title_and_an_explanation() -> None:
    assert len(RULES) == len(RULES_BY_ID) > 30
    for rule in RULES:
        assert re.fullmatch(r"SB[0-5]\d\d", rule.rule_id)
        assert len(rule.title) < 60
        assert len(rule.explanation) > 40
        assert rule.explanation.endswith(".")
    assert [rule.rule_id for rule in RULES] == sorted(rule.rule_id for rule in RULES)


def test_no_criteria_is_an_error_unless_it_is_a_draft() -> None:
    assert told("# T\n") == [("SB101", 1)]
    assert told("---\nstatus: draft\n---\n# T\n") == []


def test_references_must_lead_somewhere() -> None:
    text = tasks("**T-1** a (proves: AC-2; after: T-9)")
    assert [f.message for f in findings(text) if f.rule == "SB102"] == [
        "T-1 proves AC-2, which is no criterion of this spec.",
        "T-1 waits for T-9, which is no task of this spec.",
    ]


def test_a_cycle_is_named_once_with_its_way() -> None:
    text = tasks("**T-1** a (after: T-2)", "**T-2** b (after: T-4)", "**T-3** c (after: T-2)", "**T-4** d (after: T-2)")
    found = only(text, "SB103")
    assert found.message == "These tasks wait for each other: T-2 → T-4 → T-2."
    assert found.position.line == 8
    assert "SB103" in rules(tasks("**T-1** a (after: T-1)"))
    assert "SB103" not in rules(tasks("**T-1** a", "**T-2** b (after: T-1)", "**T-3** c (after: T-1, T-2)"))


def test_a_long_chain_of_tasks_is_no_circle() -> None:
    """Searched quadratically, it would run into the test's time limit."""
    reading = read(tasks(*(f"**T-{n}** a (after: T-{n + 1})" for n in range(1, 9_900)), "**T-9900** a"))
    assert reading.spec is not None
    assert len(reading.spec.tasks) == 9_900
    assert [f for f in lint(reading, LintContext(None, RepositoryConfig())) if f.rule == "SB103"] == []


@pytest.mark.parametrize(
    ("one", "other", "after", "shared"),
    [
        ("`a/**`", "`a/b.py`", "", "a/b.py"),
        ("`a/b.py`", "`a/**`", "", "a/b.py"),
        ("`a/*`", "`a/*`", "", "a/*"),
        ("`*.py`", "`src/**`", "", "src/text/cut.py"),
        ("`a/**`", "`b/**`", "", ""),
        ("`a/**`", "`a/b.py`", "; after: T-1", ""),
        ("`a/**`, `!a/b.py`", "`a/b.py`", "", ""),
    ],
)
def test_parallel_tasks_own_different_paths(one: str, other: str, after: str, shared: str) -> None:
    text = tasks(f"**T-1** a (owns: {one})", f"**T-2** b (owns: {other}{after})")
    found = [f.message for f in findings(text, tree=TREE) if f.rule == "SB121"]
    assert [shared in message for message in found] == ([True] if shared else [])


def test_waiting_may_be_indirect() -> None:
    text = tasks("**T-1** a (owns: `a`)", "**T-2** b (after: T-1)", "**T-3** c (owns: `a`; after: T-2)")
    assert "SB121" not in rules(text)


def test_a_criterion_that_no_task_proves_is_noticed_when_others_are() -> None:
    body = with_criteria("- **AC-1** (accept) a\n- **AC-2** (accept) b\n")
    assert only(body + "## Tasks\n- **T-1** x (proves: AC-1)\n", "SB104").message == "No task proves AC-2."
    assert "SB104" not in rules(body + "## Tasks\n- **T-1** x\n")


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "a/../../x", "~/x", ".git/config", "sub/.GIT/x", "a\\b", "C:/x", "!../x"]
)
def test_paths_stay_in_the_repository(path: str) -> None:
    text = f"---\nscope:\n  - ok/**\n  - '{path}'\n---\n" + with_criteria("- **AC-1** (accept) a")
    assert only(text, "SB122").position.line == 4
    assert only(text, "SB122").severity is Severity.ERROR
    if "\\" not in path:
        assert "SB122" in rules(tasks(f"**T-1** a (owns: `{path}`)"))
        assert "SB122" in rules(tasks("**T-1** a", front=f"depends: ['{path}']"))


@pytest.mark.parametrize("path", [".github/workflows/ci.yml", ".github/**", "**/CODEOWNERS", ".gitattributes"])
def test_protected_paths_are_not_given_away(path: str) -> None:
    assert "SB123" in rules(f"---\nscope: ['{path}']\n---\n" + with_criteria("- **AC-1** (accept) a"))


@pytest.mark.parametrize("path", ["**", "src/**", "*.py", "!.github/**"])
def test_wide_scopes_are_no_offence(path: str) -> None:
    assert "SB123" not in rules(f"---\nscope: ['{path}']\n---\n" + with_criteria("- **AC-1** (accept) a"))


def test_a_scope_in_a_missing_folder_is_a_warning_where_there_is_a_tree() -> None:
    text = "---\nscope: [srx/text/**, src/new.py, '*.md', src/**/deep/*]\n---\n" + with_criteria(
        "- **AC-1** (accept) a"
    )
    assert only(text, "SB124", tree=TREE).message.startswith("scope: `srx/text/**`")
    assert "SB124" not in rules(text)


@pytest.mark.parametrize(
    ("scope", "lost"),
    [
        ("['*.rs', 'src/*.jsx']", True),
        ("['*.rs', '*.md']", False),
        ("['src/**']", False),
        ("['*.rs', src/new.rs]", False),
        ("['!*.py']", False),
    ],
)
def test_a_scope_that_fits_no_file_is_a_warning(scope: str, lost: bool) -> None:
    text = f"---\ntitle: a\nscope: {scope}\n---\n" + with_criteria("- **AC-1** (accept) a")
    found = [(f.message, f.position.line) for f in findings(text, tree=TREE) if f.rule == "SB124"]
    assert found == ([("scope: it matches no file of the tree.", 3)] if lost else [])


def test_values_are_found_under_their_key() -> None:
    front = "---\ntitle: /a in /ab\nremoves: /ab\nscope:\n  - '/abc'\n  - \"/a\"\n---\n"
    found = [f.position for f in findings(front + with_criteria("- **AC-1** (accept) a")) if f.rule == "SB122"]
    assert [(p.line, p.column) for p in found] == [(3, 10), (5, 6), (6, 6)]


def test_unreadable_patterns_are_errors() -> None:
    found = only("---\nscope: ['a[']\n---\n" + with_criteria("- **AC-1** (accept) a"), "SB125")
    assert (found.severity, found.position.line) == (Severity.ERROR, 2)


def test_dependencies_are_there_and_elsewhere() -> None:
    text = f"---\ndepends:\n  - specs/0007-unicode.md\n  - specs/0008.md\n  - {PATH}\n---\n" + with_criteria(
        "- **AC-1** (accept) a"
    )
    assert [line for rule, line in told(text, tree=TREE) if rule == "SB105"] == [4, 5]
    readme = "---\ndepends: [README.md]\n---\n" + with_criteria("- **AC-1** It works.")
    (found,) = [f for f in findings(readme, tree=TREE | {"README.md"}) if f.rule == "SB105"]
    assert "is not read as a spec" in found.message


def test_owning_beyond_the_scope_is_noticed() -> None:
    assert only(tasks("**T-1** a (owns: `docs/**`, `src/x`)", front="scope: [src/**]"), "SB126").message == (
        "T-1 owns `docs/**`, which the scope leaves out."
    )


@pytest.mark.parametrize(
    "script",
    [
        "true",
        ":",
        "exit 0",
        "pytest || true",
        "pytest || :",
        "pytest || exit 0",
        "pytest || echo failed",
        "pytest; true",
        "pytest\ntrue # done",
        "echo hello",
        "echo $(pytest)",
        "printf ok",
        "pytest | tee log.txt",
        "pytest 2>&1 | tail -n 5",
        "pytest &",
        "PYTHONPATH=. true",
        "python - <<'E'\nimport x\nE\ntrue",
        "set -e\necho ok",
        "pytest ||\n  true",
        "(pytest || true)",
        "{ pytest || true; }",
        "(cd a; true)",
        "pytest || (echo failed)",
        "pytest || { echo failed; exit 0; }",
        "if pytest; then true; fi",
        "if pytest\nthen\n  echo ok\nelse\n  echo bad\nfi",
        "sh -c 'pytest || true'",
        "! false",
        "test 1 = 1",
        "[ 1 -eq 1 ]",
        "ls",
        "sleep 1",
        "pytest & wait",
        "/bin/true",
        "python -c 'pass'",
        "python3 -c \"print('ok')\"",
        "node -e 'console.log(1)'",
        "make test -i",
    ],
)
def test_commands_that_cannot_fail_are_errors(script: str) -> None:
    found = only(command(script), "SB201")
    assert (found.severity, found.position.line) == (Severity.ERROR, 6)


@pytest.mark.parametrize(
    "script",
    [
        "pytest",
        "true && pytest",
        "pytest && echo ok",
        "set -e\npytest\necho ok",
        "set -euo pipefail\npytest | tee log",
        "python -c 'x; true'",
        'python -c "\nassert 1\n"',
        "! grep -q x file",
        "echo a | grep -q a",
        "echo x > out/file",
        "if pytest; then true; else exit 1; fi",
        "if pytest; then pytest -x; fi",
        "(cd a; pytest)",
        "(pytest) || (echo no; exit 1)",
        "pytest || { echo no; false; }",
        'test "$A" = 1',
        "[ -f a ]",
        "ls a",
        "! true | grep x",
        "! pytest",
        "bash -c 'pytest'",
        "make -C i test",
        "python -c 'print(open(1))'",
        "python -c 'print(a.b)'",
        "date > /root/x",
        "check() { true; }\ncheck",
        "test -f a || exit 1\necho ok",
        "test -f a || { echo no; exit 1; }",
        "pytest 2>&1",
        "pytest >log 2>&1",
        "pytest &> log",
        "python - <<E\nassert True\ntrue\nE",
        "for f in a b; do true; done",
        "x=$(pytest)",
        'grep "|| true" file',
        "grep x file # || true",
        "echo 'open",
        "cat missing",
        "pytest | head -1 other",
    ],
)
def test_commands_that_may_fail_are_left_in_peace(script: str) -> None:
    assert "SB201" not in rules(command(script))


def test_keep_commands_are_weighed_too() -> None:
    text = "---\nkeep:\n  - pytest\n  - 'true'\n---\n" + with_criteria("- **AC-1** (accept) a")
    assert only(text, "SB201").position.line == 4


@pytest.mark.parametrize(
    "script",
    [
        "vim file",
        "sudo make",
        "cd a && less b",
        "python -i x.py",
        "read -p go x",
        "/usr/bin/top",
        "tail -f log",
        "tail -n 5 -F log",
        "read answer",
        "python",
        "psql",
        "docker exec -it x sh",
        "git commit",
        "git rebase -i HEAD~2",
        "pytest --pdb",
        "python -m pdb x.py",
        "jest --watch",
        "npm start",
        "npm run dev",
        "flask run",
        "python manage.py runserver",
        "gh auth login",
    ],
)
def test_commands_at_a_terminal_are_a_warning(script: str) -> None:
    assert only(command(script), "SB202").severity is Severity.WARNING


@pytest.mark.parametrize(
    "script",
    [
        "echo 1 | python", "python <<E\nprint(1)\nE", "npm start & sleep 2", "timeout 5 npm start", "git commit -qm x", "git commit --amend --no-edit",
        "while read x; do test -n \"$x\"; done < f", "docker build -t x .", "tail -n 5 log", "bash x.sh", "read x < f",
    ],
)  # fmt: skip
def test_commands_that_end_by_themselves_need_no_terminal(script: str) -> None:
    assert "SB202" not in rules(command(script))


@pytest.mark.parametrize(
    ("script", "told"), [("$ pytest\n5 passed", True), (">>> import x", True), ("% make", True), ("echo $ x", False)]
)
def test_a_prompt_is_no_command(script: str, told: bool) -> None:
    assert ("SB207" in rules(command(script))) is told


def test_a_command_is_red_before_or_green_before() -> None:
    text = "---\nkeep: [pytest]\n---\n" + command("pytest")
    assert only(text, "SB208").position.line == 9
    assert "SB208" not in rules("---\nkeep: [pytest]\n---\n" + command("pytest -k a"))


@pytest.mark.parametrize(
    "script",
    [
        "curl localhost",
        "pip install x",
        "npm ci && npm test",
        "git fetch",
        "X=1 wget x",
        "python -m pip install x",
        "yarn",
        "uv sync",
    ],
)
def test_commands_that_need_a_network_are_a_warning(script: str) -> None:
    assert only(command(script), "SB205").severity is Severity.WARNING


def test_ordinary_commands_need_neither() -> None:
    assert rules(command("git diff --quiet && npm test && pip check && echo x | read y")) == set()


@pytest.mark.parametrize("body", ["", "# only a comment", "\n\n"])
def test_an_empty_command_is_an_error(body: str) -> None:
    assert only(command(body), "SB203").severity is Severity.ERROR


def test_a_criterion_without_a_command_is_noticed() -> None:
    assert only(with_criteria("- **AC-1** a"), "SB204").severity is Severity.NOTICE


def test_a_test_that_is_not_there_is_a_warning() -> None:
    text = command(
        "python -m pytest tests/text/test_cut.py::test_a tests/text/test_new.py test_all.py 'tests/test_*.py' src/x.py"
    )
    assert only(text, "SB206", tree=TREE).message == "`tests/text/test_new.py` is not in the tree."
    assert "SB206" not in rules(text)


@pytest.mark.parametrize(
    ("script", "missing"),
    [
        ("python -m pytest -q tests/text", ""),
        ("pytest tests/texts", "tests/texts"),
        ("pytest -q ./tests/texts/", "tests/texts"),
        ("pytest tests/nights::test_a", ""),
        ("pytest --ignore tests/nights tests/text", ""),
        ("pytest -k tests/nights", ""),
        ("cd tests && pytest text", ""),
        ("cd tests && python -m pytest text/test_cut.py", ""),
        ("cd ./tests/ && python -m pytest text/test_none.py", "text/test_none.py"),
        ("pytest latest/output", "latest/output"),
        ("ls tests/nights", ""),
        ("python -m unittest tests.text.test_cut", ""),
        ("python -m unittest tests.text.test_cut.CutTest.test_a", ""),
        ("python -m unittest -v tests.text", ""),
        ("python -m unittest tests.text.test_new", "tests.text.test_new"),
        ("python -m unittest discover tests", ""),
        ("bundle exec rspec spec/cut_spec.rb", "spec/cut_spec.rb"),
        ("npx vitest run src/Cut.spec.ts", "src/Cut.spec.ts"),
        ("bash tests/smoke.sh", "tests/smoke.sh"),
        ("./tests/smoke.sh --all", "tests/smoke.sh"),
        ("cp tests/made.sh x", ""),
    ],
)
def test_folders_and_modules_of_tests_are_looked_for_too(script: str, missing: str) -> None:
    found = [f.message for f in findings(command(script), tree=TREE) if f.rule == "SB206"]
    assert found == ([f"`{missing}` is not in the tree."] if missing else [])


def test_vague_words_are_noticed_where_no_person_decides() -> None:
    assert "“fast”, “user-friendly”" in only(with_criteria("- **AC-1** It is fast and user-friendly."), "SB301").message
    assert "SB301" not in rules(with_criteria("- **AC-1** (accept) It is fast."))
    assert "SB301" not in rules(with_criteria("- **AC-1** `fast` prints “slow”, breakfast and easy-going."))
    assert "SB301" not in rules(with_criteria("- **AC-1** It must fail fast and show the quick filter."))


@pytest.mark.parametrize(
    "text",
    [
        "It shall open and it shall close.",
        "The door must open and must not close again.",
        "The door must open. The lamp must glow.",
        "WHEN a key is turned, the door SHALL open and the lamp SHALL glow.",
        "WHEN a key is turned THEN the door opens AND THEN the lamp glows.",
        "WHEN a key is turned THEN the door opens. WHEN it is pulled THEN the door closes.",
    ],
)
def test_two_demands_in_one_are_noticed(text: str) -> None:
    assert "SB302" in rules(with_criteria(f"- **AC-1** {text}"))


@pytest.mark.parametrize(
    "text",
    [
        "It shall print `shall not`.",
        "WHEN a guest must pay THEN the page SHALL show the price.",
        "IF a key is lost, THEN the door SHALL stay shut and ring.",
        "WHEN a key is turned and then pulled THEN the door opens, the lamp glows and the bell rings.",
        "GIVEN a door WHEN a key is turned THEN it opens AND the lamp glows.",
        "The file must name every part that must be there.",
    ],
)
def test_one_demand_with_several_facts_is_one(text: str) -> None:
    assert "SB302" not in rules(with_criteria(f"- **AC-1** {text}"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Text is cut by using the Cutter class.", "using the Cutter class"),
        ("Text is cut with the `textwrap` library.", "with the … library"),
        ("Times are read using a regular expression.", "using a regular expression"),
        ("Names are kept via the `names` table.", "via the … table"),
        ("`cut` implements the search using recursion.", "using recursion"),
        ("Implement the cache on top of a list.", "Implement the cache on top of"),
        ("WHEN a text is long THEN it calls the function `shorten()`.", "calls the function …"),
        ("It is shortened by calling `shorten(text)`.", "by calling …"),
        ("The writer must use `RetryPolicy`.", "must use …"),
        ("Refactor the parser into two files.", "Refactor"),
        ("Add a column `seen` to the list of guests.", "Add a column"),
        ("The service shall add a new method for it.", "The service shall add a new method"),
        ("Introduce a `Night` class.", "Introduce a … class"),
    ],
)
def test_talk_about_the_inside_is_noticed(text: str, said: str) -> None:
    found = only(with_criteria(f"- **AC-1** {text}"), "SB304")
    assert (found.severity, f"“{said}”" in found.message) == (Severity.NOTICE, True), found.message
    assert "SB304" not in rules(with_criteria(f"- **AC-1** (accept) {text}"))


@pytest.mark.parametrize(
    "text",
    [
        "`cut(text, 3)` returns the first three letters.",
        "WHEN a caller calls `cut()` with no limit THEN it raises `ValueError`.",
        "WHEN somebody adds a column to the form THEN the table shows it.",
        "The page shows the guests in a table with a column for each night.",
        "Dates must use `YYYY-MM-DD`, and the command must use the option `--json`.",
        "The list is sorted by using the arrow keys.",
        "A guest adds a field to the form with the button “Add a method”.",
        "WHEN a file is opened using the old parser class THEN it is read as before.",
        "The library closes at six.",
        "`python -m json.tool` reads what the command prints.",
    ],
)
def test_what_is_seen_from_outside_is_left_in_peace(text: str) -> None:
    assert "SB304" not in rules(with_criteria(f"- **AC-1** {text}"))


def test_a_thing_with_such_a_name_is_no_open_question() -> None:
    assert "SB303" not in rules(with_criteria("- **AC-1** It lists TODO/FIXME comments and the TODO list."))


def test_open_questions_are_a_warning_unless_it_is_a_draft() -> None:
    text = with_criteria("- **AC-1** It holds [NEEDS CLARIFICATION: how many?] entries.")
    assert only(text, "SB303").severity is Severity.WARNING
    assert "SB303" not in rules("---\nstatus: draft\n---\n" + text)


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "a1B2" * 9,
        "ghs_" + "a1B2" * 130,
        "github_pat_" + "a1B2_" * 10,
        "sk-" + "proj-a1B2" * 5,
        "AKIA" + "ABCD1234" * 2,
        "xoxb-1234567890-abcdef",
        "eyJ" + "a" * 20 + ".eyJ" + "b" * 20 + "." + "c" * 20,
        "-----BEGIN RSA PRIVATE KEY-----",
        "postgres://me:hunter22@db/x",
        "glpat-" + "a1B2c" * 4,
        "npm_" + "a1B2c3" * 6,
        "abcd-AgEIcHl" + "a1B2" * 10,
        "SG." + "a1B2c3" * 4 + "." + "a1B2c3d4" * 5,
        "hf_" + "aBcDeF" * 6,
        "dop_v1_" + "a1b2c3d4" * 8,
        "AccountKey=" + "a1B2" * 20 + "==",
    ],
)
def test_secrets_are_found_and_never_repeated(secret: str) -> None:
    found = only(f"# T\n\nuse {secret} here\n\n" + with_criteria("- **AC-1** (accept) a"), "SB406")
    assert (found.severity, found.position.line) == (Severity.ERROR, 3)
    assert found.position.column == 5 + (secret.index("://") if "://" in secret else 0)
    assert secret not in found.message
    assert secret[4:12] not in found.message


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a:b@c",
        "postgres://$USER:$PASSWORD@db",
        "sk-short",
        "ghp_x",
        "disk-usage-of-a-very-long-name-x",
    ],
)
def test_what_is_no_secret_is_left_in_peace(text: str) -> None:
    assert "SB406" not in rules(f"{text}\n\n" + with_criteria("- **AC-1** (accept) a"))


def test_configuration_changes_taste_but_no_reading_error() -> None:
    config = RepositoryConfig(
        severities=(("SB204", Severity.ERROR), ("SB007", Severity.NOTICE), ("SB101", Severity.NOTICE))
    )
    text = with_criteria("- **AC-1** a\n- **AC-1** b")
    found = {(f.rule, f.severity) for f in findings(text, config=config)}
    assert found == {("SB204", Severity.ERROR), ("SB007", Severity.ERROR)}
    assert [f.severity for f in findings("# T", config=config)] == [Severity.NOTICE]


def test_configuration_silences_taste_but_no_reading_error() -> None:
    config = RepositoryConfig(silenced=("SB010", "SB204", "SB007"))
    text = with_criteria("- **AC-1** a\n- **AC-1** b") + "## Tasks\n- no id\n"
    assert {f.rule for f in findings(text)} == {"SB204", "SB007", "SB010"}
    assert {f.rule for f in findings(text, config=config)} == {"SB007"}


def test_findings_stand_in_line_order_and_include_the_readers() -> None:
    lines = [
        f.position.line for f in findings("---\nbad: 1\n---\n<!-- x -->\n" + with_criteria("- **AC-1** fast\n- AC-2\n"))
    ]
    assert lines == sorted(lines)
    assert len(lines) >= 4


def test_a_file_that_cannot_be_read_has_only_that_finding() -> None:
    assert told(b"\xff") == [("SB001", 1)]


def test_beyond_the_cap_errors_are_kept() -> None:
    nested = "\n".join(f"  - **AC-{n}** (accept) a" for n in range(2, 400))
    found = findings(with_criteria(f"- **AC-1** (accept) a\n{nested}\n- AC-900\n"))
    assert len(found) == 200
    assert any(f.severity is Severity.ERROR for f in found)


def test_one_habit_does_not_fill_the_list() -> None:
    lines = [f"- **AC-{n}** (accept) a\n" for n in range(1, 60)]
    vague = [f"- **AC-{n}** It is fast.\n  ```sh verify\n  a\n  ```\n" for n in range(60, 90)]
    found = [f for f in findings(with_criteria("".join(lines + vague))) if f.rule == "SB301"]
    assert len(found) == 21
    assert (found[-1].message, found[-1].position.line) == (
        "10 more like those above, the first of them here.",
        found[-2].position.line + 4,
    )


def test_every_error_is_told() -> None:
    found = findings(with_criteria("".join(f"- **AC-{n}** a\n  ```sh verify\n  true\n  ```\n" for n in range(1, 60))))
    assert [f.rule for f in found] == ["SB201"] * 59


def test_linting_changes_nothing_and_repeats_itself() -> None:
    reading: Reading = read(GOOD)
    context = LintContext(TREE, RepositoryConfig())
    first: tuple[Finding, ...] = lint(reading, context)
    assert lint(reading, context) == first
    assert reading == read(GOOD)


@pytest.mark.parametrize(
    ("depends", "hint"),
    [
        ("./specs/0007-unicode.md", "Write `specs/0007-unicode.md`."),
        ("0007", "Write `specs/0007-unicode.md`."),
        ("unicode", "Write `specs/0007-unicode.md`."),
        ("specs/0007-unicode.md#AC-1", "Write `specs/0007-unicode.md`."),
        ("specs/001-search/", "Write `specs/001-search`."),
        ("specs/0008-none.md", "Correct the path."),
        ("src/a.py", "Name the spec itself, by its file or its folder."),
        ("specs", "Name the spec itself, by its file or its folder."),
        ("specs/001-search", ""),
        ("specs/0007-unicode.md", ""),
    ],
)
def test_what_a_spec_depends_on_is_a_spec(depends: str, hint: str) -> None:
    tree = frozenset(["specs/0007-unicode.md", "specs/001-search/spec.md", "src/a.py"])
    text = f"---\ndepends: ['{depends}']\n---\n" + with_criteria("- **AC-1** a")
    assert [f.hint for f in findings(text, tree=tree) if f.rule == "SB105"] == [hint][: len(hint)]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("src/**, tests/**", True),
        ("src/** tests/**", True),
        ("./src/**", True),
        ("docs/My File.md", False),
        ("src/**", False),
    ],
)
def test_one_text_is_one_pattern(pattern: str, told: bool) -> None:
    text = f"---\nscope: '{pattern}'\n---\n" + with_criteria("- **AC-1** a")
    assert ("SB127" in {f.rule for f in findings(text)}) is told


def test_a_folder_of_protected_paths_is_protected() -> None:
    text = "---\nscope: [.github]\n---\n" + with_criteria("- **AC-1** a")
    assert "SB123" in rules(text)


@pytest.mark.parametrize("words", ["sorted properly", "shown gracefully", "as short as possible", "works as expected"])
def test_more_vague_words(words: str) -> None:
    assert "SB301" in rules(with_criteria(f"- **AC-1** The list is {words}."))
