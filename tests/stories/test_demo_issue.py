"""`specbot demo --act issue`: from `/orchestrate` on an issue to a merged pull request, with a recorded model."""

import pytest

from bot.core.specs.model import SpecFormat
from bot.demo.act import Told
from bot.demo.ground import Ground
from bot.demo.issue_act import IssueAct
from bot.demo.model import demo_model
from bot.demo.plays import RECORDING, ActName, sample_play
from bot.local_run import WHEELS
from bot.reporting.names import ISSUE_MARKER
from tests.stories.rooms import SECONDS

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(SECONDS + 30)]


@pytest.mark.soak
def test_from_an_issue_to_a_merged_pull_request() -> None:
    told: list[Told] = []
    opened: list[str] = []
    with (
        demo_model(None, RECORDING[ActName.ISSUE], {}) as model,
        Ground(dict(model.environment), WHEELS if WHEELS.is_dir() else None) as ground,
    ):
        play = sample_play(ActName.ISSUE, SpecFormat.NATIVE, minutes=SECONDS / 60)
        result = IssueAct(ground, play, model.name, told.append).perform(opened.append, lambda url: None)
        assert model.mismatches() == []
        assert result.accepted
        assert [url.rpartition("openhours/")[2] for url in opened] == ["issues/1", "pull/2"]
        issue, pull = (ground.hub.issue("ada/openhours", number) for number in (1, 2))
        assert issue.state == "closed"
        assert pull.as_pull.merged_at is not None
        assert "prints the word `never`" in (pull.body or ""), "the body follows the answer"
        said = [one.body for one in ground.hub.comments("ada/openhours", 1)]
        assert [body.split("\n")[0] for body in said] == ["/orchestrate", ISSUE_MARKER]
    assert [one.data for one in told if one.kind == "said"][-1] == "ada merges #2"
