"""How processes of the service log: JSON lines, with every live secret taken out."""

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

from bot.reporting.masking import Redactor
from bot.settings import Settings


def live_secrets(settings: Settings) -> tuple[str, ...]:
    """Every secret value of this process; whatever goes out is searched for them."""
    keys = (endpoint.key for endpoint in settings.endpoint_of.values())
    held = (
        settings.private_key,
        settings.openai_api_key,
        settings.client_secret,
        *settings.webhook_secrets,
        *keys,
    )
    registries = (credential.authorization.reveal() for credential in settings.registry_credentials)
    # With and without its scheme: a server's words may hold the one or the other.
    both = (form for value in registries for form in (value, value.partition(" ")[2]))
    return (*(secret.reveal() for secret in held if secret is not None), *both)


def _masked(redactor: Redactor) -> Processor:
    """No secret leaves by the log: every text of an event is searched, the traces too."""

    def processor(logger: object, name: str, event: EventDict) -> EventDict:
        return {key: _mask(redactor, value) for key, value in event.items()}

    return processor


def _mask(redactor: Redactor, value: object) -> object:
    if isinstance(value, str):
        return redactor.mask(value)
    if isinstance(value, dict):
        return {key: _mask(redactor, one) for key, one in value.items()}
    return [_mask(redactor, one) for one in value] if isinstance(value, list | tuple) else value


def configure_logging(settings: Settings) -> None:
    """One JSON object a line on stderr, control characters escaped by JSON itself."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)r")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            _masked(Redactor(live_secrets(settings))),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
