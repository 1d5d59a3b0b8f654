"""What people write after `/specbot budget`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.policy.amounts import MOST, read_extra
from bot.core.policy.budgets import Extra
from bot.errors import Refused


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ("+2usd", Extra(usd=2)),
        ("+ 2 USD", Extra(usd=2)),
        ("+$2", Extra(usd=2)),
        ("$2.50", Extra(usd=2.5)),
        ("US$3", Extra(usd=3)),
        ("2 dollars", Extra(usd=2)),
        ("+.5usd", Extra(usd=0.5)),
        ("+500k tokens", Extra(tokens=500_000)),
        ("+500k", Extra(tokens=500_000)),
        ("500ktok", Extra(tokens=500_000)),
        ("+1.5m tokens", Extra(tokens=1_500_000)),
        ("2 million tokens", Extra(tokens=2_000_000)),
        ("+1,000,000 tokens", Extra(tokens=1_000_000)),
        ("+1_000_000tokens", Extra(tokens=1_000_000)),
        ("+20min", Extra(minutes=20)),
        ("+20 Minutes", Extra(minutes=20)),
        ("+1.5 hours", Extra(minutes=90)),
        ("+1h", Extra(minutes=60)),
        ("+2usd +500k tokens +20min", Extra(2, 500_000, 20)),
        ("2usd, 500k tokens and 20 minutes", Extra(2, 500_000, 20)),
        ("+2usd+20min", Extra(usd=2, minutes=20)),
        ("+1usd +1usd", Extra(usd=2)),
        ("+1000usd", Extra(usd=1000)),
    ],
)
def test_amounts_in_many_spellings(text: str, extra: Extra) -> None:
    assert read_extra(text.split()) == extra


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no amount"),
        ("banana", "“banana” is no amount"),
        ("+2usd banana", "“banana” is no amount"),
        ("+2eur", "is no amount"),
        ("1e9 usd", "is no amount"),
        ("2usd2", "is no amount"),
        ("+2", "what of"),
        ("+2m", "what of"),
        ("2,5 usd", "what of"),
        ("$5 tokens", "what of"),
        ("-2usd", "only be raised"),
        ("+2usd -1usd", "only be raised"),
        ("0usd", "nothing would be added"),
        ("+1001usd", "more than one command may add"),
        ("+600usd +600usd", "more than one command may add"),
        ("+5k usd", "more than one command may add"),
        ("+101m tokens", "more than one command may add"),
        ("+25h", "more than one command may add"),
        ("9" * 400 + "usd", "more than one command may add"),
        ("9" * 400 + "k tokens", "more than one command may add"),
    ],
)
def test_what_is_not_clear_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        read_extra(text.split())
    assert words in caught.value.message
    assert caught.value.hint


@given(st.lists(st.text(alphabet="0123456789.,+$kmusdtoenih _-", max_size=12), max_size=6))
def test_whatever_is_typed_gives_a_bounded_amount_or_a_refusal(words: list[str]) -> None:
    try:
        extra = read_extra(words)
    except Refused:
        return
    assert 0 <= extra.usd <= MOST.usd
    assert 0 <= extra.tokens <= MOST.tokens
    assert 0 <= extra.minutes <= MOST.minutes
