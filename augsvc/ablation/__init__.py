"""Experiments over regularizers: each alone, all together and all but one, paired over seeds."""
