"""An invented story of three years that shows the tracker in use: nothing in it happened, and every text says so."""
