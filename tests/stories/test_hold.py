"""Where workflows hold secrets: nothing is pushed anywhere before a person has looked at the patch."""

from bot.adapters.clock import SystemClock
from bot.reporting.names import ACCEPTANCE
from bot.web.metrics import WebMetrics
from bot.web.server import Door, create_app
from tests.stories.moments import asked
from tests.support.stage import BASE, CONFIGURATION, GOOD, Stage, implementing

WORKFLOW = "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    env: {KEY: '${{ secrets.KEY }}'}\n"


def test_proven_work_is_held_until_somebody_says_that_it_may_be_pushed():
    base = {**BASE, ".github/specbot.yml": CONFIGURATION + "publish: hold\n", ".github/workflows/deploy.yml": WORKFLOW}
    with Stage(implementing({"greet.py": GOOD}, finding=False), base=base) as stage, stage.worker():
        pull = stage.open()
        start = stage.head(pull)
        stage.settled(pull)
        assert stage.head(pull) == start
        assert set(stage.branches()) == {"main", "topic"}, "nothing was pushed anywhere"
        assert stage.told(start)[ACCEPTANCE] == ["action_required"]
        assert "waits for a person's word before anything is pushed" in stage.title(pull)
        assert "+    return f" in (stage.checks(start)[-1].output.text or "")
        (run,) = stage.runs_at(pull)
        word = f"/specbot publish {run.candidate[:7]}"
        assert word in stage.status(pull)
        assert word in page_of(stage, run)
        assert "+    return f" in page_of(stage, run, "/held.diff")

        stage.say(pull, word, login="linus")
        assert "needs write permission" in stage.answer(pull, word)
        stage.say(pull, f"/specbot publish {start[:7]}", login="grace")
        assert "names the commit whose patch was looked at" in stage.answer(pull, f"/specbot publish {start[:7]}")
        assert set(stage.branches()) == {"main", "topic"}

        calls = len(asked(stage))
        stage.say(pull, word, login="grace")
        stage.until(lambda: stage.head(pull) != start, "the work to be pushed")
        stage.settled(pull)
        assert stage.head(pull) == run.candidate
        assert stage.acceptance(pull) == "success"
        assert len(asked(stage)) == calls, "nothing is paid for again"
        assert "Held back" not in page_of(stage, run)


def page_of(stage, run, part=""):
    """The run's page, as somebody sees it who may."""
    door = Door(stage.app.app_id, (), open_pages=True)
    app = create_app(stage.store, door, clock=SystemClock(), metrics=WebMetrics(), runs=stage.store)
    return app.test_client().get(f"/runs/{run.run_id}{part}").text
