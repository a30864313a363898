"""3 Sound Designer: brief, shots -> sound."""
