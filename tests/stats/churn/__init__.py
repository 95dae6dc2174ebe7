"""Tests of the model of churn."""
