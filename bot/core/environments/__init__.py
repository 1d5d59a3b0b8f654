"""What makes a repository runnable: found in its tree, named by its inputs, and which hosts a set-up may reach. Pure."""
