"""No live secret leaves, whatever it is dressed in."""

import base64
import json
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from bot.core.pulls import AnnotationLevel
from bot.reporting.masking import MASK, Redactor

OLD_TOKEN = "ghs_" + "a1B2c3D4e5F6" * 3
NEW_TOKEN = "ghs_12345_" + "eyJhbGciOi" * 20 + "." + "eyJpc3MiOi" * 20 + "." + "s1g-n_ture" * 9

secrets = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=60).filter(
    lambda secret: not (secret.isalpha() and secret.islower())
)
surroundings = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)


def dressings(secret: str, before: str, after: str) -> dict[str, str]:
    data = f"{before}{secret}{after}".encode()
    return {
        "raw": f"{before}{secret}{after}",
        "broken over lines": before + "\n".join(secret) + after,
        "url-encoded": f"{before}{quote(secret, safe='')}{after}",
        "wholly url-encoded": before + "".join(f"%{byte:02x}" for byte in secret.encode()) + after,
        "base64": base64.b64encode(data).decode(),
        "url-safe base64": base64.urlsafe_b64encode(data).decode(),
        "base64 in lines": base64.encodebytes(data).decode(),
        "base64 url-encoded": quote(base64.b64encode(data).decode(), safe=""),
        "hexadecimal": data.hex().upper(),
    }


@given(secrets, surroundings, surroundings)
def test_no_live_secret_survives_in_any_dress(secret: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    for dress, text in dressings(secret, before, after).items():
        masked = redactor.mask(text)
        assert MASK in masked, dress
        assert masked.count(secret) <= MASK.count(secret), dress


def test_a_private_key_is_found_whole_and_by_its_lines() -> None:
    pem = (
        rsa.generate_private_key(65537, 2048)
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        .decode()
    )
    redactor = Redactor([pem])
    line = pem.splitlines()[7]
    assert redactor.mask(f"look: {line}!") == f"look: {MASK}!"
    assert redactor.mask(repr(pem)).count(line) == 0
    assert Redactor().mask(f"a\n{pem}b").split() == ["a", *MASK.split(), "b"]
    assert Redactor().mask(pem[:500]) == MASK


@pytest.mark.parametrize(
    "secret",
    [
        OLD_TOKEN,
        NEW_TOKEN,
        "ghp_" + "x" * 36,
        "github_pat_" + "11AAAAAAA0abcdefghijkl_" + "z" * 59,
        "sk-proj-" + "Ab1" * 12,
        "AKIAABCDEFGHIJKLMNOP",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlc2lnbmF0dXJl",
        "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz",
    ],
)
def test_unknown_secrets_are_found_by_their_shape(secret: str) -> None:
    assert Redactor().mask(f"it is {secret} here") == f"it is {MASK} here"


def test_a_password_in_an_address_goes_and_the_address_stays() -> None:
    assert Redactor().mask("https://x-access-token:abcdef@example.org/r.git") == f"https://{MASK}@example.org/r.git"


@pytest.mark.parametrize(
    "text",
    ["the task-implementation-of-2-things", "risk-based-approach-2026-for-all", "ghs_short", "skip", "10:30://"],
)
def test_ordinary_words_stay(text: str) -> None:
    assert Redactor(["hunter2hunter2"]).mask(text) == text


def test_a_short_value_does_not_destroy_the_text() -> None:
    assert Redactor(["a", "", "test"]).mask("a test of a thing") == "a test of a thing"


@pytest.mark.parametrize("weak", ["recorded", "Recorded-1", "0123456789a", "misunderstanding", "x" * 40])
def test_what_might_be_a_word_is_refused_in_every_dress(weak: str) -> None:
    for dress in dressings(weak, "the ", " model").values():
        assert Redactor([weak]).mask(dress) == dress


@pytest.mark.parametrize("strong", ["0123456789ab", "misunderstanding1", "Misunderstanding", "mis-understanding"])
def test_what_is_no_word_is_searched_for(strong: str) -> None:
    assert Redactor([strong]).mask(f"a {strong}.") == f"a {MASK}."


def test_overlapping_secrets_leave_one_mask() -> None:
    assert Redactor(["abcdefghij12", "efghij12klmn"]).mask("-abcdefghij12klmn-") == f"-{MASK}-"


@dataclass(frozen=True)
class Inner:
    text: str
    level: AnnotationLevel


@dataclass(frozen=True)
class Outer:
    parts: tuple[Inner, ...]
    number: int
    nothing: None = None


def test_a_whole_report_is_cleaned_string_by_string() -> None:
    dirty = Outer((Inner("a\x1b[31m hunter2\u200bhunter2\u202e", AnnotationLevel.NOTICE),), 3)
    clean = Redactor(["hunter2hunter2"]).clean(dirty)
    assert clean == Outer((Inner(f"a {MASK}", AnnotationLevel.NOTICE),), 3)
    assert clean.parts[0].level is AnnotationLevel.NOTICE


def test_a_json_text_stays_one() -> None:
    token = "ghs_" + "a1" * 18
    redactor = Redactor(["correct horse battery staple"])
    for text in (
        f'{{"x": "{token}\\n", "n": [1, "{token}"]}}',
        '{"\\u0067hs_' + "a1" * 18 + '": "correct\\nhorse\\tbattery staple"}',
    ):
        masked = redactor.mask_json(text)
        assert token not in masked
        assert "horse" not in masked
        assert MASK in str(json.loads(masked))
    key = '{"script": "echo \\"-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\" > key"}'
    assert json.loads(redactor.mask_json(key)) == {"script": f'echo "{MASK}" > key'}
    untouched = '{"script":  "grep -n \\"x\\" a.py"}'
    assert redactor.mask_json(untouched) == untouched
    assert redactor.mask_json(f'{{"x": "{token}') == f'{{"x": "{MASK}'


def test_what_is_kept_loses_its_secrets_and_nothing_else() -> None:
    @dataclass(frozen=True)
    class Kept:
        path: str
        words: tuple[str, ...]

    token = "ghs_" + "a1" * 18
    assert Redactor().masked(Kept("a\u202eb.py", (f"has {token}", "\x1b[31mred"))) == Kept(
        "a\u202eb.py", (f"has {MASK}", "\x1b[31mred")
    )


def test_a_percent_sign_before_an_encoded_secret_leads_nobody_astray() -> None:
    redactor = Redactor(["00000000000:", "ab+cdefghijk/lmn"])
    assert redactor.mask("x%00000000000%3A") == f"x%{MASK}"
    assert redactor.mask("%2" + "ab%2bcdefghijk%2Flmn") == f"%2{MASK}"
