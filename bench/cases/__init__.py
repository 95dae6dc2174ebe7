"""What is measured: one module for each analysis."""

from bench.cases.case import Case, Way
from bench.cases.discovery import all_cases

__all__ = ["Case", "Way", "all_cases"]
