"""May this call be paid for? Properties of the decision, and the first months of its calendar."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.core.policy.model import Cap, Price
from bot.core.policy.purse import Account, Exhausted, Reserved, Scope, Wait, Wanted, decide, month_of
from bot.ids import AgentKey

counts = st.integers(0, 50_000)
money = st.floats(0, 5, allow_nan=False)
prices = st.builds(Price, *[st.floats(0, 100, allow_nan=False)] * 3)


@st.composite
def wants(draw: st.DrawFn) -> Wanted:
    least = draw(st.integers(1, 3_000))
    return Wanted(AgentKey("r/i/t/1"), 1, draw(counts), least, least + draw(counts), draw(prices))


accounts = st.builds(
    Account,
    st.sampled_from(Scope),
    st.builds(Cap, st.none() | money, st.none() | counts, st.none()),
    tokens=counts,
    usd=money,
    reserved_tokens=st.just(0) | counts,
    reserved_usd=st.just(0.0) | money,
)


@given(wants(), st.lists(accounts, max_size=4))
def test_what_is_reserved_fits_everywhere_and_what_is_refused_fits_nowhere(wanted: Wanted, held: list[Account]) -> None:
    answer = decide(wanted, held)
    for account in held:
        tokens = account.tokens + wanted.prompt
        usd = account.usd or 0.0
        if isinstance(answer, Reserved):
            assert wanted.least <= answer.output <= wanted.most
            if account.cap.tokens is not None:
                assert tokens + account.reserved_tokens + answer.output <= account.cap.tokens
            if account.cap.usd is not None:
                cost = usd + (account.reserved_usd or 0.0) + (wanted.usd(answer.output) or 0.0)
                assert cost <= account.cap.usd + 1e-9
    if isinstance(answer, Wait):
        alone = decide(wanted, [account.settled for account in held])
        assert isinstance(alone, Reserved), "nobody waits for what can never be"
    if isinstance(answer, Exhausted):
        assert isinstance(decide(wanted, [account.settled for account in held]), Exhausted)
        assert answer.way_out


@given(wants())
def test_without_caps_the_whole_answer_is_allowed(wanted: Wanted) -> None:
    assert decide(wanted, []) == Reserved(wanted.most)


def test_a_prompt_is_reckoned_at_its_dearer_price() -> None:
    wanted = Wanted(AgentKey("r/i/t/1"), 1, 1_000_000, 1, 1_000_000, Price(prompt=1.0, cached=1.25, completion=5.0))
    assert wanted.usd(0) == 1.25
    assert wanted.usd(1_000_000) == 6.25


def test_a_month_begins_at_its_first_midnight() -> None:
    assert month_of(datetime(2026, 12, 31, 23, 59, 59, 9, tzinfo=UTC)) == datetime(2026, 12, 1, tzinfo=UTC)
    assert month_of(datetime(2027, 1, 1, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
