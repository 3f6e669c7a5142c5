"""Who is analysed: exclusions, the gate, and what the sample covers."""
