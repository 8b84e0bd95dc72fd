"""What juesuan costs, against named baselines: see README.md."""
