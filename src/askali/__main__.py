"""``python -m askali``."""

from askali.serving.cli.main import main

main()
