"""People: accounts, what they may do, and the bylines that readers see."""
