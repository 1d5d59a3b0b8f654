"""What people say about a pull request's code: threads, reviews, what of it waits for the bot, and how it was answered. Imports only the core."""
