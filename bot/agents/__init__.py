"""Who thinks: the tool loop, the tools, the roles and their prompts. Imports only core."""
