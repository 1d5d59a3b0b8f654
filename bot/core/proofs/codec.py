"""The stored formats of proofs, plans and reports, with their histories. `bot.core.codec` does the work.

A golden file for each version lies in `tests/golden/`; a text that was ever written must load for ever.
"""

from bot.core.codec import Format
from bot.core.plans.model import Plan
from bot.core.proofs.model import Executed, Verification
from bot.core.runs import RunReport

EXECUTED = Format(Executed)
VERIFICATION = Format(Verification)
PLAN = Format(Plan)
REPORT = Format(RunReport)
