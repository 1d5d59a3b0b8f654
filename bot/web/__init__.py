"""The door: webhook, health, metrics, pages. Imports core and reporting; never workflows or adapters (it gets ports)."""
