"""One test for each way to cheat."""

from collections.abc import Iterator

import pytest

from bot.core.proofs.model import TamperWeight, Verdict
from bot.core.proofs.tamper import RULES
from bot.core.pulls import Conclusion
from tests.attacks.cheats import beside, in_code, on_runners, on_tests
from tests.attacks.cheats.cheat import Cheat, Without, create, GOOD
from tests.attacks.cheats.court import Court, court_in_session

pytestmark = pytest.mark.xdist_group("cheats")

CHEATS = (*on_tests.CHEATS, *on_runners.CHEATS, *in_code.CHEATS, *beside.CHEATS)


@pytest.fixture(scope="module")
def court() -> Iterator[Court]:
    with court_in_session() as court:
        yield court


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda cheat: cheat.name)
def test_cheat(court: Court, cheat: Cheat) -> None:
    judged = court.judged(cheat)
    v=lambda x: [(str(o.verdict), o.reasons) for o in x.verdicts]
    print("RULES", judged.rules, judged.put_back, judged.with_rules.conclusion, "OFF", judged.without_rules.conclusion, v(judged.unruled))
