"""GraphQL for what REST does not have: threads of reviews, drafts, signed commits. Answers by the real grammar (graphql-core)."""
