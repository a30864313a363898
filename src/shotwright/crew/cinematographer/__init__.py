"""3 Cinematographer: brief, shots -> technical layer."""
