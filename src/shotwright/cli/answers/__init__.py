"""What `shotwright graph` prints: rows with the names that people know, and a film's structure in tables."""
