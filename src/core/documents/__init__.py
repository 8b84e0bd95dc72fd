"""Files that others made, read in a child process with hard limits of time and memory."""
