"""`prompts`: what to send to a video model for each shot, compiled from the shot JSON without any model's help."""
