"""Continuity errors to plant: manners of breaking one rule at one place. Nothing here knows the checker."""
