"""What happens in which order, durably (DBOS). Imports core, agents, reporting; gets adapters as ports."""
