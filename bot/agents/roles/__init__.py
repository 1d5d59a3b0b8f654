"""Who an agent is: its tools, its system prompt, and how its task is told. One file a role."""
