"""Records as GitHub's JSON. The same bodies serve REST answers and webhooks."""
