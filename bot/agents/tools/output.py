"""Tool output on its way to the model: clean, capped, and whole in a file when it was cut."""

from bot.agents.desk import SCRATCH, Desk
from bot.agents.threads import in_thread
from bot.core.visible import visible
from bot.errors import SpecbotError

SHOWN_CHARACTERS = 10_000
"""What a model sees of one output. Measured in several agents as enough for a failing test run; each character is paid for again on
every later turn."""


async def present(desk: Desk, text: str, name: str) -> str:
    """`text` as the model sees it: without escapes and invisible characters, head and tail of it when it is too long.

    The whole is then kept in the scratch folder of the checkout under `name`, which the notice tells. Nothing is lost silently.
    """
    clean = visible(text)
    if len(clean) <= SHOWN_CHARACTERS:
        return clean
    path = f"{SCRATCH}/{name}.txt"
    try:
        await in_thread(desk.sandbox.write, desk.checkout, path, clean.encode())
        where = f"the whole output is in {path}"
    except SpecbotError as error:
        where = f"the whole output could not be kept: {error.message}"
    return head_and_tail(clean, SHOWN_CHARACTERS, where)


def head_and_tail(text: str, limit: int, where: str = "") -> str:
    """At most `limit` characters of `text`, half from each end, with a notice of how many are missing between them."""
    if len(text) <= limit:
        return text
    half = limit // 2
    missing = len(text) - 2 * half
    notice = f"[… {missing:,} characters left out{'; ' + where if where else ''} …]"
    return f"{text[:half]}\n{notice}\n{text[-half:]}"
