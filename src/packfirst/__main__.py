"""`python -m packfirst`."""

from packfirst.cli import main

main()
