"""Only the exact bytes, signed with one of our secrets, in exactly GitHub's form."""

import pytest

from bot.core.pulls import Secret
from bot.web.signature import matching_secret

BODY = b"Hello, World!"
SECRETS = (Secret("It's a Secret to Everybody"),)
GOOD = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
"""GitHub's published vector (docs, validating webhook deliveries)."""


def test_the_published_vector_verifies() -> None:
    assert matching_secret(BODY, GOOD, SECRETS) == 1


def test_every_flipped_bit_of_the_signature_fails() -> None:
    digest = bytes.fromhex(GOOD.removeprefix("sha256="))
    for bit in range(256):
        flipped = bytearray(digest)
        flipped[bit // 8] ^= 1 << bit % 8
        assert matching_secret(BODY, f"sha256={flipped.hex()}", SECRETS) is None


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        GOOD.removeprefix("sha256="),
        GOOD.replace("sha256=", "sha1="),
        GOOD.upper(),
        "sha256=" + GOOD.removeprefix("sha256=").upper(),
        GOOD + " ",
        GOOD + "\n",
        GOOD[:-1],
        GOOD + "0",
        "sha256=" + "é" * 64,
        "sha256=" + "٣" * 64,
        f"{GOOD}, {GOOD}",
        "sha256=" + "a" * 2_000_000,
    ],
    ids=lambda header: header[:12] or "empty",
)
def test_other_forms_fail(header: str) -> None:
    assert matching_secret(BODY, header, SECRETS) is None


def test_the_position_tells_which_secret_matched() -> None:
    old_and_new = (Secret("new"), *SECRETS)
    assert matching_secret(BODY, GOOD, old_and_new) == 2
    assert matching_secret(BODY, GOOD, ()) is None


def test_other_bytes_fail() -> None:
    assert matching_secret(BODY + b"\n", GOOD, SECRETS) is None
