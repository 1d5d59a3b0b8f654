"""What hostile repositories, names and networks try on the host's git."""
