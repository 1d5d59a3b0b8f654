"""The graph of tasks, ownership, what may run now. Pure; imports only core."""
