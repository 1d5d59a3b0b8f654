"""SB5xx: what importers of other tools' formats could not take over as it stands. Nothing is lost silently: each has its line."""

from bot.core.specs.model import Severity
from bot.core.specs.rules.rule import Rule

NO_MAIN_FILE = Rule(
    "SB501",
    "Folder without its main file",
    Severity.ERROR,
    "A folder in another tool's layout is one spec, and that tool says which of its files holds the requirements. Without it there is nothing to prove.",
    fixed=True,
)
OPEN_CLARIFICATION = Rule(
    "SB502",
    "Question left open",
    Severity.ERROR,
    "`[NEEDS CLARIFICATION]` marks what the author still has to decide. An agent must not decide it, so nothing runs before it is answered.",
)
TASK_NOT_UNDERSTOOD = Rule(
    "SB503",
    "Task line not understood",
    Severity.WARNING,
    "The line looks like a task and lacks what its format asks for, mostly its number, so it is read as prose.",
)
DANGLING = Rule(
    "SB504",
    "Reference to something that is not there",
    Severity.WARNING,
    "A requirement, criterion or task is named that this spec does not have. The reference was left out.",
)
CLAIM_NOT_OBEYED = Rule(
    "SB505",
    "Approval that is not obeyed",
    Severity.NOTICE,
    "Other tools keep approvals and states in files that anybody with push rights can write. They are shown, and decide nothing.",
)
NO_OBLIGATION = Rule(
    "SB506",
    "Requirement that demands nothing",
    Severity.WARNING,
    "The format asks for SHALL or MUST in capitals in each requirement; without it its own tool refuses the text.",
)
LOST_SCENARIO = Rule(
    "SB507",
    "Scenario lost in a modified requirement",
    Severity.ERROR,
    "MODIFIED replaces the whole requirement. A scenario of the old one that is not repeated would disappear without anybody saying so.",
)
DELTA_MISFIT = Rule(
    "SB508",
    "Change that does not fit the living spec",
    Severity.ERROR,
    "A requirement is modified, removed or renamed that the living spec does not have, or added although it has it already.",
)
RIVAL_CHANGE = Rule(
    "SB509",
    "Two open changes touch one requirement",
    Severity.WARNING,
    "Whichever is archived last overwrites the other. Merge one first, then adjust the other.",
)
NO_SCENARIO = Rule(
    "SB510",
    "Requirement without a scenario",
    Severity.ERROR,
    "Scenarios are what is proven. A requirement without one would count for nothing.",
)
REASON_MISSING = Rule(
    "SB511",
    "Removal without its reason",
    Severity.WARNING,
    "REMOVED requirements say their **Reason** and **Migration**, for those who rely on them.",
)
NOT_UNDERSTOOD = Rule(
    "SB512",
    "Line not understood",
    Severity.NOTICE,
    "The line looks as if it said something about order, ownership or proof, in a way that is not read. It has no effect.",
)
IRREGULAR_NUMBER = Rule(
    "SB513",
    "Numbering out of order",
    Severity.NOTICE,
    "Numbers name criteria and tasks in references and verdicts. The one that is written counts, so a list that restarts or skips surprises people.",
)
FOREIGN_KEY = Rule(
    "SB514",
    "Key of another tool",
    Severity.NOTICE,
    "The front matter has a key that Specbot does not know. In another tool's file it may be that tool's own; it has no effect here.",
)

RULES = (
    NO_MAIN_FILE,
    OPEN_CLARIFICATION,
    TASK_NOT_UNDERSTOOD,
    DANGLING,
    CLAIM_NOT_OBEYED,
    NO_OBLIGATION,
    LOST_SCENARIO,
    DELTA_MISFIT,
    RIVAL_CHANGE,
    NO_SCENARIO,
    REASON_MISSING,
    NOT_UNDERSTOOD,
    IRREGULAR_NUMBER,
    FOREIGN_KEY,
)
