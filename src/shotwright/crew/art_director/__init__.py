"""3 Art Director: brief, shots, library -> digital assets."""
