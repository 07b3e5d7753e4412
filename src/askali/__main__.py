"""``python -m askali``."""

from askali.cli import main

main()
