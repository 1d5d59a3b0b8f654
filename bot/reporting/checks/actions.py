"""The buttons on our checks; each does what the command of the same name does."""

from bot.core.pulls import CheckAction
from bot.reporting.names import APPROVE, RETRY, STOP, VERIFY

RETRY_BUTTON = CheckAction("Retry", "Start a new run at this commit", RETRY)
VERIFY_BUTTON = CheckAction("Verify again", "Run every proof again, without a model", VERIFY)
STOP_BUTTON = CheckAction("Stop", "End this run and keep its work", STOP)
APPROVE_SPEC_BUTTON = CheckAction("Approve the spec", "Let agents implement it", APPROVE)
APPROVE_BUTTON = CheckAction("Approve the plan", "Let the agents start with this plan", APPROVE)
