"""`python -m quarterdeck` is the command `quarterdeck`."""

from quarterdeck.app.cli import main

main()
