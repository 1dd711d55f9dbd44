"""`python -m packfirst`: the command line, where no script is installed."""

from packfirst.cli import main

main()
