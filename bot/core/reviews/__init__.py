"""What a reviewer's findings are worth: which are told, which were told before, which can be shown by a command and may block. Pure."""
