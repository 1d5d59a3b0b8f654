"""Who answers: a client for any OpenAI-compatible endpoint, prices, and a recorded model that is such an endpoint itself."""
