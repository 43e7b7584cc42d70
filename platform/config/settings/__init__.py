"""Settings: ``base``, what an installation for people makes of it (``production``), what the tests do (``test``)."""
