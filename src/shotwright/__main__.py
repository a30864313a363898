"""`python -m shotwright`."""

from shotwright.cli import main

main()
