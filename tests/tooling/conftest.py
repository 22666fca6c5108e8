import sys
from pathlib import Path

# What the Makefile runs is no package: its files find each other, and here, by their folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
