"""Out: one file a format, each a function from shots to text."""
