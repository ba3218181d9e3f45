"""考评: schemes of scores, the ranking of units, what would move it, and the official results beside it."""
