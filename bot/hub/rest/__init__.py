"""GitHub's REST API below `/api/v3`, one file per resource. Each lists its ROUTES; handlers turn a Call into an Answer."""
