"""A server that answers like SumUp, for the demo and the tests: a process of its own that the product never imports.

``python -m demo.sumup_stand_in --port 4243`` serves the API, the hosted payment page, the screens of card readers below
``/reader/`` and, below ``/_control/``, what tests do to it. Requests are checked as SumUp's public description of its
API has them (version 1.0.0). It knows nothing of the house: no import leads out of this package.
"""
