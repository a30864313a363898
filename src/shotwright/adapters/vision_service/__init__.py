"""The vision service in process and over HTTP. Import the adapter that is meant: each needs other libraries."""
