"""What people will probably do: churn, outcomes and value, as tags with reports that can be trusted."""
