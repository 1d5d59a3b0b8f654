"""What is said: every sentence a user reads. Imports only core."""
