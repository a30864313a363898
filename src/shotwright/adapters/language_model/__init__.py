"""Language models: services reached through pydantic-ai, functions, and what their tokens cost."""
