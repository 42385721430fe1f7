"""A made story of three years, to see the tracker at work: nothing in it happened, and every text says so."""
