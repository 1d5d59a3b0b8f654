"""GitHub is unwell while a run writes: each kind of write is struck once, and the end is as if nothing had happened."""

from dataclasses import replace

import pytest

from bot.hub import Fault
from bot.hub.faults import RequestKind
from tests.faults.tales import as_if_nothing_happened, tell, undisturbed

pytestmark = pytest.mark.soak

SOAK = [pytest.mark.soak, pytest.mark.timeout(1800)]


@pytest.mark.parametrize(
    "kind", ["error_after", "reset_after", *(pytest.param(k, marks=SOAK) for k in ("error_before", "reset_before"))]
)
def test_an_unclear_answer_to_each_kind_of_write(kind: RequestKind) -> None:
    expected = undisturbed("published")
    told = tell("published", troubles=[Fault(kind, method, path) for method, path in expected.places])
    as_if_nothing_happened(told, expected)


@pytest.mark.parametrize(
    "limit",
    [
        Fault("secondary_limit", retry_after=1),
        pytest.param(Fault("secondary_limit", retry_after=1, status=429), marks=SOAK),
        pytest.param(Fault("rate_limit", seconds=2), marks=SOAK),
        pytest.param(Fault("secondary_limit", status=429), marks=SOAK),
        pytest.param(Fault("secondary_limit"), marks=SOAK),
    ],
    ids=lambda limit: f"{limit.kind}-{limit.status or 403}-{limit.retry_after or limit.seconds or 'silent'}",
)
def test_a_limit_at_each_kind_of_write_is_a_pause(limit: Fault) -> None:
    expected = undisturbed("published")
    told = tell("published", troubles=[replace(limit, method=m, path=path) for m, path in expected.places])
    as_if_nothing_happened(told, expected)
