"""`python -m tradewind`: what `./tw` hands over to."""

import sys

from tradewind.config.cli import main

sys.exit(main())
