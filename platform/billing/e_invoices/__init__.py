"""Bills as machines read them: Factur-X and XRechnung (EN 16931), and Poland's FA(3)."""
