"""The App is suspended or removed while it works: it ends quietly, and does not knock at a shut door."""

import pytest

from tests.stories.moments import asked, stalling
from tests.support.stage import GOOD, Stage, implementing


@pytest.mark.parametrize(
    "how", ["suspended", *(pytest.param(how, marks=pytest.mark.soak) for how in ("uninstalled", "repository removed"))]
)
def test_a_run_ends_when_the_app_may_not_work_there_any_more(how):
    stalled = stalling("implementer", implementing({"greet.py": GOOD}), after=1, times=1)
    with Stage(stalled) as stage, stage.worker():
        pull = stage.open()
        stage.until(lambda: len(asked(stage)) == 2, "the implementer to write and to be asked again")
        (installation,) = stage.hub.store.installations.where(lambda one: one.app_id == stage.app.id)
        {
            "suspended": lambda: stage.hub.suspend(installation.id),
            "uninstalled": lambda: stage.hub.uninstall(installation.id),
            "repository removed": lambda: stage.hub.select_repositories(installation.id, []),
        }[how]()
        stage.until(lambda: not stage.runs_at(pull)[-1].state.live, "the run to end")
        stage.until(lambda: not stage.unsettled(), "the engine to come to rest")
        assert [r.state.value for r in stage.runs_at(pull)] == ["stopped"]
        assert len(asked(stage)) == 2
        refusals = [e for e in stage.hub.journal.requests if e.status in (401, 403, 404)]
        assert len(refusals) < 10, "nobody goes on knocking at a shut door"
