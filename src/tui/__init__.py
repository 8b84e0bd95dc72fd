"""The terminal program: screens over the core. It computes nothing and words nothing."""
