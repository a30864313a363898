"""Ordinary measurements on one frame: exposure, light, colour, framing and sharpness."""
