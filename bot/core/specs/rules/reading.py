"""SB0xx: what the reader could not read. Errors among these stay errors."""

from bot.core.specs.model import Severity
from bot.core.specs.rules.rule import Rule

NOT_TEXT = Rule(
    "SB001",
    "Not UTF-8 text",
    Severity.ERROR,
    "A spec is read as UTF-8. Other encodings would show other words to people than to the machine, so they are refused.",
    fixed=True,
)
TOO_LARGE = Rule(
    "SB002",
    "Too large",
    Severity.ERROR,
    "A spec has at most one megabyte and 10,000 lines. Longer ones cannot be reviewed by a person, and reading them would hold up others.",
    fixed=True,
)
BAD_YAML = Rule(
    "SB003",
    "Front matter is not YAML",
    Severity.ERROR,
    "The lines between the two `---` are plain YAML: `key: value`. Anchors, aliases and tags are not read.",
    fixed=True,
)
UNKNOWN_KEY = Rule(
    "SB004",
    "Unknown key in the front matter",
    Severity.ERROR,
    "A misspelt key would silently do nothing, for example leave a scope open; so every key must be known.",
    fixed=True,
    fixable=True,
)
BAD_VALUE = Rule(
    "SB005",
    "Wrong value in the front matter",
    Severity.ERROR,
    "Values are never bent into another type: a number is a number, a list of patterns is a list.",
    fixed=True,
)
UNCLOSED_FENCE = Rule(
    "SB006",
    "Code block never closed",
    Severity.ERROR,
    "A code block without its closing fence swallows everything that follows it, criteria included.",
    fixed=True,
)
DUPLICATE_ID = Rule(
    "SB007",
    "Id used twice",
    Severity.ERROR,
    "Verdicts, commands and commits name a criterion or a task by its id, so each id names one thing in a spec.",
    fixed=True,
)
NO_TEXT = Rule(
    "SB008",
    "Criterion without text",
    Severity.ERROR,
    "A command alone does not say what it is for. Say in a sentence what must be true.",
    fixed=True,
)
NO_ID = Rule(
    "SB009",
    "Acceptance criterion without an id",
    Severity.ERROR,
    "Each item of the list under *Acceptance criteria* is a criterion and starts with a bold id: `**AC-1**`. Without one it would be lost, "
    "and the pull request could be called done without it.",
    fixed=True,
    fixable=True,
)
NO_TASK_ID = Rule(
    "SB010",
    "Task without an id",
    Severity.WARNING,
    "Each item of the list under *Tasks* starts with a bold id: `**T-1**`. Items without one are read as prose.",
    fixable=True,
)
STRAY_COMMAND = Rule(
    "SB011",
    "Command outside of a criterion",
    Severity.ERROR,
    "A block marked `verify` or `keep` belongs to the criterion whose list item it stands in. Outside of one it would never run. "
    "Most often it only lacks the indentation of its item.",
    fixed=True,
    fixable=True,
)
MIXED_PROOF = Rule(
    "SB012",
    "Criterion mixes kinds of proof",
    Severity.ERROR,
    "A criterion is proven in one way: by `verify` blocks (red before, green after), by `keep` blocks (green before and after) "
    "or by a person (`(accept)`). Split it in two when it needs both.",
    fixed=True,
)
BAD_TASK_DETAILS = Rule(
    "SB013",
    "Task details not understood",
    Severity.ERROR,
    "The parentheses at the end of a task hold `owns: …; proves: …; after: …`. Anything else in them would be lost.",
    fixed=True,
    fixable=True,
)
STRAY_CRITERION = Rule(
    "SB014",
    "Criterion where none is read",
    Severity.WARNING,
    "Criteria are the items of the list under *Acceptance criteria*, not items nested in other items or standing in another section. Other tools' "
    "formats have their own places for them, and their tools pass over what stands elsewhere.",
)
NEARLY_COMMAND = Rule(
    "SB015",
    "Misspelt word after the language of a code block",
    Severity.ERROR,
    "Only `verify` and `keep` make a code block a command. A word that nearly is one of them is a typing mistake, and the block would not run.",
    fixed=True,
    fixable=True,
)
OPEN_FRONT_MATTER = Rule(
    "SB016",
    "Front matter never closed",
    Severity.ERROR,
    "Front matter starts with `---` on the first line and ends with `---` on a line of its own.",
    fixed=True,
)
NEARLY_SECTION = Rule(
    "SB017",
    "Heading that nearly names a section",
    Severity.WARNING,
    "Sections are told by their headings: Intent, Context, Constraints, Acceptance criteria, Tasks, Out of scope. What stands under a misspelt "
    "one is read as context.",
    fixable=True,
)
NOT_SHELL = Rule(
    "SB018",
    "Command in another language than the shell",
    Severity.WARNING,
    "The word for the language only colours the text: every command is run by `sh`. Call the other language's interpreter in it.",
)

LOST_CRITERION = Rule(
    "SB019",
    "Criterion that is no item of the list",
    Severity.ERROR,
    "Under *Acceptance criteria* only the items of the list are criteria. What has a criterion's id or words and is a heading, a paragraph or a "
    "row of a table would be lost, and the pull request could be called done without it.",
    fixed=True,
)
STRAY_TASK = Rule(
    "SB020",
    "Task where none is read",
    Severity.WARNING,
    "Tasks are the items of the list under *Tasks*, not items nested in other items or standing in another section. Nobody plans by what "
    "stands elsewhere.",
)
LOOSE_DETAILS = Rule(
    "SB021",
    "Words of a task that look like its details",
    Severity.WARNING,
    "What a task owns, proves and waits for is read from the parentheses that end its first paragraph and nowhere else: "
    "`(owns: …; proves: …; after: …)`.",
)
NEARLY_ACCEPT = Rule(
    "SB022",
    "Words that are nearly the mark `(accept)`",
    Severity.WARNING,
    "Only `(accept)` right behind the id leaves a criterion to a person. Written otherwise or elsewhere it is a part of the text, and the "
    "criterion waits for a command.",
    fixable=True,
)
MISPLACED_FRONT_MATTER = Rule(
    "SB023",
    "Front matter that is not read",
    Severity.ERROR,
    "Front matter is read between two lines `---` of which the first is the first line of the file. Keys anywhere else do nothing: a scope "
    "would be open, a draft in force.",
    fixed=True,
)
UNMARKED_COMMAND = Rule(
    "SB024",
    "Code that may be meant as a command",
    Severity.WARNING,
    "A criterion without a command has code for a shell in it that nothing marks. Only a block with `verify` or `keep` behind its language is run.",
)

RULES = (
    NOT_TEXT,
    TOO_LARGE,
    BAD_YAML,
    UNKNOWN_KEY,
    BAD_VALUE,
    UNCLOSED_FENCE,
    DUPLICATE_ID,
    NO_TEXT,
    NO_ID,
    NO_TASK_ID,
    STRAY_COMMAND,
    MIXED_PROOF,
    BAD_TASK_DETAILS,
    STRAY_CRITERION,
    NEARLY_COMMAND,
    OPEN_FRONT_MATTER,
    NEARLY_SECTION,
    NOT_SHELL,
    LOST_CRITERION,
    STRAY_TASK,
    LOOSE_DETAILS,
    NEARLY_ACCEPT,
    MISPLACED_FRONT_MATTER,
    UNMARKED_COMMAND,
)
