"""`python -m shopdesk`: the same as the `shopdesk` command."""

from shopdesk.cli import main

main()
