"""The environment becomes one frozen value, or one error that names everything wrong with it."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.core.policy.model import Cap, Price
from bot.errors import ConfigFault
from bot.logging_setup import live_secrets
from bot.settings import DEFAULT_MODEL, WEB_NEEDS, WORKER_NEEDS, load_settings

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\n"


def test_an_empty_environment_has_safe_defaults() -> None:
    settings = load_settings({"HOME": "/home/ann"}, is_root=False)
    assert settings.github_api_url == "https://api.github.com"
    assert settings.github_url == "https://github.com"
    assert settings.state_dir == Path("/home/ann/.local/state/specbot")
    assert settings.database_url.reveal() == "sqlite:////home/ann/.local/state/specbot/specbot.db"
    assert (settings.host, settings.port, settings.metrics_port) == ("127.0.0.1", 3000, None)
    assert settings.sandbox_on
    assert settings.model == settings.reviewer == DEFAULT_MODEL
    assert settings.webhook_secrets == ()
    assert settings.openai_api_key is None


def test_state_lives_where_the_system_or_the_user_keeps_it() -> None:
    assert load_settings({"HOME": "/root"}, is_root=True).state_dir == Path("/var/lib/specbot")
    assert load_settings({"XDG_STATE_HOME": "/x"}, is_root=False).state_dir == Path("/x/specbot")
    assert load_settings({"SPECBOT_STATE_DIR": "/data"}, is_root=True).state_dir == Path("/data")


def test_a_full_environment_is_read(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text(PEM)
    settings = load_settings(
        {
            "APP_ID": "77",
            "PRIVATE_KEY_PATH": str(key),
            "WEBHOOK_SECRET": "new, old\nolder",
            "GHE_HOST": "github.example.com",
            "SPECBOT_DATABASE_URL": "postgresql://bot:pass@db/specbot",
            "SPECBOT_SANDBOX": "off",
            "SPECBOT_PRICES": '{"m": {"prompt": 2, "cached": 0.5, "completion": 8}, "n": {"prompt": 1, "completion": 2}}',
            "OPENAI_BASE_URL": "http://10.0.0.7:8000/v1/",
            "SPECBOT_REVIEW_MODEL": "careful",
            "SPECBOT_MONTHLY_USD": "250.5",
            "LOG_LEVEL": "debug",
            "SPECBOT_PUBLIC_URL": "https://bot.example.com/",
            "UNRELATED": "x",
        },
        needs=(*WEB_NEEDS, *WORKER_NEEDS),
    )
    assert settings.app_id == 77
    assert settings.private_key is not None
    assert settings.private_key.reveal() == PEM
    assert [secret.reveal() for secret in settings.webhook_secrets] == ["new", "old", "older"]
    assert settings.github_api_url == "https://github.example.com/api/v3"
    assert settings.github_url == "https://github.example.com"
    assert not settings.sandbox_on
    assert settings.price_of == {"m": Price(2.0, 0.5, 8.0), "n": Price(1.0, 1.0, 2.0)}
    assert settings.openai_base_url == "http://10.0.0.7:8000/v1"
    assert settings.reviewer == "careful"
    assert settings.month_cap == Cap(usd=250.5)
    assert settings.log_level == "DEBUG"
    assert settings.public_url == "https://bot.example.com"


def test_a_key_on_one_line_is_unfolded() -> None:
    settings = load_settings({"PRIVATE_KEY": PEM.strip().replace("\n", "\\n")})
    assert settings.private_key is not None
    assert settings.private_key.reveal() == PEM


def test_every_fault_is_named_at_once_and_no_value_is_shown() -> None:
    with pytest.raises(ConfigFault) as caught:
        load_settings(
            {
                "APP_ID": "seventy",
                "PRIVATE_KEY": "hunter2-key",
                "PORT": "99999",
                "GITHUB_API_URL": "http://evil.example/api",
                "GITHUB_URL": "https://user:hunter2-url@github.com",
                "GHE_HOST": "https://ghe.example.com/",
                "SPECBOT_SANDBOX": "maybe",
                "SPECBOT_DATABASE_URL": "mysql://root:hunter2-db@db/x",
                "SPECBOT_STATE_DIR": "relative/dir",
                "SPECBOT_PRICES": '{"m": {"prompt": "free", "completion": 1}}',
                "LOG_LEVEL": "loud",
                "SPECBOT_MONTHLY_USD": "inf",
                "SPECBOT_MONTHLY_TOKENS": "-1",
                "OPENAI_API_KEY": "hunter2-openai",
            },
            needs=WEB_NEEDS,
        )
    text = str(caught.value)
    for name in (
        "APP_ID",
        "PRIVATE_KEY",
        "PORT",
        "GITHUB_API_URL",
        "GITHUB_URL",
        "GHE_HOST",
        "SPECBOT_SANDBOX",
        "SPECBOT_DATABASE_URL",
        "SPECBOT_STATE_DIR",
        "SPECBOT_PRICES",
        "LOG_LEVEL",
        "SPECBOT_MONTHLY_USD",
        "SPECBOT_MONTHLY_TOKENS",
        "WEBHOOK_SECRET is not set",
    ):
        assert name in text
    assert "hunter2" not in text


def test_a_missing_key_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigFault, match="PRIVATE_KEY_PATH cannot be read: FileNotFoundError"):
        load_settings({"PRIVATE_KEY_PATH": str(tmp_path / "none.pem")})


def test_metrics_never_share_the_webhook_port() -> None:
    with pytest.raises(ConfigFault, match="metrics listen elsewhere"):
        load_settings({"PORT": "4000", "SPECBOT_METRICS_PORT": "4000"})


def test_secrets_never_print() -> None:
    settings = load_settings(
        {
            "PRIVATE_KEY": PEM,
            "WEBHOOK_SECRET": "hunter2",
            "OPENAI_API_KEY": "hunter2",
            "SPECBOT_DATABASE_URL": "postgresql://bot:hunter2@db/x",
        }
    )
    shown = f"{settings!r} {settings} {settings.webhook_secrets}"
    assert "hunter2" not in shown
    assert "MIIabc" not in shown


def test_settings_cannot_be_changed() -> None:
    settings = load_settings({})
    with pytest.raises(ValidationError):
        settings.port = 1


def test_further_endpoints_have_a_name_an_address_and_a_key() -> None:
    text = '{"lab": {"url": "https://lab.example/v1/", "key_env": "LAB_KEY"}, "home": {"url": "http://10.0.0.7:8000/v1"}, "x": {"url": "http://localhost:1/v1", "key": "hunter2"}}'
    settings = load_settings({"SPECBOT_ENDPOINTS": text, "LAB_KEY": " hunter2-lab "})
    lab, home, local = (settings.endpoint_of[name] for name in ("lab", "home", "x"))
    assert (lab.url, lab.key and lab.key.reveal()) == ("https://lab.example/v1", "hunter2-lab")
    assert (home.url, home.key) == ("http://10.0.0.7:8000/v1", None)
    assert local.key
    assert "hunter2" not in f"{settings!r} {settings} {lab}"
    assert {"hunter2-lab", "hunter2"} <= set(live_secrets(settings))
    assert load_settings({}).endpoints == ()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('"hunter2"', "needs `url` and may have `key` or `key_env`, nothing else"),
        ('{"key": "hunter2"}', "needs `url`"),
        ('{"url": "https://a.b/v1", "token": "hunter2"}', "nothing else"),
        ('{"url": "https://a.b/v1", "key": 7}', "a part that is no text"),
        ('{"url": "https://a.b/v1", "key": "hunter2", "key_env": "K"}', "both `key` and `key_env`"),
        ('{"url": "https://a.b/v1", "key_env": "UNSET"}', "a `key_env` that is not set"),
        ('{"url": "http://10.0.0.7/v1", "key": "hunter2"}', "a `url` that must be https"),
        ('{"url": "https://user:hunter2@a.b/v1"}', "a `url` that must not contain a user"),
        ('{"url": "file:///etc"}', "a `url` that is no http(s) address"),
        ('{"url": "https://[hunter2/v1"}', "a `url` that is no http(s) address"),
    ],
)
def test_a_wrong_endpoint_is_named_without_its_values(entry: str, words: str) -> None:
    with pytest.raises(ConfigFault) as caught:
        load_settings({"SPECBOT_ENDPOINTS": f'{{"lab": {entry}, "bad name": {{}}}}', "PORT": "99999"})
    message = str(caught.value)
    assert "SPECBOT_ENDPOINTS: endpoint lab " in message
    assert words in message
    assert "SPECBOT_ENDPOINTS: endpoint 2 has no good name" in message
    assert "PORT" in message
    assert "hunter2" not in message


@pytest.mark.parametrize("text", ["hunter2", "[]", '"x"', "{", "[" * 100_000])
def test_endpoints_that_are_no_json_object(text: str) -> None:
    with pytest.raises(ConfigFault, match="SPECBOT_ENDPOINTS: is JSON such as") as caught:
        load_settings({"SPECBOT_ENDPOINTS": text})
    assert "hunter2" not in str(caught.value)


def test_a_log_in_takes_an_id_a_secret_and_an_address() -> None:
    given = {"CLIENT_ID": "Iv23liAbCdEf", "CLIENT_SECRET": "hush-hush", "SPECBOT_PUBLIC_URL": "https://bot.example.com"}
    settings = load_settings(given)
    assert settings.log_in_lacks == ()
    assert "hush-hush" not in repr(settings) + str(settings)
    assert load_settings({}).log_in_lacks == ("CLIENT_ID", "CLIENT_SECRET", "SPECBOT_PUBLIC_URL")
    with pytest.raises(ConfigFault, match="go together"):
        load_settings({"CLIENT_ID": "Iv23liAbCdEf"})
    with pytest.raises(ConfigFault, match="CLIENT_ID is the App's client id"):
        load_settings(given | {"CLIENT_ID": "a b"})


def test_set_ups_have_hosts_and_credentials_that_never_print() -> None:
    text = '{"npm.example": {"authorization_env": "NPM", "for": ["Acme", "else/text"]}}'
    settings = load_settings(
        {
            "SPECBOT_SETUP_HOSTS": "A.example, *.b.example:8443\n",
            "SPECBOT_REGISTRY_CREDENTIALS": text,
            "NPM": "Bearer hunter2-npm",
        }
    )
    assert settings.setup_hosts == ("a.example", "*.b.example:8443")
    assert settings.log_hosts == ("*.actions.githubusercontent.com", "*.blob.core.windows.net")
    [found] = settings.registry_credentials
    assert (found.host, found.owners, found.authorization.reveal()) == (
        "npm.example",
        ("acme", "else/text"),
        "Bearer hunter2-npm",
    )
    assert "hunter2" not in f"{settings!r} {settings} {found}"
    assert {"hunter2-npm", "Bearer hunter2-npm"} <= set(live_secrets(settings))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('"hunter2"', "needs `authorization_env` and `for`"),
        ('{"authorization_env": "NPM"}', "needs `authorization_env` and `for`"),
        ('{"authorization_env": "NPM", "for": []}', "a list of owners"),
        ('{"authorization_env": "NPM", "for": ["a b"]}', "a list of owners"),
        ('{"authorization_env": "BARE", "for": ["a"]}', "holds no `SCHEME VALUE`"),
        ('{"authorization_env": 1, "for": ["a"]}', "holds no `SCHEME VALUE`"),
    ],
)
def test_a_wrong_credential_is_named_without_its_values(entry: str, words: str) -> None:
    given = f'{{"npm.example": {entry}, "https://x.example": {{}}}}'
    with pytest.raises(ConfigFault) as caught:
        load_settings(
            {"SPECBOT_REGISTRY_CREDENTIALS": given, "NPM": "Bearer x", "BARE": "hunter2", "SPECBOT_SETUP_HOSTS": "a/b"}
        )
    message = str(caught.value)
    assert "SPECBOT_REGISTRY_CREDENTIALS: npm.example " in message
    assert words in message
    assert "SPECBOT_REGISTRY_CREDENTIALS: entry 2 has no good host" in message
    assert "SPECBOT_SETUP_HOSTS are host names" in message
    assert "hunter2" not in message
