"""The vision service over HTTP: the plain wire that others speak, our extension of it, and what guards both."""
