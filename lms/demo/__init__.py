"""An invented district to try the system on: units, people, ten years of history, runs, accounts.

Everything follows from a seed and the day it is made, so that two loads agree. No one in it exists.
"""
