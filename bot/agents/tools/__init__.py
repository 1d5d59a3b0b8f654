"""One tool a file: its schema and what it does at the desk."""
