"""A spec with errors: they stand on their lines, nothing runs, and a mended push goes on by itself."""

import pytest

from bot.reporting.names import ACCEPTANCE
from bot.reporting.names import SPEC as SPEC_CHECK
from tests.stories.moments import asked
from tests.support.stage import GOOD, SPEC, SPEC_PATH, Stage, implementing, never


def test_a_syntax_error_stands_on_its_line_and_a_mended_push_goes_green():
    with Stage(implementing({"greet.py": GOOD})) as stage, stage.worker():
        pull = stage.open(SPEC.replace("scope: [greet.py]", "scope: [greet.py"))
        stage.settled(pull)
        broken = stage.head(pull)
        assert stage.told(broken) == {SPEC_CHECK: ["failure"], ACCEPTANCE: ["failure"]}
        (annotation,) = stage.checks(broken, SPEC_CHECK)[0].output.annotations
        assert (annotation.path, annotation.level) == (SPEC_PATH, "failure")
        assert annotation.start_line in (4, 5), "the bracket opens on line 4 and the parser misses it on the next"
        assert stage.title(pull) == "The spec has 1 error, so nothing was run"
        assert "Mend the spec and push" in stage.status(pull)
        assert stage.blockers(pull)
        assert nothing_ran(stage)

        stage.push({SPEC_PATH: SPEC})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.acceptance(pull, broken) == "failure", "what was said about the broken one stands"
        assert len(stage.comments(pull)) == 1
        assert "error" not in stage.status(pull)
        assert stage.blockers(pull) == []


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (SPEC.replace("status: ready", "status: ready\nbudjet: {usd: 1}"), 4),
        (SPEC.replace("**AC-2**", "**AC-1**"), 17),
        (SPEC.replace("```sh keep", "```sh kep"), 19),
    ],
    ids=["unknown key", "id used twice", "unknown kind of proof"],
)
def test_a_lint_error_stands_on_its_line_and_nothing_runs(wrong, line):
    with Stage(never) as stage, stage.worker():
        pull = stage.open(wrong)
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.told(head) == {SPEC_CHECK: ["failure"], ACCEPTANCE: ["failure"]}
        errors = [a for a in stage.checks(head, SPEC_CHECK)[0].output.annotations if a.level == "failure"]
        assert [(a.path, a.start_line) for a in errors] == [(SPEC_PATH, line)]
        assert nothing_ran(stage)


def nothing_ran(stage):
    """No model was asked, no box started, no branch made."""
    return asked(stage) == [] and stage.executions() == 0 and set(stage.branches()) == {"main", "topic"}
