"""What an agent can do, one file a tool. What they return is data for the model and never trusted by us."""
