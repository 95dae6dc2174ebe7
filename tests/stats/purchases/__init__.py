"""Tests of forecasts of purchases, value and retention."""
